"""What the face says in the editor: example texts, the font of the Chinese texts, and the mark in the middle."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from sealdesk.core.i18n import N_, _
from sealdesk.face.specification import ROLES, FaceFont
from sealdesk.face.template import Field as TemplateField
from sealdesk.ui.parts.buttons import normal, quiet
from sealdesk.ui.parts.fields import ChoiceField, Option, TextField
from sealdesk.ui.parts.form import Form
from sealdesk.ui.parts.layouts import clear, column, holding, row, rule, text
from sealdesk.ui.theme import Space
from sealdesk.ui.workspaces.templates.editing import Editing

SHORT_TEXT = 6
ROLE_TITLES = {"song": N_("Song"), "fang": N_("Fangsong"), "kai": N_("Kai"), "sans": N_("Heiti"), "arial": N_("Arial")}


class TextsPanel(QWidget):
    """Every change goes to the editing at once."""

    def __init__(
        self, editing: Editing, import_emblem: Callable[[], object], add_font: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._editing = editing
        self._form: Form | None = None
        self.fields: dict[str, TextField] = {}
        self._place: QVBoxLayout = column(gap=0)
        self._fonts: tuple[FaceFont, ...] = ()
        self.font_field = ChoiceField("font", _("Font of the Chinese texts"), self._choices(), required=True)
        self.font_field.edited.connect(lambda: editing.set_font(self.font_field.value() or ""))
        self.emblem_button = normal(_("Import emblem (SVG)…"), import_emblem, icon="upload")
        self.add_font_button = quiet(_("Add a font file…"), add_font, icon="add")
        self.own_emblem_button = quiet(_("The template's own emblem"), lambda: editing.set_emblem(""), icon="reset")
        self._emblem_words = text("", "caption", wrap=True)
        self.emblem = holding(
            column(
                rule(),
                text(_("Mark in the middle"), "label"),
                row(self.emblem_button, None),
                self._emblem_words,
                row(self.own_emblem_button, None),
            )
        )
        editing.opened.connect(self._show_template)
        font = column(self.font_field, row(self.add_font_button, None), gap=0)
        self.setLayout(column(holding(self._place), holding(font), self.emblem, None, gap=Space.S))

    def _show_template(self) -> None:
        clear(self._place)
        template = self._editing.template
        form = self._form = Form(columns=2)
        self.fields = {}
        for field in template.fields if template is not None else ():
            made = self.fields[field.name] = _made(field)
            form.add(made, 1 if field.max_length <= SHORT_TEXT else 2)
        form.edited.connect(self._on_edited)
        self._place.addWidget(form)
        self.refresh()

    def refresh(self) -> None:
        """Show the texts, the font and the emblem as they are now."""
        edited = self._editing.edited
        for name, field in self.fields.items():
            words = edited.texts.get(name, "")
            if field.value() != words:  # a blank at the end that is still being typed is left alone
                field.set_value(words)
                field.line.setCursorPosition(0)
            field.line.setToolTip(words)  # a long name is wider than its line
        if edited.typeface is not None and edited.typeface not in self._fonts:
            self.show_fonts((*self._fonts, edited.typeface))  # retired meanwhile
        self.font_field.set_value(edited.typeface or edited.font)
        self.own_emblem_button.setVisible(bool(edited.emblem))
        self._emblem_words.setText(_("An imported outline is shown.") if edited.emblem else _("As the template draws it."))

    def show_fonts(self, fonts: tuple[FaceFont, ...]) -> None:
        """Offer the shop's own fonts beside those of the program."""
        self._fonts = fonts
        self.font_field.set_options(self._choices())

    def _choices(self) -> tuple[Option, ...]:
        roles = (Option("", _("The template's own")), *(Option(role, _(ROLE_TITLES[role])) for role in ROLES))
        return (*roles, *(Option(font, _("{name} (the shop's)").format(name=font.name)) for font in self._fonts))

    def show_substitute(self, sentence: str) -> None:
        """Say which typeface stands in for one that this computer does not have."""
        self.font_field.show_hint(sentence)

    def show_emblem(self, possible: bool) -> None:
        """Offer an emblem only for faces that have a mark."""
        self.emblem.setVisible(possible)

    def _on_edited(self, name: str) -> None:
        self._editing.set_text(name, self.fields[name].value())


def _made(field: TemplateField) -> TextField:
    words = _(field.label)
    return TextField(field.name, words[:1].upper() + words[1:], required=field.required, length_max=field.max_length)
