"""The proof sheet of a face, with 样稿 across: of a template's, which belongs to no order, and of a seal that is being registered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from sealdesk.core.clock import CHINA
from sealdesk.core.i18n import N_, _
from sealdesk.core.lanes import Job, Task
from sealdesk.documents.proof import FaceWords, ProofSheet, proof_pdf
from sealdesk.documents.sheet import Letterhead
from sealdesk.domain.seals import SEAL_TYPE_TITLES, SealType
from sealdesk.face.codec import plain
from sealdesk.face.faces import Face
from sealdesk.face.fonts import MEANT, FontSet, system_fonts
from sealdesk.face.specification import FaceSpec
from sealdesk.models.orders import OrderRow
from sealdesk.workflow.desk import Desk
from sealdesk.workflow.paper import face_art, letterhead, size_of


@dataclass(frozen=True, slots=True)
class ProofContent:
    """What is proofed: the face, what the seal is called, its template, its type, its unit, and the order that it belongs to if any."""

    face: Face
    title: str
    template: str
    seal_type: str
    unit_name: str
    order_id: str = ""


def proof(desk: Desk, content: ProofContent) -> Job[bytes]:
    """The proof sheet as PDF. It runs above all other lanes: it asks the store for the letterhead and a computing lane for the paper."""

    def work(task: Task) -> bytes:
        head, order_number = desk.tell(lambda session: (letterhead(session), _order_number(session, content.order_id)))
        task.check()
        sheet = sheet_of(content, head, desk.clock.now(), _(desk.actor.name), order_number)
        return desk.lanes.computing[0].call(lambda: proof_pdf(sheet))

    return desk.lanes.front.submit(work)


def sheet_of(content: ProofContent, head: Letterhead, made_at: datetime, clerk: str, order_number: str = "") -> ProofSheet:
    """Everything that stands on the proof sheet."""
    face, now = content.face, made_at.astimezone(CHINA)
    return ProofSheet(
        letterhead=head,
        number=f"{now:%Y%m%d-%H%M%S}",
        order_number=order_number,
        unit_name=content.unit_name,
        seal_name=content.title,
        type_title=_(SEAL_TYPE_TITLES[SealType(content.seal_type)]),
        size=size_of(face.drawing.width_mm, face.drawing.height_mm),
        template=content.template,
        made_at=f"{now:%Y-%m-%d %H:%M}",
        clerk=clerk,
        face=face_art(plain(face.spec)),
        words=words_of(face.spec),
        notes=notes_of(face),
    )


def _order_number(session: Session, order_id: str) -> str:
    order = session.get(OrderRow, order_id) if order_id else None
    return "" if order is None else order.number


def words_of(spec: FaceSpec) -> tuple[FaceWords, ...]:
    """Every text of a face with its place, typeface and the height that its template asks for."""
    lines = [(N_("Along the edge"), arc.text, arc.font, arc.height_mm) for arc in spec.arcs]
    lines += [(N_("Row"), row.text, row.font, row.height_mm) for row in spec.rows]
    lines += [(N_("Column"), column.text, column.font, column.width_mm) for column in spec.columns]
    lines += [(N_("Name"), " ".join(grid.columns), grid.font, grid.height_mm) for grid in spec.grids]
    fonts = system_fonts().for_face(spec.fonts)
    return tuple(FaceWords(_(place), text, _font(fonts, role), f"{height:g} mm") for place, text, role, height in lines if text.strip())


def notes_of(face: Face) -> tuple[str, ...]:
    """Substituted typefaces and what the checks found, in sentences."""
    spec = face.spec
    roles = [arc.font for arc in spec.arcs] + [row.font for row in spec.rows]
    roles += [column.font for column in spec.columns] + [grid.font for grid in spec.grids]
    fonts = system_fonts().for_face(spec.fonts)
    substitutes = tuple(sentence for role in dict.fromkeys(roles) if (sentence := fonts.substitute(role)))
    return (*substitutes, *(finding.text for finding in face.findings))


def _font(fonts: FontSet, role: str) -> str:
    names = fonts.names(role)
    return names[0] if names else MEANT[role]
