"""The system's templates: one explicit tuple, one module per family. A template says what stands where; it never draws.

Templates of a shop are `.stp` files (`face.stp`); they are not here.
"""

from __future__ import annotations

from sealdesk.face.template import Template, UnknownTemplateError
from sealdesk.face.templates import (
    adjoined,
    contract,
    customs,
    department,
    enterprise,
    finance,
    foreign,
    invoice,
    organisation,
    person,
    shaped,
    state,
    steel,
)

TEMPLATES: tuple[Template, ...] = (
    *enterprise.TEMPLATES,
    *department.TEMPLATES,
    *shaped.TEMPLATES,
    *finance.TEMPLATES,
    *invoice.TEMPLATES,
    *contract.TEMPLATES,
    *person.TEMPLATES,
    *state.TEMPLATES,
    *organisation.TEMPLATES,
    *customs.TEMPLATES,
    *foreign.TEMPLATES,
    *adjoined.TEMPLATES,
    *steel.TEMPLATES,
)

_BY_NAME = {t.name: t for t in TEMPLATES}


def template(name: str) -> Template:
    """The template of that name.

    Raises:
        UnknownTemplateError: there is none.
    """
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownTemplateError(field="template", name=name) from None
