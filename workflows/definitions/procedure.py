"""The procedure of a definition as a graph: which states its steps lead to, and out of which."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from efile.kernel.errors import FieldError
from efile.policy import MATRIX
from workflows.catalogue.pointers import join
from workflows.machine import ACTIONS, DECIDES, Step
from workflows.models import Process, State


@dataclass(frozen=True, slots=True)
class Way:
    """A step that somebody may take from one state to the next."""

    step: str
    source: str
    target: str
    roles: tuple[str, ...]


@cache
def _moves() -> tuple[tuple[Step, str, str], ...]:
    """Every step of the machine as (step, from, to): read off ``Process`` itself."""
    found = []
    for step in Step:
        for source, move in getattr(Process, step)._django_fsm.transitions.items():
            found.append((step, str(State(source).value), str(State(move.target).value)))
    return tuple(found)


def ways(steps: Sequence[Mapping[str, Any]]) -> tuple[Way, ...]:
    """The moves that ``steps`` (as a definition has them) let somebody make.

    A role counts only where the published matrix grants the step to it.
    """
    roles = {one["key"]: _effective(one) for one in steps}
    return tuple(
        Way(step.value, source, target, roles[step.value])
        for step, source, target in _moves()
        if roles.get(step.value)
    )


def reachable(steps: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The states that a case under ``steps`` can come to, in the machine's order."""
    known = _from(State.RECEIVED.value, ways(steps))
    return tuple(state for state in State.values if state in known)


def leads_to_end(state: str, steps: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a case in ``state`` can be brought to its end under ``steps``."""
    return _ends(state, ways(steps))


def faults_of_procedure(document: Mapping[str, Any]) -> Iterator[tuple[FieldError, bool]]:
    """What is wrong with the steps of a document of sound shape, and whether it is but a hint."""
    steps = document["steps"]
    moves = ways(steps)
    known = _from(State.RECEIVED.value, moves)
    place = {one["key"]: join("/steps", index) for index, one in enumerate(steps)}
    for one in steps:
        yield from _roles(one, place[one["key"]])
        sources = {way.source for way in moves if way.step == one["key"]}
        if sources and not sources & known:
            facts = {"step": one["key"], "states": sorted(sources)}
            yield FieldError(place[one["key"]], "step_unreachable", facts), False
    for state in State.values:
        if state in known and state != State.CLOSED and not _ends(state, moves):
            yield FieldError("/steps", "state_dead_end", {"state": state}), False
    if State.NOTIFIED.value not in known:
        yield FieldError("/steps", "state_unreachable", {"state": State.NOTIFIED.value}), False
    yield from _belonging(document, place)


def _roles(step: Mapping[str, Any], here: str) -> Iterator[tuple[FieldError, bool]]:
    granted = _effective(step)
    facts = {"step": step["key"], "allowed": sorted(MATRIX[ACTIONS[Step(step["key"])]])}
    if not granted:
        yield FieldError(join(here, "roles"), "step_for_nobody", facts), False
    for index, role in enumerate(step["roles"]):
        if granted and role not in granted:
            yield FieldError(join(here, "roles", index), "role_without_right", facts), True


def _belonging(
    document: Mapping[str, Any], place: Mapping[str, str]
) -> Iterator[tuple[FieldError, bool]]:
    """Steps that make no sense without another one."""
    if "request_proof" in place and "receive_answer" not in place:
        facts = {"step": "request_proof", "needed": "receive_answer"}
        yield FieldError(place["request_proof"], "step_without_other", facts), False
    decides = [step.value for step in DECIDES if step is not Step.SETTLE and step.value in place]
    if document["remedy"]["kind"] == "none" and decides:
        facts = {"step": decides[0]}
        yield FieldError("/remedy/kind", "decision_without_remedy", facts), True
    if "grant" in place and "refuse" not in place:
        facts = {"step": "grant", "needed": "refuse"}
        yield FieldError(place["grant"], "step_without_other", facts), True


def _effective(step: Mapping[str, Any]) -> tuple[str, ...]:
    granted = MATRIX[ACTIONS[Step(step["key"])]]
    return tuple(role for role in step["roles"] if role in granted)


def _from(start: str, moves: Sequence[Way]) -> set[str]:
    known, before = {start}, set[str]()
    while known != before:
        before = set(known)
        known |= {way.target for way in moves if way.source in before}
    return known


def _ends(state: str, moves: Sequence[Way]) -> bool:
    return State.CLOSED.value in _from(state, moves)
