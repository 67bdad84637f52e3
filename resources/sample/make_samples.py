"""Draws the sample papers of the demonstration and writes `sample.json`; the program itself never runs this.

Units, persons and numbers are invented: the numbers have right check digits, so that every border lets them in, but contain the county
code 220699, which was never given out, so they belong to nobody. Every paper is marked 样本.

Run from the repository's root: `python resources/sample/make_samples.py`.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import pylopdf_fonts_zh_cn as fonts
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from sealdesk.documents.line_breaks import wrap
from sealdesk.documents.typefaces import Typeface
from sealdesk.domain.identifiers.check_digits import registration_check, resident_check, uscc_check

FOLDER = Path(__file__).parent
DPI = 150
LARGEST_BYTES = 250_000

PAPER, INK, QUIET, RED, BLUE = "#FDFCF8", "#26282C", "#6E7277", "#B4231C", "#2D5B86"
COUNTY = "220699"


def _org_code(first8: str) -> str:
    """A nine-place organisation code with its check character (GB 11714)."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    check = (11 - sum(int(c, 36) * weight for c, weight in zip(first8, weights, strict=True)) % 11) % 11
    return first8 + ("X" if check == 10 else str(check))


def _uscc(first8: str, department: str = "91") -> str:
    body = department + COUNTY + _org_code(first8)
    return body + uscc_check(body)


def _person(name: str, sex: str, born: str, sequence: str, phone: str) -> dict[str, str]:
    first17 = COUNTY + born + sequence
    return {
        "name": name,
        "document_kind": "resident_id",
        "document_number": first17 + resident_check(first17),
        "phone": phone,
        "sex": sex,
        "born": f"{born[:4]}-{born[4:6]}-{born[6:]}",
    }


def sample() -> dict[str, object]:
    """What `sample.json` holds: two units with their people and seals, the shop, and which paper is which proof."""
    shen = _person("沈云帆", "男", "19840512", "917", "19900000001")
    lin = _person("林知夏", "女", "19930908", "928", "19900000002")
    qiao = _person("乔望舒", "女", "19790321", "946", "19900000003")
    old = COUNTY + "00000001"
    culture, school = "临江市云帆文化传播有限公司", "临江市望舒书画研究会"
    return {
        "notice": "样本：单位、人员和号码均为虚构",
        "shop": {
            "name": "临江市精工印章有限公司",
            "code": "220681000007",
            "uscc": _uscc("MA0YD007"),
            "area_code": "220681",
            "address": "吉林省临江市江湾路 8 号",
            "phone": "0439-5550008",
        },
        "units": [
            {
                "name": culture,
                "kind": "02",
                "uscc": _uscc("MA0YB001"),
                "registration_number": "",
                "area_code": "220681",
                "address": "吉林省临江市江湾路 66 号 3 层 301 室",
                "phone": "0439-5550066",
                "name_english": "Linjiang Yunfan Culture Communication Co., Ltd.",
                "founded": "2026-02-16",
                "capital": "壹佰万元整",
                "scope": "文化艺术交流活动策划；图文设计制作；会议及展览服务；工艺美术品销售。"
                "（依法须经批准的项目，经相关部门批准后方可开展经营活动）",
                "principal": shen,
                "handler": lin,
                "seals": [
                    {"type": "01", "carrier": "physical", "name": culture, "ring": culture, "row": "", "width_mm": 40, "height_mm": 40},
                    {
                        "type": "04",
                        "carrier": "chip",
                        "name": culture + "合同专用章",
                        "ring": culture,
                        "row": "合同专用章",
                        "width_mm": 38,
                        "height_mm": 38,
                    },
                ],
                "proofs": {
                    "unit_certificate": "business_licence.jpg",
                    "principal_id": "principal_id.jpg",
                    "handler_id": "handler_id.jpg",
                    "power_of_attorney": "power_of_attorney.jpg",
                },
            },
            {
                "name": school,
                "kind": "04",
                "uscc": _uscc("MJ0YC002", "51"),
                "registration_number": old + registration_check(old),
                "area_code": "220681",
                "address": "吉林省临江市梧桐巷 12 号",
                "phone": "0439-5550012",
                "name_english": "",
                "founded": "2009-09-10",
                "capital": "叁万元整",
                "scope": "书画理论研究；学术交流；公益展览。",
                "principal": qiao,
                "handler": qiao,
                "seals": [
                    {
                        "type": "02",
                        "carrier": "physical",
                        "name": school + "财务专用章",
                        "ring": school,
                        "row": "财务专用章",
                        "width_mm": 38,
                        "height_mm": 38,
                    },
                ],
                "proofs": {},
            },
        ],
    }


