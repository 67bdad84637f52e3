"""Named slots of proof documents: what is there, what is still missing, and every way to bring a paper in; it stores nothing itself.

Papers are offered as what came in (paths of files, or a picture from the clipboard); whoever owns the slots keeps them on a lane and
shows the slots again with the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from sealdesk.core.i18n import _
from sealdesk.ui import icons, theme
from sealdesk.ui.file_choice import choose_files
from sealdesk.ui.parts.buttons import icon_button, quiet
from sealdesk.ui.parts.layouts import clear, column, margins, row, text
from sealdesk.ui.parts.state_chip import Chip, StateChip
from sealdesk.ui.theme import Size, Space, Tone


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper in a slot. `thumbnail` is an encoded picture (PNG or JPEG), empty when there is none."""

    id: str
    name: str
    thumbnail: bytes = b""
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """One kind of proof document."""

    name: str
    title: str
    required: bool
    papers: tuple[Paper, ...] = ()
    advice: str = ""


class FileName(QLabel):
    """The name of a file on one line; when it does not fit, its middle is left out, so that its end stays to be read."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAccessibleName(name)
        self._name = name

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setText(self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideMiddle, self.width()))

    def sizeHint(self) -> QSize:
        """Room for the whole name, whatever of it is shown now."""
        return QSize(self.fontMetrics().horizontalAdvance(self._name) + Space.XXS, super().sizeHint().height())


class SlotCard(QFrame):
    """One slot. `offered` brings what came in, `removed` the id of a paper, `opened` the id of a paper to look at."""

    offered = Signal(str, object)
    removed = Signal(str, str)
    opened = Signal(str, str)

    def __init__(self, slot: Slot, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "slot")
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(Size.SLOT_WIDTH)
        self._chip = StateChip()
        self._title = text("", "strong")
        self._papers = column(gap=Space.XS)
        self._advice = text("", "caption", wrap=True)
        self._choose = quiet(_("Choose file…"), self._on_choose_clicked, icon="attach")
        self._paste = quiet(_("Paste"), self.paste, icon="paste")
        layout = column(row(self._title, None, self._chip), self._papers, self._advice, gap=Space.S, around=margins(Space.M))
        layout.addStretch(1)
        layout.addLayout(row(self._choose, self._paste, None, gap=0))
        self.setLayout(layout)
        self.show_slot(slot)

    def show_slot(self, slot: Slot) -> None:
        """Show another state of the slot."""
        self.slot = slot
        self._title.setText(slot.title)
        if slot.papers:
            warned = any(paper.warning for paper in slot.papers)
            chip = Chip(_("Check it"), Tone.WARN) if warned else Chip(_("There"), Tone.OK)
        else:
            chip = Chip(_("Missing"), Tone.WARN) if slot.required else Chip(_("Optional"), Tone.IDLE)
        self._chip.show_chip(chip)
        theme.set_property(self, "state", "filled" if slot.papers else "")
        advice = slot.advice or ("" if slot.papers else _("Drop files here, paste a picture, or choose a file."))
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        clear(self._papers)
        for paper in slot.papers:
            self._papers.addWidget(self._paper_line(paper))
        self.setAccessibleName(f"{slot.title}: {chip.word}")
        self.setAccessibleDescription(advice)
        self._choose.setAccessibleName(f"{slot.title}: {self._choose.text()}")
        self._paste.setAccessibleName(f"{slot.title}: {self._paste.text()}")

    def paste(self) -> None:
        """Offer what the clipboard holds."""
        self._offer(QGuiApplication.clipboard().mimeData())

    def _paper_line(self, paper: Paper) -> QWidget:
        picture = QLabel()
        shown = QPixmap()
        if paper.thumbnail and shown.loadFromData(paper.thumbnail):
            ratio = self.devicePixelRatioF()
            side = int(Size.ROW_TALL * ratio)
            shown = shown.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
            shown.setDevicePixelRatio(ratio)
            picture.setPixmap(shown)
        else:
            icons.bind(picture, "file", "ink_soft", Size.ICON_L)
        picture.setFixedWidth(Size.ROW_TALL)
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        warning = text(paper.warning, "caption", wrap=True)
        warning.setProperty("tone", Tone.WARN.value)
        warning.setVisible(bool(paper.warning))
        name = FileName(paper.name)
        name.setToolTip(paper.name)
        name.setMinimumWidth(Size.COLUMN_MIN)
        line = QWidget()
        layout = row(picture, gap=Space.S)
        layout.addLayout(column(name, warning, gap=0), 1)
        layout.addWidget(
            icon_button("see", _("Look at {name}").format(name=paper.name), lambda: self.opened.emit(self.slot.name, paper.id))
        )
        remove = icon_button("remove", _("Remove {name}").format(name=paper.name), lambda: self.removed.emit(self.slot.name, paper.id))
        layout.addWidget(remove)
        line.setLayout(layout)
        return line

    def _on_choose_clicked(self) -> None:
        filters = _("Pictures and PDF (*.jpg *.jpeg *.png *.tif *.tiff *.bmp *.heic *.pdf)")
        choose_files(self, self.slot.title, filters, lambda paths: self.offered.emit(self.slot.name, paths), purpose="documents")

    def _offer(self, data: QMimeData) -> bool:
        paths = _local_files(data.urls()) if data.hasUrls() else ()
        if paths:
            self.offered.emit(self.slot.name, paths)
            return True
        if data.hasImage():
            picture = data.imageData()
            if isinstance(picture, QPixmap):
                picture = picture.toImage()
            if isinstance(picture, QImage) and not picture.isNull():
                self.offered.emit(self.slot.name, picture)
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._on_choose_clicked()
        elif event.key() == Qt.Key.Key_Delete and self.slot.papers:
            self.removed.emit(self.slot.name, self.slot.papers[-1].id)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            theme.set_property(self, "state", "over")
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        theme.set_property(self, "state", "filled" if self.slot.papers else "")

    def dropEvent(self, event: QDropEvent) -> None:
        theme.set_property(self, "state", "filled" if self.slot.papers else "")
        if self._offer(event.mimeData()):
            event.acceptProposedAction()


class DocumentSlots(QWidget):
    """The slots side by side, and the sentence that says what is still missing."""

    offered = Signal(str, object)
    removed = Signal(str, str)
    opened = Signal(str, str)

    def __init__(self, columns: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._cards: dict[str, SlotCard] = {}
        self._summary = text("", "soft", wrap=True)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(margins())
        self._grid.setSpacing(Space.M)
        for place in range(columns):
            self._grid.setColumnStretch(place, 1)
        layout = column(self._summary, gap=Space.S)
        layout.addLayout(self._grid)
        self.setLayout(layout)

    def show_slots(self, slots: Sequence[Slot]) -> None:
        """Show the slots; a slot that was there before keeps its focus."""
        wanted = {slot.name for slot in slots}
        for name in [name for name in self._cards if name not in wanted]:
            self._cards.pop(name).deleteLater()
        for place, slot in enumerate(slots):
            card = self._cards.get(slot.name)
            if card is None:
                card = SlotCard(slot)
                card.offered.connect(self.offered)
                card.removed.connect(self.removed)
                card.opened.connect(self.opened)
                self._cards[slot.name] = card
            elif card.slot != slot:
                card.show_slot(slot)
            self._grid.addWidget(card, *divmod(place, self._columns))
        missing = [slot.title for slot in slots if slot.required and not slot.papers]
        self._summary.setText(
            _("Still missing: {titles}").format(titles=_(", ").join(missing)) if missing else _("All required documents are there.")
        )

    @property
    def summary(self) -> str:
        """The sentence on what is missing."""
        return self._summary.text()

    def card(self, name: str) -> SlotCard:
        """The card of a slot."""
        return self._cards[name]

    def go_to(self, name: str) -> None:
        """Bring the focus to a slot."""
        self._cards[name].setFocus()


def _local_files(urls: Sequence[QUrl]) -> tuple[Path, ...]:
    return tuple(Path(url.toLocalFile()) for url in urls if url.isLocalFile())
