"""The right of registration: the face of the chosen seal, large and live while typing, with what the checks found."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLabel, QVBoxLayout, QWidget

from sealdesk.core.errors import ProblemsError, SealdeskError
from sealdesk.core.i18n import _
from sealdesk.domain.seals import REGISTER_NAMES, SealType
from sealdesk.face.checks import ERROR
from sealdesk.face.faces import Face, face_of
from sealdesk.face.template import Options, Template
from sealdesk.stages.registration.checks import template_of
from sealdesk.stages.registration.rules import DraftSeal
from sealdesk.stages.templates import papers
from sealdesk.ui import icons, theme
from sealdesk.ui.desk import Shell
from sealdesk.ui.missing_letter import MissingLetter
from sealdesk.ui.newest import Newest
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import explain, icon_button
from sealdesk.ui.parts.card import Card
from sealdesk.ui.parts.empty_state import Empty, EmptyState
from sealdesk.ui.parts.face_canvas import FaceCanvas
from sealdesk.ui.parts.layouts import clear, column, holding, margins, row, scrolling, text
from sealdesk.ui.saving import save_paper
from sealdesk.ui.theme import Size, Space, Tone
from sealdesk.ui.workspaces.registration.editing import Editing
from sealdesk.workflow.desk import Desk

FINDINGS_SHOWN = 6


class FacePanel(QWidget):
    """Lays faces out on a computing lane; typing never waits for it.

    `settled` comes when a refused character has a letter now, so that what was found in the order is checked again.
    """

    settled = Signal()

    def __init__(self, desk: Desk, shell: Shell, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self._editing = editing
        self._face: Face | None = None
        self._seal: DraftSeal | None = None
        self._is_refused = False
        self._banner = Banner()
        self._failed = shell.failing(self._banner)
        self._newest = Newest(desk.lanes.computing[-1], self._on_laid_out, self._on_failed, self)
        self.canvas = FaceCanvas()
        self._empty = EmptyState(Empty("seal", _("No face yet"), _("The face appears here as soon as a seal is chosen.")))
        self._size = text("", "caption")
        self._source = text("", "caption", wrap=True)
        self._findings: QVBoxLayout = column(gap=Space.XS)
        self.missing = MissingLetter(desk, shell, self._banner, narrow=True)
        self.missing.settled.connect(self._on_settled)
        shell.on_changed(self, frozenset({"templates"}), self._on_letters_changed)
        self.card = Card(_("Face"), padded=False)
        self.card.tools.addWidget(self._size)
        self.proof_button = icon_button("print", _("Proof sheet (PDF)"), self.save_proof)
        self.card.tools.addWidget(self.proof_button)
        self.card.body.addWidget(self._banner)
        self.card.body.addWidget(self.canvas, 1)
        self.card.body.addWidget(self._empty, 1)
        foot = column(holding(self._findings), self.missing, self._source, None, gap=Space.S, around=margins(x=Space.S, y=Space.XS))
        self._foot = scrolling(holding(foot))
        self._foot.setFixedHeight(Size.PICTURE + Space.M)
        self.card.body.addWidget(self._foot)
        self.setLayout(column(self.card, gap=0))
        self.show_seal(None)

    @property
    def findings(self) -> tuple[str, ...]:
        """The sentences that stand below the face."""
        labels = self.findChildren(QLabel, "finding")
        return tuple(label.text() for label in labels if not label.isHidden())

    def show_seal(self, seal: DraftSeal | None) -> None:
        """Lay out and show the face of a seal; the newest wins."""
        if seal is None or self._seal is None or seal.id != self._seal.id or seal.template != self._seal.template:
            self._keep(None)
        self._seal = seal
        self.canvas.setVisible(seal is not None)
        self._foot.setVisible(seal is not None)
        self._empty.setVisible(seal is None)
        template = template_of(seal) if seal is not None else None
        if seal is None or template is None:
            self._newest.drop()
            self.canvas.show_drawing(None)
            self._size.setText("")
            self._tell(())
            self.missing.show_for(None)
            self._source.setText("")
            return
        fields, seal_id = dict(seal.fields), seal.id
        self._source.setText(_("Sizes: {source}").format(source=_(template.note)) if template.note else "")
        self._newest.want(lambda: (seal_id, fields, _face(template, fields)))

    def _on_laid_out(self, result: tuple[str, dict[str, str], Face | SealdeskError]) -> None:
        seal_id, fields, face = result
        if self._seal is None or self._seal.id != seal_id:
            return
        self._is_refused = isinstance(face, SealdeskError)
        self.missing.show_for(face if isinstance(face, SealdeskError) else None)
        self.canvas.fade(self._is_refused)
        self._keep(None if isinstance(face, SealdeskError) else face)
        if isinstance(face, SealdeskError):
            problems = face.problems if isinstance(face, ProblemsError) else (face,)
            self._tell(tuple((True, str(problem)) for problem in problems))
            return
        drawing = face.drawing
        self.canvas.show_drawing(drawing, words=" ".join(value for value in fields.values() if value))
        self._size.setText(_("{width} × {height} mm").format(width=f"{drawing.width_mm:g}", height=f"{drawing.height_mm:g}"))
        self._tell(tuple((finding.severity == ERROR, finding.text) for finding in face.findings))

    def save_proof(self) -> QFileDialog | None:
        """Write the proof sheet of the face that is shown, with the order's number, which it gets now if it has none."""
        seal, face = self._seal, self._face
        template = template_of(seal) if seal is not None else None
        if seal is None or face is None or template is None:
            return None
        order_id = self._editing.store() if self._editing.is_editable else self._editing.order.id
        unit = self._editing.draft.unit.name
        name = seal.name or f"{unit}{REGISTER_NAMES[SealType(seal.seal_type)]}"
        content = papers.ProofContent(face, name, _(template.title), seal.seal_type, unit, order_id)
        return save_paper(
            self,
            self._shell,
            self._desk.lanes.computing[-1],
            lambda: papers.proof(self._desk, content),
            _("Proof {title}.pdf").format(title=name),
            saved=lambda path: self._shell.say(_("“{name}” was saved.").format(name=path.name)),
            failed=self._failed,
        )

    def _keep(self, face: Face | None) -> None:
        self._face = face
        explain(self.proof_button, None if face is not None else _("There is no face yet."))
        if face is not None:
            self.proof_button.setToolTip(_("Proof sheet (PDF)"))

    def _on_settled(self) -> None:
        if self.missing.isAncestorOf(self.focusWidget() or self):
            self.canvas.setFocus()  # the button that was pressed goes away
        self.show_seal(self._seal)
        self.settled.emit()

    def _on_letters_changed(self) -> None:
        """Somebody added a font or a letter: what was refused may be possible now."""
        if self._is_refused:
            self._on_settled()

    def _on_failed(self, error: BaseException) -> None:
        self._failed(error)

    def _tell(self, findings: tuple[tuple[bool, str], ...]) -> None:
        clear(self._findings)
        if not findings and self._seal is not None:
            self._findings.addWidget(_line(Tone.OK, _("Nothing to object to in the face.")))
            return
        for is_error, sentence in findings[:FINDINGS_SHOWN]:
            self._findings.addWidget(_line(Tone.FAULT if is_error else Tone.WARN, sentence))


def _line(tone: Tone, sentence: str) -> QWidget:
    mark = QLabel()
    mark.setFixedSize(Size.ICON, Size.ICON)
    icons.bind(mark, tone.value, tone.value)
    words = text(sentence, "caption", wrap=True)
    words.setObjectName("finding")
    theme.set_property(words, "tone", tone.value)
    line = row(gap=Space.S)
    line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(words, 1)
    return holding(line)


def _face(template: Template, fields: dict[str, str]) -> Face | SealdeskError:
    """The face, or the reason why there is none: on this lane a text that cannot be laid out is no failure."""
    try:
        return face_of(template, fields, Options(draft=True))
    except SealdeskError as error:
        return error
