"""The platform as a witness of its shops' audit trails: it keeps their signed heads and gives them back. It judges no trail."""

from __future__ import annotations

from sealdesk.central.case import Case, Identity
from sealdesk.central.errors import Refused
from sealdesk.central.platform import Platform
from sealdesk.central.store import AuditHeadRow
from sealdesk.wire import audit as wire
from sealdesk.wire import errors as codes


def keep_audit_head(case: Case, body: wire.KeepAuditHead) -> None:
    """Keep a head; a shorter trail than known is kept too, for it is what has to be seen.

    Raises:
        Refused: it is not signed by a maker of this shop, or about another installation.
    """
    content: wire.AuditHeadContent = case.record(body.record, wire.AuditHeadContent)
    if content.installation != case.who.installation or case.subject != case.who.installation:
        raise Refused(codes.BAD_SIGNATURE, reason="installation")
    if case.work.trails.head(content.installation, content.count, content.head) is None:
        row = AuditHeadRow(
            installation=content.installation,
            count=content.count,
            head=content.head,
            record=body.record,
            signed_at=content.signed_at,
            kept_at=case.at,
        )
        case.work.add(row)


def audit_heads(platform: Platform, who: Identity) -> wire.AuditHeads:
    """The newest heads of this installation."""
    with platform.store.read() as work:
        return wire.AuditHeads(records=[row.record for row in work.trails.heads(who.installation, wire.MOST_HEADS)])
