"""The guarded entrance for foreign ASN.1 and the algorithm identifier that all three structures share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from asn1crypto import algos, core, x509
from asn1crypto.parser import emit

from sealdesk.crypto.sm2 import SM2_WITH_SM3_OID

_ALGORITHM = core.ObjectIdentifier(SM2_WITH_SM3_OID).dump()

PARSE_ERRORS = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
"""What asn1crypto raises for bytes that are not what they claim to be."""


def loaded(kind: type[core.Sequence], der: bytes, limit: int) -> Any:
    """`der` parsed to the last field as `kind`.

    Raises:
        One of PARSE_ERRORS: too long, not of this kind, bytes behind it.
    """
    if len(der) > limit:
        raise ValueError("too long")
    structure = kind.load(der, strict=True)
    structure.native  # noqa: B018 - asn1crypto parses lazily; this visits every field once
    return structure


def require_one_encoding(der: bytes, tbs: Any, algorithm: Any, signature: Any) -> None:
    """Make sure that what surrounds the signed part has its only DER form, so that one signature makes one file and one fingerprint.

    Raises:
        ValueError: other lengths, unused bits, other parameters: everything that BER allows and no signature covers.
    """
    inner = emit(0, 1, 16, _ALGORITHM), emit(0, 1, 16, _ALGORITHM + b"\x05\x00")
    bits = emit(0, 0, 3, b"\x00" + signature.native)
    if algorithm.dump() not in inner or der != emit(0, 1, 16, tbs.dump() + algorithm.dump() + bits):
        raise ValueError("not DER")


def is_sm2_signature(algorithm: Any) -> bool:
    """Whether an AlgorithmIdentifier names SM2 with SM3; its parameters are absent or NULL."""
    return algorithm["algorithm"].dotted == SM2_WITH_SM3_OID and algorithm["parameters"].native is None


def sm2_signature_algorithm() -> algos.SignedDigestAlgorithm:
    """The AlgorithmIdentifier SM2 with SM3, without parameters."""
    return algos.SignedDigestAlgorithm({"algorithm": SM2_WITH_SM3_OID})


def time(moment: datetime) -> x509.Time:
    """A moment as certificates store it: whole seconds, two-digit years until 2049 (RFC 5280, 4.1.2.5)."""
    if moment.tzinfo is None:
        raise ValueError("a certificate's time has a zone")
    moment = moment.astimezone(UTC).replace(microsecond=0)
    if moment.year < 2050:
        return x509.Time(name="utc_time", value=core.UTCTime(moment))
    return x509.Time(name="general_time", value=core.GeneralizedTime(moment))


def moment_of(field: Any) -> datetime:
    """The moment in a parsed time field, UTC.

    Raises:
        ValueError: a time without zone or outside the calendar; RFC 5280 forbids both.
    """
    value = field.native
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError("not a moment")
    return value.astimezone(UTC)
