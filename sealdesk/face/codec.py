"""Strict JSON for frozen dataclasses: read with a sentence per problem, written canonically, described as JSON Schema.

It knows nothing about faces; `specification` and `stp` say what their fields may hold through `limits(...)` in each field's metadata.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
import types
import typing
from collections.abc import Hashable
from functools import cache, lru_cache
from typing import Any, TypeVar

import rfc8785

from sealdesk.core.errors import ProblemsError, UserError
from sealdesk.core.i18n import N_, _

T = TypeVar("T")
MAX_BYTES = 4_000_000
MOST_UNKNOWN = 20
"""Unknown fields of one object that are named; a file of nothing else is told soon enough."""


class SpokenError(UserError):
    """An error whose facts may be texts of the program themselves (reasons, kinds of values); they are translated where it is shown."""

    code = "face.unusable"
    sentence = N_("This cannot be used for a face.")

    def __str__(self) -> str:
        return _(self.sentence).format(**{name: _(fact) if isinstance(fact, str) else fact for name, fact in self.facts.items()})


class DescriptionError(SpokenError):
    """Base of everything that can be wrong in a description; `field` is the dotted place."""

    code = "face.description"
    sentence = N_("“{place}” is not usable.")


class NotJsonError(DescriptionError):
    """The text is not JSON."""

    code = "face.description.json"
    sentence = N_("This is not JSON text in UTF-8; reading stopped at line {line}, column {column}.")


class TooLargeError(DescriptionError):
    """The description is too large to be one."""

    code = "face.description.large"
    sentence = N_("The description is larger than {limit} bytes.")


class UnknownFieldError(DescriptionError):
    """A field that nobody knows: most likely a slip of the pen."""

    code = "face.description.unknown"
    sentence = N_("“{place}” is not a field of this description.")


class DoubledFieldError(DescriptionError):
    """A field that is there twice: one of its values would be lost."""

    code = "face.description.doubled"
    sentence = N_("“{place}” is there twice in one object.")


class MissingFieldError(DescriptionError):
    """A required field is not there."""

    code = "face.description.missing"
    sentence = N_("“{place}” is missing.")


class WrongTypeError(DescriptionError):
    """A value of another type."""

    code = "face.description.type"
    sentence = N_("“{place}” must be {wanted}.")


class OutOfRangeError(DescriptionError):
    """A number outside its bounds."""

    code = "face.description.range"
    sentence = N_("“{place}” is {value}; it must lie between {low} and {high}.")


class TooLongError(DescriptionError):
    """A text or list that is too long."""

    code = "face.description.long"
    sentence = N_("“{place}” has {count} entries or characters; at most {limit} are possible.")


class NotOneOfError(DescriptionError):
    """A word that is none of the possible ones."""

    code = "face.description.choice"
    sentence = N_("“{place}” must be one of: {choices}.")


class ControlCharacterError(DescriptionError):
    """A character that has no shape."""

    code = "face.description.control"
    sentence = N_("“{place}” contains the control character {code_point}.")


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """What a field may hold: a range for numbers, a length for texts and lists, choices for texts."""

    low: float | None = None
    high: float | None = None
    length: int | None = None
    choices: tuple[str, ...] = ()
    about: str = ""


def limits(
    low: float | None = None, high: float | None = None, *, length: int | None = None, choices: tuple[str, ...] = (), about: str = ""
) -> dict[str, Limits]:
    """Field metadata for `dataclasses.field(metadata=…)`."""
    return {"limits": Limits(low, high, length, choices, about)}


def parse(text: str | bytes) -> Any:
    """The JSON value in `text`, with its size, its depth and its numbers bounded.

    Raises:
        TooLargeError, NotJsonError, DoubledFieldError: and nothing else.
    """
    if len(text) > MAX_BYTES:
        raise TooLargeError(limit=MAX_BYTES)
    try:
        return json.loads(
            text.decode("utf-8-sig") if isinstance(text, bytes) else text,
            parse_constant=_no_constant,
            parse_int=_bounded_int,
            object_pairs_hook=_once,
        )
    except json.JSONDecodeError as error:
        raise NotJsonError(line=error.lineno, column=error.colno) from None
    except (ValueError, RecursionError):
        raise NotJsonError(line=1, column=1) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        left = dict.fromkeys(name for name, _value in pairs)
        for name, _value in pairs:
            if name not in left:
                raise DoubledFieldError(field=name[:60], place=name[:60])
            del left[name]
    return found


def _bounded_int(digits: str) -> int:
    if len(digits) > 18:
        raise ValueError("a number has more than 18 digits")
    return int(digits)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def read(kind: type[T], value: Any) -> T:
    """The `kind` that `value` (parsed JSON) describes.

    Raises:
        ProblemsError: with every problem that was found, each naming its place.
    """
    problems: list[UserError] = []
    result = _value(kind, value, "", Limits(), problems)
    if problems:
        raise ProblemsError(tuple(problems))
    return typing.cast(T, result)


def check(value: Any) -> tuple[UserError, ...]:
    """The problems of a dataclass made in code, by the same rules as those of a description that is read."""
    try:
        if _sound(value):
            return ()
    except TypeError:  # something unhashable where a tuple belongs
        pass
    problems: list[UserError] = []
    _value(type(value), plain(value), "", Limits(), problems)
    return tuple(problems)


def _sound(value: Any) -> bool:
    """Whether a dataclass has no problem; parts that did not change are not looked at again."""
    problems: list[UserError] = []
    kind: Any = type(value)
    for name, hint, limit, _required in _fields(kind):
        inner: Any = getattr(value, name)
        if dataclasses.is_dataclass(inner) and not isinstance(inner, type):
            if not _kept_sound(inner):
                return False
        elif isinstance(inner, tuple) and inner and dataclasses.is_dataclass(inner[0]):
            if (limit.length is not None and len(inner) > limit.length) or not all(map(_kept_sound, inner)):
                return False
        else:
            _value(hint, plain(inner), name, limit, problems)
            if problems:
                return False
    return True


@lru_cache(maxsize=2048)
def _remembered_sound(value: Hashable) -> bool:
    return _sound(value)


def _kept_sound(value: Any) -> bool:
    return _remembered_sound(value)


@cache
def _fields(kind: type) -> tuple[tuple[str, Any, Limits, bool], ...]:
    hints = typing.get_type_hints(kind)
    return tuple(
        (
            f.name,
            hints[f.name],
            f.metadata.get("limits", Limits()),
            f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING,
        )
        for f in dataclasses.fields(kind)
    )


def _value(kind: Any, value: Any, place: str, limit: Limits, problems: list[UserError]) -> Any:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        if value is None:
            return None
        inner = next(k for k in typing.get_args(kind) if k is not type(None))
        return _value(inner, value, place, limit, problems)
    if origin is tuple:
        return _list(kind, value, place, limit, problems)
    if dataclasses.is_dataclass(kind):
        return _object(typing.cast(type, kind), value, place, problems)
    if kind is float:
        return _number(value, place, limit, problems)
    if kind is int:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != math.floor(value):
            problems.append(_wrong(place, N_("a whole number")))
            return 0
        return int(_number(value, place, limit, problems))
    if kind is bool:
        if not isinstance(value, bool):
            problems.append(_wrong(place, N_("true or false")))
        return value
    if kind is str:
        return _text(value, place, limit, problems)
    raise TypeError(f"{kind!r} has no JSON form")


def _wrong(place: str, wanted: str) -> UserError:
    return WrongTypeError(field=place, place=place or "/", wanted=wanted)


def _list(kind: Any, value: Any, place: str, limit: Limits, problems: list[UserError]) -> tuple[Any, ...]:
    if not isinstance(value, list):
        problems.append(_wrong(place, N_("a list")))
        return ()
    if limit.length is not None and len(value) > limit.length:
        problems.append(TooLongError(field=place, place=place, count=len(value), limit=limit.length))
        return ()
    args = typing.get_args(kind)
    if args[-1] is not Ellipsis and len(args) != len(value):
        problems.append(_wrong(place, N_("a list of the right length")))
        return ()
    inner = Limits(limit.low, limit.high, None, limit.choices) if args[0] is not str else Limits(length=200)
    return tuple(_value(args[0] if args[-1] is Ellipsis else args[i], v, f"{place}[{i}]", inner, problems) for i, v in enumerate(value))


def _object(kind: type, value: Any, place: str, problems: list[UserError]) -> Any:
    if not isinstance(value, dict):
        problems.append(_wrong(place, N_("an object")))
        return None
    prefix = f"{place}." if place else ""
    before = len(problems)
    known = _fields(kind)
    names = {name for name, *_ in known}
    unknown = (name for name in value if name not in names)
    for name in itertools.islice(unknown, MOST_UNKNOWN):
        shown = prefix + str(name)[:60]
        problems.append(UnknownFieldError(field=shown, place=shown))
    arguments = {}
    for name, hint, limit, required in known:
        if name in value:
            arguments[name] = _value(hint, value[name], prefix + name, limit, problems)
        elif required:
            problems.append(MissingFieldError(field=prefix + name, place=prefix + name))
    return kind(**arguments) if len(problems) == before else None


def _number(value: Any, place: str, limit: Limits, problems: list[UserError]) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        problems.append(_wrong(place, N_("a number")))
        return 0.0
    if not math.isfinite(value):
        problems.append(_wrong(place, N_("a finite number")))
        return 0.0
    low, high = limit.low if limit.low is not None else -1e6, limit.high if limit.high is not None else 1e6
    if not low <= value <= high:
        problems.append(OutOfRangeError(field=place, place=place, value=f"{value:g}", low=f"{low:g}", high=f"{high:g}"))
    return float(value)


def _text(value: Any, place: str, limit: Limits, problems: list[UserError]) -> str:
    if not isinstance(value, str):
        problems.append(_wrong(place, N_("a text")))
        return ""
    length = 200 if limit.length is None else limit.length
    if len(value) > length:
        problems.append(TooLongError(field=place, place=place, count=len(value), limit=length))
        return ""
    if limit.choices and value not in limit.choices:
        problems.append(NotOneOfError(field=place, place=place, choices=", ".join(c or "“”" for c in limit.choices)))
    for c in value:
        # Lone surrogates, controls and non-characters have no glyph and no UTF-8 form; joiners and variation selectors stay.
        if ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000 or ord(c) & 0xFFFE == 0xFFFE:
            problems.append(ControlCharacterError(field=place, place=place, code_point=f"U+{ord(c):04X}"))
            return ""
    return value


def plain(value: Any) -> Any:
    """The JSON value of a dataclass: absent things (None, empty texts and lists, where that is the default) are left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        out = {}
        for f in dataclasses.fields(value):
            v = getattr(value, f.name)
            if (v is None or v in ((), "")) and v == f.default:
                continue
            out[f.name] = plain(v)
        return out
    if isinstance(value, tuple):
        return [plain(v) for v in value]
    if isinstance(value, float):
        return round(value, 6) + 0.0  # a millionth of a millimetre; -0.0 becomes 0.0
    return value


