"""The commands: the whole route over HTTP, each key once, and every refusal with its code."""

from __future__ import annotations

import base64
from typing import Any
from uuid import uuid4

import pytest

from sealdesk.central import review
from sealdesk.crypto.certificates import Certificate, verify_chain
from sealdesk.crypto.sm2 import PrivateKey
from sealdesk.wire.errors import CODES
from sealdesk.wire.roles import SEAL_CHIP

SOME_ID = "0b5f3a52-7d0e-4c39-9d4f-5d1f3c1b2a10"
"""Any id; a fixed one, because test names must be the same in every process."""


def refused(answer: Any) -> str:
    """The code of a refusal that is an answer."""
    assert answer.status_code == 200, answer.text
    assert answer.json()["result"] == "refused"
    assert answer.json()["code"] in CODES
    return str(answer.json()["code"])


def test_route_from_submission_to_hand_over(client: Any, platform: Any, seal: Any) -> None:
    order_id = client.accepted(seal("01", "physical"), seal("04", "chip"))
    chip = PrivateKey.generate()
    answer = client.command("certificate.request", order_id, client.request(order_id, "CHIP-1", 1, chip), 4)
    assert answer.json() == {"result": "applied", "subject": order_id, "rev": 5, "state": "accepted", "code": "", "facts": {}}
    issued = client.changes()["items"][-1]
    assert (issued["kind"], issued["rev"]) == ("certificate.issued", 6)
    leaf, above = (Certificate.from_der(base64.b64decode(der)) for der in issued["body"]["certificates"])
    verify_chain(leaf, (above,), (platform.authority.root,), platform.clock.now())
    assert leaf.public_key == chip.public
    assert SEAL_CHIP in leaf.extended_key_usage
    assert leaf.serial_number == client.permits[order_id]["seals"][1]["seal_code"]
    assert client.command("seal.made", order_id, client.made(order_id, "", 0), 6).json()["rev"] == 7
    assert client.command("seal.made", order_id, client.made(order_id, "CHIP-1", 1), 7).json()["state"] == "accepted"
    signed = {"seal": client.permits[order_id]["seals"][1]["id"], "record": client.sign(client.query(order_id, "CHIP-1", 1))}
    assert client.command("seal.signed", order_id, signed, 8).json()["state"] == "produced"
    seals = [item["id"] for item in client.permits[order_id]["seals"]]
    body = {"seals": seals, "record": client.sign(client.delivery(order_id))}
    assert client.command("order.delivered", order_id, body, 9).json() | {"facts": {}} == {
        "result": "applied",
        "subject": order_id,
        "rev": 10,
        "state": "delivered",
        "code": "",
        "facts": {},
    }
    known = client.order(order_id)
    assert [item["state"] for item in known["seals"]] == ["delivered", "delivered"]
    assert known["seals"][1]["chip_serial"] == "CHIP-1"
    assert refused(client.command("order.delivered", order_id, body, 10)) == "command.state"


def test_key_that_was_answered_gets_the_same_answer_whatever_base_it_names(client: Any) -> None:
    order_id, key, body = str(uuid4()), str(uuid4()), client.registration()
    first = client.command("registration.submit", order_id, body, 0, key)
    again = client.command("registration.submit", order_id, body, 7, key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert client.order(order_id)["rev"] == 1


def test_refusal_is_repeated_for_its_key_even_when_it_would_go_now(client: Any) -> None:
    order_id, key, body = str(uuid4()), str(uuid4()), client.registration(proofs=[])
    first = client.command("registration.submit", order_id, body, 0, key)
    assert refused(first) == "registration.attachment_missing"
    assert client.command("registration.submit", order_id, body, 0, key).json() == first.json()
    assert client.http.get(f"/v1/orders/{order_id}", headers=client.headers).status_code == 404


def test_key_of_another_command_is_refused(client: Any) -> None:
    key, body = str(uuid4()), client.registration()
    client.command("registration.submit", str(uuid4()), body, 0, key)
    answer = client.command("registration.submit", str(uuid4()), body, 0, key)
    assert (answer.status_code, answer.json()["code"]) == (422, "command.key_reused")


def test_keys_of_two_shops_do_not_meet(client: Any, stranger: Any) -> None:
    other = stranger(1)
    other.enrol()
    key = str(uuid4())
    assert client.command("registration.submit", str(uuid4()), client.registration(), 0, key).json()["result"] == "applied"
    assert other.command("registration.submit", str(uuid4()), other.registration(), 0, key).json()["result"] == "applied"


def test_stale_command_is_answered_with_the_state_and_not_remembered(client: Any, platform: Any) -> None:
    order_id, key = client.submitted(), str(uuid4())
    review.return_(platform, order_id, "看不清", "王警官")
    body = client.registration()
    stale = client.command("registration.submit", order_id, body, 1, key)
    assert (stale.status_code, stale.json()["rev"], stale.json()["state"]) == (412, 2, "returned")
    assert client.command("registration.submit", order_id, body, 2, key).json()["rev"] == 3


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("order.accept", {"accepted_at": "2026-11-23T02:00:00.000Z", "operator": "李师傅"}),
        ("permit.countersign", {"record": "{}"}),
        ("order.delivered", {"seals": [SOME_ID], "record": "{}"}),
        ("seal.signed", {"seal": SOME_ID, "record": "{}"}),
    ],
)
def test_step_that_the_order_has_not_reached_is_refused(client: Any, kind: str, body: Any) -> None:
    order_id = client.submitted()
    assert refused(client.command(kind, order_id, body, 1)) == "command.state"
    assert client.order(order_id)["rev"] == 1


