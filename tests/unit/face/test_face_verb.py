"""The verb `face`: every template in every format, the switches, the JSON, the contact sheet, and refusals in words."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from PIL import Image

from sealdesk.cli import main
from sealdesk.face import specification, stp
from sealdesk.face.export import ga241, upd
from sealdesk.face.fonts import system_fonts
from sealdesk.face.production import FORMATS
from sealdesk.face.templates import TEMPLATES, template

BASE = ["face", "render", "--template", "unit.enterprise.40", "--set", "name=青石科技有限公司"]


def _render(tmp_path: Path, name: str, *more: str) -> bytes:
    out = tmp_path / name
    assert main([*BASE, *more, "--out", str(out)]) == 0
    return out.read_bytes()


@pytest.mark.parametrize(("number", "of"), list(enumerate(TEMPLATES)), ids=lambda v: getattr(v, "name", ""))
def test_every_template_is_rendered(number: int, of: Any, tmp_path: Path) -> None:
    out = tmp_path / f"face.{FORMATS[number % len(FORMATS)]}"
    sets = [word for name, text in of.examples().items() for word in ("--set", f"{name}={text}")]
    assert main(["face", "render", "--template", of.name, *sets, "--out", str(out)]) == 0
    assert out.stat().st_size > 500


def test_figure_seal_code_and_cuts_are_on_the_face(tmp_path: Path) -> None:
    plain = _render(tmp_path, "a.svg")
    assert b'class="code"' not in plain
    coded = _render(tmp_path, "b.svg", "--seal-code", "1101080012345")
    assert coded.count(b'class="code"') == 13
    assert _render(tmp_path, "c.svg", "--cuts", "seed:1") != plain
    assert _render(tmp_path, "d.svg", "--cuts", "seed:1") == _render(tmp_path, "e.svg", "--cuts", "seed:1")
    (tmp_path / "cuts.json").write_text('[{"x_mm": 0, "y_mm": 0, "length_mm": 20, "width_mm": 1}]', encoding="utf-8")
    assert _render(tmp_path, "f.svg", "--cuts", str(tmp_path / "cuts.json")) != plain
    assert _render(tmp_path, "g.svg", "--figure", "ring=1.5") != plain


def test_cuts_keep_a_code_that_was_a_field(tmp_path: Path) -> None:
    code = ("--set", "code=1101080012345")
    assert _render(tmp_path, "a.svg", *code, "--cuts", "seed:1").count(b'class="code"') == 13


def test_raw_picture_and_splines_are_the_other_forms(tmp_path: Path) -> None:
    packed, raw = (_render(tmp_path, "a.ga241", "--seal-code", "1101080012345", *more) for more in ((), ("--raw",)))
    assert (packed[21:22], raw[21:22]) == (b"3", b"2")
    assert ga241.decode(packed) == ga241.decode(raw)
    assert ga241.decode(raw)[0] == "1101080012345"
    assert b"SPLINE" in _render(tmp_path, "a.dxf", "--splines")
    assert b"SPLINE" not in _render(tmp_path, "b.dxf")


def test_package_holds_the_face_that_it_was_made_from(tmp_path: Path) -> None:
    package = upd.unpack(_render(tmp_path, "a.upd", "--seal-code", "1101080012345"))
    assert specification.from_value(package.manifest["face"]).template == "unit.enterprise.40"
    assert package.manifest["seal"] == {"code": "1101080012345"}


def test_letter_that_no_font_has_comes_from_a_drawing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rare = [*BASE[:4], "--set", "name=青\ue123科技有限公司", "--out", str(tmp_path / "a.svg")]
    assert main(rare) == 1
    assert "U+E123" in capsys.readouterr().err
    drawing = tmp_path / "rare.svg"
    drawing.write_text('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0H9V9H0Z M3 3V6H6V3Z"/></svg>', encoding="utf-8")
    assert main([*rare, "--outline", f"\ue123={drawing}"]) == 0


def test_own_font_and_own_emblem_are_taken(tmp_path: Path) -> None:
    kai = str(system_fonts().primary("kai").path)
    assert _render(tmp_path, "a.svg", "--font", f"song={kai}") != _render(tmp_path, "b.svg")
    emblem = tmp_path / "emblem.svg"
    emblem.write_text('<svg xmlns="http://www.w3.org/2000/svg"><circle r="5"/></svg>', encoding="utf-8")
    arguments = ["face", "check", "--template", "state.county.45", "--set", "name=青石县人民政府"]
    assert main(arguments) == 1
    assert main([*arguments, "--emblem", str(emblem)]) == 0


@pytest.mark.parametrize("name", ["unit.enterprise.40", "invoice.40x30", "person.square.20"])
def test_template_becomes_a_file_that_renders_the_same_picture(name: str, tmp_path: Path) -> None:
    file = tmp_path / "own.stp"
    assert main(["face", "stp", "--template", name, "--out", str(file)]) == 0
    sets = [word for field, text in template(name).examples().items() for word in ("--set", f"{field}={text}")]
    for source in (name, str(file)):
        assert main(["face", "render", "--template", source, *sets, "--out", str(tmp_path / f"{Path(source).suffix}.png")]) == 0
    first, second = tmp_path.glob("*.png")
    assert first.read_bytes() == second.read_bytes()


def test_description_is_checked_with_its_verdict_as_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "face.json"
    good = {"shape": {"kind": "circle", "width_mm": 40, "height_mm": 40}, "rings": [{"width_mm": 1}]}
    file.write_text(json.dumps(good), encoding="utf-8")
    assert main(["face", "check", "--spec", str(file)]) == 0
    assert json.loads(capsys.readouterr().out) == []
    crossed = good | {"marks": [{"diameter_mm": 14}], "rows": [{"text": "国", "top_mm": -2}]}
    file.write_text(json.dumps(crossed), encoding="utf-8")
    assert main(["face", "check", "--spec", str(file)]) == 1
    (finding,) = json.loads(capsys.readouterr().out)
    assert (finding["code"], finding["severity"]) == ("face.overlap", "error")
    assert set(finding["parts"]) == {"mark.0", "row.0.0"}
    assert set(finding["paths"]) == {"marks[0]", "rows[0]"}


_EACH = [pytest.param(n, of, marks=[pytest.mark.long] if n % 9 else [], id=of.name) for n, of in enumerate(TEMPLATES)]


@pytest.mark.parametrize(("number", "of"), _EACH)
def test_template_is_a_special_case_of_a_description(number: int, of: Any, tmp_path: Path) -> None:
    sets = [word for name, text in of.examples().items() for word in ("--set", f"{name}={text}")]
    described, ending = tmp_path / "face.json", FORMATS[(number // 9 + number) % len(FORMATS)]
    assert main(["face", "spec", "--template", of.name, *sets, "--out", str(described)]) == 0
    jsonschema.validate(json.loads(described.read_bytes()), specification.schema())
    made = []
    for source in (["--template", of.name, *sets], ["--spec", str(described)]):
        out = tmp_path / f"face{len(made)}.{ending}"
        assert main(["face", "render", *source, "--out", str(out)]) == 0
        made.append(out.read_bytes())
    assert made[0] == made[1]


def test_description_is_printed_with_figures_code_cuts_and_font(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kai = str(system_fonts().primary("kai").path)
    more = ("--figure", "ring=1.5", "--seal-code", "1101080012345", "--cuts", "seed:1", "--font", f"song={kai}")
    assert main(["face", "spec", *BASE[2:], *more]) == 0
    printed = capsys.readouterr().out
    described = json.loads(printed)
    assert (described["rings"][0]["width_mm"], described["seeded_cuts"]["seed"], described["fonts"][0]["role"]) == (1.5, "1", "song")
    file = tmp_path / "face.json"
    file.write_text(printed, encoding="utf-8")
    assert main(["face", "render", "--spec", str(file), "--font", kai, "--out", str(tmp_path / "a.svg")]) == 0
    assert (tmp_path / "a.svg").read_bytes() == _render(tmp_path, "b.svg", *more)


def test_output_of_a_description_decides_how_files_are_made(tmp_path: Path) -> None:
    face = {"shape": {"width_mm": 30, "height_mm": 30}, "rings": [{"width_mm": 1}]}
    output = {"material": "laser_rubber", "dpi": 254, "margin_mm": 0, "growth_mm": 0, "mirror": False}
    pictures = []
    for more, arguments in (
        ({}, ("--dpi", "254")),
        ({"output": output}, ()),
        ({"output": output}, ("--material", "paper", "--dpi", "254")),
    ):
        file, out = tmp_path / "face.json", tmp_path / "face.png"
        file.write_text(json.dumps(face | more), encoding="utf-8")
        assert main(["face", "render", "--spec", str(file), "--out", str(out), *arguments]) == 0
        with Image.open(out) as picture:
            pictures.append((picture.size, picture.convert("L").getpixel((150, 150))))
    assert pictures == [((300, 300), 255), ((300, 300), 0), ((300, 300), 255)]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"shape": {"kind": "circle", "width_mm": 40, "height_mm": 30}}, "shape.height_mm"),
        ({"shape": {"width": 40}}, "shape.width"),
        ({"rings": [{"width_mm": 1}, {"width_mm": "1"}]}, "rings[1].width_mm"),
        ({"arcs": [{"text": "国", "side": "left"}]}, "arcs[0].side"),
        ({"rows": [{"height_mm": 3}]}, "rows[0].text"),
        ({"grids": [{"columns": ["张三", 4]}]}, "grids[0].columns[1]"),
        ({"cuts": [{"x_mm": 1, "y_mm": 1e9}]}, "cuts[0].y_mm"),
        ({"seeded_cuts": {"seed": "a", "count": 1.5}}, "seeded_cuts.count"),
        ({"marks": [{"kind": "outline"}]}, "marks[0].outline"),
        ({"fonts": [{"digest": "0" * 64, "role": "comic"}]}, "fonts[0].role"),
        ({"output": {"dpi": 5}}, "output.dpi"),
        ({"output": {"material": "cheese"}}, "output.material"),
        ({"version": 2}, "version"),
    ],
)
def test_wrong_description_is_told_with_its_path(
    change: dict[str, Any], path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "face.json"
    file.write_text(json.dumps({"shape": {}} | change), encoding="utf-8")
    assert main(["face", "check", "--spec", str(file)]) == 1
    (finding,) = json.loads(capsys.readouterr().out)
    assert (finding["severity"], finding["paths"]) == ("error", [path])
    assert finding["text"]
    assert main(["face", "render", "--spec", str(file), "--out", str(tmp_path / "face.svg")]) == 1
    said = capsys.readouterr()
    assert path in said.out or finding["text"] in said.err
    assert not (tmp_path / "face.svg").exists()


def test_letter_without_font_and_text_that_is_no_json_are_findings_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "face.json"
    for text, said in (('{"shape": {}, "rows": [{"text": "\ue123"}]}', "U+E123"), ("{", "JSON")):
        file.write_text(text, encoding="utf-8")
        assert main(["face", "check", "--spec", str(file)]) == 1
        (finding,) = json.loads(capsys.readouterr().out)
        assert said in finding["text"]


def test_schema_and_templates_are_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["face", "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == specification.schema()
    assert main(["face", "schema", "--of", "template"]) == 0
    assert json.loads(capsys.readouterr().out) == stp.schema()
    assert main(["face", "templates", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [entry["name"] for entry in listed] == [of.name for of in TEMPLATES]
    assert all(figure["source"] for entry in listed for figure in entry["figures"])


def test_contact_sheet_shows_every_template(tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    assert main(["face", "sheet", "--out", str(out), "--dpi", "30"]) == 0
    picture = Image.open(io.BytesIO(out.read_bytes())).convert("RGB")
    red = sum(count for count, (r, g, b) in picture.getcolors(1 << 20) or () if r > 150 and g < 120 and b < 120)
    assert red > 5000
    assert main(["face", "sheet", "--out", str(tmp_path / "sheet.gif")]) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("--figure", "ring=wide"),
        ("--figure", "ring"),
        ("--figure", "ring=99"),
        ("--font", "comic=a.ttf"),
        ("--font", "song=nowhere.ttf"),
        ("--outline", "国=nowhere.svg"),
        ("--cuts", "nowhere.json"),
        ("--set", "colour=red"),
    ],
)
def test_argument_that_cannot_be_is_refused_in_words(
    arguments: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*BASE, *arguments, "--out", str(tmp_path / "a.svg")]) == 1
    said = capsys.readouterr()
    assert said.out or said.err
    assert not list(tmp_path.iterdir())
