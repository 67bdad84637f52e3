"""The examples on the pages of docs/formats are true: what they show is read, checked and written as they say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from sealdesk.face import codec, divisions, formulas, production, specification, stp
from sealdesk.face.checks import ERROR, check
from sealdesk.face.export import ga241, upd
from sealdesk.face.export.bitmap import Layers
from sealdesk.face.export.profiles import profile
from sealdesk.face.fonts import FontSet
from sealdesk.face.layout import layout

PAGES = Path(__file__).parents[3] / "docs" / "formats"


def _blocks(page: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", (PAGES / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def _json(page: str) -> Any:
    (block,) = _blocks(page, "json")
    return json.loads(block)


def test_face_on_its_page_passes_the_checks(fonts: FontSet) -> None:
    (block,) = _blocks("face-description.md", "json")
    spec = specification.from_json(block)
    drawing = layout(spec, fonts)
    assert {part.kind for part in drawing.parts} == {"ring", "star", "text", "code", "cut"}
    assert [f.text for f in check(drawing, spec) if f.severity == ERROR] == []
    assert specification.from_json(specification.to_json(spec)) == spec


def test_page_of_faces_names_every_field_and_choice() -> None:
    page = (PAGES / "face-description.md").read_text(encoding="utf-8")
    fields = specification.schema()["$defs"]["FaceSpec"]["properties"].keys() - {"format", "version", "template"}
    assert [name for name in fields if f"`{name}`" not in page] == []
    words = (*specification.SHAPES, *specification.EMBLEMS, *specification.ROLES, *specification.TEXT_KINDS)
    assert [word for word in words if word not in page] == []
    assert f"{codec.MAX_BYTES:,}" in page


def test_template_on_its_page_builds_a_face_that_passes(fonts: FontSet) -> None:
    (block,) = _blocks("stp.md", "json")
    of = stp.template(stp.read(block.encode()))
    assert of.name == "local.meeting"
    spec = of.build({**of.examples(), "number": "2"})
    assert (spec.rows[0].text, spec.arcs[0].inset_mm, spec.arcs[0].height_mm) == ("(2)", 2.0, 5.5)
    assert of.build({**of.examples(), "number": "2", "place": "东"}).rows[0].text == "东会场"
    assert [f.text for f in check(layout(spec, fonts), spec) if f.severity == ERROR] == []


def test_page_of_templates_names_every_field_rule_function_and_bound() -> None:
    page = (PAGES / "stp.md").read_text(encoding="utf-8")
    schema = stp.schema()["$defs"]
    names = {
        name for part in ("TemplateFile", "FileField", "FileFigure", "Division", "Value", "Setting") for name in schema[part]["properties"]
    }
    names -= {"note", "face"}
    words = names | {*divisions.RULES} | formulas.RESERVED
    assert [word for word in sorted(words) if not re.search(rf"`[^`]*\b{word}\b[^`]*`", page)] == []
    assert f"{formulas.MAX_CHARACTERS} characters and {formulas.MAX_DEPTH} brackets" in page
    most = {
        name: schema["TemplateFile"]["properties"][name]["maxItems"] for name in ("fields", "figures", "divisions", "values", "formulas")
    }
    assert all(f"{count} {name}" in page for name, count in most.items())


def test_manifest_on_its_page_is_that_of_the_package(fonts: FontSet) -> None:
    shown = _json("upd.md")
    spec = specification.from_value(shown["face"])
    facts = {"order": shown["order"], "seal": shown["seal"], "face": codec.plain(spec)}
    package = upd.unpack(production.package(layout(spec, fonts), facts, profile("laser_rubber")))
    made = json.loads(package.manifest_bytes)
    for entry in made["files"]:
        assert entry.pop("bytes") == len(package.files[entry["name"]])
        assert re.fullmatch(r"[0-9a-f]{64}", entry.pop("sha256"))
    assert made == shown


def test_page_of_packages_says_every_bound_and_name() -> None:
    page = (PAGES / "upd.md").read_text(encoding="utf-8")
    bounds = (upd.MAX_PACKAGE_BYTES, upd.MAX_TOTAL_BYTES, upd.MAX_MANIFEST_BYTES)
    assert [said for said in (*(f"{bound:,}" for bound in bounds), *upd.REQUIRED, upd._NAME.pattern) if said not in page] == []


def test_picture_on_its_page_is_what_is_written_and_read() -> None:
    (pixels,) = _blocks("ga241-picture.md", "")
    (data,) = _blocks("ga241-picture.md", "hex")
    picture = Layers(8, 4, 400.0, bytes(int(pixel) for pixel in pixels.split()))
    assert ga241.encode(picture, "1101080012345") == bytes.fromhex(data)
    assert ga241.decode(bytes.fromhex(data)) == ("1101080012345", picture)
    page = (PAGES / "ga241-picture.md").read_text(encoding="utf-8")
    assert all(f"{bound:,}" in page for bound in (ga241.MAX_COMPRESSED_BYTES, ga241.CHIP_LIMIT))
    assert f"1 to {ga241.MAX_SIDE_PX}" in page
