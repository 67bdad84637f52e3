"""The scan of an old imprint on the face: loaded, fitted, moved by keys and by hand, compared, and kept while the program runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageFilter
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sealdesk.face.faces import face_of
from sealdesk.face.raster import bitmap
from sealdesk.face.templates import template
from sealdesk.stages.templates.scans import Scan
from sealdesk.ui.parts.overlay import Look, Overlay, laid

LONG = 20_000
DPI = 300
Edit = Callable[[str], Any]


@pytest.fixture
def scan_file(tmp_path: Path) -> Callable[..., Path]:
    """Scans an imprint of a template: 2 mm right of the paper's middle, 3 mm above it, at a scale."""

    def scan(name: str = "unit.enterprise.40", scale: float = 1.0, dpi: float = DPI) -> Path:
        of = template(name)
        drawn = bitmap(face_of(of, of.examples()).drawing, DPI * scale)
        ink = Image.frombytes("1", (drawn.width_px, drawn.height_px), drawn.rows).convert("L")
        side = round(60 / 25.4 * DPI)
        paper = Image.new("RGB", (side, side), (248, 245, 240))
        place = (round((side - ink.width) / 2 + 2 / 25.4 * DPI), round((side - ink.height) / 2 - 3 / 25.4 * DPI))
        paper.paste(Image.new("RGB", ink.size, (190, 50, 60)), place, ink)
        path = tmp_path / "old.png"
        paper.filter(ImageFilter.GaussianBlur(0.7)).save(path, dpi=(dpi, dpi))
        return path

    return scan


@pytest.fixture
def over(qtbot: QtBot, edit: Edit, press: Any, choose_path: Any) -> Callable[..., Any]:
    """Lays a scan on the face of a template and gives the editor once it fits."""

    def lay(path: Path, name: str = "unit.enterprise.40") -> Any:
        editor = edit(name)
        press(editor.overlay_button)
        editor.overlay.choose()
        choose_path(path)
        qtbot.waitUntil(lambda: editor.view.overlay is not None and editor.view.overlay.y_mm != 0, timeout=LONG)
        return editor

    return lay


def test_a_scan_is_fitted_to_the_outer_edge_by_itself(qtbot: QtBot, over: Any, scan_file: Any, shoot: Any) -> None:
    editor = over(scan_file(scale=1.04))
    overlay = editor.view.overlay
    assert overlay.width_mm == pytest.approx(60 / 1.04, abs=0.25)
    assert (overlay.x_mm, overlay.y_mm) == (pytest.approx(-2 / 1.04, abs=0.1), pytest.approx(3 / 1.04, abs=0.1))
    shoot(editor, "templates-editor-overlay")
    editor.overlay.file_size_button.click()
    assert editor.view.overlay.width_mm == pytest.approx(60, abs=0.1)


def test_the_edge_of_other_shapes_is_fitted_too(over: Any, scan_file: Any) -> None:
    overlay = over(scan_file("invoice.40x30"), "invoice.40x30").view.overlay
    assert overlay.width_mm == pytest.approx(60, abs=0.35)


def test_keys_move_turn_and_scale_the_scan_and_then_the_figure_again(qtbot: QtBot, over: Any, scan_file: Any) -> None:
    editor = over(scan_file())
    view, before = editor.view, editor.view.overlay
    assert editor.overlay.move_button.isChecked()
    view.setFocus()
    for key, modifier in ((Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)):
        QTest.keyClick(view, key, modifier)
    assert (view.overlay.x_mm, view.overlay.y_mm) == (
        pytest.approx(before.x_mm + 0.05, abs=1e-3),
        pytest.approx(before.y_mm - 0.5, abs=1e-3),
    )
    QTest.keyClicks(view, "]]")
    assert view.overlay.turn_deg == pytest.approx(0.2)
    QTest.keyClick(view, Qt.Key.Key_Period)
    assert view.overlay.width_mm == pytest.approx(before.width_mm * 1.001)
    assert editor.editing.stack.count() == 0
    editor.overlay.move_button.click()
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert editor.editing.stack.count() == 1


def test_dragging_moves_and_with_shift_turns(qtbot: QtBot, over: Any, scan_file: Any) -> None:
    view = over(scan_file()).view
    before = view.overlay
    start = view.place().center().toPoint() + QPoint(80, 0)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(view, start + QPoint(20, 10))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start + QPoint(20, 10))
    wanted = pytest.approx(before.x_mm + 20 / view.pixels_per_mm(), abs=0.01)
    qtbot.waitUntil(lambda: view.overlay.x_mm == wanted, timeout=LONG)
    view._drag_overlay(before, QPointF(start), QPointF(start) + QPointF(0, 30), turns=True)
    assert view.overlay.turn_deg > 1


