"""Deadlines kept on a case: set by what happens, standing still, going on, over; each derived."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.metadata import version
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.journal import record
from efile.kernel.models import Tenant
from workflows import facts
from workflows.calendar import NRW, OfficeCalendar, add_working_days
from workflows.catalogue.definition import Definition
from workflows.catalogue.parts import DeadlineRule, only
from workflows.deadlines.defined import reckoned
from workflows.deadlines.derivation import Day, Reckoning
from workflows.deadlines.extending import SET_BY_AUTHORITY
from workflows.deadlines.law import Regime
from workflows.deadlines.turns import Turn, is_paused, paused, read_turns, resumed, turned
from workflows.models import Deadline, Process
from workflows.offers import definition_of

_DAY: Final = timedelta(days=1)
_HOLIDAY_LIST: Final = version("holidays")
# The key of an answer's period where the definition names none.
ANSWER: Final = "answer"


@dataclass(frozen=True, slots=True)
class _Over:
    """Which deadlines end together: those counted from ``events``, and those named ``keys``."""

    events: frozenset[str]
    keys: frozenset[str] = frozenset()


_UNTIL_DECIDED: Final = frozenset({"received", "complete", "question_asked"})
# What the course of a case puts an end to. What goes on after the end (retention, a matter that
# ends one day) no course ends, only what it hangs on.
OVER: Final[Mapping[str, _Over]] = {
    "answered": _Over(frozenset({"question_asked"}), frozenset({ANSWER})),
    "decided": _Over(_UNTIL_DECIDED, frozenset({ANSWER, "reply"})),
    "notified": _Over(frozenset({"decided", "provided"})),
    "closed": _Over(
        _UNTIL_DECIDED | {"decided", "posted", "provided", "notified", "slot"},
        frozenset({ANSWER, "reply", "remedy"}),
    ),
}


def office_calendar(tenant: Tenant) -> OfficeCalendar:
    """The working days of the tenant's offices: the state's holidays and its own closing days."""
    return OfficeCalendar(NRW, frozenset(tenant.closing_days))


@cache
def calendar_mark(closing_days: frozenset[date] = frozenset()) -> str:
    """Tells one set of days off from another: holiday list and closing days; none for the law."""
    days = ",".join(sorted(day.isoformat() for day in closing_days))
    return hashlib.sha256(f"{_HOLIDAY_LIST};{days}".encode()).hexdigest()[:16]


def happened(
    process: Process,
    event: str,
    on: date | None,
    *,
    by: Actor,
    at: datetime,
    because: str = "",
    besides: Collection[str] = (),
) -> None:
    """Let run from ``on`` what the definition counts from ``event``, inside a verb.

    None: it has not happened after all. Said again with the same day it changes nothing; with
    another one the deadline moves, and the journal keeps the old one with its derivation.
    ``besides`` are keys that somebody else sets.
    """
    definition = definition_of(process.version)
    rules = [one for one in definition.deadlines if one.event == event and one.key not in besides]
    if not rules:
        return
    known = {row.key: row for row in running(process.case_id).filter(event=event)}
    for rule in rules:
        old = known.get(rule.key)
        if on is None and old:
            take_back(old, because, by=by, at=at)
        elif on is not None and (old is None or old.event_on != on):
            turns = read_turns(old.turns) if old else ()
            new = _built(process, definition, rule, on, turns, by=by, at=at)
            _replace(old, new, because, by=by, at=at)


def begin(
    process: Process, events: Mapping[str, date], *, by: Actor, at: datetime
) -> Mapping[str, date]:
    """The first deadlines of a case that has none, from its first ``events``; their ends by key.

    One statement, inside the verb that opens the case.
    """
    definition = definition_of(process.version)
    rows = [
        _built(process, definition, rule, events[rule.event], (), by=by, at=at)
        for rule in definition.deadlines
        if rule.event in events
    ]
    Deadline.objects.bulk_create(rows)
    return {row.key: row.ends_on for row in rows}


def pause(process: Process, *, by: Actor, at: datetime) -> None:
    """The case waits for the applicant: what may stand still does, inside a verb.

    A period of the law that begins with complete documents does not run while some are missing.
    """
    definition = definition_of(process.version)
    stops = {one.key: one for one in definition.deadlines if one.suspended_while_waiting}
    if not stops:
        return
    for row in running(process.case_id).filter(key__in=stops, is_paused=False):
        rule = stops[row.key]
        if rule.event == "complete":
            take_back(row, "documents_missing", by=by, at=at)
        else:
            turns = paused(read_turns(row.turns), local_date(at))
            new = _built(process, definition, rule, row.event_on, turns, by=by, at=at)
            _replace(row, new, by=by, at=at)


def resume(process: Process, *, by: Actor, at: datetime) -> None:
    """Nothing is waited for any more: what stood still goes on with what was left of it."""
    definition, today = definition_of(process.version), local_date(at)
    if not any(one.suspended_while_waiting for one in definition.deadlines) and not any(
        one.event == "complete" for one in definition.deadlines
    ):
        return
    rows = {row.key: row for row in running(process.case_id)}
    for rule in definition.deadlines:
        row = rows.get(rule.key)
        if row and row.is_paused:
            turns = resumed(read_turns(row.turns), today)
            new = _built(process, definition, rule, row.event_on, turns, by=by, at=at)
            _replace(row, new, by=by, at=at)
        elif row is None and rule.event == "complete":
            _built(process, definition, rule, today, (), by=by, at=at).save(force_insert=True)


def turn(
    process: Process, row: Deadline, turns: Iterable[Turn], *, by: Actor, at: datetime
) -> Deadline:
    """Put what ``turns`` make of it in the place of ``row``, inside a verb; the new row."""
    definition, taken = definition_of(process.version), tuple(turns)
    rule = rule_of(definition, row)
    if rule and row.calendar:
        new = _built(process, definition, rule, row.event_on, taken, by=by, at=at)
    else:
        new = _turned(process, row, taken, rule, by=by, at=at)
    _replace(row, new, by=by, at=at)
    return new


def reckon_anew(process: Process, row: Deadline, *, by: Actor, at: datetime) -> bool:
    """Reckon a running deadline with the days off as they are now; whether it moved."""
    definition = definition_of(process.version)
    rule = rule_of(definition, row) if row.calendar else None
    if rule is None:
        Deadline.objects.filter(id=row.id).update(calendar="")
        return False
    turns = read_turns(row.turns)
    new = _built(process, definition, rule, row.event_on, turns, by=by, at=at)
    if (new.ends_on, new.derivation) == (row.ends_on, row.derivation):
        Deadline.objects.filter(id=row.id).update(calendar=new.calendar)
        return False
    _replace(row, new, "calendar", by=by, at=at)
    return True


def ask_until(
    process: Process, asked_on: date, reckoning: Reckoning, *, by: Actor, at: datetime
) -> None:
    """The applicant was asked for something, inside a verb: until when is what was told them.

    That is the period that the definition names for it, whatever its usual length; beside it runs
    what else is counted from a question, and what may stand still does.
    """
    named = next(
        (
            one
            for one in definition_of(process.version).deadlines
            if one.event == "question_asked" and one.rule in SET_BY_AUTHORITY
        ),
        None,
    )
    row = _plain(process.tenant_id, process.case_id, reckoning, asked_on, by=by, at=at)
    row.key, row.kind, row.event = named.key if named else ANSWER, "procedural", "question_asked"
    if named:
        for name, day in _watch(named, row.ends_on, _office(process)).items():
            setattr(row, name, day)
    end_deadlines(process.case_id, [row.key], at=at, because="moved")
    row.save(force_insert=True)
    happened(process, "question_asked", asked_on, by=by, at=at, besides={row.key})
    pause(process, by=by, at=at)


def take_back(old: Deadline, because: str, *, by: Actor, at: datetime) -> None:
    """What set it off has not happened after all; the journal keeps how it was reckoned."""
    _end(Deadline.objects.filter(id=old.id), at, "overtaken")
    told = {"key": old.key, "because": because, "before": as_told(old)}
    record(facts.DeadlineMoved(case_id=old.case_id, facts=told), by=by, at=at)


def set_deadline(
    tenant_id: int,
    case_id: UUID,
    *,
    key: str,
    kind: str,
    event_on: date,
    reckoning: Reckoning,
    by: Actor,
    at: datetime,
    event: str = "",
) -> Deadline:
    """Note the deadline ``key`` of the case; one that ran under that key runs no more."""
    end_deadlines(case_id, [key], at=at, because="moved")
    row = _plain(tenant_id, case_id, reckoning, event_on, by=by, at=at)
    row.key, row.kind, row.event = key, kind, event
    row.save(force_insert=True)
    return row


def end_deadlines(
    case_id: UUID, keys: Collection[str], *, at: datetime, because: str = "met"
) -> None:
    """These deadlines run no more: ``met``, or ``overtaken``."""
    _end(running(case_id).filter(key__in=list(keys)), at, because)


def end_with(course: str, case_id: UUID, *, at: datetime, because: str = "met") -> None:
    """What ends with this ``course`` of the case (``OVER``) runs no more."""
    over = OVER[course]
    which = Q(event__in=sorted(over.events)) | Q(key__in=sorted(over.keys))
    _end(running(case_id).filter(which), at, because)


def running(case_id: UUID) -> Any:
    """The deadlines of the case that run, or stand still."""
    return Deadline.objects.filter(case_id=case_id, is_running=True)


def rule_of(definition: Definition, row: Deadline) -> DeadlineRule | None:
    """What of the definition set ``row``; None: it was set by other means."""
    rule = only(definition.deadlines, row.key)
    return rule if rule and rule.event == row.event else None


def as_told(row: Deadline) -> dict[str, Any]:
    """A deadline as the journal keeps it once it is over."""
    return {
        "event_on": row.event_on,
        "ends_on": row.ends_on,
        "rule": row.rule,
        "derivation": row.derivation,
    }


def _end(rows: Any, at: datetime, because: str) -> None:
    rows.update(is_running=False, over_at=at, over_because=because, warn_on=None, escalate_on=None)


def _built(
    process: Process,
    definition: Definition,
    rule: DeadlineRule,
    on: date,
    turns: tuple[Turn, ...],
    *,
    by: Actor,
    at: datetime,
) -> Deadline:
    tenant = process.version.tenant
    office = office_calendar(tenant)
    regime = Regime(definition.remedy.regime)
    first = reckoned(rule, on, regime=regime, office=office)
    end = turned(Day(first.day("end"), first.steps), turns, office)
    stands_still = is_paused(turns)
    is_ours = rule.working_days is not None
    return Deadline(
        tenant_id=process.tenant_id,
        case_id=process.case_id,
        key=rule.key,
        kind=rule.kind,
        rule=first.rule,
        event=rule.event,
        event_on=on,
        ends_on=end.on,
        derivation=[step.as_json() for step in end.steps],
        turns=[one.as_json() for one in turns],
        is_paused=stands_still,
        calendar=calendar_mark(frozenset(tenant.closing_days) if is_ours else frozenset()),
        set_at=at,
        set_by=by.key,
        **({} if stands_still else _watch(rule, end.on, office)),
    )


def _watch(rule: DeadlineRule, end: date, office: OfficeCalendar) -> dict[str, date]:
    """On which days somebody is told, in working days of the office before and after ``end``."""
    days = {}
    if rule.warn_days is not None:
        days["warn_on"] = add_working_days(end, -rule.warn_days, office)
    if rule.escalate_days is not None:
        days["escalate_on"] = max(add_working_days(end, rule.escalate_days, office), end + _DAY)
    return days


def _turned(
    process: Process,
    row: Deadline,
    turns: tuple[Turn, ...],
    rule: DeadlineRule | None,
    *,
    by: Actor,
    at: datetime,
) -> Deadline:
    """What the latest of ``turns`` make of a deadline that no definition can reckon."""
    office = _office(process)
    end = turned(Day(row.ends_on, ()), turns[len(row.turns) :], office)
    return Deadline(
        tenant_id=row.tenant_id,
        case_id=row.case_id,
        key=row.key,
        kind=row.kind,
        rule=row.rule,
        event=row.event,
        event_on=row.event_on,
        ends_on=end.on,
        derivation=[*row.derivation, *(step.as_json() for step in end.steps)],
        turns=[one.as_json() for one in turns],
        set_at=at,
        set_by=by.key,
        **(_watch(rule, end.on, office) if rule else {}),
    )


def _plain(
    tenant_id: int, case_id: UUID, reckoning: Reckoning, event_on: date, *, by: Actor, at: datetime
) -> Deadline:
    return Deadline(
        tenant_id=tenant_id,
        case_id=case_id,
        rule=reckoning.rule,
        event_on=event_on,
        ends_on=reckoning.day("end"),
        derivation=reckoning.steps_as_json(),
        set_at=at,
        set_by=by.key,
    )


def _office(process: Process) -> OfficeCalendar:
    return office_calendar(process.version.tenant)


def _replace(
    old: Deadline | None, new: Deadline, because: str = "", *, by: Actor, at: datetime
) -> None:
    """``because``: a fact turned out otherwise, which the journal keeps with the old day."""
    if old:
        _end(Deadline.objects.filter(id=old.id), at, "moved")
        if because:
            told = {"key": old.key, "because": because, "before": as_told(old), "now": as_told(new)}
            record(facts.DeadlineMoved(case_id=old.case_id, facts=told), by=by, at=at)
        if old.ends_on == new.ends_on:
            _keep_told(old, new)
    new.save(force_insert=True)


def _keep_told(old: Deadline, new: Deadline) -> None:
    """Of an end that stays nobody is told twice."""
    new.warned_at, new.escalated_at = old.warned_at, old.escalated_at
    new.warn_on = None if old.warned_at else new.warn_on
    new.escalate_on = None if old.escalated_at else new.escalate_on
