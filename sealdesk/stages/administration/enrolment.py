"""The first run.

Fetch the platform's authority, let a person compare its fingerprint, prove the maker's key, and found the installation.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol
from uuid import uuid4

from sealdesk.core.errors import ProblemsError
from sealdesk.core.i18n import _
from sealdesk.core.lanes import Job, Task
from sealdesk.crypto.passwords import hash_password, password_problems
from sealdesk.domain.access import PROGRAM
from sealdesk.domain.pin import Pin
from sealdesk.domain.ports import SigningKey
from sealdesk.stages.administration.queries import has_users
from sealdesk.stages.administration.rules import AlreadyFoundedError, FoundInstallation, NotMakerKeyError
from sealdesk.stages.administration.sign_in import choose_key
from sealdesk.wire.enrolment import Authority, Enrol, Enrolled, enrolment_message
from sealdesk.wire.roles import MAKER
from sealdesk.workflow.desk import Desk
from sealdesk.workflow.facts import trust_of
from sealdesk.workflow.signing import certificate_in, require_tries


class EnrolmentOffice(Protocol):
    """The platform before the installation is known to it. Runs on the network lane."""

    def authority(self, address: str) -> Authority:
        """Its certificates; trusted only after a person compared the fingerprint."""
        ...

    def challenge(self, address: str) -> str:
        """A fresh challenge, hexadecimal."""
        ...

    def enrol(self, address: str, request: Enrol) -> Enrolled:
        """Enrol; the token goes straight into the key store."""
        ...


@dataclass(frozen=True, slots=True)
class FetchedAuthority:
    """The authority of a platform as it was fetched; trusted only after a person compared the fingerprint with the office's letter.

    `fingerprint` is the SM3 of the root certificate, hexadecimal.
    """

    address: str
    name: str
    fingerprint: str
    message: Authority


def fetch_authority(desk: Desk, office: EnrolmentOffice, address: str) -> Job[FetchedAuthority]:
    """Fetch the platform's authority, to be compared by a person."""

    def work(_task: Task) -> FetchedAuthority:
        message = office.authority(address)
        return FetchedAuthority(address, message.name, trust_of(message).root.fingerprint, message)

    return desk.lanes.network.submit(work)


@dataclass(frozen=True, slots=True)
class FirstUser:
    """What the first-run page asks. `authority` is the one whose fingerprint was compared."""

    authority: FetchedAuthority
    user: str
    display_name: str
    shop_name: str
    password: str = field(repr=False)


def enrol(desk: Desk, office: EnrolmentOffice, keep_token: Callable[[str], None], first: FirstUser, reader: str, pin: Pin) -> Job[str]:
    """Enrol this installation and make the first user its senior administrator.

    The job's result is his id. The PIN is wiped at the end.

    Raises (in the job):
        ProblemsError: the password is too weak; AlreadyFoundedError; and what a key can refuse. PlatformError: nothing was written.
    """

    def work(task: Task) -> str:
        try:
            return _Enrolment(desk, office, keep_token, first).run(reader, pin, task)
        finally:
            pin.wipe()

    return desk.sign_in_lane.submit(work)


@dataclass(frozen=True, slots=True)
class _Proof:
    certificate: bytes
    serial: str
    signature: bytes


class _Enrolment:
    def __init__(self, desk: Desk, office: EnrolmentOffice, keep_token: Callable[[str], None], first: FirstUser) -> None:
        self._desk = desk
        self._office = office
        self._keep_token = keep_token
        self._first = first
        self._trust = trust_of(first.authority.message)

    def run(self, reader: str, pin: Pin, task: Task) -> str:
        """Everything that can refuse comes before the platform is told; what the platform gave is written down at once."""
        first, network = self._first, self._desk.lanes.network
        if self._desk.tell(has_users):
            raise AlreadyFoundedError
        problems = password_problems(first.password, first.user)
        if problems:
            raise ProblemsError(problems)
        chosen = choose_key(self._desk.devices.readers(), reader)
        installation = str(uuid4())
        task.report(_("Asking the platform"), 0, 3)
        challenge = network.call(lambda: self._office.challenge(first.authority.address))
        task.report(_("Proving the key"), 1, 3)
        message = enrolment_message(installation, challenge, first.user)
        proof = self._desk.devices.with_key(chosen.reader, lambda key, _task: self._prove(key, message, pin)).result()
        request = Enrol(
            installation=installation,
            challenge=challenge,
            user=first.user,
            display_name=first.display_name,
            certificate=base64.b64encode(proof.certificate).decode(),
            signature=base64.b64encode(proof.signature).decode(),
        )
        task.report(_("Enrolling this workplace"), 2, 3)
        enrolled = network.call(lambda: self._office.enrol(first.authority.address, request))
        self._keep_token(enrolled.token)
        return self._found(installation, enrolled, proof)

    def _prove(self, key: SigningKey, message: bytes, pin: Pin) -> _Proof:
        certificate = certificate_in(key, self._trust, self._desk.clock.now())
        if MAKER not in certificate.extended_key_usage:
            raise NotMakerKeyError
        require_tries(key.pin_status())
        key.unlock(pin)
        try:
            return _Proof(certificate.der, key.identity().serial, key.sign(message))
        finally:
            key.lock()

    def _found(self, installation: str, enrolled: Enrolled, proof: _Proof) -> str:
        user_id = str(uuid4())
        command = FoundInstallation(
            user_id=user_id,
            user=self._first.user,
            display_name=self._first.display_name,
            shop_name=self._first.shop_name,
            password_hash=hash_password(self._first.password),
            certificate=proof.certificate,
            key_serial=proof.serial,
            installation=installation,
            platform_address=self._first.authority.address,
            authority=self._first.authority.message.model_dump_json(),
            shop=enrolled.shop.model_dump_json(),
            epoch=enrolled.epoch,
        )
        self._desk.signed_in(PROGRAM).do(command)
        return user_id
