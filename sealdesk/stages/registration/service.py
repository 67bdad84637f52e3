"""Handlers of registration: drafts, proof documents, submission, and what the platform sends back."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from sqlalchemy import func, select

from sealdesk.core.clock import CHINA
from sealdesk.core.errors import ProblemsError, UserError
from sealdesk.core.i18n import N_
from sealdesk.domain import seals
from sealdesk.domain.events import Touched
from sealdesk.domain.orders import DRAFT, ProofKind
from sealdesk.domain.seals import REGISTERED, SealType
from sealdesk.domain.units import Person, Unit
from sealdesk.face.codec import plain
from sealdesk.face.faces import Face
from sealdesk.models.orders import GoodsRow, OrderRow, ProofRow, SealRow
from sealdesk.models.units import UnitRow
from sealdesk.stages.registration.checks import Checked, check_draft, product_named
from sealdesk.stages.registration.queries import existing_seals
from sealdesk.stages.registration.rules import (
    EDIT,
    LARGEST_PAPER_BYTES,
    LONGEST_FILE_NAME,
    MEDIA_TYPES,
    SUBMIT,
    AttachProof,
    CancelOrder,
    Draft,
    DraftSeal,
    PaperKindError,
    PaperSizeError,
    RemoveProof,
    ReturnOrder,
    SaveDraft,
    SubmitOrder,
    UnknownChoiceError,
    decode_draft,
    encode_draft,
)
from sealdesk.wire.registrations import PersonBody, ProofBody, SealBody, SubmitRegistration, UnitBody
from sealdesk.workflow import facts
from sealdesk.workflow.commands import Handling, Stage
from sealdesk.workflow.uow import UnitOfWork


def save_draft(command: SaveDraft, uow: UnitOfWork) -> str:
    """Keep the draft; a new order gets its number here. Returns the order's number."""
    order = uow.session.get(OrderRow, command.order_id)
    if order is None:
        order = OrderRow(
            id=command.order_id,
            number=_next_number(uow),
            state=DRAFT,
            handler=command.draft.handler,
            created_at=uow.now,
            created_by=uow.actor.id,
            updated_at=uow.now,
            rev=0,
        )
        uow.session.add(order)
    uow.move_order(order, "SaveDraft")
    order.draft = encode_draft(command.draft)
    order.unit_name = command.draft.unit.name.strip()
    order.handler = command.draft.handler
    return order.number


def attach_proof(command: AttachProof, uow: UnitOfWork) -> str:
    """Put a paper into its slot; a slot other than "other" holds one paper, a newer one takes its place. Returns the proof's id."""
    order = uow.order(command.order_id)
    uow.move_order(order, "SaveDraft")
    if command.kind not in set(ProofKind):
        raise UnknownChoiceError(field="proofs", label=command.kind)
    if command.media_type not in MEDIA_TYPES:
        raise PaperKindError(field=f"proofs.{command.kind}", file_name=command.file_name)
    if not 0 < command.size <= LARGEST_PAPER_BYTES:
        raise PaperSizeError(field=f"proofs.{command.kind}", file_name=command.file_name)
    if command.kind != ProofKind.OTHER:
        for proof in list(order.proofs):
            if proof.kind == command.kind:
                order.proofs.remove(proof)
    row = ProofRow(
        id=str(uuid4()),
        kind=command.kind,
        attachment_id=command.attachment_id,
        file_name=command.file_name[-LONGEST_FILE_NAME:],
        media_type=command.media_type,
        size=command.size,
        added_at=uow.now,
    )
    order.proofs.append(row)
    return row.id


def remove_proof(command: RemoveProof, uow: UnitOfWork) -> None:
    """Take a paper out of its slot; the file stays among the attachments until nothing names it."""
    order = uow.order(command.order_id)
    uow.move_order(order, "SaveDraft")
    for proof in list(order.proofs):
        if proof.id == command.proof_id:
            order.proofs.remove(proof)


def submit_order(command: SubmitOrder, uow: UnitOfWork) -> str:
    """Check everything, write the facts, and send the registration; returns the state that the order is in now.

    Raises:
        ProblemsError: with every problem found; nothing was changed.
    """
    order = uow.order(command.order_id)
    draft = decode_draft(order.draft)
    checked = check_draft(draft, {proof.kind for proof in order.proofs}, _today(uow), existing_seals(uow.session, draft.unit, order.id))
    problems: tuple[UserError, ...] = checked.problems
    if problems:
        raise ProblemsError(problems)
    unit = _store_unit(uow, checked.draft.unit)
    order.unit = unit
    order.unit_name = unit.name
    order.handler = checked.draft.handler
    order.draft = encode_draft(checked.draft)
    order.return_reason = ""
    order.submitted_at = uow.now
    _store_seals(order, checked)
    _store_goods(order, checked.draft)
    if checked.needs_permit:
        uow.move_order(order, "SubmitOrder")
        body = _message(order, checked)
        uow.send("registration.submit", order.id, body, tuple(proof.attachment_id for proof in order.proofs))
    else:
        uow.move_order(order, "PlaceOrder")
    uow.touched |= Touched.UNITS | Touched.SEALS
    return order.state


def return_order(command: ReturnOrder, uow: UnitOfWork) -> None:
    """Take a registration back with the platform's reason; the draft can be edited and submitted again."""
    order = uow.order(command.order_id)
    uow.move_order(order, "ReturnOrder")
    order.return_reason = command.reason
    order.rev = command.rev


