"""A permit as a document: number, issuer, dates, unit, handler, and every seal with its code and its face with the cuts."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from sealdesk.core.clock import CHINA
from sealdesk.core.i18n import _
from sealdesk.domain.identifiers import mask_document
from sealdesk.domain.permits import Permit
from sealdesk.domain.seals import CARRIER_TITLES, SEAL_TYPE_TITLES, Carrier, SealType
from sealdesk.face.drawing import Drawing
from sealdesk.stages.acceptance.queries import AcceptedSeal, PermitView
from sealdesk.ui.parts.card import Card
from sealdesk.ui.parts.face_canvas import FaceCanvas
from sealdesk.ui.parts.layouts import clear, column, holding, margins, row, rule, text
from sealdesk.ui.parts.state_chip import Chip, StateChip
from sealdesk.ui.theme import Size, Space, Tone

SEALS_ABREAST = 2
FACE_SIDE = Size.SLOT_WIDTH - Space.M
UNKNOWN = "–"


class PermitCard(QWidget):
    """Shows one order's permit, or, where none is needed, what was ordered."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvases: dict[str, FaceCanvas] = {}
        self._column: QVBoxLayout = column(gap=Space.M, around=margins(x=Space.L, y=Space.M))
        card = Card(padded=False)
        card.body.addWidget(holding(self._column))
        self.setLayout(column(card, gap=0))

    def show_view(self, view: PermitView) -> None:
        """Show another order; faces come later by `show_face`."""
        clear(self._column)
        self._canvases = {}
        permit = None if view.verdict is None else view.verdict.permit
        self._column.addWidget(_head(view, permit))
        self._column.addWidget(rule())
        self._column.addWidget(_facts(view, permit))
        self._column.addWidget(rule())
        grid = QGridLayout()
        grid.setContentsMargins(margins())
        grid.setSpacing(Space.M)
        for place, seal in enumerate(view.seals):
            grid.addWidget(self._seal(seal), *divmod(place, SEALS_ABREAST))
        for place in range(SEALS_ABREAST):
            grid.setColumnStretch(place, 1)
        self._column.addLayout(grid)
        if permit is not None:
            self._column.addWidget(_signature(view, permit))

    def show_face(self, seal_id: str, drawing: Drawing, words: str) -> None:
        """The face of a seal was laid out."""
        canvas = self._canvases.get(seal_id)
        if canvas is not None:
            canvas.show_drawing(drawing, proof=False, words=words)

    def canvas(self, seal_id: str) -> FaceCanvas:
        """The place of a seal's face."""
        return self._canvases[seal_id]

    def _seal(self, seal: AcceptedSeal) -> QWidget:
        canvas = FaceCanvas(ruler=False)
        canvas.setFixedSize(QSize(FACE_SIDE, FACE_SIDE))
        self._canvases[seal.id] = canvas
        kind = _(SEAL_TYPE_TITLES[SealType(seal.seal_type)])
        name = text(seal.name, "strong", wrap=True)
        code = text(_("Code {code}").format(code=seal.seal_code) if seal.seal_code else _("No seal code"), "soft")
        code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        carrier = text(f"{kind} · {_(CARRIER_TITLES[Carrier(seal.carrier)])}", "caption")
        return holding(column(canvas, name, code, carrier, None, gap=Space.XS))


def _head(view: PermitView, permit: Permit | None) -> QWidget:
    title = text(_("Permit for casting, printing and engraving") if permit is not None else _("Order without permit"), "title")
    title.setAlignment(Qt.AlignmentFlag.AlignCenter)
    title.setWordWrap(False)
    number = text(_("No. {number}").format(number=permit.number) if permit is not None else view.order.number, "soft")
    number.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return holding(column(title, number, gap=Space.XS))


def _facts(view: PermitView, permit: Permit | None) -> QWidget:
    order = view.order
    facts = [(_("Unit"), order.unit_name), (_("Order"), order.number), (_("Handler"), order.handler_name)]
    if permit is not None:
        facts = [
            (_("Unit"), permit.unit_name),
            (_("Unified social credit code"), permit.uscc or UNKNOWN),
            (_("Handler"), f"{permit.handler_name}  {mask_document(permit.handler_document)}"),
            (_("Order"), order.number),
            (_("Issuer"), f"{permit.issuer_name}（{permit.issuer_code}）"),
            (_("Made by"), permit.shop_name),
            (_("Issued on"), permit.issued_on.isoformat()),
            (_("Valid until"), permit.valid_until.isoformat()),
        ]
    grid = QGridLayout()
    grid.setContentsMargins(margins())
    grid.setHorizontalSpacing(Space.L)
    grid.setVerticalSpacing(Space.S)
    for place, (label, value) in enumerate(facts):
        line, side = divmod(place, 2)
        words = text(value, "", wrap=True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setAccessibleName(f"{label} {value}")
        grid.addWidget(holding(column(text(label, "label"), words, gap=Space.XXS)), line, side, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(side, 1)
    return holding(grid)


def _signature(view: PermitView, permit: Permit) -> QWidget:
    """The foot of the document: the issuer and the day at the right, our countersignature at the left."""
    issuer = QLabel(f"{permit.issuer_name}\n{permit.issued_on.isoformat()}")
    issuer.setAlignment(Qt.AlignmentFlag.AlignRight)
    chip = StateChip(_countersigned(view.countersigned_at))
    line = row(chip, None, issuer, gap=Space.M)
    line.setAlignment(chip, Qt.AlignmentFlag.AlignBottom)
    return holding(line)


def _countersigned(at: datetime | None) -> Chip:
    if at is None:
        return Chip(_("Not countersigned yet"), Tone.IDLE)
    return Chip(_("Countersigned {time}").format(time=f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"), Tone.OK)
