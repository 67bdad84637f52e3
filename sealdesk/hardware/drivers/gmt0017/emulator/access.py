"""Commands of an emulated token about the device, applications and PINs.

Every function takes the powered chip and a command, and returns the answer's data or raises `Refused`.
"""

from __future__ import annotations

import hmac
import secrets

from sealdesk.hardware.apdu import Command
from sealdesk.hardware.drivers.gmt0017 import layout, pin_proof
from sealdesk.hardware.drivers.gmt0017.emulator.context import Chip, Opened, Refused, right_of
from sealdesk.hardware.drivers.gmt0017.emulator.state import ApplicationState, PinState
from sealdesk.hardware.drivers.gmt0017.profile import Rights
from sealdesk.hardware.drivers.gmt0017.status import Status

HARDWARE_VERSION = 0x0100
FIRMWARE_VERSION = 0x0100


def get_dev_info(chip: Chip, command: Command) -> bytes:
    """GetDevInfo."""
    state = chip.state
    return layout.DeviceInfo(
        manufacturer=state.manufacturer,
        issuer=state.issuer,
        label=state.label,
        serial=state.serial,
        hardware_version=HARDWARE_VERSION,
        firmware_version=FIRMWARE_VERSION,
        device_auth_algorithm=0x00000401,
        total_bytes=state.total_bytes,
        free_bytes=state.free_bytes,
        max_apdu_data_bytes=state.max_apdu_data_bytes,
        max_containers=max((a.max_containers for a in state.applications), default=1),
        max_certificates=max((a.max_certificates for a in state.applications), default=2),
        max_files=max((a.max_files for a in state.applications), default=16),
    ).pack()


def set_label(chip: Chip, command: Command) -> bytes:
    """SetLabel."""
    if not 1 <= len(command.data) <= 32:
        raise Refused(Status.WRONG_LENGTH)
    chip.state.label = layout.text(command.data)
    chip.store()
    return b""


def gen_random(chip: Chip, command: Command) -> bytes:
    """GenRandom; 8 bytes become the challenge."""
    if command.le is None or command.le > 256:
        raise Refused(Status.WRONG_LENGTH)
    random = secrets.token_bytes(command.le)
    chip.challenge = random if len(random) == layout.CHALLENGE_LENGTH else None
    return random


def dev_auth(chip: Chip, command: Command) -> bytes:
    """DevAuth: proof of the device key."""
    if command.p2 != layout.DEVICE_AUTH_SM4:
        raise Refused(Status.WRONG_P1P2)
    challenge = chip.take_challenge()
    if chip.state.device_auth_tries_left == 0:
        raise Refused(Status.LOCKED)
    chip.state.device_auth_tries_left -= 1
    chip.store()
    if not hmac.compare_digest(command.data, pin_proof.proof(chip.state.device_key, challenge)):
        raise Refused(0x63C0 | chip.state.device_auth_tries_left)
    chip.state.device_auth_tries_left = 10
    chip.store()
    chip.device_proven = True
    return b""


def create_application(chip: Chip, command: Command) -> bytes:
    """CreateApplication; after DevAuth."""
    if not chip.device_proven:
        raise Refused(Status.SECURITY_STATE)
    plan = layout.ApplicationPlan.unpack(command.data)
    if any(application.name == plan.name for application in chip.state.applications):
        raise Refused(Status.APPLICATION_EXISTS)
    if len(chip.state.applications) >= chip.state.max_applications:
        raise Refused(Status.NO_ROOM)
    chip.reserve(512)
    if not 1 <= plan.admin_tries <= 15 or not 1 <= plan.user_tries <= 15:
        raise Refused(Status.WRONG_DATA)
    chip.state.applications.append(
        ApplicationState(
            name=plan.name,
            admin=PinState(pin_proof.pin_key(plan.admin_pin), plan.admin_tries, plan.admin_tries),
            user=PinState(pin_proof.pin_key(plan.user_pin), plan.user_tries, plan.user_tries),
            create_file_rights=plan.create_file_rights,
            max_containers=plan.max_containers,
            max_certificates=plan.max_certificates,
            max_files=plan.max_files,
        )
    )
    chip.store()
    return b""


def enum_application(chip: Chip, command: Command) -> bytes:
    """EnumApplication."""
    return layout.pack_names([application.name for application in chip.state.applications])


