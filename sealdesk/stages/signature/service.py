"""Handlers of the production signature."""

from __future__ import annotations

from pydantic import ValidationError
from sqlalchemy import select

from sealdesk.core.errors import SealdeskError
from sealdesk.core.i18n import N_, _
from sealdesk.crypto.records import SignedRecord, VerifiedRecord, open_record
from sealdesk.domain.chips import DONE
from sealdesk.domain.seals import MADE
from sealdesk.models.burns import BurnRow
from sealdesk.models.orders import SealRow
from sealdesk.stages.signature.information import information_in
from sealdesk.stages.signature.rules import SIGN, FinishSignature, NotSignedError, QuerySignatureError, SignQuery
from sealdesk.wire import production as wire
from sealdesk.wire.roles import MAKER
from sealdesk.workflow import facts
from sealdesk.workflow.commands import Handling, Stage
from sealdesk.workflow.route import complete_production
from sealdesk.workflow.uow import UnitOfWork


def sign_query(command: SignQuery, uow: UnitOfWork) -> None:
    """Keep the signed query information, after it was verified against chip, seal and signer.

    Raises:
        QuerySignatureError: it is about something else, or not by the actor's own maker's key.
    """
    seal = uow.seal(command.seal_id)
    if seal.state != MADE:
        uow.move_seal(seal, "FinishSignature")  # refuses with the state's own sentence
    content, verified = _opened(command.record, uow)
    burn = uow.session.execute(select(BurnRow).where(BurnRow.seal_id == seal.id, BurnRow.state == DONE)).scalar_one_or_none()
    if burn is None or content.seal != seal.id or content.order != seal.order_id or content.chip_serial != burn.chip_serial:
        raise QuerySignatureError(reason=_("it is about another seal or chip"))
    if verified.signer.fingerprint != uow.actor.key_fingerprint:
        raise QuerySignatureError(reason=_("it is not by your own maker's key"))
    information = information_in(content)
    if information.seal_serial != seal.seal_code:
        raise QuerySignatureError(reason=_("it names another seal code"))
    seal.signed_record = command.record


def finish_signature(command: FinishSignature, uow: UnitOfWork) -> None:
    """The chip gave back exactly the record that was signed.

    Raises:
        NotSignedError, QuerySignatureError, WrongStateError
    """
    seal: SealRow = uow.seal(command.seal_id)
    if not seal.signed_record:
        raise NotSignedError(name=seal.name)
    if command.read_back != seal.signed_record:
        raise QuerySignatureError(reason=_("the chip holds something else"))
    _opened(command.read_back, uow)
    uow.move_seal(seal, "FinishSignature")
    seal.signed_at = uow.now
    uow.send("seal.signed", seal.order_id, wire.SealSigned(seal=seal.id, record=seal.signed_record))
    complete_production(uow, seal.order)


def _opened(record: str, uow: UnitOfWork) -> tuple[wire.QueryContent, VerifiedRecord]:
    trust = facts.trust(uow.session)
    try:
        signed = SignedRecord.from_json(record)
        verified = open_record(signed, (trust.root,), uow.now, revoked=trust.revocations)
        content = wire.QueryContent.model_validate_json(signed.content)
    except (SealdeskError, ValidationError) as error:
        raise QuerySignatureError(reason=str(error) if isinstance(error, SealdeskError) else _("it cannot be read")) from error
    if MAKER not in verified.signer.extended_key_usage:
        raise QuerySignatureError(reason=_("its signer is not a maker"))
    return content, verified


STAGE = Stage(
    name="signature",
    title=N_("Signature"),
    permissions=(SIGN,),
    handlings=(
        Handling(SignQuery, SIGN.name, sign_query, lambda c: c.seal_id, N_("{actor} signed the query information")),
        Handling(FinishSignature, SIGN.name, finish_signature, lambda c: c.seal_id, N_("{actor} burned the signature into the chip")),
    ),
)
