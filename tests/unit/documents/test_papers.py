"""The papers: complete, legible, embedded, scannable, the same every time, and whole with empty or very long values."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image, ImageChops

from sealdesk.core import i18n
from sealdesk.documents.permit import PermitPaper, VerdictLine, permit_pdf
from sealdesk.documents.pin_mailer import PinMailer, pin_mailer_pdf
from sealdesk.documents.proof import ProofSheet, proof_pdf
from sealdesk.documents.slip import DeliverySlip, slip_pdf
from sealdesk.documents.ticket import JobTicket, ticket_pdf

Read = Callable[[bytes], Any]
PAPERS: dict[str, Callable[[Any], bytes]] = {
    "permit": permit_pdf,
    "slip": slip_pdf,
    "ticket": ticket_pdf,
    "proof": proof_pdf,
    "mailer": pin_mailer_pdf,
}
LONG = "内蒙古自治区临江市云帆国际文化传播与数字创意产业发展集团股份有限公司第一分公司"


@pytest.fixture(params=PAPERS)
def made(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    value = request.getfixturevalue(request.param)
    return request.param, PAPERS[request.param](value)


def content_box(page: Image.Image) -> tuple[float, float, float, float]:
    """Where ink is, in millimetres from the page's top left."""
    box = ImageChops.invert(page.convert("L")).getbbox()
    assert box is not None
    left, top, right, bottom = (value / 150 * 25.4 for value in box)
    return left, top, right, bottom


def test_every_font_is_an_embedded_subset_with_unicode(made: tuple[str, bytes], read: Read) -> None:
    fonts = read(made[1]).fonts()
    assert fonts
    for font in fonts:
        assert font[1] == "TrueType" and font[-5:-2] == ["yes", "yes", "yes"], font


def test_paper_is_one_page_with_shop_and_page_number(made: tuple[str, bytes], read: Read) -> None:
    paper = read(made[1])
    assert paper.pages() == 1
    text = paper.squeezed()
    assert "临江市精工印章有限公司" in text and "330106000007" in text and "第1页，共1页" in text


def test_paper_stays_within_its_margins(made: tuple[str, bytes], read: Read) -> None:
    left, top, right, bottom = content_box(read(made[1]).page())
    assert left >= 19.5 and top >= 14 and right <= 190.8 and bottom <= 288


def test_same_values_give_the_same_bytes_in_another_process_too(slip: DeliverySlip, permit: PermitPaper) -> None:
    first = slip_pdf(slip)
    permit_pdf(permit)
    assert slip_pdf(slip) == first
    # A process that has made nothing else and hashes its strings differently.
    program = (
        "import sys, pickle; from sealdesk.core import i18n; i18n.use_language('zh_CN');"
        "from sealdesk.documents.slip import slip_pdf; sys.stdout.buffer.write(slip_pdf(pickle.load(sys.stdin.buffer)))"
    )
    import pickle

    done = subprocess.run([sys.executable, "-c", program], input=pickle.dumps(slip), capture_output=True, check=True)
    assert done.stdout == first


def test_permit_says_everything(permit: PermitPaper, read: Read) -> None:
    paper = read(permit_pdf(permit))
    text = paper.squeezed()
    for expected in (
        "印铸刻字准许证",
        "编号2026000123",
        "临江市公安局",
        "临江市云帆文化传播有限公司合同专用章",
        "91350100M000100Y43",
        "330***********002X",
        "3301060000042",
        "3301060000043",
        "2026-03-02",
        "2026-06-02",
        "核验通过，可以承接。",
        "5A3F2291",
    ):
        assert expected in text, expected
    assert text.count("样") == text.count("稿") == 2, "each face carries the mark"
    assert paper.codes() == ["sealdesk:permit:2026000123"]


def test_permit_that_failed_or_waits_says_so(permit: PermitPaper, read: Read) -> None:
    failed = replace(permit, verdict=(VerdictLine("准许证签名无效", False),), countersignature=None)
    text = read(permit_pdf(failed)).squeezed()
    assert "核验未通过，不得承接制作。" in text and "核验通过，可以承接。" not in text and "尚未签收。" in text
    assert "尚未核验。" in read(permit_pdf(replace(permit, verdict=()))).squeezed()