def open_application(chip: Chip, command: Command) -> bytes:
    """OpenApplication; opening an open one again gives the same number."""
    name = layout.text(command.data)
    for application in chip.state.applications:
        if application.name == name:
            break
    else:
        raise Refused(Status.APPLICATION_NAME_UNKNOWN)
    number = next((n for n, opened in chip.opened.items() if opened.state is application), 0) or chip.new_id()
    chip.opened.setdefault(number, Opened(application))
    return layout.ApplicationOpened(
        application.create_file_rights, application.max_containers, application.max_certificates, application.max_files, number
    ).pack()


def close_application(chip: Chip, command: Command) -> bytes:
    """CloseApplication."""
    number, _opened, _rest = chip.application(command.data)
    del chip.opened[number]
    return b""


def get_pin_info(chip: Chip, command: Command) -> bytes:
    """GetPINInfo; spends nothing."""
    _number, opened, _rest = chip.application(command.data)
    pin = _pin(opened, command.p2)
    return layout.PinCounters(pin.tries_max, pin.tries_left, pin.is_default).pack()


def verify_pin(chip: Chip, command: Command) -> bytes:
    """VerifyPIN: proof over the last challenge."""
    _number, opened, answer = chip.application(command.data)
    if len(answer) != layout.PIN_LENGTH:
        raise Refused(Status.WRONG_LENGTH)
    challenge = chip.take_challenge()
    pin = _pin(opened, command.p2)
    opened.proven &= ~right_of(command.p2)
    _spend_try(chip, pin, hmac.compare_digest(answer, pin_proof.proof(pin.key, challenge)))
    opened.proven |= right_of(command.p2)
    return b""


def change_pin(chip: Chip, command: Command) -> bytes:
    """ChangePIN under the old PIN."""
    _number, opened, _rest = chip.application(command.data)
    pin = _pin(opened, command.p2)
    pin.key, pin.is_default = pin_proof.pin_key(_new_pin(chip, command, pin)), False
    opened.proven &= ~right_of(command.p2)
    chip.store()
    return b""


def unblock_pin(chip: Chip, command: Command) -> bytes:
    """UnblockPIN under the administrator's PIN."""
    _number, opened, _rest = chip.application(command.data)
    new = _new_pin(chip, command, opened.state.admin)
    user = opened.state.user
    user.key, user.tries_left, user.is_default = pin_proof.pin_key(new), user.tries_max, False
    chip.store()
    return b""


def clear_secure_state(chip: Chip, command: Command) -> bytes:
    """ClearSecureState."""
    _number, opened, _rest = chip.application(command.data)
    opened.proven = Rights.NEVER
    return b""


def _pin(opened: Opened, pin_type: int) -> PinState:
    if pin_type == layout.ADMIN:
        return opened.state.admin
    if pin_type == layout.USER:
        return opened.state.user
    raise Refused(Status.WRONG_P1P2)


def _new_pin(chip: Chip, command: Command, authority: PinState) -> bytes:
    """The new PIN in a ChangePIN or UnblockPIN, after the MAC has shown knowledge of the authority's PIN."""
    if command.cla != layout.CLA_MAC:
        raise Refused(Status.MAC_MISSING)
    body, tag = command.data[: -layout.MAC_LENGTH], command.data[-layout.MAC_LENGTH :]
    if len(body) != 2 + layout.PIN_LENGTH:
        raise Refused(Status.WRONG_LENGTH)
    challenge = chip.take_challenge()
    message = bytes((command.cla, command.ins, command.p1, command.p2, len(command.data))) + body
    _spend_try(chip, authority, hmac.compare_digest(tag, pin_proof.mac(authority.key, challenge, message)))
    new = pin_proof.open_new_pin(authority.key, body[2:])
    if not new:
        raise Refused(Status.WRONG_DATA)
    return new


def _spend_try(chip: Chip, pin: PinState, fine: bool) -> None:
    """Count a try before its result can be seen, so that cutting the power saves none."""
    if pin.tries_left == 0:
        raise Refused(Status.LOCKED)
    pin.tries_left -= 1
    chip.store()
    if not fine:
        raise Refused(0x63C0 | pin.tries_left)
    pin.tries_left = pin.tries_max
    chip.store()
