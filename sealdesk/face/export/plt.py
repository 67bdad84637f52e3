"""The face as HP-GL (PLT) for cutters and engravers: outlines as polylines in plotter units of 0.025 mm, origin at the bottom left.

Only IN, SP, PU, PD and PA's default absolute mode are used, because that is what every engraver's importer understands.
"""

from __future__ import annotations

from sealdesk.face.drawing import Drawing
from sealdesk.face.export.geometry import inked, separated
from sealdesk.face.polygons import flattened

MEDIA_TYPE = "application/vnd.hp-hpgl"
UNITS_PER_MM = 40
"""One plotter unit is 0.025 mm (HP-GL reference)."""

_POINTS_A_COMMAND = 60  # some controllers read a command into a buffer of 1024 bytes


def plt(drawing: Drawing, tolerance_mm: float = 0.01) -> bytes:
    """The HP-GL file.

    Args:
        drawing: what to write; its cuts are taken out.
        tolerance_mm: how far a chord may lie from its curve, before rounding to whole plotter units.

    Raises:
        OutlineError: an outline could not be combined with a cut.
        ValueError: the tolerance is not positive.
    """
    commands = ["IN;", "SP1;"]
    for part in separated(inked(drawing)):
        for contour in part.contours:
            points: list[tuple[int, int]] = []
            for x, y in flattened(contour, tolerance_mm):
                point = (_units(x), _units(drawing.height_mm - y))
                if not points or points[-1] != point:
                    points.append(point)
            if len(points) > 1 and points[0] == points[-1]:
                points.pop()
            if len(points) < 3:  # smaller than the plotter can draw
                continue
            commands.append(f"PU{points[0][0]},{points[0][1]};")
            way = [*points[1:], points[0]]
            for i in range(0, len(way), _POINTS_A_COMMAND):
                commands.append("PD" + ",".join(f"{x},{y}" for x, y in way[i : i + _POINTS_A_COMMAND]) + ";")
    commands += ["PU;", "SP0;"]
    return ("\n".join(commands) + "\n").encode("ascii")


def _units(value_mm: float) -> int:
    return int(value_mm * UNITS_PER_MM + 0.5) if value_mm >= 0 else -int(-value_mm * UNITS_PER_MM + 0.5)