def test_permit_face_has_its_true_size_and_its_cut(permit: PermitPaper, read: Read) -> None:
    page = read(permit_pdf(replace(permit, seals=permit.seals[:1]))).page(dpi=300)
    red, green, blue = page.split()
    # Strong red only: neither the watermark nor the double rule below the title, which is cropped away.
    mask = ImageChops.subtract(red, ImageChops.lighter(green, blue)).point(lambda value: 255 if value > 90 else 0)
    top = round(60 / 25.4 * 300)
    box = mask.crop((0, top, mask.width, mask.height)).getbbox()
    assert box is not None
    width_mm, height_mm = (box[2] - box[0]) / 300 * 25.4, (box[3] - box[1]) / 300 * 25.4
    assert width_mm == pytest.approx(40, abs=0.3) and height_mm == pytest.approx(40, abs=0.3)
    middle = top + (box[1] + box[3]) // 2
    assert mask.getpixel((box[0] + 6, middle)) == 0, "the cut takes the ring's left side away"
    assert mask.getpixel((box[2] - 6, middle)) == 255


def test_permit_of_many_long_seals_turns_pages_without_losing_one(permit: PermitPaper, read: Read) -> None:
    seals = tuple(replace(permit.seals[n % 2], name=f"{LONG}（{n}）", code=f"33010600010{n:02d}") for n in range(9))
    paper = read(permit_pdf(replace(permit, unit_name=LONG * 2, seals=seals)))
    assert paper.pages() >= 3
    text = paper.squeezed()
    assert all(seal.code in text and seal.name in text for seal in seals)
    assert LONG * 2 in text
    for number in range(1, paper.pages() + 1):
        assert content_box(paper.page(number))[3] <= 288


def test_slip_says_everything(slip: DeliverySlip, read: Read) -> None:
    paper = read(slip_pdf(slip))
    text = paper.squeezed()
    for expected in ("印章交付单", "JF20260304-0003", "林知夏", "330***********002X", "138****8000", "何小满", "共2枚", "密码信封"):
        assert expected in text, expected
    assert "领取人（签字）" in text
    assert "3301060000042" in text and "3301060000043" in text
    assert paper.codes() == ["sealdesk:delivery:JF20260304-0003"]


def test_slip_without_chip_speaks_of_no_pin(slip: DeliverySlip, read: Read) -> None:
    assert "密码信封" not in read(slip_pdf(replace(slip, seals=slip.seals[:1]))).squeezed()


def test_slip_of_many_seals_repeats_the_heads_and_keeps_the_signatures_together(slip: DeliverySlip, read: Read) -> None:
    seals = tuple(replace(slip.seals[1], name=f"{LONG}{n}", code=f"33010600010{n:02d}") for n in range(30))
    paper = read(slip_pdf(replace(slip, seals=seals)))
    text = paper.squeezed()
    assert paper.pages() >= 3
    assert text.count("印章编码") >= paper.pages() - 1
    assert all(seal.code in text for seal in seals) and "共30枚" in text
    last = "".join(paper.text().split("\f")[paper.pages() - 1].split())
    assert "领取人（签字）" in last and "本人已领取" in last


def test_ticket_says_everything(ticket: JobTicket, read: Read) -> None:
    paper = read(ticket_pdf(ticket))
    text = paper.squeezed()
    for expected in ("GD-0302-017", "交期2026-03-04", "加急", "材料：光敏印垫", "不镜像", "600dpi", "灌制芯片并回读", "3301060000043"):
        assert expected in text, expected
    assert paper.codes() == ["GD-0302-017"]


def test_ticket_without_face_and_date_says_so(ticket: JobTicket, read: Read) -> None:
    bare = replace(ticket, face=None, due="", urgency="", making=(), seal_code="", remarks="略深。" * 200)
    text = read(ticket_pdf(bare)).squeezed()
    assert "无印面" in text and "未定交期" in text and "普通" in text
    assert text.count("略深。") == 200


