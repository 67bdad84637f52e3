"""Cut lines, torn writes and silence: what the driver makes of them, and that an interrupted chip can always be finished."""

from __future__ import annotations

import time

import pytest

from sealdesk.domain.pin import Pin
from sealdesk.hardware.device import DeadlineConnection
from sealdesk.hardware.drivers import gmt0017
from sealdesk.hardware.drivers.gmt0017 import layout, setup
from sealdesk.hardware.drivers.gmt0017.emulator import Card, Fault, FaultKind
from sealdesk.hardware.errors import (
    DeviceError,
    NotUnlockedError,
    OutcomeUnknownError,
    ReaderLostError,
    TokenChangedError,
    TokenRemovedError,
)
from sealdesk.hardware.protocol import ApduProtocol
from sealdesk.hardware.virtual import VirtualConnection

FACTORY_PIN, CARD_PIN = "41", "739150"
CERTIFICATE = b"\x30\x82\x02\x58" + bytes(600)
FILES = {"ORDER": b'{"order":"1"}', "FACE": bytes(range(256)) * 9}


def burn(token):
    """The steps of a burning, each decided from what the chip holds; running it again finishes an interrupted one."""
    if token.pin_status().is_default:
        token.unlock(Pin(FACTORY_PIN))
        if token.public_key() is None:
            token.generate_key()
        if token.certificate() != CERTIFICATE:
            token.import_certificate(CERTIFICATE)
        for name, content in FILES.items():
            token.write_file(name, content)
        token.change_pin(Pin(FACTORY_PIN), Pin(CARD_PIN))


def check_burned(token):
    assert token.public_key() is not None
    assert token.certificate() == CERTIFICATE
    assert {name: token.read_file(name) for name in token.file_names()} == FILES
    status = token.pin_status()
    assert (status.tries_left, status.is_default) == (status.tries_max, False)
    token.unlock(Pin(CARD_PIN))


def apdus_of_a_burning(profiles):
    card = Card(setup.blank_chip(profiles[1], "COUNT"))
    devices = gmt0017.recognise(ApduProtocol(_connection(card)), "r", profiles)
    before = card.faults.count
    burn(devices)
    return card.faults.count - before


def _connection(card):
    return VirtualConnection(card, "r")


@pytest.mark.parametrize("kind", [FaultKind.CUT_BEFORE, FaultKind.CUT_INSIDE, FaultKind.CUT_AFTER, FaultKind.EMPTY_ANSWER])
@pytest.mark.parametrize("same_token", [True, False])
def test_a_chip_cut_at_any_command_can_be_finished(profiles, kind, same_token):
    total = apdus_of_a_burning(profiles)
    assert total > 30
    for at in range(1, total + 1):
        card = Card(setup.blank_chip(profiles[1], "C"))
        token = gmt0017.recognise(ApduProtocol(_connection(card)), "r", profiles)
        card.faults.add(Fault(kind, at=at))
        try:
            burn(token)
        except OutcomeUnknownError:
            if not same_token:
                card.reset()
                token = gmt0017.recognise(ApduProtocol(_connection(card)), "r", profiles)
            burn(token)
        check_burned(token)


@pytest.mark.long
@pytest.mark.parametrize("kind", [FaultKind.CUT_BEFORE, FaultKind.CUT_INSIDE, FaultKind.CUT_AFTER])
@pytest.mark.parametrize("ins", [layout.INS_GEN_ECC_KEY_PAIR, layout.INS_IMPORT_CERTIFICATE, layout.INS_WRITE_FILE, layout.INS_CHANGE_PIN])
def test_a_chip_cut_behind_the_real_service_can_be_finished(service_bench, profiles, kind, ins):
    card = Card(setup.blank_chip(profiles[1], "C"))
    service_bench.insert(card)
    token = service_bench.token()
    card.faults.add(Fault(kind, ins=ins))
    with pytest.raises(OutcomeUnknownError):
        burn(token)
    with pytest.raises(DeviceError):  # the card fell out of the reader with its line
        token.pin_status()
    service_bench.insert(card)
    burn(token)
    check_burned(token)