def canonical(value: Any) -> bytes:
    """The one byte sequence of a dataclass (RFC 8785: sorted keys, shortest numbers, UTF-8)."""
    return bytes(rfc8785.dumps(plain(value)))


def schema(kind: type, title: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of what `read(kind, …)` accepts."""
    definitions: dict[str, Any] = {}
    root = _schema(kind, Limits(), definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **root,
        "$defs": {name: definitions[name] for name in sorted(definitions)},
    }


def _schema(kind: Any, limit: Limits, definitions: dict[str, Any]) -> dict[str, Any]:
    origin = typing.get_origin(kind)
    about = {"description": limit.about} if limit.about else {}
    if origin in (typing.Union, types.UnionType):
        inner = next(k for k in typing.get_args(kind) if k is not type(None))
        return {"anyOf": [_schema(inner, limit, definitions), {"type": "null"}], **about}
    if origin is tuple:
        args = typing.get_args(kind)
        inner_limit = Limits(limit.low, limit.high, None, limit.choices) if args[0] is not str else Limits(length=200)
        out: dict[str, Any] = {"type": "array", "items": _schema(args[0], inner_limit, definitions)}
        if args[-1] is not Ellipsis:
            out |= {"minItems": len(args), "maxItems": len(args)}
        elif limit.length is not None:
            out["maxItems"] = limit.length
        return out | about
    if dataclasses.is_dataclass(kind):
        name = typing.cast(type, kind).__name__
        if name not in definitions:
            definitions[name] = {}
            fields = _fields(typing.cast(type, kind))
            definitions[name] = {
                "type": "object",
                "description": (kind.__doc__ or "").split("\n")[0],
                "additionalProperties": False,
                "properties": {n: _schema(h, lim, definitions) for n, h, lim, _ in fields},
                "required": [n for n, _, _, required in fields if required],
            }
        return {"$ref": f"#/$defs/{name}", **about}
    if kind in (float, int):
        low, high = limit.low if limit.low is not None else -1e6, limit.high if limit.high is not None else 1e6
        return {"type": "number" if kind is float else "integer", "minimum": low, "maximum": high, **about}
    if kind is bool:
        return {"type": "boolean", **about}
    out = {"type": "string", "maxLength": 200 if limit.length is None else limit.length, **about}
    return out | {"enum": list(limit.choices)} if limit.choices else out


def normal(value: T) -> T:
    """The same dataclass with numbers as its JSON form keeps them, so that writing and reading give it back exactly."""
    return typing.cast(T, _normal(value))


def _normal(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6) + 0.0
    if isinstance(value, tuple):
        return tuple(_normal(v) for v in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        kinds = _fields(type(value))
        return type(value)(
            **{name: _normal(float(v) if kind is float else v) for name, kind, _, _ in kinds if (v := getattr(value, name)) is not None}
        )
    return value
