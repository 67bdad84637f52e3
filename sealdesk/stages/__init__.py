"""The business, one package per stage, strangers to each other. `STAGES` lists them in the order of the work.

A stage has `rules` (permissions, commands, errors), `service` (handlers), `queries` (reads that return frozen rows), and what is its own.
"""

from __future__ import annotations

from sealdesk.stages.acceptance.service import STAGE as ACCEPTANCE
from sealdesk.stages.administration.service import STAGE as ADMINISTRATION
from sealdesk.stages.logistics.service import STAGE as LOGISTICS
from sealdesk.stages.production.service import STAGE as PRODUCTION
from sealdesk.stages.registration.service import STAGE as REGISTRATION
from sealdesk.stages.signature.service import STAGE as SIGNATURE
from sealdesk.stages.templates.service import STAGE as TEMPLATES

STAGES = (REGISTRATION, ACCEPTANCE, PRODUCTION, SIGNATURE, LOGISTICS, TEMPLATES, ADMINISTRATION)
