"""An emulated GM/T 0017 token as bytes in and bytes out: dispatch, faults, power; the commands stand in the modules beside."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import NoReturn

from sealdesk.hardware.apdu import ApduFormatError, Command, Response
from sealdesk.hardware.drivers.gmt0017 import layout
from sealdesk.hardware.drivers.gmt0017.emulator import access, containers, files
from sealdesk.hardware.drivers.gmt0017.emulator.context import Chip, Refused
from sealdesk.hardware.drivers.gmt0017.emulator.faults import Fault, FaultKind, Faults
from sealdesk.hardware.drivers.gmt0017.emulator.state import CardState, StateFile
from sealdesk.hardware.drivers.gmt0017.layout import LayoutError
from sealdesk.hardware.drivers.gmt0017.status import Status
from sealdesk.hardware.virtual import PowerCut

_Handler = Callable[[Chip, Command], bytes]

_HANDLERS: Mapping[int, _Handler] = {
    layout.INS_SET_LABEL: access.set_label,
    layout.INS_GET_DEV_INFO: access.get_dev_info,
    layout.INS_DEV_AUTH: access.dev_auth,
    layout.INS_GET_PIN_INFO: access.get_pin_info,
    layout.INS_CHANGE_PIN: access.change_pin,
    layout.INS_VERIFY_PIN: access.verify_pin,
    layout.INS_UNBLOCK_PIN: access.unblock_pin,
    layout.INS_CLEAR_SECURE_STATE: access.clear_secure_state,
    layout.INS_CREATE_APPLICATION: access.create_application,
    layout.INS_ENUM_APPLICATION: access.enum_application,
    layout.INS_OPEN_APPLICATION: access.open_application,
    layout.INS_CLOSE_APPLICATION: access.close_application,
    layout.INS_CREATE_FILE: files.create_file,
    layout.INS_DELETE_FILE: files.delete_file,
    layout.INS_ENUM_FILES: files.enum_files,
    layout.INS_GET_FILE_INFO: files.get_file_info,
    layout.INS_READ_FILE: files.read_file,
    layout.INS_WRITE_FILE: files.write_file,
    layout.INS_CREATE_CONTAINER: containers.create_container,
    layout.INS_OPEN_CONTAINER: containers.open_container,
    layout.INS_CLOSE_CONTAINER: containers.close_container,
    layout.INS_ENUM_CONTAINER: containers.enum_container,
    layout.INS_IMPORT_CERTIFICATE: containers.import_certificate,
    layout.INS_EXPORT_CERTIFICATE: containers.export_certificate,
    layout.INS_GEN_RANDOM: access.gen_random,
    layout.INS_GEN_ECC_KEY_PAIR: containers.gen_ecc_key_pair,
    layout.INS_ECC_SIGN_DATA: containers.ecc_sign_data,
    layout.INS_EXPORT_PUBLIC_KEY: containers.export_public_key,
}


class Card:
    """A software token. Give it a state (kept in memory only) or a file (kept there across restarts).

    After a power cut it does not answer until `reset`. `process` may be called from any thread, one call at a time.
    """

    def __init__(self, source: CardState | StateFile, faults: Faults | None = None) -> None:
        if isinstance(source, StateFile):
            state, save = source.load(), source.save
        else:
            state, save = source, _keep_in_memory
        self.faults = faults if faults is not None else Faults()
        self._chip = Chip(state, save)
        self._is_powered = True
        self._unplugged = threading.Event()

    @property
    def atr(self) -> bytes:
        """The answer to reset."""
        return self._chip.state.atr

    @property
    def state(self) -> CardState:
        """What the token stores now; for tests and for a dump."""
        return self._chip.state

    def reset(self) -> None:
        """Power down and up: challenges, open applications and proven PINs are gone."""
        self._chip.forget()
        self._is_powered = True

    def unplug(self) -> None:
        """End a mute or slow answer that somebody still waits for."""
        self._unplugged.set()

    def process(self, apdu: bytes) -> bytes:
        """Execute one command APDU and return the answer with its status word (empty for `FaultKind.EMPTY_ANSWER`).

        Raises:
            PowerCut: the line is cut; no answer comes until `reset`.
        """
        if not self._is_powered:
            raise PowerCut
        try:
            command = Command.decode(apdu)
        except ApduFormatError:
            return Response(b"", Status.WRONG_LENGTH).encode()
        fault = self.faults.next(command.ins)
        if fault is None:
            return self._execute(command).encode()
        return self._execute_with(fault, command)

    def _execute_with(self, fault: Fault, command: Command) -> bytes:
        if fault.kind is FaultKind.LIE:
            return fault.answer
        if fault.kind is FaultKind.CUT_BEFORE:
            self._cut()
        if fault.kind is FaultKind.MUTE:
            self._unplugged.wait()
            self._cut()
        if fault.kind is FaultKind.SLOW:
            self._unplugged.wait(fault.seconds)
        self._chip.tear_next_write = fault.kind is FaultKind.CUT_INSIDE
        try:
            answer = self._execute(command).encode()
        except PowerCut:
            self._cut()
        finally:
            self._chip.tear_next_write = False
        if fault.kind in (FaultKind.CUT_AFTER, FaultKind.CUT_INSIDE):
            self._cut()
        return b"" if fault.kind is FaultKind.EMPTY_ANSWER else answer

    def _cut(self) -> NoReturn:
        self._is_powered = False
        self._chip.forget()
        raise PowerCut

    def _execute(self, command: Command) -> Response:
        chip = self._chip
        if command.cla not in (layout.CLA_PLAIN, layout.CLA_MAC):
            return Response(b"", Status.CLA_UNKNOWN)
        handler = _HANDLERS.get(command.ins)
        if handler is None:
            return Response(b"", Status.INS_UNKNOWN)
        if len(command.data) > chip.state.max_apdu_data_bytes:
            return Response(b"", Status.WRONG_LENGTH)
        try:
            data = handler(chip, command)
        except Refused as refusal:
            return Response(b"", refusal.status)
        except LayoutError:
            return Response(b"", Status.WRONG_DATA)
        return Response(data, Status.OK)


def _keep_in_memory(state: CardState) -> None:
    """A card without a file forgets everything with the process."""
