"""Template files of a shop (`.stp`): our own JSON format, version 1, validated on import with a sentence per problem.

A file holds fields, figures and a face (see `specification`) whose texts contain `{field}` places. A text all of whose places are empty
is left out. A figure says which numbers of the face it sets (`paths`, such as `rings[0].width_mm`). A name grid of one column with a
place is arranged like a name seal. The format is our own; CAD files that share the ending (ISO 10303-21) are refused by name.
"""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import dataclass, field
from typing import Any

from sealdesk.core.errors import ProblemsError, UserError
from sealdesk.core.i18n import N_
from sealdesk.face import codec
from sealdesk.face.codec import SpokenError, limits
from sealdesk.face.specification import FaceSpec, Grid, consistency
from sealdesk.face.template import FIELD_KINDS, SEAL_TYPES, Field, Figure, Form, Options, Template, person_columns

FORMAT = "sealdesk-template"
VERSION = 1
_PLACE = re.compile(r"\{([a-z][a-z0-9_]{0,39})\}")
_NAME = re.compile(r"[a-z][a-z0-9_.]{0,59}")
_STEP = re.compile(r"([a-z_]+)(?:\[(\d{1,3})\])?")


class CadFileError(UserError):
    """A STEP file: another world with the same ending."""

    code = "face.stp.cad"
    sentence = N_("This is a CAD file (ISO-10303-21), not a seal template.")
    advice = N_("Choose a .stp file that was exported by a seal layout program.")


class TemplateFileError(SpokenError):
    """Something in a template file does not fit together; `field` is the dotted place."""

    code = "face.stp.file"
    sentence = N_("“{place}”: {reason}")


class NotAFileTemplateError(UserError):
    """A built-in template whose letters are arranged by rules that a file cannot hold."""

    code = "face.stp.rules"
    sentence = N_("The template “{name}” arranges its letters by rules and cannot be written as a file.")
    advice = N_("Choose a template with fixed places, or draw the face and save it.")


@dataclass(frozen=True, slots=True)
class FileField:
    """A text that a person fills in; `{name}` in the face's texts is replaced by it."""

    name: str = field(metadata=limits(length=40))
    label: str = field(metadata=limits(length=60))
    required: bool = False
    max_length: int = field(default=40, metadata=limits(1, 120))
    kind: str = field(default="text", metadata=limits(choices=FIELD_KINDS))
    example: str = field(default="", metadata=limits(length=120))


@dataclass(frozen=True, slots=True)
class FileFigure:
    """A measure that may be changed, and the numbers of the face that it sets."""

    name: str = field(metadata=limits(length=40))
    label: str = field(metadata=limits(length=60))
    value_mm: float = field(metadata=limits(-360, 400))
    source: str = field(default="", metadata=limits(length=300))
    low: float = field(default=0.05, metadata=limits(-360, 400))
    high: float = field(default=100.0, metadata=limits(-360, 400))
    unit: str = field(default="mm", metadata=limits(choices=("mm", "deg")))
    paths: tuple[str, ...] = field(default=(), metadata=limits(length=16))


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A whole `.stp` file."""

    name: str = field(metadata=limits(length=60))
    title: str = field(metadata=limits(length=80))
    face: FaceSpec
    format: str = field(default=FORMAT, metadata=limits(choices=(FORMAT,)))
    version: int = field(default=VERSION, metadata=limits(1, VERSION))
    seal_type: str = field(default="99", metadata=limits(choices=SEAL_TYPES))
    note: str = field(default="", metadata=limits(length=300))
    fields: tuple[FileField, ...] = field(default=(), metadata=limits(length=24))
    figures: tuple[FileFigure, ...] = field(default=(), metadata=limits(length=60))


def read(data: bytes) -> TemplateFile:
    """The template file in `data`.

    Raises:
        CadFileError: it is a STEP file.
        DescriptionError: it is not JSON, or too large.
        ProblemsError: with a sentence for every problem.
    """
    if data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"ISO-10303-21"):
        raise CadFileError()
    file = codec.read(TemplateFile, codec.parse(data))
    problems = _problems(file)
    if problems:
        raise ProblemsError(problems)
    return file


def write(file: TemplateFile) -> bytes:
    """The canonical bytes of a template file."""
    return codec.canonical(file)


def template(file: TemplateFile) -> Template:
    """The template that a file holds; it builds faces like the system's own."""

    def draw(form: Form) -> FaceSpec:
        face = file.face
        for figure in file.figures:
            for path in figure.paths:
                face = _set(face, path, form[figure.name])
        return _filled(face, dict(form.texts), form.options.font)

    fields = tuple(Field(f.name, f.label, f.required, f.max_length, f.kind, f.example) for f in file.fields)
    figures = tuple(Figure(f.name, f.label, f.value_mm, f.source, f.low, f.high, f.unit) for f in file.figures)
    return Template(f"local.{file.name}", file.title, file.seal_type, fields, figures, draw, family="local", note=file.note)