def cancel_order(command: CancelOrder, uow: UnitOfWork) -> None:
    """Give an order up."""
    order = uow.order(command.order_id)
    uow.move_order(order, "CancelOrder")
    for seal in order.seals:
        uow.move_seal(seal, "CancelOrder")


def _store_unit(uow: UnitOfWork, value: Unit) -> UnitRow:
    row = uow.session.execute(select(UnitRow).where(UnitRow.name == value.name)).scalar_one_or_none()
    if row is None:
        row = UnitRow(id=str(uuid4()), code="")
        uow.session.add(row)
    row.take(value, uow.now)
    uow.session.flush()
    return row


def _store_seals(order: OrderRow, checked: Checked) -> None:
    kept = {seal.id: seal for seal in order.seals}
    rows = []
    for position, seal in enumerate(checked.draft.seals):
        row = kept.get(seal.id) or SealRow(id=seal.id, state=REGISTERED, seal_code="")
        _fill_seal(row, seal, position, checked.faces[seal.id])
        rows.append(row)
    order.seals[:] = rows


def _fill_seal(row: SealRow, seal: DraftSeal, position: int, face: Face) -> None:
    product = product_named(seal.product, is_seal=True)
    if product is None:
        raise UnknownChoiceError(field=f"seals.{position}.product", label=seal.product)
    row.position = position
    row.seal_type = seal.seal_type
    row.name = seal.name
    row.reason = seal.reason
    row.template = seal.template
    row.face_fields = dict(seal.fields)
    row.face_spec = plain(face.spec)
    row.width_mm = face.drawing.width_mm
    row.height_mm = face.drawing.height_mm
    row.product_id = product.id
    row.carrier = product.carrier
    row.material = product.material
    row.price_fen = product.price_fen


def _store_goods(order: OrderRow, draft: Draft) -> None:
    order.goods[:] = [
        GoodsRow(
            id=str(uuid4()),
            position=position,
            product_id=goods.product,
            quantity=goods.quantity,
            price_fen=seals.product(goods.product).price_fen,
        )
        for position, goods in enumerate(draft.goods)
    ]


def _message(order: OrderRow, checked: Checked) -> SubmitRegistration:
    unit = checked.draft.unit
    return SubmitRegistration(
        number=order.number,
        unit=UnitBody(
            name=unit.name,
            name_minority=unit.name_minority,
            name_english=unit.name_english,
            kind=unit.kind,  # type: ignore[arg-type] # checked: one of the kinds of GA 241.2
            uscc=unit.uscc,
            registration_number=unit.registration_number,
            area_code=unit.area_code,
            address=unit.address,
            phone=unit.phone,
            principal=_person(unit.principal),
        ),
        handler=_person(checked.draft.handler),
        seals=[_seal_body(row) for row in order.seals if SealType(row.seal_type).needs_permit],
        proofs=[
            ProofBody(
                kind=proof.kind,  # type: ignore[arg-type] # checked: one of the slots
                attachment=proof.attachment_id,
                file_name=proof.file_name,
                media_type=proof.media_type,
                size=proof.size,
            )
            for proof in order.proofs
        ],
    )


def _person(person: Person) -> PersonBody:
    return PersonBody(name=person.name, document_kind=person.document_kind, document_number=person.document_number, phone=person.phone)


def _seal_body(row: SealRow) -> SealBody:
    return SealBody.model_validate(
        {
            "id": row.id,
            "seal_type": row.seal_type,
            "name": row.name,
            "reason": row.reason,
            "carrier": str(row.carrier),
            "product": row.product_id,
            "material": row.material,
            "template": row.template,
            "face_fields": dict(row.face_fields),
            "face_spec": row.face_spec,
            "width_mm": row.width_mm,
            "height_mm": row.height_mm,
        }
    )


def _next_number(uow: UnitOfWork) -> str:
    """Shop code, date, and a running number of the day (one system of the trade; design, domain 2.1)."""
    start = f"{facts.shop(uow.session).code}{_today(uow):%Y%m%d}"
    taken = uow.session.execute(select(func.max(OrderRow.number)).where(OrderRow.number.like(f"{start}%"))).scalar()
    running = 1 if taken is None else int(taken[len(start) :]) + 1
    return f"{start}{running:06d}"


def _today(uow: UnitOfWork) -> date:
    return uow.now.astimezone(CHINA).date()


STAGE = Stage(
    name="registration",
    title=N_("Registration"),
    permissions=(EDIT, SUBMIT),
    handlings=(
        Handling(SaveDraft, EDIT.name, save_draft, lambda c: c.order_id, N_("{actor} saved the draft")),
        Handling(AttachProof, EDIT.name, attach_proof, lambda c: c.order_id, N_("{actor} added the paper “{file_name}”")),
        Handling(RemoveProof, EDIT.name, remove_proof, lambda c: c.order_id, N_("{actor} removed a paper")),
        Handling(SubmitOrder, SUBMIT.name, submit_order, lambda c: c.order_id, N_("{actor} submitted the order")),
        Handling(ReturnOrder, "platform.apply", return_order, lambda c: c.order_id, N_("{reviewer} returned the order: {reason}")),
        Handling(CancelOrder, EDIT.name, cancel_order, lambda c: c.order_id, N_("{actor} cancelled the order")),
    ),
)
