"""GM/T 0017 tokens: USB keys and seal chips; driver, session, layouts of the data fields, profiles, set-up and emulator."""

from sealdesk.hardware.drivers.gmt0017.recognition import recognise

__all__ = ["recognise"]
