"""Signing with the maker's key.

The key in the reader must be the person's own, and its certificate must be in order, before a PIN is spent.

Runs on the reader's lane.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import rfc8785

from sealdesk.core.errors import DeviceError
from sealdesk.core.i18n import N_
from sealdesk.crypto.certificates import Certificate, verify_chain
from sealdesk.crypto.records import SignedRecord
from sealdesk.domain.access import Actor
from sealdesk.domain.pin import Pin
from sealdesk.domain.ports import PinStatus, SigningKey
from sealdesk.workflow.facts import Trust

SIGNING = frozenset({"digital_signature"})


class NoCertificateError(DeviceError):
    """The key carries no certificate."""

    code = "device.key.no_certificate"
    sentence = N_("The USB key carries no certificate.")
    advice = N_("Have the key set up by the platform's office, then try again.")
    retry = False


class AnotherKeyError(DeviceError):
    """The key in the reader is not the one that this person signed in with."""

    code = "device.key.another"
    sentence = N_("The USB key in the reader belongs to somebody else ({owner}).")
    advice = N_("Insert the key that you signed in with.")


class KeyPinLockedError(DeviceError):
    """No tries are left; seen before any was spent."""

    code = "device.key.locked"
    sentence = N_("The PIN of this USB key is locked: no tries are left.")
    advice = N_("Have it unlocked by the platform's office.")
    retry = False


def certificate_in(key: SigningKey, trust: Trust, at: datetime) -> Certificate:
    """The key's certificate, after its whole chain was verified.

    Raises:
        NoCertificateError: the key carries none. CertificateError: it is not in order; the error says why.
    """
    der = key.certificate()
    if der is None:
        raise NoCertificateError
    certificate = Certificate.from_der(der)
    verify_chain(certificate, trust.intermediates, (trust.root,), at, SIGNING, trust.revocations)
    return certificate


def require_tries(status: PinStatus) -> None:
    """Refuse before a PIN is sent when the token is locked already.

    Raises:
        KeyPinLockedError: no tries are left.
    """
    if status.tries_left <= 0:
        raise KeyPinLockedError


class Signature:
    """An unlocked key of the person at the desk; signs records until it is closed."""

    def __init__(self, key: SigningKey, actor: Actor, trust: Trust, at: datetime) -> None:
        self._key = key
        self._trust = trust
        self.certificate = certificate_in(key, trust, at)
        if self.certificate.fingerprint != actor.key_fingerprint:
            raise AnotherKeyError(owner=self.certificate.common_name)

    def unlock(self, pin: Pin) -> None:
        """Prove the PIN once for all records that follow.

        Raises:
            KeyPinLockedError: nothing was spent. WrongPinError: one try was.
        """
        require_tries(self._key.pin_status())
        self._key.unlock(pin)

    def sign(self, content: Mapping[str, Any]) -> SignedRecord:
        """Sign the canonical JSON of `content`."""
        encoded = rfc8785.dumps(dict(content))
        return SignedRecord(
            content=encoded,
            signature=self._key.sign(encoded),
            chain=(self.certificate.der, *(link.der for link in self._trust.intermediates)),
        )

    def close(self) -> None:
        """Make the key forget the proven PIN."""
        self._key.lock()


def encode_certificates(ders: tuple[bytes, ...]) -> list[str]:
    """Certificates as they stand in messages: base64 of DER."""
    return [base64.b64encode(der).decode() for der in ders]
