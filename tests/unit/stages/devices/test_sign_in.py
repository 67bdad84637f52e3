"""Sign-in with real software keys: each refusal its own sentence, no PIN spent while anything else is wrong, nothing secret kept."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from sealdesk.central.authority import Office, found_authority
from sealdesk.core.errors import SealdeskError
from sealdesk.crypto import passwords
from sealdesk.crypto.certificates import Certificate, CertificateError, Revoked, Subject
from sealdesk.crypto.passwords import hash_password
from sealdesk.domain.access import EVERYTHING, PROGRAM
from sealdesk.domain.pin import Pin
from sealdesk.hardware.drivers.gmt0017 import layout
from sealdesk.hardware.drivers.gmt0017.emulator import Card, Fault, FaultKind
from sealdesk.hardware.errors import DeviceError, OutcomeUnknownError, PinLengthError, WrongPinError
from sealdesk.models.users import UserKeyRow
from sealdesk.stages.administration import sign_in
from sealdesk.stages.administration.rules import (
    AddUser,
    BindKey,
    ChangeUser,
    FoundInstallation,
    KeyNotBoundError,
    KeyOfAnotherError,
    KeyProofError,
    NoKeyError,
    NotMakerKeyError,
    SignInError,
    TwoKeysError,
    UserInactiveError,
)
from sealdesk.wire.enrolment import Shop
from sealdesk.workflow import audit_heads, facts
from sealdesk.workflow.desk import Desk
from sealdesk.workflow.signing import KeyPinLockedError, NoCertificateError

KEY_READER, OTHER_READER, KEY_PIN, PASSWORD = "密钥", "第二个读卡器", "246810", "Gongzhang-26!"
ADMINISTRATOR, CLERK = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"
SHOP = Shop(code="220681000007", name="临江市精工印章有限公司", area_code="220681", address="江湾路 8 号")


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch):
    for name, value in (("MEMORY_KIB", 64), ("ITERATIONS", 1), ("LANES", 1)):
        monkeypatch.setattr(passwords, name, value)
    monkeypatch.setattr(sign_in, "_decoys", [])


@pytest.fixture
def office(workplace, ground):
    """An installation with an administrator, whose key lies in no reader yet."""
    card, certificate = workplace.key("李师傅", "KEY0001")
    authority = workplace.counter.ask(lambda session: facts.read(session, facts.AUTHORITY))
    workplace.counter.do(
        FoundInstallation(
            user_id=ADMINISTRATOR,
            user="jinggong",
            display_name="李师傅",
            shop_name="",
            password_hash=hash_password(PASSWORD),
            certificate=certificate.der,
            key_serial="KEY0001",
            installation="00000000-0000-4000-8000-0000000000ff",
            platform_address="http://127.0.0.1:1",
            authority=json.dumps(authority),
            shop=SHOP.model_dump_json(),
            epoch="00000000-0000-4000-8000-0000000000fe",
        ),
        PROGRAM,
    )
    return Counterpart(workplace, card)


class Counterpart:
    """The desk before anybody signed in, and the administrator's key."""

    def __init__(self, workplace, key: Card) -> None:
        self.workplace, self.counter, self.key = workplace, workplace.counter, key
        self.desk: Desk = workplace.desk.signed_in(replace(workplace.counter.maker, id="nobody", name="", permissions=frozenset()))

    def insert(self, reader: str = KEY_READER, card: Card | None = None) -> Card:
        return self.workplace.insert(reader, card or self.key)

    def sign_in(self, user="jinggong", shop="", password=PASSWORD, reader="", pin=KEY_PIN):
        self.pin = Pin(pin)
        return sign_in.sign_in(self.desk, user, shop, password, reader, self.pin).result(30)

    def refused(self, error, *cards: Card, spent: int = 0, **typed) -> SealdeskError:
        """The sign-in is refused: audited with its code and nothing that was typed, and so many tries are spent (none unless told)."""
        cards = cards or (self.key,)
        before = [card.state.applications[0].user.tries_left for card in cards]
        kept, seen = self.counter.facts(), len(self.counter.audit())
        with pytest.raises(error) as raised:
            self.sign_in(**typed)
        assert [left - spent for left in before] == [card.state.applications[0].user.tries_left for card in cards]
        assert self.counter.facts() == kept
        ((command, result, _code),) = self.counter.audit()[seen:]
        assert (command, result) == ("RecordRefusedSignIn", "done")
        trail = self.counter.ask(lambda session: session.execute(text("select arguments from audit order by seq desc")).scalar())
        assert raised.value.code in trail
        for secret in (typed.get("password", PASSWORD), typed.get("pin", KEY_PIN)):
            assert not secret or secret not in trail
        assert not self.pin  # wiped
        return raised.value

    def add_clerk(self, card_serial: str = "KEY0002"):
        """A second user with a key of his own."""
        card, certificate = self.workplace.key("王小芳", card_serial)
        self.counter.do(AddUser(CLERK, "wangfang", "王小芳", "", "counter_clerk", ("registration.edit",), hash_password(PASSWORD)))
        self.counter.do(BindKey(CLERK, card_serial, certificate.der))
        return card


