"""Administration: the first user, people, keys; somebody who can administer always remains."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest

from sealdesk.central.authority import Office, found_authority
from sealdesk.core.errors import PermissionDeniedError, PlatformError, ProblemsError, SealdeskError
from sealdesk.crypto import passwords
from sealdesk.crypto.certificates import Certificate, CertificateError, Subject
from sealdesk.crypto.sm2 import PrivateKey, verify
from sealdesk.domain.access import EVERYTHING, PROGRAM, Actor
from sealdesk.domain.pin import Pin
from sealdesk.hardware.errors import WrongPinError
from sealdesk.models.outbox import OutboxRow
from sealdesk.stages.administration import enrolment, keys, sign_in
from sealdesk.stages.administration.enrolment import FirstUser
from sealdesk.stages.administration.queries import has_users, owner_of_key, trail, users
from sealdesk.stages.administration.rules import (
    AddUser,
    AlreadyFoundedError,
    BindKey,
    ChangePassword,
    ChangeUser,
    FoundInstallation,
    KeyOfAnotherShopError,
    KeyTakenError,
    LastAdministratorError,
    NoKeyError,
    NotMakerKeyError,
    RecordSignIn,
    UnbindKey,
    UserNameError,
    UserNameTakenError,
)
from sealdesk.wire.enrolment import Authority, Enrolled, Shop, enrolment_message
from sealdesk.workflow import facts
from sealdesk.workflow.signing import KeyPinLockedError, NoCertificateError
from sealdesk.workflow.uow import MissingError

KEY_READER, KEY_PIN, PASSWORD = "密钥", "246810", "Gongzhang-26!"
ADMINISTRATOR, CLERK, NOBODY_ID = (f"00000000-0000-4000-8000-00000000000{letter}" for letter in "abc")
SHOP = Shop(code="220681000007", name="临江市精工印章有限公司", area_code="220681", address="江湾路 8 号")
TOKEN = "token-" + "7" * 40


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch):
    for name, value in (("MEMORY_KIB", 64), ("ITERATIONS", 1), ("LANES", 1)):
        monkeypatch.setattr(passwords, name, value)


def found(counter, certificate: Certificate, **changes) -> FoundInstallation:
    """The command that sets an installation up."""
    command = FoundInstallation(
        user_id=ADMINISTRATOR,
        user="jinggong",
        display_name="李师傅",
        shop_name="",
        password_hash="$argon2id$",
        certificate=certificate.der,
        key_serial="KEY0001",
        installation=NOBODY_ID,
        platform_address="http://127.0.0.1:1",
        authority=json.dumps(counter.ask(lambda session: facts.read(session, facts.AUTHORITY))),
        shop=SHOP.model_dump_json(),
        epoch=NOBODY_ID,
    )
    return replace(command, **changes)


def another_key(counter, person: str = "王小芳", shop: Shop = SHOP) -> Certificate:
    return counter.authority.issue_maker(PrivateKey.generate().public, person, shop.code, shop.name, counter.clock.now())


@pytest.fixture
def founded(counter, ground):
    """An installation with its first user, whose key is the maker's of the counter; and a clerk."""
    counter.do(found(counter, ground.certificate), PROGRAM)
    counter.do(AddUser(CLERK, "wangfang", "", "", "counter_clerk", ("registration.edit", "acceptance.accept"), "$argon2id$"))
    return counter


def changed(**changes) -> ChangeUser:
    """The administrator as he is, but for what is told."""
    same = ChangeUser(ADMINISTRATOR, "李师傅", "", "senior_administrator", (EVERYTHING,), active=True)
    return replace(same, **changes)


# ---- the first user


def test_the_first_user_may_do_everything(founded):
    first, second = founded.ask(users)
    assert (first.name, first.shop_name, first.permissions, len(first.keys)) == ("jinggong", "jinggong", (EVERYTHING,), 1)
    assert (second.display_name, second.shop_name) == ("wangfang", "wangfang")
    assert second.permissions == ("acceptance.accept", "registration.edit")


def test_an_installation_is_set_up_once_and_by_the_program(founded, ground):
    again = found(founded, ground.certificate)
    with founded.refused(AlreadyFoundedError):
        founded.do(again, PROGRAM)
    with founded.refused(PermissionDeniedError):
        founded.do(again)


def test_an_installation_is_not_set_up_with_a_key_that_is_not_in_order(counter, tmp_path):
    other = found_authority(tmp_path / "other", "别的平台", Office("1" * 12, "别处"), counter.clock.now())
    foreign = other.issue_maker(PrivateKey.generate().public, "李师傅", SHOP.code, SHOP.name, counter.clock.now())
    chip = counter.authority.issue_chip(PrivateKey.generate().public, Subject(common_name="章"), counter.clock.now())
    for certificate, error in ((foreign, CertificateError), (chip, NotMakerKeyError)):
        command = found(counter, certificate)
        with counter.refused(error):
            counter.do(command, PROGRAM)
    assert not counter.ask(has_users)


