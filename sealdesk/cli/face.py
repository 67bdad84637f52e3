"""`sealdesk face`: render or check a face from a template or its JSON description; list templates; print the schema or a contact sheet."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sealdesk.cli.verb import Verb, say
from sealdesk.core.errors import ProblemsError, UserError
from sealdesk.core.i18n import N_, _

if TYPE_CHECKING:
    from sealdesk.face.fonts import FontSet
    from sealdesk.face.specification import FaceSpec
    from sealdesk.face.template import Template


class ArgumentError(UserError):
    """An argument is not written as it must be."""

    code = "face.argument"
    sentence = N_("“{argument}” is not written as {form}.")


class FileArgumentError(UserError):
    """A file that an argument names cannot be read or written."""

    code = "face.argument.file"
    sentence = N_("The file {name} cannot be opened: {reason}.")


def _configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    render = actions.add_parser("render", help="write a face as svg, pdf, dxf, plt, png, tif, bmp, ga241 or upd")
    check = actions.add_parser("check", help="print what the checks found, as JSON; exit code 1 when the face cannot be submitted")
    for action in (render, check):
        _configure_face(action)
    render.add_argument("--out", type=Path, required=True, help="the file; its ending says which format")
    render.add_argument("--dpi", type=float, default=None, help="resolution of pictures; the material's own by default")
    render.add_argument("--material", default="", help="a material profile, such as laser_rubber")
    render.add_argument("--raw", action="store_true", help="ga241: one byte a pixel instead of runs")
    render.add_argument("--splines", action="store_true", help="dxf: exact splines instead of polylines")
    templates = actions.add_parser("templates", help="list the system's templates")
    templates.add_argument("--json", action="store_true", help="with fields, figures and their sources")
    schema = actions.add_parser("schema", help="print the JSON Schema of a face description")
    schema.add_argument("--of", choices=("face", "template"), default="face", help="template: of a .stp file")
    sheet = actions.add_parser("sheet", help="write all templates with their examples onto one page")
    sheet.add_argument("--out", type=Path, required=True, help="a .png or .pdf file")
    sheet.add_argument("--columns", type=int, default=10)
    sheet.add_argument("--dpi", type=float, default=76.0)


def _configure_face(action: argparse.ArgumentParser) -> None:
    source = action.add_mutually_exclusive_group(required=True)
    source.add_argument("--template", help="a template's name (see `face templates`), or a .stp file")
    source.add_argument("--spec", type=Path, help="a JSON description of the face (see `face schema`)")
    action.add_argument("--set", action="append", default=[], metavar="FIELD=TEXT", dest="fields", help="a text of the template")
    action.add_argument("--figure", action="append", default=[], metavar="NAME=VALUE", dest="figures", help="a measure of the template")
    action.add_argument(
        "--font", action="append", default=[], metavar="ROLE=FILE", dest="fonts", help="the shop's own font file for a role"
    )
    action.add_argument("--outline", action="append", default=[], metavar="CHAR=FILE.svg", dest="outlines", help="a letter no font has")
    action.add_argument("--emblem", type=Path, metavar="FILE.svg", help="the official outline of the mark in the middle")
    action.add_argument("--seal-code", default="", help="the approved seal code, on the face and in the header of a GA 241 picture")
    action.add_argument("--cuts", default="", metavar="seed:TEXT|FILE.json", help="the approved anti-forgery cuts")


def _run(parsed: argparse.Namespace) -> int:
    work = {"render": _render, "check": _check, "templates": _templates, "schema": _schema, "sheet": _sheet}[parsed.action]
    try:
        return work(parsed)
    except ProblemsError as error:
        for problem in error.problems:
            say(f"{problem.field}: {problem}")
        return 1


def _render(parsed: argparse.Namespace) -> int:
    from sealdesk.face import production
    from sealdesk.face.export import ga241, profiles
    from sealdesk.face.layout import layout

    ending = parsed.out.suffix.lstrip(".")
    if ending not in production.FORMATS:
        say(_("Unknown ending “{ending}”; known are {known}.").format(ending=ending, known=", ".join(production.FORMATS)))
        return 2
    spec, fonts = _face(parsed)
    drawing = layout(spec, fonts)
    profile = profiles.profile(parsed.material) if parsed.material else profiles.PAPER
    if ending == "upd":
        from sealdesk.face import codec

        data = production.package(drawing, {"seal": {"code": parsed.seal_code}, "face": codec.plain(spec)}, profile, parsed.dpi)
    else:
        code = parsed.seal_code[: ga241.CODE_LENGTH]
        data = production.produce(drawing, ending, profile, parsed.dpi, code, plain=parsed.raw or parsed.splines)
    _write(parsed.out, data)
    return 0


def _check(parsed: argparse.Namespace) -> int:
    from sealdesk.face.checks import check, passes
    from sealdesk.face.layout import layout

    spec, fonts = _face(parsed)
    findings = check(layout(spec, fonts), spec)
    found = [
        {"code": f.code, "severity": f.severity, "text": f.text, "parts": list(f.parts), "x_mm": f.x_mm, "y_mm": f.y_mm} for f in findings
    ]
    say(json.dumps(found, ensure_ascii=False, indent=2))
    return 0 if passes(findings) else 1


def _templates(parsed: argparse.Namespace) -> int:
    from sealdesk.face.templates import TEMPLATES

    if parsed.json:
        say(json.dumps([_described(template) for template in TEMPLATES], ensure_ascii=False, indent=1))
        return 0
    for template in TEMPLATES:
        fields = " ".join(field.name if field.required else f"[{field.name}]" for field in template.fields)
        say(f"{template.name:28} {_(template.title)}  ({fields})")
    return 0


def _described(template: Template) -> dict[str, Any]:
    fields = [
        {"name": f.name, "label": _(f.label), "kind": f.kind, "required": f.required, "max_length": f.max_length, "example": f.example}
        for f in template.fields
    ]
    figures = [
        {"name": f.name, "label": _(f.label), "value": f.value_mm, "unit": f.unit, "low": f.low, "high": f.high, "source": _(f.source)}
        for f in template.figures
    ]
    return {
        "name": template.name,
        "title": _(template.title),
        "seal_type": template.seal_type,
        "family": template.family,
        "mandated": template.mandated,
        "fields": fields,
        "figures": figures,
    }


def _schema(parsed: argparse.Namespace) -> int:
    from sealdesk.face import specification, stp

    say(stp.schema_text(specification.schema() if parsed.of == "face" else stp.schema()).rstrip("\n"))
    return 0


def _sheet(parsed: argparse.Namespace) -> int:
    from sealdesk.face import raster
    from sealdesk.face.export import contact
    from sealdesk.face.export.pdf import pdf
    from sealdesk.face.fonts import system_fonts
    from sealdesk.face.layout import layout
    from sealdesk.face.templates import TEMPLATES

    ending = parsed.out.suffix.lstrip(".")
    if ending not in ("png", "pdf") or parsed.columns < 1:
        say(_("Unknown ending “{ending}”; known are {known}.").format(ending=ending, known="png, pdf"))
        return 2
    fonts = system_fonts()
    page = contact.sheet([(_(t.title), layout(t.build(t.examples()), fonts)) for t in TEMPLATES], fonts, parsed.columns)
    _write(parsed.out, raster.two_inks(page, parsed.dpi) if ending == "png" else pdf(page, colour=(0.78, 0.06, 0.18)))
    return 0


def _face(parsed: argparse.Namespace) -> tuple[FaceSpec, FontSet]:
    """The face that the arguments describe, and the fonts to set it with."""
    from sealdesk.face import specification, svgfile
    from sealdesk.face.fonts import MEANT, system_fonts
    from sealdesk.face.specification import CharacterOutline
    from sealdesk.face.template import Options, with_platform_data

    fonts = system_fonts()
    for role, file in _pairs(parsed.fonts, "ROLE=FILE"):
        if role not in MEANT:
            raise ArgumentError(argument=role, form=", ".join(MEANT))
        fonts = fonts.with_font(role, Path(file).stem, Path(file))
    outlines = tuple(CharacterOutline(c, svgfile.path_data(_read(Path(file)))) for c, file in _pairs(parsed.outlines, "CHAR=FILE.svg"))
    emblem = svgfile.path_data(_read(parsed.emblem)) if parsed.emblem else ""
    if parsed.spec is not None:
        if parsed.fields or parsed.figures or outlines or emblem:
            raise ArgumentError(argument="--spec", form="--template … --set … --figure … --outline … --emblem …")
        spec = specification.from_json(_read(parsed.spec))
    else:
        figures = {name: _number(name, value) for name, value in _pairs(parsed.figures, "NAME=VALUE")}
        options = Options(figures=figures, emblem=emblem, outlines=outlines)
        spec = _template(parsed.template).build(dict(_pairs(parsed.fields, "FIELD=TEXT")), options)
    if parsed.seal_code or parsed.cuts:
        spec = with_platform_data(spec, parsed.seal_code or _code_of(spec), _cuts(parsed.cuts))
    return spec, fonts


def _template(name: str) -> Template:
    from sealdesk.face import stp
    from sealdesk.face.templates import template

    return stp.template(stp.read(_read(Path(name)))) if name.endswith(".stp") else template(name)


def _code_of(spec: FaceSpec) -> str:
    texts = [(line.kind, line.text) for line in spec.arcs] + [(line.kind, line.text) for line in spec.rows]
    return next((text for kind, text in texts if kind == "code"), "")


def _cuts(argument: str) -> Any:
    from sealdesk.face import codec
    from sealdesk.face.specification import Cut, SeededCuts

    if not argument:
        return None
    if argument.startswith("seed:"):
        return SeededCuts(argument.removeprefix("seed:"))
    listed = codec.parse(_read(Path(argument)))
    if not isinstance(listed, list) or len(listed) > 200:
        raise ArgumentError(argument=argument, form='[{"x_mm": …, "y_mm": …}, …]')
    return tuple(codec.read(Cut, entry) for entry in listed)


def _pairs(arguments: list[str], form: str) -> list[tuple[str, str]]:
    pairs = []
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if not (name and equals):
            raise ArgumentError(argument=argument, form=form)
        pairs.append((name, value))
    return pairs


def _number(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise ArgumentError(argument=f"{name}={value}", form="NAME=VALUE") from None


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise FileArgumentError(name=str(file), reason=error.strerror or str(error)) from error


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise FileArgumentError(name=str(file), reason=error.strerror or str(error)) from error


VERB = Verb("face", N_("Render and check seal faces"), _configure, _run)
