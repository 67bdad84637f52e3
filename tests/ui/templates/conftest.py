"""A desk with a real store and bus at which the shop's templates are managed, and the window with the one tab."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from sealdesk.core.clock import FixedClock
from sealdesk.core.lanes import Job, Lane, Rank
from sealdesk.core.settings import SETTINGS_FILE, Settings
from sealdesk.domain.access import EVERYTHING, Actor
from sealdesk.face import letters, stp
from sealdesk.face.fonts import take_shops_files_from
from sealdesk.face.templates import template
from sealdesk.hardware.drivers.gmt0017.profile import load_profiles
from sealdesk.hardware.manager import DeviceManager
from sealdesk.models.attachments import AttachmentStore
from sealdesk.models.database import Store
from sealdesk.stages import STAGES
from sealdesk.stages.templates.files import Edited, saved
from sealdesk.stages.templates.queries import TemplateLine, template_lines
from sealdesk.ui.main_window import MainWindow
from sealdesk.ui.workspaces.templates import SPEC
from sealdesk.wire.enrolment import Shop
from sealdesk.workflow import facts
from sealdesk.workflow.bus import Bus
from sealdesk.workflow.desk import Desk, Lanes, SyncState
from sealdesk.workflow.letters import serve_letters

MORNING = datetime(2026, 3, 12, 1, 30, tzinfo=UTC)
LONG = 20_000


class _NoExchange:
    """Nothing is exchanged here."""

    def state(self) -> SyncState:
        return SyncState(online=True, offline_since=None, waiting=0, decisions=0)

    def subscribe(self, listener: Callable[[SyncState], None]) -> Callable[[], None]:
        return lambda: None

    def nudge(self) -> None:
        return None

    def exchange(self) -> Job[SyncState]:
        raise NotImplementedError


class Office:
    """The desk with everything in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store.open(folder / "store.db", bytes(range(32)))
        computing = (Lane("computing-1", Rank.COMPUTING), Lane("computing-2", Rank.COMPUTING))
        self.lanes = Lanes(Lane("front", Rank.FRONT), Lane("data", Rank.DATA), Lane("network", Rank.NETWORK), computing)
        clock = FixedClock(MORNING)
        self.devices = DeviceManager(load_profiles(), ())
        self.desk = Desk(
            lanes=self.lanes,
            store=self.store,
            bus=Bus(self.store, self.lanes.data, clock, STAGES),
            devices=self.devices,
            sync=_NoExchange(),
            settings=Settings(folder / SETTINGS_FILE, clock),
            attachments=AttachmentStore(folder / "attachments", bytes(range(32))),
            clock=clock,
            actor=Actor("user-1", "李师傅", frozenset({EVERYTHING})),
        )
        serve_letters(self.store, self.desk.bus, self.desk.attachments)
        shop = Shop(code="220681000007", name="临江市精工印章有限公司", area_code="220681", address="吉林省临江市江湾路 8 号")
        with self.store.write() as session:
            facts.write(session, facts.SHOP, shop.model_dump(mode="json"))

    def close(self) -> None:
        self.devices.close()
        assert self.lanes.close()
        self.store.close()

    def lines(self) -> dict[str, TemplateLine]:
        """Every template as it stands now, by what orders know it by."""
        return {line.name: line for line in self.desk.tell(template_lines)}

    def file(self, name: str = "shop.round", title: str = "本店圆章", base: str = "unit.enterprise.40", **figures: float) -> bytes:
        """A template file."""
        one = template(base)
        return stp.write(saved(one, "", Edited(one.examples(), figures), name, title))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()
    letters.know(letters.ShopLetters())
    take_shops_files_from(lambda _digest: None)


RARE = "\U0003134a"
"""The last ideograph of Extension G; no font of the tests' machines has it."""


@pytest.fixture
def font_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a font file whose letters are all squares."""

    def write(characters: str = f"{RARE}临江市", name: str = "小店体") -> Path:
        glyphs = [".notdef", *(f"g{ord(c):x}" for c in characters)]
        builder = FontBuilder(1000, isTTF=True)
        builder.setupGlyphOrder(glyphs)
        builder.setupCharacterMap({ord(c): f"g{ord(c):x}" for c in characters})
        pen = TTGlyphPen(None)
        pen.moveTo((100, 0))
        for point in ((100, 800), (900, 800), (900, 0)):
            pen.lineTo(point)
        pen.closePath()
        builder.setupGlyf(dict.fromkeys(glyphs, pen.glyph()))
        builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (1000, 100)))
        builder.setupHorizontalHeader(ascent=800, descent=-200)
        builder.setupNameTable({"familyName": name, "styleName": "Regular", "fullName": name})
        builder.setupOS2()
        builder.setupPost()
        path = tmp_path / f"{name}.ttf"
        builder.save(path)
        return path

    return write


@pytest.fixture
def page(qtbot: QtBot, office: Office) -> Any:
    """The workspace in its window, with every template in it."""
    window = MainWindow(office.desk, (SPEC,))
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    made: Any = window.stack.currentWidget()
    qtbot.waitUntil(lambda: made.gallery.count() > 0, timeout=LONG)
    return made


@pytest.fixture
def edit(qtbot: QtBot, office: Office, page: Any) -> Callable[[str], Any]:
    """Opens the editor on a template and gives it once its face is there."""

    def open_(name: str) -> Any:
        page.edit(office.lines()[name])
        qtbot.waitUntil(lambda: page.editor.is_idle and page.editor.view.drawing is not None, timeout=LONG)
        return page.editor

    return open_


@pytest.fixture
def press() -> Callable[[QWidget], None]:
    """Brings the focus to a button and presses the space bar."""

    def press_(button: QWidget) -> None:
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Space)

    return press_


@pytest.fixture
def choose_path(qtbot: QtBot) -> Callable[[Path], None]:
    """Types a path into the file dialog that opens, and presses Enter."""

    def visible() -> QFileDialog | None:
        return next((w for w in QApplication.topLevelWidgets() if isinstance(w, QFileDialog) and w.isVisible()), None)

    def choose(path: Path) -> None:
        qtbot.waitUntil(lambda: visible() is not None, timeout=LONG)
        dialog = visible()
        assert dialog is not None
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        assert isinstance(line, QLineEdit)
        line.setText(str(path))
        QTest.keyClick(line, Qt.Key.Key_Return)

    return choose


@pytest.fixture
def shoot(shots: Path | None) -> Callable[[QWidget, str], None]:
    """Take a picture of a window in both schemes, when somebody wants to look at it."""
    from sealdesk.ui import style_sheet
    from sealdesk.ui.theme import Scheme

    def take(widget: QWidget, name: str) -> None:
        if shots is None:
            return
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        for scheme, ending in ((Scheme.LIGHT, ""), (Scheme.DARK, "-dark")):
            style_sheet.apply(app, scheme)
            app.processEvents()
            widget.window().grab().save(str(shots / f"{name}{ending}.png"))
        style_sheet.apply(app, Scheme.LIGHT)

    return take
