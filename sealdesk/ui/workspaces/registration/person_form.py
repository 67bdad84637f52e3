"""The fields of one person: name, phone, kind and number of the paper; checked elsewhere."""

from __future__ import annotations

from sealdesk.core.i18n import _
from sealdesk.domain.identifiers import DOCUMENT_TITLES, DocumentKind
from sealdesk.domain.units import Person
from sealdesk.ui.parts.fields import ChoiceField, Option, TextField
from sealdesk.ui.parts.form import Form
from sealdesk.ui.workspaces.registration.field_problems import FieldProblems

COLUMNS, SHORT, LONG = 5, 2, 3
"""A number of 18 characters needs a little more than half of the line."""
NAME_LENGTH = 60
NUMBER_LENGTH = 40


class PersonForm(Form):
    """A person, under a dotted prefix such as `unit.principal`."""

    def __init__(self, prefix: str, problems: FieldProblems) -> None:
        super().__init__(columns=COLUMNS)
        name, phone = f"{prefix}.name", f"{prefix}.phone"
        kind, number = f"{prefix}.document_kind", f"{prefix}.document_number"
        kinds = tuple(Option(str(one), _(DOCUMENT_TITLES[one])) for one in DocumentKind)
        self._name = TextField(name, _("Name"), required=True, check=problems.known(name), length_max=NAME_LENGTH)
        self._phone = TextField(phone, _("Phone"), required=True, check=problems.known(phone), length_max=NUMBER_LENGTH)
        self._kind = ChoiceField(kind, _("Document"), kinds, required=True, check=problems.known(kind))
        self._number = TextField(number, _("Document number"), required=True, check=problems.known(number), length_max=NUMBER_LENGTH)
        for field, span in ((self._name, SHORT), (self._phone, LONG), (self._kind, SHORT), (self._number, LONG)):
            self.add(field, span)
            problems.watch(field.name, field)

    def person(self) -> Person:
        """What is typed."""
        return Person(
            name=self._name.value(),
            document_kind=self._kind.value() or str(DocumentKind.RESIDENT_ID),
            document_number=self._number.value(),
            phone=self._phone.value(),
        )

    def show_person(self, person: Person) -> None:
        """Fill in by program."""
        self._name.set_value(person.name)
        self._phone.set_value(person.phone)
        self._kind.set_value(person.document_kind)
        self._number.set_value(person.document_number)
