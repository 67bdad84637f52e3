"""Command APDUs survive coding and decoding in both forms, and nothing else passes for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealdesk.hardware.apdu import ApduFormatError, Command, Response

header = st.integers(0, 255)
bodies = st.one_of(st.binary(max_size=300), st.integers(0, 65535).map(bytes))
lengths = st.one_of(st.none(), st.integers(1, 300), st.integers(1, 65536), st.sampled_from([255, 256, 257, 65535, 65536]))
commands = st.builds(Command, header, header, header, header, bodies, lengths)


@given(commands)
def test_a_decoded_command_is_the_encoded_one(command):
    assert Command.decode(command.encode()) == command


@given(st.binary(max_size=600))
def test_what_decodes_is_never_longer_when_encoded_again(apdu):
    try:
        command = Command.decode(apdu)
    except ApduFormatError:
        return
    assert len(command.encode()) <= len(apdu)
    assert Command.decode(command.encode()) == command


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (Command(0x80, 0x50, 0, 0, b"", 8), "8050000008"),
        (Command(0x80, 0x04, 0, 0, b"", 288), "80040000000120"),
        (Command(0x80, 0x04, 0, 0, b"", 256), "8004000000"),
        (Command(0x80, 0x04, 0, 0, b"", 65536), "80040000000000"),
        (Command(0x80, 0x18, 0, 1, bytes(18)), "8018000112" + "00" * 18),
        (Command(0x80, 0x26, 0, 0, b"AB", 10), "802600000241420a"),
        (Command(0x80, 0x3A, 0, 0, bytes(256)), "803a0000000100" + "00" * 256),
        (Command(0x80, 0x38, 0, 0, b"A", 1024), "8038000000000141" + "0400"),
        (Command(0x80, 0x28), "80280000"),
    ],
)
def test_lengths_are_written_as_the_standard_says(command, expected):
    assert command.encode().hex() == expected


@pytest.mark.parametrize(
    "apdu", ["", "800400", "8018000112aa", "80180000020102ff00", "803a000000000401020304ff", "803a0000000000aa", "80040000000000aabb"]
)
def test_lengths_that_do_not_fit_are_refused(apdu):
    with pytest.raises(ApduFormatError):
        Command.decode(bytes.fromhex(apdu))


@pytest.mark.parametrize("wrong", [{"cla": 256}, {"ins": -1}, {"le": 0}, {"le": 65537}, {"data": bytes(65536)}])
def test_impossible_commands_are_refused(wrong):
    with pytest.raises(ApduFormatError):
        Command(**{"cla": 0x80, "ins": 4, **wrong})


def test_a_command_does_not_show_its_body():
    assert "739150" not in repr(Command(0x80, 0x18, data=b"739150"))


def test_only_9000_counts_as_done():
    assert [status for status in range(0x10000) if Response(b"", status).ok] == [0x9000]
