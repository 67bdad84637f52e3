"""Every command of every stage tells its sentence, in both languages, whatever was recorded of it."""

from __future__ import annotations

import dataclasses
import string
import typing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealdesk.core import i18n
from sealdesk.domain.chips import BurnStep
from sealdesk.domain.deliveries import CheckedPapers
from sealdesk.domain.units import Person
from sealdesk.stages import STAGES
from sealdesk.stages.registration.rules import Draft
from sealdesk.workflow.commands import audited
from sealdesk.workflow.history import tell

HANDLINGS = [handling for stage in STAGES for handling in stage.handlings]
TEXTS = st.text("小王{}actor\\ \n%'\"0", max_size=12)


def values(kind):
    """Values for a field of a command."""
    known = {
        str: TEXTS,
        int: st.integers(0, 10**6),
        bool: st.booleans(),
        bytes: st.binary(max_size=20),
        Person: st.builds(Person, TEXTS, TEXTS, TEXTS, TEXTS),
        Draft: st.just(Draft()),
        CheckedPapers: st.builds(CheckedPapers, st.booleans(), TEXTS),
    }
    if kind in known:
        return known[kind]
    origin = typing.get_origin(kind)
    if origin is tuple:
        return st.lists(TEXTS, max_size=3).map(tuple)
    return st.dictionaries(TEXTS, TEXTS, max_size=3)


def commands(kind):
    """Commands of that class with any values."""
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{field.name: values(hints[field.name]) for field in dataclasses.fields(kind)})


@pytest.mark.parametrize("handling", HANDLINGS, ids=lambda handling: handling.command.__name__)
def test_a_sentence_names_only_what_the_trail_keeps(handling):
    kept = {field.name for field in dataclasses.fields(handling.command) if field.metadata.get("audit") != "secret"}
    named = {name for _text, name, _form, _conversion in string.Formatter().parse(handling.sentence) if name}
    assert named <= kept | {"actor"}
    assert handling.sentence
    assert "actor" not in kept


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("handling", HANDLINGS, ids=lambda handling: handling.command.__name__)
@settings(max_examples=8)
@given(data=st.data())
def test_any_command_becomes_a_sentence(language, handling, data):
    i18n.use_language(language)
    command = data.draw(commands(handling.command))
    actor = data.draw(TEXTS)
    told = tell(handling.command.__name__, handling.sentence, actor, audited(command))
    template = i18n._(handling.sentence)
    expected = [part for part, _name, _form, _conversion in string.Formatter().parse(template) if part]
    assert all(part in told for part in expected)
    assert isinstance(handling.subject(command), str)


def test_a_step_of_burning_is_told_by_its_title():
    told = tell("RecordBurnStep", "Burning step “{step}”: {phase}", "小王", {"step": BurnStep.KEY, "phase": "done"})
    assert told == "Burning step “Make the key pair on the chip”: done"


def test_a_command_that_is_no_longer_known_is_told_by_its_name():
    assert tell("OldCommand", "", "小王", {}) == "OldCommand"
    assert tell("Note", "{actor} noted {gone}", "小王", {}) == "{actor} noted {gone}"
