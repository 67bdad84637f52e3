"""The scan of an old imprint beside the editor: loading it, where it lies, how strongly it shows, and fitting it to the face by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QButtonGroup, QDoubleSpinBox, QFileDialog, QPushButton, QSlider, QStackedWidget, QWidget

from sealdesk.core.i18n import N_, _
from sealdesk.core.lanes import Lane
from sealdesk.face.faces import Face
from sealdesk.stages.templates.files import load
from sealdesk.stages.templates.scans import LARGEST_BYTES, Edge, Scan, edge_of, read_scan
from sealdesk.ui.desk import Shell
from sealdesk.ui.file_choice import choose_files
from sealdesk.ui.parts.buttons import explain, normal, quiet
from sealdesk.ui.parts.empty_state import Empty, EmptyState
from sealdesk.ui.parts.layouts import column, holding, margins, row, scrolling, text
from sealdesk.ui.parts.overlay import FARTHEST_MM, LARGEST_MM, SMALLEST_MM, Look, Overlay, laid
from sealdesk.ui.theme import Size, Space
from sealdesk.ui.workspaces.templates.face_view import FaceView

LOOKS = (
    (Look.OVER, N_("Over")),
    (Look.UNDER, N_("Under")),
    (Look.DIFFERENCE, N_("Difference")),
    (Look.BLINK, N_("Blink")),
)
PERCENT = 100


class OverlayPanel(QWidget):
    """Keeps nothing: the view holds the scan as it lies, and the editor holds it for each template."""

    def __init__(
        self, view: FaceView, shell: Shell, lane: Lane, face: Callable[[], Face | None], failed: Callable[[BaseException], object]
    ) -> None:
        super().__init__()
        self._view = view
        self._shell = shell
        self._lane = lane
        self._face = face
        self._failed = failed
        self._name = text("", "label", wrap=True)
        self.load_button = normal(_("Another scan…"), self.choose, icon="image")
        self.remove_button = quiet(_("Remove the scan"), lambda: view.set_overlay(None), icon="remove")
        self.looks = QButtonGroup(self)
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(5, PERCENT)
        self.opacity.setAccessibleName(_("Strength of the scan"))
        self.match_button = normal(_("Match the outer edge"), self.match, icon="guides")
        self.file_size_button = quiet("", self._on_file_size, icon="reset")
        self.move_button = normal(_("Move the scan"))
        self.move_button.setCheckable(True)
        self.spins: dict[str, QDoubleSpinBox] = {
            "x_mm": _spin(-FARTHEST_MM, FARTHEST_MM, 0.05, " mm"),
            "y_mm": _spin(-FARTHEST_MM, FARTHEST_MM, 0.05, " mm"),
            "turn_deg": _spin(-180.0, 180.0, 0.1, " °"),
            "width_mm": _spin(SMALLEST_MM, LARGEST_MM, 0.05, " mm"),
        }
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self._show(None)

    def choose(self) -> QFileDialog:
        """Let the person choose a scan."""
        pictures = _("Pictures (*.png *.jpg *.jpeg *.tif *.tiff *.bmp)")
        return choose_files(self, _("Scan of an old imprint"), pictures, self._on_chosen, purpose="scans", several=False)

    def match(self) -> None:
        """Bring the outer edge of the imprint onto that of the face."""
        overlay, face = self._view.overlay, self._face()
        if overlay is None or face is None:
            return
        kind, scan, turn = face.spec.shape.kind, overlay.scan, overlay.turn_deg
        job = self._lane.submit(lambda _task: edge_of(scan, kind, turn))
        self._shell.run(job, self, lambda edge: self._on_edge(scan, face, edge), self._failed)

    # -- laying out ------------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        sentence = _("Scan it at 600 dpi in colour and lay it over the face to compare the two.")
        self._pages.addWidget(EmptyState(Empty("image", _("No scan of an old imprint"), sentence, _("Load a scan…")), self.choose))
        looks = row(gap=Space.XXS)
        for number, (_look, title) in enumerate(LOOKS):
            button = QPushButton(_(title))
            button.setCheckable(True)
            button.setProperty("kind", "normal")
            self.looks.addButton(button, number)
            looks.addWidget(button)
        labels = {"x_mm": _("To the right"), "y_mm": _("Downwards"), "turn_deg": _("Turned clockwise"), "width_mm": _("Width of the scan")}
        places = column(gap=Space.XS)
        for name, spin in self.spins.items():
            label = text(labels[name])
            label.setBuddy(spin)
            spin.setAccessibleName(labels[name])
            places.addLayout(row(label, None, spin))
        keys = _(
            "Arrow keys and dragging move it, [ and ] turn it, comma and full stop scale it; Shift: larger steps. B blinks, D compares."
        )
        inner = column(
            self._name,
            row(self.load_button, self.remove_button, None),
            looks,
            text(_("Strength"), "label"),
            self.opacity,
            row(self.match_button, None),
            row(self.file_size_button, None),
            holding(places),
            row(self.move_button, None),
            text(keys, "caption", wrap=True),
            None,
            gap=Space.S,
            around=margins(Space.S),
        )
        self._pages.addWidget(scrolling(holding(inner)))
        self.setLayout(column(self._pages, gap=0))

    def _connect(self) -> None:
        self._view.overlay_changed.connect(self._show)
        self.looks.idClicked.connect(lambda number: self._change(look=LOOKS[number][0]))
        self.opacity.valueChanged.connect(lambda value: self._change(opacity=value / PERCENT))
        self.move_button.toggled.connect(self._on_move_toggled)
        for name, spin in self.spins.items():
            spin.valueChanged.connect(lambda value, name=name: self._change(**{name: value}))

    # -- what is shown ---------------------------------------------------------------------------------------------------------

    def _show(self, overlay: Overlay | None) -> None:
        self._pages.setCurrentIndex(0 if overlay is None else 1)
        if overlay is None:
            self.move_button.setChecked(False)
            return
        scan = overlay.scan
        self._name.setText(scan.name)
        button = self.looks.button(next(number for number, (look, _title) in enumerate(LOOKS) if look is overlay.look))
        button.setChecked(True)
        with QSignalBlocker(self.opacity):
            self.opacity.setValue(round(overlay.opacity * PERCENT))
        self.opacity.setEnabled(overlay.look in (Look.OVER, Look.UNDER))
        for name, spin in self.spins.items():
            with QSignalBlocker(spin):
                spin.setValue(getattr(overlay, name))
        said = _("Size of the file ({dpi} dpi)").format(dpi=f"{scan.dpi:.0f}") if scan.dpi else _("Size of the file")
        self.file_size_button.setText(said)
        explain(self.file_size_button, None if scan.dpi else _("The file does not say at which resolution it was scanned."))

    def _change(self, **changes: object) -> None:
        overlay = self._view.overlay
        if overlay is not None:
            self._view.set_overlay(replace(overlay, **changes))  # type: ignore[arg-type]

    def _on_move_toggled(self, moves: bool) -> None:
        self._view.move_overlay(moves)
        if moves:
            self._view.setFocus()

    def _on_file_size(self) -> None:
        overlay = self._view.overlay
        if overlay is not None and overlay.scan.dpi:
            self._view.set_overlay(overlay.sized(overlay.scan.dpi))

    # -- the scan --------------------------------------------------------------------------------------------------------------

    def _on_chosen(self, paths: tuple[Path, ...]) -> None:
        path = paths[0]
        job = self._lane.submit(lambda _task: read_scan(path.name, load(path, LARGEST_BYTES)))
        self._shell.run(job, self, self._on_read, self._failed)

    def _on_read(self, scan: Scan) -> None:
        self._view.set_overlay(laid(scan))
        self.move_button.setChecked(True)
        self.match()

    def _on_edge(self, scan: Scan, face: Face, edge: Edge) -> None:
        overlay = self._view.overlay
        if overlay is None or overlay.scan is not scan:
            return
        shape = face.spec.shape
        share = (shape.width_mm / edge.width_px + shape.height_mm / edge.height_px) / 2
        # The edge was measured on the turned scan, so its middle is where it is on the screen.
        x_mm, y_mm = (scan.width_px / 2 - edge.x_px) * share, (scan.height_px / 2 - edge.y_px) * share
        self._view.set_overlay(replace(overlay, width_mm=scan.width_px * share, x_mm=x_mm, y_mm=y_mm))


def _spin(low: float, high: float, step: float, unit: str) -> QDoubleSpinBox:
    spin = QDoubleSpinBox()
    spin.setDecimals(2)
    spin.setRange(low, high)
    spin.setSingleStep(step)
    spin.setSuffix(unit)
    spin.setKeyboardTracking(False)
    spin.setAlignment(Qt.AlignmentFlag.AlignRight)
    spin.setFixedSize(Size.FIELD_MIN + Space.L, Size.FIELD)
    return spin
