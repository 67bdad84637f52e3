"""`sealdesk face`: render, check or describe a face from a template or its JSON; list templates; print schemas or a contact sheet."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sealdesk.cli import face_sources
from sealdesk.cli.verb import Verb, say
from sealdesk.core.errors import ProblemsError, UserError
from sealdesk.core.i18n import N_, _

if TYPE_CHECKING:
    from sealdesk.face.template import Template


def _configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    render = actions.add_parser("render", help="write a face as svg, pdf, dxf, plt, png, tif, bmp, ga241 or upd")
    check = actions.add_parser("check", help="print what the checks found, as JSON; exit code 1 when the face cannot be submitted")
    spec = actions.add_parser("spec", help="print the JSON description of a template's face, from which --spec renders the same bytes")
    for action in (render, check, spec):
        face_sources.configure(action)
    spec.add_argument("--out", type=Path, default=None, help="a file instead of the screen")
    render.add_argument("--out", type=Path, required=True, help="the file; its ending says which format")
    render.add_argument("--dpi", type=float, default=None, help="resolution of pictures; the material's own by default")
    render.add_argument("--material", default="", help="a material profile, such as laser_rubber")
    render.add_argument("--raw", action="store_true", help="ga241: one byte a pixel instead of runs")
    render.add_argument("--splines", action="store_true", help="dxf: exact splines instead of polylines")
    stp = actions.add_parser("stp", help="write a template of the system as a .stp file, to be changed and imported by a shop")
    stp.add_argument("--template", required=True, help="a template's name (see `face templates`)")
    stp.add_argument("--out", type=Path, required=True, help="the .stp file")
    templates = actions.add_parser("templates", help="list the system's templates")
    templates.add_argument("--json", action="store_true", help="with fields, figures and their sources")
    schema = actions.add_parser("schema", help="print the JSON Schema of a face description")
    schema.add_argument("--of", choices=("face", "template"), default="face", help="template: of a .stp file")
    sheet = actions.add_parser("sheet", help="write all templates with their examples onto one page")
    sheet.add_argument("--out", type=Path, required=True, help="a .png or .pdf file")
    sheet.add_argument("--columns", type=int, default=10)
    sheet.add_argument("--dpi", type=float, default=76.0)


def _run(parsed: argparse.Namespace) -> int:
    work = {"render": _render, "check": _check, "templates": _templates, "schema": _schema, "sheet": _sheet, "spec": _spec, "stp": _stp}[
        parsed.action
    ]
    try:
        return work(parsed)
    except ProblemsError as error:
        for problem in error.problems:
            say(f"{problem.field}: {problem}")
        return 1


def _render(parsed: argparse.Namespace) -> int:
    from sealdesk.face import production
    from sealdesk.face.export import ga241, profiles
    from sealdesk.face.fonts import system_fonts
    from sealdesk.face.layout import layout

    ending = parsed.out.suffix.lstrip(".")
    if ending not in production.FORMATS:
        say(_("Unknown ending “{ending}”; known are {known}.").format(ending=ending, known=", ".join(production.FORMATS)))
        return 2
    spec = face_sources.face(parsed)
    drawing = layout(spec, system_fonts())
    profile = profiles.profile(parsed.material) if parsed.material else production.profile_of(spec.output)
    if ending == "upd":
        from sealdesk.face import codec

        data = production.package(
            drawing, {"seal": {"code": parsed.seal_code or face_sources.code_of(spec)}, "face": codec.plain(spec)}, profile, parsed.dpi
        )
    else:
        code = (parsed.seal_code or face_sources.code_of(spec))[: ga241.CODE_LENGTH]
        data = production.produce(drawing, ending, profile, parsed.dpi, code, plain=parsed.raw or parsed.splines)
    _write(parsed.out, data)
    return 0


def _check(parsed: argparse.Namespace) -> int:
    from sealdesk.face import production
    from sealdesk.face.checks import check, passes
    from sealdesk.face.fonts import system_fonts
    from sealdesk.face.layout import layout

    try:
        spec = face_sources.face(parsed)
        production.profile_of(spec.output)
        findings = check(layout(spec, system_fonts()), spec)
    except (face_sources.ArgumentError, face_sources.FileArgumentError):
        raise
    except UserError as error:
        problems = error.problems if isinstance(error, ProblemsError) else (error,)
        say(json.dumps([_refusal(problem) for problem in problems], ensure_ascii=False, indent=2))
        return 1
    found = [
        {
            "code": f.code, "severity": f.severity, "text": f.text, "parts": list(f.parts),
            "paths": list(dict.fromkeys(_path(part) for part in f.parts)), "x_mm": f.x_mm, "y_mm": f.y_mm,
        }
        for f in findings
    ]  # fmt: skip
    say(json.dumps(found, ensure_ascii=False, indent=2))
    return 0 if passes(findings) else 1


def _refusal(problem: UserError) -> dict[str, Any]:
    """A description that cannot be drawn at all, in the form of a finding."""
    place = [str(problem.field)] if problem.field else []
    return {"code": problem.code, "severity": "error", "text": str(problem), "parts": [], "paths": place, "x_mm": 0.0, "y_mm": 0.0}


def _path(part: str) -> str:
    """Where a part of the drawing stands in the description: `arc.0.3` in `arcs[0]`."""
    kind, index = part.split(".")[:2]
    return f"{kind}s[{index}]"


def _spec(parsed: argparse.Namespace) -> int:
    from sealdesk.face import codec

    described = json.dumps(codec.plain(face_sources.face(parsed)), ensure_ascii=False, indent=1, sort_keys=True)
    if parsed.out is None:
        say(described)
    else:
        _write(parsed.out, described.encode() + b"\n")
    return 0


def _stp(parsed: argparse.Namespace) -> int:
    from sealdesk.face import stp
    from sealdesk.face.templates import template
    from sealdesk.stages.templates.files import Edited, saved

    of = template(parsed.template)
    _write(parsed.out, stp.write(saved(of, "", Edited(of.examples(), {}), of.name, _(of.title))))
    return 0


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


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise face_sources.FileArgumentError(name=str(file), reason=error.strerror or str(error)) from error


VERB = Verb("face", N_("Render and check seal faces"), _configure, _run)
