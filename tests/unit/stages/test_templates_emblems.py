"""Emblems from SVG files: what is taken, and what is refused with what to do; and the words of the proof sheet."""

from __future__ import annotations

import pytest

from sealdesk.core.errors import UserError
from sealdesk.face import svgpath
from sealdesk.face.faces import face_of
from sealdesk.face.template import Options
from sealdesk.face.templates import template
from sealdesk.stages.templates.emblems import EmblemFileError, EmblemShapeError, EmblemTransformError, path_data
from sealdesk.stages.templates.papers import notes_of, words_of

HEAD = '<svg xmlns="http://www.w3.org/2000/svg">'
SQUARE = '<path d="M0 0H10V10H0Z"/>'


def read(body: str) -> str:
    return path_data("徽.svg", f"{HEAD}{body}</svg>".encode())


def test_paths_and_polygons_become_one_outline():
    assert len(svgpath.contours(read(f'<g>{SQUARE}<polygon points="1,1 2,1 2,2"/></g>'))) == 2


def test_a_relative_path_begins_where_it_would_begin_alone():
    found = svgpath.contours(read(SQUARE + '<path d="m20 20 5 0 0 5z"/>'))
    assert [contour.start for contour in found] == [(0.0, 0.0), (20.0, 20.0)]
    assert found[1].segments[0] == ("L", 25.0, 20.0)


def test_what_is_only_said_about_the_drawing_is_passed_over():
    extras = '<title>徽</title><defs><circle r="3"/></defs><metadata>x</metadata><style>path{fill:red}</style>'
    assert read(extras + SQUARE) == read(SQUARE)


def test_a_file_without_namespace_is_read():
    assert path_data("a.svg", f"<svg>{SQUARE}</svg>".encode()) == read(SQUARE)


@pytest.mark.parametrize("element", ["rect", "circle", "ellipse", "line", "polyline", "text", "image", "use"])
def test_other_shapes_are_refused_by_name(element):
    with pytest.raises(EmblemShapeError) as refused:
        read(f"{SQUARE}<g><{element}/></g>")
    assert refused.value.element == element


def test_transformations_are_refused():
    with pytest.raises(EmblemTransformError):
        read(f'<g transform="scale(2)">{SQUARE}</g>')


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no xml at all",
        b"\xff\xfe\x00",
        b"<html><path d='M0 0L1 1L1 0Z'/></html>",
        f"{HEAD}</svg>".encode(),
        f'{HEAD}<path d=""/></svg>'.encode(),
        b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>',
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
        f'{HEAD}<path d="{"M0 0L1 1 " * 60_000}"/></svg>'.encode(),
        f"{HEAD}{' ' * 1_000_001}</svg>".encode(),
    ],
)
def test_what_is_no_usable_svg_is_refused(content):
    with pytest.raises(EmblemFileError):
        path_data("x.svg", content)


def test_a_path_that_is_none_gives_a_sentence():
    with pytest.raises(UserError) as refused:
        read('<path d="M0 0 evil"/>')
    assert str(refused.value)


def test_nesting_without_end_neither_crashes_nor_hangs():
    assert read("<g>" * 20_000 + SQUARE + "</g>" * 20_000)


# ---- the proof sheet


def test_proof_names_every_text_with_its_typeface_and_height():
    one = template("contract.40")
    words = words_of(face_of(one, one.examples()).spec)
    assert words[0].text == one.examples()["name"]
    assert "合同专用章" in {word.text for word in words}
    assert all(word.place and word.typeface and word.height.endswith(" mm") for word in words)


def test_proof_says_what_the_checks_found():
    one = template("contract.40")
    face = face_of(one, one.examples(), Options(figures={"mark": 24.0}))
    assert face.findings
    assert {finding.text for finding in face.findings} <= set(notes_of(face))
