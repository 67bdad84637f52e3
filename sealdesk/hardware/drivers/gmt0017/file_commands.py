"""The file commands of GM/T 0017, one method each; part of the session."""

from __future__ import annotations

from sealdesk.hardware.apdu import Command
from sealdesk.hardware.drivers.gmt0017 import layout
from sealdesk.hardware.drivers.gmt0017.exchange import Exchange
from sealdesk.hardware.drivers.gmt0017.layout import FileAttributes, FileRange
from sealdesk.hardware.drivers.gmt0017.status import Status, error_for
from sealdesk.hardware.errors import MalformedAnswerError


class FileCommands(Exchange):
    """Commands about the files of an open application."""

    def create_file(self, application: int, attributes: FileAttributes) -> None:
        """Make a file of a fixed size, filled with zeros."""
        command = Command(layout.CLA_PLAIN, layout.INS_CREATE_FILE, application >> 8, application & 0xFF, attributes.pack())
        self._expect("CreateFile", command)

    def delete_file(self, application: int, name: str) -> None:
        """Remove a file."""
        data = layout.pack_ids(application) + name.encode("utf-8")
        self._expect("DeleteFile", Command(layout.CLA_PLAIN, layout.INS_DELETE_FILE, data=data))

    def file_names(self, application: int) -> tuple[str, ...]:
        """The names of the files."""
        return self._names("EnumFiles", layout.INS_ENUM_FILES, layout.pack_ids(application))

    def file_info(self, application: int, name: str) -> FileAttributes | None:
        """A file's size and rights, or None when it is not there."""
        data = layout.pack_ids(application) + name.encode("utf-8")
        response = self._send(Command(layout.CLA_PLAIN, layout.INS_GET_FILE_INFO, data=data, le=256))
        if response.status == Status.FILE_MISSING:
            return None
        if not response.ok:
            raise error_for(response.status, "GetFileInfo")
        return self._parse("GetFileInfo", lambda: FileAttributes.unpack(response.data))

    def read_file(self, application: int, name: str, offset: int, length: int) -> bytes:
        """`length` bytes of a file from `offset`; the token must give all of them."""
        area = FileRange(application, offset, name).pack()
        answer = self._expect("ReadFile", Command(layout.CLA_PLAIN, layout.INS_READ_FILE, data=area, le=length))
        if len(answer) != length:
            raise MalformedAnswerError(command="ReadFile")
        return answer

    def write_file(self, application: int, name: str, offset: int, piece: bytes) -> None:
        """Write `piece` into a file at `offset`."""
        data = FileRange(application, offset, name).pack() + layout.pack_ids(len(piece)) + piece
        self._expect("WriteFile", Command(layout.CLA_PLAIN, layout.INS_WRITE_FILE, data=data))
