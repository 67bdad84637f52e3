"""The authority: made once, its keys encrypted on the disk, its certificates good for one role each."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sealdesk.central.authority import KEY_FILE, KEYS_FILE, Office, found_authority, open_authority
from sealdesk.central.errors import AuthorityDamagedError, AuthorityExistsError, AuthorityMissingError, UnknownShopError
from sealdesk.central.platform import open_platform
from sealdesk.crypto.certificates import CertificateRequest, RequestSignatureError, Subject, verify_chain
from sealdesk.crypto.sm2 import PrivateKey
from sealdesk.crypto.vault import WrongPassphraseError
from sealdesk.wire.roles import MAKER, PERMIT_AUTHORITY

OFFICE = Office("220681000000", "临江市公安局")


def test_authority_is_the_same_when_it_is_opened_again(tmp_path: Path, clock: Any) -> None:
    made = found_authority(tmp_path, "示例平台", OFFICE, clock.now())
    again = open_authority(tmp_path)
    assert again.root == made.root
    assert again.office == OFFICE
    assert again.police_key.to_bytes() == made.police_key.to_bytes()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_keys_are_readable_by_their_owner_only(tmp_path: Path, clock: Any) -> None:
    made = found_authority(tmp_path, "示例平台", OFFICE, clock.now())
    for name in (KEY_FILE, KEYS_FILE):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert made.police_key.to_bytes().hex().encode() not in (tmp_path / KEYS_FILE).read_bytes()


def test_passphrase_is_needed_where_one_was_given(tmp_path: Path, clock: Any) -> None:
    found_authority(tmp_path, "示例平台", OFFICE, clock.now(), "correct horse")
    assert not (tmp_path / KEY_FILE).exists()
    assert open_authority(tmp_path, "correct horse").office == OFFICE
    with pytest.raises(WrongPassphraseError):
        open_authority(tmp_path, "wrong horse")


def test_authority_is_never_made_twice_in_one_place(tmp_path: Path, clock: Any) -> None:
    found_authority(tmp_path, "示例平台", OFFICE, clock.now())
    with pytest.raises(AuthorityExistsError):
        found_authority(tmp_path, "示例平台", OFFICE, clock.now())


def test_missing_and_damaged_files_are_told(tmp_path: Path, clock: Any) -> None:
    with pytest.raises(AuthorityMissingError):
        open_authority(tmp_path)
    found_authority(tmp_path, "示例平台", OFFICE, clock.now())
    whole = (tmp_path / KEYS_FILE).read_bytes()
    (tmp_path / KEYS_FILE).write_bytes(whole[:-1])
    with pytest.raises(AuthorityDamagedError):
        open_authority(tmp_path)
    (tmp_path / KEYS_FILE).write_bytes(whole)
    (tmp_path / KEY_FILE).write_bytes(bytes(32))
    with pytest.raises(AuthorityDamagedError):
        open_authority(tmp_path)


def test_chain_holds_and_roles_are_apart(platform: Any, clock: Any) -> None:
    authority = platform.authority
    key = PrivateKey.generate()
    maker = platform.issue_maker("220681000007", "李师傅", key.public)
    verify_chain(maker, (authority.intermediate,), (authority.root,), clock.now())
    assert maker.extended_key_usage == {MAKER}
    assert authority.police.extended_key_usage == {PERMIT_AUTHORITY}
    assert (maker.common_name, maker.organization, maker.serial_number) == ("李师傅", "精工印章", "220681000007")


def test_maker_certificate_is_issued_for_a_request_of_the_key_itself(platform: Any) -> None:
    key = PrivateKey.generate()
    request = CertificateRequest.build(Subject(common_name="x"), key)
    assert platform.issue_maker("220681000007", "李师傅", request).public_key == key.public
    forged = CertificateRequest.from_der(request.der[:-1] + bytes([request.der[-1] ^ 1]))
    with pytest.raises(RequestSignatureError):
        platform.issue_maker("220681000007", "李师傅", forged)
    with pytest.raises(UnknownShopError):
        platform.issue_maker("1", "李师傅", key.public)


def test_openssl_verifies_what_the_authority_issues(platform: Any, tmp_path: Path) -> None:
    maker = platform.issue_maker("220681000007", "李师傅", PrivateKey.generate().public)
    authority = platform.authority
    for name, certificate in (("root", authority.root), ("above", authority.intermediate), ("maker", maker)):
        (tmp_path / f"{name}.pem").write_text(certificate.pem())
    openssl = shutil.which("openssl")
    assert openssl
    for below, above in (("maker", "above"), ("above", "root")):
        command = [openssl, "verify", "-vfyopt", "distid:1234567812345678", "-partial_chain", "-trusted", f"{above}.pem", f"{below}.pem"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_platform_is_the_same_when_it_is_opened_again(platform: Any, clock: Any) -> None:
    again = open_platform(platform.home, clock=clock)
    assert again.shops() == platform.shops()
    assert again.message().root == platform.message().root
    again.close()
