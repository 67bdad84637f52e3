"""How a template's face follows from its texts and figures, as data: a face, and the formulas of its numbers. It asks no person.

The same data is what a `.stp` file holds and what a template of the system becomes: its drawing function runs once, with a `Form` that
knows only names, and leaves formulas behind (`traced`). So there is one way from figures to a face, for both.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, cast

from sealdesk.core.i18n import N_
from sealdesk.face import formulas
from sealdesk.face.codec import limits
from sealdesk.face.divisions import PLACE, Division, divided, fill, parts_of, person_columns
from sealdesk.face.formulas import Formula, FormulaError, Term
from sealdesk.face.specification import FaceSpec, Grid

_STEP = re.compile(r"([a-z_][a-z0-9_]*)(?:\[(\d{1,3})\])?")
_TEXTS = ("arcs", "rows", "columns", "microtexts")
_FORMULA = limits(length=formulas.MAX_CHARACTERS)


@dataclass(frozen=True, slots=True)
class Value:
    """A named number that formulas below it may use."""

    name: str = field(metadata=limits(length=40))
    formula: str = field(metadata=_FORMULA)


@dataclass(frozen=True, slots=True)
class Setting:
    """A number of the face that follows from figures and texts."""

    path: str = field(metadata=limits(length=60, about="Such as rings[0].width_mm."))
    formula: str = field(metadata=_FORMULA)


class Form:
    """What a template's drawing function is given: the names of texts and figures, standing for whatever will be filled in."""

    def __init__(self) -> None:
        self.values: list[Value] = []
        self.divisions: list[Division] = []

    def text(self, name: str) -> str:
        """The place of a field's text."""
        return "{" + name + "}"

    def __getitem__(self, name: str) -> float:
        return cast(float, Term(name))

    def length(self, name: str) -> float:
        """How many characters a field has."""
        return cast(float, Term(f"len({name})"))

    def has(self, name: str) -> float:
        """Whether a field is filled."""
        return cast(float, Term(f"has({name})"))

    def let(self, name: str, number: float) -> float:
        """Give a number a name, so that the formulas that use it stay short."""
        self.values.append(Value(name, formulas.written(number)))
        return cast(float, Term(name))

    def divided(self, division: Division) -> tuple[float, tuple[str, ...]]:
        """Cut a text: how many parts there are, and the places of all that there may be."""
        self.divisions.append(division)
        return cast(float, Term(division.name)), tuple("{" + part + "}" for part in parts_of(division))


@dataclass(frozen=True)  # no slots: what was read once is kept
class Plan:
    """A face with places in its texts, and where its numbers come from.

    Attributes:
        face: what stays as it is.
        figures: (path, name) of every number that is a figure.
        settings: the numbers that follow from several.
        values: named numbers that those use.
        divisions: texts that are cut into parts.
    """

    face: FaceSpec
    figures: tuple[tuple[str, str], ...] = ()
    settings: tuple[Setting, ...] = ()
    values: tuple[Value, ...] = ()
    divisions: tuple[Division, ...] = ()

    def build(self, texts: Mapping[str, str], figures: Mapping[str, float], font: str = "") -> FaceSpec:
        """The face for these texts and figures; `font` replaces the role of all texts but those in Arial.

        Raises:
            FormulaError: a formula has no value for these.
        """
        filled = {**texts, **{part: words for division in self.divisions for part, words in divided(division, texts).items()}}
        return _filled(with_font(self.measured(filled, figures), font), filled)

    def measured(self, texts: Mapping[str, str], figures: Mapping[str, float]) -> FaceSpec:
        """The face with its numbers, the places still in its texts. `texts` holds the parts of divisions, too."""
        numbers = dict(figures)
        for division in self.divisions:
            numbers[division.name] = float(sum(bool(texts.get(part)) for part in parts_of(division)))
        for name, formula in self._values:
            numbers[name] = formula.value(numbers, texts, f"values.{name}")
        return cast(FaceSpec, _applied(self.face, self._tree, numbers, texts, ""))

    def example(self, texts: Mapping[str, str], figures: Mapping[str, float]) -> FaceSpec:
        """The face with the numbers of an example, to be changed or filled."""
        return self.measured({**texts, **{p: w for division in self.divisions for p, w in divided(division, texts).items()}}, figures)

    @cached_property
    def _values(self) -> tuple[tuple[str, Formula], ...]:
        return tuple((value.name, formulas.read(value.formula)) for value in self.values)

    @cached_property
    def _tree(self) -> dict[str | int, Any]:
        tree: dict[str | int, Any] = {}
        leaves = [(path, formulas.named(name)) for path, name in self.figures]
        leaves += [(setting.path, formulas.read(setting.formula)) for setting in self.settings]
        for path, formula in leaves:
            steps = _steps(path)
            at = tree
            for step in steps[:-1]:
                at = at.setdefault(step, {})
            at[steps[-1]] = formula
        return tree


