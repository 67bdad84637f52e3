"""What a template is: fields that a person fills, figures with their source, and the face that follows. It holds no template itself.

A template never draws; its `plan` builds a `FaceSpec`, which `layout` turns into outlines. Figures may be changed by the shop within their
bounds; their source stays beside them.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sealdesk.core.errors import ProblemsError, UserError
from sealdesk.core.i18n import N_, _
from sealdesk.face import codec
from sealdesk.face.formulas import FormulaError
from sealdesk.face.plans import Plan
from sealdesk.face.specification import ROLES, Arc, CharacterOutline, Cut, FaceFont, FaceSpec, Fit, Row, SeededCuts

SEAL_TYPES = ("01", "02", "03", "04", "05", "99")
"""GA 241.2: 01 unit, 02 finance, 03 invoice, 04 contract, 05 legal representative's name, 99 other."""

FIELD_KINDS = ("name", "text", "foreign", "adjoined", "person", "code", "taxnumber", "sequence")
_PATTERNS = {
    "code": re.compile(r"[0-9]{3,19}"),
    "taxnumber": re.compile(r"[0-9A-Z]{15,20}"),
    "sequence": re.compile(r"[0-9]{1,3}"),
}


class UnknownTemplateError(UserError):
    """There is no template of that name."""

    code = "face.template.unknown"
    sentence = N_("There is no template “{name}”.")


class UnknownTemplateFieldError(UserError):
    """The template has no such field."""

    code = "face.template.field.unknown"
    sentence = N_("This template has no field “{name}”.")


class EmptyFieldError(UserError):
    """A required field is empty."""

    code = "face.template.field.empty"
    sentence = N_("“{label}” must be filled in.")


class LongFieldError(UserError):
    """A text is longer than the template can take."""

    code = "face.template.field.long"
    sentence = N_("“{label}” has {count} characters; at most {limit} fit this face.")


class FieldFormError(UserError):
    """A code or number is not written as it must be."""

    code = "face.template.field.form"
    sentence = N_("“{label}” must be {wanted}.")


class FigureError(UserError):
    """A figure is unknown or outside its bounds."""

    code = "face.template.figure"
    sentence = N_("“{label}” must lie between {low} and {high}.")


class FontRoleError(UserError):
    """A font was chosen that is none of the roles."""

    code = "face.template.font"
    sentence = N_("“{role}” is not one of the fonts: {roles}.")


