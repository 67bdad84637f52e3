"""The sign-in page: name, password, shop, key and PIN, with the devices live at the side; it decides nothing about who may come in.

What a refusal is about is told by the error's `field`, or by the beginning of its code (`PLACES_BY_CODE`); its sentence stands there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QRadioButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from sealdesk.core.errors import ProblemsError, SealdeskError, UserCancelled, UserError
from sealdesk.core.i18n import N_, _
from sealdesk.core.lanes import Job
from sealdesk.domain.access import Actor
from sealdesk.domain.pin import Pin
from sealdesk.domain.ports import Devices, PinStatus, ReaderState
from sealdesk.ui import icons, jobs, theme
from sealdesk.ui.interaction import PinEdit, tries_sentence
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import primary
from sealdesk.ui.parts.device_strip import reader_words
from sealdesk.ui.parts.fields import Field, TextField
from sealdesk.ui.parts.form import Form
from sealdesk.ui.parts.layouts import clear, column, margins, row, text
from sealdesk.ui.parts.progress_line import ProgressLine
from sealdesk.ui.presenting import show_failure
from sealdesk.ui.theme import Size, Space, Tone

KEY = "key"
"""The place of errors about the key: the panel of devices at the side."""

PLACES_BY_CODE = (
    ("device.pin.", "pin"),
    ("user.pin.", "pin"),
    ("device.key.locked", "pin"),
    ("device.", KEY),
    ("signin.key.", KEY),
    ("certificate.", KEY),
    ("signin.password", "password"),
    ("user.password.", "password"),
    ("signin.", "user_name"),
    ("administration.user.", "user_name"),
    ("administration.key.", KEY),
)
"""Where an error stands when it names no field of the page itself: beginnings of codes, the first that fits counts."""

ALIASES = {"user": "user_name", "name": "user_name", "shop": "shop_name"}
"""Other names of the fields."""


class Authority(Protocol):
    """The root of a platform, as fetched from its address."""

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str:
        """Hexadecimal digits."""
        ...


class SignInService(Protocol):
    """The logic behind the sign-in; every call starts work on a lane."""

    @property
    def is_new_installation(self) -> bool: ...

    @property
    def devices(self) -> Devices: ...

    @property
    def last_user_name(self) -> str: ...

    def pin_status(self, reader: str) -> Job[PinStatus]:
        """The tries left of the key in a reader; never spends one."""
        ...

    def sign_in(self, user_name: str, password: str, shop_name: str, reader: str, pin: Pin) -> Job[Actor]:
        """Check everything and end with the actor; the PIN is wiped by the receiver. `reader` is empty while no one key is chosen."""
        ...

    def fetch_authority(self, platform_url: str) -> Job[Any]:
        """Fetch the root of the platform, to be confirmed by a person; the job ends with an `Authority`."""
        ...

    def enrol(
        self,
        *,
        platform_url: str,
        fingerprint: str,
        user_name: str,
        password: str,
        display_name: str,
        shop_name: str,
        reader: str,
        pin: Pin,
    ) -> Job[Actor]:
        """Make the first user of this installation and enrol it on the platform."""
        ...


class PinField(TextField):
    """A masked PIN; its value is only whether something was typed, the PIN itself is taken once."""

    def __init__(self) -> None:
        self.pin_edit = PinEdit()
        super().__init__("pin", "PIN", required=True, editor=self.pin_edit, length_max=16)

    def value(self) -> str:
        return "•" * len(self.pin_edit.text())

    def take(self) -> Pin:
        """The PIN; the field is empty afterwards."""
        return self.pin_edit.take()


def stand_at_place(error: BaseException, form: Form, keys: KeyPanel | None) -> bool:
    """Show a refusal at the field or the key that it is about; False when it is about none (or no key is in play)."""
    if isinstance(error, ProblemsError) or not isinstance(error, SealdeskError):
        return False
    names = form.values()
    field = getattr(error, "field", None) or ""
    field = field if field in names else ALIASES.get(field, "")
    place = field or next((place for start, place in PLACES_BY_CODE if error.code.startswith(start)), "")
    if place == KEY and keys is not None:
        keys.show_problem(error)
        return True
    if place not in names:
        return False
    form.field(place).show_problem(_AtFieldError(place, error))
    form.go_to(place)
    return True


class _AtFieldError(UserError):
    """A fault that is shown beside a field."""

    code = "ui.sign_in.refused"
    sentence = N_("This was refused.")

    def __init__(self, field: str, cause: SealdeskError) -> None:
        super().__init__(field=field)
        self._cause = cause

    def __str__(self) -> str:
        return str(self._cause)

    def advise(self) -> str:
        return self._cause.advise()


class KeyPanel(QFrame):
    """The devices at the side, live: which key will be used, and what stands in the way.

    One key is taken by itself; among several the person chooses. `key_changed` brings the reader of the key, or "".
    """

    key_changed = Signal(str)

    def __init__(self, devices: Devices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        jobs.prepare()
        self.setProperty("part", "side")
        self.setFixedWidth(Size.SIDE_WIDTH)
        self._sentence = text("", "lead", wrap=True)
        self._advice = text("", "soft", wrap=True)
        self._icon = QLabel()
        self._icon.setFixedSize(Size.ICON_L, Size.ICON_L)
        self._lines: QVBoxLayout = column(gap=Space.M)
        self._group = QButtonGroup(self)
        head = row(gap=Space.M)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(column(self._sentence, self._advice, gap=Space.XS), 1)
        self.setLayout(column(text(_("USB key and readers"), "heading"), head, self._lines, None, gap=Space.M, around=margins(Space.L)))
        self._readers: tuple[ReaderState, ...] = ()
        self._reader = ""
        self._stop = devices.subscribe(lambda readers: jobs.post(lambda: self._on_posted(readers)))
        self.destroyed.connect(self._stop)
        self.show_readers(devices.readers())

    @property
    def reader(self) -> str:
        """The reader of the key that will be used; empty while there is none, or several and none is chosen."""
        return self._reader

    @property
    def sentence(self) -> str:
        """What is said about the keys."""
        return self._sentence.text()

    def choices(self) -> tuple[QRadioButton, ...]:
        """The keys to choose from; empty unless there are several."""
        return tuple(button for button in self._group.buttons() if isinstance(button, QRadioButton))

    def show_readers(self, readers: tuple[ReaderState, ...]) -> None:
        """Show other states; a choice is kept as long as its key stays."""
        self._readers = readers
        keys = [state.reader for state in readers if state.state == "key"]
        chosen = keys[0] if len(keys) == 1 else self._reader if self._reader in keys else ""
        for button in self._group.buttons():
            self._group.removeButton(button)
        clear(self._lines)
        for state in readers:
            choosable = len(keys) > 1 and state.state == "key"
            self._lines.addWidget(self._choice(state, chosen) if choosable else _reader_line(state))
        self._choose(chosen)

    def show_problem(self, error: SealdeskError) -> None:
        """Say what is wrong with the key, until the devices change or the next try."""
        self._say(str(error), "fault", Tone.FAULT, error.advise())

    def clear_problem(self) -> None:
        """Say again how the devices are."""
        self._choose(self._reader)

    def stop(self) -> None:
        """Stop watching."""
        self._stop()

    def _choose(self, reader: str) -> None:
        self._reader = reader
        count = sum(state.state == "key" for state in self._readers)
        if reader:
            self._say(_("The key is ready."), "ok", Tone.OK)
        elif count:
            self._say(_("{count} keys are plugged in. Choose yours.").format(count=count), "key", Tone.WARN)
        else:
            self._say(_("Plug in your USB key."), "key", Tone.WARN)
        self.key_changed.emit(reader)

    def _say(self, sentence: str, icon: str, tone: Tone, advice: str = "") -> None:
        self._sentence.setText(sentence)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        theme.set_property(self._sentence, "tone", tone.value if tone is Tone.FAULT else "")
        icons.bind(self._icon, icon, tone.value, Size.ICON_L)
        self.setAccessibleName(f"{sentence} {advice}".strip())

    def _choice(self, state: ReaderState, chosen: str) -> QRadioButton:
        serial = state.token.serial if state.token is not None else state.reader
        button = QRadioButton(f"{reader_words(state)[2]} · {serial}")
        button.setAccessibleName(button.text())
        button.setToolTip(state.reader)
        button.setChecked(state.reader == chosen)
        self._group.addButton(button)
        button.clicked.connect(lambda: self._choose(state.reader))
        return button

    def _on_posted(self, readers: tuple[ReaderState, ...]) -> None:
        if isValid(self):
            self.show_readers(readers)


def _reader_line(state: ReaderState) -> QWidget:
    icon, tone, words = reader_words(state)
    mark = QLabel()
    mark.setFixedSize(Size.ICON_M, Size.ICON_M)
    icons.bind(mark, icon, tone.value, Size.ICON_M)
    line = QWidget()
    line.setAccessibleName(words)
    caption = state.reader if state.state in ("key", "chip") else ""
    if state.token is not None:
        caption = f"{state.reader} · {state.token.serial}"
    note = text(caption, "caption", wrap=True)
    note.setVisible(bool(caption))
    layout = row(gap=Space.S)
    layout.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    layout.addLayout(column(text(words, "", wrap=True), note, gap=0), 1)
    line.setLayout(layout)
    return line


class SignInPage(QWidget):
    """The page of a known installation. `signed_in` brings the actor."""

    signed_in = Signal(object)

    def __init__(self, service: SignInService, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._service = service
        self._shop_typed = False
        self.form = Form(columns=1)
        self.user_name = self.form.add(TextField("user_name", _("User name"), required=True, length_max=64))
        self.password = self.form.add(TextField("password", _("Password"), required=True, secret=True, length_max=128))
        shop_hint = _("The same as the user name unless you were given another.")
        self.shop_name = self.form.add(TextField("shop_name", _("Shop name"), hint=shop_hint, length_max=64))
        self.pin = PinField()
        self.form.add(self.pin)
        self.banner = Banner()
        self.progress = ProgressLine()
        self.button = primary(_("Sign in"), self.submit)
        self.button.setDefault(True)
        self.keys = KeyPanel(service.devices)
        self.keys.key_changed.connect(self._on_key_changed)
        self.setLayout(beside_keys(_("Sign in"), "", (self.form, self.banner, self.progress, self.button), self.keys))
        self.user_name.edited.connect(self._on_user_name_edited)
        self.shop_name.edited.connect(self._on_shop_name_edited)
        for field in (self.user_name, self.password, self.shop_name, self.pin):
            on_enter(field, self.submit)
        self.user_name.set_value(service.last_user_name)
        self.shop_name.set_value(service.last_user_name)
        self._on_key_changed(self.keys.reader)
        self._first = (self.password if service.last_user_name else self.user_name).editor
        self._first.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """The cursor stands in the first field to fill: a page put into a window that is open already would start at its first field."""
        super().showEvent(event)
        if not event.spontaneous():
            self._first.setFocus()

    def submit(self) -> None:
        """Sign in with what is typed, unless something is missing."""
        if not self.button.isEnabled():
            return
        problems = self.form.check()
        if problems:
            self.form.go_to(problems[0].field or "user_name")
            return
        self.banner.hide()
        self.keys.clear_problem()
        self.button.setEnabled(False)
        shop = self.shop_name.value() or self.user_name.value()
        job = self._service.sign_in(self.user_name.value(), self.password.value(), shop, self.keys.reader, self.pin.take())
        self.progress.follow(jobs.run(job, self, self._on_signed_in, self._on_failed, self.progress.show_progress), _("Signing in…"))

    def _on_signed_in(self, actor: Actor) -> None:
        self._on_ended()
        self.password.set_value("")
        self.keys.stop()
        self.signed_in.emit(actor)

    def _on_failed(self, error: BaseException) -> None:
        self._on_ended()
        if not isinstance(error, UserCancelled) and not stand_at_place(error, self.form, self.keys):
            show_failure(error, self, self.banner, self.form)
        if self.pin.problem is None:
            self._on_key_changed(self.keys.reader)

    def _on_ended(self) -> None:
        self.progress.end()
        self.button.setEnabled(True)

    def _on_user_name_edited(self) -> None:
        if not self._shop_typed:
            self.shop_name.set_value(self.user_name.value())

    def _on_shop_name_edited(self) -> None:
        self._shop_typed = bool(self.shop_name.value())

    def _on_key_changed(self, reader: str) -> None:
        if not reader:
            self.pin.show_hint("")
            return
        jobs.run(self._service.pin_status(reader), self, self._on_pin_status, lambda _error: self.pin.show_hint(""))

    def _on_pin_status(self, status: PinStatus) -> None:
        self.pin.show_hint(tries_sentence(status.tries_left)[0])


def on_enter(field: Field, call: Callable[[], object]) -> None:
    """Call when Enter is pressed in a one-line field."""
    if isinstance(field, TextField):
        field.line.returnPressed.connect(lambda: call())


def beside_keys(title: str, sentence: str, widgets: tuple[QWidget, ...], side: QWidget) -> QVBoxLayout:
    """A page with its widgets in one narrow column in the middle, and the keys at the side."""
    mark = QLabel()
    icons.bind(mark, "seal", "seal", Size.ICON_XL)
    words = column(text(_("sealdesk"), "soft"), text(title, "title"), gap=0)
    body = column(row(mark, words, None, gap=Space.M), gap=Space.M)
    if sentence:
        body.addWidget(text(sentence, "soft", wrap=True))
    for widget in widgets:
        body.addWidget(widget)
    narrow = QWidget()
    narrow.setFixedWidth(Size.SIGN_IN_WIDTH)
    narrow.setLayout(body)
    page = row(None, column(None, narrow, None), None, side, gap=0)
    whole = QVBoxLayout()
    whole.setContentsMargins(margins())
    whole.addLayout(page)
    return whole
