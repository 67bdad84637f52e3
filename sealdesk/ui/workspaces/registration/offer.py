"""The templates that registration offers: those the shop uses, read from the store and read again when they change."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from sealdesk.face.templates import TEMPLATES
from sealdesk.ui.desk import Shell
from sealdesk.workflow.desk import Desk
from sealdesk.workflow.templates import Available, available_templates


class Offer(QWidget):
    """Never shown. `changed` comes when other templates are offered than before; until the store was read there are the mandated ones."""

    changed = Signal()

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self._desk = desk
        self._shell = shell
        self._available = tuple(Available(template) for template in TEMPLATES if template.mandated)
        shell.on_changed(self, frozenset({"templates"}), self._read)
        self._read()

    def for_type(self, seal_type: str) -> tuple[Available, ...]:
        """What is offered for a type of seal, in its order."""
        return tuple(one for one in self._available if one.template.seal_type == seal_type)

    def _read(self) -> None:
        # What could not be read is told where the person works with it; here the mandated ones are enough to go on.
        self._shell.run(self._desk.ask(available_templates), self, self._on_read, lambda _error: None)

    def _on_read(self, available: tuple[Available, ...]) -> None:
        if available != self._available:
            self._available = available
            self.changed.emit()
