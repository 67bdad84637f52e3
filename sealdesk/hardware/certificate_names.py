"""Whose certificate a token holds, as a name for the device strip; nothing is verified here, and nothing may rely on it."""

from __future__ import annotations

from asn1crypto import x509


def common_name(der: bytes | None) -> str:
    """The subject's common name; empty for no certificate, or one that cannot be read."""
    if not der:
        return ""
    try:
        name = x509.Certificate.load(der).subject.native.get("common_name", "")
    except (ValueError, TypeError, KeyError):
        return ""
    return name if isinstance(name, str) else ""