def test_the_wheel_scales_the_scan_and_with_shift_turns_it(over: Any, scan_file: Any) -> None:
    view = over(scan_file()).view
    before = view.overlay

    def roll(modifier: Qt.KeyboardModifier) -> None:
        middle = QPointF(view.rect().center())
        angle = QPoint(0, 120)
        wheel = QWheelEvent(
            middle, view.mapToGlobal(middle), QPoint(), angle, Qt.MouseButton.NoButton, modifier, Qt.ScrollPhase.NoScrollPhase, False
        )
        QApplication.sendEvent(view, wheel)

    roll(Qt.KeyboardModifier.NoModifier)
    assert view.overlay.width_mm == pytest.approx(before.width_mm * 1.001)
    roll(Qt.KeyboardModifier.ShiftModifier)
    assert view.overlay.turn_deg == pytest.approx(0.1)
    assert view.zoom == 1.0
    roll(Qt.KeyboardModifier.ControlModifier)
    assert view.zoom > 1.0


def _colours(view: Any) -> set[str]:
    """What is to be seen on the face: paper, face, scan, both."""
    picture = view.grab(view.place().toRect()).toImage()
    found = set()
    for y in range(0, picture.height(), 2):
        for x in range(0, picture.width(), 2):
            red, green, blue, _alpha = picture.pixelColor(x, y).getRgb()
            if max(red, green, blue) < 90:
                found.add("both")
            elif red > 150 and blue < 90 and green < 90:
                found.add("face")
            elif blue > 110 and red < 90:
                found.add("scan")
    return found


def test_each_look_shows_what_it_says(qtbot: QtBot, over: Any, scan_file: Any, shoot: Any) -> None:
    editor = over(scan_file())
    view = editor.view
    editor.guides_button.setChecked(False)
    view.set_overlay(view.overlay.moved(0.6, 0))
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_D)
    assert view.overlay.look is Look.DIFFERENCE
    assert _colours(view) >= {"face", "scan", "both"}
    shoot(editor, "templates-editor-difference")
    QTest.keyClick(view, Qt.Key.Key_B)
    blinking: Overlay = view.overlay
    assert blinking.look is Look.BLINK
    assert view._blink.isActive()
    seen = []
    for _ in range(2):
        seen.append(_colours(view) & {"face", "scan"})
        view._on_blink()
    assert sorted(map(sorted, seen)) == [["face"], ["scan"]]
    QTest.keyClick(view, Qt.Key.Key_B)
    assert view.overlay.look is Look.OVER
    assert not view._blink.isActive()
    editor.overlay.looks.button(1).click()
    assert view.overlay.look is Look.UNDER


def test_each_template_keeps_its_scan_while_the_program_runs(qtbot: QtBot, edit: Edit, over: Any, scan_file: Any, press: Any) -> None:
    editor = over(scan_file())
    kept = editor.view.overlay
    edit("contract.40")
    assert editor.view.overlay is None
    edit("unit.enterprise.40")
    assert editor.view.overlay == kept
    press(editor.overlay.remove_button)
    assert editor.view.overlay is None
    edit("contract.40")
    edit("unit.enterprise.40")
    assert editor.view.overlay is None


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_what_is_no_picture_is_refused_in_place(
    qtbot: QtBot, edit: Edit, choose_path: Any, tmp_path: Path, content: bytes, shoot: Any
) -> None:
    editor = edit("unit.enterprise.40")
    editor.overlay_button.click()
    shoot(editor, "templates-editor-no-scan")
    path = tmp_path / "a.png"
    path.write_bytes(content)
    editor.overlay.choose()
    choose_path(path)
    qtbot.waitUntil(lambda: editor.banner.isVisible(), timeout=LONG)
    assert editor.view.overlay is None


def test_a_file_that_says_no_resolution_offers_no_size_of_its_own(over: Any, scan_file: Any) -> None:
    editor = over(scan_file(dpi=72))
    assert not editor.overlay.file_size_button.isEnabled()
    assert editor.overlay.file_size_button.toolTip()


def test_a_scan_stays_within_reason() -> None:
    overlay = laid(Scan("a", 10, 10, 0.0, bytes(100)))
    assert overlay.scaled(1e9).width_mm == 2000.0
    assert overlay.scaled(1e-9).width_mm == 1.0
    assert overlay.moved(1e9, -1e9) == Overlay(overlay.scan, 300.0, -300.0, 0.0, overlay.width_mm)
    assert overlay.turned(190).turn_deg == -170


def test_the_ruler_follows_the_pointer_and_shows_hundredths_when_it_is_near(qtbot: QtBot, edit: Edit) -> None:
    editor = edit("unit.enterprise.40")
    view = editor.view
    QTest.mouseMove(view, view.place().center().toPoint())
    qtbot.waitUntil(lambda: "20." in editor._place.text() or "19." in editor._place.text(), timeout=LONG)
    view.setFocus()
    for _ in range(30):
        QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.zoom == 64.0
    assert view.pixels_per_mm() * 25.4 / 1200 > 5, "a pixel of the finest picture is several of the screen"
    QTest.keyClick(view, Qt.Key.Key_0)
    assert view.zoom == 1.0
