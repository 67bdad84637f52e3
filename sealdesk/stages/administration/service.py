"""Handlers of administration."""

from __future__ import annotations

import base64
import json

from sqlalchemy import select

from sealdesk.core.errors import SealdeskError
from sealdesk.core.i18n import N_
from sealdesk.crypto.certificates import Certificate, verify_chain
from sealdesk.domain.access import EVERYTHING
from sealdesk.domain.events import Touched
from sealdesk.models.users import UserKeyRow, UserRow
from sealdesk.stages.administration.queries import has_users
from sealdesk.stages.administration.rules import (
    AUDIT,
    SETTINGS,
    USERS,
    AddUser,
    AlreadyFoundedError,
    BindKey,
    ChangePassword,
    ChangeUser,
    FoundInstallation,
    KeyOfAnotherShopError,
    KeyProofError,
    KeyTakenError,
    LastAdministratorError,
    NotMakerKeyError,
    RecordRefusedSignIn,
    RecordSignIn,
    SignAuditHead,
    UnbindKey,
    UserNameError,
    UserNameTakenError,
)
from sealdesk.wire import audit as wire_audit
from sealdesk.wire import enrolment as wire
from sealdesk.wire.roles import MAKER
from sealdesk.workflow import audit_heads, facts
from sealdesk.workflow.commands import Handling, Stage
from sealdesk.workflow.uow import MissingError, UnitOfWork


def found_installation(command: FoundInstallation, uow: UnitOfWork) -> None:
    """Write down shop, trust and first user. Once.

    Raises:
        AlreadyFoundedError: there are users. CertificateError, NotMakerKeyError: the key is not in order.
    """
    if has_users(uow.session):
        raise AlreadyFoundedError
    facts.write(uow.session, facts.INSTALLATION, command.installation)
    facts.write(uow.session, facts.PLATFORM_ADDRESS, command.platform_address)
    facts.write(uow.session, facts.AUTHORITY, json.loads(command.authority))
    facts.write(uow.session, facts.SHOP, json.loads(command.shop))
    facts.write(uow.session, facts.EPOCH, command.epoch)
    facts.write(uow.session, facts.CURSOR, "")
    uow.session.flush()
    certificate = _maker_certificate(uow, command.certificate)
    uow.session.add(
        UserRow(
            id=command.user_id,
            name=_user_name(command.user),
            display_name=command.display_name,
            shop_name=command.shop_name.strip() or command.user,
            password_hash=command.password_hash,
            role="senior_administrator",
            permissions=[EVERYTHING],
            active=True,
            created_at=uow.now,
        )
    )
    uow.session.flush()
    _bind(uow, command.user_id, certificate, command.key_serial)


def record_sign_in(command: RecordSignIn, uow: UnitOfWork) -> None:
    """Note when somebody was last here."""
    row = uow.session.get(UserRow, command.user_id)
    if row is not None:
        row.last_seen_at = uow.now


def record_refused_sign_in(command: RecordRefusedSignIn, uow: UnitOfWork) -> None:
    """Nothing but the audit record, which the bus writes."""


def sign_audit_head(command: SignAuditHead, uow: UnitOfWork) -> None:
    """Send a signed head to the platform; the message that stays in the outbox is the desk's own copy.

    Raises:
        KeyProofError: it is not signed as it should be, or not about this trail.
    """
    try:
        content = audit_heads.opened(command.record, facts.trust(uow.session))
    except (SealdeskError, ValueError) as error:
        raise KeyProofError from error
    verdict = audit_heads.check(uow.session, (command.record,))
    if content.installation != facts.read(uow.session, facts.INSTALLATION) or verdict.missing is not None:
        raise KeyProofError
    uow.send(audit_heads.KIND, content.installation, wire_audit.KeepAuditHead(record=command.record))


def add_user(command: AddUser, uow: UnitOfWork) -> str:
    """Add an operator; the shop name defaults to the user name (manual, 系统登录)."""
    name = _user_name(command.name)
    if uow.session.execute(select(UserRow.id).where(UserRow.name == name)).first() is not None:
        raise UserNameTakenError(field="name", name=name)
    uow.session.add(
        UserRow(
            id=command.user_id,
            name=name,
            display_name=command.display_name.strip() or name,
            shop_name=command.shop_name.strip() or name,
            password_hash=command.password_hash,
            role=command.role,
            permissions=sorted(command.permissions),
            active=True,
            created_at=uow.now,
        )
    )
    uow.touched |= Touched.USERS
    return command.user_id


