"""Records how a day of law came about, in codes and facts that the pages put into words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from workflows.calendar import HolidayCalendar
from workflows.deadlines.periods import Period, day_completed, end_after

_ONE_DAY: Final = timedelta(days=1)


class Event(StrEnum):
    """What sets a period off."""

    ACT_POSTED = "act_posted"
    ACT_PROVIDED = "act_provided"
    ACT_RETRIEVED = "act_retrieved"
    NOTICE_SENT = "notice_sent"
    ACT_PUBLISHED = "act_published"
    ACT_NOTIFIED = "act_notified"
    PERIOD_NOTIFIED = "period_notified"
    LAST_DAY_NAMED = "last_day_named"
    DOCUMENTS_COMPLETE = "documents_complete"
    APPLICATION_FILED = "application_filed"
    APPLICATION_RECEIVED = "application_received"
    REQUEST_RECEIVED = "request_received"
    CASE_CLOSED = "case_closed"
    BORN = "born"
    SIGNS_SET_UP = "signs_set_up"
    SUBMITTED = "submitted"
    MESSAGE_RECEIVED = "message_received"
    QUESTION_ASKED = "question_asked"
    DECIDED = "decided"
    MATTER_ENDS = "matter_ends"
    APPOINTMENT = "appointment"


class StepKind(StrEnum):
    """What a step of a derivation does; beside it the facts it carries."""

    EVENT = "event"  # event
    PERIOD = "period"  # count, unit: counted on from the day before
    FICTION = "fiction"  # count, unit: the act counts as notified on this day
    LAST_OF_MONTH = "last_of_month"  # missing_day: § 188 (3) BGB
    SHIFTED = "shifted"  # days_off: [{on, reason, holiday}]
    NOT_SHIFTED = "not_shifted"  # days_off, because: a day off, yet it stands
    NOT_NOTIFIED = "not_notified"  # the provision ends without effect
    YEAR_END = "year_end"  # the year in which the period ends is completed
    FREE_FROM = "free_from"  # the first day on which it is over
    AGE_REACHED = "age_reached"  # count, unit: with the beginning of this day
    LIFE_MONTH = "life_month"  # number: begins on this day
    MONTH_OF_RECEIPT = "month_of_receipt"
    PAYABLE_FROM = "payable_from"  # count, unit: at most so far back
    FULL_DAY = "full_day"  # number: counts in full
    TIMER = "timer"  # count, unit, timer: set by the transport, not by law
    WORKING_DAYS = "working_days"  # count: of the office, closing days left out
    BEFORE = "before"  # count, unit: counted back from the event
    PAUSED = "paused"  # since, count: so many working days were left
    RESUMED = "resumed"  # until, count: as many are counted from then
    EXTENDED = "extended"  # decided_on, reason: an end that was set anew


class Stands(StrEnum):
    """Why a day off is kept all the same."""

    FICTION_IS_NO_PERIOD = "fiction_is_no_period"
    LAST_DAY_NAMED = "last_day_named"
    WAITING_PERIOD = "waiting_period"
    READING_OF_THE_LAW = "reading_of_the_law"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what was done, by which paragraph (as cited in German), and the day it led to."""

    kind: StepKind
    on: date
    paragraph: str
    facts: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """As it is stored with a deadline, the day as an ISO date."""
        return {
            "kind": self.kind.value,
            "on": self.on.isoformat(),
            "paragraph": self.paragraph,
            "facts": dict(self.facts),
        }


@dataclass(frozen=True, slots=True)
class Day:
    """A day of law and the steps that led to it."""

    on: date
    steps: tuple[Step, ...]

    def then(self, kind: StepKind, on: date, paragraph: str = "", **facts: Any) -> "Day":
        """The day ``on``, reached from this one by one more step."""
        return Day(on, (*self.steps, Step(kind, on, paragraph, facts)))


def event(what: Event, on: date, paragraph: str = "§ 187 Abs. 1 BGB") -> Day:
    """The day on which something happened; what it sets off is counted from here."""
    if isinstance(on, datetime):  # a date to the type checker, yet of which time zone?
        raise TypeError("a day of law is a local date, not a moment")
    return Day(on, (Step(StepKind.EVENT, on, paragraph, {"event": what}),))


def counted(
    day: Day, period: Period, paragraph: str, kind: StepKind = StepKind.PERIOD, **facts: Any
) -> Day:
    """The last day of ``period`` after ``day``, whose own day does not count (§ 187 (1) BGB)."""
    end = end_after(day.on, period)
    reached = day.then(kind, end, paragraph, count=period.count, unit=period.unit, **facts)
    if period.counts_days or end.day == day.on.day:
        return reached
    return reached.then(StepKind.LAST_OF_MONTH, end, "§ 188 Abs. 3 BGB", missing_day=day.on.day)


def completed(first: Day, period: Period, paragraph: str, kind: StepKind) -> Day:
    """The day with whose beginning ``period`` is over, its first day counted (§ 187 (2) BGB)."""
    on = day_completed(first.on, period)
    return first.then(kind, on, paragraph, count=period.count, unit=period.unit)


def shifted(day: Day, calendar: HolidayCalendar, paragraph: str) -> Day:
    """``day``, or the next working day, with the reason for every day passed over (§ 193 BGB)."""
    days_off = []
    on = day.on
    while off := calendar.day_off(on):
        days_off.append(off.as_json())
        on += _ONE_DAY
    return day.then(StepKind.SHIFTED, on, paragraph, days_off=days_off) if days_off else day


def standing(day: Day, calendar: HolidayCalendar, paragraph: str, because: Stands) -> Day:
    """``day`` as it is; says why, should it be a day off."""
    if off := calendar.day_off(day.on):
        facts = {"days_off": [off.as_json()], "because": because}
        return day.then(StepKind.NOT_SHIFTED, day.on, paragraph, **facts)
    return day


Value = date | str | tuple[date, ...] | None


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What a deadline rule computed, under the keys of the rule, and how it came about."""

    rule: str
    values: Mapping[str, Value]
    steps: tuple[Step, ...]

    def day(self, key: str) -> date:
        """The day under ``key``; a rule that yields none there raises ``LookupError``."""
        value = self.values.get(key)
        if isinstance(value, date):
            return value
        raise LookupError(f"{self.rule} yields no day {key!r}")

    def values_as_json(self) -> dict[str, Any]:
        """The values with days as ISO dates."""
        return {key: _as_json(value) for key, value in self.values.items()}

    def steps_as_json(self) -> list[dict[str, Any]]:
        """The derivation, as it is stored with a deadline."""
        return [step.as_json() for step in self.steps]


def _as_json(value: Value) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [day.isoformat() for day in value]
    return value