# ---- signed in


def test_the_administrator_signs_in_and_the_pin_is_wiped(office):
    office.insert()
    actor = office.sign_in()
    assert (actor.id, actor.name, actor.permissions) == (ADMINISTRATOR, "李师傅", frozenset({EVERYTHING}))
    assert office.counter.audit()[-1] == ("RecordSignIn", "done", "")
    assert not office.pin
    assert office.sign_in(shop="jinggong", user=" jinggong ") == actor  # the shop name defaults to the user name
    application = office.key.state.applications[0]
    assert application.user.tries_left == application.user.tries_max


def test_signing_in_waits_for_no_network(office):
    """The day's first sign-in leaves a message for the platform, which goes when it can."""
    office.insert()
    office.workplace.platform.nudge = lambda: None
    office.desk.lanes.network.close()
    assert office.sign_in().id == ADMINISTRATOR


def test_of_two_keys_the_chosen_one_counts(office):
    clerks = office.add_clerk()
    office.insert()
    office.insert(OTHER_READER, clerks)
    error = office.refused(TwoKeysError, office.key, clerks)
    assert error.count == 2
    assert "李师傅" in str(error)
    assert "王小芳" in str(error)
    assert office.sign_in(reader=KEY_READER).id == ADMINISTRATOR
    assert office.sign_in(user="wangfang", reader=OTHER_READER).permissions == frozenset({"registration.edit"})


def test_a_chip_beside_the_key_is_no_second_key(office):
    office.insert()
    office.workplace.insert(OTHER_READER, office.workplace.chip())
    assert office.sign_in().id == ADMINISTRATOR


# ---- name, shop, password


@pytest.mark.parametrize(
    "typed", [{"user": "nobody"}, {"password": "Wrong-2026!"}, {"shop": "别的店"}, {"user": ""}, {"password": ""}], ids=str
)
def test_a_wrong_name_password_or_shop_is_one_sentence(office, typed):
    office.insert()
    error = office.refused(SignInError, **typed)
    assert str(error) == "User name, shop name or password is not correct."
    assert error.field == "password"


def test_a_user_who_was_deactivated_is_refused_only_after_his_password(office):
    card = office.add_clerk()
    office.insert(card=card)
    office.counter.do(ChangeUser(CLERK, "王小芳", "wangfang", "counter_clerk", ("registration.edit",), active=False))
    office.refused(UserInactiveError, card, user="wangfang")
    office.refused(SignInError, card, user="wangfang", password="Wrong-2026!")


# ---- the key


def test_without_a_key_nobody_signs_in(office):
    office.refused(NoKeyError)
    office.workplace.insert(OTHER_READER, office.workplace.chip())
    office.refused(NoKeyError)
    office.insert()
    office.refused(NoKeyError, reader=OTHER_READER)  # a chip is no key, even when it is chosen
    office.refused(NoKeyError, reader="no such reader")


def test_the_key_of_somebody_else_is_refused(office):
    card = office.add_clerk()
    office.insert(card=card)
    error = office.refused(KeyOfAnotherError, card)
    assert "王小芳" in str(error)
    assert "李师傅" in str(error)


def test_a_key_that_is_bound_to_nobody_is_refused(office):
    card, _certificate = office.workplace.key("赵六", "KEY0003")
    office.insert(card=card)
    assert "赵六" in str(office.refused(KeyNotBoundError, card))


def test_a_key_without_certificate_is_refused(office):
    card, _public = office.workplace.bare_key("KEY0004")
    office.insert(card=card)
    office.refused(NoCertificateError, card)


@pytest.mark.parametrize("step", [timedelta(days=5 * 365 + 1), timedelta(days=-2)], ids=["expired", "not yet valid"])
def test_a_certificate_outside_its_time_is_refused(office, step):
    office.insert()
    office.counter.clock.advance(step)
    office.refused(CertificateError)


