"""How long a face takes to become each of its files, and how many a second one core makes. Run it by hand; it prints medians.

python tests/bench/bench_face_export.py
"""

from __future__ import annotations

import math
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sealdesk.face import production, raster
from sealdesk.face.drawing import Drawing, Ink, Part, transformed
from sealdesk.face.export import bitmap, ga241, geometry
from sealdesk.face.export.profiles import PAPER, PROFILES, Profile, applied
from sealdesk.face.faces import face_of
from sealdesk.face.templates import template

NAMES = ("北京市海淀区中关村科技发展有限公司", "上海浦东新区张江高科技园区集成电路设计有限公司", "广州市天河区体育东路餐饮管理有限公司")


def drawings() -> list[Drawing]:
    """Faces of a usual company seal, each with its code."""
    seal = template("unit.enterprise.40")
    return [face_of(seal, {"name": name, "code": f"110108000000{i}"}).drawing for i, name in enumerate(NAMES)]


def with_cuts(drawing: Drawing) -> Drawing:
    """Six cuts through ring and letters, as the platform gives them."""
    parts = []
    for i in range(6):
        angle, r = math.pi / 3 * i + 0.3, drawing.width_mm / 2 - 3
        c, s = math.cos(angle + 0.6), math.sin(angle + 0.6)
        x, y = drawing.width_mm / 2 + r * math.cos(angle), drawing.height_mm / 2 + r * math.sin(angle)
        parts.append(Part(f"bench.{i}", "cut", Ink.CUT, transformed((geometry.rectangle(-3, -0.075, 6, 0.15),), c, s, -s, c, x, y)))
    return replace(drawing, parts=(*drawing.parts, *parts))


def median_ms(work: Callable[[], object], rounds: int = 15) -> float:
    work()
    taken = []
    for _round in range(rounds):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1000


def say(title: str, value: float, unit: str = "ms") -> None:
    sys.stdout.write(f"{title:<44}{value:>10.1f} {unit}\n")


def main() -> None:
    faces = drawings()
    face, cut = faces[0], with_cuts(faces[0])
    say("parts of the face", len(face.parts), "")

    def cold() -> None:
        geometry.cut_out.cache_clear()
        geometry.inked(cut)

    say("take six cuts out (first time)", median_ms(cold))
    for dpi in (600, 1200, 2400):
        say(f"1-bit raster, {dpi} dpi", median_ms(lambda dpi=dpi: raster.bitmap(face, dpi)))
        say(f"1-bit PNG, {dpi} dpi", median_ms(lambda dpi=dpi: bitmap.png(raster.bitmap(face, dpi))))
    say("preview, 20 px/mm", median_ms(lambda: raster.picture(cut, 20.0)))
    say("thumbnail, 160 px", median_ms(lambda: raster.thumbnail(face)))
    for kind in production.FORMATS:
        say(f"{kind}, paper, with cuts", median_ms(lambda kind=kind: production.produce(cut, kind, PAPER, seal_code="1101080000000"), 5))
    layers = raster.layers(cut, 400)
    packed = ga241.encode(layers)
    say("GA 241 size", len(packed), "bytes")
    say("GA 241 decode", median_ms(lambda: ga241.decode(packed)))
    for profile in PROFILES:

        def work(profile: Profile = profile) -> None:
            applied.cache_clear()
            applied(cut, profile)

        say(f"artwork for {profile.key} (first time)", median_ms(work, 3))

    start, made = time.process_time(), 0  # the core's own time, whatever else the machine does
    while time.process_time() - start < 3:
        bitmap.png(raster.bitmap(faces[made % len(faces)], 600))
        made += 1
    say("batch, 600 dpi PNG of laid-out faces", made / (time.process_time() - start), "faces/s/core")


if __name__ == "__main__":
    main()
