"""The page of a new installation: the platform's address, its root's fingerprint confirmed by a person, and the first user."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QStackedWidget, QVBoxLayout, QWidget

from sealdesk.core.errors import UserCancelled, UserError
from sealdesk.core.i18n import N_, _
from sealdesk.domain.access import Actor
from sealdesk.ui import jobs
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import explain, primary, quiet
from sealdesk.ui.parts.card import Card
from sealdesk.ui.parts.fields import TextField
from sealdesk.ui.parts.form import Form
from sealdesk.ui.parts.layouts import column, row, text
from sealdesk.ui.parts.progress_line import ProgressLine
from sealdesk.ui.parts.stepper import Step, StepList, StepState
from sealdesk.ui.presenting import show_failure
from sealdesk.ui.sign_in import Authority, KeyPanel, PinField, SignInService, beside_keys, on_enter, stand_at_place
from sealdesk.ui.theme import Space

PASSWORD_LENGTH_MIN = 8
_TITLES = (N_("Find the platform"), N_("Compare the fingerprint"), N_("Create the first user"))


class PasswordShortError(UserError):
    """The new password has too few characters."""

    code = "ui.first_run.password_short"
    sentence = N_("A password has at least {count} characters.")


class PasswordsDifferError(UserError):
    """The password was typed differently the second time."""

    code = "ui.first_run.passwords_differ"
    sentence = N_("The two passwords are not the same.")


class UrlError(UserError):
    """The platform's address is not a web address."""

    code = "ui.first_run.url"
    sentence = N_("An address begins with https:// or http://.")


def grouped(fingerprint: str) -> str:
    """A fingerprint in groups of four digits, eight groups a line, so that two people can compare it aloud."""
    digits = "".join(character for character in fingerprint if character.isalnum()).upper()
    groups = [digits[i : i + 4] for i in range(0, len(digits), 4)]
    return "\n".join(" ".join(groups[i : i + 8]) for i in range(0, len(groups), 8))


