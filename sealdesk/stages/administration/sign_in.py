"""Signing in with user name, shop name, password, USB key and PIN.

Everything that can be known without the PIN is checked before it is tried.

The key proves itself by signing a fresh challenge; its certificate must chain to the platform's root, be valid, and be bound to the person.
Works without a network.
"""

from __future__ import annotations

import logging
import secrets

import rfc8785

from sealdesk.core.errors import SealdeskError
from sealdesk.core.i18n import N_
from sealdesk.core.lanes import Job, Task
from sealdesk.crypto.certificates import Certificate
from sealdesk.crypto.passwords import hash_password, verify_password
from sealdesk.crypto.records import SignedRecord
from sealdesk.crypto.sm2 import verify
from sealdesk.domain.access import PROGRAM, Actor
from sealdesk.domain.pin import Pin
from sealdesk.domain.ports import ReaderState, SigningKey
from sealdesk.stages.administration.queries import Credentials, User, credentials, owner_of_key
from sealdesk.stages.administration.rules import (
    KeyNotBoundError,
    KeyOfAnotherError,
    KeyProofError,
    NoKeyError,
    NotMakerKeyError,
    RecordRefusedSignIn,
    RecordSignIn,
    SignAuditHead,
    SignInError,
    TwoKeysError,
    UserInactiveError,
)
from sealdesk.wire.roles import MAKER
from sealdesk.workflow import audit_heads, facts
from sealdesk.workflow.desk import Desk
from sealdesk.workflow.signing import certificate_in, require_tries

_CHALLENGE = b"sealdesk.signin.1"
_log = logging.getLogger(__name__)
STEPS = (N_("Checking name and password"), N_("Reading the USB key"), N_("Proving the key"))


def sign_in(desk: Desk, user: str, shop: str, password: str, reader: str, pin: Pin) -> Job[Actor]:
    """Check everything and return who is at the desk; `shop` may be empty (it defaults to the user name). The PIN is wiped at the end.

    `reader` names the reader of the chosen key; it may be empty while one key is inserted.

    Raises (in the job):
        SignInError, UserInactiveError, NoKeyError, TwoKeysError, KeyOfAnotherError, KeyNotBoundError, NotMakerKeyError, CertificateError,
        NoCertificateError, KeyPinLockedError: no PIN was tried. WrongPinError: one was. KeyProofError.
    """

    def work(task: Task) -> Actor:
        try:
            task.report(STEPS[0], 0, len(STEPS))
            person = _person(desk, user, shop, password)
            task.report(STEPS[1], 1, len(STEPS))
            chosen = choose_key(desk.devices.readers(), reader)
            actor = desk.devices.with_key(chosen.reader, lambda key, inner: _prove(desk, person, key, pin, inner)).result()
            desk.signed_in(actor).do(RecordSignIn(actor.id))
            return actor
        except SealdeskError as error:
            desk.signed_in(PROGRAM).do(RecordRefusedSignIn(user[:40], error.code))
            raise
        finally:
            pin.wipe()

    return desk.sign_in_lane.submit(work)


def choose_key(readers: tuple[ReaderState, ...], wanted: str) -> ReaderState:
    """The reader whose key is meant.

    Raises:
        NoKeyError: there is none. TwoKeysError: several, and none was chosen.
    """
    keys = [state for state in readers if state.state == "key"]
    if wanted:
        keys = [state for state in keys if state.reader == wanted]
    if not keys:
        raise NoKeyError
    if len(keys) > 1:
        labels = ", ".join(f"{state.owner or (state.token.label if state.token else state.reader)}" for state in keys)
        raise TwoKeysError(count=len(keys), labels=labels)
    return keys[0]


def _person(desk: Desk, user: str, shop: str, password: str) -> User:
    found: Credentials | None = desk.tell(lambda session: credentials(session, user.strip()))
    stored = found.password_hash if found is not None else _decoy()
    fits = verify_password(password, stored)
    if found is None or not fits or (shop.strip() or found.user.name) != found.user.shop_name:
        raise SignInError(field="password")
    if not found.user.active:
        raise UserInactiveError(field="user")
    return found.user


def _prove(desk: Desk, person: User, key: SigningKey, pin: Pin, task: Task) -> Actor:
    task.report(STEPS[2], 2, len(STEPS))
    certificate: Certificate = certificate_in(key, desk.tell(facts.trust), desk.clock.now())
    if MAKER not in certificate.extended_key_usage:
        raise NotMakerKeyError
    owner = desk.tell(lambda session: owner_of_key(session, certificate.fingerprint))
    if owner is None:
        raise KeyNotBoundError(label=certificate.common_name)
    if owner.id != person.id:
        raise KeyOfAnotherError(owner=owner.display_name, user=person.display_name)
    require_tries(key.pin_status())
    key.unlock(pin)
    try:
        challenge = _CHALLENGE + secrets.token_bytes(32)
        if not verify(certificate.public_key, challenge, key.sign(challenge)):
            raise KeyProofError
        actor = Actor(person.id, person.display_name, frozenset(person.permissions), certificate.fingerprint)
        _sign_audit_head(desk.signed_in(actor), key, certificate)
    finally:
        key.lock()
    return actor


def _sign_audit_head(desk: Desk, key: SigningKey, certificate: Certificate) -> None:
    """Sign the audit trail's head with the first proven key of the day; what goes wrong with it keeps nobody from his work."""
    content = desk.tell(lambda session: audit_heads.due(session, desk.actor, desk.clock.now()))
    if content is None:
        return
    try:
        encoded = rfc8785.dumps(content)
        chain = (certificate.der, *(link.der for link in desk.tell(facts.trust).intermediates))
        desk.do(SignAuditHead(SignedRecord(encoded, key.sign(encoded), chain).to_json()))
    except SealdeskError as error:
        _log.warning("the head of the audit trail was not signed: %s", error.code)


_decoys: list[str] = []


def _decoy() -> str:
    """A hash that no password fits, so that an unknown user takes as long as a wrong password."""
    if not _decoys:
        _decoys.append(hash_password(secrets.token_urlsafe(24)))
    return _decoys[0]