def test_order_of_another_shop_is_as_if_it_were_not_there(client: Any, stranger: Any) -> None:
    order_id = client.submitted()
    other = stranger(1)
    other.enrol()
    body = {"accepted_at": "2026-11-23T02:00:00.000Z", "operator": "x"}
    answer = other.command("order.accept", order_id, body, 0)
    assert refused(answer) == "command.subject"
    assert (answer.json()["rev"], answer.json()["state"]) == (0, "nothing")
    assert refused(other.command("registration.submit", order_id, other.registration(), 0)) == "command.subject"
    assert other.http.get(f"/v1/orders/{order_id}", headers=other.headers).status_code == 404
    assert other.changes()["items"] == []


def test_unknown_kind_and_malformed_bodies_are_told_apart(client: Any) -> None:
    order_id = str(uuid4())
    assert client.command("order.destroy", order_id, {}, 0).json()["code"] == "command.kind"
    answer = client.command("order.accept", order_id, {"accepted_at": "today", "operator": "x"}, 0)
    assert (answer.status_code, answer.json()) == (422, {"code": "command.body", "facts": {"field": "accepted_at"}})
    assert (
        client.command("order.accept", order_id, {"accepted_at": "2026-11-23T02:00:00.000Z", "operator": "x\u0000"}, 0).status_code == 422
    )


# ---- registrations


def test_unit_seal_exists_once_over_all_shops_unless_it_takes_anothers_place(client: Any, stranger: Any, platform: Any, seal: Any) -> None:
    first = client.submitted(seal("01", "physical"))
    other = stranger(1)
    other.enrol()
    answer = other.command("registration.submit", str(uuid4()), other.registration(seal("01", "physical")), 0)
    assert refused(answer) == "registration.seal_exists"
    assert answer.json()["facts"]["unit"] == "临江市云帆文化传播有限公司"
    assert other.submitted(seal("01", "physical", reason="lost"))
    assert other.submitted(seal("04", "physical"))
    review.return_(platform, first, "错了", "王警官")
    lowered = other.registration(seal("05", "physical"))
    assert other.command("registration.submit", str(uuid4()), lowered, 0).json()["result"] == "applied"


def test_two_unit_seals_in_one_order_are_refused(client: Any, seal: Any) -> None:
    body = client.registration(seal("01", "physical"), seal("01", "physical", reason="lost"))
    assert refused(client.command("registration.submit", str(uuid4()), body, 0)) == "registration.seal_exists"


@pytest.mark.parametrize(
    "change",
    [{"proofs": []}, {"handler": {"name": "林知夏", "document_kind": "resident_id", "document_number": "220699199309089282", "phone": ""}}],
    ids=["no papers", "no power of attorney"],
)
def test_registration_without_its_papers_is_refused(client: Any, change: Any) -> None:
    answer = client.command("registration.submit", str(uuid4()), client.registration(**change), 0)
    assert refused(answer) == "registration.attachment_missing"


def test_papers_that_are_not_complete_or_another_shops_do_not_count(client: Any, stranger: Any) -> None:
    other = stranger(1)
    other.enrol()
    body = client.registration()
    assert refused(other.command("registration.submit", str(uuid4()), body, 0)) == "registration.attachment_missing"


