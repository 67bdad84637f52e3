"""The shop's own letters in the store: its font files and single outlines, and how the face engine comes to know them.

Shared by registration, which lays faces out with them, and by the stage that manages them. The bytes of a font file are an encrypted
attachment that is never removed, so a face that names it stays the same for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sealdesk.crypto.vault import MissingFileError
from sealdesk.domain.events import Touched
from sealdesk.face import fonts, letters
from sealdesk.face.letters import ShopLetters
from sealdesk.face.specification import FaceFont
from sealdesk.models.attachments import AttachmentStore
from sealdesk.models.database import Store
from sealdesk.models.outbox import FactRow
from sealdesk.workflow import facts
from sealdesk.workflow.bus import Bus

_FONT = "templates.font."
_OUTLINE = "templates.outline."


@dataclass(frozen=True, slots=True)
class ShopFont:
    """A font of the shop; a retired one is offered no more, but faces that name it keep it."""

    font: FaceFont
    file_name: str
    characters: int
    added_at: datetime
    retired: bool = False

    @property
    def key(self) -> str:
        """What commands name it by."""
        return font_key(self.font.digest, self.font.index)


@dataclass(frozen=True, slots=True)
class ShopOutline:
    """The outline of one character that no font has, as SVG path data."""

    character: str
    outline: str
    file_name: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Letters:
    """All that the shop added, fonts and outlines, each the oldest first."""

    fonts: tuple[ShopFont, ...] = ()
    outlines: tuple[ShopOutline, ...] = ()

    @property
    def offered(self) -> tuple[ShopFont, ...]:
        """The fonts that are not retired."""
        return tuple(font for font in self.fonts if not font.retired)


def font_key(digest: str, index: int) -> str:
    """What a font is called in the store."""
    return f"{digest[:32]}.{index}"


def shop_letters(session: Session) -> Letters:
    """What the shop added."""
    added = (_font(row.value) for row in _rows(session, _FONT))
    drawn = (_outline(row.value) for row in _rows(session, _OUTLINE))
    return Letters(
        tuple(sorted(added, key=lambda one: (one.added_at, one.key))), tuple(sorted(drawn, key=lambda one: (one.added_at, one.character)))
    )


def shop_font(session: Session, key: str) -> ShopFont | None:
    """The font of that key, or None."""
    value = facts.read(session, f"{_FONT}{key}")
    return None if value is None else _font(value)


def write_font(session: Session, font: ShopFont) -> None:
    """Keep what is known of a font."""
    one = font.font
    value = {"digest": one.digest, "index": one.index, "name": one.name, "file_name": font.file_name, "characters": font.characters}
    facts.write(session, f"{_FONT}{font.key}", {**value, "added_at": font.added_at.isoformat(), "retired": font.retired})


def write_outline(session: Session, outline: ShopOutline) -> None:
    """Keep an outline, instead of the one that the character had."""
    value = {"character": outline.character, "outline": outline.outline, "file_name": outline.file_name}
    facts.write(session, _outline_name(outline.character), {**value, "added_at": outline.added_at.isoformat()})


def remove_outline(session: Session, character: str) -> bool:
    """Forget the outline of a character; False when there is none. Faces keep the outlines that they were made with."""
    row = session.get(FactRow, _outline_name(character))
    if row is not None:
        session.delete(row)
    return row is not None


def serve_letters(store: Store, bus: Bus, attachments: AttachmentStore) -> None:
    """Let the face engine know the shop's letters from now on, also after each change of them."""

    def content(digest: str) -> bytes | None:
        try:
            return attachments.get(digest)
        except MissingFileError:
            return None

    def look() -> None:
        with store.read() as session:
            known = shop_letters(session)
        outlines = {one.character: one.outline for one in known.outlines}
        letters.know(ShopLetters(tuple(one.font for one in known.offered), outlines))

    fonts.take_shops_files_from(content)
    look()
    bus.subscribe(lambda touched: look() if Touched.TEMPLATES in touched else None)


def _rows(session: Session, beginning: str) -> list[FactRow]:
    return list(session.execute(select(FactRow).where(FactRow.name.startswith(beginning, autoescape=True))).scalars())


def _outline_name(character: str) -> str:
    return _OUTLINE + ".".join(f"{ord(part):X}" for part in character)


def _font(value: Any) -> ShopFont:
    font = FaceFont(value["digest"], value["index"], value["name"])
    return ShopFont(font, value["file_name"], value["characters"], datetime.fromisoformat(value["added_at"]), value["retired"])


def _outline(value: Any) -> ShopOutline:
    return ShopOutline(value["character"], value["outline"], value["file_name"], datetime.fromisoformat(value["added_at"]))