_WANTED = {
    "code": N_("a number of 3 to 19 digits"),
    "taxnumber": N_("a taxpayer number of 15 to 20 digits and capitals"),
    "sequence": N_("a number of one to three digits"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One text that a person fills in. `name` is the unit's full name (or the person's), whatever the template."""

    name: str
    label: str
    required: bool = False
    max_length: int = 60
    kind: str = "text"
    example: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of a template, its source and how far the shop may change it. Angles (unit "deg") are in degrees."""

    name: str
    label: str
    value_mm: float
    source: str
    low: float = 0.05
    high: float = 100.0
    unit: str = "mm"


@dataclass(frozen=True, slots=True)
class Options:
    """What the editor may change beside the fields.

    Attributes:
        figures: other values for figures, by name.
        font: another font role for the Chinese texts; empty keeps the template's.
        emblem: SVG path data of the mark; empty keeps the drawn one.
        outlines: imported outlines for characters that no font has.
        typeface: a font file of the shop for the Chinese texts, instead of a role.
        draft: an unfinished form is drawn as far as it goes (live preview); empty required fields are no problem then.
    """

    figures: Mapping[str, float] = field(default_factory=dict)
    font: str = ""
    emblem: str = ""
    outlines: tuple[CharacterOutline, ...] = ()
    typeface: FaceFont | None = None
    draft: bool = False

    @property
    def role(self) -> str:
        """The role that replaces those of the Chinese texts; empty keeps them. A typeface stands before the files of a role."""
        return "song" if self.typeface is not None else self.font

    def fonts(self, own: tuple[FaceFont, ...]) -> tuple[FaceFont, ...]:
        """The font files of a face whose template has `own`."""
        if not self.role:
            return own
        rare = tuple(font for font in own if not font.role)
        return rare if self.typeface is None else (dataclasses.replace(self.typeface, role=self.role), *rare)


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of face. `title` is shown through `_`; `mandated` templates cannot be switched off by the shop."""

    name: str
    title: str
    seal_type: str
    fields: tuple[Field, ...]
    figures: tuple[Figure, ...]
    plan: Callable[[], Plan]
    mandated: bool = False
    family: str = ""
    note: str = ""

    def build(self, values: Mapping[str, str], options: Options | None = None) -> FaceSpec:
        """The face for these texts.

        Raises:
            ProblemsError: with a sentence for every field or figure that is not usable.
        """
        options = options or Options()
        problems: list[UserError] = []
        texts = self._texts(values, options, problems)
        figures = self._figures(options, problems)
        if options.font and options.font not in ROLES:
            problems.append(FontRoleError(field="font", role=options.font, roles=", ".join(ROLES)))
        if problems:
            raise ProblemsError(tuple(problems))
        try:
            spec = self.plan().build(texts, figures, options.role)
        except FormulaError as error:
            raise ProblemsError((error,)) from error
        marks = spec.marks
        if options.emblem and marks:
            marks = (dataclasses.replace(marks[0], outline=options.emblem), *marks[1:])
        outlines, fonts = spec.outlines + options.outlines, options.fonts(spec.fonts)
        return codec.normal(dataclasses.replace(spec, template=self.name, marks=marks, outlines=outlines, fonts=fonts))

    def examples(self) -> dict[str, str]:
        """Texts that show what the template looks like, for thumbnails."""
        return {f.name: f.example for f in self.fields if f.example}

    def _texts(self, values: Mapping[str, str], options: Options, problems: list[UserError]) -> dict[str, str]:
        known = {f.name for f in self.fields}
        problems += [UnknownTemplateFieldError(field=name, name=name) for name in values if name not in known]
        texts = {}
        for item in self.fields:
            words = " ".join(values.get(item.name, "").split())
            texts[item.name] = words
            if not words:
                if item.required and not options.draft:
                    problems.append(EmptyFieldError(field=item.name, label=_(item.label)))
            elif len(words) > item.max_length:
                problems.append(LongFieldError(field=item.name, label=_(item.label), count=len(words), limit=item.max_length))
            elif item.kind in _PATTERNS and not options.draft and not _PATTERNS[item.kind].fullmatch(words):
                problems.append(FieldFormError(field=item.name, label=_(item.label), wanted=_(_WANTED[item.kind])))
        return texts

    def _figures(self, options: Options, problems: list[UserError]) -> dict[str, float]:
        figures = {f.name: f.value_mm for f in self.figures}
        bounds = {f.name: f for f in self.figures}
        for name, value in options.figures.items():
            figure = bounds.get(name)
            if figure is None:
                problems.append(UnknownTemplateFieldError(field=name, name=name))
            elif not figure.low <= value <= figure.high:
                label = _(figure.label)
                problems.append(FigureError(field=name, label=label, low=f"{figure.low:g}", high=f"{figure.high:g}"))
            else:
                figures[name] = value
        return figures


def with_platform_data(spec: FaceSpec, seal_code: str, cuts: Sequence[Cut] | SeededCuts | None = None) -> FaceSpec:
    """The face with the approved code and the anti-forgery cuts as its own data.

    The code goes where the template keeps its place (a text of kind `code`); a face without such a place gets it as a small arc at the
    bottom (round faces) or a row (others). Cuts replace those that were there; None leaves them.
    """
    arcs, rows = list(spec.arcs), list(spec.rows)
    placed = False
    for i, arc in enumerate(arcs):
        if arc.kind == "code":
            arcs[i] = dataclasses.replace(arc, text=seal_code)
            placed = True
    for i, row in enumerate(rows):
        if row.kind == "code":
            rows[i] = dataclasses.replace(row, text=seal_code)
            placed = True
    if not placed and seal_code:
        width = max((r.inset_mm + r.width_mm for r in spec.rings), default=0.0)
        if spec.shape.kind in ("circle", "ellipse"):
            arcs.append(code_arc(seal_code, width + 0.6))
        else:
            rows.append(code_row(seal_code, spec.shape.width_mm - 2 * width - 1.0, spec.shape.height_mm / 2 - width - 1.6))
    changed = dataclasses.replace(spec, arcs=tuple(arcs), rows=tuple(rows))
    if isinstance(cuts, SeededCuts):
        return dataclasses.replace(changed, cuts=(), seeded_cuts=cuts)
    if cuts is not None:
        return dataclasses.replace(changed, cuts=tuple(cuts), seeded_cuts=None)
    return changed


def code_arc(code: str, inset_mm: float, height_mm: float = 1.2, span_deg: float = 70.0) -> Arc:
    """The seal code along the bottom, left to right; an empty code keeps its place."""
    rule = Fit(min_ratio=0.3, max_ratio=0.75, clear_mm=0.15, gap_ratio=0.3, max_gap_mm=0.9)
    return Arc(code, height_mm, inset_mm, "below", span_deg, width_mm=height_mm * 0.62, font="arial", kind="code", fit=rule)


def code_row(code: str, total_mm: float, top_mm: float, height_mm: float = 1.1) -> Row:
    """The seal code as a row, for faces without a round edge."""
    rule = Fit(min_ratio=0.3, max_ratio=0.75, clear_mm=0.12, gap_ratio=0.3, max_gap_mm=0.6)
    return Row(code, height_mm, top_mm, width_mm=height_mm * 0.62, limit_mm=total_mm, font="arial", kind="code", fit=rule)
