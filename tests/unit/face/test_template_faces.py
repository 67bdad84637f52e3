"""The system's templates: complete, sourced, strict about their fields."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from typing import Any

import pytest

from sealdesk.core.errors import ProblemsError, UserError
from sealdesk.face.checks import check, passes
from sealdesk.face.divisions import person_columns
from sealdesk.face.fonts import FontSet
from sealdesk.face.layout import layout
from sealdesk.face.marks import STAND_INS
from sealdesk.face.specification import ROLES, CharacterOutline
from sealdesk.face.template import FIELD_KINDS, SEAL_TYPES, Options, UnknownTemplateError
from sealdesk.face.templates import TEMPLATES, template

NAME = {"name": "青石科技有限公司"}
ALL = pytest.mark.parametrize("of", TEMPLATES, ids=lambda t: t.name)


def _fields(error: pytest.ExceptionInfo[ProblemsError]) -> set[str]:
    return {str(p.field) for p in error.value.problems}


def test_template_names_are_unique() -> None:
    assert len({t.name for t in TEMPLATES}) == len(TEMPLATES)


def test_every_approved_seal_type_has_exactly_one_mandated_template() -> None:
    assert sorted(t.seal_type for t in TEMPLATES if t.mandated) == ["01", "02", "03", "04", "05"]


@ALL
def test_template_is_complete(of: Any) -> None:
    assert of.title
    assert of.seal_type in SEAL_TYPES
    assert of.fields[0].name == "name"
    assert of.fields[0].required
    assert {f.kind for f in of.fields} <= set(FIELD_KINDS)
    assert all(f.source and f.label and f.low <= f.value_mm <= f.high for f in of.figures)


@ALL
def test_example_of_template_passes_the_checks(of: Any, fonts: FontSet) -> None:
    spec = of.build(of.examples())
    found = [f for f in check(layout(spec, fonts), spec) if f.code != "face.emblem"]

    assert passes(tuple(found)), [f.text for f in found]
    assert not [f for f in found if f.code == "face.squeezed"]


@ALL
def test_unfinished_form_is_drawn_as_far_as_it_goes(of: Any, fonts: FontSet) -> None:
    drawing = layout(of.build({}, Options(draft=True)), fonts)
    assert "ring" in {p.kind for p in drawing.parts}


@ALL
def test_every_figure_has_an_effect(of: Any) -> None:
    usual = of.build(of.examples())
    for figure in of.figures:
        if figure.low == figure.high:
            continue  # the law leaves no choice
        faces = set()
        for part in (0.2, 0.4, 0.6):
            with contextlib.suppress(UserError):
                faces.add(of.build(of.examples(), Options(figures={figure.name: figure.low + part * (figure.high - figure.low)})))
        assert faces - {usual}, figure.name


@pytest.mark.long
@ALL
def test_every_figure_can_take_its_bounds(of: Any, fonts: FontSet) -> None:
    for figure in of.figures:
        for value in (figure.low, figure.high):
            with contextlib.suppress(UserError):  # a refusal is an answer, a crash is not
                layout(of.build(of.examples(), Options(figures={figure.name: value})), fonts)


@pytest.mark.parametrize("count", [pytest.param(4, marks=pytest.mark.long), 13, pytest.param(24, marks=pytest.mark.long), 40])
@pytest.mark.parametrize("of", [t for t in TEMPLATES if t.family != "person"], ids=lambda t: t.name)
def test_names_of_any_length_overlap_nothing(of: Any, count: int, fonts: FontSet) -> None:
    name = "北京市海淀区青石山水科学技术开发与国际文化交流促进中心（集团）股份有限责任公司第一分公司"[:count]
    spec = of.build({**of.examples(), "name": name})
    codes = {f.code for f in check(layout(spec, fonts), spec)}
    assert not codes & {"face.overlap", "face.outside", "face.squeezed"}


@pytest.mark.parametrize("name", ["张三", "张明远", "欧阳明远", "买买提·艾山江", "一二三四五六七八"])
@pytest.mark.parametrize("of", [t for t in TEMPLATES if t.family == "person"], ids=lambda t: t.name)
def test_persons_names_overlap_nothing(of: Any, name: str, fonts: FontSet) -> None:
    for ending in ("", "印", "之印"):
        spec = of.build({**of.examples(), "name": name, "ending": ending})
        assert passes(check(layout(spec, fonts), spec)), ending


def test_stand_in_emblems_do_not_pass_until_their_outline_is_imported(fonts: FontSet) -> None:
    of = template("state.county.45")
    spec = of.build(of.examples())
    assert spec.marks[0].kind in STAND_INS
    assert not passes(check(layout(spec, fonts), spec))

    own = of.build(of.examples(), Options(emblem="M0 0H10V10H0Z"))
    assert passes(check(layout(own, fonts), own))


def test_unknown_template_is_refused() -> None:
    with pytest.raises(UnknownTemplateError, match=r"unit\.moon"):
        template("unit.moon")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "国" * 41}, "name"),
        (NAME | {"code": "12ab"}, "code"),
        (NAME | {"code": "1" * 20}, "code"),
        (NAME | {"colour": "red"}, "colour"),
    ],
)
def test_unusable_texts_are_refused_beside_their_field(values: dict[str, str], field: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        template("unit.enterprise.40").build(values)
    assert _fields(caught) == {field}


def test_unusable_options_are_refused() -> None:
    with pytest.raises(ProblemsError) as caught:
        template("unit.enterprise.40").build(NAME, Options(figures={"ring": 9.0, "colour": 1.0}, font="comic"))
    assert _fields(caught) == {"ring", "colour", "font"}


def test_options_change_figures_font_and_outlines() -> None:
    outline = CharacterOutline("𰻞", "M0 0H1V1Z")
    spec = template("unit.enterprise.40").build(NAME, Options(figures={"ring": 1.3}, font="kai", outlines=(outline,)))
    assert spec.rings[0].width_mm == 1.3
    assert spec.arcs[0].font == "kai" in ROLES
    assert spec.outlines == (outline,)


@pytest.mark.parametrize(
    ("name", "ending", "columns"),
    [
        ("张三", "", ("张", "三")),
        ("张明远", "", ("张", "明远")),
        ("张明远", "印", ("张明", "远印")),
        ("张三", "之印", ("张三", "之印")),
        ("张明远", "之印", ("张明远", "之印")),
        ("欧阳明远", "之印", ("欧阳明", "远之印")),
        ("张", "", ("张",)),
        ("", "", ("",)),
        ("买买提·艾山江", "印", ("买买提·", "艾山江印")),
    ],
)
def test_name_seal_is_set_from_the_right(name: str, ending: str, columns: tuple[str, ...]) -> None:
    assert person_columns(name, ending) == columns


def test_templates_load_without_fonts_or_shaping() -> None:
    heavy = "fontTools", "uharfbuzz", "pathops", "PySide6"
    program = f"import sys, sealdesk.face.templates, sealdesk.face.stp; print([m for m in {heavy!r} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "[]"
