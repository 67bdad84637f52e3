"""The system's templates: complete, sourced, strict about their fields; and the shop's own as files."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealdesk.core.errors import ProblemsError, UserError
from sealdesk.face import stp
from sealdesk.face.checks import check, passes
from sealdesk.face.fonts import FontSet
from sealdesk.face.layout import layout
from sealdesk.face.marks import STAND_INS
from sealdesk.face.specification import ROLES, CharacterOutline, FaceSpec, Grid, Row, Shape
from sealdesk.face.template import FIELD_KINDS, SEAL_TYPES, Options, UnknownTemplateError, person_columns
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


# ---- .stp files


def _file(**changes: Any) -> bytes:
    value: dict[str, Any] = {
        "format": "sealdesk-template",
        "version": 1,
        "name": "shop.meeting",
        "title": "会议章",
        "fields": [{"name": "name", "label": "全称", "required": True}, {"name": "no", "label": "编号", "kind": "sequence"}],
        "figures": [{"name": "ring", "label": "边框", "value_mm": 1.0, "low": 0.5, "high": 2.0, "paths": ["rings[0].width_mm"]}],
        "face": {
            "shape": {"kind": "circle", "width_mm": 30, "height_mm": 30},
            "rings": [{"width_mm": 1}],
            "arcs": [{"text": "{name}"}],
            "rows": [{"text": "({no})"}],
        },
    }
    return json.dumps(value | changes).encode()


def test_template_file_builds_faces_like_the_systems_own() -> None:
    of = stp.template(stp.read(_file()))
    spec = of.build({"name": "青石"}, Options(figures={"ring": 1.5}))

    assert of.name == "local.shop.meeting"
    assert spec.arcs[0].text == "青石"
    assert spec.rows[0].text == ""
    assert spec.rings[0].width_mm == 1.5
    assert of.build({"name": "青石", "no": "2"}).rows[0].text == "(2)"


def test_name_grid_of_a_file_is_arranged_like_a_name_seal() -> None:
    face = FaceSpec(Shape("square", 20.0, 20.0), grids=(Grid(("{name}印",)),))
    file = stp.TemplateFile("shop.name", "名章", face, fields=(stp.FileField("name", "姓名"),))
    assert stp.template(stp.read(stp.write(file))).build({"name": "张明远"}).grids[0].columns == ("张明", "远印")


@ALL
def test_system_template_becomes_a_file_or_says_why_not(of: Any) -> None:
    try:
        file = stp.from_template(of, "copy", "副本")
    except stp.NotAFileTemplateError:
        assert of.family in ("person", "finance", "customs", "foreign", "invoice")
        return
    assert stp.read(stp.write(file)) == file
    built = stp.template(file).build(of.examples())
    assert dataclasses.replace(built, template="") == dataclasses.replace(of.build(of.examples()), template="")


def test_most_system_templates_become_files() -> None:
    def possible(of: Any) -> bool:
        try:
            stp.from_template(of, "copy", "副本")
        except stp.NotAFileTemplateError:
            return False
        return True

    assert sum(map(possible, TEMPLATES)) >= 60


@pytest.mark.parametrize("head", [b"ISO-10303-21;\nHEADER;", b"\xef\xbb\xbf  ISO-10303-21;"])
def test_cad_file_is_refused_by_name(head: bytes) -> None:
    with pytest.raises(stp.CadFileError, match="CAD"):
        stp.read(head + b"\nDATA;")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"version": 2}, "version"),
        ({"name": "Näme"}, "name"),
        ({"fields": []}, "{name}"),
        ({"fields": [{"name": "name", "label": "a"}, {"name": "name", "label": "b"}, {"name": "no", "label": "c"}]}, "fields[0].name"),
        ({"figures": [{"name": "a", "label": "a", "value_mm": 9, "low": 0, "high": 1}]}, "figures[0].value_mm"),
        ({"figures": [{"name": "a", "label": "a", "value_mm": 1, "paths": ["rings[7].width_mm"]}]}, "figures[0].paths"),
        ({"figures": [{"name": "a", "label": "a", "value_mm": 1, "paths": ["arcs[0].text"]}]}, "figures[0].paths"),
        ({"figures": [{"name": "a", "label": "a", "value_mm": 1, "paths": ["__class__.x"]}]}, "figures[0].paths"),
        ({"figures": [{"name": "a", "label": "a", "value_mm": 1, "high": 50, "paths": ["rings[0].width_mm"]}]}, "figures[0].paths"),
        ({"face": {"shape": {"kind": "circle", "width_mm": 30, "height_mm": 20}}}, "shape.height_mm"),
    ],
)
def test_unusable_template_file_says_where(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        stp.read(_file(**changes))
    assert place in _fields(caught)
    assert all(str(p) for p in caught.value.problems)


@given(st.binary(max_size=300) | st.binary(max_size=20).map(lambda b: _file()[:40] + b + _file()[40:]))
def test_any_bytes_are_read_or_refused_with_a_sentence(data: bytes) -> None:
    with contextlib.suppress(UserError):
        assert stp.read(data).name


def test_deep_and_long_files_are_refused() -> None:
    for data in (b'{"face":' * 50_000, b" " * 5_000_000, _file(fields=[{"name": "name", "label": "a"}] * 25)):
        with pytest.raises(UserError):
            stp.read(data)


def test_row_of_a_sequence_uses_the_letters_of_its_file() -> None:
    face = FaceSpec(Shape(), rows=(Row("第{no}号"),))
    file = stp.TemplateFile("a", "b", face, fields=(stp.FileField("no", "编号"),))
    assert stp.template(file).build({"no": "3"}, Options(font="kai")).rows[0] == Row("第3号", font="kai")
