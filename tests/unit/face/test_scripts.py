"""Tibetan, Mongolian and Uyghur on real faces: lines are shaped whole, columns run downwards, nothing overlaps or is off its middle."""

from __future__ import annotations

import pytest

from sealdesk.core.i18n import use_language
from sealdesk.face.checks import ERROR, check
from sealdesk.face.drawing import Drawing, contour_bounds
from sealdesk.face.fonts import FontSet
from sealdesk.face.layout import layout
from sealdesk.face.specification import Arc, Column, FaceSpec, Ring, Row, Shape
from sealdesk.face.templates import TEMPLATES, template

UYGHUR = "شىنجاڭ ئۇيغۇر ئاپتونوم رايونلۇق خەلق ھۆكۈمىتى"
TIBETAN = "བོད་རང་སྐྱོང་ལྗོངས་མི་དམངས་སྲིད་གཞུང་།"
MONGOLIAN = "ᠥᠪᠥᠷ ᠮᠣᠩᠭᠣᠯ ᠤᠨ ᠥᠪᠡᠷᠲᠡᠭᠡᠨ ᠵᠠᠰᠠᠬᠤ ᠣᠷᠣᠨ"
SCRIPTS = pytest.mark.parametrize("words", [UYGHUR, TIBETAN, MONGOLIAN], ids=["uyghur", "tibetan", "mongolian"])


def _errors(drawing: Drawing, spec: FaceSpec) -> list[str]:
    use_language("en")
    return [f.text for f in check(drawing, spec) if f.severity == ERROR and f.code != "face.emblem"]


def _ink(drawing: Drawing, name: str) -> tuple[float, float, float, float]:
    return contour_bounds(c for part in drawing.parts if part.name.startswith(name) for c in part.contours)


@SCRIPTS
@pytest.mark.parametrize("of", [t for t in TEMPLATES if t.family == "adjoined"], ids=lambda t: t.name)
def test_two_scripts_on_one_face_overlap_nothing(of: object, words: str, fonts: FontSet) -> None:
    name = getattr(of, "name", "")
    values = {**template(name).examples(), "name": "青石自治县人民政府", "adjoined": words[:40]}
    spec = template(name).build(values)
    assert _errors(layout(spec, fonts), spec) == []


@SCRIPTS
def test_row_of_a_script_is_shaped_as_one_line_in_the_middle(words: str, fonts: FontSet) -> None:
    spec = FaceSpec(Shape(), rows=(Row(words, 3.0, -1.5, limit_mm=34),))
    drawing = layout(spec, fonts)
    shaped = fonts.covering("song", words).shape(words)
    assert len(drawing.parts) == sum(bool(glyph.outline.contours) for glyph in shaped)
    left, top, right, bottom = _ink(drawing, "row.0")
    assert (top + bottom) / 2 == pytest.approx(20, abs=0.35)
    assert (left + right) / 2 == pytest.approx(20, abs=0.6)
    assert right - left <= 34.1
    assert bottom - top <= 3.3


def test_vowel_signs_of_tibetan_stand_on_their_letter(fonts: FontSet) -> None:
    """As letters of their own they would stand beside it, and make the row twice as wide."""
    alone, signed = (layout(FaceSpec(Shape(), rows=(Row(words, 4.0, -2.0),)), fonts) for words in ("བ", "བོ"))
    widths = [_ink(drawing, "row.0")[2] - _ink(drawing, "row.0")[0] for drawing in (alone, signed)]
    heights = [_ink(drawing, "row.0")[3] - _ink(drawing, "row.0")[1] for drawing in (alone, signed)]
    assert widths[1] / heights[1] < 0.9 * widths[0] / heights[0]


def test_mongolian_column_runs_down_its_own_axis(fonts: FontSet) -> None:
    spec = FaceSpec(Shape(), rings=(Ring(1.0),), columns=(Column(MONGOLIAN, 3.0, 6.0, -12.0, 24.0),))
    left, top, right, bottom = _ink(layout(spec, fonts), "column.0")
    assert (left + right) / 2 == pytest.approx(26, abs=0.3)
    assert (top + bottom) / 2 == pytest.approx(20, abs=0.5)
    assert bottom - top > 4 * (right - left)
    assert right - left <= 3.3


def test_words_of_mongolian_stand_in_columns_from_left_to_right(fonts: FontSet) -> None:
    of = template("adjoined.column.45")
    spec = of.build({**of.examples(), "adjoined": MONGOLIAN})
    assert " ".join(column.text for column in spec.columns) == MONGOLIAN
    middles = [column.x_mm for column in spec.columns]
    assert middles == sorted(middles)
    assert sum(middles) == pytest.approx(0)
    drawing = layout(spec, fonts)
    assert max(_ink(drawing, f"column.{i}")[2] - _ink(drawing, f"column.{i}")[0] for i in range(len(middles))) > 1.5


def test_uyghur_over_the_top_begins_on_the_right(fonts: FontSet) -> None:
    spec = FaceSpec(Shape(), arcs=(Arc(UYGHUR, 4.0, 2.0, span_deg=200.0),))
    parts = layout(spec, fonts).parts
    first = next(part for part in parts if part.text.startswith("ش"))
    last = next(part for part in parts if part.text.endswith("ى") and part is not first and part.name == parts[0].name)
    assert contour_bounds(first.contours)[0] > 30
    assert contour_bounds(last.contours)[2] < 10


@pytest.mark.parametrize("of", [t for t in TEMPLATES if any(f.kind == "sequence" for f in t.fields)], ids=lambda t: t.name)
@pytest.mark.parametrize("sequence", ["1", "888"])
def test_sequence_number_keeps_clear_of_row_and_code(of: object, sequence: str, fonts: FontSet) -> None:
    chosen = template(getattr(of, "name", ""))
    number = next(f.name for f in chosen.fields if f.kind == "sequence")
    texts = {**chosen.examples(), number: sequence, "code": "1101080012345678901"}
    texts.pop("port", None)  # a customs seal shows its port or its number
    spec = chosen.build(texts)
    drawing = layout(spec, fonts)
    assert _errors(drawing, spec) == []
    assert any(sequence in "".join(part.text for part in drawing.parts if part.name.startswith(f"row.{i}.")) for i in range(8))
