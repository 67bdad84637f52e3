"""A proof document, large, in the place of the face while somebody looks at it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from sealdesk.core.i18n import _
from sealdesk.stages.registration.queries import Proof
from sealdesk.ui.desk import Shell
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import quiet
from sealdesk.ui.parts.card import Card
from sealdesk.ui.parts.layouts import column, text
from sealdesk.ui.theme import Size
from sealdesk.workflow.desk import Desk


class PaperView(QWidget):
    """`closed` comes when the person has seen enough (Esc or the button)."""

    closed = Signal()

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self._whole = QPixmap()
        self._asked = ""
        self._banner = Banner()
        self._failed = shell.failing(self._banner)
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setMinimumSize(QSize(Size.SLOT_WIDTH, Size.SLOT_WIDTH))
        self._words = text("", "soft", wrap=True)
        self.card = Card(_("Proof document"), padded=False)
        self.close_button = quiet(_("Back to the face"), self.closed.emit, icon="back")
        self.card.tools.addWidget(self.close_button)
        self.card.body.addWidget(self._banner)
        self.card.body.addWidget(self._words)
        self.card.body.addWidget(self._picture, 1)
        self.setLayout(column(self.card, gap=0))

    def show_proof(self, proof: Proof) -> None:
        """Fetch and show a paper."""
        self._asked = proof.attachment_id
        self._whole = QPixmap()
        self._words.setText(proof.file_name)
        self._fit()
        self.close_button.setFocus()
        self._shell.run(self._desk.fetch(proof.attachment_id), self, lambda content: self._on_fetched(proof, content), self._failed)

    def _on_fetched(self, proof: Proof, content: bytes) -> None:
        if proof.attachment_id != self._asked:
            return
        if not self._whole.loadFromData(content):
            self._words.setText(_("{name} is a PDF; it is kept as it is and sent with the registration.").format(name=proof.file_name))
        self._picture.setAccessibleName(proof.file_name)
        self._fit()

    def _fit(self) -> None:
        if self._whole.isNull():
            self._picture.clear()
            return
        ratio = self.devicePixelRatioF()
        room = self._picture.size() * ratio
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        shown = self._whole.scaled(room, keep, smooth)
        shown.setDevicePixelRatio(ratio)
        self._picture.setPixmap(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)
