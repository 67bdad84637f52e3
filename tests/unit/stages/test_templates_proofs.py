"""The proof sheet of every template: one page, with its texts, and the order as a code that another program reads."""

from __future__ import annotations

import io
import subprocess
from datetime import UTC, datetime

import pytest
import zxingcpp
from PIL import Image

from sealdesk.core import i18n
from sealdesk.core.i18n import _
from sealdesk.documents.proof import proof_pdf
from sealdesk.documents.sheet import Letterhead
from sealdesk.face.faces import face_of
from sealdesk.face.template import Options, Template
from sealdesk.face.templates import TEMPLATES, template
from sealdesk.stages.templates.papers import ProofContent, sheet_of

LONG = "新疆维吾尔自治区乌鲁木齐高新技术产业开发区丝路云帆国际文化艺术传播股份有限公司"
HEAD = Letterhead("临江市精工印章有限公司", "220681000007", "吉林省临江市江湾路 8 号")
AT = datetime(2026, 3, 12, 1, 30, tzinfo=UTC)
HARDEST = ("contract.40", "contract.58", "invoice.40x30", "bilingual.40", "state.council.60", "person.square.20")


def proof_of(of: Template, name: str) -> bytes:
    texts = of.examples() | {field.name: name[: field.max_length] for field in of.fields if field.kind == "name"}
    content = ProofContent(face_of(of, texts, Options(draft=True)), f"{name}{_(of.title)}", _(of.title), of.seal_type, name)
    return proof_pdf(sheet_of(content, HEAD, AT, "何小满", "DD20260312-0001"))


def read(command: list[str], pdf: bytes) -> bytes:
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout


def pages(pdf: bytes) -> int:
    return int(read(["pdfinfo", "-"], pdf).decode().split("Pages:")[1].split()[0])


@pytest.mark.parametrize("name", HARDEST)
def test_the_proof_of_a_long_name_is_one_page_and_says_everything(name: str) -> None:
    i18n.use_language("zh_CN")
    pdf = proof_of(template(name), LONG)
    assert pages(pdf) == 1
    text = "".join(read(["pdftotext", "-raw", "-", "-"], pdf).decode().split())
    said = ("印章样稿确认单", "原大", "同意按此样稿制作", "需要修改", "经办人（签字）", "何小满", "2026-03-1209:30", "第1页，共1页")
    for expected in (LONG, *said):
        assert expected in text, expected
    picture = Image.open(io.BytesIO(read(["pdftoppm", "-png", "-r", "150", "-"], pdf)))
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == ["DD20260312-0001"]


@pytest.mark.long
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_proof_of_every_template_is_one_page(language: str) -> None:
    i18n.use_language(language)
    long = {
        of.name: count for of in TEMPLATES for name in (LONG, "临江市青禾餐饮管理有限公司") if (count := pages(proof_of(of, name))) != 1
    }
    assert not long
