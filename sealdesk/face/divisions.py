"""Texts of a template: places that fields fill, texts cut into parts, and the columns of a name seal. It places nothing on a face."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sealdesk.face.codec import limits

PLACE = re.compile(r"\{([a-z][a-z0-9_]{0,39})\}")
RULES = ("whole", "words", "letters", "lines")


@dataclass(frozen=True, slots=True)
class Division:
    """A text made of the fields and cut into parts; `{name_1}`, `{name_2}` … stand for them, `name` is their number."""

    name: str = field(metadata=limits(length=40))
    rule: str = field(
        default="whole",
        metadata=limits(
            choices=RULES,
            about="whole: uncut; words: equally many words each; letters: equal columns; lines: a company's name in up to three lines.",
        ),
    )
    sources: tuple[str, ...] = field(default=(), metadata=limits(length=8, about="The first one of which a place is filled is taken."))
    most: int = field(default=4, metadata=limits(1, 8, about="words: at most so many parts."))
    steps: tuple[int, ...] = field(
        default=(), metadata=limits(0, 120, length=7, about="letters: one more column for each number that the text is longer than.")
    )
    keep: tuple[str, ...] = field(default=(), metadata=limits(length=24, about="lines: endings that stay together."))


def parts_of(division: Division) -> tuple[str, ...]:
    """The names of the parts that a division may have."""
    count = {"whole": 1, "words": division.most, "letters": 1 + len(division.steps), "lines": 3}[division.rule]
    return tuple(f"{division.name}_{i + 1}" for i in range(count))


def fill(text: str, texts: Mapping[str, str]) -> str:
    """The text with its places filled; nothing where all of them are empty."""
    places = PLACE.findall(text)
    if not places:
        return text
    if not any(texts.get(place) for place in places):
        return ""
    return PLACE.sub(lambda found: texts.get(found[1], ""), text)


def divided(division: Division, texts: Mapping[str, str]) -> dict[str, str]:
    """The parts of a division by name; those that there are not are empty."""
    words = next((words for source in division.sources if (words := fill(source, texts))), "")
    names = parts_of(division)
    cut: tuple[str, ...] = (words,)
    if division.rule == "words":
        pieces = words.split()
        cut = tuple(" ".join(piece) for piece in _equal(pieces, division.most))
    elif division.rule == "letters":
        cut = _equal(words, 1 + sum(len(words) > step for step in division.steps))
    elif division.rule == "lines":
        cut = _lines(words, division.keep)
    return {name: cut[i] if i < len(cut) else "" for i, name in enumerate(names)}


def person_columns(name: str, ending: str = "") -> tuple[str, ...]:
    """How a name seal's letters are set: columns from right to left, each at most three letters, as even as they go.

    A name of three without an ending has its surname alone on the right; with 印 it fills two by two.
    """
    letters = "".join(name.split()) + ending
    count = len(letters)
    if count <= 1:
        return (letters,)
    if count == 2:
        return (letters[0], letters[1])
    if count == 3:
        return (letters[0], letters[1:])
    if count <= 6:
        first = (count + 1) // 2
        return (letters[:first], letters[first:])
    return _equal(letters, -(-count // 4))


def _equal(text: Any, count: int) -> tuple[Any, ...]:
    """A text or a list in parts whose lengths differ by one at most, the longer ones first."""
    count = max(1, min(count, len(text)))
    each, more = divmod(len(text), count)
    ends = [each * (i + 1) + min(i + 1, more) for i in range(count)]
    return tuple(text[end - each - (i < more) : end] for i, end in enumerate(ends))


def _lines(name: str, endings: tuple[str, ...]) -> tuple[str, ...]:
    """A company's name in up to three lines, the middle one longest; its ending stays together."""
    if len(name) <= 6:
        return (name,)
    for ending in endings:
        if name.endswith(ending) and len(name) > len(ending) + 3:
            rest = name[: -len(ending)]
            return (rest, ending) if len(rest) <= 6 else (*_equal_halves(rest), ending)
    if len(name) <= 14:
        return _equal_halves(name)
    cut = len(name) // 3
    return name[:cut], name[cut : len(name) - cut], name[len(name) - cut :]


def _equal_halves(text: str) -> tuple[str, str]:
    cut = len(text) // 2
    return text[:cut], text[cut:]
