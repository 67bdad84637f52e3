"""A certificate that does not come, at the burning station: what is said, and how the technician asks again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sealdesk.domain import seals
from sealdesk.models.outbox import DONE, PARKED, WAITING, OutboxRow
from sealdesk.stages.production import burning
from sealdesk.stages.production.rules import CertificateRefusedError, CertificateWaitingError
from sealdesk.ui.workspaces.production import SPEC

pytestmark = pytest.mark.long


def answering(workshop: Any, state: str, reason: str = "") -> Callable[[], None]:
    """A platform that takes the request, or refuses it, and sends no certificate."""

    def answer() -> None:
        with workshop.store.write() as session:
            for row in session.query(OutboxRow).filter_by(state=WAITING, kind="certificate.request"):
                row.state, row.reason = state, reason

    return answer


@pytest.mark.parametrize(
    ("state", "reason", "error"), [(PARKED, "平台不认识此订单。", CertificateRefusedError), (DONE, "", CertificateWaitingError)]
)
def test_technician_asks_again_and_the_same_chip_becomes_good(
    workshop: Any,
    ordered: Any,
    open_window: Any,
    hands: Any,
    monkeypatch: pytest.MonkeyPatch,
    state: str,
    reason: str,
    error: type[Exception],
) -> None:
    _order, contract = workshop.order(ordered["contract"])
    workshop.insert(workshop.new_chip("CHIP0001"))
    window, page = open_window(SPEC)
    panel = page.chip_panel
    monkeypatch.setattr(burning, "CERTIFICATE_WAIT_S", 0.3)
    monkeypatch.setattr(workshop.platform, "_answer_requests", answering(workshop, state, reason))
    hands.until(panel.burn_button.isEnabled)
    assert not panel.ask_button.isVisible()
    hands.press(panel.burn_button)
    hands.until(lambda: panel.station.run is not None and panel.station.run.is_over)
    assert isinstance(panel.station.run.error, error)
    hands.until(panel.ask_button.isVisible)
    assert reason in str(panel.station.run.error)
    hands.shoot(window, f"production-certificate-{state}")
    monkeypatch.undo()
    hands.press(panel.ask_button)
    hands.until(lambda: hands.state_of(contract) == seals.MADE)
    hands.until(lambda: not panel.ask_button.isVisible())


def test_asking_again_needs_no_chip_in_the_reader(
    workshop: Any, ordered: Any, open_window: Any, hands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _order, contract = workshop.order(ordered["contract"])
    workshop.insert(workshop.new_chip("CHIP0001"))
    _window, page = open_window(SPEC)
    panel = page.chip_panel
    monkeypatch.setattr(burning, "CERTIFICATE_WAIT_S", 0.3)
    monkeypatch.setattr(workshop.platform, "_answer_requests", answering(workshop, DONE))
    hands.until(panel.burn_button.isEnabled)
    hands.press(panel.burn_button)
    hands.until(panel.ask_button.isVisible)
    workshop.readers.remove("芯片座 1")
    hands.until(lambda: not panel.burn_button.isEnabled())
    monkeypatch.undo()
    hands.press(panel.ask_button)
    hands.until(lambda: workshop.platform.asked == 1)
    hands.until(lambda: not panel.ask_button.isVisible())
    assert hands.state_of(contract) == seals.BURNING
