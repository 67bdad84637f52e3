"""The main window: tabs at the left, one search box on top, the strips along the bottom; it is the `Shell` of the workspaces.

It knows no stage: it shows the workspaces it is given, as far as the person may use them, and builds each one when it is first opened,
or ahead of that while the person looks around.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import QByteArray, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QMainWindow, QStackedWidget, QWidget
from shiboken6 import isValid

from sealdesk.core.errors import StorageError, UserCancelled
from sealdesk.core.i18n import _
from sealdesk.core.lanes import Job, Progress
from sealdesk.core.settings import UI_GEOMETRY
from sealdesk.domain.pin import Pin
from sealdesk.ui import icons, interaction, jobs, style_sheet
from sealdesk.ui.building_ahead import BuildingAhead
from sealdesk.ui.desk import ORDER, Desk, KeepsDrafts, SyncState, Workspace, WorkspaceSpec
from sealdesk.ui.interaction import Bridge, Danger, PinRequest
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.command_palette import CommandPalette, Find, Hit
from sealdesk.ui.parts.device_strip import DeviceStrip
from sealdesk.ui.parts.form import Form
from sealdesk.ui.parts.layouts import column, frame, margins, row, text
from sealdesk.ui.parts.nav_rail import NavRail
from sealdesk.ui.parts.search_box import SearchBox
from sealdesk.ui.parts.sync_strip import SyncLine, SyncStrip
from sealdesk.ui.presenting import show_failure
from sealdesk.ui.theme import Delay, Size, Space, Tone

T = TypeVar("T")

_log = logging.getLogger(__name__)
KEYED_TABS = 9


class MainWindow(QMainWindow):
    """The window of a signed-in person. `closed` comes after the drafts are handed over and every open question has ended."""

    closed = Signal()

    def __init__(self, desk: Desk, specs: Sequence[WorkspaceSpec]) -> None:
        super().__init__()
        jobs.prepare()
        style_sheet.dress(self)
        self._desk = desk
        self._specs = {spec.name: spec for spec in visible(specs, desk)}
        self._built: dict[str, QWidget] = {}
        self._unplaced: dict[str, QWidget] = {}
        self._open_name = ""
        self._unsubscribe: list[Callable[[], None]] = []
        self._watchers: list[tuple[QWidget, frozenset[str], Callable[[], object]]] = []
        self._changed: set[str] = set()
        self._bridge = Bridge(self)
        self._is_left = False
        self._closes_when: list[Job[Any]] = []
        self._ahead = BuildingAhead(tuple(self._specs.values()), desk.lanes.data, self._build, self._workspace, self)
        self.setWindowTitle(_("sealdesk"))
        self.setMinimumSize(Size.WINDOW_MIN_WIDTH, Size.WINDOW_MIN_HEIGHT)
        self.rail = NavRail()
        self.stack = QStackedWidget()
        self.search = SearchBox(_("Search units, orders, seals, permits, people, commands"), shortcut="Ctrl+K")
        self.search.setFixedWidth(Size.SEARCH_WIDTH)
        self.device_strip = DeviceStrip()
        self.sync_strip = SyncStrip()
        self._told_icon = QLabel()
        self._told = text("", "soft")
        self._told_timer = QTimer(self)
        self._told_timer.setSingleShot(True)
        self._told_timer.setInterval(Delay.TELL_MS)
        self._told_timer.timeout.connect(lambda: self._tell("", Tone.IDLE))
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(Delay.SEARCH_MS)
        self._settle.timeout.connect(self._on_changes_settled)
        centre = self._lay_out()
        self.palette_sheet = CommandPalette(self.search, centre)
        self._set_up_tabs()
        self._set_up_search()
        self._set_up_watching()
        self._restore_geometry()
        if self._specs:
            self.go(next(iter(self._specs)))

    # -- what workspaces ask for (Shell) ---------------------------------------------------------------------------------------

    @property
    def bridge(self) -> Bridge:
        """How work on a device lane asks the person."""
        return self._bridge

    def run(
        self,
        job: Job[T],
        owner: QObject,
        done: Callable[[T], object],
        failed: Callable[[BaseException], object],
        progress: Callable[[Progress], object] | None = None,
    ) -> jobs.Running:
        """See `sealdesk.ui.jobs.run`."""
        return jobs.run(job, owner, done, failed, progress)

    def failing(
        self, banner: Banner, form: Form | None = None, retry: Callable[[], object] | None = None
    ) -> Callable[[BaseException], None]:
        """What to pass as `failed`: shows the error where it belongs."""

        def show(error: BaseException) -> None:
            if isValid(banner):
                show_failure(error, self, banner, form, retry)

        return show

    def go(self, stage: str, subject: object = None) -> None:
        """Open the tab of a stage and show it `subject`; a stage the person may not use is left alone."""
        if stage not in self._specs:
            return
        workspace = self._workspace(stage)
        self._open_name = stage
        self.rail.mark(stage)
        self.stack.setCurrentWidget(workspace)
        if self.search.hasFocus():
            self._enter(workspace)
        if subject is not None and isinstance(workspace, Workspace):
            workspace.show_subject(subject)

    def _enter(self, workspace: QWidget) -> None:
        """Put the cursor into a workspace that was opened from the search box; what is typed next is meant for it."""
        inside = workspace.nextInFocusChain()
        while inside is not None and workspace.isAncestorOf(inside):
            if inside.focusPolicy() & Qt.FocusPolicy.TabFocus and inside.isEnabled() and inside.isVisibleTo(workspace):
                inside.setFocus()
                return
            inside = inside.nextInFocusChain()

    def say(self, sentence: str, tone: Tone = Tone.OK) -> None:
        """Tell what has just been done, for a few seconds."""
        self._tell(sentence, tone)
        self._told_timer.start()

    def ask_pin(self, request: PinRequest, answered: Callable[[Pin], object]) -> None:
        """Ask for a PIN; `answered` is not called when the person gives up."""
        interaction.ask_pin(self, request, answered)

    def confirm(self, danger: Danger, confirmed: Callable[[], object]) -> None:
        """Let the person confirm something dangerous."""
        interaction.confirm(self, danger, confirmed)

    def on_changed(self, owner: QWidget, nouns: frozenset[str], refresh: Callable[[], object]) -> None:
        """Call `refresh` after changes that touch one of `nouns`, as long as `owner` lives."""
        self._watchers.append((owner, nouns, refresh))

    # -- building --------------------------------------------------------------------------------------------------------------

    @property
    def open_stage(self) -> str:
        """The name of the open tab."""
        return self._open_name

    def build_ahead(self) -> None:
        """Build the tabs before they are opened, a while after the window is shown."""
        self._ahead.start()

    def is_built(self, stage: str) -> bool:
        """Whether the workspace of a stage was opened before."""
        return stage in self._built

    def _workspace(self, stage: str) -> QWidget:
        workspace = self._built.get(stage)
        if workspace is None:
            self._build(stage)
            workspace = self._built[stage] = self._unplaced.pop(stage)
            self.stack.addWidget(workspace)
        return workspace

    def _build(self, stage: str) -> None:
        if stage not in self._built and stage not in self._unplaced:
            self._unplaced[stage] = self._specs[stage].build(self._desk, self)

    def _lay_out(self) -> QWidget:
        brand = text(_("sealdesk"), "brand")
        mark = QLabel()
        icons.bind(mark, "seal", "seal", Size.ICON_M + Space.XS)
        name = row(mark, brand, None, gap=Space.S, around=margins(x=Space.M, y=0))
        left = QFrame()
        left.setLayout(name)
        left.setFixedWidth(Size.NAV_WIDTH)
        person_icon = QLabel()
        icons.bind(person_icon, "person", "ink_soft", Size.ICON_M)
        person = row(None, person_icon, text(self._desk.actor.name, "soft"), gap=Space.S, around=margins(x=Space.M, y=0))
        right = QFrame()
        right.setLayout(person)
        header_row = row(left, None, self.search, None, right, gap=0)
        header = frame("header", header_row)
        header.setFixedHeight(Size.HEADER)
        told = row(self._told_icon, self._told, gap=Space.S)
        strip_row = row(gap=Space.M, around=margins(x=Space.S, y=Space.XXS))
        strip_row.addWidget(self.device_strip, 1)
        strip_row.addLayout(told)
        strip_row.addWidget(self.sync_strip)
        strip = frame("strip", strip_row)
        strip.setFixedHeight(Size.STRIP + Space.XS)
        middle = row(self.rail, gap=0)
        middle.addWidget(self.stack, 1)
        whole = column(header, gap=0)
        whole.addLayout(middle, 1)
        whole.addWidget(strip)
        centre = QWidget()
        centre.setLayout(whole)
        self.setCentralWidget(centre)
        return centre

    def _set_up_tabs(self) -> None:
        for place, spec in enumerate(self._specs.values(), start=1):
            keys = QKeySequence(f"Ctrl+{place}") if place <= KEYED_TABS else QKeySequence()
            self.rail.add(spec.name, _(spec.title), spec.icon, keys.toString(QKeySequence.SequenceFormat.NativeText))
            if not keys.isEmpty():
                shortcut = QShortcut(keys, self)
                shortcut.activated.connect(lambda name=spec.name: self.go(name))
        self.rail.opened.connect(self.go)

    def _set_up_search(self) -> None:
        tabs = [Hit(_("Go to"), spec.icon, _(spec.title), "", spec.name) for spec in self._specs.values()]
        self.palette_sheet.set_sources([self._finder(spec) for spec in self._specs.values() if spec.find is not None], tabs)
        self.palette_sheet.chosen.connect(lambda hit: self.go(hit.stage, hit.subject))
        shortcut = QShortcut(QKeySequence("Ctrl+K"), self)
        shortcut.activated.connect(self.palette_sheet.open)

    def _finder(self, spec: WorkspaceSpec) -> Find:
        find = spec.find
        assert find is not None
        return lambda words: find(self._desk, words)

    # -- watching --------------------------------------------------------------------------------------------------------------

    def _set_up_watching(self) -> None:
        desk = self._desk
        self.device_strip.show_readers(desk.devices.readers())
        self._show_sync(desk.sync.state())
        self.device_strip.clicked.connect(lambda _reader: self.go("administration", "devices"))
        self.sync_strip.clicked.connect(lambda what: self.go("administration", f"sync.{what}"))
        self._unsubscribe = [
            desk.devices.subscribe(lambda readers: jobs.post(lambda: self._alive(lambda: self.device_strip.show_readers(readers)))),
            desk.sync.subscribe(lambda state: jobs.post(lambda: self._alive(lambda: self._show_sync(state)))),
            desk.subscribe(lambda nouns: jobs.post(lambda: self._alive(lambda: self._on_desk_changed(nouns)))),
        ]
        for spec in self._specs.values():
            self._count(spec)

    def _alive(self, call: Callable[[], None]) -> None:
        if isValid(self):
            call()

    def _show_sync(self, state: SyncState) -> None:
        self.sync_strip.show_line(SyncLine(state.online, state.offline_since, state.waiting, state.decisions))

    def _on_desk_changed(self, nouns: frozenset[str]) -> None:
        self._changed |= nouns
        if not self._settle.isActive():
            self._settle.start()

    def _on_changes_settled(self) -> None:
        nouns, self._changed = frozenset(self._changed), set()
        for spec in self._specs.values():
            if spec.nouns & nouns:
                self._count(spec)
        self._watchers = [watcher for watcher in self._watchers if isValid(watcher[0])]
        for _owner, wanted, refresh in list(self._watchers):
            if wanted & nouns:
                refresh()

    def _count(self, spec: WorkspaceSpec) -> None:
        if spec.count is not None:
            button = self.rail.button(spec.name)
            jobs.run(self._desk.ask(spec.count), button, button.set_count, self._on_count_failed)

    def _on_count_failed(self, error: BaseException) -> None:
        if not isinstance(error, UserCancelled):
            self._tell(_("The counts of the tabs could not be read."), Tone.WARN)

    def _tell(self, sentence: str, tone: Tone) -> None:
        self._told.setText(sentence)
        icons.bind(self._told_icon, tone.value if sentence else "", tone.value)

    # -- geometry and closing --------------------------------------------------------------------------------------------------

    def _restore_geometry(self) -> None:
        kept = self._desk.settings.get(UI_GEOMETRY)
        if not kept or not self.restoreGeometry(QByteArray.fromBase64(kept.encode("ascii"))):
            self.resize(Size.WINDOW_WIDTH, Size.WINDOW_HEIGHT)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close once everything that was typed is on the disk; until then the window stays, and closes by itself when it is."""
        if self._is_left:
            return
        drafts = [workspace.save_draft() for workspace in self._built.values() if isinstance(workspace, KeepsDrafts)]
        saving = [job for job in drafts if job is not None]
        if not saving:
            self._leave()
            return
        event.ignore()
        if not self._closes_when:  # somebody impatient is answered once
            self._closes_when = saving
            for job in saving:
                jobs.run(job, self, lambda _outcome: self._on_draft_kept(), self._on_draft_not_kept)

    def _on_draft_kept(self) -> None:
        if self._closes_when and all(job.done for job in self._closes_when):
            self._closes_when = []
            self.close()

    def _on_draft_not_kept(self, error: BaseException) -> None:
        self._closes_when = []
        consequence = _("It could not be saved: {reason}").format(reason=error)
        danger = Danger(_("Close without what was typed last?"), consequence, _("Close all the same"))

        def leave() -> None:
            self._leave()
            self.close()

        if self._is_left:
            return
        if isinstance(error, UserCancelled):  # the lanes have ended, nothing can be saved any more
            leave()
        else:
            self.confirm(danger, leave)

    def _leave(self) -> None:
        self._is_left = True
        self._ahead.stop()
        self._bridge.release()
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe = []
        try:
            self._desk.settings.set(UI_GEOMETRY, bytes(self.saveGeometry().toBase64().data()).decode("ascii"))
        except StorageError as error:
            _log.warning("the place of the window was not kept: %s", error)
        self.closed.emit()


def visible(specs: Sequence[WorkspaceSpec], desk: Desk) -> tuple[WorkspaceSpec, ...]:
    """The workspaces that the desk's actor may use, in the order of the work.

    Raises:
        ValueError: a workspace has a name that the order of the work does not know.
    """
    unknown = [spec.name for spec in specs if spec.name not in ORDER]
    if unknown:
        raise ValueError(f"the order of the work does not know {unknown}")
    allowed = [spec for spec in specs if desk.actor.may(spec.permission)]
    return tuple(sorted(allowed, key=lambda spec: ORDER.index(spec.name)))
