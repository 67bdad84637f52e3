"""The list of problems above the bar of registration: each says where it is, and leads there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import _
from sealdesk.ui import icons
from sealdesk.ui.parts.buttons import icon_button
from sealdesk.ui.parts.layouts import column, margins, row, text
from sealdesk.ui.theme import Size, Space

ROWS_SHOWN = 5
_PERSON = ("name", "phone", "document_kind", "document_number")
ORDER = (
    *(f"unit.{name}" for name in ("name", "uscc", "registration_number", "kind", "area_code", "phone", "address")),
    *(f"unit.principal.{name}" for name in _PERSON),
    *(f"handler.{name}" for name in _PERSON),
    "seals",
    "proofs",
    "goods",
)


def place_of(field: str) -> str:
    """Where a field is, in words."""
    parts = field.split(".")
    if field.startswith("unit.principal."):
        return _("Person in charge")
    if parts[0] == "unit":
        return _("Unit")
    if parts[0] == "handler":
        return _("Handler")
    if parts[0] == "proofs":
        return _("Proof documents")
    if parts[0] == "goods":
        return _("Goods")
    if len(parts) > 1 and parts[1].isdigit():
        return _("Seal {number}").format(number=int(parts[1]) + 1)
    return _("Seals")


def in_order(problems: tuple[UserError, ...]) -> tuple[UserError, ...]:
    """The problems in the order of the fields on the screen, as the cursor would meet them."""

    def rank(problem: UserError) -> int:
        field = problem.field or ""
        return next((place for place, start in enumerate(ORDER) if field.startswith(start)), len(ORDER))

    return tuple(sorted(problems, key=rank))


class _List(QListWidget):
    entered = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit(self.currentRow())
            return
        super().keyPressEvent(event)


class ProblemPanel(QFrame):
    """`chosen` comes with the field of a problem; Enter or a click chooses."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "action_bar")
        self._problems: tuple[UserError, ...] = ()
        self._heading = text("", "strong")
        self.list = _List()
        self.list.setAccessibleName(_("Problems"))
        self.list.setWordWrap(False)
        head = row(self._heading, None, icon_button("close", _("Close"), self.hide))
        self.setLayout(column(head, self.list, gap=0, around=margins(x=Space.L, y=Space.XS)))
        self.list.entered.connect(self._choose)
        self.list.itemClicked.connect(lambda item: self._choose(self.list.row(item)))
        self.hide()

    @property
    def problems(self) -> tuple[UserError, ...]:
        """What is listed."""
        return self._problems

    def show_problems(self, problems: tuple[UserError, ...]) -> None:
        """List other problems; the panel goes when there are none."""
        self._problems = problems = in_order(problems)
        row_before = self.list.currentRow()
        self.list.clear()
        for problem in problems:
            item = QListWidgetItem(icons.icon("warn", "warn"), f"{place_of(problem.field or '')}　{problem}")
            item.setToolTip(problem.advise())
            self.list.addItem(item)
        self._heading.setText(_("{count} things have to be put right first.").format(count=len(problems)))
        self.list.setFixedHeight(min(len(problems), ROWS_SHOWN) * (Size.ROW - Space.XS) + Space.XS)
        self.list.setCurrentRow(min(row_before, len(problems) - 1))
        if not problems:
            self.hide()

    def begin(self) -> None:
        """Show the list and go to the first problem."""
        self.show()
        self._choose(0)

    def go_on(self) -> None:
        """Go to the next problem."""
        if self._problems:
            self._choose((self.list.currentRow() + 1) % len(self._problems))

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._problems):
            self.list.setCurrentRow(place)
            self.chosen.emit(self._problems[place].field or "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Pictures in a list are not bound to the theme: with another one they are drawn again."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._problems:
            self.show_problems(self._problems)
