"""The token's ports on software readers and behind the real PC/SC service: the same bytes, hence the same tests."""

from __future__ import annotations

import secrets

import gmalg
import pytest

from sealdesk.crypto import sm2
from sealdesk.domain.pin import Pin
from sealdesk.hardware.drivers.gmt0017 import setup
from sealdesk.hardware.drivers.gmt0017.emulator import Card, blank_state
from sealdesk.hardware.drivers.gmt0017.profile import Profile
from sealdesk.hardware.drivers.gmt0017.session import TokenSession
from sealdesk.hardware.errors import (
    ApplicationMissingError,
    KeyExistsError,
    KeyMissingError,
    NoSpaceError,
    NotUnlockedError,
    PinLengthError,
    PinLockedError,
    WrongPinError,
)
from sealdesk.hardware.protocol import ApduProtocol

FACTORY_PIN = "41"
CERTIFICATE = b"\x30\x82\x05\xdc" + bytes(1500)


def test_a_chip_tells_who_it_is_without_a_pin(bench, chip_card):
    bench.insert(chip_card)
    identity = bench.token().identity()
    assert (identity.serial, identity.label, identity.kind, identity.reader) == ("CHIP0001", "blank", "chip", bench.readers[0])


def test_a_fresh_chip_has_no_key_no_certificate_and_the_factory_pin(bench, chip_card):
    bench.insert(chip_card)
    token = bench.token()
    assert token.public_key() is None
    assert token.certificate() is None
    assert token.file_names() == ()
    assert token.pin_status().is_default


def test_a_chip_is_burned_and_read_back(bench, chip_card):
    bench.insert(chip_card)
    token = bench.token()
    content = secrets.token_bytes(5000)
    token.unlock(Pin(FACTORY_PIN))
    point = token.generate_key()
    token.import_certificate(CERTIFICATE)
    token.write_file("FACE", content)
    token.change_pin(Pin(FACTORY_PIN), Pin("739150"))

    again = bench.token()
    assert again.public_key() == point
    assert again.certificate() == CERTIFICATE
    assert again.read_file("FACE") == content
    assert again.read_file("OTHER") is None
    assert again.file_names() == ("FACE",)
    assert not again.pin_status().is_default
    again.unlock(Pin("739150"))


def test_a_signature_of_the_token_is_valid_for_an_independent_verifier(bench, chip_card):
    bench.insert(chip_card)
    token = bench.token()
    token.unlock(Pin(FACTORY_PIN))
    point = token.generate_key()
    raw = sm2.raw_from_der(token.sign("准许证".encode()))
    verifier = gmalg.SM2(pk=point, uid=sm2.DEFAULT_ID)
    assert verifier.verify("准许证".encode(), raw[:32], raw[32:])
    assert not verifier.verify(b"another", raw[:32], raw[32:])


def test_wrong_pins_count_down_and_lock(bench, chip_card):
    bench.insert(chip_card)
    token = bench.token()
    for left in (5, 4, 3, 2, 1):
        with pytest.raises(WrongPinError) as caught:
            token.unlock(Pin("000000"))
        assert caught.value.left == left
    with pytest.raises(PinLockedError):
        token.unlock(Pin("000000"))
    with pytest.raises(PinLockedError):
        token.unlock(Pin(FACTORY_PIN))
    assert token.pin_status().tries_left == 0


def test_the_right_pin_gives_all_tries_back(bench, chip_card):
    bench.insert(chip_card)
    token = bench.token()
    with pytest.raises(WrongPinError):
        token.unlock(Pin("000000"))
    token.unlock(Pin(FACTORY_PIN))
    assert token.pin_status().tries_left == token.pin_status().tries_max


def test_nothing_but_unlock_and_change_pin_ever_spends_a_try(bench, chip_card):
    bench.insert(chip_card)
    token = bench.token()
    before = token.pin_status()
    token.identity()
    token.certificate()
    token.public_key()
    token.file_names()
    token.read_file("FACE")
    for refused in (token.generate_key, lambda: token.write_file("A", b"x")):
        with pytest.raises(NotUnlockedError):
            refused()
    for pin in ("", "1", "x" * 17):
        with pytest.raises(PinLengthError):
            token.unlock(Pin(pin))
        with pytest.raises(PinLengthError):
            token.change_pin(Pin(FACTORY_PIN), Pin(pin))
    assert token.pin_status() == before


def test_a_wrong_old_pin_changes_nothing_and_costs_a_try(bench, chip_card):
    bench.insert(chip_card)
    token = bench.token()
    with pytest.raises(WrongPinError) as caught:
        token.change_pin(Pin("42"), Pin("739150"))
    assert caught.value.left == 5
    token.unlock(Pin(FACTORY_PIN))


def test_signing_needs_the_pin_and_a_key(bench, chip_card):
    bench.insert(chip_card)
    token = bench.token()
    token.unlock(Pin(FACTORY_PIN))
    with pytest.raises(KeyMissingError):
        token.sign(b"x")
    token.generate_key()
    token.lock()
    with pytest.raises(NotUnlockedError):
        token.sign(b"x")


def test_a_seal_key_is_never_replaced(bench, chip_card):
    bench.insert(chip_card)
    token = bench.token()
    token.unlock(Pin(FACTORY_PIN))
    point = token.generate_key()
    with pytest.raises(KeyExistsError):
        token.generate_key()
    assert token.public_key() == point


def test_a_certificate_without_a_key_is_refused(bench, chip_card):
    bench.insert(chip_card)
    token = bench.token()
    token.unlock(Pin(FACTORY_PIN))
    with pytest.raises(KeyMissingError):
        token.import_certificate(CERTIFICATE)


def test_a_full_card_says_so(bench, profiles):
    state = setup.blank_chip(profiles[1], "SMALL")
    state.total_bytes = state.used_bytes + 3000
    bench.insert(Card(state))
    token = bench.token()
    token.unlock(Pin(FACTORY_PIN))
    with pytest.raises(NoSpaceError):
        token.write_file("FACE", bytes(4000))
    token.write_file("FACE", bytes(2000))


def test_a_blank_token_becomes_a_key(bench, profiles: tuple[Profile, ...]):
    bench.insert(Card(blank_state("KEY0001")))
    session = TokenSession(ApduProtocol(bench.connect()))
    with pytest.raises(ApplicationMissingError):
        session.open_application(profiles[0].application)
    point = setup.initialise_key(session, profiles[0], "张三", Pin("246810"), Pin("13579246"))

    key = bench.token()
    assert (key.identity().kind, key.identity().label) == ("key", "张三")
    key.unlock(Pin("246810"))
    key.import_certificate(CERTIFICATE)
    assert key.certificate() == CERTIFICATE
    assert sm2.verify(sm2.PublicKey.from_point(point), b"challenge", key.sign(b"challenge"))


def test_the_administrator_unblocks_a_locked_pin(bench, chip_card, profiles):
    bench.insert(chip_card)
    token = bench.token()
    for _try in range(6):
        with pytest.raises((WrongPinError, PinLockedError)):
            token.unlock(Pin("000000"))
    session = TokenSession(ApduProtocol(bench.connect()))
    application = session.open_application(profiles[1].application).application_id
    with pytest.raises(WrongPinError):
        session.unblock_pin(application, Pin("wrong"), Pin("555555"))
    session.unblock_pin(application, Pin(profiles[1].admin_pin), Pin("555555"))
    token = bench.token()
    token.unlock(Pin("555555"))
    assert token.pin_status().tries_left == 6
