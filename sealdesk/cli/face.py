"""`sealdesk face`: render a face from a template or from its JSON description, check one, or list the templates."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from sealdesk.cli.verb import Verb, say
from sealdesk.core.errors import ProblemsError
from sealdesk.core.i18n import N_, _


def _configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    render = actions.add_parser("render", help="write a face as svg, pdf, dxf, plt, png, tif, bmp or ga241")
    check = actions.add_parser("check", help="print what the checks found, as JSON")
    for action in (render, check):
        source = action.add_mutually_exclusive_group(required=True)
        source.add_argument("--template", help="a template's name; see `face templates`")
        source.add_argument("--spec", type=Path, help="a JSON description of the face")
        action.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", dest="fields")
    render.add_argument("--out", type=Path, required=True)
    render.add_argument("--dpi", type=float, default=None, help="resolution of pictures; the material's own by default")
    render.add_argument("--code", default="", help="seal code for the header of a GA 241 picture")
    render.add_argument("--material", default="", help="a material profile, such as laser_rubber")
    actions.add_parser("templates", help="list the system's templates")


def _run(parsed: argparse.Namespace) -> int:
    from sealdesk.face.templates import TEMPLATES

    if parsed.action == "templates":
        for template in TEMPLATES:
            fields = " ".join(field.name if field.required else f"[{field.name}]" for field in template.fields)
            say(f"{template.name:28} {_(template.title)}  ({fields})")
        return 0
    try:
        return _work(parsed)
    except ProblemsError as error:
        for problem in error.problems:
            say(f"{problem.field}: {problem}")
        return 1


def _work(parsed: argparse.Namespace) -> int:
    from sealdesk.face import codec
    from sealdesk.face.checks import passes
    from sealdesk.face.export import profiles
    from sealdesk.face.faces import face_from, face_of
    from sealdesk.face.production import FORMATS, produce
    from sealdesk.face.templates import template

    if parsed.spec is not None:
        face = face_from(codec.parse(parsed.spec.read_bytes()))
    else:
        face = face_of(template(parsed.template), dict(entry.split("=", 1) for entry in parsed.fields))
    if parsed.action == "check":
        found = [{"code": f.code, "severity": f.severity, "text": f.text, "x_mm": f.x_mm, "y_mm": f.y_mm} for f in face.findings]
        say(json.dumps(found, ensure_ascii=False, indent=2))
        return 0 if passes(face.findings) else 1
    ending = parsed.out.suffix.lstrip(".")
    if ending not in FORMATS:
        say(_("Unknown ending “{ending}”; known are {known}.").format(ending=ending, known=", ".join(FORMATS)))
        return 2
    profile = profiles.profile(parsed.material) if parsed.material else profiles.PAPER
    parsed.out.write_bytes(produce(face.drawing, ending, profile, parsed.dpi, parsed.code))
    return 0


VERB = Verb("face", N_("Render and check seal faces"), _configure, _run)
