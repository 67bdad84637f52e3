"""The search box: every kind of thing is found and leads to the stage where it stands."""

from __future__ import annotations

import pytest

from sealdesk.domain.orders import ORDER_MACHINE
from sealdesk.workflow.finding import STAGE_OF_ORDER


def test_every_state_of_an_order_has_its_stage():
    assert set(STAGE_OF_ORDER) == set(ORDER_MACHINE.states)


@pytest.mark.parametrize("state", sorted(STAGE_OF_ORDER))
def test_the_stage_of_a_state_exists(state):
    assert STAGE_OF_ORDER[state] in {"registration", "acceptance", "production", "logistics"}
