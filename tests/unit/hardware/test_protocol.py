"""Long answers, wrong Le, and what the traffic log shows."""

from __future__ import annotations

import logging

import pytest

from sealdesk.hardware.apdu import Command
from sealdesk.hardware.device import Connection, split_answer
from sealdesk.hardware.errors import MalformedAnswerError, OutcomeUnknownError
from sealdesk.hardware.protocol import TRAFFIC, ApduProtocol


class Script(Connection):
    """A connection that answers from a list and keeps what it was sent."""

    atr = b""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.sent = []

    def transmit(self, apdu):
        self.sent.append(apdu.hex())
        return split_answer(bytes.fromhex(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]))

    def reset(self):
        """Nothing to forget."""

    def close(self):
        """Nothing to close."""


def test_the_rest_of_a_long_answer_is_fetched():
    connection = Script("01026103", "03040561ff", "069000")
    answer = ApduProtocol(connection).send(Command(0x80, 0x4E, le=256))
    assert (answer.data.hex(), answer.status) == ("010203040506", 0x9000)
    assert connection.sent == ["804e000000", "00c0000003", "00c00000ff"]


def test_a_command_is_repeated_with_the_le_that_the_card_wants():
    connection = Script("6c05", "01020304059000")
    assert ApduProtocol(connection).send(Command(0x80, 0x4E, data=b"\1", le=256)).ok
    assert connection.sent == ["804e0000010100", "804e0000010105"]


def test_a_command_without_le_is_never_sent_twice():
    connection = Script("6cc0")
    assert ApduProtocol(connection).send(Command(0x80, 0x18, 0, 1, bytes(18), secret=True)).status == 0x6CC0
    assert len(connection.sent) == 1


def test_a_card_that_promises_data_for_ever_is_given_up():
    with pytest.raises(MalformedAnswerError):
        ApduProtocol(Script("006101")).send(Command(0x80, 0x4E, le=256))


@pytest.mark.parametrize("answer", [b"", b"\x90"])
def test_an_answer_under_two_bytes_means_outcome_unknown(answer):
    with pytest.raises(OutcomeUnknownError):
        split_answer(answer)


def test_the_traffic_log_hides_secret_bodies(caplog):
    caplog.set_level(TRAFFIC, logger="sealdesk.hardware.protocol")
    protocol = ApduProtocol(Script("9000"))
    protocol.send(Command(0x80, 0x18, 0, 1, b"\xab\xcd\xef" * 6, secret=True))
    protocol.send(Command(0x80, 0x26, data=b"\x12\x34\x56"))
    assert "abcdef" not in caplog.text
    assert "<18 bytes hidden>" in caplog.text
    assert "123456" in caplog.text


def test_traffic_is_not_logged_at_debug_level(caplog):
    caplog.set_level(logging.DEBUG)
    ApduProtocol(Script("9000")).send(Command(0x80, 0x26, data=b"\x12\x34\x56"))
    assert "123456" not in caplog.text
