"""Handlers of production. A burning is a row of intents and of what was read back; the chip itself is touched in `burning`."""

from __future__ import annotations

import base64
from uuid import uuid4

from sqlalchemy import select

from sealdesk.core.clock import stamp
from sealdesk.core.i18n import N_
from sealdesk.domain import seals
from sealdesk.domain.chips import DONE, OPEN, SPOILED
from sealdesk.domain.events import Touched
from sealdesk.domain.seals import Carrier
from sealdesk.models import card_pins
from sealdesk.models.burns import BurnRow
from sealdesk.models.orders import OrderRow, SealRow
from sealdesk.models.outbox import WAITING, OutboxRow
from sealdesk.stages.production.queries import CERTIFICATE_REQUEST, point_in
from sealdesk.stages.production.rules import (
    BURN,
    MAKE,
    ArtworkClosedError,
    AskForCertificateAgain,
    BeginBurning,
    CertificateMismatchError,
    ChipTakenError,
    ChooseCardPin,
    FinishBurning,
    HasChipError,
    MarkSealMade,
    NoChipSealError,
    NotExportedError,
    OtherChipError,
    ReasonMissingError,
    ReceiveCertificate,
    RecordBurnStep,
    RecordExport,
    RequestCertificate,
    SpoilChip,
    SpoiledChipError,
    step_facts,
)
from sealdesk.wire import production as wire
from sealdesk.workflow import outbox
from sealdesk.workflow.commands import Handling, Stage
from sealdesk.workflow.route import complete_production
from sealdesk.workflow.uow import MissingError, UnitOfWork


def record_export(command: RecordExport, uow: UnitOfWork) -> None:
    """Account for an export of production artwork.

    Raises:
        ArtworkClosedError: the seal was handed over.
    """
    seal = uow.seal(command.seal_id)
    if seal.state == seals.DELIVERED:
        raise ArtworkClosedError(name=seal.name)
    if seal.state in (seals.REGISTERED, seals.APPROVED, seals.CANCELLED):
        uow.move_seal(seal, "MarkSealMade")  # refuses: artwork leaves only once the order was accepted
    seal.exported_at = uow.now
    uow.touched |= Touched.SEALS


def mark_seal_made(command: MarkSealMade, uow: UnitOfWork) -> None:
    """A physical seal is engraved.

    Raises:
        HasChipError, NotExportedError, WrongStateError
    """
    seal = uow.seal(command.seal_id)
    if Carrier(seal.carrier).has_chip:
        raise HasChipError(name=seal.name)
    if seal.exported_at is None and seal.state == seals.ACCEPTED:
        raise NotExportedError(name=seal.name)
    uow.move_seal(seal, "MarkSealMade")
    _made(uow, seal, chip_serial="")


def begin_burning(command: BeginBurning, uow: UnitOfWork) -> str:
    """Tie chip and seal; returns the burning's id. One open burning per seal, one seal per chip.

    Raises:
        NoChipSealError, ChipTakenError, SpoiledChipError, OtherChipError, WrongStateError
    """
    seal = uow.seal(command.seal_id)
    if not Carrier(seal.carrier).has_chip:
        raise NoChipSealError(name=seal.name)
    live = uow.session.execute(select(BurnRow).where(BurnRow.seal_id == seal.id, BurnRow.state != SPOILED)).scalar_one_or_none()
    if live is not None:
        if live.chip_serial != command.chip_serial:
            raise OtherChipError(serial=live.chip_serial)
        return live.id
    statement = select(BurnRow).where(BurnRow.chip_serial == command.chip_serial)
    other = uow.session.execute(statement).scalars().first()
    if other is not None and other.state == SPOILED:
        raise SpoiledChipError(serial=command.chip_serial, reason=other.spoiled_reason)
    if other is not None:
        raise ChipTakenError(serial=command.chip_serial, seal=uow.seal(other.seal_id).name)
    row = BurnRow(
        id=str(uuid4()),
        seal_id=seal.id,
        chip_serial=command.chip_serial,
        state=OPEN,
        steps={},
        started_at=uow.now,
        started_by=uow.actor.id,
    )
    uow.session.add(row)
    uow.move_seal(seal, "BeginBurning")
    uow.touched |= Touched.CHIPS
    return row.id


def record_burn_step(command: RecordBurnStep, uow: UnitOfWork) -> None:
    """Write down an intent or what was read back."""
    row = _open_burn(uow, command.burn_id)
    steps = step_facts(row.steps)
    steps.setdefault(command.step, {}).update({command.phase: stamp(uow.now), **command.facts})
    row.steps = steps
    uow.touched |= Touched.CHIPS


def request_certificate(command: RequestCertificate, uow: UnitOfWork) -> None:
    """Send the request once; taken up again it sends nothing, unless the first one is not to be found any more."""
    row = _open_burn(uow, command.burn_id)
    if row.public_point:
        if row.public_point != command.public_point:
            raise CertificateMismatchError(reason=N_("the chip holds another key than before"))
        if _request_of(uow, row) is not None:
            return
    row.public_point = command.public_point
    _ask(uow, row, base64.b64encode(command.request).decode())


def ask_for_certificate_again(command: AskForCertificateAgain, uow: UnitOfWork) -> None:
    """Send the chip's request once more, byte for byte.

    One that waits goes at once, under its own key. One that was answered goes under a new key, because the platform answers a key for ever
    the same; to the same key of the same chip it gives the same certificate.

    Raises:
        MissingError: no chip is being burned, or it has not asked yet.
    """
    row = _open_burn(uow, command.burn_id)
    known = _request_of(uow, row)
    if known is None:
        raise MissingError(what="request", id=command.burn_id)
    if row.certificates and point_in(row.certificates) == row.public_point:
        return
    if known.state == WAITING:
        known.not_before = None
    elif not outbox.resend(uow.session, known.seq, str(uuid4())):
        _ask(uow, row, known.body["request"])
    uow.touched |= Touched.OUTBOX | Touched.CHIPS


