"""Papers to look at: samples in Chinese, and the eyes: text, fonts and codes read back from the finished PDF."""

from __future__ import annotations

import io
import math
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
import zxingcpp
from PIL import Image

from sealdesk.core import i18n
from sealdesk.documents.art import ArtPart, FaceArt
from sealdesk.documents.permit import CountersignatureNote, PermitPaper, PermitSeal, VerdictLine
from sealdesk.documents.pin_mailer import MailedPin, PinMailer
from sealdesk.documents.proof import FaceWords, ProofSheet
from sealdesk.documents.sheet import Letterhead
from sealdesk.documents.slip import Collector, DeliveredSeal, DeliverySlip
from sealdesk.documents.ticket import JobTicket

UNIT = "临江市云帆文化传播有限公司"
HEAD = Letterhead("临江市精工印章有限公司", "330106000007", "临江市江湾路 88 号", "0571-88001234")


@dataclass(frozen=True)
class Outline:
    """A contour as the face package has it."""

    start: tuple[float, float]
    segments: tuple[tuple[str, float, float] | tuple[str, float, float, float, float, float, float], ...]


def polygon(centre: float, radius: float, corners: int, turn: int) -> Outline:
    angles = [turn * 2 * math.pi * i / corners for i in range(corners)]
    points = [(centre + radius * math.cos(angle), centre + radius * math.sin(angle)) for angle in angles]
    return Outline(points[0], tuple(("L", x, y) for x, y in points[1:]))


def ring(diameter_mm: float) -> FaceArt:
    """A ring of 1 mm with a cut through its left side."""
    middle = diameter_mm / 2
    cut = Outline((0.0, middle - 1), (("L", 4.0, middle - 1), ("L", 4.0, middle + 1), ("C", 3, middle + 1, 1, middle + 1, 0.0, middle + 1)))
    band = ArtPart((polygon(middle, middle, 180, 1), polygon(middle, middle - 1, 180, -1)))
    return FaceArt(diameter_mm, diameter_mm, (band, ArtPart((cut,), cut=True)))


@pytest.fixture
def ring_of() -> Callable[[float], FaceArt]:
    """Makes a face of any diameter."""
    return ring


@dataclass(frozen=True)
class Paper:
    """A finished PDF and what can be read from it."""

    pdf: bytes

    def text(self) -> str:
        return _run(["pdftotext", "-layout", "-", "-"], self.pdf).decode()

    def squeezed(self) -> str:
        """The text in the order of drawing, without any white space."""
        return "".join(_run(["pdftotext", "-raw", "-", "-"], self.pdf).decode().split())

    def fonts(self) -> list[list[str]]:
        """Per font: name, type …, embedded, subset, with ToUnicode."""
        return [line.split() for line in _run(["pdffonts", "-"], self.pdf).decode().splitlines()[2:]]

    def page(self, number: int = 1, dpi: int = 150) -> Image.Image:
        picture = _run(["pdftoppm", "-png", "-r", str(dpi), "-f", str(number), "-l", str(number), "-"], self.pdf)
        return Image.open(io.BytesIO(picture)).convert("RGB")

    def pages(self) -> int:
        found = _run(["pdfinfo", "-"], self.pdf).decode()
        return int(found.split("Pages:")[1].split()[0])

    def codes(self) -> list[str]:
        return [found.text for found in zxingcpp.read_barcodes(self.page())]


def _run(command: list[str], content: bytes) -> bytes:
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout


@pytest.fixture(autouse=True)
def _chinese() -> None:
    i18n.use_language("zh_CN")


@pytest.fixture
def read() -> Callable[[bytes], Paper]:
    return Paper


@pytest.fixture
def permit() -> PermitPaper:
    seals = (
        PermitSeal(UNIT, "单位专用印章", "3301060000042", "圆形 ø40 mm", ring(40)),
        PermitSeal(UNIT + "合同专用章", "合同专用章", "3301060000043", "圆形 ø38 mm", ring(38)),
    )
    return PermitPaper(
        HEAD,
        number="2026000123",
        issuer_name="临江市公安局",
        issuer_code="330106000000",
        unit_name=UNIT,
        unit_code="330106000042",
        uscc="91350100M000100Y43",
        principal_name="沈云帆",
        handler_name="林知夏",
        handler_document="330***********002X",
        issued_on=date(2026, 3, 2),
        valid_until=date(2026, 6, 2),
        seals=seals,
        verdict=(VerdictLine("准许证签名有效", True), VerdictLine("与登记内容一致", True)),
        countersignature=CountersignatureNote("临江市精工印章有限公司", "2026-03-02 10:15:32", "5A3F2291", "3F7A 99C1 0B2E 55D0"),
        qr="sealdesk:permit:2026000123",
    )


@pytest.fixture
def slip() -> DeliverySlip:
    return DeliverySlip(
        HEAD,
        number="JF20260304-0003",
        order_number="DD20260302-0001",
        unit_name=UNIT,
        uscc="91350100M000100Y43",
        permit_number="2026000123",
        delivered_at="2026-03-04 14:20",
        clerk="何小满",
        collector=Collector("林知夏", "居民身份证", "330***********002X", "138****8000", "经办人"),
        papers=("居民身份证原件，与登记的经办人一致",),
        seals=(
            DeliveredSeal(UNIT, "3301060000042", "单位专用印章", "物理印章", "ø40 mm"),
            DeliveredSeal(UNIT + "合同专用章", "3301060000043", "合同专用章", "芯片印章", "ø38 mm", with_pin_mailer=True),
        ),
        qr="sealdesk:delivery:JF20260304-0003",
    )


@pytest.fixture
def ticket() -> JobTicket:
    return JobTicket(
        HEAD,
        number="GD-0302-017",
        order_number="DD20260302-0001",
        unit_name=UNIT,
        seal_name=UNIT + "合同专用章",
        type_title="合同专用章",
        carrier_title="芯片印章",
        product="铜质芯片章",
        seal_code="3301060000043",
        size="ø38 mm",
        due="2026-03-04",
        urgency="加急",
        face=ring(38),
        making=("材料：光敏印垫", "正像输出，不镜像", "600 dpi，1 位 PNG"),
        steps=("输出印面文件", "灌制芯片并回读", "质检"),
        remarks="",
        qr="GD-0302-017",
    )


@pytest.fixture
def proof() -> ProofSheet:
    return ProofSheet(
        HEAD,
        number="YG-0302-017",
        unit_name=UNIT,
        seal_name=UNIT + "合同专用章",
        type_title="合同专用章",
        size="圆形 ø38 mm",
        template="合同专用章",
        made_at="2026-03-02 09:41",
        clerk="何小满",
        face=ring(38),
        words=(FaceWords("环排", UNIT, "思源宋体", "6.0 mm"), FaceWords("横排", "合同专用章", "思源宋体", "4.4 mm")),
        notes=("宋体以思源宋体代替。",),
    )


@pytest.fixture
def mailer() -> PinMailer:
    return PinMailer(HEAD, "DD20260302-0001", UNIT, (MailedPin(UNIT + "合同专用章", "3301060000043", "SD00012345", "482913"),))
