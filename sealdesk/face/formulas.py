"""Formulas of templates: arithmetic on named figures and on the lengths of texts, read from a line and evaluated. It knows no faces.

A formula has numbers, names, `+ - * /`, comparisons, `and or not` (1 is true, 0 is false) and the functions of `FUNCTIONS`; `len(field)`
and `has(field)` ask about a text. Angles are in degrees. There are no loops, no powers and no calls of anything else, and a formula's
length and depth are bounded, so a hostile one costs nothing. `Term` writes formulas while a template's drawing function runs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sealdesk.core.i18n import N_
from sealdesk.face.codec import SpokenError

MAX_CHARACTERS = 400
MAX_DEPTH = 24
_TOKEN = re.compile(r"\s*(?:([0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?)|([a-z][a-z0-9_]*)|(<=|>=|==|!=|[-+*/()<>,]))")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
FUNCTIONS: dict[str, tuple[int, int, Callable[..., float]]] = {
    "min": (2, 8, min),
    "max": (2, 8, max),
    "abs": (1, 1, abs),
    "sqrt": (1, 1, math.sqrt),
    "floor": (1, 1, math.floor),
    "ceil": (1, 1, math.ceil),
    "round": (2, 2, lambda x, digits: round(x, max(0, min(int(digits), 6)))),
    "sin": (1, 1, lambda a: math.sin(math.radians(a))),
    "cos": (1, 1, lambda a: math.cos(math.radians(a))),
    "tan": (1, 1, lambda a: math.tan(math.radians(a))),
    "asin": (1, 1, lambda x: math.degrees(math.asin(x))),
    "acos": (1, 1, lambda x: math.degrees(math.acos(x))),
    "atan": (1, 1, lambda x: math.degrees(math.atan(x))),
}
"""Name: fewest and most arguments, and what it does. Beside these there are `if(condition, then, else)`, `len(field)`, `has(field)`."""
RESERVED = frozenset({*FUNCTIONS, "if", "len", "has", "and", "or", "not"})

Numbers = Mapping[str, float]
Texts = Mapping[str, str]
_Work = Callable[[Numbers, Texts], float]


class FormulaError(SpokenError):
    """A formula cannot be read, or has no value for these figures; `field` is its place."""

    code = "face.stp.formula"
    sentence = N_("“{place}”: {reason}")


class UnreadableFormulaError(FormulaError):
    """A formula is not written as one."""

    code = "face.stp.formula.text"
    sentence = N_("The formula “{formula}” is not understood at character {at}: {reason}")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read: the names of its numbers, the fields it asks about, and its value for given ones."""

    names: frozenset[str]
    fields: frozenset[str]
    _work: _Work

    def value(self, numbers: Numbers, texts: Texts, place: str = "") -> float:
        """The value; every name must be there.

        Raises:
            FormulaError: there is none (division by zero, root of a negative number).
        """
        try:
            result = float(self._work(numbers, texts))
        except (ZeroDivisionError, ValueError, OverflowError):
            result = math.nan
        if not math.isfinite(result):
            raise FormulaError(field=place, place=place, reason=N_("the formula has no value for these figures."))
        return result


@lru_cache(maxsize=4096)
def read(text: str) -> Formula:
    """The formula in `text`.

    Raises:
        UnreadableFormulaError: it is none.
    """
    reader = _Reader(text)
    work = reader.whole()
    return Formula(frozenset(reader.names), frozenset(reader.fields), work)


def named(name: str) -> Formula:
    """The formula that is one number, whatever its name looks like."""
    return Formula(frozenset((name,)), frozenset(), lambda numbers, _texts: numbers[name])


