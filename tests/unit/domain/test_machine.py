"""State machines: only what is in the table is possible, and a table with a mistake is refused when it is built."""

from __future__ import annotations

import itertools

import pytest

from sealdesk.core import i18n
from sealdesk.domain.machine import Machine, State, Transition, WrongStateError
from sealdesk.domain.orders import ORDER_MACHINE
from sealdesk.domain.seals import SEAL_MACHINE

MACHINES = (ORDER_MACHINE, SEAL_MACHINE)


def commands(machine):
    return sorted({transition.command for transition in machine.transitions})


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_every_pair_that_is_not_in_the_table_is_refused(machine):
    table = {(transition.command, transition.source): transition.target for transition in machine.transitions}
    pairs = list(itertools.product([*commands(machine), "Unheard"], machine.states))
    assert len(pairs) > len(table)
    for command, state in pairs:
        assert machine.allows(command, state) is ((command, state) in table)
        if (command, state) in table:
            assert machine.after(command, state) == table[command, state]
        else:
            with pytest.raises(WrongStateError) as refused:
                machine.after(command, state)
            assert machine.title(state) in str(refused.value)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_every_state_has_a_title_in_chinese(machine):
    i18n.use_language("zh_CN")
    for state in machine.states.values():
        assert any("\u4e00" <= character <= "\u9fff" for character in machine.title(state.name)), state.name


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_every_state_but_the_final_ones_can_be_left(machine):
    left = {transition.source for transition in machine.transitions if transition.target != transition.source}
    assert {name for name, state in machine.states.items() if not state.final} == left


def build(*transitions, states=("a", "b"), initial="a", final=(), titles=True):
    declared = tuple(State(name, name.upper() if titles else "", final=name in final) for name in states)
    return Machine("test", initial, declared, tuple(Transition(*transition) for transition in transitions))


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (lambda: build(("Go", "a", "b"), ("Go", "a", "a")), "two transitions"),
        (lambda: build(("Go", "a", "c")), "unknown state"),
        (lambda: build(("Go", "c", "a")), "unknown state"),
        (lambda: build(("Go", "a", "b"), states=("a", "b", "c")), "unreachable"),
        (lambda: build(("Go", "a", "b"), ("Back", "b", "a"), final=("b",)), "final"),
        (lambda: build(("Go", "a", "b"), initial="z"), "initial"),
        (lambda: build(("Go", "a", "b"), titles=False), "no title"),
        (lambda: build(("Go", "a", "b"), states=("a", "b", "a")), "twice"),
    ],
)
def test_a_table_with_a_mistake_is_refused_when_it_is_built(mistake, words):
    with pytest.raises(ValueError, match=words):
        mistake()
