"""What the window is given and what workspaces are given: the `Desk`, the `Shell` and the `WorkspaceSpec`; Protocols only.

The concrete desk is put together by `bootstrap()`; the concrete shell is the main window.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar, runtime_checkable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from sealdesk.core.errors import UserError
from sealdesk.core.lanes import Job, Lane, Progress
from sealdesk.core.settings import Settings
from sealdesk.domain.access import Actor
from sealdesk.domain.pin import Pin
from sealdesk.domain.ports import Devices
from sealdesk.ui.interaction import Bridge, Danger, PinRequest
from sealdesk.ui.jobs import Running
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.command_palette import Hit
from sealdesk.ui.parts.form import Form
from sealdesk.ui.theme import Tone

T = TypeVar("T")
Unsubscribe = Callable[[], None]


class Lanes(Protocol):
    """The lanes that the window may hand work to."""

    @property
    def data(self) -> Lane: ...

    @property
    def network(self) -> Lane: ...


class SyncState(Protocol):
    """How this workplace stands with the platform."""

    @property
    def online(self) -> bool: ...

    @property
    def offline_since(self) -> datetime | None: ...

    @property
    def waiting(self) -> int:
        """Messages that still have to be sent."""
        ...

    @property
    def decisions(self) -> int:
        """Refused changes that need a person."""
        ...


class SyncMonitor(Protocol):
    """Watches the exchange with the platform."""

    def state(self) -> SyncState: ...

    def subscribe(self, listener: Callable[[SyncState], None]) -> Unsubscribe:
        """Call `listener` (on any lane) at every change."""
        ...


class Desk(Protocol):
    """Everything that the window can reach."""

    @property
    def actor(self) -> Actor: ...

    @property
    def lanes(self) -> Lanes: ...

    @property
    def devices(self) -> Devices: ...

    @property
    def sync(self) -> SyncMonitor: ...

    @property
    def settings(self) -> Settings:
        """Those of this workplace; reading and changing return at once."""
        ...

    def execute(self, command: Any) -> Job[Any]:
        """Hand a command to the bus; the job ends with its outcome or with what refused it."""
        ...

    def ask(self, query: Callable[..., T]) -> Job[T]:
        """Run a query on the data lane; it is called with a read session and returns frozen rows."""
        ...

    def may(self, command: Any, subject: Any = None) -> UserError | None:
        """Why the actor cannot give this command now, or None when he can; returns at once."""
        ...

    def subscribe(self, listener: Callable[[frozenset[str]], None]) -> Unsubscribe:
        """Call `listener` (on any lane) after each change with the nouns that changed, such as `{"orders", "seals"}`."""
        ...


class Shell(Protocol):
    """What the window does for a workspace."""

    @property
    def bridge(self) -> Bridge:
        """How work on a device lane asks the person; see `sealdesk.ui.interaction`."""
        ...

    def run(
        self,
        job: Job[T],
        owner: QObject,
        done: Callable[[T], object],
        failed: Callable[[BaseException], object],
        progress: Callable[[Progress], object] | None = None,
    ) -> Running:
        """See `sealdesk.ui.jobs.run`."""
        ...

    def failing(
        self, banner: Banner, form: Form | None = None, retry: Callable[[], object] | None = None
    ) -> Callable[[BaseException], None]:
        """What to pass as `failed`: shows an error beside its field in `form`, else in `banner`, else as a report."""
        ...

    def go(self, stage: str, subject: object = None) -> None:
        """Open the tab of a stage and show it `subject`."""
        ...

    def say(self, sentence: str, tone: Tone = Tone.OK) -> None:
        """Tell in the window's own line what has just been done; it goes away by itself."""
        ...

    def ask_pin(self, request: PinRequest, answered: Callable[[Pin], object]) -> None:
        """Ask for a PIN; `answered` is not called when the person gives up."""
        ...

    def confirm(self, danger: Danger, confirmed: Callable[[], object]) -> None:
        """Let the person confirm something dangerous; `confirmed` is called only when he does."""
        ...

    def on_changed(self, owner: QWidget, nouns: frozenset[str], refresh: Callable[[], object]) -> None:
        """Call `refresh` on the window's thread after changes that touch one of `nouns`, as long as `owner` lives."""
        ...


@runtime_checkable
class Workspace(Protocol):
    """What a workspace may offer besides being a widget; all of it is optional for workspaces that need none."""

    def show_subject(self, subject: object) -> None:
        """Show what was found in a search or followed from another tab."""
        ...


@runtime_checkable
class KeepsDrafts(Protocol):
    """A workspace with half-typed work."""

    def save_draft(self) -> Job[Any] | None:
        """Begin to save what is not on the disk yet; the job ends when it is. None when everything is. Called before the window closes."""
        ...


@dataclass(frozen=True, slots=True)
class WorkspaceSpec:
    """One tab: the stage's name, how it is called and drawn, who may use it, how it is built and what its count is.

    Attributes:
        name: the stage's folder name ("registration"), or "today".
        title: its text, marked with `N_`.
        icon: a name from `sealdesk.ui.icons`.
        permission: what the actor must hold to see the tab; empty for everybody.
        build: makes the workspace; called once, before or when the tab is opened for the first time.
        count: a query for `Desk.ask` that counts what waits here, or None.
        nouns: the changes after which the count may differ.
        find: a search in this stage for the command palette, or None.
        late: the module that `build` imports first; empty where that is done already.
    """

    name: str
    title: str
    icon: str
    permission: str
    build: Callable[[Desk, Shell], QWidget]
    count: Callable[..., int] | None = None
    nouns: frozenset[str] = frozenset()
    find: Callable[[Desk, str], Job[tuple[Hit, ...]]] | None = None
    late: str = ""


ORDER = (
    "today",
    "registration",
    "acceptance",
    "production",
    "signature",
    "logistics",
    "finance",
    "statistics",
    "templates",
    "products",
    "customers",
    "administration",
)
"""The order of the work, which is the order of the tabs."""
