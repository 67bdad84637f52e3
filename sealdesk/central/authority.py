"""A small SM2 authority: root, intermediate, approving police unit; issues certificates for makers and chips, and revocation lists.

Its private keys lie in one file, encrypted with AES-GCM under a key of 32 bytes: a key file that only its owner may read, or the same
under a passphrase. Who may have a certificate is decided elsewhere.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sealdesk.central.errors import AuthorityDamagedError, AuthorityExistsError, AuthorityMissingError
from sealdesk.core.durable import write_whole
from sealdesk.core.errors import SealdeskError
from sealdesk.core.paths import ensure_private
from sealdesk.crypto import vault
from sealdesk.crypto.certificates import Certificate, RevocationList, Revoked, Subject, issue, new_serial
from sealdesk.crypto.sm2 import PrivateKey, PublicKey
from sealdesk.wire.roles import MAKER, PERMIT_AUTHORITY, SEAL_CHIP

CERTIFICATES_FILE = "authority.json"
KEYS_FILE = "authority.keys"
KEY_FILE = "authority.key"
PASSPHRASE_FILE = "authority.key.sealed"

_ROOT, _INTERMEDIATE, _POLICE = "root", "intermediate", "police"
_NAMES = (_ROOT, _INTERMEDIATE, _POLICE)
_AUTHORITY_USAGE = ("key_cert_sign", "crl_sign")
_SIGNING = ("digital_signature", "non_repudiation")
_YEAR = timedelta(days=365)
_EARLIER = timedelta(minutes=5)
"""Clocks of desks may be a little behind."""
_LIST_LASTS = timedelta(days=30)
_NONCE_BYTES = 12
_ASSOCIATED = b"sealdesk.authority.1"


@dataclass(frozen=True, slots=True)
class Office:
    """The approving police unit: its code (12 digits) and name."""

    code: str
    name: str


class Authority:
    """The authority with its keys in memory."""

    def __init__(self, office: Office, certificates: dict[str, Certificate], keys: dict[str, PrivateKey]) -> None:
        self.office = office
        self._certificates = certificates
        self._keys = keys

    @property
    def root(self) -> Certificate:
        """The root that everybody trusts."""
        return self._certificates[_ROOT]

    @property
    def intermediate(self) -> Certificate:
        """What issues makers, chips and the police unit."""
        return self._certificates[_INTERMEDIATE]

    @property
    def police(self) -> Certificate:
        """The certificate of the key that signs permits."""
        return self._certificates[_POLICE]

    @property
    def police_key(self) -> PrivateKey:
        """The key that signs permits."""
        return self._keys[_POLICE]

    def issue_maker(self, key: PublicKey, person: str, shop_code: str, shop_name: str, at: datetime) -> Certificate:
        """A certificate for a person's USB key; the shop is in its serialNumber and organization."""
        subject = Subject(common_name=person, organization=shop_name, serial_number=shop_code)
        return self._issue(key, subject, at, 5 * _YEAR, _SIGNING, MAKER)

    def issue_chip(self, key: PublicKey, subject: Subject, at: datetime) -> Certificate:
        """A certificate for the chip of a seal."""
        return self._issue(key, subject, at, 5 * _YEAR, _SIGNING, SEAL_CHIP)

    def revocation_list(self, revoked: Iterable[Revoked], number: int, at: datetime) -> RevocationList:
        """The list of what the intermediate authority revoked."""
        return RevocationList.issue(self.intermediate, self._keys[_INTERMEDIATE], revoked, number, at - _EARLIER, at + _LIST_LASTS)

    def _issue(self, key: PublicKey, subject: Subject, at: datetime, lasts: timedelta, usage: tuple[str, ...], role: str) -> Certificate:
        ends = min(at + lasts, self.intermediate.not_after)
        return issue(
            self.intermediate,
            self._keys[_INTERMEDIATE],
            key,
            subject,
            new_serial(),
            max(at - _EARLIER, self.intermediate.not_before),
            ends,
            ca=False,
            key_usage=usage,
            extended_usage=(role,),
        )