# ---- drawing


def _mm(value: float) -> int:
    return round(value / 25.4 * DPI)


def _font(size_mm: float, serif: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(fonts.serif_path() if serif else fonts.sans_path()), _mm(size_mm))


class Page:
    """A sheet to draw on in millimetres; a text's place is its top left corner, or the middle of its top with `centred`."""

    def __init__(self, width_mm: float, height_mm: float, colour: str = PAPER) -> None:
        self.image = Image.new("RGB", (_mm(width_mm), _mm(height_mm)), colour)
        self.draw = ImageDraw.Draw(self.image)

    def text(
        self, x: float, y: float, text: str, size_mm: float, colour: str = INK, *, serif: bool = False, bold: int = 0, centred: bool = False
    ) -> None:
        """One line."""
        anchor, font = "ma" if centred else "la", _font(size_mm, serif)
        self.draw.text((_mm(x), _mm(y)), text, font=font, fill=colour, anchor=anchor, stroke_width=bold, stroke_fill=colour)

    def lines(self, x: float, y: float, width_mm: float, text: str, size_mm: float, *, serif: bool = False, leading: float = 1.7) -> float:
        """Running text; returns the top of the line after it."""
        typeface = Typeface.SERIF if serif else Typeface.SANS
        for line in wrap(text, width_mm, typeface, size_mm / 25.4 * 72):
            self.text(x, y, line, size_mm, serif=serif)
            y += size_mm * leading
        return y

    def box(
        self, x: float, y: float, width: float, height: float, edge: str, line_mm: float = 0.3, radius_mm: float = 0.0, fill: str = ""
    ) -> None:
        """A rectangle, its corners perhaps round."""
        corners = (_mm(x), _mm(y), _mm(x + width), _mm(y + height))
        self.draw.rounded_rectangle(corners, _mm(radius_mm), fill=fill or None, outline=edge, width=max(_mm(line_mm), 1))

    def mark(self, x: float, y: float, size_mm: float, words: str = "样 本") -> None:
        """样本 slanting across the place, so that nobody takes the paper for a real one."""
        layer = Image.new("L", self.image.size, 0)
        ImageDraw.Draw(layer).text((_mm(x), _mm(y)), words, font=_font(size_mm), fill=70, anchor="mm", stroke_width=1, stroke_fill=70)
        turned = layer.rotate(24, resample=Image.Resampling.BICUBIC, center=(_mm(x), _mm(y)))
        self.image.paste(Image.new("RGB", self.image.size, RED), mask=turned)

    def stamp(self, x: float, y: float, radius_mm: float, words: str) -> None:
        """A round red imprint that says only that it is a sample."""
        self.draw.ellipse((_mm(x - radius_mm), _mm(y - radius_mm), _mm(x + radius_mm), _mm(y + radius_mm)), outline=RED, width=_mm(0.9))
        self.text(x, y - radius_mm * 0.55, "样本", radius_mm * 0.5, RED, serif=True, bold=1, centred=True)
        self.text(x, y + radius_mm * 0.12, words, radius_mm * 0.24, RED, serif=True, centred=True)


