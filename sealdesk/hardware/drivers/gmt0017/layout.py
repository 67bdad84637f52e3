"""Data fields of GM/T 0017 commands as bytes, both directions, used by the session and by the emulator alike; no connection.

Multi-byte integers are little-endian; names are padded with zeros. Widths and order: domain notes, 6.3.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

APPLICATION_NAME_LENGTH = 48
FILE_NAME_LENGTH = 32
PIN_LENGTH = 16
CHALLENGE_LENGTH = 8
MAC_LENGTH = 4
POINT_BITS = 256

ADMIN = 0
USER = 1

INS_SET_LABEL = 0x02
INS_GET_DEV_INFO = 0x04
INS_DEV_AUTH = 0x10
INS_GET_PIN_INFO = 0x14
INS_CHANGE_PIN = 0x16
INS_VERIFY_PIN = 0x18
INS_UNBLOCK_PIN = 0x1A
INS_CLEAR_SECURE_STATE = 0x1C
INS_CREATE_APPLICATION = 0x20
INS_ENUM_APPLICATION = 0x22
INS_OPEN_APPLICATION = 0x26
INS_CLOSE_APPLICATION = 0x28
INS_CREATE_FILE = 0x30
INS_DELETE_FILE = 0x32
INS_ENUM_FILES = 0x34
INS_GET_FILE_INFO = 0x36
INS_READ_FILE = 0x38
INS_WRITE_FILE = 0x3A
INS_CREATE_CONTAINER = 0x40
INS_OPEN_CONTAINER = 0x42
INS_CLOSE_CONTAINER = 0x44
INS_ENUM_CONTAINER = 0x46
INS_IMPORT_CERTIFICATE = 0x4C
INS_EXPORT_CERTIFICATE = 0x4E
INS_GEN_RANDOM = 0x50
INS_GEN_ECC_KEY_PAIR = 0x70
INS_ECC_SIGN_DATA = 0x74
INS_EXPORT_PUBLIC_KEY = 0x88

CLA_PLAIN = 0x80
CLA_MAC = 0x84

DEVICE_AUTH_SM4 = 0x02
SIGN_INPUT_IS_DIGEST = 0x02
SIGNING_PAIR = 0x01


class LayoutError(ValueError):
    """A data field is too short, too long, or holds an impossible value."""


def pad_name(name: str, length: int) -> bytes:
    """`name` in UTF-8, filled with zeros to `length` bytes.

    Raises:
        LayoutError: empty or too long.
    """
    raw = name.encode("utf-8")
    if not 1 <= len(raw) <= length:
        raise LayoutError(f"a name of {len(raw)} bytes does not fit {length}")
    return raw.ljust(length, b"\0")


def text(field: bytes) -> str:
    """The text before the first zero; tokens write UTF-8 or GBK."""
    raw = field.split(b"\0", 1)[0]
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gbk", errors="replace")


def pack_names(names: list[str]) -> bytes:
    """A list of names, each ended by zero, the list by another zero."""
    return b"".join(name.encode("utf-8") + b"\0" for name in names) + b"\0"


def unpack_names(field: bytes) -> tuple[str, ...]:
    """The names of a list; a missing second zero is forgiven."""
    return tuple(text(raw) for raw in field.split(b"\0") if raw)


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """What GetDevInfo answers (288 bytes)."""

    manufacturer: str
    issuer: str
    label: str
    serial: str
    hardware_version: int
    firmware_version: int
    device_auth_algorithm: int
    total_bytes: int
    free_bytes: int
    max_apdu_data_bytes: int
    max_containers: int
    max_certificates: int
    max_files: int

    _FORMAT = "<HH64s64s32s32sHHIIIIIIHHHBBH54s"

    def pack(self) -> bytes:
        """The 288 bytes; versions 1.0, algorithms SM4 (0x00000400), SM2 (0x00020000) and SM3 (1)."""
        return struct.pack(
            self._FORMAT,
            0x0100,
            0x0100,
            self.manufacturer.encode(),
            self.issuer.encode(),
            self.label.encode(),
            self.serial.encode(),
            self.hardware_version,
            self.firmware_version,
            0x00000400,
            0x00020000,
            0x00000001,
            self.device_auth_algorithm,
            self.total_bytes,
            self.free_bytes,
            self.max_apdu_data_bytes,
            0,
            0,
            self.max_containers,
            self.max_certificates,
            self.max_files,
            b"",
        )

    @classmethod
    def unpack(cls, field: bytes) -> DeviceInfo:
        """The values of an answer; bytes behind the 288th are ignored.

        Raises:
            LayoutError: shorter than 288 bytes, or without a serial number.
        """
        if len(field) < DEVICE_INFO_LENGTH:
            raise LayoutError(f"{len(field)} bytes of device information")
        parts = struct.unpack(cls._FORMAT, field[:DEVICE_INFO_LENGTH])
        serial = text(parts[5])
        if not serial.strip() or not serial.isprintable():
            raise LayoutError("no serial number")
        return cls(
            manufacturer=text(parts[2]),
            issuer=text(parts[3]),
            label=text(parts[4]),
            serial=serial,
            hardware_version=parts[6],
            firmware_version=parts[7],
            device_auth_algorithm=parts[11],
            total_bytes=parts[12],
            free_bytes=parts[13],
            max_apdu_data_bytes=parts[14],
            max_containers=parts[17],
            max_certificates=parts[18],
            max_files=parts[19],
        )


DEVICE_INFO_LENGTH = 288


@dataclass(frozen=True, slots=True)
class ApplicationOpened:
    """What OpenApplication answers (10 bytes): rights to create files, limits, and the number used from now on."""

    create_file_rights: int
    max_containers: int
    max_certificates: int
    max_files: int
    application_id: int

    def pack(self) -> bytes:
        """The 10 bytes."""
        return struct.pack(
            "<IBBHH", self.create_file_rights, self.max_containers, self.max_certificates, self.max_files, self.application_id
        )

    @classmethod
    def unpack(cls, field: bytes) -> ApplicationOpened:
        """The values of an answer.

        Raises:
            LayoutError: not 10 bytes.
        """
        if len(field) != 10:
            raise LayoutError("OpenApplication answers 10 bytes")
        return cls(*struct.unpack("<IBBHH", field))


@dataclass(frozen=True, slots=True)
class ApplicationPlan:
    """The body of CreateApplication (96 bytes). It holds PINs: its `repr` does not."""

    name: str
    admin_pin: bytes
    admin_tries: int
    user_pin: bytes
    user_tries: int
    create_file_rights: int
    max_containers: int
    max_certificates: int
    max_files: int

    _FORMAT = "<48s16sI16sIIBBH"

    def __repr__(self) -> str:
        return f"ApplicationPlan({self.name!r})"

    def pack(self) -> bytes:
        """The 96 bytes."""
        return struct.pack(
            self._FORMAT,
            pad_name(self.name, APPLICATION_NAME_LENGTH),
            self.admin_pin.ljust(PIN_LENGTH, b"\0"),
            self.admin_tries,
            self.user_pin.ljust(PIN_LENGTH, b"\0"),
            self.user_tries,
            self.create_file_rights,
            self.max_containers,
            self.max_certificates,
            self.max_files,
        )

    @classmethod
    def unpack(cls, field: bytes) -> ApplicationPlan:
        """The values of a body.

        Raises:
            LayoutError: not 96 bytes.
        """
        if len(field) != struct.calcsize(cls._FORMAT):
            raise LayoutError("CreateApplication takes 96 bytes")
        name, admin, admin_tries, user, user_tries, rights, containers, certificates, files = struct.unpack(cls._FORMAT, field)
        return cls(text(name), admin.rstrip(b"\0"), admin_tries, user.rstrip(b"\0"), user_tries, rights, containers, certificates, files)


@dataclass(frozen=True, slots=True)
class FileAttributes:
    """FILEATTRIBUTE: body of CreateFile, answer of GetFileInfo (44 bytes). `size` is fixed when the file is made."""

    name: str
    size: int
    read_rights: int
    write_rights: int

    def pack(self) -> bytes:
        """The 44 bytes."""
        return struct.pack("<32sIII", pad_name(self.name, FILE_NAME_LENGTH), self.size, self.read_rights, self.write_rights)

    @classmethod
    def unpack(cls, field: bytes) -> FileAttributes:
        """The values of 44 bytes.

        Raises:
            LayoutError: another length.
        """
        if len(field) != 44:
            raise LayoutError("file attributes are 44 bytes")
        name, size, read_rights, write_rights = struct.unpack("<32sIII", field)
        return cls(text(name), size, read_rights, write_rights)


@dataclass(frozen=True, slots=True)
class FileRange:
    """The head of ReadFile and WriteFile bodies: application, offset, name."""

    application_id: int
    offset: int
    name: str

    def pack(self) -> bytes:
        """The head's bytes."""
        raw = self.name.encode("utf-8")
        return struct.pack("<HHH", self.application_id, self.offset, len(raw)) + raw

    @classmethod
    def unpack(cls, field: bytes) -> tuple[FileRange, bytes]:
        """The head and what follows it.

        Raises:
            LayoutError: shorter than it says.
        """
        if len(field) < 6:
            raise LayoutError("a file range has at least 6 bytes")
        application_id, offset, length = struct.unpack_from("<HHH", field)
        if not 1 <= length <= FILE_NAME_LENGTH or len(field) < 6 + length:
            raise LayoutError("the file name does not fit")
        return cls(application_id, offset, text(field[6 : 6 + length])), field[6 + length :]


