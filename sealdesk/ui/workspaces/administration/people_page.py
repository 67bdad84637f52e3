"""People: the list at the left, one person with role, permissions, password and keys at the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from PySide6.QtWidgets import QWidget

from sealdesk.core.i18n import _
from sealdesk.domain.access import ROLES
from sealdesk.stages.administration.passwords import hashed
from sealdesk.stages.administration.queries import User, users
from sealdesk.stages.administration.rules import AddUser, ChangePassword, ChangeUser
from sealdesk.ui.desk import Shell
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import normal, primary
from sealdesk.ui.parts.card import ActionBar, Card
from sealdesk.ui.parts.empty_state import Empty
from sealdesk.ui.parts.layouts import column, holding, margins, row, scrolling, text, upright
from sealdesk.ui.parts.state_chip import Chip
from sealdesk.ui.parts.table import Table
from sealdesk.ui.parts.table_model import Column
from sealdesk.ui.theme import Space, Tone
from sealdesk.ui.workspaces.administration.permission_matrix import PermissionMatrix, permissions_of_role
from sealdesk.ui.workspaces.administration.person_form import PersonForm
from sealdesk.ui.workspaces.administration.person_keys import PersonKeys
from sealdesk.workflow.desk import Desk


@dataclass(frozen=True, slots=True)
class _Unsaved:
    """What was typed about a person and not saved yet; kept while another one is looked at."""

    values: dict[str, Any]
    permissions: tuple[str, ...]


class PeoplePage(QWidget):
    """人员与密钥."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self._user: User | None = None
        self._people: tuple[User, ...] = ()
        self._unsaved: dict[str, _Unsaved] = {}
        self._wanted = ""
        self.table = _table(self.begin)
        self.form = PersonForm()
        self.matrix = PermissionMatrix()
        self.keys = PersonKeys(desk, shell)
        self.banner = Banner()
        self._title = text("", "heading")
        self.add_button = normal(_("Add a person"), self.begin, icon="add")
        self.save_button = primary(_("Save"), self.save, shortcut="Ctrl+S")
        self.revert_button = normal(_("Undo changes"), self.revert)
        self.bar = ActionBar(self.revert_button, self.save_button)
        self._failed = shell.failing(self.banner, self.form)
        self._lay_out()
        self.table.selected.connect(self._on_selected)
        self.form.edited.connect(self._on_form_edited)
        self.matrix.edited.connect(self._on_edited)
        shell.on_changed(self, frozenset({"users"}), self.refresh)
        self._show(None)
        self.refresh()

    def refresh(self) -> None:
        """Read the people again; what is typed stays."""
        self._shell.run(self._desk.ask(users), self, self._on_people, self._failed)

    def begin(self) -> None:
        """Begin a new person."""
        self.table.clearSelection()
        self._show(None)
        self.form.go_to("name")

    def revert(self) -> None:
        """Forget what was typed and not saved."""
        self._unsaved.pop(self._key(), None)
        self.form.clear_problems()
        self._show(self._user)

    def save(self) -> None:
        """Save the person; the password is hashed on a lane of its own first."""
        problems = self.form.check()
        if problems:
            self.form.go_to(problems[0].field or "name")
            return
        self.banner.hide()
        self.save_button.setEnabled(False)
        password = self.form.password.value()
        if not password:
            self._save(None)
            return
        job = hashed(self._desk, password, self.form.name.value())
        self._shell.run(job, self, self._save, self._on_refused)

    def _save(self, password_hash: str | None) -> None:
        values, permissions = self.form.values(), self.matrix.value()
        user = self._user
        if user is None:
            self._wanted = str(uuid4())
            command: object = AddUser(
                self._wanted, values["name"], values["display_name"], values["shop_name"], values["role"], permissions, password_hash or ""
            )
            self._shell.run(self._desk.execute(command), self, lambda _outcome: self._on_saved(), self._on_refused)
            return
        change = ChangeUser(user.id, values["display_name"], values["shop_name"], values["role"], permissions, values["active"])

        def then(_outcome: object) -> None:
            if password_hash is None:
                self._on_saved()
                return
            job = self._desk.execute(ChangePassword(user.id, password_hash))
            self._shell.run(job, self, lambda _outcome: self._on_saved(), self._on_refused)

        self._shell.run(self._desk.execute(change), self, then, self._on_refused)

    # -- what comes back -------------------------------------------------------------------------------------------------------

    def _on_saved(self) -> None:
        self._unsaved.pop(self._key(), None)
        self.form.forget_passwords()
        self._shell.say(_("Saved."))
        self.refresh()

    def _on_refused(self, error: BaseException) -> None:
        self._failed(error)
        self._show_state()

    def _on_people(self, people: tuple[User, ...]) -> None:
        self._people = people
        self.table.show_rows(people)
        wanted, self._wanted = self._wanted, ""
        if wanted and self.table.select(wanted):
            return
        here = next((person for person in people if self._user is not None and person.id == self._user.id), None)
        if here is not None:
            self._show(here)
        elif self._user is None and people and "" not in self._unsaved and not self.form.is_touched():
            self.table.select(people[0].id)

    def _on_selected(self, person: User | None) -> None:
        if person is None or (self._user is not None and person.id == self._user.id):
            return
        self.banner.hide()
        self._show(person)

    def _on_form_edited(self, name: str) -> None:
        if name == "role":
            self.matrix.set_value(permissions_of_role(self.form.role.value()))
        self._on_edited()

    def _on_edited(self) -> None:
        self._keep_typed()
        self._show_state()

    # -- showing ---------------------------------------------------------------------------------------------------------------

    def _show(self, person: User | None) -> None:
        self._user = person
        self._title.setText(_("New person") if person is None else person.display_name)
        self.form.show_person(person)
        self.matrix.set_value(permissions_of_role(self.form.role.value()) if person is None else person.permissions)
        kept = self._unsaved.get(self._key())
        if kept is not None:
            self.form.set_values(kept.values)
            self.matrix.set_value(kept.permissions)
        self.keys.show_user(person)
        self._show_state()

    def _show_state(self) -> None:
        changed = self._key() in self._unsaved
        default = permissions_of_role(self.form.role.value())
        differs = self.matrix.value() != default
        self.form.role.show_hint(_("The permissions below differ from those of the role.") if differs else "")
        refusal = self._desk.may(AddUser if self._user is None else ChangeUser)
        self.bar.explain(self.save_button, str(refusal) if refusal is not None else None if changed else _("Nothing was changed."))
        self.revert_button.setVisible(changed)
        self.bar.say(_("Not saved yet") if changed else "")

    def _keep_typed(self) -> None:
        if self.form.is_touched() or self._permissions_differ():
            kept = {name: value for name, value in self.form.values().items() if not name.startswith("password")}
            self._unsaved[self._key()] = _Unsaved(kept, self.matrix.value())
        else:
            self._unsaved.pop(self._key(), None)

    def _permissions_differ(self) -> bool:
        before = permissions_of_role(self.form.role.value()) if self._user is None else self._user.permissions
        return tuple(sorted(before)) != self.matrix.value()

    def _key(self) -> str:
        return "" if self._user is None else self._user.id

    def _lay_out(self) -> None:
        left = column(row(text(_("People"), "heading"), None, self.add_button), self.table, gap=Space.S)
        left.setContentsMargins(margins(Space.S))
        person = Card(_("Person"))
        person.tools.addWidget(self.form.active)
        person.body.addWidget(self.form)
        rights = Card(_("Permissions"), note=_("The name of a stage ticks everything in it."))
        rights.body.addWidget(self.matrix)
        content = holding(column(person, self.keys, rights, None, gap=Space.S, around=margins(x=0, y=Space.XS)))
        right = column(self._title, self.banner, gap=Space.S, around=margins(x=Space.M, y=Space.S))
        right.addWidget(scrolling(content), 1)
        editor = column(gap=0)
        editor.addLayout(right, 1)
        editor.addWidget(self.bar)
        whole = row(gap=0)
        whole.addLayout(left, 4)
        whole.addWidget(upright())
        whole.addLayout(editor, 8)
        self.setLayout(whole)


def _table(begun: Any) -> Table:
    titles = {role.name: role.title for role in ROLES}
    columns = (
        Column[User](_("Name"), lambda user: user.display_name),
        Column[User](_("User name"), lambda user: user.name, width=11),
        Column[User](_("Role"), lambda user: _(titles.get(user.role, user.role)), width=12, soft=True),
        Column[User](_("State"), lambda user: _chip(user).word, width=11, chip=_chip),
    )
    return Table(_("People"), columns, lambda user: user.id, Empty("person", _("No people yet"), "", _("Add a person")), begun=begun)


def _chip(user: User) -> Chip:
    if not user.active:
        return Chip(_("Deactivated"), Tone.IDLE)
    if not user.keys:
        return Chip(_("No key"), Tone.WARN)
    return Chip(_("Active"), Tone.OK)
