"""Medians of everything that has a bound in time: layout, a keystroke in the editor, pictures, batches; run by hand, or by `dev.py bench`.

    .venv/bin/python tests/bench/bench_face.py [names]

It judges nothing: times depend on the machine, which it names. The processor's time is what an idle machine would take, the clock's time
what this one took while it also did other work. Every name is new to the program when it is laid out, as a keystroke's is.
"""

from __future__ import annotations

import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sealdesk.face import checks, raster
from sealdesk.face.export import bitmap
from sealdesk.face.fonts import FontSet, system_fonts
from sealdesk.face.layout import layout
from sealdesk.face.template import Options, Template
from sealdesk.face.templates import TEMPLATES, template

PLACES = (
    "北京市海淀区",
    "上海浦东新区",
    "广州市天河区",
    "深圳市",
    "成都市武侯区",
    "杭州余杭区",
    "西安市",
    "内蒙古自治区呼和浩特市",
    "南京市",
)
TRADES = (
    "科技发展",
    "餐饮管理",
    "文化传播",
    "集成电路设计",
    "建筑工程",
    "物流服务",
    "医疗器械",
    "教育咨询",
    "食品加工",
    "商贸",
    "机械制造",
)
ENDINGS = ("有限公司", "有限责任公司", "股份有限公司", "有限公司第一分公司")
OWN = "亿印华中天地金银铜铁木水火土日月星辰山川河海江湖春夏秋冬东西南北福禄寿喜财宝盛昌隆兴旺达通顺安康宁和平美丽新青石翠岭瀚翔龙腾凤"
PREVIEW_PX = 600


def names(count: int) -> list[str]:
    """Company names of 9 to 28 characters, each once."""
    dice = random.Random(2026)
    made: dict[str, None] = {}
    while len(made) < count:
        own = "".join(dice.choices(OWN, k=dice.choice((2, 2, 3, 4))))
        made[dice.choice(PLACES) + own + dice.choice(TRADES) + dice.choice(ENDINGS)] = None
    return list(made)


def texts(of: Template, name: str) -> dict[str, str]:
    return {**of.examples(), "name": name}


def times_ms(work: Callable[[str], object], over: Iterable[str]) -> list[tuple[float, float]]:
    """(processor's, clock's) time of each."""
    took = []
    for name in over:
        clock, start = time.perf_counter(), time.process_time()
        work(name)
        took.append(((time.process_time() - start) * 1000, (time.perf_counter() - clock) * 1000))
    return took


def say(title: str, took: list[tuple[float, float]], bound: str) -> None:
    busy = sorted(processor for processor, _clock in took)
    high, clock = busy[int(len(busy) * 0.95)], statistics.median(clock for _processor, clock in took)
    sys.stdout.write(f"{title:<50}{statistics.median(busy):>8.2f} ms  95 % {high:>7.2f} ms  clock {clock:>7.2f} ms  bound {bound}\n")


def machine() -> str:
    """What the times were taken on."""
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    except OSError:
        pass
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{model}, {os.cpu_count()} cores{load}, {platform.system()}, Python {platform.python_version()}"


def keystrokes(of: Template, fonts: FontSet, words: list[str]) -> list[tuple[float, float]]:
    """Every name typed letter by letter: build, layout, checks and paint of each unfinished form."""

    def keystroke(name: str) -> None:
        spec = of.build(texts(of, name), Options(draft=True))
        drawing = layout(spec, fonts)
        checks.check(drawing, spec)
        raster.picture(drawing, PREVIEW_PX / max(drawing.width_mm, drawing.height_mm))

    typed = [name[:end] for name in words for end in range(1, len(name) + 1)]
    return times_ms(keystroke, typed or words)


def every_preview(fonts: FontSet, words: list[str]) -> None:
    """Keystrokes in every template that takes a unit's name: those the bound speaks of first, then the slowest."""
    found = []
    for at, of in enumerate(of for of in TEMPLATES if of.family != "person"):
        keystrokes(of, fonts, [""])  # the template was shown before something is typed into it
        took = keystrokes(of, fonts, words[3 * at : 3 * at + 3])
        found.append((sorted(busy for busy, _clock in took)[int(len(took) * 0.95)], of.name, took))
    named = [one for one in found if one[1] in ("invoice.40x30", "bilingual.40")]
    for _high, name, took in [*named, *sorted(found, reverse=True)[:4]]:
        say(f"keystroke, {name}", took, "16 ms")
    over = sum(high > 16 for high, _name, _took in found)
    sys.stdout.write(f"{'templates whose 95 % are above 16 ms':<50}{over:>8} of {len(found)}\n")


def main(count: int = 60) -> None:
    fonts, many = system_fonts(), names(3 * count)
    warm, round_names, oval_names = many[:count], many[count : 2 * count], many[2 * count :]
    circle, ellipse = template("unit.enterprise.40"), template("invoice.40x30")
    sys.stdout.write(machine() + "\n")
    for name in warm:  # fonts are opened and the commonest letters read before the first keystroke counts
        for of in (circle, ellipse):
            layout(of.build(texts(of, name)), fonts)
    for of, words, bound in ((circle, round_names, "2 ms"), (ellipse, oval_names, "10 ms")):
        specs = {name: of.build(texts(of, name)) for name in words}
        say(f"layout, {of.name}", times_ms(lambda name, specs=specs: layout(specs[name], fonts), words), bound)
    for of, words in ((circle, many[: count // 4]), (ellipse, many[: count // 4]), (template("contract.40"), many[: count // 4])):
        say(f"keystroke to picture of {PREVIEW_PX} px, {of.name}", keystrokes(of, fonts, words), "16 ms")
    every_preview(fonts, names(20 * count + 3 * len(TEMPLATES))[20 * count :])
    drawings = {name: layout(circle.build(texts(circle, name)), fonts) for name in round_names}
    for dpi, bound in ((600, "15 ms"), (1200, "25 ms"), (2400, "60 ms")):
        say(f"1-bit PNG at {dpi} dpi", times_ms(lambda name, dpi=dpi: bitmap.png(raster.bitmap(drawings[name], dpi)), round_names), bound)
    new = names(20 * count)[3 * count :]
    start, made = time.process_time(), 0  # the core's own time, whatever else the machine does
    for name in new:
        bitmap.png(raster.bitmap(layout(circle.build(texts(circle, name)), fonts), 600))
        made += 1
        if time.process_time() - start > 4:
            break
    rate = made / (time.process_time() - start)
    sys.stdout.write(f"{'batch with layout, 600 dpi PNG':<50}{rate:>8.0f} faces a second a core  bound 150\n")


def test_faces_are_measured() -> None:
    main()


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
