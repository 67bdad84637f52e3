"""The two pages that interrupt the opening: the passphrase of the key file, and what failed; they open nothing themselves."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_, _
from sealdesk.ui import icons
from sealdesk.ui.failures import present
from sealdesk.ui.parts.buttons import normal, primary, quiet
from sealdesk.ui.parts.fields import TextField
from sealdesk.ui.parts.form import Form
from sealdesk.ui.parts.layouts import column, row, text
from sealdesk.ui.theme import Size, Space

PASSPHRASE_LENGTH_MIN = 10
_DETAILS_ROWS = 7


class PassphraseShortError(UserError):
    """The new passphrase has too few characters."""

    code = "ui.opening.passphrase_short"
    sentence = N_("A passphrase has at least {count} characters; a sentence is best.")


class PassphrasesDifferError(UserError):
    """The passphrase was typed differently the second time."""

    code = "ui.opening.passphrases_differ"
    sentence = N_("The two passphrases are not the same.")


class WrongPassphraseError(UserError):
    """The passphrase does not open the key file."""

    code = "ui.opening.passphrase_wrong"
    sentence = N_("The passphrase is not correct.")


class PassphrasePage(QWidget):
    """Asks for the passphrase, twice for a new one. `given` brings it, `left` says that the person gives up."""

    given = Signal(str)
    left = Signal()

    def __init__(self, *, is_new: bool, attempt: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = _("Choose a passphrase") if is_new else _("Enter the passphrase")
        sentence = (
            _("This computer has no key store. The keys of the local store are kept in a file under this passphrase; it is asked at "
              "every start, and without it nobody can open the store.")
            if is_new
            else _("The keys of the local store are in a file under your passphrase.")
        )  # fmt: skip
        self.form = Form(columns=1)
        self.passphrase = TextField(
            "passphrase", _("Passphrase"), required=True, secret=True, length_max=256, check=_check_new if is_new else None
        )
        self.form.add(self.passphrase)
        self.again = TextField(
            "passphrase_again", _("Passphrase once more"), required=True, secret=True, length_max=256, check=self._check_again
        )
        if is_new:
            self.form.add(self.again)
        last = self.again if is_new else self.passphrase
        last.line.returnPressed.connect(self.submit)
        self.button = primary(_("Go on"), self.submit)
        leave = quiet(_("Quit"), self.left.emit)
        self.setLayout(
            column(text(title, "heading"), text(sentence, "soft", wrap=True), self.form, row(leave, None, self.button), gap=Space.M)
        )
        if attempt > 1:
            self.passphrase.show_problem(WrongPassphraseError(field="passphrase"))

    def submit(self) -> None:
        """Hand the passphrase over, unless something is wrong with it."""
        problems = self.form.check()
        if problems:
            self.form.go_to(problems[0].field or "passphrase")
            return
        words = self.passphrase.value()
        self.passphrase.set_value("")
        self.again.set_value("")
        self.given.emit(words)

    def _check_again(self, typed: str) -> None:
        if typed != self.passphrase.value():
            raise PassphrasesDifferError(field="passphrase_again")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.passphrase.editor.setFocus()


class FailurePage(QWidget):
    """What failed and what to do. `retried` asks for another try, `left` for the end."""

    retried = Signal()
    left = Signal()

    def __init__(self, error: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        shown = present(error)
        icon = QLabel()
        icons.bind(icon, shown.tone.value, shown.tone.value, Size.ICON_L)
        icon.setFixedSize(Size.ICON_L, Size.ICON_L)
        self.sentence = text(shown.sentence, "heading", wrap=True)
        self.advice = text(shown.advice, "", wrap=True)
        self.advice.setVisible(bool(shown.advice))
        self.details = QPlainTextEdit(shown.details)
        self.details.setReadOnly(True)
        self.details.setAccessibleName(_("Details"))
        self.details.setFixedHeight(_DETAILS_ROWS * Size.ICON_M)
        self.details.hide()
        self.retry_button = primary(_("Try again"), self.retried.emit, icon="retry")
        self.retry_button.setDefault(True)
        self.copy_button = quiet(_("Copy details"), self._on_copy_clicked, icon="copy")
        self.details_button = quiet(_("Details"), self._on_details_clicked)
        head = row(icon, gap=Space.M)
        head.addLayout(column(self.sentence, self.advice, gap=Space.S), 1)
        buttons = row(self.details_button, self.copy_button, None, normal(_("Quit"), self.left.emit), self.retry_button)
        self.setLayout(column(head, self.details, buttons, gap=Space.L))
        self.setAccessibleName(f"{shown.sentence} {shown.advice}".strip())

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(f"{self.sentence.text()}\n{self.details.toPlainText()}")
        self.copy_button.setText(_("Copied"))

    def _on_details_clicked(self) -> None:
        self.details.setVisible(not self.details.isVisible())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.retry_button.setFocus()


def _check_new(typed: str) -> None:
    if len(typed) < PASSPHRASE_LENGTH_MIN:
        raise PassphraseShortError(field="passphrase", count=PASSPHRASE_LENGTH_MIN)
