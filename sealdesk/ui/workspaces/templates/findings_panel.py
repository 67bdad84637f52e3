"""What the checks found on the face, as a list that jumps to the places."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from sealdesk.core.i18n import _
from sealdesk.face.checks import ERROR, Finding
from sealdesk.ui import icons
from sealdesk.ui.theme import Tone

_FINDING = Qt.ItemDataRole.UserRole + 1
_TONE = Qt.ItemDataRole.UserRole + 2


class FindingsPanel(QListWidget):
    """`marked` comes with the finding that the person walks to (or None), `jumped` when he wants to go near its place."""

    marked = Signal(object)
    jumped = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.findings: tuple[Finding, ...] = ()
        self._filling = False
        self._refused = False
        self.setProperty("place", "page")
        self.setAccessibleName(_("What the checks found"))
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentItemChanged.connect(self._on_current_changed)
        self.itemClicked.connect(self._on_item_clicked)

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """Show other findings; the one that was marked stays marked while it is there."""
        if findings == self.findings and self.count() and not self._refused:
            return
        self._refused = False
        before = self._finding()
        self._filling = True
        self.findings = findings
        self.clear()
        for finding in findings:
            tone = Tone.FAULT if finding.severity == ERROR else Tone.WARN
            self._add(finding.text, tone, finding)
        if not findings:
            self._add(_("Nothing to object to in the face."), Tone.OK, None)
        self._filling = False
        same = [row for row, one in enumerate(findings) if before is not None and (one.code, one.parts) == (before.code, before.parts)]
        again = same[0] if same else -1
        self.setCurrentRow(again)
        if again < 0 and before is not None:
            self.marked.emit(None)

    def show_problems(self, sentences: tuple[str, ...]) -> None:
        """Show why there is no face at all."""
        self._filling = True
        self._refused = True
        self.findings = ()
        self.clear()
        for sentence in sentences:
            self._add(sentence, Tone.FAULT, None)
        self._filling = False
        self.marked.emit(None)

    def _add(self, words: str, tone: Tone, finding: Finding | None) -> None:
        item = QListWidgetItem(icons.tone_icon(tone), words)
        item.setToolTip(words)
        item.setData(_FINDING, finding)
        item.setData(_TONE, tone)
        if finding is None:
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.addItem(item)

    def _finding(self) -> Finding | None:
        item = self.currentItem()
        found = None if item is None else item.data(_FINDING)
        return found if isinstance(found, Finding) else None

    def _on_current_changed(self) -> None:
        if not self._filling:
            self.marked.emit(self._finding())

    def _on_item_clicked(self) -> None:
        if (finding := self._finding()) is not None:
            self.jumped.emit(finding)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:  # the icons are in the colours of the theme before
            for row in range(self.count()):
                item = self.item(row)
                item.setIcon(icons.tone_icon(Tone(item.data(_TONE))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_item_clicked()
            return
        super().keyPressEvent(event)
