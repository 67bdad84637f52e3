"""The form of one person: names, role, whether he may work, and a new password; it saves nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QCheckBox, QWidget

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_, _
from sealdesk.domain.access import ROLES
from sealdesk.stages.administration.queries import User
from sealdesk.ui.parts.fields import ChoiceField, Option, TextField
from sealdesk.ui.parts.form import Form

USUAL_ROLE = "counter_clerk"


class PasswordAgainError(UserError):
    """The password was typed differently the second time."""

    code = "ui.administration.password_again"
    sentence = N_("The two passwords are not the same.")


class PersonForm(Form):
    """One person. `is_touched` compares with what was shown last; the box `active` stands where the owner of the form puts it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(columns=3, parent=parent)
        self.name = TextField(
            "name", _("User name"), required=True, length_max=40, hint=_("He signs in with it; it cannot be changed later.")
        )
        self.display_name = TextField("display_name", _("Name"), required=True, length_max=60)
        self.shop_name = TextField(
            "shop_name", _("Shop name"), length_max=120, hint=_("The same as the user name unless you were given another.")
        )
        self.role = ChoiceField("role", _("Role"), [Option(role.name, _(role.title)) for role in ROLES], required=True)
        self.active = QCheckBox(_("May sign in and work"))
        self.active.clicked.connect(lambda _on: self.edited.emit("active"))
        self.password = TextField("password", _("Password"), secret=True, length_max=128)
        self.again = TextField("password_again", _("Password once more"), secret=True, length_max=128, check=self._check_again)
        for field in (self.name, self.display_name, self.shop_name, self.role, self.password, self.again):
            self.add(field)
        self._shown = self.values()

    def values(self) -> dict[str, Any]:
        return {**super().values(), "active": self.active.isChecked()}

    def set_values(self, values: Mapping[str, Any]) -> None:
        super().set_values(values)
        if "active" in values:
            self.active.setChecked(bool(values["active"]))

    def show_person(self, person: User | None) -> None:
        """Show somebody, or the empty form of a new person."""
        is_new = person is None
        self.clear_problems()
        self.set_values(
            {
                "name": "" if person is None else person.name,
                "display_name": "" if person is None else person.display_name,
                "shop_name": "" if person is None else person.shop_name,
                "role": USUAL_ROLE if person is None else person.role,
                "active": True if person is None else person.active,
            }
        )
        self.forget_passwords()
        self.name.line.setReadOnly(not is_new)
        self.name.show_hint(_("He signs in with it; it cannot be changed later.") if is_new else "")
        self.password.required = self.again.required = is_new
        self.password.show_hint("" if is_new else _("Empty: the password stays as it is."))
        self.active.setVisible(not is_new)
        self._shown = self.values()

    def forget_passwords(self) -> None:
        """Empty both passwords."""
        self.password.set_value("")
        self.again.set_value("")

    def is_touched(self) -> bool:
        """Whether something differs from what was shown."""
        return self.values() != self._shown

    def check(self) -> tuple[UserError, ...]:
        """Check every field; the second password is wanted as soon as there is a first one."""
        self.again.required = bool(self.password.value()) or self.password.required
        return super().check()

    def _check_again(self, typed: Any) -> None:
        if typed != self.password.value():
            raise PasswordAgainError(field="password_again")