def receive_certificate(command: ReceiveCertificate, uow: UnitOfWork) -> None:
    """Keep what the platform issued; the burning itself checks that it is in order.

    One for a chip that was given up meanwhile is let go, and one that does not fit can be put right by the next.
    """
    uow.order(command.order_id).rev = command.rev
    rows = uow.session.execute(select(BurnRow).where(BurnRow.seal_id == command.seal_id)).scalars().all()
    point = point_in(command.certificates)
    live = next((row for row in rows if row.state != SPOILED), None)
    if live is None or not live.public_point or any(row.public_point == point for row in rows if row.state == SPOILED):
        return
    if live.certificates and point_in(live.certificates) == live.public_point:
        return
    live.certificates = list(command.certificates)
    uow.touched |= Touched.CHIPS


def choose_card_pin(command: ChooseCardPin, uow: UnitOfWork) -> str:
    """Remember the card's PIN; the first choice stays. Returns the PIN that counts."""
    done = uow.session.get(BurnRow, command.burn_id)
    if done is not None and done.state == DONE:
        return card_pins.card_pin(uow.session, done)
    row = _open_burn(uow, command.burn_id)
    known = card_pins.card_pin(uow.session, row)
    if known:
        return known
    card_pins.keep(uow.session, row, command.card_pin)
    return command.card_pin


def finish_burning(command: FinishBurning, uow: UnitOfWork) -> None:
    """The chip is done; again it changes nothing."""
    row = uow.session.get(BurnRow, command.burn_id)
    if row is not None and row.state == DONE:
        return
    row = _open_burn(uow, command.burn_id)
    row.state = DONE
    row.finished_at = uow.now
    seal = uow.seal(row.seal_id)
    uow.move_seal(seal, "FinishBurning")
    uow.touched |= Touched.CHIPS
    _made(uow, seal, chip_serial=row.chip_serial)


def spoil_chip(command: SpoilChip, uow: UnitOfWork) -> None:
    """Record a chip as spoiled; its seal waits for another chip."""
    if not command.reason.strip():
        raise ReasonMissingError(field="reason")
    row = _open_burn(uow, command.burn_id)
    row.state = SPOILED
    row.spoiled_reason = command.reason.strip()
    card_pins.forget(uow.session, row)
    row.finished_at = uow.now
    uow.move_seal(uow.seal(row.seal_id), "SpoilChip")
    uow.touched |= Touched.CHIPS


def _open_burn(uow: UnitOfWork, burn_id: str) -> BurnRow:
    row = uow.session.get(BurnRow, burn_id)
    if row is None or row.state != OPEN:
        raise MissingError(what="burn", id=burn_id)
    return row


def _request_of(uow: UnitOfWork, row: BurnRow) -> OutboxRow | None:
    about = {"seal": row.seal_id, "chip_serial": row.chip_serial}
    return outbox.latest(uow.session, CERTIFICATE_REQUEST, uow.seal(row.seal_id).order_id, about)


def _ask(uow: UnitOfWork, row: BurnRow, request: str) -> None:
    seal = uow.seal(row.seal_id)
    body = wire.RequestCertificate(seal=seal.id, seal_code=seal.seal_code, chip_serial=row.chip_serial, request=request)
    uow.send(CERTIFICATE_REQUEST, seal.order_id, body)
    uow.touched |= Touched.CHIPS


def _made(uow: UnitOfWork, seal: SealRow, chip_serial: str) -> None:
    seal.made_at = uow.now
    seal.made_by = uow.actor.id
    order: OrderRow = seal.order
    if seal.seal_code:
        uow.send(
            "seal.made",
            order.id,
            wire.SealMade(seal=seal.id, seal_code=seal.seal_code, chip_serial=chip_serial, made_at=stamp(uow.now), operator=uow.actor.name),
        )
    complete_production(uow, order)


STAGE = Stage(
    name="production",
    title=N_("Production"),
    permissions=(MAKE, BURN),
    handlings=(
        Handling(RecordExport, MAKE.name, record_export, lambda c: c.seal_id, N_("{actor} exported the face")),
        Handling(MarkSealMade, MAKE.name, mark_seal_made, lambda c: c.seal_id, N_("{actor} marked the seal made")),
        Handling(BeginBurning, BURN.name, begin_burning, lambda c: c.seal_id, N_("{actor} began to burn chip {chip_serial}")),
        Handling(RecordBurnStep, BURN.name, record_burn_step, lambda c: c.burn_id, N_("Burning step “{step}”: {phase}")),
        Handling(RequestCertificate, BURN.name, request_certificate, lambda c: c.burn_id, N_("The chip's certificate was asked for")),
        Handling(
            AskForCertificateAgain,
            BURN.name,
            ask_for_certificate_again,
            lambda c: c.burn_id,
            N_("{actor} asked for the chip's certificate again"),
        ),
        Handling(ReceiveCertificate, "platform.apply", receive_certificate, lambda c: c.seal_id, N_("The chip's certificate was issued")),
        Handling(ChooseCardPin, BURN.name, choose_card_pin, lambda c: c.burn_id, N_("The card's PIN was chosen")),
        Handling(FinishBurning, BURN.name, finish_burning, lambda c: c.burn_id, N_("{actor} finished the chip")),
        Handling(SpoilChip, BURN.name, spoil_chip, lambda c: c.burn_id, N_("{actor} recorded the chip as spoiled: {reason}")),
    ),
)
