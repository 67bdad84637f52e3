"""Who collects: filled from handler or person in charge, or typed; another person needs a power of attorney. It signs nothing."""

from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from sealdesk.core.clock import CHINA
from sealdesk.core.errors import StorageError, UserError
from sealdesk.core.i18n import N_, _
from sealdesk.core.lanes import Task
from sealdesk.domain.deliveries import CheckedPapers, check_collector
from sealdesk.domain.identifiers import DOCUMENT_TITLES, DocumentKind, check_document, check_phone, mask_document
from sealdesk.domain.units import Person
from sealdesk.stages.logistics.queries import DeliverableOrder
from sealdesk.stages.logistics.rules import RevealDocument
from sealdesk.ui.desk import Shell
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import explain, quiet
from sealdesk.ui.parts.card import Card
from sealdesk.ui.parts.document_slots import Paper, Slot, SlotCard
from sealdesk.ui.parts.fields import ChoiceField, FlagField, Option, TextField
from sealdesk.ui.parts.form import Form
from sealdesk.ui.parts.layouts import column
from sealdesk.ui.workspaces.logistics.number_field import NumberField
from sealdesk.workflow.desk import Desk

AUTHORISATION = "authorisation"


class PaperUnreadableError(StorageError):
    """The chosen file cannot be read."""

    code = "ui.paper.unreadable"
    sentence = N_("The file {name} cannot be read.")
    advice = N_("Choose another file.")


