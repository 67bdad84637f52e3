"""The look comes from named tokens alone, can be read in both schemes, and costs nothing before it is needed."""

from __future__ import annotations

import ast
import gc
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

import sealdesk.ui
from sealdesk.face.drawing import Contour, Drawing, Ink, Part
from sealdesk.ui import icons, style_sheet, theme
from sealdesk.ui.parts.face_canvas import FaceCanvas
from sealdesk.ui.parts.face_pictures import render
from sealdesk.ui.theme import THEMES, Scheme, Theme, Tone

SOURCES = sorted(Path(sealdesk.ui.__file__).parent.rglob("*.py"))
PLACED_BY_TOKENS = {
    "resize", "setContentsMargins", "setFixedHeight", "setFixedSize", "setFixedWidth", "setMaximumHeight", "setMaximumSize",
    "setMaximumWidth", "setMinimumHeight", "setMinimumSize", "setMinimumWidth", "setPixelSize", "setPointSize", "setSpacing",
    "setInterval", "QMargins", "QSize", "setHorizontalSpacing", "setVerticalSpacing",
}  # fmt: skip


def parsed() -> list[tuple[Path, ast.AST]]:
    return [(path, ast.parse(path.read_text("utf-8"))) for path in SOURCES if path.name != "theme.py"]


def test_no_colour_is_written_outside_the_theme() -> None:
    pattern = re.compile(r"#[0-9a-fA-F]{3,8}\b|rgba?\(")
    found = [
        f"{path.name}: {node.value!r}"
        for path, tree in parsed()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value and pattern.search(node.value)
    ]
    assert found == []


def test_no_size_is_written_outside_the_theme() -> None:
    found = []
    for path, tree in parsed():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in PLACED_BY_TOKENS and any(isinstance(arg, ast.Constant) and arg.value != 0 for arg in node.args):
                found.append(f"{path.name}:{node.lineno} {name}")
    assert found == []


def luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(one: QColor, other: QColor) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("look", THEMES.values(), ids=lambda look: look.scheme.value)
def test_every_text_can_be_read_on_every_ground(look: Theme) -> None:
    """WCAG 2.1, 1.4.3: 4.5 to 1 for text."""
    for text in ("ink", "ink_soft"):
        for ground in ("paper", "sheet", "rail", "well", "hover", "selection"):
            assert contrast(look.colour(text), look.colour(ground)) >= 4.5, (text, ground)
    for tone in Tone:
        assert contrast(look.tone(tone), look.wash(tone)) >= 4.5, tone
        assert contrast(look.tone(tone), look.colour("sheet")) >= 4.5, tone
        assert contrast(look.tone(tone), look.colour("rail")) >= 4.5, tone
    for ground in ("seal", "seal_hover", "seal_pressed"):
        assert contrast(look.colour("on_seal"), look.colour(ground)) >= 4.5, ground


def test_every_icon_can_be_drawn(qapp: QApplication) -> None:
    for name in icons.names():
        picture = icons.pixmap(name).toImage()
        assert any(picture.pixelColor(x, y).alpha() for x in range(picture.width()) for y in range(picture.height())), name


def test_open_widgets_change_with_the_theme(qtbot: QtBot, qapp: QApplication) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    label = QLabel(host)
    icons.bind(label, "ok", "ok")
    light = label.pixmap().toImage()
    try:
        style_sheet.apply(qapp, Scheme.DARK)
        assert label.pixmap().toImage() != light
        assert qapp.palette().window().color() == theme.current().colour("paper")
    finally:
        style_sheet.apply(qapp, Scheme.LIGHT)
    assert label.pixmap().toImage() == light


def test_bound_icons_do_not_keep_widgets_alive(qapp: QApplication) -> None:
    before = len(icons._bound)
    for _number in range(50):
        icons.bind(QLabel(), "ok")
    gc.collect()
    assert len(icons._bound) <= before + 1


