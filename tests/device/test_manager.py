"""The device manager over both kinds of readers: what it shows, whom it lets work, and how it survives that cards and services go."""

from __future__ import annotations

import threading

import pytest
from jcecard.main import OpenPGPCard

from sealdesk.core.errors import UserCancelled
from sealdesk.crypto import sm2
from sealdesk.domain.pin import Pin
from sealdesk.domain.ports import Devices
from sealdesk.hardware.drivers.gmt0017 import setup
from sealdesk.hardware.drivers.gmt0017.emulator import Card, Fault, FaultKind, blank_state
from sealdesk.hardware.drivers.gmt0017.session import TokenSession
from sealdesk.hardware.errors import (
    NoChipError,
    NoKeyError,
    NotUnlockedError,
    OutcomeUnknownError,
    ReaderLostError,
    ServiceNotRunningError,
    UnknownCardError,
    WrongKindError,
)
from sealdesk.hardware.manager import DeviceManager
from sealdesk.hardware.monitor import PcscReaders
from sealdesk.hardware.protocol import ApduProtocol
from sealdesk.hardware.readers import SoftwareDevices
from sealdesk.hardware.virtual import VirtualConnection


class ForeignCard:
    """An independent card (OpenPGP and PIV) that knows nothing of GM/T 0017."""

    def __init__(self, folder):
        self._card = OpenPGPCard(storage_path=folder / "card.json")
        self._card.power_on()
        self.seen = []

    @property
    def atr(self):
        return bytes(self._card.get_atr())

    def reset(self):
        self._card.reset()

    def process(self, apdu):
        self.seen.append(apdu)
        return bytes(self._card.process_apdu(apdu))

    def unplug(self):
        pass


@pytest.fixture
def manager(bench, profiles):
    manager = DeviceManager(profiles, (bench.source(),), apdu_timeout_s=2.0)
    yield manager
    manager.close()


@pytest.fixture
def key_card(profiles):
    card = Card(blank_state("KEY0001"))
    setup.initialise_key(TokenSession(ApduProtocol(VirtualConnection(card, "r"))), profiles[0], "张三", Pin("246810"), Pin("13579246"))
    return card


def shown(manager, reader):
    return next((state.state for state in manager.readers() if state.reader == reader), None)


def test_the_manager_fulfils_the_port(manager):
    devices: Devices = manager
    assert callable(devices.with_chip)


def test_cards_are_shown_as_they_come_and_go(bench, manager, chip_card, key_card, eventually):
    bench.insert(key_card, 0)
    bench.insert(chip_card, 1)
    assert eventually(lambda: [shown(manager, reader) for reader in bench.readers] == ["key", "chip"])
    assert [token.serial for token in manager.find_keys()] == ["KEY0001"]
    assert [token.serial for token in manager.find_chips()] == ["CHIP0001"]
    bench.remove(0)
    assert eventually(lambda: shown(manager, bench.readers[0]) == "empty")
    assert manager.find_keys() == ()


def test_listeners_hear_every_change_until_they_stop(bench, manager, chip_card, eventually):
    heard = []
    end = manager.subscribe(heard.append)
    bench.insert(chip_card)
    assert eventually(lambda: any(state.token is not None for states in heard for state in states))
    end()
    assert manager.settle()
    count = len(heard)
    bench.remove()
    assert eventually(lambda: shown(manager, bench.readers[0]) == "empty")
    assert len(heard) == count


def test_an_exchanged_chip_is_shown_with_its_own_serial(bench, manager, chip_card, profiles, eventually):
    bench.insert(chip_card)
    assert eventually(lambda: [token.serial for token in manager.find_chips()] == ["CHIP0001"])
    bench.insert(Card(setup.blank_chip(profiles[1], "CHIP0002")))
    assert eventually(lambda: [token.serial for token in manager.find_chips()] == ["CHIP0002"])


def test_a_card_of_another_kind_is_unknown_and_unharmed(bench, manager, eventually, tmp_path):
    card = ForeignCard(tmp_path)
    bench.insert(card)
    assert eventually(lambda: shown(manager, bench.readers[0]) == "unknown")
    with pytest.raises(UnknownCardError):
        manager.with_chip(bench.readers[0], lambda chip, task: None).result(10)
    answer = manager.with_connection(
        bench.readers[0], lambda connection, task: connection.transmit(bytes.fromhex("00A4040006D27600012401")), 10
    ).result(10)
    assert answer[1] == 0x9000
    assert not any(apdu[1] == 0x20 for apdu in card.seen)  # no PIN was tried on it


def test_work_on_a_key_signs(bench, manager, key_card, eventually):
    bench.insert(key_card)
    assert eventually(lambda: shown(manager, bench.readers[0]) == "key")

    def work(key, task):
        task.check()
        key.unlock(Pin("246810"))
        return key.sign(b"challenge")

    signature = manager.with_key(bench.readers[0], work).result(10)
    point = key_card.state.applications[0].containers[0].public_point
    assert sm2.verify(sm2.PublicKey.from_point(point), b"challenge", signature)


def test_a_proven_pin_does_not_outlive_the_work(bench, manager, chip_card, eventually):
    bench.insert(chip_card)
    assert eventually(lambda: shown(manager, bench.readers[0]) == "chip")
    manager.with_chip(bench.readers[0], lambda chip, task: chip.unlock(Pin("41"))).result(10)
    with pytest.raises(NotUnlockedError):
        manager.with_chip(bench.readers[0], lambda chip, task: chip.generate_key()).result(10)
    stale = bench.token()  # another program, which opens the application itself
    with pytest.raises(NotUnlockedError):
        stale.generate_key()