def from_template(of: Template, name: str, title: str, options: Options | None = None) -> TemplateFile:
    """A system template as a file, to be changed by the shop; its figures are fixed at what `options` says.

    Raises:
        NotAFileTemplateError: it arranges its letters by rules (name seals, lines of a bilingual name).
    """
    chosen = options or Options()
    figures = {f.name: f.value_mm for f in of.figures} | dict(chosen.figures)
    face = codec.normal(of.draw(Form({f.name: "{" + f.name + "}" for f in of.fields}, figures, chosen)))
    fields = tuple(FileField(f.name, f.label, f.required, f.max_length, f.kind, f.example) for f in of.fields)
    file = TemplateFile(name, title, face, seal_type=of.seal_type, note=of.note, fields=fields)
    there = {place for text in _texts(face) for place in _PLACE.findall(text)}
    if there != {f.name for f in of.fields} or _problems(file):
        raise NotAFileTemplateError(name=of.name)
    built = dataclasses.replace(of.build(of.examples(), chosen), template="", outlines=())
    if dataclasses.replace(template(file).build(of.examples()), template="") != built:
        raise NotAFileTemplateError(name=of.name)
    return file


def schema() -> dict[str, Any]:
    """The JSON Schema of a `.stp` file, as `template.schema.json` beside this module holds it."""
    return codec.schema(TemplateFile, "sealdesk template file (.stp), version 1")


def _texts(face: FaceSpec) -> list[str]:
    out = [line.text for line in face.arcs] + [line.text for line in face.rows] + [line.text for line in face.columns]
    return out + [line.text for line in face.microtexts] + [c for grid in face.grids for c in grid.columns]


def _problems(file: TemplateFile) -> tuple[UserError, ...]:
    found: list[UserError] = []

    def refuse(place: str, reason: str) -> None:
        found.append(TemplateFileError(field=place, place=place, reason=reason))

    names = [f.name for f in file.fields]
    for i, item in enumerate(file.fields):
        if not _NAME.fullmatch(item.name) or names.count(item.name) > 1:
            refuse(f"fields[{i}].name", N_("a field's name is small letters, digits and _, and is there once."))
    if not _NAME.fullmatch(file.name):
        refuse("name", N_("a template's name is small letters, digits, _ and dots."))
    for text in _texts(file.face):
        for place in _PLACE.findall(text):
            if place not in names:
                refuse(f"{{{place}}}", N_("no field has this name."))
    for i, figure in enumerate(file.figures):
        if not figure.low <= figure.value_mm <= figure.high:
            refuse(f"figures[{i}].value_mm", N_("the value is outside its own bounds."))
        for path in figure.paths:
            for bound in (figure.low, figure.value_mm, figure.high):
                if (reason := _unusable(file.face, path, bound)) is not None:
                    refuse(f"figures[{i}].paths", reason)
                    break
    found += consistency(file.face)
    return tuple(found)


def _unusable(face: FaceSpec, path: str, value: float) -> str | None:
    """Why a figure cannot set a path to a value, or None."""
    try:
        changed = _set(face, path, value)
    except (KeyError, IndexError, TypeError):
        return N_("this is no number of the face.")
    if codec.check(changed):
        return N_("its bounds are wider than the face allows.")
    return None


def _set(face: FaceSpec, path: str, value: float) -> FaceSpec:
    """The face with one number replaced.

    Raises:
        KeyError, IndexError, TypeError: the path leads to no number.
    """
    changed = _replaced(face, path.split("."), value)
    assert isinstance(changed, FaceSpec)
    return changed


def _replaced(of: Any, steps: list[str], value: float) -> Any:
    found = _STEP.fullmatch(steps[0])
    if found is None or not dataclasses.is_dataclass(of) or isinstance(of, type):
        raise KeyError(steps[0])
    if found[1] not in {f.name for f in dataclasses.fields(of)}:
        raise KeyError(found[1])
    inner = getattr(of, found[1])
    if found[2] is not None:
        index = int(found[2])
        if not isinstance(inner, tuple):
            raise TypeError(found[1])
        changed = _replaced(inner[index], steps[1:], value) if len(steps) > 1 else _number(inner[index], value)
        return dataclasses.replace(of, **{found[1]: (*inner[:index], changed, *inner[index + 1 :])})
    changed = _replaced(inner, steps[1:], value) if len(steps) > 1 else _number(inner, value)
    return dataclasses.replace(of, **{found[1]: changed})


def _number(old: Any, value: float) -> float:
    if not isinstance(old, float):
        raise TypeError(old)
    return value


def _filled(face: FaceSpec, texts: dict[str, str], font: str) -> FaceSpec:
    def fill(text: str) -> str:
        places = _PLACE.findall(text)
        if places and not any(texts.get(p) for p in places):
            return ""
        return _PLACE.sub(lambda m: texts.get(m[1], ""), text)

    def role(own: str) -> str:
        return font if font and own != "arial" else own

    def arranged(grid: Grid) -> Grid:
        columns = tuple(fill(c) for c in grid.columns)
        if len(grid.columns) == 1 and _PLACE.search(grid.columns[0]) and columns[0]:
            columns = person_columns(columns[0])
        return dataclasses.replace(grid, columns=columns, font=role(grid.font))

    return dataclasses.replace(
        face,
        arcs=tuple(dataclasses.replace(a, text=fill(a.text), font=role(a.font)) for a in face.arcs),
        rows=tuple(dataclasses.replace(r, text=fill(r.text), font=role(r.font)) for r in face.rows),
        columns=tuple(dataclasses.replace(c, text=fill(c.text), font=role(c.font)) for c in face.columns),
        microtexts=tuple(dataclasses.replace(m, text=fill(m.text)) for m in face.microtexts),
        grids=tuple(arranged(g) for g in face.grids),
    )


def schema_text(of: dict[str, Any]) -> str:
    """A schema as it is written into its file."""
    return json.dumps(of, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