def found_authority(folder: Path, name: str, office: Office, at: datetime, passphrase: str = "") -> Authority:
    """Make a new authority in `folder`; without a passphrase its key lies beside it, readable by its owner only.

    Raises:
        AuthorityExistsError: there is one.
    """
    ensure_private(folder)
    if any((folder / file).exists() for file in (CERTIFICATES_FILE, KEYS_FILE, KEY_FILE, PASSPHRASE_FILE)):
        raise AuthorityExistsError(folder=str(folder))
    keys = {which: PrivateKey.generate() for which in _NAMES}
    begins = at - _EARLIER
    root_name = Subject(common_name=f"{name}根证书", organization=name)
    root = issue(
        None, keys[_ROOT], keys[_ROOT].public, root_name, new_serial(), begins, at + 20 * _YEAR, ca=True, key_usage=_AUTHORITY_USAGE
    )
    intermediate = issue(
        root,
        keys[_ROOT],
        keys[_INTERMEDIATE].public,
        Subject(common_name=f"{name}签发机构", organization=name),
        new_serial(),
        begins,
        at + 15 * _YEAR,
        ca=True,
        path_length=0,
        key_usage=_AUTHORITY_USAGE,
    )
    police = issue(
        intermediate,
        keys[_INTERMEDIATE],
        keys[_POLICE].public,
        Subject(common_name=office.name, organization=office.name, serial_number=office.code),
        new_serial(),
        begins,
        at + 10 * _YEAR,
        ca=False,
        key_usage=_SIGNING,
        extended_usage=(PERMIT_AUTHORITY,),
    )
    certificates = {_ROOT: root, _INTERMEDIATE: intermediate, _POLICE: police}
    _write_keys(folder, keys, _new_key(folder, passphrase))
    facts = {"office": {"code": office.code, "name": office.name}, "certificates": {k: c.pem() for k, c in certificates.items()}}
    write_whole(folder / CERTIFICATES_FILE, json.dumps(facts, ensure_ascii=False, indent=1).encode())
    return Authority(office, certificates, keys)


def open_authority(folder: Path, passphrase: str = "") -> Authority:
    """The authority that `found_authority` made.

    Raises:
        AuthorityMissingError: there is none. AuthorityDamagedError; WrongPassphraseError of the vault.
    """
    path = folder / CERTIFICATES_FILE
    if not path.is_file():
        raise AuthorityMissingError(folder=str(folder))
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        certificates = {which: Certificate.from_pem(facts["certificates"][which]) for which in _NAMES}
        office = Office(facts["office"]["code"], facts["office"]["name"])
    except (ValueError, KeyError, TypeError, SealdeskError) as error:
        raise AuthorityDamagedError(name=path.name) from error
    keys = _read_keys(folder, _held_key(folder, passphrase))
    if any(keys[which].public != certificates[which].public_key for which in _NAMES):
        raise AuthorityDamagedError(name=KEYS_FILE)
    return Authority(office, certificates, keys)


def _new_key(folder: Path, passphrase: str) -> bytes:
    key = secrets.token_bytes(vault.KEY_LENGTH)
    if passphrase:
        vault.write_key_file(folder / PASSPHRASE_FILE, key, passphrase)
    else:
        write_whole(folder / KEY_FILE, key)
    return key


def _held_key(folder: Path, passphrase: str) -> bytes:
    sealed = folder / PASSPHRASE_FILE
    if sealed.exists():
        return vault.read_key_file(sealed, passphrase)
    try:
        key = (folder / KEY_FILE).read_bytes()
    except OSError as error:
        raise AuthorityDamagedError(name=KEY_FILE) from error
    if len(key) != vault.KEY_LENGTH:
        raise AuthorityDamagedError(name=KEY_FILE)
    return key


def _write_keys(folder: Path, keys: dict[str, PrivateKey], key: bytes) -> None:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    content = json.dumps({which: held.to_bytes().hex() for which, held in keys.items()}).encode()
    write_whole(folder / KEYS_FILE, nonce + AESGCM(key).encrypt(nonce, content, _ASSOCIATED))


def _read_keys(folder: Path, key: bytes) -> dict[str, PrivateKey]:
    try:
        data = (folder / KEYS_FILE).read_bytes()
        content = json.loads(AESGCM(key).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], _ASSOCIATED))
        return {which: PrivateKey.from_bytes(bytes.fromhex(content[which])) for which in _NAMES}
    except (OSError, InvalidTag, ValueError, KeyError, TypeError, SealdeskError) as error:
        raise AuthorityDamagedError(name=KEYS_FILE) from error
