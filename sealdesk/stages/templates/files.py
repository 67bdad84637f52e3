"""Template files as they come in and go out: what makes one unusable, sentence by sentence, and what the editor's changes make of one.

It draws nothing and asks no fonts, so the handlers may call it on the data lane.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sealdesk.core.errors import ProblemsError, UserError
from sealdesk.core.i18n import N_, _
from sealdesk.crypto.vault import UnreadableFileError
from sealdesk.face import codec, plans, sources, specification, stp
from sealdesk.face.specification import FaceFont, FaceSpec
from sealdesk.face.stp import FileFigure, TemplateFile
from sealdesk.face.template import Options, Template
from sealdesk.stages.templates.rules import MOST_LETTERS, TemplateTitleError, TooManyLettersError

LARGEST_BYTES = codec.MAX_BYTES


def read_file(content: bytes) -> TemplateFile:
    """The usable template in a `.stp` file.

    Raises:
        CadFileError, DescriptionError: it is no template file at all.
        ProblemsError: with a sentence for every problem.
    """
    file = stp.read(content)
    problems: list[UserError] = []
    if not file.title.strip():
        problems.append(TemplateTitleError(field="title"))
    template = stp.template(file)
    try:
        face = template.build(template.examples(), Options(draft=True))
        specification.validate(face)
        if (count := letters(face)) > MOST_LETTERS:
            problems.append(TooManyLettersError(field="face", count=count, limit=MOST_LETTERS))
    except ProblemsError as error:
        problems += error.problems
    if problems:
        raise ProblemsError(tuple(problems))
    return file


def load(path: Path, limit: int = LARGEST_BYTES) -> bytes:
    """The bytes of a file, one more than `limit` at most: what is larger is refused by whoever reads them.

    Raises:
        UnreadableFileError: the system does not let us read it.
    """
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        raise UnreadableFileError(name=path.name, reason=error.strerror or str(error)) from error


def letters(face: FaceSpec) -> int:
    """How many letters a face sets, repeats of microtexts counted."""
    texts = [line.text for line in face.arcs] + [line.text for line in face.rows] + [line.text for line in face.columns]
    texts += [letters for grid in face.grids for letters in grid.columns]
    return sum(map(len, texts)) + sum(len(micro.text) * micro.repeats for micro in face.microtexts)


@dataclass(frozen=True, slots=True)
class Edited:
    """What the editor changed of a template: its example texts, its figures, its font and its emblem (empty: its own).

    `typeface` is a font file of the shop instead of one of the program's fonts.
    """

    texts: Mapping[str, str]
    figures: Mapping[str, float]
    font: str = ""
    emblem: str = ""
    typeface: FaceFont | None = None

    def options(self) -> Options:
        """The same for building a face; an unfinished form is drawn as far as it goes."""
        return Options(figures=dict(self.figures), font=self.font, emblem=self.emblem, typeface=self.typeface, draft=True)


def saved(template: Template, source: str, edited: Edited, name: str, title: str) -> TemplateFile:
    """The template as the editor changed it, as a file under another name.

    `source` is the text of the template's own file, empty for one of the system's. A template of the system keeps its figures and
    formulas; each number of the face that neither sets becomes a figure of its own, so that the shop can change that, too.

    Raises:
        ProblemsError: a changed figure or text is not usable.
    """
    template.build(edited.texts, dataclasses.replace(edited.options(), emblem=""))
    file = _from_file(stp.read(source.encode()), edited) if source else _from_system(template, edited, name)
    fields = tuple(dataclasses.replace(field, example=edited.texts.get(field.name, "")) for field in file.fields)
    face = file.face
    if edited.emblem and face.marks:
        face = dataclasses.replace(face, marks=(dataclasses.replace(face.marks[0], outline=edited.emblem), *face.marks[1:]))
    face = dataclasses.replace(face, fonts=edited.options().fonts(face.fonts))
    return dataclasses.replace(file, name=name, title=title, face=face, fields=fields)


def _from_file(file: TemplateFile, edited: Edited) -> TemplateFile:
    figures = tuple(dataclasses.replace(f, value_mm=edited.figures.get(f.name, f.value_mm)) for f in file.figures)
    return dataclasses.replace(file, figures=figures, face=plans.with_font(file.face, edited.options().role))


def _from_system(template: Template, edited: Edited, name: str) -> TemplateFile:
    options = Options(figures=dict(edited.figures), font=edited.options().role)
    file = stp.from_template(template, name, name, options)
    figures = [dataclasses.replace(figure, label=_(figure.label), source=_(figure.source)) for figure in file.figures]
    covered = {path for figure in figures for path in figure.paths} | {setting.path for setting in file.formulas}
    figures += _own_figures(file.face, covered)
    fields = tuple(dataclasses.replace(field, label=_(field.label)) for field in file.fields)
    return dataclasses.replace(file, note=_(file.note), figures=tuple(figures), fields=fields)


_OWN = (
    ("rings", "width_mm", N_("ring {number}: width"), 0.1, 2.0),
    ("marks", "diameter_mm", N_("mark {number}: diameter"), 2.0, 10.0),
    ("arcs", "height_mm", N_("text {number} along the edge: height"), 0.6, 2.5),
    ("arcs", "inset_mm", N_("text {number} along the edge: distance from the edge"), 0.2, 2.5),
    ("arcs", "span_deg", N_("text {number} along the edge: angle"), 10.0, 60.0),
    ("rows", "height_mm", N_("row {number}: height"), 0.6, 2.5),
    ("rows", "top_mm", N_("row {number}: top, from the middle"), -60.0, 5.0),
    ("columns", "width_mm", N_("column {number}: width"), 0.6, 2.5),
    ("columns", "x_mm", N_("column {number}: middle, from the middle"), -60.0, 5.0),
)
"""Numbers of a face that a shop may want to change: list, number, label, smallest value, and how far up and down."""


def _own_figures(face: FaceSpec, covered: set[str]) -> list[FileFigure]:
    found = []
    for part, number, label, least, reach in _OWN:
        for place, item in enumerate(getattr(face, part)):
            path, value = f"{part}[{place}].{number}", float(getattr(item, number))
            if path in covered or (number == "span_deg" and item.kind == "code"):
                continue
            low, high = max(least, value - reach), min(value + reach, 358.0 if number == "span_deg" else 90.0)
            if low <= value <= high:
                words = _(label).format(number=place + 1)
                unit = "deg" if number == "span_deg" else "mm"
                name = f"{part}_{place}_{number}"
                found.append(FileFigure(name, words, value, _(sources.OWN), round(low, 2), round(high, 2), unit, (path,)))
    return found
