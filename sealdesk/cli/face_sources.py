"""What the arguments of `sealdesk face` describe: a face from a template or a JSON description, with fonts and code. It writes nothing."""

from __future__ import annotations

import argparse
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_

if TYPE_CHECKING:
    from sealdesk.face.specification import FaceFont, FaceSpec
    from sealdesk.face.template import Template


class ArgumentError(UserError):
    """An argument is not written as it must be."""

    code = "face.argument"
    sentence = N_("“{argument}” is not written as {form}.")


class FileArgumentError(UserError):
    """A file that an argument names cannot be read or written."""

    code = "face.argument.file"
    sentence = N_("The file {name} cannot be opened: {reason}.")


def configure(action: argparse.ArgumentParser) -> None:
    """The arguments of every action that takes a face."""
    source = action.add_mutually_exclusive_group(required=True)
    source.add_argument("--template", help="a template's name (see `face templates`), or a .stp file")
    source.add_argument("--spec", type=Path, help="a JSON description of the face (see `face schema`)")
    action.add_argument("--set", action="append", default=[], metavar="FIELD=TEXT", dest="fields", help="a text of the template")
    action.add_argument("--figure", action="append", default=[], metavar="NAME=VALUE", dest="figures", help="a measure of the template")
    action.add_argument(
        "--font",
        action="append",
        default=[],
        metavar="[ROLE=]FILE",
        dest="fonts",
        help="the shop's own font file, for a role, or for a description that names it by its SHA-256",
    )
    action.add_argument("--outline", action="append", default=[], metavar="CHAR=FILE.svg", dest="outlines", help="a letter no font has")
    action.add_argument("--emblem", type=Path, metavar="FILE.svg", help="the official outline of the mark in the middle")
    action.add_argument("--seal-code", default="", help="the approved seal code, on the face and in the header of a GA 241 picture")
    action.add_argument("--cuts", default="", metavar="seed:TEXT|FILE.json", help="the approved anti-forgery cuts")


def face(parsed: argparse.Namespace) -> FaceSpec:
    """The face that the arguments describe.

    Raises:
        ArgumentError, FileArgumentError: an argument is not usable.
        UserError: the description or the texts are not usable.
    """
    from sealdesk.face import specification, svgfile
    from sealdesk.face.specification import CharacterOutline
    from sealdesk.face.template import Options, with_platform_data

    fonts = _fonts(parsed.fonts)
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
        spec = with_platform_data(spec, parsed.seal_code or code_of(spec), _cuts(parsed.cuts))
    own = tuple(font for font in fonts if font not in spec.fonts)
    return replace(spec, fonts=own + spec.fonts) if own else spec


def _fonts(arguments: list[str]) -> tuple[FaceFont, ...]:
    """The font files of the arguments: offered to faces that name them, and put in front where a role is given."""
    from sealdesk.face.fonts import MEANT, open_font, take_shops_files_from
    from sealdesk.face.specification import FaceFont

    offered: dict[str, bytes] = {}
    fonts = []
    for argument in arguments:
        role, equals, file = argument.partition("=")
        if equals and role not in MEANT:
            raise ArgumentError(argument=role, form=", ".join(MEANT))
        path = Path(file if equals else argument)
        content = _read(path)
        digest = hashlib.sha256(content).hexdigest()
        offered[digest] = content
        if equals:
            fonts.append(FaceFont(digest, 0, path.stem[:80], role))
    if offered:
        take_shops_files_from(offered.get)
        for font in fonts:
            open_font(font)
    return tuple(fonts)


def _template(name: str) -> Template:
    from sealdesk.face import stp
    from sealdesk.face.templates import template

    return stp.template(stp.read(_read(Path(name)))) if name.endswith(".stp") else template(name)


def code_of(spec: FaceSpec) -> str:
    """The seal code that stands on a face."""
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