def traced(draw: Callable[[Form], FaceSpec]) -> Callable[[], Plan]:
    """The plan that a drawing function leaves behind, made when it is first asked for."""

    @cache
    def plan() -> Plan:
        form = Form()
        face = draw(form)
        named = {value.name for value in form.values} | {division.name for division in form.divisions}
        figures, settings = [], []
        for path, term in _terms(face, ""):
            if is_name(term.formula) and term.formula not in named:
                figures.append((path, term.formula))
            else:
                settings.append(Setting(path, term.formula))
        return Plan(_bare(face), tuple(figures), tuple(settings), tuple(form.values), tuple(form.divisions))

    return plan


def fixed(plan: Plan) -> Callable[[], Plan]:
    """A plan that is there already."""
    return lambda: plan


def texts_of(face: FaceSpec) -> list[str]:
    """All texts of a face."""
    out = [line.text for name in _TEXTS for line in getattr(face, name)]
    return out + [column for grid in face.grids for column in grid.columns]


def number_at(face: FaceSpec, path: str) -> float:
    """The number that a path leads to.

    Raises:
        KeyError, IndexError, TypeError: it leads to none.
    """
    at: Any = face
    for step in _steps(path):
        at = at[step] if isinstance(step, int) and isinstance(at, tuple) else _attribute(at, step)
    if not isinstance(at, float):
        raise TypeError(path)
    return at


def is_name(name: str) -> bool:
    """Whether formulas can mention a number by this name."""
    return re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name) is not None and name not in formulas.RESERVED


def with_number(face: FaceSpec, path: str, number: float) -> FaceSpec:
    """The face with one number replaced; the path must lead to one (`number_at`)."""
    return cast(FaceSpec, _put(face, _steps(path), number))


def with_font(face: FaceSpec, font: str) -> FaceSpec:
    """The face with another role for all texts but those in Arial; an empty one changes nothing."""
    if not font:
        return face
    changed: dict[str, Any] = {}
    for name in ("arcs", "rows", "columns", "grids"):
        lines = getattr(face, name)
        changed[name] = tuple(line if line.font == "arial" else dataclasses.replace(line, font=font) for line in lines)
    return dataclasses.replace(face, **changed)