def test_a_revoked_certificate_is_refused(office):
    counter, (certificate,) = office.counter, office.counter.ask(keys_of)
    listed = counter.authority.revocation_list(
        [Revoked(certificate.serial, counter.clock.now() - timedelta(minutes=1))], 1, counter.clock.now()
    )

    def revoke():
        with counter.store.write() as session:
            known = dict(facts.read(session, facts.AUTHORITY))
            facts.write(session, facts.AUTHORITY, {**known, "revocations": [base64.b64encode(listed.der).decode()]})

    counter.lane.call(revoke)
    office.insert()
    assert "revoked" in office.refused(CertificateError).code


def keys_of(session):
    return [Certificate.from_der(bytes.fromhex(row.certificate)) for row in session.query(UserKeyRow)]


def test_a_certificate_of_another_root_is_refused(office, tmp_path):
    other = found_authority(tmp_path / "other", "示例平台", Office("220681000000", "临江市公安局"), office.counter.clock.now())
    card, public = office.workplace.bare_key("KEY0005")
    certificate = other.issue_maker(public, "李师傅", SHOP.code, SHOP.name, office.counter.clock.now())
    office.insert(card=office.workplace.certify(card, certificate.der))
    office.refused(CertificateError, card)


def test_a_certificate_that_is_not_a_makers_is_refused(office):
    card, public = office.workplace.bare_key("KEY0006")
    subject = Subject(common_name="李师傅", serial_number=SHOP.code)
    certificate = office.counter.authority.issue_chip(public, subject, office.counter.clock.now())
    office.insert(card=office.workplace.certify(card, certificate.der))
    office.refused(NotMakerKeyError, card)


def test_a_key_that_holds_somebody_elses_certificate_cannot_prove_it(office):
    (certificate,) = office.counter.ask(keys_of)
    card, _public = office.workplace.bare_key("KEY0007")
    office.insert(card=office.workplace.certify(card, certificate.der))
    office.refused(KeyProofError, card)


# ---- the PIN


def test_a_wrong_pin_costs_exactly_one_try_and_says_what_is_left(office):
    office.insert()
    for left in (5, 4):
        assert office.refused(WrongPinError, spent=1, pin="000000").left == left
    office.sign_in()
    assert office.key.state.applications[0].user.tries_left == 6


@pytest.mark.parametrize("pin", ["1", "1" * 17])
def test_a_pin_that_cannot_be_one_is_not_sent(office, pin):
    office.insert()
    kept = office.key.state.applications[0].user.tries_left
    with pytest.raises(PinLengthError):
        office.sign_in(pin=pin)
    assert office.key.state.applications[0].user.tries_left == kept


def test_a_locked_key_is_seen_before_anything_is_tried(office):
    office.insert()
    office.key.state.applications[0].user.tries_left = 0
    before = office.key.faults.count
    office.key.faults.add(Fault(FaultKind.CUT_BEFORE, ins=layout.INS_VERIFY_PIN))
    office.refused(KeyPinLockedError)
    assert office.key.faults.count > before


def test_a_line_that_breaks_is_told_and_the_pin_is_not_sent_twice(office):
    office.insert()
    office.key.faults.add(Fault(FaultKind.CUT_BEFORE, ins=layout.INS_VERIFY_PIN))
    office.refused(OutcomeUnknownError)
    assert office.sign_in().id == ADMINISTRATOR


def test_a_key_pulled_out_is_told(office):
    office.insert()
    office.workplace.software.remove(KEY_READER)
    office.refused(DeviceError)


# ---- the audit trail's head


def test_the_first_sign_in_of_the_day_signs_the_trails_head_with_the_proven_key(office):
    card = office.insert()
    office.sign_in()
    office.sign_in()
    (record,) = office.counter.ask(audit_heads.own_records)
    content = audit_heads.opened(record, office.counter.ask(facts.trust))
    assert (content.operator, content.count) == ("李师傅", 1)
    assert office.counter.ask(audit_heads.check).holds
    assert card.state.applications[0].user.tries_left == card.state.applications[0].user.tries_max
    office.counter.clock.advance(timedelta(days=1))
    office.sign_in()
    assert len(office.counter.ask(audit_heads.own_records)) == 2


def test_a_head_that_cannot_be_signed_keeps_nobody_out(office, caplog):
    card = office.insert()
    signs = iter([True, False])
    process = card.process

    def answer(apdu):
        if apdu[1] == layout.INS_ECC_SIGN_DATA and not next(signs):
            return b"\x6a\x9c"
        return process(apdu)

    card.process = answer
    with caplog.at_level("CRITICAL", "sealdesk.stages.administration.sign_in"):
        assert office.sign_in().id == ADMINISTRATOR
    assert office.counter.ask(audit_heads.own_records) == ()