def _scan(page: Page, name: str, seed: int, angle_degrees: float) -> None:
    """Save the page as a scanner would have it: a little askew, shaded towards one edge, with grain."""
    chance = random.Random(seed)
    width, height = page.image.size
    bed = Image.new("RGB", (width + _mm(8), height + _mm(8)), "#E9E9E6")
    shadow = Image.new("L", bed.size, 0)
    ImageDraw.Draw(shadow).rectangle((_mm(4), _mm(4), _mm(4.8) + width, _mm(4.8) + height), fill=110)
    bed.paste(Image.new("RGB", bed.size, "#8F9092"), mask=shadow.filter(ImageFilter.GaussianBlur(_mm(0.7))))
    bed.paste(page.image, (_mm(4), _mm(4)))
    bed = bed.rotate(angle_degrees, resample=Image.Resampling.BICUBIC, fillcolor="#E9E9E6")
    coarse = (bed.width // 3, bed.height // 3)
    grain = Image.frombytes("L", coarse, bytes(248 + value % 8 for value in chance.randbytes(coarse[0] * coarse[1])))
    shade = Image.linear_gradient("L").point(lambda value: 255 - value // 22).resize(bed.size)
    for veil in (grain.resize(bed.size, Image.Resampling.BICUBIC), shade):
        bed = ImageChops.multiply(bed, veil.convert("RGB"))
    target = FOLDER / name
    for quality in range(82, 40, -4):
        bed.filter(ImageFilter.GaussianBlur(0.4)).save(target, "JPEG", quality=quality, optimize=True, dpi=(DPI, DPI))
        if target.stat().st_size <= LARGEST_BYTES:
            return


# ---- papers


def _licence(unit: dict[str, str], principal: dict[str, str]) -> None:
    page = Page(297, 210)
    for inset, line in ((9, 1.6), (12.5, 0.4)):
        page.box(inset, inset, 297 - 2 * inset, 210 - 2 * inset, RED, line)
    page.text(148.5, 26, "营 业 执 照", 15, INK, serif=True, bold=2, centred=True)
    page.text(148.5, 47, "（ 副 本 ）", 5, INK, serif=True, centred=True)
    page.text(26, 40, "统一社会信用代码", 3.6, QUIET)
    page.text(26, 46, unit["uscc"], 5, INK, bold=1)
    rows = (("名　　称", unit["name"]), ("类　　型", "有限责任公司（自然人独资）"), ("法定代表人", principal["name"]))
    for place, (label, value) in enumerate(rows):
        page.text(26, 70 + place * 15, label, 4.2, QUIET, serif=True)
        page.text(56, 69.6 + place * 15, value, 4.8, INK, serif=True)
    page.text(26, 115, "经营范围", 4.2, QUIET, serif=True)
    page.lines(56, 114.6, 88, unit["scope"], 4.2, serif=True)
    for place, (label, value) in enumerate((("注册资本", unit["capital"]), ("成立日期", _chinese(unit["founded"])))):
        page.text(158, 70 + place * 15, label, 4.2, QUIET, serif=True)
        page.text(184, 69.6 + place * 15, value, 4.8, INK, serif=True)
    page.text(158, 100, "住　　所", 4.2, QUIET, serif=True)
    page.lines(184, 99.6, 84, unit["address"], 4.6, serif=True)
    page.text(184, 150, "登记机关（样本）", 4.6, INK, serif=True)
    page.stamp(246, 158, 20, "非真实登记机关")
    page.text(184, 172, _chinese(unit["founded"]), 4.6, INK, serif=True)
    page.text(148.5, 189, "本页为演示用样本，单位与号码均为虚构，不具任何效力", 3.2, QUIET, centred=True)
    page.mark(130, 120, 46)
    _scan(page, "business_licence.jpg", 1, 0.35)


def _id_card(person: dict[str, str], name: str, seed: int, angle_degrees: float) -> None:
    page = Page(210, 84)
    for left in (13.0, 111.0):
        page.box(left, 15, 85.6, 54, "#B9CBD8", 0.3, 3, fill="#EAF1F4")
    left = 13.0
    # A figure instead of a face: there is nobody to show.
    page.box(left + 58, 21, 22, 29, "#C5D3DB", 0.2, 1, fill="#DCE6EB")
    page.draw.ellipse((_mm(left + 64.5), _mm(26), _mm(left + 73.5), _mm(36)), fill="#A9BBC6")
    page.draw.pieslice((_mm(left + 60), _mm(38), _mm(left + 78), _mm(62)), 180, 360, fill="#A9BBC6")
    page.draw.rectangle((_mm(left + 58.2), _mm(49.8), _mm(left + 80.2), _mm(62)), fill="#EAF1F4")
    rows = (("姓名", person["name"], 22), ("性别", person["sex"], 30))
    for label, value, y in rows:
        page.text(left + 7, y + 0.3, label, 2.6, BLUE)
        page.text(left + 17, y, value, 3.2)
    page.text(left + 27, 30.3, "民族", 2.6, BLUE)
    page.text(left + 36, 30, "汉", 3.2)
    page.text(left + 7, 38.3, "出生", 2.6, BLUE)
    page.text(left + 17, 38, _chinese(person["born"]), 3.2)
    page.text(left + 7, 46.3, "住址", 2.6, BLUE)
    page.lines(left + 17, 46, 36, "吉林省临江市样本路 1 号（虚构）", 3.0, leading=1.5)
    page.text(left + 7, 60.3, "公民身份号码", 2.6, BLUE)
    page.text(left + 28, 59.6, person["document_number"], 3.8, bold=1)
    left = 111.0
    page.text(left + 42.8, 22, "演示用样本证件", 4.6, INK, bold=1, centred=True)
    page.text(left + 42.8, 31, "居 民 身 份 证", 6.2, INK, bold=1, centred=True)
    page.text(left + 14, 50, "签发机关", 2.6, BLUE)
    page.text(left + 30, 49.7, "样本签发机关（虚构）", 3.2)
    page.text(left + 14, 57, "有效期限", 2.6, BLUE)
    page.text(left + 30, 56.7, "2020.01.01-2040.01.01", 3.2)
    page.mark(52, 42, 20)
    page.mark(154, 42, 20)
    _scan(page, name, seed, angle_degrees)


def _power_of_attorney(unit: dict[str, str], principal: dict[str, str], handler: dict[str, str]) -> None:
    page = Page(210, 297)
    page.text(105, 34, "授 权 委 托 书", 10, INK, serif=True, bold=1, centred=True)
    body = (
        f"临江市精工印章有限公司：\n　　兹委托本单位工作人员{handler['name']}（居民身份证号码：{handler['document_number']}，联系电话："
        f"{handler['phone']}）作为我单位印章刻制的经办人，代表{unit['name']}（统一社会信用代码：{unit['uscc']}）办理下列事项：\n"
        "　　一、申请刻制单位专用印章壹枚、合同专用章壹枚；\n　　二、提交并签署有关证明文件；\n　　三、领取刻制完成的印章及密码信封。\n"
        "　　委托期限：自 2026 年 3 月 1 日起至 2026 年 6 月 30 日止。\n　　被委托人在上述权限内办理的事项，我单位均予承认。"
        "被委托人无转委托权。"
    )
    bottom = page.lines(28, 62, 154, body, 5.0, serif=True, leading=2.0)
    right = 108.0
    page.text(right, bottom + 18, "委托单位（盖章）：", 4.8, INK, serif=True)
    page.text(right, bottom + 28, unit["name"], 4.8, INK, serif=True)
    page.text(right, bottom + 42, f"法定代表人（签字）：{principal['name']}", 4.8, INK, serif=True)
    page.text(right, bottom + 54, "2026 年 3 月 1 日", 4.8, INK, serif=True)
    page.text(105, 280, "本页为演示用样本，单位、人员与号码均为虚构，不具任何效力", 3.2, QUIET, centred=True)
    page.mark(105, 150, 44)
    _scan(page, "power_of_attorney.jpg", 4, -0.4)


def _chinese(day: str) -> str:
    year, month, date = day.split("-")
    return f"{year} 年 {int(month)} 月 {int(date)} 日"


def main() -> None:
    """Write everything beside this file."""
    data = sample()
    (FOLDER / "sample.json").write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    unit = data["units"][0]  # type: ignore[index]
    _licence(unit, unit["principal"])
    _id_card(unit["principal"], "principal_id.jpg", 2, -0.5)
    _id_card(unit["handler"], "handler_id.jpg", 3, 0.6)
    _power_of_attorney(unit, unit["principal"], unit["handler"])


if __name__ == "__main__":
    main()