def test_no_card_and_the_wrong_kind_have_their_own_errors(bench, manager, chip_card, eventually):
    reader = bench.readers[0]
    with pytest.raises(NoKeyError):
        manager.with_key(reader, lambda key, task: None).result(10)
    with pytest.raises(NoChipError):
        manager.with_chip(reader, lambda chip, task: None).result(10)
    with pytest.raises(NoKeyError):
        manager.with_key("no such reader", lambda key, task: None).result(10)
    bench.insert(chip_card)
    assert eventually(lambda: shown(manager, reader) == "chip")
    with pytest.raises(WrongKindError):
        manager.with_key(reader, lambda key, task: None).result(10)


def test_a_mute_card_is_lost_until_it_is_put_in_again(bench, profiles, chip_card, eventually):
    manager = DeviceManager(profiles, (bench.source(),), apdu_timeout_s=0.5)
    reader = bench.readers[0]
    bench.insert(chip_card)
    assert eventually(lambda: shown(manager, reader) == "chip")
    chip_card.faults.add(Fault(FaultKind.MUTE))
    with pytest.raises(ReaderLostError):
        manager.with_chip(reader, lambda chip, task: chip.identity()).result(10)
    assert eventually(lambda: shown(manager, reader) == "lost")
    with pytest.raises(ReaderLostError):
        manager.with_chip(reader, lambda chip, task: chip.identity()).result(10)
    bench.remove()
    assert eventually(lambda: shown(manager, reader) == "empty")
    bench.insert(Card(chip_card.state))
    assert eventually(lambda: shown(manager, reader) == "chip")
    manager.close()


def test_a_lost_reader_can_be_tried_again(bench, profiles, chip_card, eventually):
    manager = DeviceManager(profiles, (bench.source(),), apdu_timeout_s=0.5)
    reader = bench.readers[0]
    bench.insert(chip_card)
    assert eventually(lambda: shown(manager, reader) == "chip")
    chip_card.faults.add(Fault(FaultKind.SLOW, seconds=1.0))
    with pytest.raises(ReaderLostError):
        manager.with_chip(reader, lambda chip, task: chip.identity()).result(10)
    assert eventually(lambda: shown(manager, reader) == "lost")
    assert eventually(lambda: chip_card.faults.count > 0 and _tried_again(manager, reader))
    manager.close()


def _tried_again(manager, reader):
    manager.retry(reader)
    manager.settle(5)
    return shown(manager, reader) == "chip"


def test_a_line_that_breaks_once_while_a_card_goes_in_is_forgiven(profiles, chip_card):
    devices = SoftwareDevices()
    manager = DeviceManager(profiles, (devices,))
    chip_card.faults.add(Fault(FaultKind.EMPTY_ANSWER, at=1))
    devices.insert_card("软件密钥", chip_card)
    assert manager.settle()
    assert shown(manager, "软件密钥") == "chip"
    manager.close()


def test_one_reader_waiting_for_a_person_does_not_hold_up_another(bench, manager, chip_card, key_card, eventually):
    bench.insert(key_card, 0)
    bench.insert(chip_card, 1)
    assert eventually(lambda: [shown(manager, reader) for reader in bench.readers] == ["key", "chip"])
    typed = threading.Event()
    waiting = manager.with_key(bench.readers[0], lambda key, task: typed.wait(10))
    assert manager.with_chip(bench.readers[1], lambda chip, task: chip.identity().serial).result(5) == "CHIP0001"
    assert not waiting.done
    typed.set()
    assert waiting.result(5) is True


def test_cancelled_work_that_waits_never_touches_the_card(bench, manager, chip_card, eventually):
    bench.insert(chip_card)
    assert eventually(lambda: shown(manager, bench.readers[0]) == "chip")
    typed = threading.Event()
    first = manager.with_chip(bench.readers[0], lambda chip, task: typed.wait(10))
    touched = []
    second = manager.with_chip(bench.readers[0], lambda chip, task: touched.append(True))
    second.cancel()
    typed.set()
    first.result(5)
    with pytest.raises(UserCancelled):
        second.result(5)
    assert touched == []


def test_the_monitor_survives_the_death_of_the_service(service_bench, profiles, chip_card, eventually):
    service = service_bench.service
    source = PcscReaders(retry_s=0.05)
    manager = DeviceManager(profiles, (source,), apdu_timeout_s=5.0)
    service_bench.insert(chip_card)
    assert eventually(lambda: shown(manager, service_bench.readers[0]) == "chip")

    service.kill()
    assert eventually(lambda: [type(problem) for problem in manager.problems()] == [ServiceNotRunningError])
    assert eventually(lambda: manager.readers() == ())
    with pytest.raises(NoChipError):
        manager.with_chip(service_bench.readers[0], lambda chip, task: None).result(10)

    service.start()
    assert eventually(lambda: len(manager.readers()) == 2)
    assert manager.problems() == ()
    service_bench.insert(chip_card)
    assert eventually(lambda: shown(manager, service_bench.readers[0]) == "chip")
    manager.close()


def test_the_service_dying_in_the_middle_of_work_leaves_a_chip_that_can_be_finished(service_bench, profiles, chip_card, eventually):
    service = service_bench.service
    service_bench.insert(chip_card)
    token = service_bench.token()
    token.unlock(Pin("41"))
    point = token.generate_key()
    service.kill()
    with pytest.raises(OutcomeUnknownError):
        token.write_file("FACE", b"x" * 3000)
    with pytest.raises(ServiceNotRunningError):
        token.write_file("FACE", b"x" * 3000)
    service.start()
    service_bench.insert(chip_card)
    token.unlock(Pin("41"))
    token.write_file("FACE", b"x" * 3000)
    assert token.public_key() == point
    assert token.read_file("FACE") == b"x" * 3000
