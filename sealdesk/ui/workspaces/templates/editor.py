"""The editor of faces: texts at the left, the face live in the middle with what the checks found, figures and their sources at the right.

Layout and checks run on a computing lane, the newest wish wins; nothing here waits for them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDoubleSpinBox, QFileDialog, QLineEdit, QStackedWidget, QToolButton, QWidget

from sealdesk.core.errors import ProblemsError, SealdeskError, UserCancelled
from sealdesk.core.i18n import _
from sealdesk.face import stp
from sealdesk.face.faces import Face, face_of
from sealdesk.face.fonts import system_fonts
from sealdesk.face.template import Template
from sealdesk.stages.templates import emblems, papers
from sealdesk.stages.templates.files import Edited, load, saved
from sealdesk.stages.templates.queries import TemplateLine
from sealdesk.stages.templates.rules import SaveTemplate
from sealdesk.ui.desk import Shell
from sealdesk.ui.file_choice import choose_files
from sealdesk.ui.missing_letter import MissingLetter
from sealdesk.ui.newest import Newest
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import icon_button, normal, primary, quiet
from sealdesk.ui.parts.card import ActionBar, Card
from sealdesk.ui.parts.face_canvas import ZOOM_STEP
from sealdesk.ui.parts.layouts import column, holding, margins, row, scrolling, text
from sealdesk.ui.parts.overlay import Overlay
from sealdesk.ui.parts.state_chip import Chip, StateChip
from sealdesk.ui.saving import save_paper
from sealdesk.ui.theme import Size, Space, Tone
from sealdesk.ui.workspaces.templates.editing import Editing
from sealdesk.ui.workspaces.templates.face_view import FaceView
from sealdesk.ui.workspaces.templates.figures_panel import FiguresPanel
from sealdesk.ui.workspaces.templates.findings_panel import FindingsPanel
from sealdesk.ui.workspaces.templates.overlay_panel import OverlayPanel
from sealdesk.ui.workspaces.templates.texts_panel import TextsPanel
from sealdesk.workflow.bus import Outcome
from sealdesk.workflow.desk import Desk
from sealdesk.workflow.letters import Letters

PLACE_HOLDER = "own"
"""A name until the store gives the right one."""
LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class _Saving:
    """What is on its way to the store: of which opening of the editor, of which template, under which title."""

    number: int
    template: str
    title: str
    edited: Edited


class EditorPage(QWidget):
    """`left` comes when the person goes back, `kept` with the name of what was saved."""

    left = Signal()
    kept = Signal(str)

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self._versions: dict[str, int] = {}
        self._unsaved: dict[str, Edited] = {}
        self._face: Face | None = None
        self._number = 0
        self._saves = 0
        self.editing = Editing(self)
        self.banner = Banner()
        self._failed = shell.failing(self.banner)
        self._newest = Newest(desk.lanes.computing[-1], self._on_laid_out, self._failed, self)
        self.view = FaceView()
        self.findings = FindingsPanel()
        self.figures = FiguresPanel(self.editing)
        self.overlay = OverlayPanel(self.view, shell, desk.lanes.computing[0], lambda: self._face, self._failed)
        self.overlay_button = icon_button("image", _("Scan of an old imprint"))
        self._overlays: dict[str, Overlay] = {}
        self.missing = MissingLetter(desk, shell, self.banner)
        self.texts = TextsPanel(self.editing, self.import_emblem, self.missing.choose_font)
        self._title = text("", "heading")
        self._chip = StateChip()
        self._size = text("", "caption")
        self._place = text("", "caption")
        self._step_words = text("", "caption")
        self.back_button = icon_button("back", _("Back to the templates"), self.leave)
        self.undo_button = icon_button("undo", _("Undo (Ctrl+Z)"), self.editing.stack.undo)
        self.redo_button = icon_button("redo", _("Redo (Ctrl+Y)"), self.editing.stack.redo)
        self.guides_button = icon_button("guides", _("Guides"))
        self.reset_button = quiet(_("All back to the rule"), self.editing.reset_figures, icon="reset")
        self.proof_button = normal(_("Proof sheet (PDF)"), self.save_proof, icon="print")
        self.title_line = QLineEdit()
        self.title_line.setMaxLength(LONGEST_TITLE)
        self.title_line.setAccessibleName(_("Save as"))
        self.save_button = primary(_("Save as own template"), self.save, shortcut="Ctrl+S")
        self.bar = ActionBar(self.save_button)
        self._lay_out()
        self._connect()

    # -- what others call ------------------------------------------------------------------------------------------------------

    def open(self, line: TemplateLine, lines: tuple[TemplateLine, ...]) -> None:
        """Edit a template; `lines` are all there are, for what saving under a title would mean."""
        self._set_aside()
        self.know(lines)
        self.banner.hide()
        self._face = None
        self._number += 1
        self.view.show_drawing(None)
        self.view.mark(None)
        self._title.setText(line.title)
        self._chip.show_chip(Chip(_("Version {number}").format(number=line.version), Tone.IDLE) if line.version else None)
        self.title_line.setText(line.title if line.file else _("{title} (own)").format(title=line.title))
        self.editing.open(line.template, line.file)
        self.view.set_overlay(self._overlays.get(line.name))
        self._watch_undo_keys()
        self._show_actions()
        self._take_up(line.name)
        self.view.setFocus()

    def know_letters(self, known: Letters) -> None:
        """The fonts of the shop as they are now; its letters may change the face."""
        self.texts.show_fonts(tuple(font.font for font in known.offered))
        if self._face is None:
            self._on_changed()

    def know(self, lines: tuple[TemplateLine, ...]) -> None:
        """The templates of the shop as they are now."""
        self._versions = {line.title: line.version for line in lines if line.file}
        self._show_actions()

    @property
    def is_idle(self) -> bool:
        """Whether the face that is shown is the newest."""
        return self._newest.is_idle

    @property
    def is_saving(self) -> bool:
        """Whether something that was to be saved is still under way."""
        return self._saves > 0

    @property
    def face(self) -> Face | None:
        """The face as it was laid out last."""
        return self._face

    def leave(self) -> None:
        """Back to the gallery; what was not saved can be gone on with."""
        self.left.emit()

    def save(self) -> None:
        """Keep what was edited as a template of the shop."""
        template = self.editing.template
        if template is None or not self.save_button.isEnabled():
            return
        self.banner.hide()
        saving = _Saving(self._number, template.name, self.title_line.text().strip(), self.editing.edited)
        source = self.editing.source
        self._saves += 1
        lane = self._desk.lanes.computing[-1]
        job = lane.submit(lambda _task: stp.write(saved(template, source, saving.edited, PLACE_HOLDER, saving.title)))
        self._shell.run(job, self, lambda content: self._store(saving, content), self._on_not_saved)

    def save_proof(self) -> QFileDialog | None:
        """Write the proof sheet of the face that is shown."""
        face, template = self._face, self.editing.template
        if face is None or template is None:
            return None
        content = papers.ProofContent(
            face, self._title.text(), self._title.text(), template.seal_type, self.editing.edited.texts.get("name", "")
        )
        return save_paper(
            self,
            self._shell,
            self._desk.lanes.computing[-1],
            lambda: papers.proof(self._desk, content),
            _("Proof {title}.pdf").format(title=self._title.text()),
            saved=lambda path: self._shell.say(_("“{name}” was saved.").format(name=path.name)),
            failed=self._failed,
        )

    def import_emblem(self) -> QFileDialog:
        """Let the person choose an SVG file for the mark in the middle."""
        return choose_files(self, _("Import emblem"), _("SVG (*.svg)"), self._on_emblem_chosen, purpose="emblems", several=False)

    # -- laying out ------------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.guides_button.setCheckable(True)
        self.guides_button.setChecked(True)
        head = row(self.back_button, self._title, self._chip, None, self.undo_button, self.redo_button, gap=Space.S)
        head.addWidget(self.proof_button)
        texts = Card(_("Texts"))
        texts.body.addWidget(scrolling(self.texts), 1)
        texts.setFixedWidth(Size.SIDE_WIDTH - Space.XXL)
        face = Card(_("Face"), padded=False)
        for tool in (self._place, self._size, *self._zoom_buttons(), self.guides_button, self.overlay_button):
            face.tools.addWidget(tool)
        face.body.addWidget(self.view, 1)
        face.body.addWidget(self._step_words)
        self.findings.setFixedHeight(Size.THUMBNAIL)
        face.body.addWidget(self.findings)
        face.body.addWidget(self.missing)
        figures = Card(_("Figures"), padded=False)
        figures.tools.addWidget(self.reset_button)
        figures.body.addWidget(self.figures, 1)
        scan = Card(_("Scan of an old imprint"), padded=False)
        scan.body.addWidget(self.overlay, 1)
        self._right = QStackedWidget()
        self._right.addWidget(figures)
        self._right.addWidget(scan)
        self._right.setFixedWidth(Size.SIDE_WIDTH + Space.L)
        self.overlay_button.setCheckable(True)
        columns = row(texts, gap=Space.S)
        columns.addWidget(face, 1)
        columns.addWidget(self._right)
        body = column(head, self.banner, gap=Space.S, around=margins(Space.S))
        body.addLayout(columns, 1)
        self.title_line.setFixedWidth(Size.SIDE_WIDTH)
        label = text(_("Save as"), "soft")
        label.setBuddy(self.title_line)
        self.bar.left.addWidget(label)
        self.bar.left.addWidget(self.title_line)
        whole = column(gap=0)
        whole.addWidget(holding(body), 1)
        whole.addWidget(self.bar)
        self.setLayout(whole)
        places = (self.texts, self.view, self.findings, self.figures, self.title_line)
        for first, second in itertools.pairwise(places):
            self.setTabOrder(first, second)

    def _zoom_buttons(self) -> tuple[QToolButton, ...]:
        view = self.view
        return (
            icon_button("zoom_out", _("Smaller (−)"), lambda: view.set_zoom(view.zoom / ZOOM_STEP)),
            icon_button("zoom_in", _("Larger (+)"), lambda: view.set_zoom(view.zoom * ZOOM_STEP)),
            icon_button("zoom_fit", _("Whole face (0)"), lambda: view.set_zoom(1.0)),
        )

    def _connect(self) -> None:
        self.editing.changed.connect(self._on_changed)
        self.figures.chosen.connect(self._on_figure_chosen)
        self.view.nudged.connect(self._on_nudged)
        self.view.dragged.connect(self._on_dragged)
        self.findings.marked.connect(lambda finding: self.view.mark(finding))
        self.findings.jumped.connect(lambda finding: self.view.mark(finding, jump=True))
        self.guides_button.toggled.connect(self.view.show_guides)
        self.overlay_button.toggled.connect(lambda shown: self._right.setCurrentIndex(int(shown)))
        self.view.overlay_changed.connect(self._on_overlay_changed)
        self.overlay.move_button.toggled.connect(lambda _moves: self._show_step())
        self.view.pointed.connect(self._on_pointed)
        self.missing.settled.connect(self._on_settled)
        self.title_line.textEdited.connect(lambda _words: self._show_actions())
        stack = self.editing.stack
        for keys, button in (("Ctrl+Z", self.undo_button), ("Ctrl+Y", self.redo_button), ("Ctrl+Shift+Z", self.redo_button)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(button.click)
        stack.canUndoChanged.connect(self.undo_button.setEnabled)
        stack.canRedoChanged.connect(self.redo_button.setEnabled)
        self.undo_button.setEnabled(False)
        self.redo_button.setEnabled(False)

    # -- the face --------------------------------------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        template, edited = self.editing.template, self.editing.edited
        if template is None:
            return
        number = self._number
        self._newest.want(lambda: (number, *_laid_out(template, edited)))
        self.texts.refresh()
        self.figures.refresh()
        self.reset_button.setEnabled(bool(edited.figures))
        self._show_step()

    def _on_laid_out(self, result: tuple[int, Face | SealdeskError, str]) -> None:
        number, face, substitute = result
        if number != self._number:
            return  # of the template before
        self.texts.show_substitute(substitute)
        if isinstance(face, SealdeskError):
            self._face = None
            problems = face.problems if isinstance(face, ProblemsError) else (face,)
            self.missing.show_for(face)
            self.view.fade(True)
            self.findings.show_problems(tuple(" ".join(part for part in (str(one), one.advise()) if part) for one in problems))
            self._show_actions()
            return
        self._face = face
        self.missing.show_for(None)
        self.view.fade(False)
        drawing = face.drawing
        self.view.show_drawing(drawing, proof=False, words=" ".join(word for word in self.editing.edited.texts.values() if word))
        round_face = face.spec.shape.kind == "circle"
        size = f"ø {drawing.width_mm:g}" if round_face else f"{drawing.width_mm:g} × {drawing.height_mm:g}"
        self._size.setText(f"{size} mm")
        self.texts.show_emblem(bool(face.spec.marks))
        self.findings.show_findings(face.findings)
        self._show_actions()

    def _show_actions(self) -> None:
        reason = None if self._face is not None else _("There is no face yet; see what the list below the face says.")
        title = self.title_line.text().strip()
        if reason is None and not title:
            reason = _("Give the template a title.")
        self.bar.explain(self.save_button, reason)
        self.proof_button.setEnabled(self._face is not None)
        known = self._versions.get(title)
        new = _("A new template of the shop.")
        self.bar.say(new if known is None else _("Becomes version {number}; orders keep theirs.").format(number=known + 1))

    def _on_settled(self) -> None:
        self.view.setFocus()  # the button that was pressed goes away
        self._on_changed()

    # -- figures ---------------------------------------------------------------------------------------------------------------

    def _on_figure_chosen(self, _name: str) -> None:
        self._show_step()

    def _show_step(self) -> None:
        name = self.figures.current
        if self.view.moves_overlay:
            self._step_words.setText(_("Arrow keys and dragging move the scan."))
            return
        if not name or name not in self.figures.rows:
            self._step_words.setText("")
            return
        figure = self.editing.figure(name)
        unit = "°" if figure.unit == "deg" else "mm"
        sentence = _("Arrow keys and dragging change “{label}”: {value} {unit}")
        self._step_words.setText(sentence.format(label=_(figure.label), value=f"{self.editing.value(name):g}", unit=unit))

    def _on_nudged(self, steps: int) -> None:
        if self.figures.current:
            self.editing.nudge(self.figures.current, steps)

    def _on_dragged(self, up_mm: float, gesture: int) -> None:
        name, key = self.figures.current, f"drag.{gesture}"
        if not name:
            return
        if self._drag_key != key:
            self._drag_key, self._drag_from = key, self.editing.value(name)
        self.editing.set_figure(name, self._drag_from + up_mm, key)

    _drag_key = ""
    _drag_from = 0.0

    # -- saving ----------------------------------------------------------------------------------------------------------------

    def _store(self, saving: _Saving, content: bytes) -> None:
        job = self._desk.execute(SaveTemplate(saving.title, content))
        self._shell.run(job, self, lambda outcome: self._on_stored(saving, outcome), self._on_not_saved)

    def _on_stored(self, saving: _Saving, outcome: Outcome) -> None:
        """What was typed while it was on its way stays unsaved, and so does a template that was opened meanwhile."""
        self._saves -= 1
        if saving.number == self._number:
            self.editing.mark_saved(saving.edited)
        elif self._unsaved.get(saving.template) == saving.edited:
            del self._unsaved[saving.template]
        self._shell.say(_("“{title}” was saved and is offered at registration.").format(title=saving.title))
        self.kept.emit(str(outcome.value))

    def _on_not_saved(self, error: BaseException) -> None:
        self._saves -= 1
        self._failed(error)

    # -- the scan and the pointer ----------------------------------------------------------------------------------------------

    def _on_overlay_changed(self, overlay: Overlay | None) -> None:
        """Each template keeps its scan while the program runs; it is no part of the template."""
        template = self.editing.template
        if template is None:
            return
        if overlay is None:
            self._overlays.pop(template.name, None)
        else:
            self._overlays[template.name] = overlay

    def _on_pointed(self, place: QPointF | None) -> None:
        self._place.setText("" if place is None else f"{place.x():.2f}, {place.y():.2f} mm")

    # -- the emblem ------------------------------------------------------------------------------------------------------------

    def _on_emblem_chosen(self, paths: tuple[Path, ...]) -> None:
        self.banner.hide()
        path = paths[0]
        job = self._desk.lanes.computing[-1].submit(lambda _task: emblems.path_data(path.name, load(path, emblems.LARGEST_BYTES)))
        self._shell.run(job, self, self.editing.set_emblem, self._failed)

    # -- what was not saved ----------------------------------------------------------------------------------------------------

    def _set_aside(self) -> None:
        """Another template is opened: what was not saved of this one waits until the person comes back to it."""
        template = self.editing.template
        if template is not None and self.editing.is_changed:
            self._unsaved[template.name] = self.editing.edited

    def _take_up(self, name: str) -> None:
        edited = self._unsaved.pop(name, None)
        if edited is not None:
            self.editing.go_on_with(edited)
            begin_again: tuple[tuple[str, Callable[[], object]], ...] = ((_("Begin again"), self._on_begin_again),)
            self.banner.say(_("Your changes that were not saved are here again."), Tone.BUSY, actions=begin_again)

    def _on_begin_again(self) -> None:
        self.banner.hide()
        self.editing.stack.undo()

    # -- undo in fields --------------------------------------------------------------------------------------------------------

    def _watch_undo_keys(self) -> None:
        """Lines of text undo by themselves, each for itself; here there is one history for all of it."""
        lines: tuple[QWidget, ...] = (*self.texts.findChildren(QLineEdit), *self.figures.findChildren(QDoubleSpinBox))
        for line in lines:
            line.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undoes = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
            if undoes or QKeySequence(event.keyCombination()) == QKeySequence("Ctrl+Y"):
                event.ignore()
                return True
        return super().eventFilter(watched, event)


def _laid_out(template: Template, edited: Edited) -> tuple[Face | SealdeskError, str]:
    """The face, or the reason why there is none, and which typeface stands in for the wanted one."""
    try:
        face = face_of(template, edited.texts, edited.options())
    except UserCancelled:
        raise
    except SealdeskError as error:
        return error, ""
    own = [arc.font for arc in face.spec.arcs] + [grid.font for grid in face.spec.grids] + [row.font for row in face.spec.rows]
    role = edited.font or next((font for font in own if font != "arial"), "song")
    return face, system_fonts().for_face(face.spec.fonts).substitute(role)
