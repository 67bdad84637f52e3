"""Who may do what, as a matrix: one line for each stage of the work, its permissions beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from sealdesk.core.i18n import _
from sealdesk.domain.access import EVERYTHING, ROLES
from sealdesk.stages import STAGES
from sealdesk.ui.parts.layouts import margins, rule
from sealdesk.ui.theme import Space
from sealdesk.workflow.commands import Stage
from sealdesk.workflow.decisions import EXCHANGE

GUARDED: tuple[Stage, ...] = (*STAGES, EXCHANGE)
"""Everything that has permissions."""


def permissions_of_role(role: str) -> tuple[str, ...]:
    """The permissions that a role brings with it."""
    stages = next((known.stages for known in ROLES if known.name == role), ())
    if EVERYTHING in stages:
        return (EVERYTHING,)
    return tuple(sorted(permission.name for stage in GUARDED if stage.name in stages for permission in stage.permissions))


class PermissionMatrix(QWidget):
    """`edited` comes at every change by the person. The name of a stage ticks all of its permissions."""

    edited = Signal()

    def __init__(self, stages: Sequence[Stage] = GUARDED, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._everything = False
        self._stages: dict[str, QCheckBox] = {}
        self._boxes: dict[str, QCheckBox] = {}
        self._permissions = {stage.name: tuple(permission.name for permission in stage.permissions) for stage in stages}
        grid = QGridLayout()
        grid.setContentsMargins(margins())
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.XS)
        widest = max(len(stage.permissions) for stage in stages)
        for number, stage in enumerate(stages):
            if number:
                grid.addWidget(rule(), 2 * number - 1, 0, 1, widest + 1)
            whole = QCheckBox(_(stage.title))
            whole.setAccessibleName(_("Everything in {stage}").format(stage=_(stage.title)))
            whole.clicked.connect(lambda _on, name=stage.name: self._on_stage_clicked(name))
            self._stages[stage.name] = whole
            grid.addWidget(whole, 2 * number, 0)
            for place, permission in enumerate(stage.permissions, start=1):
                box = QCheckBox(_(permission.title))
                box.setAccessibleName(f"{_(stage.title)}: {_(permission.title)}")
                box.clicked.connect(lambda _on: self._on_box_clicked())
                self._boxes[permission.name] = box
                grid.addWidget(box, 2 * number, place)
        grid.setColumnStretch(widest + 1, 1)
        self.setLayout(grid)

    def value(self) -> tuple[str, ...]:
        """The permissions that are ticked, sorted; only `EVERYTHING` for a senior administrator."""
        if self._everything:
            return (EVERYTHING,)
        return tuple(sorted(name for name, box in self._boxes.items() if box.isChecked()))

    def set_value(self, permissions: Iterable[str]) -> None:
        """Tick these; with `EVERYTHING` all are ticked and cannot be changed one by one."""
        wanted = frozenset(permissions)
        self._everything = EVERYTHING in wanted
        for name, box in self._boxes.items():
            box.setChecked(self._everything or name in wanted)
            box.setEnabled(not self._everything)
        for whole in self._stages.values():
            whole.setEnabled(not self._everything)
        self._show_stages()

    def box(self, permission: str) -> QCheckBox:
        """The box of a permission."""
        return self._boxes[permission]

    def stage_box(self, stage: str) -> QCheckBox:
        """The box of a whole stage."""
        return self._stages[stage]

    def _show_stages(self) -> None:
        for stage, names in self._permissions.items():
            ticked = sum(self._boxes[name].isChecked() for name in names)
            whole = self._stages[stage]
            whole.setTristate(0 < ticked < len(names))
            state = Qt.CheckState.Checked if ticked == len(names) else Qt.CheckState.PartiallyChecked if ticked else Qt.CheckState.Unchecked
            whole.setCheckState(state)

    def _on_stage_clicked(self, stage: str) -> None:
        names = self._permissions[stage]
        on = not all(self._boxes[name].isChecked() for name in names)
        for name in names:
            self._boxes[name].setChecked(on)
        self._on_box_clicked()

    def _on_box_clicked(self) -> None:
        self._show_stages()
        self.edited.emit()
