"""The workspaces, one per stage, each laid out by hand from `sealdesk.ui.parts`; they do not import each other.

`WORKSPACES` names them all, in any order: the window sorts them by the order of the work and shows only those the person may use.
A workspace module offers `SPEC: WorkspaceSpec`; to add one, import it here and add it to the tuple.
"""

from __future__ import annotations

from sealdesk.ui.desk import WorkspaceSpec
from sealdesk.ui.workspaces import acceptance, administration, logistics, production, registration, signature, templates, today

WORKSPACES: tuple[WorkspaceSpec, ...] = (
    today.SPEC,
    registration.SPEC,
    acceptance.SPEC,
    production.SPEC,
    signature.SPEC,
    logistics.SPEC,
    templates.SPEC,
    administration.SPEC,
)
