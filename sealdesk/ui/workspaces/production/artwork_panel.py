"""The face of an accepted seal: large, under its material profile in words, and its files for engravers; burning is not known here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabBar, QVBoxLayout, QWidget

from sealdesk.core.errors import PermissionDeniedError, UserError
from sealdesk.core.i18n import _
from sealdesk.core.lanes import Job
from sealdesk.face.drawing import Drawing
from sealdesk.face.export import profiles
from sealdesk.face.faces import face_from
from sealdesk.stages.production import artwork, papers
from sealdesk.stages.production.queries import Ticket
from sealdesk.stages.production.rules import RecordExport
from sealdesk.ui.desk import Shell
from sealdesk.ui.file_choice import choose_folder
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import explain, normal, quiet
from sealdesk.ui.parts.card import Card
from sealdesk.ui.parts.face_canvas import FaceCanvas
from sealdesk.ui.parts.fields import ChoiceField, Option
from sealdesk.ui.parts.layouts import clear, column, holding, row, rule, scrolling, text
from sealdesk.ui.parts.progress_line import ProgressLine
from sealdesk.ui.saving import save_paper
from sealdesk.ui.theme import Size, Space
from sealdesk.workflow.desk import Desk

PICTURES = ("png", "tif")
DRAWINGS = ("pdf", "svg", "dxf", "plt")
AS_ENGRAVED = 1


class ArtworkPanel(QWidget):
    """The face at the left, what is done with it at the right; `narrow` puts one below the other."""

    exported = Signal()

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None, *, narrow: bool = False) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self._ticket: Ticket | None = None
        self._closed: UserError | None = None
        self.banner = Banner()
        self.progress = ProgressLine()
        self.canvas = FaceCanvas(ruler=not narrow)
        self.canvas.setMinimumSize(Size.SLOT_WIDTH - Size.ROW_TALL, Size.SLOT_WIDTH - Size.ROW_TALL)
        self.views = QTabBar()
        self.views.setDrawBase(False)
        self.views.setAccessibleName(_("How the face is shown"))
        for title in (_("Imprint"), _("As engraved")):
            self.views.addTab(title)
        self.views.currentChanged.connect(lambda _view: self._draw())
        options = [Option(profile.key, _(profile.title)) for profile in profiles.PROFILES]
        self.material = ChoiceField("material", _("Material profile"), options, required=True)
        self.material.edited.connect(self._show_profile)
        self._explained: QVBoxLayout = column(gap=Space.XS)
        self._make_buttons()
        self.setLayout(self._stacked() if narrow else self._side_by_side())
        self.show_ticket(None)

    @property
    def explained(self) -> tuple[str, ...]:
        """The sentences on what the material does to the face."""
        return self._sentences

    def show_ticket(self, ticket: Ticket | None) -> None:
        """Show the face of another seal, under its product's material; the same seal keeps the chosen one."""
        changed = ticket is None or self._ticket is None or ticket.seal_id != self._ticket.seal_id
        self._ticket = ticket
        if not changed:
            return
        self.banner.hide()
        self.canvas.show_drawing(None)
        known = {profile.key for profile in profiles.PROFILES}
        self.material.set_value(ticket.material if ticket is not None and ticket.material in known else profiles.PAPER.key)
        self._show_profile()

    def close_exports(self, refusal: UserError | None) -> None:
        """Refuse exports with a reason, or allow them again."""
        self._closed = refusal
        self._explain_buttons()

    def _make_buttons(self) -> None:
        self.picture_button = normal(_("Download high-resolution picture"), lambda: self._export(PICTURES), icon="image")
        self.package_button = normal(_("Download UPD file"), self._exporter((artwork.PACKAGE,)), icon="download")
        self.drawing_buttons = {kind: quiet(kind.upper(), self._exporter((kind,))) for kind in DRAWINGS}
        for kind, button in self.drawing_buttons.items():
            button.setAccessibleName(_("Download {format}").format(format=kind.upper()))
        self.ticket_button = quiet(_("Job ticket"), self._save_ticket, icon="print")
        self.calibration_button = quiet(_("Calibration sheet"), self._export_calibration, icon="list")

    def _buttons(self) -> QVBoxLayout:
        drawings = row(*self.drawing_buttons.values(), None, gap=0)
        others = row(self.ticket_button, self.calibration_button, None, gap=0)
        return column(self.picture_button, self.package_button, drawings, rule(), others, gap=Space.S)

    def _side_by_side(self) -> Any:
        face = Card(_("Face"), padded=False)
        face.tools.addWidget(self.views)
        face.body.addWidget(self.canvas, 1)
        making = Card(_("Making"))
        making.setFixedWidth(Size.SIDE_WIDTH - Space.L)
        making.body.addWidget(self.material)
        words = scrolling(holding(column(holding(self._explained), None)))
        making.body.addWidget(words, 1)
        making.body.addLayout(self._buttons())
        whole = row(gap=Space.M)
        whole.addWidget(face, 1)
        whole.addWidget(making)
        return column(self.banner, self.progress, whole, gap=Space.S)

    def _stacked(self) -> Any:
        card = Card(_("Face"))
        card.tools.addWidget(self.views)
        card.body.addWidget(self.banner)
        card.body.addWidget(self.canvas, 1)
        card.body.addWidget(self.material)
        card.body.addLayout(self._buttons())
        card.body.addWidget(self.progress)
        return column(card, gap=0)

    # -- showing ---------------------------------------------------------------------------------------------------------------

    def _show_profile(self) -> None:
        profile = profiles.profile(self.material.value())
        self._sentences = profiles.explained(profile)
        clear(self._explained)
        for sentence in self._sentences:
            self._explained.addWidget(text(sentence, "caption", wrap=True))
        self.material.show_hint("")
        self.material.editor.setToolTip("\n".join(self._sentences))
        self._explain_buttons()
        self._draw()

    def _draw(self) -> None:
        ticket = self._ticket
        if ticket is None:
            return
        worked = self.views.currentIndex() == AS_ENGRAVED
        profile, spec, wanted = profiles.profile(self.material.value()), ticket.spec, (ticket.seal_id, self.material.value(), worked)

        def work(_task: object) -> Drawing:
            drawing = face_from(spec).drawing
            return profiles.applied(drawing, profile) if worked else drawing

        def show(drawing: Drawing) -> None:
            now = self._ticket
            if now is not None and wanted == (now.seal_id, self.material.value(), self.views.currentIndex() == AS_ENGRAVED):
                self.canvas.show_drawing(drawing, proof=False, words=now.seal_name)

        self._shell.run(self._desk.lanes.computing[-1].submit(work), self, show, self._shell.failing(self.banner))

    def _explain_buttons(self) -> None:
        refusal = self._closed or self._desk.may(RecordExport)
        reason = None if refusal is None else str(refusal)
        if self._ticket is None:
            reason = _("Choose a seal first.")
        for button in (self.picture_button, self.package_button, *self.drawing_buttons.values()):
            explain(button, reason)
        allowed = not isinstance(refusal, PermissionDeniedError) and self._ticket is not None
        for button in (self.ticket_button, self.calibration_button):
            explain(button, None if allowed else reason)

    # -- exporting -------------------------------------------------------------------------------------------------------------

    def _exporter(self, formats: tuple[str, ...]) -> Callable[[], None]:
        return lambda: self._export(formats)

    def _export(self, formats: tuple[str, ...]) -> None:
        ticket, material = self._ticket, self.material.value()
        if ticket is None:
            return
        dpi = profiles.profile(material).dpi

        def start(folder: Path) -> Job[Any]:
            return artwork.export(self._desk, ticket.seal_id, folder, formats, dpi, material)

        self._into_folder(_("Save the artwork of {name}").format(name=ticket.seal_name), start, self.exported.emit)

    def _export_calibration(self) -> None:
        material = self.material.value()
        self._into_folder(
            _("Save the calibration sheet"), lambda folder: artwork.export_calibration(self._desk, folder, material), lambda: None
        )

    def _into_folder(self, title: str, start: Callable[[Path], Job[Any]], done: Callable[[], object]) -> None:
        def chosen(folder: Path) -> None:
            self.banner.hide()
            running = self._shell.run(start(folder), self, lambda _made: finish(folder), fail, self.progress.show_progress)
            self.progress.follow(running, _("Preparing the files"))

        def finish(folder: Path) -> None:
            self.progress.end()
            self._shell.say(_("Saved to {folder}").format(folder=folder))
            done()

        def fail(error: BaseException) -> None:
            self.progress.end()
            self._shell.failing(self.banner)(error)

        choose_folder(self, title, chosen, purpose="artwork")

    def _save_ticket(self) -> None:
        ticket, material = self._ticket, self.material.value()
        if ticket is None:
            return
        save_paper(
            self,
            self._shell,
            self._desk.lanes.computing[0],
            lambda: self._desk.ask(lambda session: papers.job_ticket(session, ticket.seal_id, material)),
            f"{_('Job ticket')} {ticket.seal_code or ticket.order_number}.pdf",
            saved=lambda path: self._shell.say(_("Saved to {folder}").format(folder=path)),
            failed=self._shell.failing(self.banner),
        )
