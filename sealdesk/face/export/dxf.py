"""The face as a DXF drawing of AutoCAD 2000 (AC1015) in millimetres, y up; outlines only, one layer for ink and one for the code.

Written by hand: the library that reads it back in the tests takes most of a second to import and stamps times and identifiers. The tables,
blocks and dictionaries below are the least that the DXF reference (AC1015) asks for.
"""

from __future__ import annotations

from enum import Enum

from sealdesk.face.drawing import Contour, Drawing, Ink
from sealdesk.face.export.geometry import inked, separated
from sealdesk.face.export.numbers import written
from sealdesk.face.polygons import flattened

MEDIA_TYPE = "image/vnd.dxf"

_LAYERS = {Ink.INK: "INK", Ink.CODE: "CODE"}
_MILLIMETRES = 4
_DECIMALS = 5
Point = tuple[float, float]


class Curves(Enum):
    """How curves are written: what every machine reads, or what keeps them exact."""

    POLYLINES = "polylines"
    SPLINES = "splines"


def dxf(drawing: Drawing, curves: Curves = Curves.POLYLINES, tolerance_mm: float = 0.005) -> bytes:
    """The DXF file.

    Args:
        drawing: what to write; its cuts are taken out.
        curves: closed LWPOLYLINE entities, or one cubic SPLINE a contour without any loss.
        tolerance_mm: how far a chord may lie from its curve (polylines only).

    Raises:
        OutlineError: an outline could not be combined with a cut.
        ValueError: the tolerance is not positive.
    """
    writer = _Writer()
    writer.header(drawing.width_mm, drawing.height_mm)
    writer.tables()
    writer.blocks()
    writer.pair(0, "SECTION").pair(2, "ENTITIES")
    for part in separated(inked(drawing)):
        layer = _LAYERS[part.ink]
        for contour in part.contours:
            if curves is Curves.SPLINES and any(len(segment) == 7 for segment in contour.segments):
                writer.spline(layer, [(x, drawing.height_mm - y) for x, y in _control_points(contour)])
            else:
                points = [(x, drawing.height_mm - y) for x, y in flattened(contour, tolerance_mm)]
                if len(points) > 2:
                    writer.polyline(layer, points)
    writer.pair(0, "ENDSEC")
    writer.objects()
    writer.pair(0, "EOF")
    return writer.data()


def _control_points(contour: Contour) -> list[Point]:
    """The contour as joined cubics (3n + 1 points), lines raised to cubics, back at its start."""
    points = [contour.start]
    segments = list(contour.segments)
    last = segments[-1][-2:]
    if last != contour.start:
        segments.append(("L", *contour.start))
    for segment in segments:
        x0, y0 = points[-1]
        if len(segment) == 3:
            _, x, y = segment
            points += [(x0 + (x - x0) / 3, y0 + (y - y0) / 3), (x0 + (x - x0) * 2 / 3, y0 + (y - y0) * 2 / 3), (x, y)]
        else:
            _, x1, y1, x2, y2, x, y = segment
            points += [(x1, y1), (x2, y2), (x, y)]
    return points


