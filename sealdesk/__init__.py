"""sealdesk: the workstation of a seal-engraving factory."""

__version__ = "0.1.0"