# ---- people


@pytest.mark.parametrize("name", ["", " ", "a", "x" * 41, "wang fang", "王\u3000芳"])
def test_a_user_name_that_cannot_be_used_is_refused(founded, name):
    with founded.refused(UserNameError):
        founded.do(AddUser(NOBODY_ID, name, "", "", "technician", (), "$"))


def test_a_user_name_that_is_taken_is_refused(founded):
    with founded.refused(UserNameTakenError):
        founded.do(AddUser(NOBODY_ID, " wangfang ", "", "", "technician", (), "$"))


@pytest.mark.parametrize("changes", [{"active": False}, {"permissions": ("registration.edit",)}, {"permissions": ()}], ids=str)
def test_the_last_administrator_cannot_be_taken_away(founded, changes):
    with founded.refused(LastAdministratorError):
        founded.do(changed(**changes))


def test_the_key_of_the_last_administrator_cannot_be_taken_away(founded, ground):
    with founded.refused(LastAdministratorError):
        founded.do(UnbindKey(ADMINISTRATOR, ground.certificate.fingerprint))


def test_another_administrator_without_key_does_not_count(founded, ground):
    founded.do(changed(user_id=CLERK, display_name="王小芳"))
    for command in (changed(active=False), UnbindKey(ADMINISTRATOR, ground.certificate.fingerprint)):
        with founded.refused(LastAdministratorError):
            founded.do(command)
    founded.do(BindKey(CLERK, "KEY0002", another_key(founded).der))
    founded.do(changed(active=False))
    assert [user.active for user in founded.ask(users)] == [False, True]


def test_what_is_not_there_cannot_be_changed(founded, ground):
    for command in (
        changed(user_id=NOBODY_ID),
        ChangePassword(NOBODY_ID, "$"),
        BindKey(NOBODY_ID, "K", another_key(founded).der),
        UnbindKey(CLERK, ground.certificate.fingerprint),
        UnbindKey(ADMINISTRATOR, "00" * 32),
    ):
        with founded.refused(MissingError):
            founded.do(command)


# ---- keys


def test_a_key_is_bound_and_the_platform_is_told(founded):
    certificate = another_key(founded)
    assert founded.do(BindKey(CLERK, "KEY0002", certificate.der)) == certificate.fingerprint
    assert founded.ask(lambda session: owner_of_key(session, certificate.fingerprint)).name == "wangfang"
    body = founded.ask(lambda session: session.query(OutboxRow.body).filter(OutboxRow.kind == "key.bind").scalar())
    assert base64.b64decode(body["certificate"]) == certificate.der
    founded.do(UnbindKey(CLERK, certificate.fingerprint))
    assert founded.ask(lambda session: owner_of_key(session, certificate.fingerprint)) is None


def test_a_key_is_bound_once(founded, ground):
    certificate = another_key(founded)
    founded.do(BindKey(CLERK, "KEY0002", certificate.der))
    for owner, taken in ((ADMINISTRATOR, certificate), (CLERK, certificate), (CLERK, ground.certificate)):
        with founded.refused(KeyTakenError):
            founded.do(BindKey(owner, "KEY0002", taken.der))


def test_a_key_that_is_not_in_order_is_not_bound(founded):
    chip = founded.authority.issue_chip(PrivateKey.generate().public, Subject(common_name="章"), founded.clock.now())
    elsewhere = another_key(founded, shop=SHOP.model_copy(update={"code": "220681000008", "name": "别家印章店"}))
    for der, error in ((chip.der, NotMakerKeyError), (elsewhere.der, KeyOfAnotherShopError), (b"\x30\x00", CertificateError)):
        with founded.refused(error):
            founded.do(BindKey(CLERK, "KEY0002", der))


@pytest.mark.parametrize(
    "command",
    [AddUser("x", "yz", "", "", "", (), "$"), changed(), ChangePassword("x", "$"), BindKey("x", "y", b""), UnbindKey("x", "y")],
    ids=lambda command: type(command).__name__,
)
def test_without_the_permission_nothing_happens(founded, command):
    with founded.refused(PermissionDeniedError):
        founded.do(command, Actor("n", "无", frozenset({"registration.edit"})))


def test_the_time_of_the_last_visit_is_kept(founded):
    founded.do(RecordSignIn(CLERK), Actor(CLERK, "王小芳", frozenset()))
    assert founded.ask(users)[1].last_seen_at == founded.clock.now()


