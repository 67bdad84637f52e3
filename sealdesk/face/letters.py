"""The shop's own letters: font files and single outlines that stand in where no font of the computer has a character.

It only completes a face's description by what the face needs, so that the description alone says how the face looks for ever.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sealdesk.face import cells
from sealdesk.face.fonts import FontSet, open_font
from sealdesk.face.specification import CharacterOutline, FaceFont, FaceSpec


@dataclass(frozen=True, slots=True)
class ShopLetters:
    """What the shop offers: its fonts, the one that is asked first first, and its outlines by character (SVG path data)."""

    fonts: tuple[FaceFont, ...] = ()
    outlines: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


_known = ShopLetters()


def know(shop: ShopLetters) -> None:
    """Use these from now on."""
    global _known
    _known = shop


def completed(spec: FaceSpec, fonts: FontSet) -> FaceSpec:
    """The face with the outlines and fonts of the shop that its texts need beyond what it names itself."""
    known = _known
    if not known.fonts and not known.outlines:
        return spec
    texts = _texts(spec)
    own = {outline.character for outline in spec.outlines}
    wanted = dict.fromkeys(letter for _role, text in texts for letter in cells.split(text) if letter not in own)
    outlines = tuple(CharacterOutline(letter, known.outlines[letter]) for letter in wanted if letter in known.outlines)
    shown = own | {outline.character for outline in outlines}
    added = _fonts_for(known.fonts, fonts.for_face(spec.fonts), texts, shown)
    if not outlines and not added:
        return spec
    return dataclasses.replace(spec, outlines=spec.outlines + outlines, fonts=spec.fonts + added)


def _fonts_for(offered: tuple[FaceFont, ...], there: FontSet, texts: list[tuple[str, str]], shown: set[str]) -> tuple[FaceFont, ...]:
    """Those of the shop's fonts that have what is missing, as few as their order gives."""
    if not offered:
        return ()
    missing = {letter for role, text in texts for letter in cells.split(text) if letter not in shown and there.missing(role, letter)}
    added: list[FaceFont] = []
    for font in offered if missing else ():
        left = {letter for letter in missing if not open_font(font).has(letter)}
        if left != missing:
            added.append(dataclasses.replace(font, role=""))
            missing = left
    return tuple(added)


def _texts(spec: FaceSpec) -> list[tuple[str, str]]:
    """Every text with the role of its font."""
    lines = [(line.font, line.text) for line in spec.arcs] + [(line.font, line.text) for line in spec.rows]
    lines += [(line.font, line.text) for line in spec.columns] + [(line.font, line.text) for line in spec.microtexts]
    return lines + [(grid.font, column) for grid in spec.grids for column in grid.columns]
