"""A face description is read strictly, written canonically, and described by its schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealdesk.core.errors import ProblemsError, UserError
from sealdesk.face import specification, stp
from sealdesk.face.codec import MAX_BYTES, MOST_UNKNOWN, DoubledFieldError, NotJsonError, TooLargeError
from sealdesk.face.specification import Arc, Cut, FaceSpec, Fit, Grid, Mark, Ring, Row, Shape, from_json, to_json, validate
from sealdesk.face.templates import TEMPLATES

FOLDER = Path(specification.__file__).parent


def _problems(text: str) -> dict[str, str]:
    with pytest.raises(ProblemsError) as caught:
        from_json(text)
    return {str(p.field): str(p) for p in caught.value.problems}


@pytest.mark.parametrize("of", TEMPLATES, ids=lambda t: t.name)
def test_face_of_every_template_survives_its_json(of: Any) -> None:
    spec = of.build(of.examples())

    assert from_json(to_json(spec)) == spec
    assert to_json(from_json(to_json(spec))) == to_json(spec)
    jsonschema.validate(json.loads(to_json(spec)), specification.schema())


_texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=12)
_mm = st.integers(5, 800).map(lambda v: v / 100)


@given(
    st.builds(
        FaceSpec,
        st.builds(Shape, st.just("ellipse"), st.floats(30, 60).map(lambda v: round(v, 3)), st.floats(30, 60).map(lambda v: round(v, 3))),
        rings=st.lists(st.builds(Ring, _mm, _mm), max_size=3).map(tuple),
        arcs=st.lists(st.builds(Arc, _texts, height_mm=st.integers(30, 800).map(lambda v: v / 100), inset_mm=_mm), max_size=3).map(tuple),
        rows=st.lists(st.builds(Row, _texts, top_mm=_mm), max_size=3).map(tuple),
        grids=st.lists(st.builds(Grid, st.lists(_texts, max_size=3).map(tuple)), max_size=2).map(tuple),
        cuts=st.lists(st.builds(Cut, _mm, _mm, _mm.filter(lambda v: v >= 0.1), _mm.filter(lambda v: v <= 5)), max_size=4).map(tuple),
    )
)
def test_any_face_survives_its_json(spec: FaceSpec) -> None:
    validate(spec)
    assert from_json(to_json(spec)) == spec


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_any_other_json_gives_sentences(value: Any) -> None:
    with pytest.raises(UserError) as caught:
        specification.from_value(value)
    assert str(caught.value)


@given(st.binary(max_size=200))
def test_any_bytes_give_sentences(data: bytes) -> None:
    with pytest.raises(UserError):
        from_json(data)


def test_every_problem_has_its_place_and_sentence() -> None:
    found = _problems(
        '{"shape": {"kind": "star", "width_mm": 1e9, "size": 3}, "rings": [{"width_mm": "1"}], "arcs": [{"height_mm": 4}],'
        ' "rows": [{"text": "a\\u0007b"}], "cuts": {}, "colour": "red"}'
    )

    assert set(found) == {
        "shape.kind", "shape.width_mm", "shape.size", "rings[0].width_mm", "arcs[0].text", "rows[0].text", "cuts", "colour",
    }  # fmt: skip
    assert found["shape.width_mm"] == "“shape.width_mm” is 1e+09; it must lie between 3 and 200."
    assert "U+0007" in found["rows[0].text"]


@pytest.mark.parametrize("text", ["", "{", "[1,", "NaN", '{"shape": Infinity}', "[" * 100_000, "9" * 50, b"\xff\xfe{}"])
def test_what_is_no_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(NotJsonError):
        from_json(text)


def test_field_that_is_there_twice_is_refused_by_name() -> None:
    with pytest.raises(DoubledFieldError, match="width_mm"):
        from_json('{"shape": {"width_mm": 40, "height_mm": 40, "width_mm": 41}}')


def test_file_of_unknown_fields_is_told_in_few_sentences() -> None:
    found = _problems(json.dumps({"shape": {}} | {f"field{n}": n for n in range(100_000)}))
    assert len(found) == MOST_UNKNOWN


def test_description_of_four_megabytes_is_refused_unread() -> None:
    with pytest.raises(TooLargeError):
        from_json(b" " * (MAX_BYTES + 1))


@pytest.mark.parametrize(
    ("spec", "place"),
    [
        (FaceSpec(Shape("circle", 40.0, 39.0)), "shape.height_mm"),
        (FaceSpec(Shape("free")), "shape.outline"),
        (FaceSpec(Shape("square", 20.0, 20.0, 11.0)), "shape.corner_mm"),
        (FaceSpec(Shape(width_mm=10.0, height_mm=10.0), rings=(Ring(3.0, 2.5),)), "rings[0]"),
        (FaceSpec(Shape("square", 20.0, 20.0), arcs=(Arc("国"),)), "arcs[0]"),
        (FaceSpec(Shape(), arcs=(Arc("国", inset_mm=30.0),)), "arcs[0]"),
        (FaceSpec(Shape(), marks=(Mark("outline"),)), "marks[0].outline"),
        (FaceSpec(Shape(), rows=(Row("国", fit=Fit(1.2, 0.5)),)), "rows[0].fit"),
        (FaceSpec(Shape(), rings=(Ring(float("nan")),)), "rings[0].width_mm"),
    ],
)
def test_values_that_do_not_go_together_are_refused(spec: FaceSpec, place: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        validate(spec)
    assert place in [p.field for p in caught.value.problems]


@pytest.mark.parametrize(("file", "schema"), [("face.schema.json", specification.schema), ("template.schema.json", stp.schema)])
def test_schema_file_is_the_one_of_the_code(file: str, schema: Any) -> None:
    assert (FOLDER / file).read_text(encoding="utf-8") == stp.schema_text(schema())
    jsonschema.Draft202012Validator.check_schema(schema())
