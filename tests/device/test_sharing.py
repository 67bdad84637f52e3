"""The card is shared with other programs: nobody is reset by our leaving, and what others do to us has its own error."""

from __future__ import annotations

import threading
import time

import pytest
from smartcard import scard

from sealdesk.domain.pin import Pin
from sealdesk.hardware.errors import NotUnlockedError, OutcomeUnknownError, ReaderBusyError, ReaderLostError
from sealdesk.hardware.pcsc import PcscConnection


def test_closing_a_connection_does_not_reset_the_card_under_others(service_bench, chip_card):
    service_bench.insert(chip_card)
    token = service_bench.token()
    token.unlock(Pin("41"))
    other = PcscConnection(service_bench.readers[0])
    other.close()
    other.close()  # twice is harmless
    assert len(token.generate_key()) == 65


def test_a_connection_that_is_forgotten_does_not_reset_the_card_either(service_bench, chip_card):
    service_bench.insert(chip_card)
    token = service_bench.token()
    token.unlock(Pin("41"))
    other = PcscConnection(service_bench.readers[0])
    card, context = other._card, other._context
    del other
    assert len(token.generate_key()) == 65
    scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)
    scard.SCardReleaseContext(context)


def test_a_reset_by_another_program_means_outcome_unknown_and_no_pin(service_bench, chip_card):
    service_bench.insert(chip_card)
    token = service_bench.token()
    token.unlock(Pin("41"))
    service_bench.connect().reset()
    with pytest.raises(OutcomeUnknownError):
        token.generate_key()
    assert token.pin_status().tries_left == 6
    with pytest.raises(NotUnlockedError):
        token.generate_key()


def test_a_reader_that_another_program_keeps_to_itself_is_busy(service_bench, chip_card):
    service_bench.insert(chip_card)
    _code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    reader, only_us, t1 = service_bench.readers[0], scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_PROTOCOL_T1
    until = time.monotonic() + 20
    while True:  # the service may still be letting go of somebody before us
        code, card, _protocol = scard.SCardConnect(context, reader, only_us, t1)
        if code != scard.SCARD_E_SHARING_VIOLATION or time.monotonic() > until:
            break
        time.sleep(0.05)
    assert code == scard.SCARD_S_SUCCESS
    try:
        with pytest.raises(ReaderBusyError):
            service_bench.connect()
    finally:
        scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)
        scard.SCardReleaseContext(context)
    assert service_bench.token().identity().serial == "CHIP0001"


def test_a_reader_that_is_not_there_is_lost(pcsc_service):
    with pytest.raises(ReaderLostError):
        PcscConnection("no such reader")


def test_another_program_waits_until_commands_that_belong_together_are_through(service_bench, chip_card):
    service_bench.insert(chip_card)
    first, second = service_bench.connect(), service_bench.connect()
    order = []

    def interfere():
        second.transmit(bytes.fromhex("8050000008"))
        order.append("other")

    with first.exclusive():
        thread = threading.Thread(target=interfere)
        thread.start()
        for _command in range(20):
            first.transmit(bytes.fromhex("8050000008"))
        time.sleep(0.1)
        order.append("ours")
    thread.join(5)
    assert order == ["ours", "other"]
