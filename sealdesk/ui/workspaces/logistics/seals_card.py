"""What goes over the counter: each seal with its face, code and chip, and the goods."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from sealdesk.core.i18n import _
from sealdesk.domain.seals import CARRIER_TITLES, SEAL_TYPE_TITLES, Carrier, SealType, product
from sealdesk.face.drawing import Drawing
from sealdesk.face.faces import face_from
from sealdesk.stages.logistics.queries import DeliverableGoods, DeliverableOrder, DeliverableSeal
from sealdesk.ui.desk import Shell
from sealdesk.ui.parts.card import Card
from sealdesk.ui.parts.face_canvas import FaceCanvas
from sealdesk.ui.parts.layouts import clear, column, holding, row, text
from sealdesk.ui.theme import Size, Space
from sealdesk.workflow.desk import Desk


class SealsCard(Card):
    """The seals side by side in lines of two."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(_("Seals and goods"), parent)
        self._desk = desk
        self._shell = shell
        self._order_id = ""
        self._lines = column(gap=Space.S)
        self.goods = text("", "soft", wrap=True)
        self.body.addLayout(self._lines)
        self.body.addWidget(self.goods)

    def show_order(self, order: DeliverableOrder, failed: Callable[[BaseException], object]) -> None:
        """Show another order."""
        self.goods.setText(_(", ").join(goods_words(goods) for goods in order.goods))
        self.goods.setVisible(bool(order.goods))
        if self._order_id == order.id:
            return
        self._order_id = order.id
        clear(self._lines)
        for start in range(0, len(order.seals), 2):
            line = row(gap=Space.M)
            for seal in order.seals[start : start + 2]:
                line.addWidget(self._seal(seal, failed), 1)
            if len(order.seals) > 1 and start + 1 == len(order.seals):
                line.addStretch(1)
            self._lines.addLayout(line)

    def _seal(self, seal: DeliverableSeal, failed: Callable[[BaseException], object]) -> QWidget:
        canvas = FaceCanvas(ruler=False)
        canvas.setFixedSize(Size.THUMBNAIL, Size.THUMBNAIL)
        canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        spec = seal.spec

        def show(drawing: Drawing) -> None:
            canvas.show_drawing(drawing, proof=False, words=seal.name)

        if spec is not None:
            job = self._desk.lanes.computing[-1].submit(lambda _task: face_from(spec).drawing)
            self._shell.run(job, canvas, show, failed)
        kind = f"{_(SEAL_TYPE_TITLES[SealType(seal.seal_type)])} · {_(CARRIER_TITLES[Carrier(seal.carrier)])}"
        name = text(seal.name, "strong", wrap=True)
        words = [name, text(kind, "soft", wrap=True), text(seal.seal_code, "soft")]
        if seal.chip_serial:
            words.append(text(_("Chip {serial}").format(serial=seal.chip_serial), "soft"))
        line = row(canvas, gap=Space.M)
        line.addLayout(column(*words, None, gap=Space.XXS), 1)
        return holding(line)


def goods_words(goods: DeliverableGoods) -> str:
    """Goods with their quantity."""
    try:
        title = _(product(goods.product).title)
    except KeyError:
        title = goods.product
    return f"{title} × {goods.quantity}"
