"""Template files of a shop: every template of the system becomes one and back, old versions are read, hostile ones are refused."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealdesk.core.errors import ProblemsError, UserError
from sealdesk.face import codec, formulas, specification, stp
from sealdesk.face.divisions import Division
from sealdesk.face.fonts import FontSet
from sealdesk.face.layout import layout
from sealdesk.face.plans import Setting, Value
from sealdesk.face.specification import Arc, CharacterOutline, FaceFont, FaceSpec, Grid, Mark, Ring, Row, Shape
from sealdesk.face.template import Options
from sealdesk.face.templates import TEMPLATES, template

ALL = pytest.mark.parametrize("of", TEMPLATES, ids=lambda t: t.name)
_FAMILIES = {of.family: of for of in reversed(TEMPLATES)}
ONE_A_FAMILY = pytest.mark.parametrize(
    "of", [pytest.param(of, marks=[] if _FAMILIES[of.family] is of else [pytest.mark.long], id=of.name) for of in TEMPLATES]
)
_LETTERS = st.sampled_from("青石科技有限公司（）·〇一中国ABCabc 12")
_KINDS = {
    "code": st.integers(100, 10**18).map(str),
    "taxnumber": st.integers(10**14, 10**19).map(str),
    "sequence": st.integers(1, 999).map(str),
    "adjoined": st.lists(st.text("abcdeﺍﻥ", min_size=1, max_size=6), max_size=7).map(" ".join),
}


def _file(**changes: Any) -> bytes:
    """A file of version 1, as shops have them."""
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
            "marks": [{"kind": "star", "diameter_mm": 10}],
            "arcs": [{"text": "{name}"}],
            "rows": [{"text": "({no})"}],
        },
    }
    return json.dumps(value | changes).encode()


def _fields(error: pytest.ExceptionInfo[ProblemsError]) -> set[str]:
    return {str(p.field) for p in error.value.problems}


def _same(a: FaceSpec, b: FaceSpec) -> bool:
    return specification.to_json(dataclasses.replace(a, template="")) == specification.to_json(dataclasses.replace(b, template=""))


# ---- the system's templates as files


@ALL
def test_system_template_is_written_read_and_builds_the_same_bytes(of: Any) -> None:
    data = stp.write(stp.from_template(of, "copy", "副本"))
    file = stp.read(data)
    assert stp.write(file) == data
    own = stp.template(file)
    assert [(f.name, f.low, f.high) for f in own.figures] == [(f.name, f.low, f.high) for f in of.figures]
    texts = (of.examples(), {f.name: f.example for f in of.fields if f.required})
    assert all(_same(own.build(values), of.build(values)) for values in texts)
    assert _same(own.build({}, Options(draft=True)), of.build({}, Options(draft=True)))
    assert _same(own.build(of.examples(), Options(font="kai")), of.build(of.examples(), Options(font="kai")))


@ONE_A_FAMILY
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_file_of_a_system_template_follows_any_texts_and_figures_alike(of: Any, data: st.DataObject) -> None:
    own = _copies(of)
    texts = {
        field.name: data.draw(_KINDS.get(field.kind, st.text(_LETTERS, max_size=field.max_length)), label=field.name)[: field.max_length]
        for field in of.fields
    }
    changed = data.draw(st.lists(st.sampled_from(of.figures), max_size=3, unique=True))
    figures = {figure.name: data.draw(st.floats(figure.low, figure.high), label=figure.name) for figure in changed}
    options = Options(figures=figures, draft=True)
    answers = []
    for template_ in (of, own):
        try:
            answers.append(specification.to_json(dataclasses.replace(template_.build(texts, options), template="")))
        except ProblemsError as error:
            answers.append("".join(map(str, error.problems)).encode())
    assert answers[0] == answers[1]


def _copies(of: Any, made: dict[str, Any] = {}) -> Any:  # noqa: B006
    if of.name not in made:
        made[of.name] = stp.template(stp.read(stp.write(stp.from_template(of, "copy", "副本"))))
    return made[of.name]


@pytest.mark.parametrize(
    "options",
    [
        Options(figures={"ring": 1.4, "row_gap": 1.2}, font="kai"),
        Options(emblem="M0 0L10 0L10 10L0 10Z", outlines=(CharacterOutline("司", "M0 0H1V1Z"),)),
        Options(typeface=FaceFont("a" * 64, name="Own")),
    ],
)
def test_options_become_what_the_file_says(options: Options) -> None:
    of = template("contract.40")
    own = stp.template(stp.read(stp.write(stp.from_template(of, "own", "自制", options))))
    assert _same(own.build(of.examples()), of.build(of.examples(), options))
    assert {f.name: f.value_mm for f in own.figures}.items() >= options.figures.items()


# ---- what a file can say


def test_file_of_version_one_builds_faces_like_the_systems_own() -> None:
    of = stp.template(stp.read(_file()))
    spec = of.build({"name": "青石"}, Options(figures={"ring": 1.5}))
    assert of.name == "local.shop.meeting"
    assert spec.arcs[0].text == "青石"
    assert spec.rows == ()
    assert spec.rings[0].width_mm == 1.5
    assert of.build({"name": "青石", "no": "2"}).rows[0].text == "(2)"


def test_file_that_version_one_wrote_gives_the_face_that_it_gave_then() -> None:
    """`version-1.stp` and the face were written by the program before version 2."""
    folder = Path(__file__).parent
    of = stp.template(stp.read((folder / "version-1.stp").read_bytes()))
    spec = of.build({"name": "青石科技有限公司", "row": "人力资源部", "code": "1101080012345"})
    then = specification.from_json((folder / "version-1.face.json").read_bytes())
    assert spec == dataclasses.replace(then, rows=then.rows[:1])  # then a number that was not given left an empty row behind
    assert then.rows[1].text == ""
    assert of.figures


def test_figures_of_version_one_may_have_any_name_and_share_numbers() -> None:
    figures = [
        {"name": "Ring - 边", "label": "a", "value_mm": 1, "low": 0.5, "high": 2, "paths": ["rings[0].width_mm"]},
        {"name": "min", "label": "b", "value_mm": 9, "low": 5, "high": 12, "paths": ["marks[0].diameter_mm"]},
    ]
    of = stp.template(stp.read(_file(figures=figures)))
    spec = of.build({"name": "青石"}, Options(figures={"Ring - 边": 1.5, "min": 8.0}))
    assert (spec.rings[0].width_mm, spec.marks[0].diameter_mm) == (1.5, 8.0)


def test_row_of_a_sequence_uses_the_letters_of_its_file() -> None:
    face = FaceSpec(Shape(), rows=(Row("第{no}号"),))
    file = stp.TemplateFile("a", "b", face, fields=(stp.FileField("no", "编号"),))
    assert stp.template(file).build({"no": "3"}, Options(font="kai")).rows[0] == Row("第3号", font="kai")


def test_name_grid_of_a_file_is_arranged_like_a_name_seal() -> None:
    face = FaceSpec(Shape("square", 20.0, 20.0), grids=(Grid(("{name}印",)),))
    file = stp.TemplateFile("shop.name", "名章", face, fields=(stp.FileField("name", "姓名"),))
    assert stp.template(stp.read(stp.write(file))).build({"name": "张明远"}).grids[0].columns == ("张明", "远印")


def test_formulas_values_and_divisions_shape_a_face() -> None:
    face = FaceSpec(
        Shape(), rings=(Ring(),), marks=(Mark(),), arcs=(Arc("{line_1}"),), rows=(Row("{line_2}"), Row("{below_1}"), Row("{line_3}"))
    )
    file = stp.TemplateFile(
        "lines",
        "分行",
        face,
        fields=(stp.FileField("name", "名称"), stp.FileField("port", "口岸"), stp.FileField("no", "编号")),
        figures=(stp.FileFigure("ring", "边框", 1.0, "惯例", 0.5, 2.0),),
        divisions=(
            Division("line", "lines", ("{name}",), keep=("有限公司",)),
            Division("below", "whole", ("（{port}）", "第{no}号")),
        ),
        values=(Value("start", "ring + 0.5"),),
        formulas=(
            Setting("rings[0].width_mm", "ring * 2"),
            Setting("arcs[0].inset_mm", "start"),
            Setting("marks[0].diameter_mm", "if(line > 1, 8, 10)"),
            Setting("rows[0].top_mm", "if(has(port) and len(name) > 6, 1, -start)"),
        ),
    )
    of = stp.template(stp.read(stp.write(file)))
    spec = of.build({"name": "青石科技有限公司", "no": "2"}, Options(figures={"ring": 1.5}))
    assert (spec.rings[0].width_mm, spec.arcs[0].inset_mm, spec.marks[0].diameter_mm, spec.rows[0].top_mm) == (3.0, 2.0, 8.0, -2.0)
    assert (spec.arcs[0].text, spec.rows[0].text, spec.rows[1].text, len(spec.rows)) == ("青石科技", "有限公司", "第2号", 2)
    ported = of.build({"name": "青石科技有限公司", "port": "港", "no": "2"})
    assert (ported.rows[1].text, ported.rows[0].top_mm) == ("（港）", 1.0)


@pytest.mark.parametrize(
    ("rule", "words", "parts"),
    [
        (Division("p", "words", ("{t}",), most=3), "a b c d e f g", ("a b c", "d e", "f g")),
        (Division("p", "words", ("{t}",), most=3), "", ("", "", "")),
        (Division("p", "letters", ("{t}章",), steps=(0, 4)), "青石", ("青石", "章")),
        (Division("p", "letters", ("{t}章",), steps=(0, 4)), "青石科技", ("青石", "科技", "章")),
        (Division("p", "letters", ("{t}", "章"), steps=(0,)), "", ("章", "")),
        (Division("p", "lines", ("{t}",)), "青石科技文化交流中心", ("青石科技文", "化交流中心", "")),
        (Division("p", "lines", ("{t}",)), "山河省青石科技文化交流促进中心", ("山河省青石", "科技文化交", "流促进中心")),
        (Division("p", "lines", ("{t}",), keep=("有限公司",)), "北京市青石文化传播有限公司", ("北京市青", "石文化传播", "有限公司")),
    ],
)
def test_text_is_divided_by_its_rule(rule: Division, words: str, parts: tuple[str, ...]) -> None:
    face = FaceSpec(Shape(), rows=tuple(Row("{p_" + str(i + 1) + "}", kind="code") for i in range(len(parts))))
    file = stp.TemplateFile("a", "b", face, fields=(stp.FileField("t", "t"),), divisions=(rule,))
    assert tuple(row.text for row in stp.template(file).build({"t": words}).rows) == parts


# ---- refusals


@pytest.mark.parametrize("head", [b"ISO-10303-21;\nHEADER;", b"\xef\xbb\xbf  ISO-10303-21;"])
def test_cad_file_is_refused_by_name(head: bytes) -> None:
    with pytest.raises(stp.CadFileError, match="CAD"):
        stp.read(head + b"\nDATA;")


def _formula(text: str) -> dict[str, Any]:
    return {"version": 2, "formulas": [{"path": "arcs[0].inset_mm", "formula": text}]}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"version": 3}, "version"),
        ({"version": 1, "values": [{"name": "a", "formula": "1"}]}, "version"),
        ({"name": "Näme"}, "name"),
        ({"fields": []}, "{name}"),
        ({"fields": [{"name": "name", "label": "a"}, {"name": "name", "label": "b"}, {"name": "no", "label": "c"}]}, "fields[0].name"),
        ({"figures": [{"name": "a", "label": "a", "value_mm": 9, "low": 0, "high": 1}]}, "figures[0].value_mm"),
        ({"figures": [{"name": "a", "label": "a", "value_mm": 1, "paths": ["rings[7].width_mm"]}]}, "figures[0].paths"),
        ({"figures": [{"name": "a", "label": "a", "value_mm": 1, "paths": ["arcs[0].text"]}]}, "figures[0].paths"),
        ({"figures": [{"name": "a", "label": "a", "value_mm": 1, "paths": ["arcs[0]"]}]}, "figures[0].paths"),
        ({"figures": [{"name": "a", "label": "a", "value_mm": 1, "paths": ["__class__.x"]}]}, "figures[0].paths"),
        ({"figures": [{"name": "a", "label": "a", "value_mm": 1, "high": 50, "paths": ["rings[0].width_mm"]}]}, "figures[0].paths"),
        ({"face": {"shape": {"kind": "circle", "width_mm": 30, "height_mm": 20}}}, "shape.height_mm"),
        (_formula("ring +"), "formulas[0].formula"),
        (_formula("__import__(1)"), "formulas[0].formula"),
        (_formula("colour + 1"), "formulas[0].formula"),
        (_formula("len(colour)"), "formulas[0].formula"),
        (_formula("1 / (ring - 1)"), "arcs[0].inset_mm"),
        (_formula("sqrt(0 - ring)"), "arcs[0].inset_mm"),
        (_formula("1e99 * ring"), "arcs[0].inset_mm"),
        (_formula("100"), "arcs[0].inset_mm"),
        (_formula("14.9"), "arcs[0]"),
        ({"version": 2, "formulas": [{"path": "arcs[3].inset_mm", "formula": "1"}]}, "formulas[0].path"),
        ({"version": 2, "formulas": [{"path": "arcs[0].fit", "formula": "1"}]}, "formulas[0].path"),
        ({"version": 2, "formulas": [{"path": "rings[0].width_mm", "formula": "1"}]}, "formulas[0].path"),
        ({"version": 2, "formulas": [{"path": "arcs[0].inset_mm", "formula": "2"}] * 2}, "formulas[1].path"),
        ({"version": 2, "values": [{"name": "min", "formula": "1"}]}, "values[0].name"),
        ({"version": 2, "values": [{"name": "ring", "formula": "1"}]}, "values[0].name"),
        ({"version": 2, "values": [{"name": "a", "formula": "b"}, {"name": "b", "formula": "1"}]}, "values[0].formula"),
        ({"version": 2, "values": [{"name": "a", "formula": "a"}]}, "values[0].formula"),
        ({"version": 2, "divisions": [{"name": "ring", "sources": ["{name}"]}]}, "divisions[0].name"),
        ({"version": 2, "divisions": [{"name": "p", "sources": ["{colour}"]}]}, "divisions[0].sources"),
        ({"version": 2, "divisions": [{"name": "p", "rule": "letters", "sources": ["{name}"], "steps": [4, 2]}]}, "divisions[0].steps"),
        ({"version": 2, "divisions": [{"name": "p", "rule": "poem"}]}, "divisions[0].rule"),
    ],
)
def test_unusable_template_file_says_where(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        stp.read(_file(**changes))
    assert place in _fields(caught)
    assert all(str(p) for p in caught.value.problems)


def test_formula_without_value_for_a_persons_figures_is_refused_beside_it() -> None:
    of = stp.template(stp.read(_file(**_formula("4 / (2 - ring)"))))
    with pytest.raises(ProblemsError) as caught:
        of.build({"name": "青石"}, Options(figures={"ring": 2.0}))
    assert _fields(caught) == {"arcs[0].inset_mm"}


@given(st.binary(max_size=300) | st.binary(max_size=20).map(lambda b: _file()[:40] + b + _file()[40:]))
def test_any_bytes_are_read_or_refused_with_a_sentence(data: bytes) -> None:
    with contextlib.suppress(UserError):
        assert stp.read(data).name


_LARGE: dict[str, Any] = {
    "fields": [{"name": "name", "label": "a"}] * 25,
    "figures": [{"name": "a", "label": "a", "value_mm": 1}] * 61,
    "values": [{"name": "a", "formula": "1"}] * 61,
    "formulas": [{"path": "a", "formula": "1"}] * 201,
    "divisions": [{"name": "a"}] * 9,
}


@pytest.mark.parametrize("part", _LARGE)
def test_lists_of_a_file_are_bounded(part: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        stp.read(_file(version=2, **{part: _LARGE[part]}))
    assert _fields(caught) == {part}


def test_deep_and_long_files_are_refused() -> None:
    for data in (b'{"face":' * 50_000, b" " * (codec.MAX_BYTES + 1)):
        with pytest.raises(UserError):
            stp.read(data)


def test_costliest_file_is_read_and_built_soon(fonts: FontSet) -> None:
    """Everything at its bound: long formulas that use each other, all texts from divisions."""
    chain = [{"name": "v0", "formula": "ring"}]
    long_formula = "+".join(["0*v{}"] * 65)
    chain += [{"name": f"v{i}", "formula": "1+" + long_formula.replace("{}", str(i - 1))} for i in range(1, 60)]
    face = {
        "shape": {"kind": "circle", "width_mm": 60, "height_mm": 60},
        "rows": [{"text": "{p_1}{p_2}{name}", "top_mm": 0} for _ in range(24)],
        "rings": [{"width_mm": 1}],
    }
    sets = [{"path": f"rows[{i}].{part}", "formula": f"v59 + {i}"} for i in range(24) for part in ("height_mm", "top_mm", "limit_mm")]
    divisions = [{"name": f"p{i}" if i else "p", "rule": "letters", "sources": ["{name}"] * 8, "steps": [1, 2, 3]} for i in range(8)]
    data = _file(version=2, face=face, values=chain, formulas=sets, divisions=divisions, figures=json.loads(_file())["figures"])
    began = time.monotonic()
    of = stp.template(stp.read(data))
    spec = of.build({"name": "青" * 40})
    assert spec.rows[23].top_mm == 24.0
    layout(spec, fonts)
    assert time.monotonic() - began < 20.0


# ---- formulas by themselves

_WORLD = {"a": 2.0, "b": -3.5, "zero": 0.0}
_TEXTS = {"name": "青石科技", "none": ""}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("8 / 4 / 2", 1.0),
        ("5 - 3 - 1", 1.0),
        ("-a - -b", -5.5),
        ("--a", 2.0),
        ("2 * -b", 7.0),
        ("1.5e1 + 2E-1", 15.2),
        ("min(a, b, 7) + max(a, b)", -1.5),
        ("if(a > 1, if(b >= 0, 1, 2), 3)", 2.0),
        ("if(zero, 1 / zero, 5)", 5.0),
        ("a == 2 and not zero or 1 / zero", 1.0),
        ("a != 2 or b < -3", 1.0),
        ("not not a", 1.0),
        ("len(name) + 10 * has(name) + 100 * has(none)", 14.0),
        ("round(2.34567, 2) + floor(1.9) + ceil(1.1) + abs(b)", 8.85),
        ("sin(30) + cos(60) + tan(45)", 2.0),
        ("asin(1) + acos(0) + atan(1) + sqrt(16)", 229.0),
    ],
)
def test_formula_has_its_value(text: str, value: float) -> None:
    assert formulas.read(text).value(_WORLD, _TEXTS) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "1 +", "* 2", "1 2", "a b", "(1", "1)", "()", "min(1)", "min()", "if(1, 2)", "sqrt(1, 2)",
        "len()", "len(1)", "len(a", "f(1)",
        "a.b", "a[0]", "a ** 2", "1 < 2 < 3", "__class__", "A", "'a'", "1;2", "and", "if", "min", "1e", "0x10", "1_0", "１", "a = 1",
        "(" * 25 + "1" + ")" * 25, "1" * 500, "min(" * 30,
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(formulas.UnreadableFormulaError) as caught:
        formulas.read(text)
    assert str(caught.value)


@pytest.mark.parametrize("text", ["1 / zero", "sqrt(b)", "acos(a)", "1e99 * 1e99 * 1e99 * 1e99", "round(1e99 * 1e99 * 1e99 * 1e99, 1)"])
def test_formula_without_value_says_so(text: str) -> None:
    with pytest.raises(formulas.FormulaError, match=r"rows\[0\]"):
        formulas.read(text).value(_WORLD, _TEXTS, "rows[0].top_mm")


_WORDS = st.sampled_from(
    ["1", "2.5", "a", "zero", "(", ")", "+", "-", "*", "/", "<", "==", "and", "not", "min(", "if(", ",", "len(", "name", "acos(", "1e99"]
)


@given(st.text(max_size=60) | st.lists(_WORDS, max_size=30).map(" ".join))
def test_any_line_is_a_formula_or_refused(text: str) -> None:
    with contextlib.suppress(formulas.FormulaError):
        formula = formulas.read(text)
        numbers = dict.fromkeys(formula.names, 1.5) | _WORLD
        assert abs(formula.value(numbers, dict.fromkeys(formula.fields, "国"))) < float("inf")


def _combined(parts: tuple[tuple[Any, str], str, tuple[Any, str]]) -> tuple[Any, str]:
    (left, left_text), sign, (right, right_text) = parts
    whole = f"({left_text}) {sign} ({right_text})"
    if not isinstance(left, formulas.Term) and not isinstance(right, formulas.Term):
        left = formulas.Term(f"({formulas.written(left)})")
    result = {"+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right, "/": lambda: left / right}[sign]()
    return result, whole


_TERMS = st.recursive(
    st.sampled_from(["a", "b"]).map(lambda n: (formulas.Term(n), n)) | st.integers(-50000, 50000).map(lambda v: (v / 1000, repr(v / 1000))),
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(_combined),
    max_leaves=8,
)


@given(_TERMS)
def test_term_writes_the_formula_of_what_was_computed(made: tuple[Any, str]) -> None:
    term, text = made
    try:
        wanted = float(eval(text, {}, dict(_WORLD)))
    except ZeroDivisionError:
        return
    written = formulas.written(term)
    if abs(wanted) < 1e200 and len(written) <= formulas.MAX_CHARACTERS:
        assert formulas.read(written).value(_WORLD, {}) == wanted


def test_term_refuses_what_needs_its_value() -> None:
    term: Any = formulas.Term("a")
    for wrong in (lambda: max(term, 1.0), lambda: bool(term), lambda: float(term), lambda: 1.0 if term > 2 else 0.0):
        with pytest.raises(TypeError):
            wrong()
