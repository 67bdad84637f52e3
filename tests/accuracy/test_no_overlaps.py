"""Names of every length on every template that takes one: no two parts of a face overlap, by the checks and by the pixels."""

from __future__ import annotations

import dataclasses
from itertools import groupby

import pytest

from sealdesk.face import checks
from sealdesk.face.drawing import Drawing, Ink, Part
from sealdesk.face.fonts import FontSet
from sealdesk.face.layout import layout
from sealdesk.face.raster import bitmap
from sealdesk.face.template import Template
from sealdesk.face.templates import TEMPLATES, template

DPI = 600.0
LONG_NAME = "北京市海淀区青石山水科学技术开发与国际文化交流促进中心（集团）股份有限责任公司第一分公司"
TAKE_A_NAME = [of for of in TEMPLATES if any(f.name == "name" for f in of.fields)]


def _doubly_inked(drawing: Drawing) -> int:
    """How many pixels parts of the drawing share: what they ink alone, less what they ink together."""

    def inked(parts: tuple[Part, ...]) -> int:
        return int.from_bytes(bitmap(dataclasses.replace(drawing, parts=parts), DPI).rows, "big").bit_count()

    apart = [tuple(group) for _name, group in groupby((p for p in drawing.parts if p.ink is not Ink.CUT), key=_whole)]
    return sum(inked(parts) for parts in apart) - inked(tuple(part for parts in apart for part in parts))


def _whole(part: Part) -> str:
    """What counts as one: a part, or a line of a script whose letters join."""
    joined = any("\u0600" <= c < "\u0700" or "\u1800" <= c < "\u18b0" for c in part.text)
    return part.name.rsplit(".", 1)[0] if joined else part.name


def _overlaps(of: Template, count: int, fonts: FontSet) -> tuple[int, list[str]]:
    """(doubly inked pixels, what the checks call overlapping or outside)."""
    spec = of.build({**of.examples(), "name": LONG_NAME[:count]})
    drawing = layout(spec, fonts)
    wrong = ("face.overlap", "face.outside", "face.outline")
    return _doubly_inked(drawing), [finding.text for finding in checks.check(drawing, spec) if finding.code in wrong]


@pytest.mark.parametrize("name", ["contract.40", "invoice.40x30", "finance.25", "unit.enterprise.45", "bilingual.40", "adjoined.star.42"])
def test_nothing_overlaps_with_the_shortest_and_the_longest_name(name: str, fonts: FontSet) -> None:
    for count in (4, 40):
        assert _overlaps(template(name), count, fonts) == (0, []), count


@pytest.mark.long
@pytest.mark.parametrize("of", TAKE_A_NAME, ids=lambda of: of.name)
def test_nothing_overlaps_whatever_the_length_of_the_name(of: Template, fonts: FontSet) -> None:
    longest = next(f.max_length for f in of.fields if f.name == "name")
    for count in range(min(4, longest), min(longest, 40) + 1):
        assert _overlaps(of, count, fonts) == (0, []), count


def test_overlaps_are_counted(fonts: FontSet) -> None:
    drawing = layout(template("unit.enterprise.40").build({"name": "北京青石科技有限公司"}), fonts)
    again = dataclasses.replace(drawing.parts[-1], name="again")

    assert _doubly_inked(dataclasses.replace(drawing, parts=(*drawing.parts, again))) > 100