class CollectorForm(QWidget):
    """`edited` comes at every change."""

    edited = Signal()

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self._order: DeliverableOrder | None = None
        self._authorisation = ""
        self._paper_name = ""
        self.banner = Banner()
        self.handler_button = quiet(_("Handler"), lambda: self._fill_from("handler"), icon="person")
        self.principal_button = quiet(_("Person in charge"), lambda: self._fill_from("principal"), icon="person")
        self.other_button = quiet(_("Another person"), lambda: self._fill(None), icon="edit")
        self.form = Form(columns=2)
        kinds = [Option(kind.value, _(title)) for kind, title in DOCUMENT_TITLES.items()]
        self.form.add(TextField("name", _("Name"), required=True, length_max=30))
        self.form.add(TextField("phone", _("Telephone"), required=True, check=lambda value: check_phone(value, "phone"), length_max=20))
        self.form.add(ChoiceField("document_kind", _("Document"), kinds, required=True))
        self.number = NumberField("document_number", check=self._check_number)
        self.form.add(self.number)
        self.form.add(FlagField("original_seen", _("Papers checked"), _("I have seen the original document"), hint=""), span=2)
        self.slot = SlotCard(self._slot())
        self.slot.offered.connect(self._on_offered)
        self.slot.removed.connect(lambda _slot, _paper: self._keep_authorisation("", ""))
        self.form.edited.connect(lambda _name: self._on_edited())
        self.card = Card(_("Collector"))
        self.reveal_button = quiet(_("Show the number"), self._on_reveal_clicked, icon="see")
        self.number.masked.connect(self._offer_number)
        self._offer_number()
        for button in (self.reveal_button, self.handler_button, self.principal_button, self.other_button):
            self.card.tools.addWidget(button)
        for part in (self.banner, self.form, self.slot):
            self.card.body.addWidget(part)
        self.setLayout(column(self.card, gap=0))

    def show_order(self, order: DeliverableOrder) -> None:
        """Begin with the handler of another order; the same order keeps what was typed."""
        if self._order is not None and self._order.id == order.id:
            self._order = order
            return
        self._order = order
        self._keep_authorisation("", "")
        self.form.set_values({"original_seen": False})
        self.banner.hide()
        self._fill(order.handler)

    @property
    def collector(self) -> Person:
        """Who collects, the number in its normal form where it is in order."""
        values = self.form.values()
        number = values["document_number"]
        with contextlib.suppress(UserError):  # the field says what is wrong
            number = check_document(values["document_kind"] or "", number, self._today()).number
        return Person(values["name"], values["document_kind"] or "", number, values["phone"])

    @property
    def papers(self) -> CheckedPapers:
        """What the clerk has seen."""
        return CheckedPapers(bool(self.form.field("original_seen").value()), self._authorisation)

    @property
    def is_another(self) -> bool:
        """Whether neither the handler nor the person in charge collects."""
        order, collector = self._order, self.collector
        return order is not None and not collector.same_as(order.handler) and not collector.same_as(order.principal)

    def is_in_order(self) -> bool:
        """Check everything now; what is wrong stands beside its field."""
        if self._order is None or self.form.check():
            problems = self.form.problems()
            if problems:
                self.form.show_problem(problems[0])
            return False
        try:
            check_collector(self.collector, self._order.handler, self._order.principal, self.papers, self._today())
        except UserError as refusal:
            self.form.show_problem(refusal)
            return False
        return True

    # -- filling ---------------------------------------------------------------------------------------------------------------

    def _fill_from(self, who: str) -> None:
        if self._order is not None:
            self._fill(self._order.handler if who == "handler" else self._order.principal)

    def _fill(self, person: Person | None) -> None:
        self.form.clear_problems()
        shown = person or Person("", DocumentKind.RESIDENT_ID.value, "", "")
        self.form.set_values(
            {
                "name": shown.name,
                "document_kind": shown.document_kind,
                "document_number": shown.document_number,
                "phone": shown.phone,
            }
        )
        self.form.go_to("name" if person is None else "original_seen")
        self._on_edited()

    def _on_edited(self) -> None:
        self.slot.setVisible(self.is_another)
        order = self._order
        hint = ""
        if order is not None and self.is_another and self.form.field("name").value():
            number = mask_document(order.handler.document_number)
            hint = _("The handler on file is {name}, {number}.").format(name=order.handler.name, number=number)
        self.form.field("name").show_hint(hint)
        self.edited.emit()

    def _offer_number(self) -> None:
        """A covered number can be shown by whom it concerns; each look is recorded."""
        self.reveal_button.setVisible(self.number.is_masked)
        refused = self._desk.may(RevealDocument)
        explain(self.reveal_button, None if refused is None else str(refused))

    def _on_reveal_clicked(self) -> None:
        if self._order is not None:
            job = self._desk.execute(RevealDocument(self._order.id))
            self._shell.run(job, self, lambda _outcome: self.number.reveal(), self._shell.failing(self.banner))

    def _check_number(self, value: str) -> None:
        check_document(self.form.field("document_kind").value() or "", value, self._today(), "document_number")

    def _today(self) -> date:
        return self._desk.clock.now().astimezone(CHINA).date()

    # -- the power of attorney -------------------------------------------------------------------------------------------------

    def _slot(self) -> Slot:
        papers = (Paper(self._authorisation, self._paper_name),) if self._authorisation else ()
        advice = _("Another person collects only with a power of attorney of the unit: drop its scan here.")
        return Slot(AUTHORISATION, _("Power of attorney"), True, papers, "" if papers else advice)

    def _on_offered(self, _slot: str, offered: Any) -> None:
        name = _("Pasted picture") if isinstance(offered, QImage) else offered[0].name
        picture = _png(offered) if isinstance(offered, QImage) else b""
        path = None if isinstance(offered, QImage) else offered[0]

        def work(_task: Task) -> str:
            content = picture if path is None else _read(path)
            return self._desk.attachments.put(content)

        job = self._desk.lanes.computing[0].submit(work)
        failed = self._shell.failing(self.banner)
        self._shell.run(job, self, lambda attachment: self._keep_authorisation(attachment, name), failed)

    def _keep_authorisation(self, attachment: str, name: str) -> None:
        self._authorisation, self._paper_name = attachment, name
        self.slot.show_slot(self._slot())
        if attachment:
            self.form.field("name").show_problem(None)
        self.edited.emit()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PaperUnreadableError(name=path.name) from error


def _png(picture: QImage) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(content.data())