# ---- enrolment, with a real key and an office at hand


class FakeOffice:
    """The platform's office: keeps what it was sent, checks the proof, and enrols unless it is told to fail."""

    def __init__(self, counter) -> None:
        self._counter = counter
        self.failing = ""
        self.enrolled = []

    def authority(self, address: str) -> Authority:
        return self._counter.ask(lambda session: Authority.model_validate(facts.read(session, facts.AUTHORITY)))

    def challenge(self, address: str) -> str:
        if self.failing == "challenge":
            raise PlatformError
        return "5a" * 32

    def enrol(self, address, request) -> Enrolled:
        if self.failing == "enrol":
            raise PlatformError
        key = Certificate.from_der(base64.b64decode(request.certificate)).public_key
        message = enrolment_message(request.installation, request.challenge, request.user)
        assert verify(key, message, base64.b64decode(request.signature))
        self.enrolled.append(request.user)
        return Enrolled(token=TOKEN, shop=SHOP, epoch=NOBODY_ID)


@pytest.fixture
def first_run(workplace):
    """Enrols with what is typed; the office and the tokens that were kept hang on it."""

    def run(password: str = PASSWORD, reader: str = "", pin: str = KEY_PIN) -> str:
        fetched = enrolment.fetch_authority(workplace.desk, run.office, "http://127.0.0.1:1").result(10)
        first = FirstUser(fetched, "jinggong", "李师傅", "", password)
        assert password not in repr(first)
        return enrolment.enrol(workplace.desk, run.office, run.tokens.append, first, reader, Pin(pin)).result(30)

    run.office, run.tokens = FakeOffice(workplace.counter), []
    return run


def test_the_first_user_is_enrolled_and_signs_in(workplace, first_run):
    workplace.makers_key()
    user_id = first_run()
    assert (first_run.office.enrolled, first_run.tokens) == (["jinggong"], [TOKEN])
    actor = sign_in.sign_in(workplace.desk, "jinggong", "", PASSWORD, "", Pin(KEY_PIN)).result(30)
    assert (actor.id, actor.permissions) == (user_id, frozenset({EVERYTHING}))
    assert TOKEN not in str(workplace.counter.facts())
    with pytest.raises(AlreadyFoundedError):
        first_run()


def test_nothing_is_kept_and_no_pin_spent_when_anything_is_wrong(workplace, first_run, tries):
    card, _desk = workplace.makers_key()
    kept = workplace.counter.facts()
    with pytest.raises(ProblemsError):
        first_run(password="12345678")
    with pytest.raises(NoKeyError):
        first_run(reader="nowhere")
    for step in ("challenge", "enrol"):
        first_run.office.failing = step
        with pytest.raises(PlatformError):
            first_run()
    assert tries(card) == 6
    with pytest.raises(WrongPinError):
        first_run(pin="000000")
    assert tries(card) == 5
    card.state.applications[0].user.tries_left = 0
    with pytest.raises(KeyPinLockedError):
        first_run()
    assert (workplace.counter.facts(), first_run.tokens) == (kept, [])


def test_a_key_that_is_not_a_makers_enrols_nobody(workplace, first_run, tries):
    bare, public = workplace.bare_key("KEY0009")
    workplace.insert(KEY_READER, bare)
    with pytest.raises(NoCertificateError):
        first_run()
    chip = workplace.counter.authority.issue_chip(public, Subject(common_name="章"), workplace.counter.clock.now())
    workplace.insert(KEY_READER, workplace.certify(bare, chip.der))
    with pytest.raises(NotMakerKeyError):
        first_run()
    assert tries(bare) == 6
    assert first_run.office.enrolled == []


def test_a_key_in_the_reader_that_another_shop_has_says_so_before_it_is_bound(workplace):
    shop = Shop(code="220681000008", name="别家印章店", area_code="220681", address="路")
    card, _certificate = workplace.key("孙某", "KEY0009", shop)
    workplace.insert("密钥", card)
    found = keys.inspect_key(workplace.desk, "密钥").result(30)
    assert "别家印章店" in found.problem
    own, _certificate = workplace.key("李师傅", "KEY0010")
    workplace.insert("密钥", own)
    assert keys.inspect_key(workplace.desk, "密钥").result(30).problem == ""


def test_the_trail_tells_why_something_was_refused_in_words(counter):
    with pytest.raises(SealdeskError):
        counter.do(ChangePassword("99999999-9999-4999-8999-999999999999", "x"))
    newest = counter.ask(lambda session: trail(session, counter.bus.sentence, 1))[0]
    assert (newest.code, newest.reason) == ("user.missing", "This entry is no longer there.")
