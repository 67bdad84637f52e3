"""Hand-over (印章交付): who may collect a seal, and what the record of it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_
from sealdesk.domain.identifiers import check_document
from sealdesk.domain.units import Person


class CollectorIsAnotherError(UserError):
    """The collector is neither the handler nor the person in charge and brings no power of attorney."""

    code = "delivery.collector.another"
    sentence = N_("{name} is not the handler {handler} of this order.")
    advice = N_("Ask for a power of attorney of the unit, scan it and choose it here, or let the handler collect the seal.")


@dataclass(frozen=True, slots=True)
class CheckedPapers:
    """What the clerk saw at the counter. `authorisation` is the attachment of a power of attorney, when another person collects."""

    original_seen: bool
    authorisation: str = ""


class PapersNotSeenError(UserError):
    """The clerk did not confirm having seen the original document."""

    code = "delivery.papers.not_seen"
    sentence = N_("Confirm that you have seen the collector's original document.")


class CollectorNameMissingError(UserError):
    """Nobody was named who takes the seal."""

    code = "delivery.collector.name"
    sentence = N_("Enter the name of the person who collects the seal.")


def check_collector(collector: Person, handler: Person, principal: Person, papers: CheckedPapers, today: date) -> None:
    """Refuse a collector who is not entitled (上海市特种行业和公共场所治安管理条例 Art. 17: check and register valid documents).

    Raises:
        PapersNotSeenError, CollectorNameMissingError, CollectorIsAnotherError; and what `check_document` refuses in a document that was
        not registered before.
    """
    if not papers.original_seen:
        raise PapersNotSeenError(field="papers.original_seen")
    if not collector.name.strip():
        raise CollectorNameMissingError(field="collector.name")
    if collector.same_as(handler) or collector.same_as(principal):
        return
    if not papers.authorisation:
        raise CollectorIsAnotherError(field="collector.name", name=collector.name, handler=handler.name)
    check_document(collector.document_kind, collector.document_number, today, "collector.document_number")
