"""Putting a deadline off, for a reason, as far as the law lets anybody."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from efile import filing
from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict, FieldError, Invalid, NotFound
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.letters.text import german_date
from efile.policy import Action, require
from workflows import facts
from workflows.calendar import NRW, WorkingDays, next_working_day
from workflows.case_deadlines import as_told, office_calendar, running, turn
from workflows.deadlines.extending import (
    REINSTATEMENT,
    Allowance,
    allowance_for,
    latest_end,
)
from workflows.deadlines.law import Regime
from workflows.deadlines.turns import Extension, read_turns
from workflows.machine import announce, locked, raise_revision
from workflows.models import Deadline, PlaceOffer, PlaceOfferState, Process, Question
from workflows.offers import definition_of
from workflows.outgoing import write_by_post
from workflows.replies import rank

LONGEST_REASON: Final = 500
# Nobody puts a deadline off by more than a year at once.
FURTHEST: Final = timedelta(days=366)


class PeriodIsStatutory(Conflict):
    """The law has fixed the period (``rule``): nobody can put it off.

    Who missed it without fault may be put back by ``reinstatement``.
    """

    code = "period_is_statutory"


class DeadlineIsOver(Conflict):
    """The period (ended ``ends_on``) could only be put off before it was over."""

    code = "deadline_is_over"


class ExtendedAlready(Conflict):
    """The period may be put off once (``paragraph``), and has been."""

    code = "extended_already"


@verb
def extend_deadline(
    case_id: UUID,
    deadline_id: UUID,
    *,
    reason: str,
    to: date | None = None,
    days: int | None = None,
    by: Actor,
    at: datetime,
    revision: int | None = None,
) -> Deadline:
    """Put the deadline off ``to`` a day, or by so many calendar ``days``; the new row.

    The end moves on to a working day. An authority's own periods can be put off afterwards, too
    (§ 31 (7) VwVfG NRW, § 26 (7) SGB X, § 109 AO); the approval fiction and a data subject's
    month once, in time (§ 42a (2) sentence 3 VwVfG NRW, Art. 12 (3) GDPR). Whoever the period
    concerns is told, with the reason.
    Refuses: NotFound, ActionNotGranted, CaseChanged, PeriodIsStatutory, ExtendedAlready,
    DeadlineIsOver, Invalid (no reason, a day no later than now, or too far).
    """
    process = locked(case_id, by=by)
    require(Action.EXAMINE, case_id, process.scope, by=by)
    raise_revision(process, seen=revision)
    row = running(case_id).filter(id=deadline_id).first()
    if row is None:
        raise NotFound
    allowance = allowance_of(process, row, today=local_date(at))
    office = office_calendar(process.version.tenant) if not allowance.paragraph else NRW
    end = _new_end(row, to, days, reason, office)
    extension = Extension(local_date(at), end, reason.strip(), allowance.paragraph)
    new = turn(process, row, (*read_turns(row.turns), extension), by=by, at=at)
    for follow in _FOLLOWS.values():
        follow(row, end)
    rank(process)
    told = {"key": row.key, "reason": extension.reason, "before": as_told(row), "now": as_told(new)}
    record(facts.DeadlineExtended(case_id=case_id, facts=told), by=by, at=at)
    if allowance.is_told:
        _tell(process, extension, by, at)
    return new


def allowance_of(process: Process, row: Deadline, *, today: date) -> Allowance:
    """How the running ``row`` may be put off today.

    Refuses: PeriodIsStatutory, ExtendedAlready, DeadlineIsOver.
    """
    regime = Regime(definition_of(process.version).remedy.regime)
    found = allowance_for(row.kind, row.rule, regime)
    if found is None:
        raise PeriodIsStatutory(rule=row.rule, reinstatement=REINSTATEMENT[regime])
    extended = any(isinstance(one, Extension) for one in read_turns(row.turns))
    if found.once and extended:
        raise ExtendedAlready(paragraph=found.paragraph)
    if not found.afterwards and row.ends_on < today:
        raise DeadlineIsOver(ends_on=row.ends_on.isoformat())
    return found


def _new_end(
    row: Deadline, to: date | None, days: int | None, reason: str, working: WorkingDays
) -> date:
    faults = []
    if not reason.strip():
        faults.append(FieldError("/reason", "required"))
    if len(reason) > LONGEST_REASON:
        faults.append(FieldError("/reason", "max_length", {"limit": LONGEST_REASON}))
    wanted = to or (row.ends_on + timedelta(days=days) if days and 0 < days <= 366 else None)
    latest = latest_end(row.rule, row.event_on) or row.ends_on + FURTHEST
    earliest = row.ends_on + timedelta(days=1)
    if wanted is None:
        faults.append(FieldError("/to", "required"))
    elif not earliest <= wanted <= latest:
        limits = {"minimum": earliest.isoformat(), "maximum": latest.isoformat()}
        faults.append(FieldError("/to", "out_of_range", limits))
    if faults or wanted is None:
        raise Invalid(faults)
    return min(next_working_day(wanted, working), latest)


def _questions_follow(row: Deadline, end: date) -> None:
    if row.event == "question_asked":
        Question.objects.filter(
            case_id=row.case_id, answered_at__isnull=True, dropped_at__isnull=True, due_on__lt=end
        ).update(due_on=end)


def _place_follows(row: Deadline, end: date) -> None:
    if row.key == "place_offer":
        PlaceOffer.objects.filter(case_id=row.case_id, state=PlaceOfferState.OPEN).update(
            due_on=end
        )


# What keeps the day of a deadline beside it.
_FOLLOWS: Final[Mapping[str, Callable[[Deadline, date], None]]] = {
    "question": _questions_follow,
    "place_offer": _place_follows,
}


def _tell(process: Process, extension: Extension, by: Actor, at: datetime) -> None:
    """The applicant learns of it the way they learn of everything: portal or post."""
    text = f"Die Frist ist bis zum {german_date(extension.to)} verlängert. {extension.reason}"
    message = filing.write_message(process.case_id, text, direction="out", by=by, at=at)
    announce(process, "deadline_extended", at=at)
    write_by_post(process, "message", subject=message.id, by=by, at=at)
