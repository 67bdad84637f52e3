"""What all papers share: the shop's letterhead, and faces as the outlines that documents paint."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from sealdesk.documents.art import ArtPart, FaceArt
from sealdesk.documents.sheet import Letterhead
from sealdesk.face.drawing import Ink
from sealdesk.face.faces import face_from
from sealdesk.workflow import facts


def letterhead(session: Session) -> Letterhead:
    """The shop as it stands at the head of its papers."""
    shop = facts.shop(session)
    return Letterhead(shop_name=shop.name, shop_code=shop.code, address=shop.address)


def face_art(spec: Any) -> FaceArt:
    """The face of a stored description for paper."""
    drawing = face_from(spec).drawing
    parts = tuple(ArtPart(part.contours, cut=part.ink is Ink.CUT) for part in drawing.parts)
    return FaceArt(drawing.width_mm, drawing.height_mm, parts)


def size_of(width_mm: float, height_mm: float) -> str:
    """A size as it stands on papers: one figure for round faces, two otherwise."""
    return f"{width_mm:g} mm" if width_mm == height_mm else f"{width_mm:g} × {height_mm:g} mm"
