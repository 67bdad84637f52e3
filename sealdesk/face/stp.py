"""Template files of a shop (`.stp`): our own JSON format, version 2, validated on import with a sentence per problem.

A file holds fields, figures and a face (see `specification`) whose texts contain `{field}` places. A text all of whose places are empty
is left out. A figure says which numbers of the face it is (`paths`, such as `rings[0].width_mm`); numbers that follow from several have
formulas (see `formulas`, `plans`). A name grid of one column with a place is arranged like a name seal. Files of version 1, which had no
formulas, are read as ever. The format is our own; CAD files that share the ending (ISO 10303-21) are refused by name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sealdesk.core.errors import ProblemsError, UserError
from sealdesk.core.i18n import N_
from sealdesk.face import codec, plans
from sealdesk.face.codec import SpokenError, limits
from sealdesk.face.divisions import Division
from sealdesk.face.formulas import FormulaError
from sealdesk.face.plans import Plan, Setting, Value
from sealdesk.face.specification import FaceSpec, consistency
from sealdesk.face.template import FIELD_KINDS, SEAL_TYPES, Field, Figure, Options, Template

FORMAT = "sealdesk-template"
VERSION = 2
_NAME = re.compile(r"[a-z][a-z0-9_.]{0,59}")


class CadFileError(UserError):
    """A STEP file: another world with the same ending."""

    code = "face.stp.cad"
    sentence = N_("This is a CAD file (ISO-10303-21), not a seal template.")
    advice = N_("Choose a .stp file that was exported by a seal layout program.")


class TemplateFileError(SpokenError):
    """Something in a template file does not fit together; `field` is the dotted place."""

    code = "face.stp.file"
    sentence = N_("“{place}”: {reason}")


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
    """A measure that may be changed, and the numbers of the face that it is."""

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
    divisions: tuple[Division, ...] = field(default=(), metadata=limits(length=8))
    values: tuple[Value, ...] = field(default=(), metadata=limits(length=60))
    formulas: tuple[Setting, ...] = field(default=(), metadata=limits(length=200))


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
    fields = tuple(Field(f.name, f.label, f.required, f.max_length, f.kind, f.example) for f in file.fields)
    figures = tuple(Figure(f.name, f.label, f.value_mm, f.source, f.low, f.high, f.unit) for f in file.figures)
    plan = plans.fixed(_plan(file))
    return Template(f"local.{file.name}", file.title, file.seal_type, fields, figures, plan, family="local", note=file.note)


def from_template(of: Template, name: str, title: str, options: Options | None = None) -> TemplateFile:
    """A system template as a file, to be changed by the shop; its figures, fonts and emblem are what `options` says."""
    chosen = options or Options()
    plan = of.plan()
    values = {f.name: f.value_mm for f in of.figures} | dict(chosen.figures)
    paths = {f.name: tuple(path for path, name in plan.figures if name == f.name) for f in of.figures}
    texts = {f.name: f.example for f in of.fields}
    face = plans.with_font(plan.example(texts, values), chosen.role)
    marks = face.marks
    if chosen.emblem and marks:
        marks = (replace(marks[0], outline=chosen.emblem), *marks[1:])
    file = TemplateFile(
        name,
        title,
        replace(face, marks=marks, outlines=face.outlines + chosen.outlines, fonts=chosen.fonts(face.fonts)),
        seal_type=of.seal_type,
        note=of.note,
        fields=tuple(FileField(f.name, f.label, f.required, f.max_length, f.kind, f.example) for f in of.fields),
        figures=tuple(FileFigure(f.name, f.label, values[f.name], f.source, f.low, f.high, f.unit, paths[f.name]) for f in of.figures),
        divisions=plan.divisions,
        values=plan.values,
        formulas=plan.settings,
    )
    return codec.normal(file)


def schema() -> dict[str, Any]:
    """The JSON Schema of a `.stp` file, as `template.schema.json` beside this module holds it."""
    return codec.schema(TemplateFile, "sealdesk template file (.stp), version 2")


def schema_text(of: dict[str, Any]) -> str:
    """A schema as it is written into its file."""
    return json.dumps(of, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _plan(file: TemplateFile) -> Plan:
    figures = tuple((path, figure.name) for figure in file.figures for path in figure.paths)
    return Plan(file.face, figures, file.formulas, file.values, file.divisions)


def _problems(file: TemplateFile) -> tuple[UserError, ...]:
    found = [TemplateFileError(field=place, place=place, reason=reason) for place, reason in _reasons(file)]
    return (*found, *_uncomputable(file, ready=not found), *consistency(file.face))


def _reasons(file: TemplateFile) -> Iterator[tuple[str, str]]:
    follows = bool(file.divisions or file.values or file.formulas)
    if file.version < 2 and follows:
        yield "version", N_("divisions, values and formulas need version 2.")
    if not _NAME.fullmatch(file.name):
        yield "name", N_("a template's name is small letters, digits, _ and dots.")
    names = [f.name for f in file.fields]
    for i, name in enumerate(names):
        if not _NAME.fullmatch(name) or names.count(name) > 1:
            yield f"fields[{i}].name", N_("a field's name is small letters, digits and _, and is there once.")
    figures = [f.name for f in file.figures]
    for i, figure in enumerate(file.figures):
        # Names of figures are free where nothing mentions them, as they were in version 1.
        if follows and (figures.count(figure.name) > 1 or not plans.is_name(figure.name)):
            yield f"figures[{i}].name", N_("a name is small letters, digits and _, is there once and is no function.")
        if not figure.low <= figure.value_mm <= figure.high:
            yield f"figures[{i}].value_mm", N_("the value is outside its own bounds.")
        for path in figure.paths:
            if (reason := _unusable(file.face, path, figure)) is not None:
                yield f"figures[{i}].paths", reason
    yield from plans.problems(_plan(file), tuple(figures), tuple(names))


def _unusable(face: FaceSpec, path: str, figure: FileFigure) -> str | None:
    """Why a figure cannot be a number of the face at all of its bounds, or None."""
    try:
        plans.number_at(face, path)
    except (KeyError, IndexError, TypeError):
        return N_("this is no number of the face.")
    for bound in (figure.low, figure.value_mm, figure.high):
        changed = plans.with_number(face, path, bound)
        if codec.check(changed):
            return N_("its bounds are wider than the face allows.")
    return None


def _uncomputable(file: TemplateFile, *, ready: bool) -> Iterator[UserError]:
    """What is wrong with the face of the file's own figures and examples."""
    if not ready or not file.formulas:
        return
    texts = {f.name: f.example for f in file.fields}
    try:
        face = _plan(file).build(texts, {f.name: f.value_mm for f in file.figures})
    except FormulaError as error:
        yield error
        return
    yield from codec.check(face) or consistency(face)
