"""Shows an error where the table of `sealdesk.ui.failures` says: at its field, in the banner of the place, or as a report."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from sealdesk.core.i18n import _
from sealdesk.ui.bug_report import ReportDialog
from sealdesk.ui.failures import Place, Presentation, present
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.form import Form

_log = logging.getLogger(__name__)


def show_failure(
    error: BaseException, parent: QWidget, banner: Banner, form: Form | None = None, retry: Callable[[], object] | None = None
) -> Presentation:
    """Show `error`; what has no field in `form` stands in `banner`, and a bug opens its report besides.

    `retry` is offered only where the same step may simply be tried again.
    """
    presentation = present(error)
    place = presentation.place
    if place is Place.NOWHERE:
        return presentation
    if place is Place.REPORT:
        _log.error("a job failed in an unforeseen way", exc_info=error)
        ReportDialog(presentation, parent).open()
    if place is Place.FIELD and form is not None:
        rest = tuple(problem for problem in presentation.problems if not form.show_problem(problem))
        if presentation.problems and not rest:
            return presentation
        sentence = " ".join(str(problem) for problem in rest) or presentation.sentence
        banner.say(sentence, presentation.tone, presentation.advice)
        return presentation
    banner.say(_sentence(presentation), presentation.tone, presentation.advice, _actions(presentation, parent, retry))
    return presentation


def _sentence(presentation: Presentation) -> str:
    if len(presentation.problems) > 1:
        return " ".join(str(problem) for problem in presentation.problems)
    return presentation.sentence


def _actions(
    presentation: Presentation, parent: QWidget, retry: Callable[[], object] | None
) -> tuple[tuple[str, Callable[[], object]], ...]:
    actions: list[tuple[str, Callable[[], object]]] = []
    if retry is not None and presentation.retry:
        actions.append((_("Try again"), retry))
    if presentation.place is not Place.FIELD:
        actions.append((_("Details"), lambda: ReportDialog(presentation, parent).open()))
    return tuple(actions)