class _Writer:
    """Group code and value, line by line. Handles below 100 (hexadecimal) belong to the fixed frame, entities count up from there."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._next = 0x100

    def pair(self, code: int, value: str | int) -> _Writer:
        self._lines += [f"{code:>3}", str(value)]
        return self

    def real(self, code: int, value: float) -> _Writer:
        text = written(value, _DECIMALS)
        return self.pair(code, text if "." in text else text + ".0")

    def data(self) -> bytes:
        seed = self._lines.index("$HANDSEED") + 2
        self._lines[seed] = f"{self._next:X}"
        return ("\r\n".join(self._lines) + "\r\n").encode("ascii")

    def header(self, width_mm: float, height_mm: float) -> None:
        self.pair(0, "SECTION").pair(2, "HEADER")
        self.pair(9, "$ACADVER").pair(1, "AC1015")
        self.pair(9, "$DWGCODEPAGE").pair(3, "ANSI_1252")
        self.pair(9, "$HANDSEED").pair(5, "0")
        self.pair(9, "$INSUNITS").pair(70, _MILLIMETRES)
        self.pair(9, "$MEASUREMENT").pair(70, 1)
        self.pair(9, "$EXTMIN").real(10, 0).real(20, 0).real(30, 0)
        self.pair(9, "$EXTMAX").real(10, width_mm).real(20, height_mm).real(30, 0)
        self.pair(0, "ENDSEC")
        self.pair(0, "SECTION").pair(2, "CLASSES").pair(0, "ENDSEC")

    def tables(self) -> None:
        self.pair(0, "SECTION").pair(2, "TABLES")
        self._table("VPORT", "8", 0)
        self._end_table()
        self._table("LTYPE", "5", 3)
        for handle, name in (("14", "ByBlock"), ("15", "ByLayer"), ("16", "Continuous")):
            self._record("LTYPE", handle, "5", "AcDbLinetypeTableRecord", name)
            self.pair(70, 0).pair(3, "").pair(72, 65).pair(73, 0).real(40, 0)
        self._end_table()
        self._table("LAYER", "2", 3)
        for handle, name, colour in (("10", "0", 7), ("11", "INK", 7), ("12", "CODE", 5)):
            self._record("LAYER", handle, "2", "AcDbLayerTableRecord", name)
            self.pair(70, 0).pair(62, colour).pair(6, "Continuous").pair(370, -3).pair(390, "F")
        self._end_table()
        self._table("STYLE", "3", 1)
        self._record("STYLE", "13", "3", "AcDbTextStyleTableRecord", "Standard")
        self.pair(70, 0).real(40, 0).real(41, 1).real(50, 0).pair(71, 0).real(42, 2.5).pair(3, "txt").pair(4, "")
        self._end_table()
        self._table("VIEW", "6", 0)
        self._end_table()
        self._table("UCS", "7", 0)
        self._end_table()
        self._table("APPID", "9", 1)
        self._record("APPID", "17", "9", "AcDbRegAppTableRecord", "ACAD")
        self.pair(70, 0)
        self._end_table()
        self._table("DIMSTYLE", "A", 1)
        self.pair(100, "AcDbDimStyleTable").pair(71, 0)
        self.pair(0, "DIMSTYLE").pair(105, "18").pair(330, "A").pair(100, "AcDbSymbolTableRecord").pair(100, "AcDbDimStyleTableRecord")
        self.pair(2, "Standard").pair(70, 0).pair(340, "13")
        self._end_table()
        self._table("BLOCK_RECORD", "1", 2)
        for handle, name, layout in (("1F", "*Model_Space", "22"), ("1B", "*Paper_Space", "1E")):
            self._record("BLOCK_RECORD", handle, "1", "AcDbBlockTableRecord", name)
            self.pair(340, layout)
        self._end_table()
        self.pair(0, "ENDSEC")

    def _table(self, name: str, handle: str, count: int) -> None:
        self.pair(0, "TABLE").pair(2, name).pair(5, handle).pair(330, "0").pair(100, "AcDbSymbolTable").pair(70, count)

    def _end_table(self) -> None:
        self.pair(0, "ENDTAB")

    def _record(self, kind: str, handle: str, owner: str, subclass: str, name: str) -> None:
        self.pair(0, kind).pair(5, handle).pair(330, owner).pair(100, "AcDbSymbolTableRecord").pair(100, subclass).pair(2, name)

    def blocks(self) -> None:
        self.pair(0, "SECTION").pair(2, "BLOCKS")
        for name, record, begin, end, on_paper in (("*Model_Space", "1F", "20", "21", False), ("*Paper_Space", "1B", "1C", "1D", True)):
            self._entity("BLOCK", begin, record, "0", on_paper)
            self.pair(100, "AcDbBlockBegin").pair(2, name).pair(70, 0).real(10, 0).real(20, 0).real(30, 0).pair(3, name).pair(1, "")
            self._entity("ENDBLK", end, record, "0", on_paper)
            self.pair(100, "AcDbBlockEnd")
        self.pair(0, "ENDSEC")

    def _entity(self, kind: str, handle: str, owner: str, layer: str, on_paper: bool = False) -> None:
        self.pair(0, kind).pair(5, handle).pair(330, owner).pair(100, "AcDbEntity")
        if on_paper:
            self.pair(67, 1)
        self.pair(8, layer)

    def _drawn(self, kind: str, layer: str) -> None:
        self._entity(kind, f"{self._next:X}", "1F", layer)
        self._next += 1

    def polyline(self, layer: str, points: list[Point]) -> None:
        self._drawn("LWPOLYLINE", layer)
        self.pair(100, "AcDbPolyline").pair(90, len(points)).pair(70, 1).real(43, 0)
        for x, y in points:
            self.real(10, x).real(20, y)

    def spline(self, layer: str, control: list[Point]) -> None:
        """Joined cubics as one spline of degree 3: inner knots three times, the ends four times."""
        pieces = (len(control) - 1) // 3
        knots = [0, *(knot for knot in range(pieces + 1) for _ in range(3)), pieces]
        self._drawn("SPLINE", layer)
        self.pair(100, "AcDbSpline").real(210, 0).real(220, 0).real(230, 1)
        self.pair(70, 8).pair(71, 3).pair(72, len(knots)).pair(73, len(control)).pair(74, 0)
        self.real(42, 1e-5).real(43, 1e-5)
        for knot in knots:
            self.real(40, knot)
        for x, y in control:
            self.real(10, x).real(20, y).real(30, 0)

    def objects(self) -> None:
        self.pair(0, "SECTION").pair(2, "OBJECTS")
        self.pair(0, "DICTIONARY").pair(5, "C").pair(330, "0").pair(100, "AcDbDictionary").pair(281, 1)
        for name, handle in (("ACAD_GROUP", "D"), ("ACAD_LAYOUT", "1A"), ("ACAD_PLOTSTYLENAME", "E")):
            self.pair(3, name).pair(350, handle)
        self.pair(0, "DICTIONARY").pair(5, "D").pair(330, "C").pair(100, "AcDbDictionary").pair(281, 1)
        self.pair(0, "ACDBDICTIONARYWDFLT").pair(5, "E").pair(330, "C").pair(100, "AcDbDictionary").pair(281, 1)
        self.pair(3, "Normal").pair(350, "F").pair(100, "AcDbDictionaryWithDefault").pair(340, "F")
        self.pair(0, "ACDBPLACEHOLDER").pair(5, "F").pair(330, "E")
        self.pair(0, "DICTIONARY").pair(5, "1A").pair(330, "C").pair(100, "AcDbDictionary").pair(281, 1)
        self.pair(3, "Layout1").pair(350, "1E").pair(3, "Model").pair(350, "22")
        for handle, name, order, record, flags in (("22", "Model", 0, "1F", 1024), ("1E", "Layout1", 1, "1B", 0)):
            self._layout(handle, name, order, record, flags)
        self.pair(0, "ENDSEC")

    def _layout(self, handle: str, name: str, order: int, record: str, plot_flags: int) -> None:
        self.pair(0, "LAYOUT").pair(5, handle).pair(330, "1A").pair(100, "AcDbPlotSettings").pair(1, "").pair(70, plot_flags)
        self.pair(100, "AcDbLayout").pair(1, name).pair(70, 1).pair(71, order)
        for code in (10, 20, 11, 21, 12, 22, 32, 14, 24, 34, 15, 25, 35, 146, 13, 23, 33):
            self.real(code, 0)
        self.real(16, 1).real(26, 0).real(36, 0).real(17, 0).real(27, 1).real(37, 0).pair(76, 0).pair(330, record)
