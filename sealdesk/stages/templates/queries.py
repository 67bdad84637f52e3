"""What the templates' workspace shows: every template with how it stands with the shop. Returns frozen rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sealdesk.core.i18n import _
from sealdesk.face.template import Template
from sealdesk.face.templates import TEMPLATES
from sealdesk.models.orders import SealRow
from sealdesk.models.templates import LocalTemplateRow
from sealdesk.stages.templates.rules import Standing
from sealdesk.workflow.templates import decisions, is_chosen, local_template, newest_local, reference


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A template as the gallery shows it.

    Attributes:
        template: what builds its faces; its `name` is what orders know it by.
        standing: how it stands with the shop.
        file: the text of its `.stp` file; empty for the system's own.
        own_name: the name in that file, without version; empty for the system's own.
        version: the newest version; 0 for the system's own.
        added_at: when that version came.
        file_name: the file it came from; empty for what the editor saved.
        seals: how many seals were made from it, all versions together.
    """

    template: Template
    standing: Standing
    file: str = ""
    own_name: str = ""
    version: int = 0
    added_at: datetime | None = None
    file_name: str = ""
    seals: int = 0

    @property
    def name(self) -> str:
        """What orders know it by."""
        return self.template.name

    @property
    def title(self) -> str:
        """Its title in the person's language; that of a template of the shop is as the shop wrote it."""
        return self.template.title if self.file else _(self.template.title)


def template_lines(session: Session) -> tuple[TemplateLine, ...]:
    """The system's templates in their order, then the newest version of each of the shop's own."""
    decided, used = decisions(session), _used(session)
    system = tuple(TemplateLine(one, _standing(one, decided), seals=used.get(one.name, 0)) for one in TEMPLATES)
    return system + tuple(_own(row, used) for row in newest_local(session))


def _standing(template: Template, decided: dict[str, bool]) -> Standing:
    if template.mandated:
        return Standing.MANDATED
    return Standing.CHOSEN if is_chosen(template, decided) else Standing.OPTIONAL


def _own(row: LocalTemplateRow, used: dict[str, int]) -> TemplateLine:
    return TemplateLine(
        template=local_template(reference(row.name, row.version), row.content),
        standing=Standing.LOCAL if row.retired_at is None else Standing.RETIRED,
        file=row.content,
        own_name=row.name,
        version=row.version,
        added_at=row.added_at,
        file_name=row.file_name,
        seals=sum(used.get(reference(row.name, version), 0) for version in range(1, row.version + 1)),
    )


def _used(session: Session) -> dict[str, int]:
    rows = session.execute(select(SealRow.template, func.count()).group_by(SealRow.template))
    return {str(name): int(count) for name, count in rows}
