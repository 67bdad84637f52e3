"""One method per GM/T 0017 command; bytes become frozen values at once. No decisions: what to do when is the driver's business.

Status words become errors here. A PIN command is never sent twice.
"""

from __future__ import annotations

from sealdesk.domain.pin import Pin
from sealdesk.hardware.apdu import Command, Response
from sealdesk.hardware.drivers.gmt0017 import layout, pin_proof
from sealdesk.hardware.drivers.gmt0017.container_commands import ContainerCommands
from sealdesk.hardware.drivers.gmt0017.file_commands import FileCommands
from sealdesk.hardware.drivers.gmt0017.layout import (
    ApplicationOpened,
    ApplicationPlan,
    DeviceInfo,
    PinCounters,
)
from sealdesk.hardware.drivers.gmt0017.status import Status, error_for, tries_left
from sealdesk.hardware.errors import ApplicationMissingError, CardRefusedError, MalformedAnswerError, PinLockedError, WrongPinError


class TokenSession(FileCommands, ContainerCommands):
    """The commands of one token over one connection: device, applications and PINs here, files and containers in the base classes.

    Every method may raise `OutcomeUnknownError`, `ReaderLostError`, `CardRefusedError` and the errors of `status.error_for`.
    """

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
