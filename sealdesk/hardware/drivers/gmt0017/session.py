"""One method per GM/T 0017 command; bytes become frozen values at once. No decisions: what to do when is the driver's business.

Status words become errors here. A PIN command is never sent twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sealdesk.domain.pin import Pin
from sealdesk.hardware.apdu import Command, Response
from sealdesk.hardware.drivers.gmt0017 import layout, pin_proof
from sealdesk.hardware.drivers.gmt0017.layout import (
    ApplicationOpened,
    ApplicationPlan,
    DeviceInfo,
    FileAttributes,
    FileRange,
    LayoutError,
    PinCounters,
)
from sealdesk.hardware.drivers.gmt0017.status import Status, error_for, tries_left
from sealdesk.hardware.errors import ApplicationMissingError, CardRefusedError, MalformedAnswerError, PinLockedError, WrongPinError
from sealdesk.hardware.protocol import ApduProtocol

T = TypeVar("T")

_MAX_LIST_BYTES = 4096
_MAX_CERTIFICATE_BYTES = 8192


class TokenSession:
    """The commands of one token over one connection.

    Every method may raise `OutcomeUnknownError`, `ReaderLostError`, `CardRefusedError` and the errors of `status.error_for`.
    """

    def __init__(self, protocol: ApduProtocol) -> None:
        self.protocol = protocol

    # the device

    def get_device_info(self) -> DeviceInfo:
        """Serial number, label, room; needs no PIN."""
        answer = self._expect("GetDevInfo", Command(layout.CLA_PLAIN, layout.INS_GET_DEV_INFO, le=layout.DEVICE_INFO_LENGTH))
        return self._parse("GetDevInfo", lambda: DeviceInfo.unpack(answer))

    def set_label(self, label: str) -> None:
        """Name the token; at most 32 bytes in UTF-8."""
        self._expect("SetLabel", Command(layout.CLA_PLAIN, layout.INS_SET_LABEL, data=label.encode("utf-8")))

    def random(self, length: int = layout.CHALLENGE_LENGTH) -> bytes:
        """Random bytes from the token; 8 of them are also the next challenge, which serves once."""
        answer = self._expect("GenRandom", Command(layout.CLA_PLAIN, layout.INS_GEN_RANDOM, le=length))
        if len(answer) != length:
            raise MalformedAnswerError(command="GenRandom")
        return answer

    def authenticate_device(self, device_key: bytes) -> None:
        """Prove the device key, which allows to create applications; a wrong one costs a try."""
        with self.protocol.exclusive():
            answer = pin_proof.proof(device_key, self.random())
            response = self._send(Command(layout.CLA_PLAIN, layout.INS_DEV_AUTH, 0, layout.DEVICE_AUTH_SM4, answer, secret=True))
        self._check_pin_answer("DevAuth", response, None, layout.ADMIN)

    # applications

    def create_application(self, plan: ApplicationPlan) -> None:
        """Create an application; needs `authenticate_device`."""
        self._expect("CreateApplication", Command(layout.CLA_PLAIN, layout.INS_CREATE_APPLICATION, data=plan.pack(), secret=True))

    def applications(self) -> tuple[str, ...]:
        """The names of the applications."""
        return self._names("EnumApplication", layout.INS_ENUM_APPLICATION, b"")

    def open_application(self, name: str) -> ApplicationOpened:
        """Open an application; its number is valid until the next reset.

        Raises:
            ApplicationMissingError: it is not there.
        """
        command = Command(layout.CLA_PLAIN, layout.INS_OPEN_APPLICATION, data=name.encode("utf-8"), le=10)
        response = self._send(command)
        if response.status in (Status.APPLICATION_MISSING, Status.APPLICATION_NAME_UNKNOWN):
            raise ApplicationMissingError(application=name)
        if not response.ok:
            raise error_for(response.status, "OpenApplication")
        return self._parse("OpenApplication", lambda: ApplicationOpened.unpack(response.data))

    def close_application(self, application: int) -> None:
        """Close an application and forget its proven PINs."""
        self._expect("CloseApplication", Command(layout.CLA_PLAIN, layout.INS_CLOSE_APPLICATION, data=layout.pack_ids(application)))

    # PINs

    def pin_info(self, application: int, pin_type: int = layout.USER) -> PinCounters:
        """The counters of a PIN; spends nothing."""
        command = Command(layout.CLA_PLAIN, layout.INS_GET_PIN_INFO, 0, pin_type, layout.pack_ids(application), le=256)
        answer = self._expect("GetPINInfo", command)
        return self._parse("GetPINInfo", lambda: PinCounters.unpack(answer))

    def verify_pin(self, application: int, pin: Pin, pin_type: int = layout.USER) -> None:
        """Prove a PIN.

        Raises:
            WrongPinError: with the tries left. PinLockedError: none is left.
        """
        with self.protocol.exclusive():
            answer = pin_proof.proof(pin_proof.pin_key(pin.reveal()), self.random())
            data = layout.pack_ids(application) + answer
            response = self._send(Command(layout.CLA_PLAIN, layout.INS_VERIFY_PIN, 0, pin_type, data, secret=True))
        self._check_pin_answer("VerifyPIN", response, application, pin_type)

    def change_pin(self, application: int, old: Pin, new: Pin, pin_type: int = layout.USER) -> None:
        """Replace a PIN by knowing it.

        Raises:
            WrongPinError: the old PIN is wrong. PinLockedError: no try is left.
        """
        response = self._send_new_pin(layout.INS_CHANGE_PIN, pin_type, application, old, new)
        self._check_pin_answer("ChangePIN", response, application, pin_type)

    def unblock_pin(self, application: int, admin: Pin, new: Pin) -> None:
        """Set a new user PIN with full tries by knowing the administrator's.

        Raises:
            WrongPinError: the administrator's PIN is wrong. PinLockedError: it has no try left.
        """
        response = self._send_new_pin(layout.INS_UNBLOCK_PIN, layout.USER, application, admin, new)
        self._check_pin_answer("UnblockPIN", response, application, layout.ADMIN)

    def clear_secure_state(self, application: int) -> None:
        """Forget the proven PINs."""
        self._expect("ClearSecureState", Command(layout.CLA_PLAIN, layout.INS_CLEAR_SECURE_STATE, data=layout.pack_ids(application)))

    # files

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

    # containers, keys, certificates

    def containers(self, application: int) -> tuple[str, ...]:
        """The names of the containers."""
        return self._names("EnumContainer", layout.INS_ENUM_CONTAINER, layout.pack_ids(application))

    def create_container(self, application: int, name: str) -> int:
        """Make a container; returns its number, valid until the next reset."""
        data = layout.pack_ids(application) + name.encode("utf-8")
        answer = self._expect("CreateContainer", Command(layout.CLA_PLAIN, layout.INS_CREATE_CONTAINER, data=data, le=2))
        return self._parse("CreateContainer", lambda: layout.take_u16(answer)[0])

    def open_container(self, application: int, name: str) -> int | None:
        """Open a container; returns its number, or None when there is none of that name."""
        data = layout.pack_ids(application) + name.encode("utf-8")
        response = self._send(Command(layout.CLA_PLAIN, layout.INS_OPEN_CONTAINER, data=data, le=2))
        if response.status == Status.CONTAINER_NAME_UNKNOWN:
            return None
        if not response.ok:
            raise error_for(response.status, "OpenContainer")
        return self._parse("OpenContainer", lambda: layout.take_u16(response.data)[0])

    def generate_key(self, application: int, container: int) -> bytes:
        """Make an SM2 key pair on the token, replacing one that is there; returns the point (65 bytes, 04‖x‖y)."""
        data = layout.pack_ids(application, container) + layout.pack_u32(layout.POINT_BITS)
        answer = self._expect("GenECCKeyPair", Command(layout.CLA_PLAIN, layout.INS_GEN_ECC_KEY_PAIR, data=data, le=64))
        if len(answer) != 64:
            raise MalformedAnswerError(command="GenECCKeyPair")
        return b"\x04" + answer

    def export_public_key(self, application: int, container: int) -> bytes | None:
        """The signing key's point (65 bytes, 04‖x‖y), or None while there is no key."""
        command = Command(
            layout.CLA_PLAIN, layout.INS_EXPORT_PUBLIC_KEY, layout.SIGNING_PAIR, 0, layout.pack_ids(application, container), le=68
        )
        response = self._send(command)
        if response.status in (Status.KEY_MISSING, Status.KEY_NOT_FOUND):
            return None
        if not response.ok:
            raise error_for(response.status, "ExportPublicKey")
        return b"\x04" + self._sized_pair("ExportPublicKey", response.data)

    def sign_digest(self, application: int, container: int, digest: bytes) -> bytes:
        """The raw signature r‖s (64 bytes) of a 32-byte digest e = SM3(Z‖M)."""
        data = layout.pack_ids(application, container) + digest
        command = Command(layout.CLA_PLAIN, layout.INS_ECC_SIGN_DATA, layout.SIGN_INPUT_IS_DIGEST, 0, data, le=68)
        return self._sized_pair("ECCSignData", self._expect("ECCSignData", command))

    def import_certificate(self, application: int, container: int, der: bytes) -> None:
        """Put the signing certificate into a container, replacing one that is there."""
        data = layout.pack_ids(application, container) + bytes((layout.SIGNING_PAIR,)) + layout.pack_u32(len(der)) + der
        self._expect("ImportCertificate", Command(layout.CLA_PLAIN, layout.INS_IMPORT_CERTIFICATE, data=data))

    def export_certificate(self, application: int, container: int) -> bytes | None:
        """The signing certificate as DER, or None while there is none."""
        data = layout.pack_ids(application, container)
        command = Command(layout.CLA_PLAIN, layout.INS_EXPORT_CERTIFICATE, layout.SIGNING_PAIR, 0, data, le=_MAX_CERTIFICATE_BYTES)
        response = self._send(command)
        if response.status == Status.CERTIFICATE_MISSING:
            return None
        if not response.ok:
            raise error_for(response.status, "ExportCertificate")
        length, der = self._parse("ExportCertificate", lambda: layout.take_u32(response.data))
        if length > len(der) or not length:
            raise MalformedAnswerError(command="ExportCertificate")
        return der[:length]

    # inside

    def _send(self, command: Command) -> Response:
        return self.protocol.send(command)

    def _expect(self, name: str, command: Command) -> bytes:
        response = self._send(command)
        if not response.ok:
            raise error_for(response.status, name)
        return response.data

    def _names(self, name: str, ins: int, data: bytes) -> tuple[str, ...]:
        return layout.unpack_names(self._expect(name, Command(layout.CLA_PLAIN, ins, data=data, le=_MAX_LIST_BYTES)))

    def _sized_pair(self, name: str, answer: bytes) -> bytes:
        """The 64 bytes behind a bit length; tokens that right-align values in 64-byte fields send 128 bytes."""
        bits, rest = self._parse(name, lambda: layout.take_u32(answer))
        if bits != layout.POINT_BITS:
            raise MalformedAnswerError(command=name)
        if len(rest) == 128 and not any(rest[:32]) and not any(rest[64:96]):
            return rest[32:64] + rest[96:]
        if len(rest) != 64:
            raise MalformedAnswerError(command=name)
        return rest

    def _send_new_pin(self, ins: int, pin_type: int, application: int, authority: Pin, new: Pin) -> Response:
        key = pin_proof.pin_key(authority.reveal())
        body = layout.pack_ids(application) + pin_proof.seal_new_pin(key, new.reveal())
        head = bytes((layout.CLA_MAC, ins, 0, pin_type, len(body) + layout.MAC_LENGTH))
        with self.protocol.exclusive():
            tag = pin_proof.mac(key, self.random(), head + body)
            return self._send(Command(layout.CLA_MAC, ins, 0, pin_type, body + tag, secret=True))

    def _check_pin_answer(self, name: str, response: Response, application: int | None, pin_type: int) -> None:
        if response.ok:
            return
        left = tries_left(response.status)
        if left is None:
            raise error_for(response.status, name)
        if left < 0:
            if application is None:
                raise CardRefusedError(command=name, status=f"{response.status:04X}")
            left = self.pin_info(application, pin_type).tries_left
        raise WrongPinError(left=left) if left else PinLockedError()

    @staticmethod
    def _parse(name: str, parse: Callable[[], T]) -> T:
        try:
            return parse()
        except LayoutError as error:
            raise MalformedAnswerError(command=name) from error
