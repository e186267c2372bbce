"""Answers when a clock runs out that stood still for a while, or was given more time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from workflows.calendar import (
    WorkingDays,
    add_working_days,
    next_working_day,
    working_days_between,
)
from workflows.deadlines.derivation import Day, StepKind

_PAUSE: Final = "pause"
_EXTENSION: Final = "extension"


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still from ``since`` to ``until``; None: it still does."""

    since: date
    until: date | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is stored with a deadline."""
        until = self.until.isoformat() if self.until else None
        return {"turn": _PAUSE, "since": self.since.isoformat(), "until": until}


@dataclass(frozen=True, slots=True)
class Extension:
    """On the day ``on`` the end was put off to ``to``, by ``paragraph`` and for a ``reason``."""

    on: date
    to: date
    reason: str
    paragraph: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it is stored with a deadline."""
        days = {"on": self.on.isoformat(), "to": self.to.isoformat()}
        return {"turn": _EXTENSION, **days, "reason": self.reason, "paragraph": self.paragraph}


Turn = Pause | Extension


def read_turns(stored: Sequence[Mapping[str, Any]]) -> tuple[Turn, ...]:
    """The turns that ``as_json`` gave, in their order."""
    return tuple(_read(one) for one in stored)


def turned(day: Day, turns: Sequence[Turn], office: WorkingDays) -> Day:
    """The end that ``day`` becomes after ``turns``, in the order in which they began.

    A pause gives back the working days that were left when it began: the day on which it begins is
    used up, the day on which it ends does not count (§ 187 (1) BGB). What had run out before stays
    as it was. An extension names a day; what comes before it no longer matters.
    """
    for turn in turns:
        day = _paused(day, turn, office) if isinstance(turn, Pause) else _extended(day, turn)
    return day


def is_paused(turns: Sequence[Turn]) -> bool:
    """Whether the clock stands still after ``turns``."""
    return any(isinstance(turn, Pause) and turn.until is None for turn in turns)


def paused(turns: Sequence[Turn], since: date) -> tuple[Turn, ...]:
    """``turns``, and the clock stands still from ``since`` on, unless it does already."""
    return tuple(turns) if is_paused(turns) else (*turns, Pause(since))


def resumed(turns: Sequence[Turn], until: date) -> tuple[Turn, ...]:
    """``turns``, and the clock goes on from ``until`` on."""
    return tuple(
        Pause(turn.since, until) if isinstance(turn, Pause) and turn.until is None else turn
        for turn in turns
    )


def _paused(day: Day, turn: Pause, office: WorkingDays) -> Day:
    if turn.since > day.on:
        return day
    left = working_days_between(turn.since, day.on, office)
    stopped = day.then(StepKind.PAUSED, day.on, since=turn.since.isoformat(), count=left)
    if turn.until is None:
        return stopped
    on = add_working_days(turn.until, left, office)
    if not left:
        on = next_working_day(max(on, day.on), office)
    return stopped.then(StepKind.RESUMED, on, until=turn.until.isoformat(), count=left)


def _extended(day: Day, turn: Extension) -> Day:
    told = {"decided_on": turn.on.isoformat(), "reason": turn.reason}
    return day.then(StepKind.EXTENDED, turn.to, turn.paragraph, **told)


def _read(stored: Mapping[str, Any]) -> Turn:
    if stored["turn"] == _PAUSE:
        until = date.fromisoformat(stored["until"]) if stored["until"] else None
        return Pause(date.fromisoformat(stored["since"]), until)
    on, to = date.fromisoformat(stored["on"]), date.fromisoformat(stored["to"])
    return Extension(on, to, stored["reason"], stored["paragraph"])