@dataclass(frozen=True, slots=True)
class PinCounters:
    """What GetPINInfo answers."""

    tries_max: int
    tries_left: int
    is_default: bool

    def pack(self) -> bytes:
        """Three bytes."""
        return bytes((self.tries_max, self.tries_left, int(self.is_default)))

    @classmethod
    def unpack(cls, field: bytes) -> PinCounters:
        """The values of 3 bytes, or of 12 where a firmware sends three 4-byte numbers.

        Raises:
            LayoutError: another length.
        """
        if len(field) == 3:
            return cls(field[0], field[1], bool(field[2]))
        if len(field) == 12:
            most, left, default = struct.unpack("<III", field)
            return cls(most, left, bool(default))
        raise LayoutError("PIN information has 3 or 12 bytes")


def pack_ids(*numbers: int) -> bytes:
    """Application and container numbers, two bytes each."""
    return struct.pack(f"<{len(numbers)}H", *numbers)


def pack_u32(number: int) -> bytes:
    """Four bytes, little-endian."""
    return struct.pack("<I", number)


def take_u32(field: bytes) -> tuple[int, bytes]:
    """A 4-byte number and the rest.

    Raises:
        LayoutError: fewer than 4 bytes.
    """
    if len(field) < 4:
        raise LayoutError("a 4-byte number is missing")
    return int.from_bytes(field[:4], "little"), field[4:]


def take_u16(field: bytes) -> tuple[int, bytes]:
    """A 2-byte number and the rest.

    Raises:
        LayoutError: fewer than 2 bytes.
    """
    if len(field) < 2:
        raise LayoutError("a 2-byte number is missing")
    return int.from_bytes(field[:2], "little"), field[2:]
