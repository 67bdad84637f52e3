"""The platform as one object: its authority, store, folder of uploads and clock; made once, opened by server and command line alike."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sealdesk.central.authority import Authority, Office, found_authority, open_authority
from sealdesk.central.errors import UnknownShopError
from sealdesk.central.store import CentralStore, CertificateRow, ShopRow, Work
from sealdesk.core.clock import Clock, SystemClock, parse_stamp, stamp
from sealdesk.core.paths import ensure_private
from sealdesk.crypto.certificates import Certificate, CertificateRequest, RevocationList, Revoked
from sealdesk.crypto.sm2 import PublicKey
from sealdesk.wire import enrolment as wire

DATABASE_FILE = "central.db"
UPLOADS_FOLDER = "uploads"
_NAME, _EPOCH, _LIST_NUMBER = "name", "epoch", "revocations.number"


@dataclass(frozen=True, slots=True)
class ShopEntry:
    """A shop (刻制单位) as it is entered on the platform. `area_code` is 6 digits of GB/T 2260."""

    code: str
    name: str
    area_code: str
    address: str = ""
    licence: str = ""


class Platform:
    """The reference platform without its HTTP face. Any thread may use it."""

    def __init__(self, home: Path, authority: Authority, store: CentralStore, clock: Clock) -> None:
        self.home = home
        self.authority = authority
        self.store = store
        self.clock = clock
        self.uploads = ensure_private(home / UPLOADS_FOLDER)

    def add_shops(self, shops: Iterable[ShopEntry]) -> None:
        """Enter shops, or change what is known of them."""
        with self.store.write() as work:
            for entry in shops:
                row = work.subjects.shop(entry.code)
                if row is None:
                    row = ShopRow(code=entry.code, name=entry.name, area_code=entry.area_code)
                    work.add(row)
                row.name, row.area_code, row.address, row.licence = entry.name, entry.area_code, entry.address, entry.licence

    def shops(self) -> tuple[ShopEntry, ...]:
        """All shops by code."""
        with self.store.read() as work:
            return tuple(ShopEntry(row.code, row.name, row.area_code, row.address, row.licence) for row in work.subjects.shops())

    def issue_maker(self, shop_code: str, person: str, key: PublicKey | CertificateRequest) -> Certificate:
        """Set up a USB key: a maker's certificate for a person of a shop, for a public key or a request signed by it.

        Raises:
            UnknownShopError: there is no such shop. RequestSignatureError: the request is not signed with its own key.
        """
        public = key.verify().public_key if isinstance(key, CertificateRequest) else key
        now = self.clock.now()
        with self.store.write() as work:
            shop = work.subjects.shop(shop_code)
            if shop is None:
                raise UnknownShopError(code=shop_code)
            certificate = self.authority.issue_maker(public, person, shop.code, shop.name, now)
            work.add(certificate_row(certificate, "maker", shop.code, stamp(now)))
        return certificate

    def revoke(self, certificate: Certificate, reason: str = "unspecified") -> bool:
        """Revoke a certificate from now on; False when it is not ours or was revoked before. `reason` is one of RFC 5280."""
        with self.store.write() as work:
            row = work.subjects.certificate(certificate.fingerprint)
            if row is None or row.closed_at:
                return False
            close_certificate(row, stamp(self.clock.now()), reason)
            return True

    def message(self) -> wire.Authority:
        """The platform's name and certificates, with a fresh revocation list."""
        now = self.clock.now()
        with self.store.write() as work:
            number = int(work.meta(_LIST_NUMBER) or "0") + 1
            work.set_meta(_LIST_NUMBER, str(number))
            name = work.meta(_NAME)
            entries = revoked_entries(work)
        revocations: RevocationList = self.authority.revocation_list(entries, number, now)
        return wire.Authority(
            name=name,
            root=encoded(self.authority.root.der),
            intermediates=[encoded(self.authority.intermediate.der)],
            revocations=[encoded(revocations.der)],
        )

    def new_epoch(self) -> str:
        """Say that the store was put back from a backup, so that every desk reads everything again. Returns the new epoch."""
        epoch = str(uuid4())
        with self.store.write() as work:
            work.set_meta(_EPOCH, epoch)
        return epoch

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()


def found_platform(
    home: Path,
    *,
    name: str,
    office: Office,
    shops: Iterable[ShopEntry] = (),
    passphrase: str = "",
    database: str = "",
    clock: Clock | None = None,
) -> Platform:
    """Make a new platform in `home`. `database` is a URL of SQLAlchemy; empty means a SQLite file in `home`.

    Raises:
        AuthorityExistsError: there is one.
    """
    used = clock or SystemClock()
    authority = found_authority(home, name, office, used.now(), passphrase)
    platform = Platform(home, authority, CentralStore(database or _sqlite_url(home)), used)
    with platform.store.write() as work:
        work.set_meta(_NAME, name)
        work.set_meta(_EPOCH, str(uuid4()))
    platform.add_shops(shops)
    return platform


def open_platform(home: Path, *, passphrase: str = "", database: str = "", clock: Clock | None = None) -> Platform:
    """The platform that `found_platform` made.

    Raises:
        AuthorityMissingError, AuthorityDamagedError, WrongPassphraseError
    """
    authority = open_authority(home, passphrase)
    return Platform(home, authority, CentralStore(database or _sqlite_url(home)), clock or SystemClock())


def epoch_of(work: Work) -> str:
    """The epoch of the feed."""
    return work.meta(_EPOCH)


def certificate_row(
    certificate: Certificate, purpose: str, shop_code: str, at: str, seal_id: str = "", chip_serial: str = ""
) -> CertificateRow:
    """What the platform keeps of a certificate that it issued."""
    return CertificateRow(
        fingerprint=certificate.fingerprint,
        serial=str(certificate.serial),
        purpose=purpose,
        shop_code=shop_code,
        seal_id=seal_id,
        chip_serial=chip_serial,
        point=certificate.public_key.point.hex(),
        der=encoded(certificate.der),
        issued_at=at,
        closed_at="",
        reason="",
    )


def close_certificate(row: CertificateRow, at: str, reason: str) -> None:
    """Revoke a certificate."""
    row.closed_at, row.reason = at, reason


def revoked_entries(work: Work) -> list[Revoked]:
    """What was revoked, as it stands in a revocation list."""
    rows = work.subjects.revoked_certificates()
    return [Revoked(int(row.serial), parse_stamp(row.closed_at), row.reason or "unspecified") for row in rows]


def encoded(der: bytes) -> str:
    """DER as it stands in messages."""
    return base64.b64encode(der).decode("ascii")


def _sqlite_url(home: Path) -> str:
    return f"sqlite:///{ensure_private(home) / DATABASE_FILE}"
