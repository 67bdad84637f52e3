"""A paper in the making: A4 pages with letterhead and page numbers, and the few shapes that all papers are made of.

Drawing is recorded first and done at the end, when it is known which characters the document has and how many pages. All places are
millimetres from the page's top left corner; a text's place is its baseline.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from sealdesk.core.i18n import _
from sealdesk.documents import art, typefaces
from sealdesk.documents.line_breaks import wrap
from sealdesk.documents.typefaces import Typeface

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

WIDTH_MM, HEIGHT_MM = 210.0, 297.0
LEFT_MM, RIGHT_MM = 20.0, 190.0
TOP_MM, BOTTOM_MM = 29.0, 277.0
"""Where content may stand: below the letterhead, above the foot."""
INNER_MM = RIGHT_MM - LEFT_MM

INK, QUIET, HAIRLINE, TINT, PAPER = "#1F2329", "#6B7178", "#D3D6DA", "#F6F5F2", "#FFFFFF"
SEAL_RED, GREEN = "#B4231C", "#2F6F4F"

_PT_PER_MM = 72 / 25.4
_BOLDER = 0.022
"""Stroke of a heavier text, as a part of its size: the fonts have one weight."""

_building = RLock()  # The fonts are registered by name for the whole process.

Operation = Callable[["Canvas", dict[Path, str]], None]


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who the paper comes from: the shop, its 12-digit code, and where it is found."""

    shop_name: str
    shop_code: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A labelled value in a grid of twelve columns. `strong` values are larger."""

    label: str
    value: str
    columns: int = 4
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks; sizes in points."""

    size_pt: float = 10.0
    typeface: Typeface = Typeface.SANS
    colour: str = INK
    bold: bool = False
    tracking_pt: float = 0.0


BODY = Style()
LABEL = Style(7.6, colour=QUIET)
NOTE = Style(8.4, colour=QUIET)
ROW, PADDING_MM = Style(9.4), 3.4
DENSE_ROW, DENSE_PADDING_MM = Style(8.4), 1.6
HEADING = Style(11.5, Typeface.SERIF, bold=True, tracking_pt=0.6)
TITLE = Style(22, Typeface.SERIF, bold=True, tracking_pt=4)


def line_height_mm(style: Style) -> float:
    """The distance between baselines of running text."""
    return style.size_pt * 1.5 / _PT_PER_MM


def row_height_mm(values: Sequence[str], widths_mm: Sequence[float], *, dense: bool = False) -> float:
    """How high `Sheet.table` sets a row."""
    style, padding = (DENSE_ROW, DENSE_PADDING_MM) if dense else (ROW, PADDING_MM)
    lines = max(len(wrap(value, width - 3, style.typeface, style.size_pt)) for value, width in zip(values, widths_mm, strict=True))
    return line_height_mm(style) * lines + padding


