"""The platform under input made from its own description: whatever comes, no answer is a server error or off the description."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from sealdesk.central import ENDPOINTS

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.mark.long
@pytest.mark.timeout(180)
@pytest.mark.parametrize(("method", "path"), ENDPOINTS, ids=lambda value: str(value))
def test_no_input_made_from_the_description_breaks_the_platform(client: Any, server: Any, method: str, path: str) -> None:
    schema = schemathesis.openapi.from_dict(server.app.openapi())
    operation = schema[path][method]

    @settings(
        max_examples=60,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    @given(case=operation.as_strategy(), enrolled=st.booleans())
    def attack(case: Any, enrolled: bool) -> None:
        headers = client.headers if enrolled else {}
        response = case.call(base_url=server.address, headers=headers)
        case.validate_response(response, checks=CHECKS)

    attack()