class FirstRunPage(QWidget):
    """Three steps. `signed_in` brings the actor of the first user."""

    signed_in = Signal(object)

    def __init__(self, service: SignInService, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._service = service
        self._authority: Authority | None = None
        self.steps = StepList()
        self.banner = Banner()
        self.progress = ProgressLine()
        self.pages = QStackedWidget()
        self._build_platform()
        self._build_fingerprint()
        self._build_user()
        self.keys = KeyPanel(service.devices)
        side_layout = self.keys.layout()
        assert isinstance(side_layout, QVBoxLayout)
        side_layout.insertWidget(0, self.steps)
        side_layout.insertSpacing(1, Space.L)
        widgets = (self.pages, self.banner, self.progress)
        self.setLayout(beside_keys(_("Set up this workplace"), _("This is done once, when the program is new."), widgets, self.keys))
        self.go_to(0)

    def go_to(self, page: int) -> None:
        """Show one of the three steps."""
        self.banner.hide()
        self.pages.setCurrentIndex(page)
        states = [StepState.DONE if i < page else StepState.NOW if i == page else StepState.TODO for i in range(len(_TITLES))]
        self.steps.show_steps([Step(_(title), state) for title, state in zip(_TITLES, states, strict=True)])
        first = (self.url.editor, self.compared, self.display_name.editor)[page]
        first.setFocus()

    def _build_platform(self) -> None:
        self.platform_form = Form(columns=1)
        self.url = TextField(
            "platform_url", _("Platform address"), required=True, placeholder="https://", check=_check_url,
            hint=_("It stands in the letter with which the shop was admitted."),
        )  # fmt: skip
        self.platform_form.add(self.url)
        self.connect_button = primary(_("Connect"), self.fetch)
        on_enter(self.url, self.fetch)
        self._add_page(self.platform_form, self.connect_button)

    def _build_fingerprint(self) -> None:
        self.authority_name = text("", "strong", wrap=True)
        self.fingerprint = text("", "lead")
        self.fingerprint.setAccessibleName(_("Fingerprint"))
        self.compared = QCheckBox(_("I have compared it with the letter; it is the same."))
        self.compared.toggled.connect(self._on_compared_toggled)
        self.go_on_button = primary(_("Go on"), lambda: self.go_to(2))
        card = Card(_("Fingerprint of the platform's root"))
        card.body.addWidget(self.authority_name)
        card.body.addWidget(self.fingerprint)
        card.body.addWidget(self.compared)
        self._add_page(card, self.go_on_button, back=0)
        self._on_compared_toggled(False)

    def _build_user(self) -> None:
        self.user_form = Form(columns=2)
        self.display_name = self.user_form.add(TextField("display_name", _("Your name"), required=True, length_max=64))
        self.user_name = self.user_form.add(TextField("user_name", _("User name"), required=True, length_max=64))
        self.password = self.user_form.add(
            TextField("password", _("Password"), required=True, secret=True, length_max=128, check=_check_password)
        )
        self.password_again = self.user_form.add(
            TextField("password_again", _("Password once more"), required=True, secret=True, length_max=128, check=self._check_again)
        )
        self.shop_name = self.user_form.add(
            TextField("shop_name", _("Shop name"), hint=_("The same as the user name unless you were given another.")), span=2
        )
        self.pin = PinField()
        self.user_form.add(self.pin, span=2)
        on_enter(self.pin, self.submit)
        self.create_button = primary(_("Create and sign in"), self.submit)
        self._add_page(self.user_form, self.create_button, back=1)

    def _add_page(self, content: QWidget, action: QWidget, back: int | None = None) -> None:
        page = QWidget()
        buttons = row(None, action)
        if back is not None:
            buttons.insertWidget(0, quiet(_("Back"), lambda: self.go_to(back), icon="back"))
        page.setLayout(column(content, buttons, None, gap=Space.M))
        self.pages.addWidget(page)

    def fetch(self) -> None:
        """Fetch the root from the address that is typed."""
        if self.platform_form.check():
            self.platform_form.go_to("platform_url")
            return
        self.banner.hide()
        self.connect_button.setEnabled(False)
        running = jobs.run(self._service.fetch_authority(self.url.value()), self, self._on_authority, self._on_failed)
        self.progress.follow(running, _("Connecting…"))

    def submit(self) -> None:
        """Create the first user with what is typed, unless something is missing."""
        if not self.create_button.isEnabled() or self._authority is None:
            return
        problems = self.user_form.check()
        if problems:
            self.user_form.go_to(problems[0].field or "display_name")
            return
        self.banner.hide()
        self.keys.clear_problem()
        self.create_button.setEnabled(False)
        job = self._service.enrol(
            platform_url=self.url.value(),
            fingerprint=self._authority.fingerprint,
            user_name=self.user_name.value(),
            password=self.password.value(),
            display_name=self.display_name.value(),
            shop_name=self.shop_name.value() or self.user_name.value(),
            reader=self.keys.reader,
            pin=self.pin.take(),
        )
        running = jobs.run(job, self, self._on_enrolled, self._on_failed, self.progress.show_progress)
        self.progress.follow(running, _("Creating the first user…"))

    def _on_authority(self, authority: Authority) -> None:
        self._on_ended()
        self._authority = authority
        self.authority_name.setText(authority.name)
        self.fingerprint.setText(grouped(authority.fingerprint))
        self.compared.setChecked(False)
        self.go_to(1)

    def _on_enrolled(self, actor: Actor) -> None:
        self._on_ended()
        self.password.set_value("")
        self.password_again.set_value("")
        self.keys.stop()
        self.signed_in.emit(actor)

    def _on_failed(self, error: BaseException) -> None:
        self._on_ended()
        enrolling = self.pages.currentIndex() == 2
        form = self.user_form if enrolling else self.platform_form
        if isinstance(error, UserCancelled) or stand_at_place(error, form, self.keys if enrolling else None):
            return
        show_failure(error, self, self.banner, form)

    def _on_ended(self) -> None:
        self.progress.end()
        self.connect_button.setEnabled(True)
        self.create_button.setEnabled(True)

    def _on_compared_toggled(self, on: bool) -> None:
        explain(self.go_on_button, None if on else _("Compare the fingerprint first."))

    def _check_again(self, typed: str) -> None:
        if typed != self.password.value():
            raise PasswordsDifferError(field="password_again")


def _check_password(typed: str) -> None:
    if len(typed) < PASSWORD_LENGTH_MIN:
        raise PasswordShortError(field="password", count=PASSWORD_LENGTH_MIN)


def _check_url(typed: str) -> None:
    if not typed.startswith(("https://", "http://")):
        raise UrlError(field="platform_url")
