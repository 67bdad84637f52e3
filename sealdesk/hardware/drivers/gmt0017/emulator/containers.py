"""Commands of an emulated token about containers, SM2 keys and certificates. Like real tokens it replaces a key when told to."""

from __future__ import annotations

from sealdesk.crypto import sm2
from sealdesk.hardware.apdu import Command
from sealdesk.hardware.drivers.gmt0017 import layout
from sealdesk.hardware.drivers.gmt0017.emulator.context import Chip, Refused
from sealdesk.hardware.drivers.gmt0017.emulator.state import ContainerState
from sealdesk.hardware.drivers.gmt0017.profile import Rights
from sealdesk.hardware.drivers.gmt0017.status import Status


def create_container(chip: Chip, command: Command) -> bytes:
    """CreateContainer."""
    _number, opened, rest = chip.application(command.data)
    chip.require(opened, Rights.USER)
    name = layout.text(rest)
    if not name:
        raise Refused(Status.WRONG_DATA)
    if any(container.name == name for container in opened.state.containers):
        raise Refused(Status.CONTAINER_EXISTS)
    if len(opened.state.containers) >= opened.state.max_containers:
        raise Refused(Status.NO_ROOM)
    chip.reserve(128)
    container = ContainerState(name)
    opened.state.containers.append(container)
    chip.store()
    number = chip.new_id()
    opened.containers[number] = container
    return layout.pack_ids(number)


def open_container(chip: Chip, command: Command) -> bytes:
    """OpenContainer."""
    _number, opened, rest = chip.application(command.data)
    name = layout.text(rest)
    for container in opened.state.containers:
        if container.name == name:
            number = chip.new_id()
            opened.containers[number] = container
            return layout.pack_ids(number)
    raise Refused(Status.CONTAINER_NAME_UNKNOWN)


def close_container(chip: Chip, command: Command) -> bytes:
    """CloseContainer."""
    opened, _container, _rest = chip.container(command.data)
    number, _none = layout.take_u16(command.data[2:])
    del opened.containers[number]
    return b""


def enum_container(chip: Chip, command: Command) -> bytes:
    """EnumContainer."""
    _number, opened, _rest = chip.application(command.data)
    return layout.pack_names([container.name for container in opened.state.containers])


def import_certificate(chip: Chip, command: Command) -> bytes:
    """ImportCertificate."""
    opened, container, rest = chip.container(command.data)
    chip.require(opened, Rights.USER)
    if not rest:
        raise Refused(Status.WRONG_DATA)
    is_signing = rest[0] == layout.SIGNING_PAIR
    length, der = layout.take_u32(rest[1:])
    if length != len(der) or not der:
        raise Refused(Status.WRONG_DATA)
    chip.reserve(len(der))
    if is_signing:
        container.certificate = der
    else:
        container.encryption_certificate = der
    chip.store()
    return b""


def export_certificate(chip: Chip, command: Command) -> bytes:
    """ExportCertificate."""
    _opened, container, _rest = chip.container(command.data)
    der = container.certificate if command.p1 == layout.SIGNING_PAIR else container.encryption_certificate
    if not der:
        raise Refused(Status.CERTIFICATE_MISSING)
    return layout.pack_u32(len(der)) + der


def gen_ecc_key_pair(chip: Chip, command: Command) -> bytes:
    """GenECCKeyPair; a certificate of the replaced key goes with it."""
    opened, container, rest = chip.container(command.data)
    chip.require(opened, Rights.USER)
    bits, _none = layout.take_u32(rest)
    if bits != layout.POINT_BITS:
        raise Refused(Status.WRONG_DATA)
    key = sm2.PrivateKey.generate()
    container.private_key, container.public_point = key.to_bytes(), key.public.point
    container.certificate = b""
    chip.store()
    return container.public_point[1:]


def ecc_sign_data(chip: Chip, command: Command) -> bytes:
    """ECCSignData over a digest."""
    opened, container, digest = chip.container(command.data)
    chip.require(opened, Rights.USER)
    if command.p1 != layout.SIGN_INPUT_IS_DIGEST:
        raise Refused(Status.WRONG_P1P2)
    if len(digest) != 32:
        raise Refused(Status.WRONG_DATA)
    if not container.private_key:
        raise Refused(Status.KEY_MISSING)
    point = sm2.PublicKey.from_point(container.public_point)
    return layout.pack_u32(layout.POINT_BITS) + sm2.PrivateKey(container.private_key, point).sign_digest(digest)


def export_public_key(chip: Chip, command: Command) -> bytes:
    """ExportPublicKey."""
    _opened, container, _rest = chip.container(command.data)
    if command.p1 != layout.SIGNING_PAIR or not container.public_point:
        raise Refused(Status.KEY_MISSING)
    return layout.pack_u32(layout.POINT_BITS) + container.public_point[1:]
