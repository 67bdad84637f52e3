"""The emulated token keeps the rules of a real one: counters, challenges, rights, room; and its file survives crashes."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sealdesk.domain.pin import Pin
from sealdesk.hardware.apdu import Command
from sealdesk.hardware.drivers.gmt0017 import layout, pin_proof
from sealdesk.hardware.drivers.gmt0017.emulator import Card, Fault, FaultKind, StateFile, blank_state
from sealdesk.hardware.drivers.gmt0017.layout import FileAttributes
from sealdesk.hardware.drivers.gmt0017.profile import Rights, load_profiles, profile_of
from sealdesk.hardware.drivers.gmt0017.session import TokenSession
from sealdesk.hardware.drivers.gmt0017.setup import blank_chip, write_state
from sealdesk.hardware.drivers.gmt0017.status import Status
from sealdesk.hardware.errors import CardRefusedError, NoSpaceError, NotUnlockedError, PinLockedError, WrongPinError
from sealdesk.hardware.protocol import ApduProtocol
from sealdesk.hardware.readers import SoftwareDevices
from sealdesk.hardware.virtual import PowerCut, VirtualConnection


def send(card, command):
    return int.from_bytes(card.process(command.encode())[-2:], "big")


class PinRules(RuleBasedStateMachine):
    """Whatever is done in whatever order, the counters are those of the standard."""

    def __init__(self) -> None:
        super().__init__()
        self.card = Card(blank_chip(profile_of("chip", load_profiles()), "S"))
        self.session = TokenSession(ApduProtocol(VirtualConnection(self.card, "r")))
        self.pins = {layout.USER: "41", layout.ADMIN: "41"}
        self.left = {layout.USER: 6, layout.ADMIN: 6}
        self.unlocked = False
        self.open()

    def open(self) -> None:
        self.application = self.session.open_application("SEALCHIP").application_id

    def spend(self, owner: int, right: bool, work) -> bool:
        if self.left[owner] == 0:
            with pytest.raises(PinLockedError):
                work()
            return False
        if right:
            work()
            self.left[owner] = 6
            return True
        self.left[owner] -= 1
        with pytest.raises(WrongPinError if self.left[owner] else PinLockedError):
            work()
        return False

    @rule(owner=st.sampled_from([layout.USER, layout.ADMIN]), right=st.booleans())
    def verify(self, owner: int, right: bool) -> None:
        pin = self.pins[owner] if right else "999999"
        done = self.spend(owner, right, lambda: self.session.verify_pin(self.application, Pin(pin), owner))
        if owner == layout.USER and self.left[owner] != 0:
            self.unlocked = done
        elif owner == layout.USER:
            self.unlocked = False

    @rule(right=st.booleans(), new=st.sampled_from(["41", "123456", "000000"]))
    def change(self, right: bool, new: str) -> None:
        old = self.pins[layout.USER] if right else "999999"
        if self.spend(layout.USER, right, lambda: self.session.change_pin(self.application, Pin(old), Pin(new))):
            self.pins[layout.USER] = new
            self.unlocked = False

    @rule(right=st.booleans(), new=st.sampled_from(["41", "654321"]))
    def unblock(self, right: bool, new: str) -> None:
        admin = self.pins[layout.ADMIN] if right else "999999"
        if self.spend(layout.ADMIN, right, lambda: self.session.unblock_pin(self.application, Pin(admin), Pin(new))):
            self.pins[layout.USER], self.left[layout.USER] = new, 6

    @rule()
    def reset(self) -> None:
        self.card.reset()
        self.unlocked = False
        self.open()

    @rule()
    def clear(self) -> None:
        self.session.clear_secure_state(self.application)
        self.unlocked = False

    @invariant()
    def counters_agree(self) -> None:
        for owner in (layout.USER, layout.ADMIN):
            assert self.session.pin_info(self.application, owner).tries_left == self.left[owner]

    @invariant()
    def rights_agree(self) -> None:
        container = self.session.open_container(self.application, "SEAL")
        assert container is not None
        if self.unlocked:
            self.session.import_certificate(self.application, container, b"x")
        else:
            with pytest.raises(NotUnlockedError):
                self.session.import_certificate(self.application, container, b"x")


PinRules.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestPinRules = PinRules.TestCase


def test_a_challenge_serves_once(card, session, application):
    challenge = session.random()
    answer = layout.pack_ids(application) + pin_proof.proof(pin_proof.pin_key(b"41"), challenge)
    assert send(card, Command(0x80, layout.INS_VERIFY_PIN, 0, layout.USER, answer)) == Status.OK
    assert send(card, Command(0x80, layout.INS_VERIFY_PIN, 0, layout.USER, answer)) == Status.NO_CHALLENGE
    assert session.pin_info(application).tries_left == 6


def test_cutting_the_power_before_the_answer_saves_no_try(card, session, application):
    card.faults.add(Fault(FaultKind.CUT_AFTER, ins=layout.INS_VERIFY_PIN))
    session.random()
    with pytest.raises(PowerCut):
        card.process(Command(0x80, layout.INS_VERIFY_PIN, 0, layout.USER, layout.pack_ids(application) + bytes(16)).encode())
    assert card.state.applications[0].user.tries_left == 5


def test_a_cut_card_stays_silent_until_it_is_reset(card):
    card.faults.add(Fault(FaultKind.CUT_BEFORE))
    for _twice in range(2):
        with pytest.raises(PowerCut):
            card.process(bytes.fromhex("80040000000120"))
    card.reset()
    assert send(card, Command(0x80, layout.INS_GET_DEV_INFO, le=288)) == Status.OK


@pytest.mark.parametrize(
    ("apdu", "status"),
    [
        ("00a4040000", Status.CLA_UNKNOWN),
        ("80ff0000", Status.INS_UNKNOWN),
        ("8018", Status.WRONG_LENGTH),
        ("8014000102ffff00", Status.APPLICATION_NOT_OPEN),
        ("80140001010000", Status.WRONG_DATA),
        ("802600000241420a", Status.APPLICATION_NAME_UNKNOWN),
        ("8020000060" + "00" * 96, Status.SECURITY_STATE),
    ],
)
def test_wrong_commands_get_their_status_words(card, apdu, status):
    assert int.from_bytes(card.process(bytes.fromhex(apdu))[-2:], "big") == status


def test_a_changed_pin_without_mac_is_refused_and_costs_nothing(card, session, application):
    session.random()
    body = layout.pack_ids(application) + bytes(20)
    assert send(card, Command(0x80, layout.INS_CHANGE_PIN, 0, layout.USER, body)) == Status.MAC_MISSING
    assert session.pin_info(application).tries_left == 6


def test_rights_of_files_are_kept(session, application):
    session.verify_pin(application, Pin("41"))
    for name, read_rights, write_rights in (("OPEN", Rights.ANYONE, Rights.USER), ("SHUT", Rights.USER, Rights.NEVER)):
        session.create_file(application, FileAttributes(name, 4, read_rights, write_rights))
    with pytest.raises(NotUnlockedError):
        session.write_file(application, "SHUT", 0, b"abcd")
    session.write_file(application, "OPEN", 0, b"abcd")
    session.clear_secure_state(application)
    assert session.read_file(application, "OPEN", 0, 4) == b"abcd"
    for refused in (
        lambda: session.read_file(application, "SHUT", 0, 4),
        lambda: session.write_file(application, "OPEN", 0, b"efgh"),
        lambda: session.delete_file(application, "OPEN"),
        lambda: session.create_file(application, FileAttributes("NEW", 4, Rights.ANYONE, Rights.USER)),
    ):
        with pytest.raises(NotUnlockedError):
            refused()


def test_files_keep_their_size_and_their_names_are_unique(session, application):
    session.verify_pin(application, Pin("41"))
    attributes = FileAttributes("FACE", 4, Rights.ANYONE, Rights.USER)
    session.create_file(application, attributes)
    for refused, status in (
        (lambda: session.create_file(application, attributes), "6A92"),
        (lambda: session.write_file(application, "FACE", 2, b"abcd"), "6B00"),
        (lambda: session.write_file(application, "NONE", 0, b"abcd"), "6A93"),
        (lambda: session.delete_file(application, "NONE"), "6A93"),
    ):
        with pytest.raises(CardRefusedError) as caught:
            refused()
        assert caught.value.status == status
    with pytest.raises(NoSpaceError):
        session.create_file(application, FileAttributes("HUGE", 60000 * 5, Rights.ANYONE, Rights.USER))


def test_a_wrong_device_key_counts_down(profile):
    card = Card(blank_state("S"))
    session = TokenSession(ApduProtocol(VirtualConnection(card, "r")))
    with pytest.raises(WrongPinError) as caught:
        session.authenticate_device(b"wrong-device-key")
    assert caught.value.left == 9


def test_a_token_in_a_file_survives_the_process(tmp_path, profile):
    file = tmp_path / "deep" / "chip.json"
    write_state(blank_chip(profile, "CHIP7"), file)
    first = TokenSession(ApduProtocol(VirtualConnection(Card(StateFile(file)), "r")))
    number = first.open_application(profile.application).application_id
    with pytest.raises(WrongPinError):
        first.verify_pin(number, Pin("000000"))
    first.verify_pin(number, Pin("41"))
    point = first.generate_key(number, first.open_container(number, profile.container))
    again = TokenSession(ApduProtocol(VirtualConnection(Card(StateFile(file)), "r")))
    number = again.open_application(profile.application).application_id
    assert again.get_device_info().serial == "CHIP7"
    assert again.export_public_key(number, again.open_container(number, profile.container)) == point
    assert [entry.name for entry in file.parent.iterdir()] == ["chip.json"]


@pytest.mark.skipif(os.name != "posix", reason="file modes are of POSIX systems")
def test_the_file_of_a_token_is_its_owners_only(tmp_path, profile):
    write_state(blank_chip(profile), tmp_path / "chip.json")
    assert stat.S_IMODE((tmp_path / "chip.json").stat().st_mode) == 0o600


def test_a_crash_while_storing_leaves_the_old_state(tmp_path, profile, monkeypatch):
    file = tmp_path / "chip.json"
    state = blank_chip(profile, "OLD")
    write_state(state, file)
    state.label = "new"

    def crash(descriptor: int) -> None:
        raise OSError("power")

    monkeypatch.setattr(os, "fsync", crash)
    with pytest.raises(OSError, match="power"):
        StateFile(file).save(state)
    assert StateFile(file).load().label == ""


@pytest.mark.parametrize("content", ["{}", "[]", json.dumps({"format": "sealdesk-software-token", "version": 2, "card": {}})])
def test_other_files_are_not_tokens(tmp_path, content):
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(ValueError, match="not a software token"):
        SoftwareDevices().insert("reader", tmp_path / "x.json")


def test_software_readers_come_and_go(tmp_path: Path, profile):
    write_state(blank_chip(profile, "A"), tmp_path / "a.json")
    write_state(blank_chip(profile, "B"), tmp_path / "b.json")
    devices = SoftwareDevices()
    changes = []
    devices.subscribe(lambda: changes.append([slot.is_present for slot in devices.slots()]))
    devices.insert("软件密钥", tmp_path / "a.json")
    devices.insert("软件读卡器", tmp_path / "b.json")
    devices.remove("软件密钥")
    devices.unplug("软件读卡器")
    assert changes == [[True], [True, True], [False, True], [False]]