@pytest.mark.parametrize("area", ["", "abc", "0220681", "22068"])
def test_unit_without_an_area_is_refused(client: Any, area: str) -> None:
    body = client.registration()
    body["unit"]["area_code"] = area
    assert refused(client.command("registration.submit", str(uuid4()), body, 0)) == "command.body"


def test_seal_of_another_order_cannot_be_registered_again(client: Any, seal: Any) -> None:
    taken = seal()
    client.submitted(taken)
    assert refused(client.command("registration.submit", str(uuid4()), client.registration(taken), 0)) == "command.body"


def test_seal_that_needs_no_permit_is_not_taken(client: Any, seal: Any) -> None:
    assert refused(client.command("registration.submit", str(uuid4()), client.registration(seal("99")), 0)) == "command.body"


# ---- records


@pytest.mark.parametrize("change", [{"permit": "2026999999"}, {"permit_digest": "0" * 64}, {"order": SOME_ID}], ids=str)
def test_countersignature_over_another_permit_is_refused(client: Any, change: Any) -> None:
    order_id = client.permitted()
    record = client.sign(client.countersignature(order_id, **change))
    assert refused(client.command("permit.countersign", order_id, {"record": record}, 2)) == "record.signature"
    assert client.order(order_id)["state"] == "permitted"


def test_countersignature_by_another_shop_a_chip_or_a_revoked_key_is_refused(client: Any, stranger: Any, platform: Any) -> None:
    order_id = client.permitted()
    content = client.countersignature(order_id)
    other = stranger(1)
    by_other = client.sign(content, other.key, other.certificate)
    answer = client.command("permit.countersign", order_id, {"record": by_other}, 2)
    assert (refused(answer), answer.json()["facts"]) == ("record.signature", {"reason": "shop"})
    police = client.sign(content, platform.authority.police_key, platform.authority.police)
    answer = client.command("permit.countersign", order_id, {"record": police}, 2)
    assert (refused(answer), answer.json()["facts"]) == ("record.signature", {"reason": "role"})
    good = client.sign(content)
    assert refused(client.command("permit.countersign", order_id, {"record": good.replace("a", "b", 1)}, 2)) == "record.signature"
    platform.revoke(client.certificate, "key_compromise")
    answer = client.command("permit.countersign", order_id, {"record": good}, 2)
    assert refused(answer) == "record.signature"
    assert "revoked" in answer.json()["facts"]["reason"]


# ---- chips


def test_same_key_gets_the_same_certificate_again(client: Any) -> None:
    order_id = client.accepted()
    chip = PrivateKey.generate()
    client.command("certificate.request", order_id, client.request(order_id, "CHIP-1", chip=chip), 4)
    client.command("certificate.request", order_id, client.request(order_id, "CHIP-1", chip=chip), 6)
    first, second = (item["body"]["certificates"] for item in client.changes()["items"] if item["kind"] == "certificate.issued")
    assert first == second


def test_chip_that_replaces_a_spoiled_one_closes_the_earlier_certificate(client: Any, platform: Any) -> None:
    order_id = client.accepted()
    client.command("certificate.request", order_id, client.request(order_id, "CHIP-1"), 4)
    client.command("certificate.request", order_id, client.request(order_id, "CHIP-2"), 6)
    first, second = (
        Certificate.from_der(base64.b64decode(item["body"]["certificates"][0]))
        for item in client.changes()["items"]
        if item["kind"] == "certificate.issued"
    )
    assert first.public_key != second.public_key
    with platform.store.read() as work:
        assert [int(row.serial) for row in work.subjects.revoked_certificates()] == [first.serial]
    assert refused(client.command("seal.made", order_id, client.made(order_id, "CHIP-1"), 8)) == "certificate.request"
    assert client.command("seal.made", order_id, client.made(order_id, "CHIP-2"), 8).json()["result"] == "applied"


def test_chip_and_key_belong_to_one_seal(client: Any, seal: Any) -> None:
    order_id = client.accepted(seal(), seal())
    chip = PrivateKey.generate()
    client.command("certificate.request", order_id, client.request(order_id, "CHIP-1", 0, chip), 4)
    assert refused(client.command("certificate.request", order_id, client.request(order_id, "CHIP-1", 1), 6)) == "certificate.chip_taken"
    assert (
        refused(client.command("certificate.request", order_id, client.request(order_id, "CHIP-2", 1, chip), 6)) == "certificate.chip_taken"
    )


