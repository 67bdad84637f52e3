"""A dressed application with Chinese texts, lanes, and a desk made of plain values, for the tests of the window."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from sealdesk.core import i18n
from sealdesk.core.lanes import Job, Lane, Rank
from sealdesk.core.settings import Settings
from sealdesk.domain.access import EVERYTHING, Actor
from sealdesk.domain.ports import PinStatus, ReaderState, TokenIdentity
from sealdesk.ui import app as ui_app
from sealdesk.ui.theme import Scheme


@pytest.fixture(autouse=True)
def _speak_chinese(_english_again: None) -> None:
    i18n.use_language("zh_CN")


@pytest.fixture(scope="session")
def qapp(display: str, qapp_args: list[str]) -> QApplication:
    return ui_app.set_up(Scheme.LIGHT)


@pytest.fixture
def lane() -> Iterator[Lane]:
    made = Lane("data", Rank.DATA)
    yield made
    assert made.close()


@pytest.fixture
def shots() -> Path | None:
    """Where pictures go, when somebody wants to look at them."""
    folder = os.environ.get("SEALDESK_SHOTS")
    if not folder:
        return None
    made = Path(folder)
    made.mkdir(parents=True, exist_ok=True)
    return made


KEY = ReaderState("ACS ACR39U 00 00", "key", TokenIdentity("ACS ACR39U 00 00", "2026010017", "生产专用章", "GM", "key"), "张建国")
CHIP = ReaderState("ACS ACR39U 01 00", "chip", TokenIdentity("ACS ACR39U 01 00", "C0230441", "", "GM", "chip"))
EMPTY = ReaderState("ACS ACR39U 01 00", "empty")


@dataclass
class PlainDevices:
    """Readers that change when a test says so."""

    now: tuple[ReaderState, ...] = (KEY, EMPTY)
    listeners: list[Callable[[tuple[ReaderState, ...]], None]] = field(default_factory=list)

    def readers(self) -> tuple[ReaderState, ...]:
        return self.now

    def subscribe(self, listener: Callable[[tuple[ReaderState, ...]], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener) if listener in self.listeners else None

    def change(self, *now: ReaderState) -> None:
        self.now = now
        for listener in list(self.listeners):
            listener(now)

    def with_key(self, reader: str, work: Any, deadline_s: float = 30.0) -> Job[Any]:
        raise NotImplementedError

    def with_chip(self, reader: str, work: Any, deadline_s: float = 120.0) -> Job[Any]:
        raise NotImplementedError


@dataclass(frozen=True)
class PlainSyncState:
    online: bool = True
    offline_since: datetime | None = None
    waiting: int = 0
    decisions: int = 0


@dataclass
class PlainSync:
    now: PlainSyncState = PlainSyncState()
    listeners: list[Callable[[Any], None]] = field(default_factory=list)

    def state(self) -> PlainSyncState:
        return self.now

    def subscribe(self, listener: Callable[[Any], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: None

    def change(self, now: PlainSyncState) -> None:
        self.now = now
        for listener in list(self.listeners):
            listener(now)


@dataclass(frozen=True)
class PlainLanes:
    data: Lane
    network: Lane


class PlainDesk:
    """A desk without a business behind it: queries get None as their session."""

    def __init__(self, lane: Lane, folder: Path) -> None:
        self.actor = Actor("u1", "李晓梅", frozenset({EVERYTHING}))
        self.lanes = PlainLanes(lane, lane)
        self.devices = PlainDevices()
        self.sync = PlainSync()
        self.settings = Settings(folder / "settings.json")
        self.listeners: list[Callable[[frozenset[str]], None]] = []

    def execute(self, command: Any) -> Job[Any]:
        return self.lanes.data.submit(lambda _task: command)

    def ask(self, query: Callable[..., Any]) -> Job[Any]:
        return self.lanes.data.submit(lambda _task: query(None))

    def may(self, command: Any, subject: Any = None) -> None:
        return None

    def subscribe(self, listener: Callable[[frozenset[str]], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def change(self, *nouns: str) -> None:
        for listener in list(self.listeners):
            listener(frozenset(nouns))


@pytest.fixture
def desk(lane: Lane, tmp_path: Path) -> PlainDesk:
    return PlainDesk(lane, tmp_path)


@dataclass(frozen=True)
class PlainAuthority:
    name: str = "上海市公安局印章管理根证书"
    fingerprint: str = "9f2c41d07be35a6688d1c0de4412ab907713f00c5d2e6a9981b4c3d2e1f0a9b8"


class PlainSignIn:
    """A sign-in whose answers a test decides."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.devices = PlainDevices()
        self.is_new_installation = False
        self.last_user_name = ""
        self.refusal: BaseException | None = None
        self.asked: list[dict[str, Any]] = []
        self.tries_left = 6

    def _answer(self, value: Any) -> Job[Any]:
        refusal = self.refusal

        def work(_task: object) -> Any:
            if refusal is not None:
                raise refusal
            return value

        return self.lane.submit(work)

    def pin_status(self, reader: str) -> Job[PinStatus]:
        tries_left = self.tries_left
        return self.lane.submit(lambda _task: PinStatus(6, tries_left, False))

    def sign_in(self, user_name: str, password: str, shop_name: str, reader: str, pin: Any) -> Job[Actor]:
        self.asked.append({"user_name": user_name, "password": password, "shop_name": shop_name, "reader": reader, "pin": pin})
        return self._answer(Actor("u1", user_name, frozenset({EVERYTHING})))

    def fetch_authority(self, platform_url: str) -> Job[Any]:
        self.asked.append({"platform_url": platform_url})
        return self._answer(PlainAuthority())

    def enrol(self, **facts: Any) -> Job[Actor]:
        self.asked.append(facts)
        return self._answer(Actor("u1", facts["display_name"], frozenset({EVERYTHING})))


@pytest.fixture
def sign_in_service(lane: Lane) -> PlainSignIn:
    return PlainSignIn(lane)


NOON = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)
