"""模板: the gallery with what the shop uses, and the editor; files come in and go out here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from sealdesk.core.errors import ProblemsError
from sealdesk.core.i18n import _
from sealdesk.face import stp
from sealdesk.stages.templates.files import Edited, load, read_file, saved
from sealdesk.stages.templates.queries import TemplateLine, template_lines
from sealdesk.stages.templates.rules import ChooseTemplates, ImportTemplate, RestoreTemplate, RetireTemplate, TakeOutTemplates
from sealdesk.ui.desk import Shell
from sealdesk.ui.file_choice import choose_files, choose_target
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import explain, normal
from sealdesk.ui.parts.card import PageHeader
from sealdesk.ui.parts.empty_state import Empty, EmptyState
from sealdesk.ui.parts.layouts import column, holding, margins, row
from sealdesk.ui.saving import written
from sealdesk.ui.theme import Size, Space, Tone
from sealdesk.ui.workspaces.templates.detail_card import DetailCard
from sealdesk.ui.workspaces.templates.editor import EditorPage
from sealdesk.ui.workspaces.templates.filters import Filters
from sealdesk.ui.workspaces.templates.gallery import Gallery
from sealdesk.ui.workspaces.templates.letters_page import LettersPage
from sealdesk.workflow.bus import Outcome
from sealdesk.workflow.desk import Desk

ENDING = ".stp"
PROBLEMS_SHOWN = 3


class TemplatesWorkspace(QWidget):
    """模板."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self._lines: tuple[TemplateLine, ...] = ()
        self._go_to = ""
        self.banner = Banner()
        self._failed = shell.failing(self.banner)
        self.filters = Filters()
        self.gallery = Gallery(desk.lanes.computing[0])
        self.detail = DetailCard(desk.lanes.computing[-1])
        self.editor = EditorPage(desk, shell)
        self.letters = LettersPage(desk, shell)
        self.letters_button = normal(_("Fonts and letters"), self.show_letters, icon="file")
        self.import_button = normal(_("Import .stp…"), self.choose_imports, icon="upload", shortcut="Ctrl+O")
        self._empty = EmptyState(
            Empty("templates", _("No template fits"), _("Look for other words or another type."), _("Show all")), self._show_all
        )
        self.pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        shell.on_changed(self, frozenset({"templates"}), self.refresh)
        self.refresh()

    # -- what others call ------------------------------------------------------------------------------------------------------

    def show_subject(self, subject: object) -> None:
        """Show the template that orders know by this name."""
        if isinstance(subject, str):
            self._go_to = subject
            self._show_all()
            self.refresh()

    def refresh(self) -> None:
        """Read the templates again."""
        self._shell.run(self._desk.ask(template_lines), self, self._on_read, self._failed)

    def edit(self, line: TemplateLine) -> None:
        """Open the editor on a template."""
        self.banner.hide()
        self.editor.open(line, self._lines)
        self.pages.setCurrentWidget(self.editor)
        self.editor.view.setFocus()

    def show_letters(self) -> None:
        """Show the shop's own fonts and letters."""
        self.banner.hide()
        self.pages.setCurrentWidget(self.letters)
        self.letters.add_button.setFocus()

    def choose_imports(self) -> QFileDialog:
        """本地提交: let the person choose template files."""
        return choose_files(self, _("Import templates"), _("Seal templates (*.stp)"), self.take_in, purpose="templates")

    def take_in(self, paths: tuple[Path, ...]) -> None:
        """Take template files in, each by itself; one that is not usable does not hold the others back."""
        self.banner.hide()
        for path in paths:
            self._take_in(path)

    def export(self, line: TemplateLine) -> QFileDialog:
        """Let the person choose where a template is written."""
        stem = f"{line.title}{ENDING}"
        return choose_target(
            self, _("Export template"), _("Seal templates (*.stp)"), stem, lambda target: self._export(line, target), purpose="templates"
        )

    # -- laying out ------------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        header = PageHeader(_("Templates"), _("Chosen and own templates are offered at registration; mandatory ones always are."))
        header.tools.addWidget(self.letters_button)
        header.tools.addWidget(self.import_button)
        self.detail.setFixedWidth(Size.SIDE_WIDTH + Space.L)
        shown = column(self.gallery, self._empty, gap=0)
        middle = row(gap=Space.M)
        middle.addLayout(shown, 1)
        middle.addWidget(self.detail)
        page = column(header, self.filters, self.banner, gap=Space.S, around=margins(x=Space.M, y=Space.S))
        page.addLayout(middle, 1)
        self._front = holding(page)
        self.pages.addWidget(self._front)
        self.pages.addWidget(self.editor)
        self.pages.addWidget(self.letters)
        self.setLayout(column(self.pages, gap=0))
        self.setTabOrder(self.filters, self.gallery)
        self.setTabOrder(self.gallery, self.detail)

    def _connect(self) -> None:
        refusal = self._desk.may(ImportTemplate)
        explain(self.import_button, None if refusal is None else str(refusal))
        self.filters.changed.connect(self._show)
        self.gallery.walked.connect(lambda: self.detail.show_lines(self.gallery.selected()))
        self.gallery.entered.connect(self.edit)
        self.detail.choosing.connect(lambda names: self._do(ChooseTemplates(names), _("Chosen; registration offers it now.")))
        self.detail.taking_out.connect(lambda names: self._do(TakeOutTemplates(names), _("Taken out; orders that have it keep it.")))
        self.detail.retiring.connect(lambda line: self._do(RetireTemplate(line.own_name), _("Retired; orders that have it keep it.")))
        self.detail.restoring.connect(lambda line: self._do(RestoreTemplate(line.own_name), _("Offered again.")))
        self.detail.editing.connect(self.edit)
        self.detail.exporting.connect(self.export)
        self.editor.left.connect(self._on_editor_left)
        self.letters.left.connect(self._on_editor_left)
        self.letters.read.connect(self.editor.know_letters)
        self.editor.kept.connect(self._on_kept)

    # -- what is shown ---------------------------------------------------------------------------------------------------------

    def _on_read(self, lines: tuple[TemplateLine, ...]) -> None:
        self._lines = lines
        self.filters.show_counts(lines)
        self.editor.know(lines)
        self._show()

    def _show(self) -> None:
        shown = self.filters.of(self._lines)
        self.gallery.show_lines(shown)
        self.gallery.setVisible(bool(shown) or not self._lines)
        self._empty.setVisible(not shown and bool(self._lines))
        if self._go_to and any(line.name == self._go_to for line in shown):
            self.gallery.go_to(self._go_to)
            self._go_to = ""

    def _show_all(self) -> None:
        self.filters.show_all()
        self._show()

    def _on_editor_left(self) -> None:
        self.pages.setCurrentWidget(self._front)
        self.gallery.setFocus()

    def _on_kept(self, name: str) -> None:
        self._go_to = name

    # -- commands --------------------------------------------------------------------------------------------------------------

    def _do(self, command: object, sentence: str) -> None:
        self.banner.hide()
        self._shell.run(self._desk.execute(command), self, lambda _outcome: self._shell.say(sentence), self._failed)

    def _take_in(self, path: Path) -> None:
        def read(_task: object) -> bytes:
            content = load(path)
            read_file(content)  # here, so that a large file that means harm keeps nobody waiting for the store
            return content

        def refused(error: BaseException) -> None:
            self._on_import_refused(path.name, error)

        def store(content: bytes) -> None:
            self._shell.run(self._desk.execute(ImportTemplate(path.name, content)), self, done, refused)

        def done(outcome: Outcome) -> None:
            self._go_to = str(outcome.value)
            self._shell.say(_("“{name}” was imported.").format(name=path.name))

        self._shell.run(self._desk.lanes.computing[-1].submit(read), self, store, refused)

    def _on_import_refused(self, name: str, error: BaseException) -> None:
        if not isinstance(error, ProblemsError):
            self._failed(error)
            return
        problems = error.problems
        sentences = " ".join(str(problem) for problem in problems[:PROBLEMS_SHOWN])
        more = len(problems) - PROBLEMS_SHOWN
        rest = _(" And {count} more.").format(count=more) if more > 0 else ""
        head = _("“{name}” cannot be imported.").format(name=name)
        actions: tuple[tuple[str, Callable[[], object]], ...] = ((_("Choose another file"), self.choose_imports),)
        self.banner.say(head, Tone.WARN, sentences + rest, actions)

    def _export(self, line: TemplateLine, target: Path) -> None:
        self.banner.hide()
        path = target if target.suffix else target.with_suffix(ENDING)

        def work(_task: object) -> Path:
            if line.file:
                return written(path, line.file.encode())
            template = line.template
            return written(path, stp.write(saved(template, "", Edited(template.examples(), {}), template.name, line.title)))

        job = self._desk.lanes.computing[-1].submit(work)
        self._shell.run(job, self, lambda made: self._shell.say(_("“{name}” was saved.").format(name=made.name)), self._failed)

    # -- files that are dropped ------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.pages.currentWidget() is self._front and self.import_button.isEnabled() and _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.take_in(_dropped(event))


def _dropped(event: QDropEvent) -> tuple[Path, ...]:
    paths = tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
    return tuple(path for path in paths if path.suffix.lower() == ENDING)
