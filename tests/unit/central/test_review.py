"""Review: permits with numbers, codes, cuts and a signature that holds; returns with reasons."""

from __future__ import annotations

import json
import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sealdesk.central import review
from sealdesk.central.cuts import choose_cuts
from sealdesk.central.errors import NotReviewableError, ReasonNeededError, ReviewerNeededError, UnknownOrderError
from sealdesk.crypto.records import SignedRecord, open_record
from sealdesk.domain.identifiers.seal_codes import check_seal_code
from sealdesk.wire.permits import PermitContent
from sealdesk.wire.roles import PERMIT_AUTHORITY


def test_permit_is_signed_by_the_police_unit_and_says_what_was_registered(client: Any, platform: Any, seal: Any) -> None:
    first, second = seal("01", "physical"), seal("04", "chip")
    order_id = client.submitted(first, second)
    number = review.approve(platform, order_id, "王警官")
    [change] = client.changes()["items"]
    record = SignedRecord.from_json(change["body"]["record"])
    verified = open_record(record, (platform.authority.root,), platform.clock.now())
    assert PERMIT_AUTHORITY in verified.signer.extended_key_usage
    permit = PermitContent.model_validate_json(record.content)
    assert (permit.number, change["rev"], client.order(order_id)["permit"]) == (number, 2, number)
    assert number == "2026000001"
    assert len(permit.unit.code) == 12
    assert [item.id for item in permit.seals] == [first["id"], second["id"]]
    assert permit.seals[0].face_fields == first["face_fields"]
    codes = [check_seal_code(item.seal_code, area_code="220681") for item in permit.seals]
    assert codes == [item["seal_code"] for item in client.order(order_id)["seals"]]
    assert len(set(codes)) == 2
    assert (permit.handler, permit.handler_document) == ("沈云帆", "220699198405129171")


def test_numbers_rise_and_a_unit_keeps_its_code(client: Any, platform: Any) -> None:
    numbers, units = [], []
    for _ in range(3):
        order_id = client.permitted()
        numbers.append(client.permits[order_id]["number"])
        units.append(client.permits[order_id]["unit"]["code"])
    assert numbers == ["2026000001", "2026000002", "2026000003"]
    assert len(set(units)) == 1


def test_two_reviewers_cannot_decide_twice(client: Any, platform: Any) -> None:
    order_id = client.submitted()

    def decide(name: str) -> str:
        try:
            return review.approve(platform, order_id, name)
        except NotReviewableError:
            return ""

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(decide, "甲乙丙丁"))
    assert sorted(outcomes) == ["", "", "", "2026000001"]
    assert client.order(order_id)["rev"] == 2


def test_returned_order_is_told_with_reason_and_reviewer(client: Any, platform: Any) -> None:
    order_id = client.submitted()
    review.return_(platform, client.order(order_id)["number"], "  营业执照看不清 ", "王警官")
    [change] = client.changes()["items"]
    assert (change["kind"], change["body"]) == ("registration.returned", {"reason": "营业执照看不清", "reviewer": "王警官"})
    sheet = review.show_order(platform, order_id)
    assert sheet.line.state == "returned"
    assert "营业执照看不清" in sheet.decisions[0]


def test_list_shows_what_waits(client: Any, platform: Any) -> None:
    waiting, done = client.submitted(), client.permitted()
    assert [line.id for line in review.list_orders(platform)] == [waiting]
    assert {line.id for line in review.list_orders(platform, "")} == {waiting, done}


def test_decisions_need_an_order_a_state_a_reason_and_a_name(client: Any, platform: Any) -> None:
    order_id = client.permitted()
    with pytest.raises(NotReviewableError):
        review.approve(platform, order_id, "王警官")
    with pytest.raises(NotReviewableError):
        review.return_(platform, order_id, "x", "王警官")
    with pytest.raises(UnknownOrderError):
        review.approve(platform, "nothing", "王警官")
    with pytest.raises(ReasonNeededError):
        review.return_(platform, order_id, " ", "王警官")
    with pytest.raises(ReviewerNeededError):
        review.approve(platform, order_id, "")
    assert json.dumps(client.order(order_id)["state"]) == '"permitted"'


@pytest.mark.parametrize(
    ("width", "height", "is_round"), [(40.0, 40.0, True), (45.0, 30.0, True), (20.0, 20.0, False), (40.0, 10.0, False)]
)
def test_cuts_are_short_lie_on_the_face_and_each_in_its_own_sector(width: float, height: float, is_round: bool) -> None:
    for _ in range(50):
        cuts = choose_cuts(width, height, round_face=is_round)
        assert 5 <= len(cuts) <= 6
        sectors = set()
        for cut in cuts:
            for x, y in ((cut.x1_mm, cut.y1_mm), (cut.x2_mm, cut.y2_mm)):
                dx, dy = x - width / 2, y - height / 2
                inside = (dx / width * 2) ** 2 + (dy / height * 2) ** 2 <= 1 if is_round else abs(dx) <= width / 2 and abs(dy) <= height / 2
                assert inside
            assert math.hypot(cut.x2_mm - cut.x1_mm, cut.y2_mm - cut.y1_mm) <= 3.01
            turn = math.atan2(cut.x1_mm - width / 2, height / 2 - cut.y1_mm) % (2 * math.pi)
            sectors.add(int(turn / (2 * math.pi) * len(cuts)))
        assert len(sectors) == len(cuts)


def test_cuts_are_never_the_same_twice() -> None:
    assert choose_cuts(40, 40, round_face=True) != choose_cuts(40, 40, round_face=True)
