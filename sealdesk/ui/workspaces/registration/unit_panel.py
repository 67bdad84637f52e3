"""The left of registration: the unit, its person in charge and the handler. A known unit's name fills in the rest.

It asks for units by name and holds what is typed; what is right or wrong is judged elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from sealdesk.core.i18n import _
from sealdesk.core.lanes import Job
from sealdesk.domain.units import UNIT_KIND_TITLES, Person, Unit, UnitKind
from sealdesk.stages.registration.queries import unit_by_name, units_like
from sealdesk.stages.registration.rules import EMPTY_UNIT, NOBODY
from sealdesk.ui import jobs
from sealdesk.ui.parts.buttons import quiet
from sealdesk.ui.parts.card import Card
from sealdesk.ui.parts.fields import ChoiceField, Field, Option, TextField
from sealdesk.ui.parts.form import Form
from sealdesk.ui.parts.layouts import column
from sealdesk.ui.parts.picker import Choice, PickerField
from sealdesk.ui.theme import Space
from sealdesk.ui.workspaces.registration.field_problems import FieldProblems
from sealdesk.ui.workspaces.registration.person_form import COLUMNS, LONG, SHORT, PersonForm
from sealdesk.workflow.desk import Desk

OLD_NUMBER_DIGITS = 15
AREA_DIGITS = 6


def numbers_of(typed: str) -> tuple[str, str]:
    """What is typed as (uscc, old registration number): 15 digits are the old number, all else is held to be a uscc."""
    plain = "".join(typed.split())
    if len(plain) == OLD_NUMBER_DIGITS and plain.isascii() and plain.isdigit():
        return "", plain
    return plain.upper(), ""


class UnitPanel(QWidget):
    """`edited` comes at every change by the person, `known_unit` when a unit of that name filled the form."""

    edited = Signal()
    known_unit = Signal(str)

    def __init__(
        self, desk: Desk, failed: Callable[[BaseException], object], problems: FieldProblems, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._failed = failed
        self._base = EMPTY_UNIT
        self._area_follows = True
        self._form = Form(columns=COLUMNS)
        self._make_fields(problems)
        self.principal = PersonForm("unit.principal", problems)
        self.handler = PersonForm("handler", problems)
        self.same_button = quiet(_("Same as person in charge"), self.copy_principal, icon="copy", shortcut="Ctrl+G")
        unit_card = Card(_("Unit"))
        unit_card.body.addWidget(self._form)
        principal_card = Card(_("Person in charge"))
        principal_card.body.addWidget(self.principal)
        handler_card = Card(_("Handler"))
        handler_card.tools.addWidget(self.same_button)
        handler_card.body.addWidget(self.handler)
        self.setLayout(column(unit_card, principal_card, handler_card, None, gap=Space.S))
        self._form.edited.connect(self._on_form_edited)
        for person in (self.principal, self.handler):
            person.edited.connect(lambda _name: self.edited.emit())
        self._name.picked.connect(self._on_name_picked)
        self._name.line.editingFinished.connect(self._on_name_finished)

    def _make_fields(self, problems: FieldProblems) -> None:
        kinds = tuple(Option(str(kind), _(UNIT_KIND_TITLES[kind])) for kind in UnitKind)
        name = "unit.name"
        self._name = PickerField(
            name, _("Full name"), self._find_units, required=True, check=problems.known(name), placeholder=_("As on the licence"), free=True
        )
        self._number = TextField(
            "unit.uscc", _("Credit code or old number"), required=True, check=problems.known("unit.uscc"), length_max=24
        )
        self._kind = ChoiceField("unit.kind", _("Kind of unit"), kinds, required=True)
        self._area = TextField(
            "unit.area_code", _("Area code"), required=True, check=problems.known("unit.area_code"), length_max=AREA_DIGITS
        )
        self._phone = TextField("unit.phone", _("Unit's phone"), check=problems.known("unit.phone"), length_max=40)
        self._address = TextField("unit.address", _("Address"), required=True, check=problems.known("unit.address"))
        self._form.add(self._name, COLUMNS)
        self._form.add(self._number, LONG)
        self._form.add(self._kind, SHORT)
        self._form.add(self._area, LONG)
        self._form.add(self._phone, SHORT)
        self._form.add(self._address, COLUMNS)
        watched: tuple[Field, ...] = (self._name, self._number, self._kind, self._area, self._phone, self._address)
        for field in watched:
            problems.watch(field.name, field)

    def unit(self) -> Unit:
        """What is typed; the rest is kept as it was."""
        uscc, old_number = numbers_of(self._number.value())
        return replace(
            self._base,
            name=self._name.value(),
            kind=self._kind.value() or str(UnitKind.ENTERPRISE),
            uscc=uscc,
            registration_number=old_number,
            area_code=self._area.value(),
            address=self._address.value(),
            phone=self._phone.value(),
            principal=self.principal.person(),
        )

    def show_unit(self, unit: Unit, handler: Person | None = None) -> None:
        """Fill in by program; without `handler` the handler stays."""
        self._base = unit
        self._area_follows = not unit.area_code
        self._name.set_value(unit.name)
        self._number.set_value(unit.uscc or unit.registration_number)
        self._kind.set_value(unit.kind)
        self._area.set_value(unit.area_code)
        self._phone.set_value(unit.phone)
        self._address.set_value(unit.address)
        self.principal.show_person(unit.principal)
        if handler is not None:
            self.handler.show_person(handler)
        self._name.show_hint("")

    def show_area(self, name: str) -> None:
        """The name of the place that the area code stands for."""
        self._area.show_hint(name)

    def propose_area(self, code: str) -> None:
        """The area that the credit code names; nobody should type it twice, but what he typed stays."""
        if code and self._area_follows and self._area.value() != code and not self._area.editor.hasFocus():
            self._area.set_value(code)
            self.edited.emit()

    def copy_principal(self) -> None:
        """同负责人: the person in charge is the handler too."""
        self.handler.show_person(self.principal.person())
        self.edited.emit()

    def begin(self) -> None:
        """Bring the cursor to where typing begins."""
        self._name.editor.setFocus()

    def _find_units(self, words: str) -> Job[tuple[Choice, ...]]:
        return self._desk.ask(
            lambda session: tuple(Choice(unit, unit.name, unit.uscc or unit.registration_number) for unit in units_like(session, words))
        )

    def _on_form_edited(self, name: str) -> None:
        if name == "unit.area_code":
            self._area_follows = self._area.is_empty()
        self.edited.emit()

    def _on_name_picked(self, choice: Choice | None) -> None:
        if choice is not None and isinstance(choice.value, Unit):
            self._take(choice.value)

    def _on_name_finished(self) -> None:
        """The manual's way: the full name of a known unit fills in what is still empty."""
        name = self._name.value()
        if name and self._is_blank():
            jobs.run(
                self._desk.ask(lambda session: unit_by_name(session, name)),
                self,
                lambda unit: self._on_unit_found(name, unit),
                lambda _error: None,
            )

    def _on_unit_found(self, name: str, unit: Unit | None) -> None:
        if unit is not None and self._name.value() == name and self._is_blank():
            self._take(unit)

    def _take(self, unit: Unit) -> None:
        self.show_unit(unit)
        self._name.show_hint(_("Known unit; its data was filled in."))
        if self.handler.person() == NOBODY:
            self.handler.setFocus()
        self.edited.emit()
        self.known_unit.emit(unit.name)

    def _is_blank(self) -> bool:
        others = (self._number, self._area, self._phone, self._address)
        return all(field.is_empty() for field in others) and not self.principal.person().name