def test_after_a_cut_the_pin_is_not_sent_again_by_itself(bench, chip_card):
    bench.insert(chip_card)
    token = bench.token()
    token.unlock(Pin(FACTORY_PIN))
    chip_card.faults.add(Fault(FaultKind.CUT_AFTER, ins=layout.INS_WRITE_FILE))
    with pytest.raises(OutcomeUnknownError):
        token.write_file("FACE", b"x" * 10)
    bench.insert(chip_card)
    assert not token.is_unlocked
    with pytest.raises(NotUnlockedError):
        token.write_file("FACE", b"y" * 10)


def test_a_cut_verification_costs_at_most_the_one_try_it_was(bench, chip_card):
    bench.insert(chip_card)
    token = bench.token()
    chip_card.faults.add(Fault(FaultKind.CUT_AFTER, ins=layout.INS_VERIFY_PIN))
    with pytest.raises(OutcomeUnknownError):
        token.unlock(Pin("000000"))
    bench.insert(chip_card)
    assert token.pin_status().tries_left == 5


def test_an_exchanged_card_is_noticed_after_a_cut(bench, chip_card, profiles):
    bench.insert(chip_card)
    token = bench.token()
    token.unlock(Pin(FACTORY_PIN))
    chip_card.faults.add(Fault(FaultKind.CUT_BEFORE, ins=layout.INS_CREATE_FILE))
    with pytest.raises(OutcomeUnknownError):
        token.write_file("FACE", b"x")
    bench.insert(Card(setup.blank_chip(profiles[1], "OTHER")))
    with pytest.raises(TokenChangedError):
        token.write_file("FACE", b"x")


def test_a_card_taken_out_is_said_to_be_taken_out(bench, chip_card):
    bench.insert(chip_card)
    token = bench.token()
    bench.remove()
    with pytest.raises((OutcomeUnknownError, TokenRemovedError)):
        token.unlock(Pin(FACTORY_PIN))
    with pytest.raises(TokenRemovedError):
        token.pin_status()


def test_a_mute_card_is_given_up_at_the_deadline(bench, chip_card):
    bench.insert(chip_card)
    lost = []
    connection = DeadlineConnection(bench.readers[0], bench.connect, apdu_timeout_s=0.3, budget_s=60, on_lost=lambda: lost.append(True))
    chip_card.faults.add(Fault(FaultKind.MUTE, at=1))
    with pytest.raises(ReaderLostError):
        connection.transmit(bytes.fromhex("80040000000120"))
    begin = time.monotonic()
    with pytest.raises(ReaderLostError):
        connection.transmit(bytes.fromhex("80040000000120"))
    assert time.monotonic() - begin < 0.3  # it is not asked again
    connection.close()
    assert lost == [True]
    bench.remove()


def test_the_budget_counts_the_time_in_the_device_only(bench, chip_card):
    bench.insert(chip_card)
    connection = DeadlineConnection(bench.readers[0], bench.connect, apdu_timeout_s=5, budget_s=0.6)
    time.sleep(0.7)  # somebody types a PIN
    assert connection.transmit(bytes.fromhex("80040000000120"))[1] == 0x9000
    chip_card.faults.add(Fault(FaultKind.SLOW, seconds=5, repeated=True))
    with pytest.raises(ReaderLostError):
        connection.transmit(bytes.fromhex("80040000000120"))
    connection.close()
    bench.remove()


def test_a_reset_forgets_the_proven_pin(bench, chip_card, profiles):
    bench.insert(chip_card)
    connection = bench.connect()
    token = gmt0017.recognise(ApduProtocol(connection), bench.readers[0], profiles)
    token.unlock(Pin(FACTORY_PIN))
    connection.reset()
    fresh = gmt0017.recognise(ApduProtocol(connection), bench.readers[0], profiles)
    with pytest.raises(NotUnlockedError):
        fresh.generate_key()
