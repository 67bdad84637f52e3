"""Sentences of refusals, and pauses between tries."""

from __future__ import annotations

import re

import pytest

from sealdesk.core import i18n
from sealdesk.sync.push import FIRST_WAIT_S, LONGEST_WAIT_S, backoff_s
from sealdesk.sync.refusals import SENTENCES, sentence_of
from sealdesk.wire.errors import CODES


def test_every_code_of_the_protocol_has_a_sentence_in_chinese() -> None:
    assert set(SENTENCES) == set(CODES)
    i18n.use_language("zh_CN")
    for code in CODES:
        assert re.search(r"[\u4e00-\u9fff]", sentence_of(code, {})), code


def test_facts_are_told_in_words() -> None:
    i18n.use_language("zh_CN")
    assert "已打回" in sentence_of("command.state", {"state": "returned", "command": "x"})
    assert "甲公司" in sentence_of("registration.seal_exists", {"unit": "甲公司", "kind": "Unit seal"})


@pytest.mark.parametrize("facts", [{}, {"state": "{0.__class__}"}, {"x": "y" * 1000}])
def test_facts_from_outside_cannot_break_a_sentence(facts: dict[str, str]) -> None:
    for code in (*CODES, "code.of.the.future"):
        assert sentence_of(code, facts)


def test_pauses_grow_to_a_limit_and_heed_the_platform() -> None:
    for attempts in range(30):
        assert FIRST_WAIT_S / 2 <= backoff_s(attempts) <= LONGEST_WAIT_S
    assert backoff_s(0) <= FIRST_WAIT_S
    assert backoff_s(0, 60.0) >= 60.0
    assert len({backoff_s(5) for _ in range(10)}) > 1