class _Reader:
    """A recursive-descent reader; every step down is counted."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.names: set[str] = set()
        self.fields: set[str] = set()
        self.at = 0
        self.depth = 0
        self.tokens: list[tuple[str, str, int]] = []
        if len(text) > MAX_CHARACTERS:
            raise self.refusal(N_("it is too long."))
        while self.at < len(text.rstrip()):
            found = _TOKEN.match(text, self.at)
            if found is None:
                raise self.refusal(N_("this character means nothing here."))
            kind = ("number", "name", "sign")[(found.lastindex or 1) - 1]
            self.tokens.append((kind, found[found.lastindex or 1], found.end()))
            self.at = found.end()
        self.tokens.append(("end", "", len(text)))
        self.next = 0

    def refusal(self, reason: str) -> UnreadableFormulaError:
        return UnreadableFormulaError(formula=self.text[:60], at=self.at + 1, reason=reason)

    def take(self, *words: str) -> str:
        """The next token if it is one of these words, and past it; else nothing."""
        kind, word, end = self.tokens[self.next]
        if kind in ("number", "end") or word not in words:
            return ""
        self.next += 1
        self.at = end
        return word

    def expect(self, word: str) -> None:
        if not self.take(word):
            raise self.refusal(N_("a sign or a bracket is missing."))

    def whole(self) -> _Work:
        work = self.either()
        if self.tokens[self.next][0] != "end":
            raise self.refusal(N_("a sign or a bracket is missing."))
        return work

    def either(self) -> _Work:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.refusal(N_("its brackets are too deep."))
        left = self.both()
        while self.take("or"):
            left = _or(left, self.both())
        self.depth -= 1
        return left

    def both(self) -> _Work:
        left = self.negated()
        while self.take("and"):
            left = _and(left, self.negated())
        return left

    def negated(self) -> _Work:
        count = 0
        while self.take("not"):
            count += 1
        inner = self.compared()
        return inner if not count else _not(inner) if count % 2 else _not(_not(inner))

    def compared(self) -> _Work:
        left = self.sum()
        if sign := self.take(*_COMPARE):
            return _compared(_COMPARE[sign], left, self.sum())
        return left

    def sum(self) -> _Work:
        left = self.product()
        while sign := self.take("+", "-"):
            left = _sum(left, self.product(), sign)
        return left

    def product(self) -> _Work:
        left = self.signed()
        while sign := self.take("*", "/"):
            left = _product(left, self.signed(), sign)
        return left

    def signed(self) -> _Work:
        negative = False
        while self.take("-"):
            negative = not negative
        inner = self.single()
        return _negative(inner) if negative else inner

    def single(self) -> _Work:
        kind, word, end = self.tokens[self.next]
        if self.take("("):
            inner = self.either()
            self.expect(")")
            return inner
        if kind not in ("number", "name"):
            raise self.refusal(N_("a number or a name is missing."))
        self.next += 1
        self.at = end
        if kind == "number":
            number = float(word)
            return lambda _numbers, _texts: number
        if self.take("("):
            return self.called(word)
        if word in RESERVED:
            raise self.refusal(N_("a sign or a bracket is missing."))
        self.names.add(word)
        return lambda numbers, _texts: numbers[word]

    def called(self, word: str) -> _Work:
        if word in ("len", "has"):
            kind, name, end = self.tokens[self.next]
            if kind != "name":
                raise self.refusal(N_("a field's name is missing."))
            self.next += 1
            self.at = end
            self.expect(")")
            self.fields.add(name)
            return _length(name) if word == "len" else _has(name)
        arguments = [self.either()]
        while self.take(","):
            arguments.append(self.either())
        self.expect(")")
        if word == "if":
            if len(arguments) != 3:
                raise self.refusal(N_("this function has another number of arguments."))
            return _if(*arguments)
        if word not in FUNCTIONS:
            raise self.refusal(N_("there is no function of this name."))
        fewest, most, function = FUNCTIONS[word]
        if not fewest <= len(arguments) <= most:
            raise self.refusal(N_("this function has another number of arguments."))
        return _call(function, tuple(arguments))


def _or(a: _Work, b: _Work) -> _Work:
    return lambda n, t: float(bool(a(n, t) or b(n, t)))


def _and(a: _Work, b: _Work) -> _Work:
    return lambda n, t: float(bool(a(n, t) and b(n, t)))


def _not(a: _Work) -> _Work:
    return lambda n, t: float(not a(n, t))


def _compared(sign: Callable[[float, float], bool], a: _Work, b: _Work) -> _Work:
    return lambda n, t: float(sign(a(n, t), b(n, t)))


def _sum(a: _Work, b: _Work, sign: str) -> _Work:
    return (lambda n, t: a(n, t) + b(n, t)) if sign == "+" else (lambda n, t: a(n, t) - b(n, t))


def _product(a: _Work, b: _Work, sign: str) -> _Work:
    return (lambda n, t: a(n, t) * b(n, t)) if sign == "*" else (lambda n, t: a(n, t) / b(n, t))


def _negative(a: _Work) -> _Work:
    return lambda n, t: -a(n, t)


def _length(name: str) -> _Work:
    return lambda _n, t: float(len(t[name]))


def _has(name: str) -> _Work:
    return lambda _n, t: float(bool(t[name]))


def _if(condition: _Work, then: _Work, other: _Work) -> _Work:
    return lambda n, t: then(n, t) if condition(n, t) else other(n, t)


def _call(function: Callable[..., float], arguments: tuple[_Work, ...]) -> _Work:
    return lambda n, t: function(*[argument(n, t) for argument in arguments])


class Term:
    """A number of which only the formula is known. It stands where a float will stand; what would need its value fails at once."""

    __slots__ = ("formula", "rank")

    def __init__(self, formula: str, rank: int = 9) -> None:
        self.formula = formula
        self.rank = rank  # 9 an atom, 7 signed, 6 product, 5 sum, 4 comparison

    def __add__(self, other: Any) -> Term:
        return _joined(self, "+", other, 5)

    def __radd__(self, other: Any) -> Term:
        return _joined(other, "+", self, 5)

    def __sub__(self, other: Any) -> Term:
        return _joined(self, "-", other, 5)

    def __rsub__(self, other: Any) -> Term:
        return _joined(other, "-", self, 5)

    def __mul__(self, other: Any) -> Term:
        return _joined(self, "*", other, 6)

    def __rmul__(self, other: Any) -> Term:
        return _joined(other, "*", self, 6)

    def __truediv__(self, other: Any) -> Term:
        return _joined(self, "/", other, 6)

    def __rtruediv__(self, other: Any) -> Term:
        return _joined(other, "/", self, 6)

    def __neg__(self) -> Term:
        return Term(f"-{_bracketed(self, 7)}", 7)

    def __gt__(self, other: Any) -> Term:
        return _joined(self, ">", other, 4)

    def __ge__(self, other: Any) -> Term:
        return _joined(self, ">=", other, 4)

    def __lt__(self, other: Any) -> Term:
        return _joined(self, "<", other, 4)

    def __le__(self, other: Any) -> Term:
        return _joined(self, "<=", other, 4)

    def __bool__(self) -> bool:
        raise TypeError(f"nobody knows yet whether {self.formula} is true: say it with `choose`, `least` or `most`")


def written(value: Any) -> str:
    """A number or a term as it stands in a formula."""
    if isinstance(value, Term):
        return value.formula
    return repr(float(value)).removesuffix(".0")


def _bracketed(value: Any, rank: int) -> str:
    own = value.rank if isinstance(value, Term) else 7 if value < 0 else 9
    return f"({written(value)})" if own < rank else written(value)


def _joined(left: Any, sign: str, right: Any, rank: int) -> Term:
    return Term(f"{_bracketed(left, rank)} {sign} {_bracketed(right, rank + 1)}", rank)


def _called(name: str, *arguments: Any) -> float:
    return cast(float, Term(f"{name}({', '.join(map(written, arguments))})"))


def least(*numbers: float) -> float:
    """The smallest."""
    return _called("min", *numbers)


def most(*numbers: float) -> float:
    """The largest."""
    return _called("max", *numbers)


def size(number: float) -> float:
    """Without its sign."""
    return _called("abs", number)


def root(number: float) -> float:
    """The square root."""
    return _called("sqrt", number)


def rounded(number: float, digits: int) -> float:
    """With that many decimals."""
    return _called("round", number, digits)


def sine(angle_deg: float) -> float:
    """The sine of an angle in degrees."""
    return _called("sin", angle_deg)


def arccos(number: float) -> float:
    """The angle in degrees."""
    return _called("acos", number)


def choose(condition: object, then: float, other: float) -> float:
    """One of two numbers; the condition is a comparison of terms, or a term that is 0 for no."""
    return _called("if", condition, then, other)