def test_heavy_modules_wait_until_they_are_needed() -> None:
    heavy = ("qtawesome", "pypinyin", "reportlab", "ezdxf", "requests", "sqlalchemy", "PIL", "numpy")
    code = f"import sys, sealdesk.ui.app, sealdesk.ui.main_window, sealdesk.ui.sign_in; print([m for m in {heavy!r} if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def square(left: float, top: float, side: float, *, back: bool = False) -> Contour:
    corners = [(left, top), (left + side, top), (left + side, top + side), (left, top + side)]
    if back:
        corners = [corners[0], *reversed(corners[1:])]
    return Contour(corners[0], tuple(("L", x, y) for x, y in corners[1:]))


FACE = Drawing(
    20.0,
    20.0,
    (
        Part("frame", "ring", Ink.INK, (square(0, 0, 20), square(4, 4, 12, back=True))),
        Part("cut", "cut", Ink.CUT, (square(0, 8, 4),)),
        Part("code", "code", Ink.CODE, (square(8, 8, 4),)),
    ),
)


def test_holes_stay_open_cuts_take_ink_away_and_codes_are_ink_in_small_pictures() -> None:
    picture = render(FACE, 20)
    alpha = {place: picture.pixelColor(*place).alpha() for place in ((2, 2), (6, 6), (2, 10), (10, 10))}
    assert alpha == {(2, 2): 255, (6, 6): 0, (2, 10): 0, (10, 10): 255}


@pytest.fixture
def canvas(qtbot: QtBot) -> FaceCanvas:
    made = FaceCanvas()
    qtbot.addWidget(made)
    made.resize(400, 400)
    made.show_drawing(FACE, proof=False, words="测试")
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.mark.parametrize("scheme", list(Scheme), ids=lambda scheme: scheme.value)
def test_face_lies_on_white_paper_in_both_schemes(qapp: QApplication, canvas: FaceCanvas, scheme: Scheme) -> None:
    style_sheet.apply(qapp, scheme)
    try:
        picture = canvas.grab().toImage()
    finally:
        style_sheet.apply(qapp, Scheme.LIGHT)
    box, scale = canvas.place(), canvas.pixels_per_mm()
    assert picture.pixelColor(int(box.left() + 6 * scale), int(box.top() + 6 * scale)) == QColor("white")
    assert picture.pixelColor(int(box.left() + 2 * scale), int(box.top() + 2 * scale)) == QColor(theme.FACE_INK)


@pytest.mark.parametrize(("zoom", "reach_mm"), [(1.0, 10.0), (4.0, 2.2), (64.0, 0.1)])
def test_holes_stay_open_cuts_take_ink_away_and_codes_are_ink(canvas: FaceCanvas, zoom: float, reach_mm: float) -> None:
    canvas.set_zoom(zoom)
    picture, corner, scale = canvas.grab().toImage(), canvas.place().topLeft(), canvas.pixels_per_mm()
    ratio = picture.devicePixelRatio()
    ink, paper = QColor(theme.FACE_INK), QColor("white")
    places = {(2, 2): ink, (6, 6): paper, (2, 10): paper, (8.1, 9): ink, (7.9, 9): paper, (9.95, 10.05): ink}
    seen = {(x, y): colour for (x, y), colour in places.items() if max(abs(x - 10), abs(y - 10)) < reach_mm}
    assert seen
    for (x, y), colour in seen.items():
        assert picture.pixelColor(int((corner.x() + x * scale) * ratio), int((corner.y() + y * scale) * ratio)) == colour, (x, y)


def test_face_fits_and_zooms_within_limits(qtbot: QtBot, canvas: FaceCanvas) -> None:
    fitting = canvas.pixels_per_mm()
    assert canvas.rect().toRectF().contains(canvas.place())
    with qtbot.waitSignal(canvas.zoomed):
        canvas.set_zoom(4)
    assert canvas.pixels_per_mm() == pytest.approx(4 * fitting)
    canvas.set_zoom(0.1)
    assert canvas.zoom == 1.0
    canvas.set_zoom(1e9)
    assert canvas.zoom == 64.0


def test_proof_mark_is_seen_unless_released(qtbot: QtBot, canvas: FaceCanvas) -> None:
    plain = canvas.grab().toImage()
    canvas.show_drawing(FACE, words="测试")
    assert canvas.grab().toImage() != plain
    assert "样稿" in canvas.accessibleDescription()
    canvas.show_drawing(FACE, proof=False, words="测试")
    assert canvas.grab().toImage() == plain
