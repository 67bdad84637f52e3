"""State machines as tables `(command, state) -> Transition`, checked when they are built.

Not here: who may do it (permissions hang on commands) and what happens (handlers).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_, _


class WrongStateError(UserError):
    """The command is not possible in the state that the subject is in."""

    code = "user.state"
    sentence = N_("This is not possible now: it is “{state}”.")

    def __init__(self, *, state_title: str, command: str) -> None:
        super().__init__(state=_(state_title), command=command)


@dataclass(frozen=True, slots=True)
class State:
    """A state with the title that people see. `final` states are left by no command."""

    name: str
    title: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """From one state, by one command, to another state."""

    command: str
    source: str
    target: str


class Machine:
    """A table of transitions over declared states.

    Raises:
        ValueError: two transitions for one pair, an unknown or unreachable state, a state without title, a final state that is left.
    """

    def __init__(self, name: str, initial: str, states: tuple[State, ...], transitions: tuple[Transition, ...]) -> None:
        self.name = name
        self.initial = initial
        self.states: Mapping[str, State] = {state.name: state for state in states}
        self.transitions = transitions
        self._table: dict[tuple[str, str], Transition] = {}
        if len(self.states) != len(states):
            raise ValueError(f"{name}: a state is declared twice")
        for transition in transitions:
            self._enter(transition)
        self._check()

    def after(self, command: str, state: str) -> str:
        """The state that `command` leads to from `state`.

        Raises:
            WrongStateError: the pair is not in the table.
        """
        transition = self._table.get((command, state))
        if transition is None:
            raise WrongStateError(state_title=self.states[state].title, command=command)
        return transition.target

    def allows(self, command: str, state: str) -> bool:
        """Whether `command` is possible in `state`."""
        return (command, state) in self._table

    def title(self, state: str) -> str:
        """The state's title in the person's language."""
        return _(self.states[state].title)

    def _enter(self, transition: Transition) -> None:
        pair = (transition.command, transition.source)
        if pair in self._table:
            raise ValueError(f"{self.name}: two transitions for {pair}")
        for state in (transition.source, transition.target):
            if state not in self.states:
                raise ValueError(f"{self.name}: unknown state {state}")
        if self.states[transition.source].final:
            raise ValueError(f"{self.name}: final state {transition.source} is left by {transition.command}")
        self._table[pair] = transition

    def _check(self) -> None:
        if self.initial not in self.states:
            raise ValueError(f"{self.name}: unknown initial state {self.initial}")
        for state in self.states.values():
            if not state.title:
                raise ValueError(f"{self.name}: state {state.name} has no title")
        reached = {self.initial}
        grown = True
        while grown:
            more = {t.target for t in self.transitions if t.source in reached} - reached
            reached |= more
            grown = bool(more)
        unreachable = set(self.states) - reached
        if unreachable:
            raise ValueError(f"{self.name}: unreachable {sorted(unreachable)}")
