"""Commands, permissions and errors of the production signature. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_
from sealdesk.domain.access import Permission
from sealdesk.workflow.commands import BULKY

SIGN = Permission("signature.sign", N_("Sign query information"))


@dataclass(frozen=True, slots=True)
class SignQuery:
    """Keep the query information as signed with the maker's key; it may be signed again until it is burned."""

    seal_id: str
    record: str = field(metadata=BULKY)


@dataclass(frozen=True, slots=True)
class FinishSignature:
    """The signed record stands on the chip: it was read back equal and verified."""

    seal_id: str
    read_back: str = field(metadata=BULKY)


class QuerySignatureError(UserError):
    """The record is not what should be signed, or not signed as it should be."""

    code = "signature.record"
    sentence = N_("The signed query information cannot be used: {reason}")


class NotSignedError(UserError):
    """Nothing was signed that could be burned."""

    code = "signature.missing"
    sentence = N_("Sign the query information of “{name}” first.")