class Sheet:
    """One document. `y_mm` is the cursor of the running content; the methods that flow move it down and turn pages."""

    def __init__(self, letterhead: Letterhead, title: str, reference: str) -> None:
        self._letterhead = letterhead
        self._title = title
        self._reference = reference
        self._pages: list[list[Operation]] = []
        self._page: list[Operation] = []
        self._characters: dict[Path, set[str]] = {}
        self.y_mm = TOP_MM
        self.new_page()

    # ---- pages

    def new_page(self) -> None:
        """Turn the page and set the letterhead."""
        self._page = []
        self._pages.append(self._page)
        head = self._letterhead
        self.text(LEFT_MM, 20.5, head.shop_name, Style(12.5, Typeface.SERIF, bold=True, tracking_pt=0.8), max_mm=110)
        reference = f"{self._title}  {self._reference}".strip() if len(self._pages) > 1 else self._title
        self.text(RIGHT_MM, 20.5, reference, NOTE, align="right", max_mm=75)
        self.line(LEFT_MM, 24, RIGHT_MM, 24, 0.5, INK)
        self.y_mm = TOP_MM

    def need(self, height_mm: float) -> None:
        """Turn the page when less than `height_mm` is left on it."""
        if self.y_mm + height_mm > BOTTOM_MM and self.y_mm > TOP_MM:
            self.new_page()

    def finish(self) -> bytes:
        """The PDF; the sheet is used up."""
        from reportlab.pdfgen.canvas import Canvas

        for number, _operations in enumerate(self._pages, start=1):
            self._foot(number, len(self._pages))
        stream = BytesIO()
        with _building:
            names = {path: typefaces.register(path, "".join(sorted(found | {" "}))) for path, found in sorted(self._characters.items())}
            # The first font is named, or reportlab would begin each page with a Helvetica that is not embedded.
            first, size = next(iter(names.values())), (WIDTH_MM * _PT_PER_MM, HEIGHT_MM * _PT_PER_MM)
            canvas = Canvas(stream, pagesize=size, invariant=1, pageCompression=1, initialFontName=first)  # type: ignore[arg-type]
            canvas.setTitle(f"{self._title} {self._reference}".strip())
            canvas.setAuthor(self._letterhead.shop_name)
            canvas.setCreator("sealdesk")
            for operations in self._pages:
                for operation in operations:
                    operation(canvas, names)
                canvas.showPage()
            canvas.save()
        return stream.getvalue()

    def _foot(self, number: int, count: int) -> None:
        head = self._letterhead
        self._page = self._pages[number - 1]
        self.line(LEFT_MM, 282, RIGHT_MM, 282, 0.25, HAIRLINE)
        found = "   ".join(part for part in (head.shop_code, head.address, head.phone) if part)
        self.text(LEFT_MM, 286.2, found, LABEL, max_mm=INNER_MM - 30)
        self.text(RIGHT_MM, 286.2, _("Page {number} of {count}").format(number=number, count=count), LABEL, align="right")

    # ---- shapes

    def text(self, x_mm: float, y_mm: float, text: str, style: Style = BODY, align: str = "left", max_mm: float = 0.0) -> float:
        """One line of text; returns its width in mm. With `max_mm` a longer text is set smaller, never cut."""
        if max_mm:
            wanted = typefaces.width_pt(text, style.typeface, style.size_pt, style.tracking_pt) / _PT_PER_MM
            if wanted > max_mm:
                part = max_mm / wanted
                style = Style(style.size_pt * part, style.typeface, style.colour, style.bold, style.tracking_pt * part)
        width_mm = typefaces.width_pt(text, style.typeface, style.size_pt, style.tracking_pt) / _PT_PER_MM
        start_mm = x_mm - {"left": 0.0, "center": width_mm / 2, "right": width_mm}[align]
        for run in typefaces.runs(text, style.typeface):
            self._characters.setdefault(run.font, set()).update(run.text)
            self._record(_text_operation(start_mm, y_mm, run, style))
            start_mm += typefaces.width_pt(run.text, style.typeface, style.size_pt, style.tracking_pt) / _PT_PER_MM
            start_mm += style.tracking_pt / _PT_PER_MM
        return width_mm

    def line(self, x1_mm: float, y1_mm: float, x2_mm: float, y2_mm: float, width_pt: float = 0.25, colour: str = HAIRLINE) -> None:
        """A straight line."""

        def operation(canvas: Canvas, _names: dict[Path, str]) -> None:
            from reportlab.lib.colors import HexColor

            canvas.setStrokeColor(HexColor(colour))
            canvas.setLineWidth(width_pt)
            canvas.line(*_at(x1_mm, y1_mm), *_at(x2_mm, y2_mm))

        self._record(operation)

    def box(
        self, x_mm: float, y_mm: float, width_mm: float, height_mm: float, *, fill: str = "", edge: str = "", radius_mm: float = 0
    ) -> None:
        """A rectangle with its top left corner at (`x_mm`, `y_mm`)."""

        def operation(canvas: Canvas, _names: dict[Path, str]) -> None:
            from reportlab.lib.colors import HexColor

            if fill:
                canvas.setFillColor(HexColor(fill))
            if edge:
                canvas.setStrokeColor(HexColor(edge))
                canvas.setLineWidth(0.4)
            place = (*_at(x_mm, y_mm + height_mm), width_mm * _PT_PER_MM, height_mm * _PT_PER_MM)
            canvas.roundRect(*place, radius_mm * _PT_PER_MM, stroke=int(bool(edge)), fill=int(bool(fill)))

        self._record(operation)

    def tick(self, x_mm: float, y_mm: float, passed: bool) -> None:
        """A tick or a cross 3 mm wide, its foot on the baseline `y_mm`."""
        if passed:
            self.line(x_mm, y_mm - 1.2, x_mm + 1.0, y_mm - 0.1, 1.1, GREEN)
            self.line(x_mm + 0.9, y_mm - 0.1, x_mm + 2.8, y_mm - 2.6, 1.1, GREEN)
        else:
            self.line(x_mm + 0.3, y_mm - 2.5, x_mm + 2.6, y_mm - 0.2, 1.1, SEAL_RED)
            self.line(x_mm + 2.6, y_mm - 2.5, x_mm + 0.3, y_mm - 0.2, 1.1, SEAL_RED)

    def qr(self, x_mm: float, y_mm: float, size_mm: float, content: str) -> None:
        """A QR symbol in a square of `size_mm`, its four modules of margin included."""
        modules, dark = art.qr_modules(content)
        module_mm = size_mm / (modules + 8)

        def operation(canvas: Canvas, _names: dict[Path, str]) -> None:
            from reportlab.lib.colors import HexColor

            canvas.setFillColor(HexColor("#000000"))
            for column, row, length in dark:
                left, bottom = _at(x_mm + (column + 4) * module_mm, y_mm + (row + 5) * module_mm)
                canvas.rect(left, bottom, length * module_mm * _PT_PER_MM, module_mm * _PT_PER_MM, stroke=0, fill=1)

        self._record(operation)

    def face(self, x_mm: float, y_mm: float, face: art.FaceArt, scale: float = 1.0, colour: str = SEAL_RED, paper: str = PAPER) -> None:
        """A face with 样稿 (proof) across it: no picture on paper is a production file."""

        def operation(canvas: Canvas, _names: dict[Path, str]) -> None:
            art.paint(canvas, face, x_mm, y_mm, HEIGHT_MM, scale, colour, paper)

        self._record(operation)
        width_mm, height_mm = face.width_mm * scale, face.height_mm * scale
        self.watermark(x_mm + width_mm / 2, y_mm + height_mm / 2, min(width_mm, height_mm) * 0.32, 0.26)

    def watermark(self, x_mm: float, y_mm: float, size_mm: float, strength: float) -> None:
        """样稿 (proof), slanting through (`x_mm`, `y_mm`), characters `size_mm` high, `strength` 0 to 1 dark."""
        word = _("PROOF")
        style = Style(size_mm * _PT_PER_MM, Typeface.SANS, QUIET, tracking_pt=size_mm * 0.4)
        width = typefaces.width_pt(word, style.typeface, style.size_pt, style.tracking_pt)
        part = min(1.0, size_mm * 2.6 * _PT_PER_MM / width)
        (run,) = typefaces.runs(word, style.typeface)
        self._characters.setdefault(run.font, set()).update(run.text)
        small = Style(style.size_pt * part, style.typeface, QUIET, tracking_pt=style.tracking_pt * part)
        draw = _text_operation(-width * part / 2 / _PT_PER_MM, HEIGHT_MM + small.size_pt * 0.36 / _PT_PER_MM, run, small, strength)

        def operation(canvas: Canvas, names: dict[Path, str]) -> None:
            canvas.saveState()
            canvas.translate(*_at(x_mm, y_mm))
            canvas.rotate(30)
            draw(canvas, names)
            canvas.restoreState()

        self._record(operation)

    # ---- what flows

    def paragraph(self, text: str, style: Style = BODY, x_mm: float = LEFT_MM, width_mm: float = INNER_MM) -> None:
        """A text in lines below the cursor."""
        step = line_height_mm(style)
        for line in wrap(text, width_mm, style.typeface, style.size_pt):
            self.need(step)
            self.y_mm += step
            self.text(x_mm, self.y_mm - step * 0.28, line, style)

    def section(self, heading: str, need_mm: float = 25.0) -> None:
        """A heading, kept together with `need_mm` of what follows."""
        self.need(11 + need_mm)
        self.y_mm += 9.5
        self.text(LEFT_MM, self.y_mm - 2.2, heading, HEADING)
        self.line(LEFT_MM, self.y_mm, RIGHT_MM, self.y_mm, 0.4, INK)
        self.y_mm += 1.5

    def grid(self, rows: Sequence[Sequence[Cell]], x_mm: float = LEFT_MM, width_mm: float = INNER_MM) -> None:
        """Labelled values in rows of twelve columns, a hairline below each row; "—" stands where nothing is known."""
        column_mm = width_mm / 12
        for row in rows:
            shown = []
            for cell in row:
                style = Style(12.5, Typeface.SERIF, bold=True) if cell.strong else Style(10)
                shown.append((cell, style, wrap(cell.value, cell.columns * column_mm - 4, style.typeface, style.size_pt)))
            step = max(line_height_mm(style) for _cell, style, _lines in shown)
            first = 4.0 + step + (1.0 if any(cell.strong for cell in row) else 0.3)
            height = first - step + 2.0 + step * max(len(lines) for _cell, _style, lines in shown) + 0.6
            self.need(height)
            left = x_mm
            for cell, style, lines in shown:
                self.text(left, self.y_mm + 4.4, cell.label, LABEL, max_mm=cell.columns * column_mm - 3)
                for number, line in enumerate(lines if cell.value else ("—",)):
                    self.text(left, self.y_mm + first + number * step, line, style if cell.value else NOTE)
                left += cell.columns * column_mm
            self.y_mm += height
            self.line(x_mm, self.y_mm, x_mm + width_mm, self.y_mm)

    def table(self, heads: Sequence[tuple[str, float]], rows: Sequence[Sequence[str]], *, dense: bool = False) -> None:
        """Rows under heads `(title, width_mm)`; the heads are repeated on every page, a row is never torn. `dense` rows take less room."""
        style, padding = (DENSE_ROW, DENSE_PADDING_MM) if dense else (ROW, PADDING_MM)
        step = line_height_mm(style)
        self._heads(heads)
        for row in rows:
            cells = [wrap(value, width - 3, style.typeface, style.size_pt) for value, (_head, width) in zip(row, heads, strict=True)]
            height = row_height_mm(row, [width for _head, width in heads], dense=dense)
            if self.y_mm + height > BOTTOM_MM:
                self.new_page()
                self._heads(heads)
            left = LEFT_MM
            for value, lines, (_head, width) in zip(row, cells, heads, strict=True):
                for number, line in enumerate(lines if value else ("—",)):
                    self.text(left + 1.5, self.y_mm + (padding + step) * 0.6 + number * step, line, style if value else NOTE)
                left += width
            self.y_mm += height
            self.line(LEFT_MM, self.y_mm, RIGHT_MM, self.y_mm)

    def _heads(self, heads: Sequence[tuple[str, float]]) -> None:
        self.box(LEFT_MM, self.y_mm, INNER_MM, 7, fill=TINT)
        left = LEFT_MM
        for title, width in heads:
            self.text(left + 1.5, self.y_mm + 4.7, title, Style(8.2, colour=QUIET), max_mm=width - 2)
            left += width
        self.y_mm += 7
        self.line(LEFT_MM, self.y_mm, RIGHT_MM, self.y_mm)

    def _record(self, operation: Operation) -> None:
        self._page.append(operation)


def _at(x_mm: float, y_mm: float) -> tuple[float, float]:
    return x_mm * _PT_PER_MM, (HEIGHT_MM - y_mm) * _PT_PER_MM


def _text_operation(x_mm: float, y_mm: float, run: typefaces.Run, style: Style, strength: float = 1.0) -> Operation:
    def operation(canvas: Any, names: dict[Path, str]) -> None:
        from reportlab.lib.colors import HexColor, toColor

        # A text object takes the mode of painting for 0 whatever the text before it left behind.
        canvas.saveState()
        written = canvas.beginText(*_at(x_mm, y_mm))
        written.setFont(names[run.font], style.size_pt)
        written.setFillColor(toColor(HexColor(style.colour)).clone(alpha=strength))
        written.setCharSpace(style.tracking_pt)
        if style.bold:
            canvas.setLineWidth(style.size_pt * _BOLDER)
            written.setStrokeColor(HexColor(style.colour))
        written.setTextRenderMode(2 if style.bold else 0)
        written.textOut(run.text)
        canvas.drawText(written)
        canvas.restoreState()

    return operation
