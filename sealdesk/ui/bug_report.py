"""The dialog for a bug: that the work is safe, what to do, and a report to copy; it sends nothing by itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QLabel, QPlainTextEdit, QWidget

from sealdesk.core.i18n import _
from sealdesk.ui import icons, style_sheet
from sealdesk.ui.failures import Presentation
from sealdesk.ui.parts.buttons import normal, primary
from sealdesk.ui.parts.layouts import column, margins, row, text
from sealdesk.ui.theme import Size, Space


class ReportDialog(QDialog):
    """Shows the details of a failure with a button that copies them."""

    def __init__(self, presentation: Presentation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        style_sheet.dress(self)
        self.setWindowTitle(_("Report"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(Size.REPORT_WIDTH, Size.REPORT_HEIGHT)
        icon = QLabel()
        icons.bind(icon, "bug", "fault", Size.ICON_L)
        self.report = QPlainTextEdit(presentation.details)
        self.report.setReadOnly(True)
        self.report.setAccessibleName(_("Report"))
        self.copy_button = normal(_("Copy report"), self._on_copy_clicked, icon="copy")
        self.close_button = primary(_("Go on working"), self.accept)
        self.close_button.setDefault(True)
        words = column(text(presentation.sentence, "heading", wrap=True), text(presentation.advice, "soft", wrap=True), gap=Space.XS)
        head = row(gap=Space.M)
        head.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        layout = column(head, gap=Space.M, around=margins(Space.L))
        layout.addWidget(self.report, 1)
        layout.addLayout(row(self.copy_button, None, self.close_button))
        self.setLayout(layout)
        self.close_button.setFocus()

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.report.toPlainText())
        self.copy_button.setText(_("Copied"))
