"""The fields of one seal: type, reason, template, the template's texts, product and name; it holds what is typed and judges nothing."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sealdesk.core.i18n import _
from sealdesk.core.lanes import Lane
from sealdesk.domain.orders import REASON_TITLES, Reason
from sealdesk.domain.seals import PRODUCTS, SEAL_TYPE_TITLES, SealType
from sealdesk.domain.units import Unit
from sealdesk.face.template import Field as TemplateField
from sealdesk.face.template import Template
from sealdesk.stages.registration.checks import template_of
from sealdesk.stages.registration.rules import DraftSeal
from sealdesk.ui.parts.fields import Check, ChoiceField, Field, Option, TextField
from sealdesk.ui.parts.form import Form
from sealdesk.ui.parts.layouts import clear, column, text
from sealdesk.ui.theme import Space
from sealdesk.ui.workspaces.registration.field_problems import FieldProblems
from sealdesk.ui.workspaces.registration.offer import Offer
from sealdesk.ui.workspaces.registration.template_gallery import TemplateGallery
from sealdesk.workflow.templates import Available

SHORT_TEXT = 12
"""Template texts up to this length share a line with another."""


def typed_fields(template: Template) -> tuple[TemplateField, ...]:
    """The texts that a person types: all but the seal code, which the platform gives."""
    return tuple(field for field in template.fields if field.kind != "code")


def prefilled(template: Template, unit: Unit) -> dict[str, str]:
    """The texts of a template that are known from the unit."""
    known = {
        "name": unit.name,
        "person": unit.principal.name,
        "taxnumber": unit.uscc,
        "foreign": unit.name_english,
        "adjoined": unit.name_minority,
    }
    return {field.name: known[field.kind] for field in typed_fields(template) if known.get(field.kind)}


class SealEditor(QWidget):
    """`edited` comes at every change by the person."""

    edited = Signal()

    def __init__(self, lane: Lane, problems: FieldProblems, offer: Offer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problems = problems
        self._offer = offer
        self._unit: Unit | None = None
        self._seal = DraftSeal("", "", "")
        self._index = 0
        self._template_shown = ""
        self._texts: dict[str, TextField] = {}
        types = tuple(Option(str(kind), _(SEAL_TYPE_TITLES[kind])) for kind in SealType)
        reasons = tuple(Option(str(reason), _(REASON_TITLES[reason])) for reason in Reason)
        products = tuple(Option(product.id, _(product.title)) for product in PRODUCTS if product.is_seal)
        self._kind = ChoiceField("seal_type", _("Seal type"), types, required=True, check=self._check("seal_type"))
        self._reason = ChoiceField("reason", _("Reason"), reasons, required=True)
        self._product = ChoiceField("product", _("Product"), products, required=True, check=self._check("product"))
        self._name = TextField("name", _("Name of the seal"), length_max=160)
        self.gallery = TemplateGallery(lane)
        self._gallery_label = text(_("Template"), "label")
        self._gallery_label.setBuddy(self.gallery)
        self._gallery_title = text("", "caption", wrap=True)
        self._head = Form(columns=2)
        self._head.add(self._kind)
        self._head.add(self._product)
        self._foot = Form(columns=2)
        self._foot.add(self._reason)
        self._foot.add(self._name)
        self._middle: QVBoxLayout = column(gap=0)
        gallery = column(self._gallery_label, self.gallery, self._gallery_title, gap=Space.XS)
        self.setLayout(column(self._head, gallery, self._middle, self._foot, gap=Space.S))
        for form in (self._head, self._foot):
            form.edited.connect(self._on_form_edited)
        self.gallery.chosen.connect(self._on_template_chosen)
        offer.changed.connect(self._show_template)

    @property
    def gallery_title(self) -> str:
        """The title of the chosen template."""
        return self._gallery_title.text()

    def show_seal(self, seal: DraftSeal, index: int, unit: Unit) -> None:
        """Edit another seal, which stands at `index` in its order."""
        self._seal, self._index, self._unit = seal, index, unit
        self._kind.set_value(seal.seal_type)
        self._reason.set_value(seal.reason)
        self._product.set_value(seal.product or None)
        self._name.set_value(seal.name)
        self._show_template()
        self._watch()

    def refresh(self, seal: DraftSeal, unit: Unit) -> None:
        """The same seal with texts that followed the unit; the cursor stays where it is."""
        self._seal, self._unit = seal, unit
        for name, field in self._texts.items():
            field.set_value(seal.fields.get(name, ""))
        self._show_placeholder()

    def seal(self) -> DraftSeal:
        """What is typed."""
        fields = {name: field.value() for name, field in self._texts.items()}
        return replace(
            self._seal,
            seal_type=self._kind.value() or "",
            template=self.gallery.template_name(),
            template_file=self.gallery.template_file(),
            fields=MappingProxyType({**fields}),
            product=self._product.value() or "",
            reason=self._reason.value() or str(Reason.NEW),
            name=self._name.value(),
        )

    def begin(self) -> None:
        """Bring the cursor to the type."""
        self._kind.editor.setFocus()

    def go_to(self, place: str) -> None:
        """Bring the cursor to a place of the seal that is no field of a form: the template."""
        if place == "template":
            self.gallery.setFocus()

    def _check(self, name: str) -> Check:
        return lambda value: self._problems.known(f"seals.{self._index}.{name}")(value)

    def _show_template(self) -> None:
        template = template_of(self._seal)
        offered = self._offer.for_type(self._seal.seal_type)
        if (
            template is not None
            and template.seal_type == self._seal.seal_type
            and all(one.template.name != template.name for one in offered)
        ):
            # The order keeps a template that was taken out meanwhile, or an earlier version of the shop's own.
            offered = (*offered, Available(template, self._seal.template_file))
        self.gallery.show_templates(offered, self._seal.template)
        self._gallery_title.setText(_("Choose a template.") if template is None else _(template.title))
        name = "" if template is None else template.name
        if name != self._template_shown:
            self._template_shown = name
            self._problems.remove(f"seals.{self._index}.fields.")
            clear(self._middle)
            self._texts = {}
            if template is not None:
                self._middle.addWidget(self._make_texts(template))
        for field_name, field in self._texts.items():
            field.set_value(self._seal.fields.get(field_name, ""))
        self._show_placeholder()

    def _make_texts(self, template: Template) -> Form:
        form = Form(columns=2)
        for field in typed_fields(template):
            words = _(field.label)
            made = TextField(
                field.name,
                words[:1].upper() + words[1:],
                required=field.required,
                length_max=field.max_length,
                placeholder=_("For example {example}").format(example=field.example) if field.example else "",
                check=self._check(f"fields.{field.name}"),
            )
            self._texts[field.name] = made
            form.add(made, 1 if field.max_length <= SHORT_TEXT else 2)
        form.edited.connect(lambda _name: self._on_form_edited(""))
        return form

    def _watch(self) -> None:
        """Have problems of this seal shown beside these fields."""
        self._problems.remove("seals.")
        where = f"seals.{self._index}"
        fields: dict[str, Field] = {"seal_type": self._kind, "product": self._product, "reason": self._reason, "name": self._name}
        fields |= {f"fields.{name}": field for name, field in self._texts.items()}
        for name, field in fields.items():
            self._problems.watch(f"{where}.{name}", field)

    def _show_placeholder(self) -> None:
        kind = self._seal.seal_type
        known = self._unit is not None and self._unit.name and kind in set(SealType)
        self._name.line.setPlaceholderText(f"{self._unit.name}{_(SEAL_TYPE_TITLES[SealType(kind)])}" if known and self._unit else "")

    def _on_form_edited(self, name: str) -> None:
        if name == "seal_type":
            self._change_type()
            return
        self._seal = self.seal()
        self.edited.emit()

    def _change_type(self) -> None:
        """Another type begins with its first template; texts that the new template has too are kept."""
        seal_type = self._kind.value() or ""
        offered = self._offer.for_type(seal_type)
        first = replace(self._seal, seal_type=seal_type, template="", template_file="")
        self._take(first if not offered else replace(first, template=offered[0].template.name, template_file=offered[0].file))

    def _on_template_chosen(self, _name: str) -> None:
        self._take(self.seal())

    def _take(self, seal: DraftSeal) -> None:
        template = template_of(seal)
        fields: dict[str, str] = {}
        if template is not None:
            wanted = {field.name for field in typed_fields(template)}
            before = template_of(self._seal)
            same_kind = before is None or _name_kind(before) == _name_kind(template)
            kept = {name: value for name, value in seal.fields.items() if name in wanted and value and (same_kind or name != "name")}
            fields = {**({} if self._unit is None else prefilled(template, self._unit)), **kept}
        self._seal = replace(seal, fields=MappingProxyType(fields))
        self._show_template()
        self._watch()
        self.edited.emit()


def _name_kind(template: Template) -> str:
    """Whether the name on a face is a unit's or a person's: texts are carried over between faces of one kind only."""
    return next((field.kind for field in template.fields if field.name == "name"), "")
