"""The USB key that is inserted now, read without its PIN: whose it is, until when it is valid, and whether it can be bound."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sealdesk.core.errors import SealdeskError
from sealdesk.core.lanes import Job, Task
from sealdesk.crypto.certificates import Certificate, verify_chain
from sealdesk.domain.ports import SigningKey
from sealdesk.stages.administration.queries import owner_of_key
from sealdesk.stages.administration.rules import KeyOfAnotherShopError, NotMakerKeyError
from sealdesk.wire.roles import MAKER
from sealdesk.workflow import facts
from sealdesk.workflow.desk import Desk
from sealdesk.workflow.signing import NoCertificateError


@dataclass(frozen=True, slots=True)
class InsertedKey:
    """A key in a reader. `owner` is whom it is bound to here, or empty; `problem` says why it cannot be bound, or is empty."""

    reader: str
    serial: str
    holder: str
    issuer: str
    valid_until: datetime
    fingerprint: str
    owner: str
    problem: str
    certificate: bytes = field(repr=False)


def inspect_key(desk: Desk, reader: str) -> Job[InsertedKey]:
    """Read the key in `reader` on its lane. Tries no PIN.

    Raises (in the job):
        DeviceError: no key, or it does not answer; NoCertificateError. CertificateError: its certificate cannot be read.
    """
    return desk.devices.with_key(reader, lambda key, task: _inspected(desk, reader, key, task))


def _inspected(desk: Desk, reader: str, key: SigningKey, task: Task) -> InsertedKey:
    der = key.certificate()
    if der is None:
        raise NoCertificateError
    task.check()
    certificate = Certificate.from_der(der)
    owner = desk.tell(lambda session: owner_of_key(session, certificate.fingerprint))
    return InsertedKey(
        reader=reader,
        serial=key.identity().serial,
        holder=certificate.common_name,
        issuer=certificate.issuer.common_name,
        valid_until=certificate.not_after,
        fingerprint=certificate.fingerprint,
        owner="" if owner is None else owner.display_name,
        problem=_problem(desk, certificate),
        certificate=der,
    )


def _problem(desk: Desk, certificate: Certificate) -> str:
    try:
        trust = desk.tell(facts.trust)
        verify_chain(certificate, trust.intermediates, (trust.root,), desk.clock.now(), revoked=trust.revocations)
        if MAKER not in certificate.extended_key_usage:
            raise NotMakerKeyError
        if certificate.serial_number != desk.tell(facts.shop).code:
            raise KeyOfAnotherShopError(shop=certificate.organization)
    except SealdeskError as error:
        return f"{error} {error.advise()}".strip()
    return ""
