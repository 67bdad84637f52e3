"""The USB keys of one person: those that are bound, and those that are inserted now and could be."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from sealdesk.core.clock import CHINA
from sealdesk.core.i18n import _
from sealdesk.stages.administration.keys import InsertedKey, inspect_key
from sealdesk.stages.administration.queries import KeyLine, User, key_lines
from sealdesk.stages.administration.rules import BindKey, UnbindKey
from sealdesk.ui import icons
from sealdesk.ui.desk import Shell
from sealdesk.ui.interaction import Danger
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import explain, normal, quiet
from sealdesk.ui.parts.card import Card
from sealdesk.ui.parts.layouts import clear, column, row, text
from sealdesk.ui.presenting import show_failure
from sealdesk.ui.readers import LiveReaders
from sealdesk.ui.theme import Size, Space
from sealdesk.workflow.desk import Desk


class PersonKeys(Card):
    """Shows and binds keys; changes come back by `refresh`, which whoever owns it calls."""

    def __init__(self, desk: Desk, shell: Shell) -> None:
        super().__init__(_("USB keys"))
        self._desk = desk
        self._shell = shell
        self._user: User | None = None
        self._asked = 0
        self.banner = Banner()
        self._bound = column(gap=Space.S)
        self._inserted = column(gap=Space.S)
        self._heading = text(_("Inserted now"), "label")
        self.body.addWidget(self.banner)
        self.body.addLayout(self._bound)
        self.body.addWidget(self._heading)
        self.body.addLayout(self._inserted)
        self._readers = LiveReaders(desk.devices, self)
        self._readers.changed.connect(self._show_inserted)
        self.show_user(None)

    def show_user(self, user: User | None) -> None:
        """Show the keys of somebody; None for a person who is not saved yet."""
        if user is None or self._user is None or user.id != self._user.id:
            self.banner.hide()
        self._user = user
        self._heading.setVisible(user is not None)
        if user is None:
            clear(self._bound)
            clear(self._inserted)
            self._bound.addWidget(text(_("Save the person first; then a key can be bound."), "soft", wrap=True))
            return
        self._shell.run(self._desk.ask(lambda session: key_lines(session, user.id)), self, self._show_bound, self._failed)
        self._show_inserted()

    def bind(self, key: InsertedKey) -> None:
        """Bind an inserted key to the person."""
        user = self._user
        if user is None:
            return
        self.banner.hide()
        command = BindKey(user.id, key.serial, key.certificate)
        said = _("The key of {holder} is bound to {name}.").format(holder=key.holder, name=user.display_name)
        self._shell.run(self._desk.execute(command), self, lambda _outcome: self._done(said), self._failed)

    def unbind(self, key: KeyLine) -> None:
        """Take a key away, after the person confirmed."""
        user = self._user
        if user is None:
            return
        danger = Danger(
            _("Take key {serial} away from {name}?").format(serial=key.serial, name=user.display_name),
            _("Nobody can sign in with this key any more until it is bound again. Do this at once when a key is lost."),
            _("Take the key away"),
        )
        said = _("Key {serial} was taken away.").format(serial=key.serial)

        def confirmed() -> None:
            self.banner.hide()
            job = self._desk.execute(UnbindKey(user.id, key.fingerprint))
            self._shell.run(job, self, lambda _outcome: self._done(said), self._failed)

        self._shell.confirm(danger, confirmed)

    def _done(self, sentence: str) -> None:
        self._shell.say(sentence)
        self.show_user(self._user)

    def _failed(self, error: BaseException) -> None:
        show_failure(error, self, self.banner)

    def _show_bound(self, keys: tuple[KeyLine, ...]) -> None:
        clear(self._bound)
        for key in keys:
            until = "" if key.valid_until is None else key.valid_until.astimezone(CHINA).strftime("%Y-%m-%d")
            since = key.bound_at.astimezone(CHINA).strftime("%Y-%m-%d")
            facts = _("No. {serial} · valid until {until} · bound on {since}").format(serial=key.serial, until=until, since=since)
            away = quiet(_("Take away"), partial(self.unbind, key), icon="remove")
            away.setAccessibleName(_("Take key {serial} away").format(serial=key.serial))
            explain(away, self._why_not(UnbindKey))
            self._bound.addWidget(_line("key", "ok", key.holder, facts, away))
        if not keys:
            self._bound.addWidget(text(_("No key is bound: this person cannot sign in yet."), "soft", wrap=True))

    def _show_inserted(self) -> None:
        if self._user is None:
            return
        self._asked += 1
        number = self._asked
        clear(self._inserted)
        if not self._readers.keys:
            self._inserted.addWidget(
                text(_("No USB key is inserted. Insert the person's key to bind it; no PIN is needed."), "soft", wrap=True)
            )
        for state in self._readers.keys:
            job = inspect_key(self._desk, state.reader)
            self._shell.run(job, self, lambda key: self._show_key(number, key), lambda error: self._show_unreadable(number, error))

    def _show_key(self, number: int, key: InsertedKey) -> None:
        if number != self._asked:
            return  # of readers as they were before
        until = key.valid_until.astimezone(CHINA).strftime("%Y-%m-%d")
        facts = _("No. {serial} · valid until {until} · issued by {issuer}").format(serial=key.serial, until=until, issuer=key.issuer)
        bind = normal(_("Bind"), lambda: self.bind(key), icon="add")
        taken = _("This key is bound to {owner}.").format(owner=key.owner) if key.owner else ""
        reason = taken or key.problem or self._why_not(BindKey)
        explain(bind, reason or None)
        bind.setAccessibleName(_("Bind key {serial}").format(serial=key.serial))
        self._inserted.addWidget(_line("key", "warn" if key.problem else "ink_soft", key.holder, facts, bind, reason or ""))

    def _show_unreadable(self, number: int, error: BaseException) -> None:
        if number == self._asked:
            self._inserted.addWidget(text(str(error), "soft", wrap=True))

    def _why_not(self, command: type) -> str | None:
        refusal = self._desk.may(command)
        return None if refusal is None else str(refusal)


def _line(icon: str, colour: str, title: str, facts: str, action: QWidget, note: str = "") -> QWidget:
    mark = QLabel()
    mark.setFixedSize(Size.ICON_M, Size.ICON_M)
    icons.bind(mark, icon, colour, Size.ICON_M)
    words = column(text(title, "strong", wrap=True), text(facts, "caption", wrap=True), gap=Space.XXS)
    if note:
        words.addWidget(text(note, "caption", wrap=True))
    layout = row(gap=Space.S)
    layout.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    layout.addLayout(words, 1)
    layout.addWidget(action, 0, Qt.AlignmentFlag.AlignTop)
    line = QWidget()
    line.setLayout(layout)
    line.setAccessibleName(f"{title} {facts} {note}".strip())
    return line
