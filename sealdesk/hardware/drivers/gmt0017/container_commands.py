"""The commands of GM/T 0017 about containers, SM2 keys and certificates, one method each; part of the session."""

from __future__ import annotations

from sealdesk.hardware.apdu import Command
from sealdesk.hardware.drivers.gmt0017 import layout
from sealdesk.hardware.drivers.gmt0017.exchange import Exchange
from sealdesk.hardware.drivers.gmt0017.status import Status, error_for
from sealdesk.hardware.errors import MalformedAnswerError

_MAX_CERTIFICATE_BYTES = 8192


class ContainerCommands(Exchange):
    """Commands about the containers of an open application."""

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