@pytest.mark.parametrize(
    "change", [{"seal_code": "2206810009999"}, {"named": "2206810009999"}, {"request": "AAAA"}, {"request": "A"}], ids=str
)
def test_request_that_is_not_of_this_seal_is_refused(client: Any, change: Any) -> None:
    order_id = client.accepted()
    body = client.request(order_id, "CHIP-1", **change)
    assert refused(client.command("certificate.request", order_id, body, 4)) == "certificate.request"


def test_request_signed_by_another_key_is_refused(client: Any) -> None:
    order_id = client.accepted()
    body = client.request(order_id, "CHIP-1")
    der = bytearray(base64.b64decode(body["request"]))
    der[-1] ^= 1
    body["request"] = base64.b64encode(der).decode()
    assert refused(client.command("certificate.request", order_id, body, 4)) == "certificate.request"


def test_physical_seal_has_no_certificate_and_a_chip_seal_is_not_made_without(client: Any, seal: Any) -> None:
    order_id = client.accepted(seal("01", "physical"), seal("04", "chip"))
    assert refused(client.command("certificate.request", order_id, client.request(order_id, "CHIP-1", 0), 4)) == "certificate.request"
    assert refused(client.command("seal.made", order_id, client.made(order_id, "CHIP-1", 1), 4)) == "certificate.request"
    assert refused(client.command("seal.made", order_id, client.made(order_id, "CHIP-1", 0), 4)) == "certificate.request"
    assert client.command("seal.made", order_id, client.made(order_id, "", 0), 4).json()["result"] == "applied"
    assert refused(client.command("seal.made", order_id, client.made(order_id, "", 0), 5)) == "command.state"


def test_query_information_of_another_seal_or_chip_is_refused(client: Any) -> None:
    order_id = client.accepted()
    client.command("certificate.request", order_id, client.request(order_id, "CHIP-1"), 4)
    client.command("seal.made", order_id, client.made(order_id, "CHIP-1"), 6)
    seal_id = client.permits[order_id]["seals"][0]["id"]
    sound = client.query(order_id, "CHIP-1")
    wrong_code = {**sound["values"]}
    for name, value in wrong_code.items():
        if value == client.permits[order_id]["seals"][0]["seal_code"]:
            wrong_code[name] = "2206810009999"
    for content in ({**sound, "chip_serial": "CHIP-2"}, {**sound, "values": wrong_code}, {**sound, "values": {"x": "y"}}):
        answer = client.command("seal.signed", order_id, {"seal": seal_id, "record": client.sign(content)}, 7)
        assert refused(answer) == "record.signature"
    assert client.command("seal.signed", order_id, {"seal": seal_id, "record": client.sign(sound)}, 7).json()["state"] == "produced"


def test_hand_over_names_all_seals_of_the_order(client: Any, seal: Any) -> None:
    order_id = client.accepted(seal("01", "physical"), seal("04", "physical"))
    client.command("seal.made", order_id, client.made(order_id, "", 0), 4)
    client.command("seal.made", order_id, client.made(order_id, "", 1), 5)
    ids = [item["id"] for item in client.permits[order_id]["seals"]]
    record = client.sign(client.delivery(order_id))
    assert refused(client.command("order.delivered", order_id, {"seals": ids[:1], "record": record}, 6)) == "certificate.request"
    other = client.sign(client.delivery(order_id, seals=["2206810009999"]))
    assert refused(client.command("order.delivered", order_id, {"seals": ids, "record": other}, 6)) == "record.signature"
    assert client.command("order.delivered", order_id, {"seals": ids, "record": record}, 6).json()["state"] == "delivered"


# ---- keys


def test_key_of_the_shop_is_bound_and_others_are_not(client: Any, stranger: Any) -> None:
    other = stranger(1)
    body = {"user": "xiaolin", "display_name": "小林", "certificate": base64.b64encode(client.certificate.der).decode()}
    assert client.command("key.bind", str(uuid4()), body, 0).json() | {"subject": ""} == {
        "result": "applied",
        "subject": "",
        "rev": 0,
        "state": "nothing",
        "code": "",
        "facts": {},
    }
    foreign = {**body, "certificate": base64.b64encode(other.certificate.der).decode()}
    assert refused(client.command("key.bind", str(uuid4()), foreign, 0)) == "record.signature"
    assert refused(client.command("key.bind", str(uuid4()), {**body, "certificate": "AAAA"}, 0)) == "record.signature"
