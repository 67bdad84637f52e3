"""The verdict on a permit in plain steps, and every difference from our registration with both values side by side."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from sealdesk.core.i18n import _
from sealdesk.stages.acceptance.verification import PermitVerdict
from sealdesk.ui import theme
from sealdesk.ui.parts.card import Card
from sealdesk.ui.parts.layouts import clear, column, margins, text
from sealdesk.ui.parts.state_chip import Chip, StateChip
from sealdesk.ui.parts.stepper import Step, StepList, StepState
from sealdesk.ui.theme import Space, Tone

_STATES = {True: StepState.DONE, False: StepState.FAILED, None: StepState.TODO}


class VerdictCard(QWidget):
    """Steps with ticks; differences are marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps = StepList()
        self._chip = StateChip()
        self._none = text(_("None of these seals needs a permit; the order can be accepted at once."), "soft", wrap=True)
        self.differences = QGridLayout()
        self.differences.setContentsMargins(margins())
        self.differences.setHorizontalSpacing(Space.M)
        self.differences.setVerticalSpacing(Space.XS)
        card = Card(_("Verification"))
        card.tools.addWidget(self._chip)
        card.body.addWidget(self._none)
        card.body.addWidget(self.steps)
        card.body.addLayout(self.differences)
        card.body.addStretch(1)
        self.setLayout(column(card, gap=0))

    def show_verdict(self, verdict: PermitVerdict | None) -> None:
        """Show another verdict; None where no permit is needed."""
        clear(self.differences)
        self._none.setVisible(verdict is None)
        self.steps.setVisible(verdict is not None)
        if verdict is None:
            self._chip.show_chip(Chip(_("Not needed"), Tone.IDLE))
            self.steps.show_steps(())
            return
        self._chip.show_chip(Chip(_("Holds"), Tone.OK) if verdict.holds else Chip(_("Does not hold"), Tone.FAULT))
        self.steps.show_steps(
            tuple(
                Step(step.title, _STATES[step.passed], "" if step.name == "equal" and verdict.differences else step.detail)
                for step in verdict.steps
            )
        )
        if verdict.differences:
            for place, title in enumerate((_("Differs"), _("On the permit"), _("Registered by us"))):
                self.differences.addWidget(text(title, "label"), 0, place)
        for line, difference in enumerate(verdict.differences, start=1):
            for place, words in enumerate((_(difference.what), difference.permitted, difference.registered)):
                label = text(words, "strong" if place else "", wrap=True)
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                if place == 1:
                    theme.set_property(label, "tone", Tone.FAULT.value)
                self.differences.addWidget(label, line, place, Qt.AlignmentFlag.AlignTop)
                self.differences.setColumnStretch(place, 1 if place == 0 else 2)
