"""What the session makes of odd answers, and what it never puts into a log."""

from __future__ import annotations

import pytest

from sealdesk.domain.pin import Pin
from sealdesk.hardware.drivers.gmt0017 import layout, setup
from sealdesk.hardware.drivers.gmt0017.driver import Gmt0017Token
from sealdesk.hardware.drivers.gmt0017.emulator import Card, Fault, FaultKind, blank_state
from sealdesk.hardware.drivers.gmt0017.session import TokenSession
from sealdesk.hardware.drivers.gmt0017.status import Status, error_for, tries_left
from sealdesk.hardware.errors import (
    AccessRefusedError,
    CardRefusedError,
    FileTooLargeError,
    KeyMissingError,
    MalformedAnswerError,
    NoSpaceError,
    NotUnlockedError,
    PinLockedError,
    ReadBackError,
    WrongPinError,
)
from sealdesk.hardware.protocol import TRAFFIC, ApduProtocol
from sealdesk.hardware.virtual import VirtualConnection


def lie(card, ins, answer):
    card.faults.add(Fault(FaultKind.LIE, ins=ins, answer=bytes.fromhex(answer)))


@pytest.mark.parametrize(
    ("status", "left"), [(0x63C0, 0), (0x63C3, 3), (0x63CF, 15), (0x67C0, -1), (0x6BC0, -1), (0x6983, None), (0x9000, None), (0x6300, None)]
)
def test_the_tries_in_a_status_word_are_read_tolerantly(status, left):
    assert tries_left(status) == left


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (Status.SECURITY_STATE, NotUnlockedError),
        (Status.LOCKED, PinLockedError),
        (Status.NO_ROOM, NoSpaceError),
        (Status.KEY_MISSING, KeyMissingError),
        (Status.CONDITIONS, AccessRefusedError),
        (Status.WRITE_FAILED, CardRefusedError),
        (0x6F00, CardRefusedError),
    ],
)
def test_status_words_become_errors(status, error):
    assert type(error_for(status, "X")) is error


def test_when_the_status_hides_the_tries_the_counter_is_asked(card, session, application):
    lie(card, layout.INS_VERIFY_PIN, "67c0")
    with pytest.raises(WrongPinError) as caught:
        session.verify_pin(application, Pin("000000"))
    assert caught.value.left == 6  # the lie spent none


def test_the_last_wrong_pin_is_reported_as_locked(card, session, application):
    lie(card, layout.INS_VERIFY_PIN, "63c0")
    with pytest.raises(PinLockedError):
        session.verify_pin(application, Pin("000000"))


@pytest.mark.parametrize(
    ("ins", "answer", "call"),
    [
        (layout.INS_GET_DEV_INFO, "00019000", lambda s, a: s.get_device_info()),
        (layout.INS_GEN_RANDOM, "00019000", lambda s, a: s.random()),
        (layout.INS_OPEN_APPLICATION, "00019000", lambda s, a: s.open_application("X")),
        (layout.INS_GET_PIN_INFO, "00019000", lambda s, a: s.pin_info(a)),
        (layout.INS_GET_FILE_INFO, "00019000", lambda s, a: s.file_info(a, "X")),
        (layout.INS_READ_FILE, "00019000", lambda s, a: s.read_file(a, "X", 0, 9)),
        (layout.INS_OPEN_CONTAINER, "009000", lambda s, a: s.open_container(a, "X")),
        (layout.INS_EXPORT_PUBLIC_KEY, "00019000", lambda s, a: s.export_public_key(a, 1)),
        (layout.INS_EXPORT_PUBLIC_KEY, "80000000" + "11" * 64 + "9000", lambda s, a: s.export_public_key(a, 1)),
        (layout.INS_EXPORT_CERTIFICATE, "ff0000003000" + "9000", lambda s, a: s.export_certificate(a, 1)),
        (layout.INS_ECC_SIGN_DATA, "00010000" + "11" * 63 + "9000", lambda s, a: s.sign_digest(a, 1, bytes(32))),
        (layout.INS_GEN_ECC_KEY_PAIR, "9000", lambda s, a: s.generate_key(a, 1)),
    ],
)
def test_malformed_answers_are_refused(card, session, application, ins, answer, call):
    lie(card, ins, answer)
    with pytest.raises(MalformedAnswerError):
        call(session, application)


def test_values_right_aligned_in_64_bytes_are_read(card, session, application):
    lie(card, layout.INS_EXPORT_PUBLIC_KEY, "00010000" + "00" * 32 + "11" * 32 + "00" * 32 + "22" * 32 + "9000")
    assert session.export_public_key(application, 1) == b"\x04" + b"\x11" * 32 + b"\x22" * 32


def test_a_signature_that_does_not_verify_is_not_handed_on(card, session, profile):
    token = Gmt0017Token(session, "reader", profile, session.get_device_info())
    token.unlock(Pin("41"))
    token.generate_key()
    lie(card, layout.INS_ECC_SIGN_DATA, "00010000" + "11" * 64 + "9000")
    with pytest.raises(ReadBackError):
        token.sign(b"message")


def test_a_write_that_the_card_only_claims_is_noticed(card, session, profile):
    token = Gmt0017Token(session, "reader", profile, session.get_device_info())
    token.unlock(Pin("41"))
    lie(card, layout.INS_WRITE_FILE, "9000")
    with pytest.raises(ReadBackError):
        token.write_file("FACE", b"x" * 100)


def test_a_file_beyond_the_offset_is_refused_before_anything_is_sent(card, session, profile):
    token = Gmt0017Token(session, "reader", profile, session.get_device_info())
    count = card.faults.count
    with pytest.raises(FileTooLargeError):
        token.write_file("FACE", bytes(65536))
    assert card.faults.count == count


def test_writing_the_same_again_writes_nothing(card, session, profile):
    token = Gmt0017Token(session, "reader", profile, session.get_device_info())
    token.unlock(Pin("41"))
    token.write_file("FACE", bytes(3000))
    token.lock()
    token.write_file("FACE", bytes(3000))  # would need the PIN if it wrote
    token.unlock(Pin("41"))
    token.write_file("FACE", b"shorter")
    assert token.read_file("FACE") == b"shorter"


def test_an_empty_file_can_be_kept(session, profile):
    token = Gmt0017Token(session, "reader", profile, session.get_device_info())
    token.unlock(Pin("41"))
    token.write_file("EMPTY", b"")
    assert token.read_file("EMPTY") == b""


def test_no_pin_is_in_any_log_at_any_level(caplog, profile):
    caplog.set_level(TRAFFIC)
    pins = ("73915028", "60417739", "88223311")
    session = TokenSession(ApduProtocol(VirtualConnection(Card(blank_state("S")), "reader")))
    setup.initialise_key(session, profile, "label", Pin(pins[0]), Pin(pins[1]))
    application = session.open_application(profile.application).application_id
    session.change_pin(application, Pin(pins[0]), Pin(pins[2]))
    session.unblock_pin(application, Pin(pins[1]), Pin(pins[0]))
    with pytest.raises(WrongPinError):
        session.verify_pin(application, Pin(pins[2]))
    assert "> 8018" in caplog.text
    for pin in (*pins, profile.device_key):
        assert pin not in caplog.text
        assert pin.encode().hex() not in caplog.text