def test_proof_says_everything_and_has_the_mark_across(proof: ProofSheet, read: Read) -> None:
    paper = read(proof_pdf(proof))
    text = paper.squeezed()
    for expected in ("印章样稿确认单", "环排", "横排", "思源宋体", "6.0mm", "宋体以思源宋体代替。", "同意按此样稿制作。", "原大", "50毫米"):
        assert expected in text, expected
    # Twice in titles, once in the consent; on both faces and across the page.
    assert text.count("样") == 6


def test_mailer_tells_each_seal_and_pin_and_its_values_hide_it(mailer: PinMailer, read: Read) -> None:
    text = read(pin_mailer_pdf(mailer)).squeezed()
    for expected in ("密码信封", "临江市云帆文化传播有限公司合同专用章", "3301060000043", "芯片号SD00012345", "482913"):
        assert expected in text, expected
    assert "482913" not in repr(mailer)


@pytest.mark.parametrize("name", ["permit", "slip", "ticket", "proof"])
def test_empty_values_leave_a_dash_and_no_hole(name: str, request: pytest.FixtureRequest, read: Read) -> None:
    value = request.getfixturevalue(name)
    names = ("uscc", "unit_code", "permit_number", "principal_name", "template", "clerk", "seal_code", "product")
    known = {field: "" for field in names if hasattr(value, field)}
    assert "—" in read(PAPERS[name](replace(value, **known))).text()


def test_rare_characters_are_shown_and_can_be_copied_out(slip: DeliverySlip, read: Read) -> None:
    rare = "𠮷田㐂㙍𫖯䶮"
    paper = read(slip_pdf(replace(slip, unit_name=rare)))
    assert rare in paper.squeezed()
    assert "〓" not in paper.squeezed()


def test_papers_follow_the_language(slip: DeliverySlip, read: Read) -> None:
    i18n.use_language("en")
    assert "Seal delivery slip" in read(slip_pdf(slip)).text()


def test_importing_the_papers_imports_no_heavy_library() -> None:
    program = (
        "import sys; import sealdesk.documents.permit, sealdesk.documents.slip, sealdesk.documents.ticket, sealdesk.documents.proof;"
        "print([name for name in ('reportlab', 'fontTools', 'segno', 'PIL') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout.strip() == "[]"


@pytest.mark.parametrize(("notes", "rows"), [(1, 2), (4, 5), (5, 8)])
@pytest.mark.parametrize("diameter_mm", [20, 40, 58, 60])
def test_proof_is_one_page_however_much_the_face_says(
    proof: ProofSheet, read: Read, ring_of: Any, notes: int, rows: int, diameter_mm: int
) -> None:
    if diameter_mm > 58 and rows > 5:
        rows = 5  # the largest face with eight rows is none of ours
    words = (replace(proof.words[0], text=LONG), *(replace(proof.words[1], text=f"第 {row} 行") for row in range(rows - 1)))
    sentences = tuple(f"说明 {note}：细笔画在橡胶章面上会断。" for note in range(notes))
    full = replace(proof, unit_name=LONG, seal_name=f"{LONG}合同专用章", face=ring_of(diameter_mm), words=words, notes=sentences)
    paper = read(proof_pdf(replace(full, order_number="DD20260302-0001")))
    assert paper.pages() == 1
    text = paper.squeezed()
    for expected in (*("".join(sentence.split()) for sentence in sentences), f"第{rows - 2}行", "需要修改", "经办人（签字）", "原大"):
        assert expected in text, expected
    left, top, right, bottom = content_box(paper.page())
    assert left >= 19.5 and top >= 14 and right <= 190.8 and bottom <= 288


def test_proof_carries_the_order_as_a_code_and_in_words(proof: ProofSheet, read: Read) -> None:
    paper = read(proof_pdf(replace(proof, order_number="DD20260302-0001")))
    assert paper.codes() == ["DD20260302-0001"]
    assert "DD20260302-0001" in paper.squeezed()
    assert read(proof_pdf(proof)).codes() == []