def change_user(command: ChangeUser, uow: UnitOfWork) -> None:
    """Change an operator.

    Raises:
        LastAdministratorError: nobody could administer any more.
    """
    row = _user(uow, command.user_id)
    row.display_name = command.display_name.strip() or row.name
    row.shop_name = command.shop_name.strip() or row.name
    row.role = command.role
    row.permissions = sorted(command.permissions)
    row.active = command.active
    uow.session.flush()
    _require_administrator(uow)
    uow.touched |= Touched.USERS


def change_password(command: ChangePassword, uow: UnitOfWork) -> None:
    """Set a password."""
    _user(uow, command.user_id).password_hash = command.password_hash
    uow.touched |= Touched.USERS


def bind_key(command: BindKey, uow: UnitOfWork) -> str:
    """Bind a key and tell the platform; returns the certificate's fingerprint.

    Raises:
        KeyTakenError: somebody has it. CertificateError, NotMakerKeyError, KeyOfAnotherShopError: it is not in order.
    """
    certificate = _maker_certificate(uow, command.certificate)
    if certificate.serial_number != facts.shop(uow.session).code:
        raise KeyOfAnotherShopError(field="key", shop=certificate.organization)
    user = _user(uow, command.user_id)
    taken = uow.session.get(UserKeyRow, certificate.fingerprint)
    if taken is not None:
        raise KeyTakenError(field="key", owner=taken.user.display_name)
    _bind(uow, user.id, certificate, command.key_serial)
    body = wire.BindKey(user=user.name, display_name=user.display_name, certificate=base64.b64encode(certificate.der).decode())
    uow.send("key.bind", user.id, body)
    return certificate.fingerprint


def unbind_key(command: UnbindKey, uow: UnitOfWork) -> None:
    """Take a key away.

    Raises:
        LastAdministratorError: nobody could administer any more.
    """
    key = uow.session.get(UserKeyRow, command.fingerprint)
    if key is None or key.user_id != command.user_id:
        raise MissingError(what="key", id=command.fingerprint)
    key.user.keys.remove(key)
    uow.session.flush()
    _require_administrator(uow)
    uow.touched |= Touched.USERS


def _maker_certificate(uow: UnitOfWork, der: bytes) -> Certificate:
    trust = facts.trust(uow.session)
    certificate = Certificate.from_der(der)
    verify_chain(certificate, trust.intermediates, (trust.root,), uow.now, revoked=trust.revocations)
    if MAKER not in certificate.extended_key_usage:
        raise NotMakerKeyError
    return certificate


def _bind(uow: UnitOfWork, user_id: str, certificate: Certificate, serial: str) -> None:
    uow.session.add(
        UserKeyRow(
            fingerprint=certificate.fingerprint,
            user_id=user_id,
            serial=serial,
            certificate=certificate.der.hex(),
            bound_at=uow.now,
        )
    )
    uow.touched |= Touched.USERS


def _user(uow: UnitOfWork, user_id: str) -> UserRow:
    row = uow.session.get(UserRow, user_id)
    if row is None:
        raise MissingError(what="user", id=user_id)
    return row


def _user_name(text: str) -> str:
    name = text.strip()
    if not 2 <= len(name) <= 40 or any(character.isspace() for character in name):
        raise UserNameError(field="name")
    return name


def _require_administrator(uow: UnitOfWork) -> None:
    rows = uow.session.execute(select(UserRow).where(UserRow.active)).scalars()
    if not any(EVERYTHING in row.permissions and row.keys for row in rows):
        raise LastAdministratorError


STAGE = Stage(
    name="administration",
    title=N_("Administration"),
    permissions=(USERS, AUDIT, SETTINGS),
    handlings=(
        Handling(
            FoundInstallation, "program.run", found_installation, lambda c: c.user_id, N_("The installation was set up by {display_name}")
        ),
        Handling(RecordSignIn, "", record_sign_in, lambda c: c.user_id, N_("{actor} signed in")),
        Handling(RecordRefusedSignIn, "program.run", record_refused_sign_in, lambda c: c.user, N_("{user} was refused at sign-in")),
        Handling(SignAuditHead, "", sign_audit_head, lambda c: "audit", N_("{actor} signed the head of the audit trail")),
        Handling(AddUser, USERS.name, add_user, lambda c: c.user_id, N_("{actor} added the user {name}")),
        Handling(ChangeUser, USERS.name, change_user, lambda c: c.user_id, N_("{actor} changed the user {display_name}")),
        Handling(ChangePassword, USERS.name, change_password, lambda c: c.user_id, N_("{actor} set a password")),
        Handling(BindKey, USERS.name, bind_key, lambda c: c.user_id, N_("{actor} bound USB key {key_serial}")),
        Handling(UnbindKey, USERS.name, unbind_key, lambda c: c.user_id, N_("{actor} took a USB key away")),
    ),
)
