"""物流: hand-over at the counter with checked papers, slip and PIN mailer. How a seal was made is not known here."""

from sealdesk.ui.workspaces.logistics.workspace import SPEC

__all__ = ["SPEC"]
