"""Commands of an emulated token about files. A file's size is fixed when it is made; reads and writes stay inside it."""

from __future__ import annotations

from sealdesk.hardware.apdu import Command
from sealdesk.hardware.drivers.gmt0017 import layout
from sealdesk.hardware.drivers.gmt0017.emulator.context import Chip, Opened, Refused
from sealdesk.hardware.drivers.gmt0017.emulator.state import FileState
from sealdesk.hardware.drivers.gmt0017.status import Status
from sealdesk.hardware.virtual import PowerCut


def create_file(chip: Chip, command: Command) -> bytes:
    """CreateFile; P1P2 is the application's number."""
    _number, opened, _rest = chip.application(bytes((command.p2, command.p1)))
    chip.require(opened, opened.state.create_file_rights)
    attributes = layout.FileAttributes.unpack(command.data)
    if any(file.name == attributes.name for file in opened.state.files):
        raise Refused(Status.FILE_EXISTS)
    if len(opened.state.files) >= opened.state.max_files or attributes.size > 0xFFFF:
        raise Refused(Status.NO_ROOM)
    chip.reserve(64 + attributes.size)
    opened.state.files.append(FileState(attributes.name, attributes.read_rights, attributes.write_rights, bytes(attributes.size)))
    chip.store()
    return b""


def delete_file(chip: Chip, command: Command) -> bytes:
    """DeleteFile."""
    _number, opened, rest = chip.application(command.data)
    file = _file(opened, layout.text(rest))
    chip.require(opened, file.write_rights)
    opened.state.files.remove(file)
    chip.store()
    return b""


def enum_files(chip: Chip, command: Command) -> bytes:
    """EnumFiles."""
    _number, opened, _rest = chip.application(command.data)
    return layout.pack_names([file.name for file in opened.state.files])


def get_file_info(chip: Chip, command: Command) -> bytes:
    """GetFileInfo."""
    _number, opened, rest = chip.application(command.data)
    file = _file(opened, layout.text(rest))
    return layout.FileAttributes(file.name, len(file.content), file.read_rights, file.write_rights).pack()


def read_file(chip: Chip, command: Command) -> bytes:
    """ReadFile; fewer bytes than asked for at the end."""
    area, _rest = layout.FileRange.unpack(command.data)
    _number, opened, _none = chip.application(layout.pack_ids(area.application_id))
    file = _file(opened, area.name)
    chip.require(opened, file.read_rights)
    if command.le is None:
        raise Refused(Status.WRONG_LENGTH)
    if area.offset > len(file.content):
        raise Refused(Status.WRONG_OFFSET)
    return file.content[area.offset : area.offset + command.le]


def write_file(chip: Chip, command: Command) -> bytes:
    """WriteFile; a torn one stores half."""
    area, rest = layout.FileRange.unpack(command.data)
    _number, opened, _none = chip.application(layout.pack_ids(area.application_id))
    file = _file(opened, area.name)
    chip.require(opened, file.write_rights)
    length, piece = layout.take_u16(rest)
    if length != len(piece):
        raise Refused(Status.WRONG_DATA)
    if area.offset + length > len(file.content):
        raise Refused(Status.WRONG_OFFSET)
    torn = chip.tear_next_write
    if torn:
        piece = piece[: length // 2]
    file.content = file.content[: area.offset] + piece + file.content[area.offset + len(piece) :]
    chip.store()
    if torn:
        raise PowerCut
    return b""


def _file(opened: Opened, name: str) -> FileState:
    for file in opened.state.files:
        if file.name == name:
            return file
    raise Refused(Status.FILE_MISSING)
