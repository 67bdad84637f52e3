"""The first run.

Fetch the platform's authority, let a person compare its fingerprint, prove the maker's key, and found the installation.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Protocol
from uuid import uuid4

from sealdesk.core.errors import ProblemsError
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


def fetch_authority(desk: Desk, office: EnrolmentOffice, address: str) -> Job[Authority]:
    """The platform's authority, whose `fingerprint` a person compares with the letter of the platform's office."""
    return desk.lanes.network.submit(lambda _task: office.authority(address))


def fingerprint(authority: Authority) -> str:
    """The SM3 of the root certificate in groups of four, as the letter shows it."""
    digest = trust_of(authority).root.fingerprint.upper()
    return " ".join(digest[index : index + 4] for index in range(0, len(digest), 4))


def enrol(
    desk: Desk,
    office: EnrolmentOffice,
    keep_token: Callable[[str], None],
    *,
    address: str,
    authority: Authority,
    user: str,
    display_name: str,
    password: str,
    reader: str,
    pin: Pin,
) -> Job[str]:
    """Enrol this installation and make `user` its senior administrator; the job's result is his id. The PIN is wiped at the end.

    Raises (in the job):
        ProblemsError: the password is too weak; AlreadyFoundedError; and what a key can refuse. PlatformError: nothing was written.
    """

    def work(task: Task) -> str:
        try:
            if desk.tell(has_users):
                raise AlreadyFoundedError
            problems = password_problems(password, user)
            if problems:
                raise ProblemsError(problems)
            chosen = choose_key(desk.devices.readers(), reader)
            installation = str(uuid4())
            challenge = desk.lanes.network.call(lambda: office.challenge(address))
            trust = trust_of(authority)
            message = enrolment_message(installation, challenge, user)

            def prove(key: SigningKey, _task: Task) -> tuple[bytes, str, bytes]:
                certificate = certificate_in(key, trust, desk.clock.now())
                if MAKER not in certificate.extended_key_usage:
                    raise NotMakerKeyError
                require_tries(key.pin_status())
                key.unlock(pin)
                try:
                    return certificate.der, key.identity().serial, key.sign(message)
                finally:
                    key.lock()

            certificate, serial, signature = desk.devices.with_key(chosen.reader, prove).result()
            request = Enrol(
                installation=installation,
                challenge=challenge,
                user=user,
                display_name=display_name,
                certificate=base64.b64encode(certificate).decode(),
                signature=base64.b64encode(signature).decode(),
            )
            enrolled = desk.lanes.network.call(lambda: office.enrol(address, request))
            keep_token(enrolled.token)
            user_id = str(uuid4())
            desk.signed_in(PROGRAM).do(
                FoundInstallation(
                    user_id=user_id,
                    user=user,
                    display_name=display_name,
                    password_hash=hash_password(password),
                    certificate=certificate,
                    key_serial=serial,
                    installation=installation,
                    platform_address=address,
                    authority=authority.model_dump_json(),
                    shop=enrolled.shop.model_dump_json(),
                    epoch=enrolled.epoch,
                )
            )
            return user_id
        finally:
            pin.wipe()

    return desk.sign_in_lane.submit(work)
