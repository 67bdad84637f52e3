"""A GM/T 0017 token as the business sees it: the ports `SigningKey` and `SealChip`; it decides, the session speaks.

When the line breaks in the middle of a command, the driver raises `OutcomeUnknownError` and, at the next call, powers the card up again,
makes sure that it is the same one, and reads from there. It never repeats a write or a PIN by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from sealdesk.core.errors import DeviceError
from sealdesk.crypto import sm2
from sealdesk.domain.pin import Pin
from sealdesk.domain.ports import PinStatus, TokenIdentity
from sealdesk.hardware.drivers.gmt0017.layout import DeviceInfo, FileAttributes
from sealdesk.hardware.drivers.gmt0017.profile import Profile
from sealdesk.hardware.drivers.gmt0017.session import TokenSession
from sealdesk.hardware.errors import (
    FileTooLargeError,
    KeyExistsError,
    KeyMissingError,
    OutcomeUnknownError,
    PinLengthError,
    PinLockedError,
    ReadBackError,
    TokenChangedError,
)

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Gmt0017Token:
    """One token in one reader; fulfils `SigningKey` and `SealChip`. It lives on the lane of its reader."""

    def __init__(self, session: TokenSession, reader: str, profile: Profile, info: DeviceInfo) -> None:
        self._session = session
        self._reader = reader
        self._profile = profile
        self._info = info
        self._application: int | None = None
        self._container: int | None = None
        self._point: bytes | None = None
        self._needs_reset = False
        self._is_unlocked = False

    # SigningKey

    def identity(self) -> TokenIdentity:
        """Which token this is; asks the card again, so that an exchanged one is noticed."""
        return self._read(self._identity)

    def pin_status(self) -> PinStatus:
        """The user PIN's counters; never spends a try."""
        counters = self._read(lambda: self._session.pin_info(self._app()))
        return PinStatus(counters.tries_max, counters.tries_left, counters.is_default)

    def certificate(self) -> bytes | None:
        """The signing certificate as DER; None while there is none."""
        return self._read(self._certificate)

    def unlock(self, pin: Pin) -> None:
        """Prove the user PIN; a wrong one costs one try.

        Raises:
            WrongPinError: with the tries left. PinLockedError: none is left, and nothing was sent.
            PinLengthError: it cannot be the PIN, and nothing was sent.
        """
        self._check_length(pin)

        def verify() -> None:
            application = self._app()
            if self._session.pin_info(application).tries_left == 0:
                raise PinLockedError
            self._session.verify_pin(application, pin)

        self._once(verify)
        self._is_unlocked = True

    def sign(self, message: bytes) -> bytes:
        """The SM2 signature (DER) over SM3(Z‖message) with the standard identifier; needs `unlock`.

        Raises:
            KeyMissingError: there is no key. NotUnlockedError: the PIN was not proven since the last reset.
        """
        point = self.public_key()
        if point is None:
            raise KeyMissingError
        public = sm2.PublicKey.from_point(point)
        digest = sm2.digest_for(public, message)
        raw = self._once(lambda: self._session.sign_digest(self._app(), self._opened_container(), digest))
        if not sm2.verify_digest(public, digest, raw):
            raise ReadBackError(name="SM2")
        return sm2.der_from_raw(raw)

    def lock(self) -> None:
        """Forget the proven PIN."""
        self._is_unlocked = False
        if self._application is None or self._needs_reset:
            return
        self._once(lambda: self._session.clear_secure_state(self._app()))

    @property
    def is_unlocked(self) -> bool:
        """Whether the user PIN was proven and nothing has happened since that would make the card forget it."""
        return self._is_unlocked and not self._needs_reset

    # SealChip

    def generate_key(self) -> bytes:
        """Make the key pair on the chip; returns the point (65 bytes).

        Raises:
            KeyExistsError: there is one already.
        """

        def generate() -> bytes:
            application, container = self._app(), self._container_or_new()
            if self._session.export_public_key(application, container) is not None:
                raise KeyExistsError
            made = self._session.generate_key(application, container)
            if self._session.export_public_key(application, container) != made:
                raise ReadBackError(name=self._profile.container)
            return made

        self._point = None
        return self._once(generate)

    def public_key(self) -> bytes | None:
        """The public point (65 bytes), or None while there is no key."""
        if self._point is None or self._needs_reset:
            self._point = self._read(self._public_key)
        return self._point

    def import_certificate(self, der: bytes) -> None:
        """Put the certificate beside the key and read it back.

        Raises:
            KeyMissingError: there is no key. ReadBackError: the card holds something else afterwards.
        """

        def write() -> None:
            application, container = self._app(), self._opened_container()
            if self._session.export_public_key(application, container) is None:
                raise KeyMissingError
            if self._session.export_certificate(application, container) == der:
                return
            self._session.import_certificate(application, container, der)
            if self._session.export_certificate(application, container) != der:
                raise ReadBackError(name=self._profile.container)

        self._once(write)

    def write_file(self, name: str, content: bytes) -> None:
        """Write a whole file and read it back; nothing is written when it already holds exactly this.

        Raises:
            FileTooLargeError, NoSpaceError, NotUnlockedError. ReadBackError: the card holds something else afterwards.
        """
        if len(content) > self._profile.max_file_bytes:
            raise FileTooLargeError(name=name, size=len(content), limit=self._profile.max_file_bytes)
        self._once(lambda: self._write_file(name, content))

    def read_file(self, name: str) -> bytes | None:
        """A whole file, or None when it is not there."""
        return self._read(lambda: self._read_file(name))

    def file_names(self) -> tuple[str, ...]:
        """The names of the files on the token."""
        return self._read(lambda: self._session.file_names(self._app()))

    def change_pin(self, old: Pin, new: Pin) -> None:
        """Replace the user PIN; a wrong old one costs a try, an impossible new one nothing.

        Raises:
            WrongPinError, PinLockedError, PinLengthError.
        """
        self._check_length(old)
        self._check_length(new)

        def change() -> None:
            application = self._app()
            if self._session.pin_info(application).tries_left == 0:
                raise PinLockedError
            self._session.change_pin(application, old, new)

        self._once(change)
        self._is_unlocked = False

    def release(self) -> None:
        """Leave the card without a proven PIN, whatever happened; called when the work is over, never raises a `DeviceError`.

        A card whose line broke may still hold a proven PIN, so it is powered down; one that is gone holds nothing.
        """
        try:
            if self._needs_reset:
                self._session.protocol.connection.reset()
            elif self._is_unlocked:
                self.lock()
        except DeviceError as error:
            _log.info("the card in %s could not be locked: %s", self._reader, error.code)
        self._is_unlocked = False

    # recovery

    def _read(self, work: Callable[[], T]) -> T:
        """Run reading work; it changes nothing, so it is repeated once after a reset, unless that would lose a proven PIN."""
        was_unlocked = self.is_unlocked
        try:
            return self._once(work)
        except OutcomeUnknownError:
            if was_unlocked:
                raise
            return self._once(work)

    def _once(self, work: Callable[[], T]) -> T:
        """Run work on a card that is known to be well; after a broken line the next call begins with a reset."""
        if self._needs_reset:
            self._recover()
        try:
            return work()
        except OutcomeUnknownError:
            self._needs_reset = True
            self._is_unlocked = False
            raise

    def _recover(self) -> None:
        self._application = self._container = self._point = None
        self._is_unlocked = False
        self._session.protocol.connection.reset()
        serial = self._session.get_device_info().serial
        if serial != self._info.serial:
            raise TokenChangedError(reader=self._reader, serial=serial, expected=self._info.serial)
        self._needs_reset = False

    # reading

    def _app(self) -> int:
        if self._application is None:
            self._application = self._session.open_application(self._profile.application).application_id
        return self._application

    def _opened_container(self) -> int:
        """The container's number.

        Raises:
            KeyMissingError: there is no container, hence no key.
        """
        if self._container is None:
            self._container = self._session.open_container(self._app(), self._profile.container)
        if self._container is None:
            raise KeyMissingError
        return self._container

    def _container_or_new(self) -> int:
        try:
            return self._opened_container()
        except KeyMissingError:
            self._container = self._session.create_container(self._app(), self._profile.container)
            return self._container

    def _identity(self) -> TokenIdentity:
        info = self._session.get_device_info()
        if info.serial != self._info.serial:
            raise TokenChangedError(reader=self._reader, serial=info.serial, expected=self._info.serial)
        self._info = info
        return identity_of(info, self._reader, self._profile)

    def _certificate(self) -> bytes | None:
        try:
            return self._session.export_certificate(self._app(), self._opened_container())
        except KeyMissingError:
            return None

    def _public_key(self) -> bytes | None:
        try:
            point = self._session.export_public_key(self._app(), self._opened_container())
        except KeyMissingError:
            return None
        if point is not None:
            sm2.PublicKey.from_point(point)
        return point

    def _read_file(self, name: str) -> bytes | None:
        attributes = self._session.file_info(self._app(), name)
        if attributes is None:
            return None
        chunk = self._profile.chunk_bytes
        pieces = [
            self._session.read_file(self._app(), name, offset, min(chunk, attributes.size - offset))
            for offset in range(0, attributes.size, chunk)
        ]
        return b"".join(pieces)

    # writing

    def _write_file(self, name: str, content: bytes) -> None:
        application = self._app()
        present = self._read_file(name)
        if present == content:
            return
        if present is not None and len(present) != len(content):  # a file's size is fixed when it is made
            self._session.delete_file(application, name)
            present = None
        if present is None:
            self._make_file(application, name, len(content))
        chunk = self._profile.chunk_bytes
        for offset in range(0, len(content), chunk):
            self._session.write_file(application, name, offset, content[offset : offset + chunk])
        if self._read_file(name) != content:
            raise ReadBackError(name=name)

    def _make_file(self, application: int, name: str, size: int) -> None:
        rights = self._profile
        self._session.create_file(application, FileAttributes(name, size, rights.file_read_rights, rights.file_write_rights))

    def _check_length(self, pin: Pin) -> None:
        least, most = self._profile.pin_min_length, self._profile.pin_max_length
        if not least <= len(pin) <= most:
            raise PinLengthError(field="pin", min_length=least, max_length=most)


def identity_of(info: DeviceInfo, reader: str, profile: Profile) -> TokenIdentity:
    """The token's identity as the business sees it."""
    return TokenIdentity(reader, info.serial, info.label, info.manufacturer, profile.kind)