def problems(plan: Plan, figures: tuple[str, ...], fields: tuple[str, ...], taken: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """(place, reason) of everything by which a plan could not be carried out; `taken` are paths that figures set by themselves."""
    numbers, texts = set(figures), set(fields)
    for i, division in enumerate(plan.divisions):
        place = f"divisions[{i}]"
        if not is_name(division.name) or division.name in numbers or not texts.isdisjoint(parts_of(division)):
            yield f"{place}.name", N_("a name is small letters, digits and _, is there once and is no function.")
        for source in division.sources:
            yield from ((f"{place}.sources", N_("no field has this name.")) for p in PLACE.findall(source) if p not in fields)
        if list(division.steps) != sorted(set(division.steps)):
            yield f"{place}.steps", N_("the numbers must grow.")
        numbers.add(division.name)
        texts |= set(parts_of(division))
    for i, value in enumerate(plan.values):
        if not is_name(value.name) or value.name in numbers:
            yield f"values[{i}].name", N_("a name is small letters, digits and _, is there once and is no function.")
        yield from _unreadable(f"values[{i}].formula", value.formula, numbers, texts)
        numbers.add(value.name)
    for text in texts_of(plan.face):
        yield from ((f"{{{place}}}", N_("no field has this name.")) for place in PLACE.findall(text) if place not in texts)
    paths = {path for path, _name in plan.figures}
    for i, setting in enumerate(plan.settings):
        if setting.path in paths:
            yield f"formulas[{i}].path", N_("this number has its value from elsewhere already.")
        paths.add(setting.path)
        try:
            number_at(plan.face, setting.path)
        except (KeyError, IndexError, TypeError):
            yield f"formulas[{i}].path", N_("this is no number of the face.")
        yield from _unreadable(f"formulas[{i}].formula", setting.formula, numbers, texts)


def _unreadable(place: str, text: str, numbers: set[str], texts: set[str]) -> Iterator[tuple[str, str]]:
    try:
        formula = formulas.read(text)
    except FormulaError as error:
        yield place, str(error)
        return
    if formula.names - numbers:
        yield place, N_("the formula uses a number that there is not.")
    if formula.fields - texts:
        yield place, N_("the formula asks about a field that there is not.")


def _put(of: Any, steps: list[str | int], number: float) -> Any:
    if not steps:
        return number
    step = steps[0]
    if isinstance(step, int):
        return (*of[:step], _put(of[step], steps[1:], number), *of[step + 1 :])
    return dataclasses.replace(of, **{step: _put(getattr(of, step), steps[1:], number)})


def _steps(path: str) -> list[str | int]:
    out: list[str | int] = []
    for word in path.split("."):
        found = _STEP.fullmatch(word)
        if found is None:
            raise KeyError(word)
        out.append(found[1])
        if found[2] is not None:
            out.append(int(found[2]))
    return out


def _attribute(of: Any, name: str | int) -> Any:
    if not dataclasses.is_dataclass(of) or isinstance(of, type) or name not in {f.name for f in dataclasses.fields(of)}:
        raise KeyError(name)
    return getattr(of, str(name))


def _applied(of: Any, tree: Mapping[str | int, Any], numbers: Mapping[str, float], texts: Mapping[str, str], path: str) -> Any:
    if isinstance(of, tuple):
        return tuple(_applied(v, tree[i], numbers, texts, f"{path}[{i}]") if i in tree else v for i, v in enumerate(of))
    changed: dict[str, Any] = {}
    for name, inner in tree.items():
        place = f"{path}.{name}" if path else str(name)
        number = isinstance(inner, Formula)
        changed[str(name)] = (
            inner.value(numbers, texts, place) if number else _applied(getattr(of, str(name)), inner, numbers, texts, place)
        )
    return dataclasses.replace(of, **changed) if changed else of


def _terms(of: Any, path: str) -> Iterator[tuple[str, Term]]:
    if isinstance(of, Term):
        yield path, of
    elif isinstance(of, tuple):
        for i, item in enumerate(of):
            yield from _terms(item, f"{path}[{i}]")
    elif dataclasses.is_dataclass(of) and not isinstance(of, type):
        for part in dataclasses.fields(of):
            yield from _terms(getattr(of, part.name), f"{path}.{part.name}" if path else part.name)


def _bare(of: Any) -> Any:
    """The same with 0 for every term."""
    if isinstance(of, Term):
        return 0.0
    if isinstance(of, tuple):
        return tuple(map(_bare, of))
    if dataclasses.is_dataclass(of) and not isinstance(of, type):
        return type(of)(**{part.name: _bare(getattr(of, part.name)) for part in dataclasses.fields(of)})
    return of


def _filled(face: FaceSpec, texts: Mapping[str, str]) -> FaceSpec:
    def grid(of: Grid) -> Grid:
        columns = tuple(words for column in of.columns if (words := fill(column, texts)) or not PLACE.search(column))
        if len(of.columns) == 1 and columns and PLACE.search(of.columns[0]):
            columns = person_columns(columns[0])
        return dataclasses.replace(of, columns=columns)

    changed: dict[str, Any] = {}
    for name in _TEXTS:
        changed[name] = tuple(dataclasses.replace(line, text=fill(line.text, texts)) for line in getattr(face, name))
    # What was left out at the end leaves nothing behind; elsewhere an empty text keeps the numbers of those after it, and a code its place.
    for name in ("rows", "columns"):
        while changed[name] and not changed[name][-1].text and getattr(changed[name][-1], "kind", "text") != "code":
            changed[name] = changed[name][:-1]
    return dataclasses.replace(face, **changed, grids=tuple(g for g in map(grid, face.grids) if g.columns))
