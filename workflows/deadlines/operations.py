"""Answers the dates of daily running: retention, targets, traffic signs, transport timers."""

from datetime import date, timedelta
from typing import Final

from efile.retention import retained_until
from workflows.calendar import OfficeCalendar, add_working_days
from workflows.deadlines.derivation import Event, Reckoning, StepKind, Value, counted, event
from workflows.deadlines.periods import Period, Unit

_FULL_DAYS: Final = 3
_SIGNS: Final = "BVerwG, 24.05.2018 - 3 C 25.16"


def retention(closed: date, years: int) -> Reckoning:
    """How long a closed case is kept: ``end``, and ``disposable_from`` the day after.

    The period runs from closing to the end of the calendar year in which it ends.
    """
    kept = counted(event(Event.CASE_CLOSED, closed), Period(years, Unit.YEARS), "")
    end = kept.then(StepKind.YEAR_END, retained_until(closed, years))
    free = end.then(StepKind.FREE_FROM, end.on + timedelta(days=1))
    return Reckoning("retention", {"end": end.on, "disposable_from": free.on}, free.steps)


def no_stopping_signs(sign_set_up: date) -> Reckoning:
    """Mobile signs: three ``full_days`` of warning, then ``costs_from`` for who still parks.

    BVerwG 3 C 25.16: full days whatever day of the week, the day of setting up not counted.
    """
    day = event(Event.SIGNS_SET_UP, sign_set_up)
    full_days: list[date] = []
    for number in range(1, _FULL_DAYS + 1):
        on = date.fromordinal(sign_set_up.toordinal() + number)
        day = day.then(StepKind.FULL_DAY, on, _SIGNS, number=number)
        full_days.append(on)
    costs_from = date.fromordinal(day.on.toordinal() + 1)
    free = day.then(StepKind.FREE_FROM, costs_from, _SIGNS)
    values: dict[str, Value] = {"full_days": tuple(full_days), "costs_from": costs_from}
    return Reckoning("no_stopping_signs_3_full_days", values, free.steps)


def fit_connect_timers(submitted: date) -> Reckoning:
    """A submission nobody picks up: ``reminders``, ``auto_reject``, ``deletion``.

    FIT-Connect: mails after 3 and 9 days, rejected after 14, deleted after 21; calendar days.
    """
    start = event(Event.SUBMITTED, submitted, "")
    timers = [
        counted(start, Period(days, Unit.DAYS), "", StepKind.TIMER, timer=timer)
        for timer, days in (("reminder", 3), ("reminder", 9), ("auto_reject", 14), ("deletion", 21))
    ]
    first, second, auto_reject, deletion = (timer.on for timer in timers)
    values: dict[str, Value] = {
        "reminders": (first, second),
        "auto_reject": auto_reject,
        "deletion": deletion,
    }
    steps = (*start.steps, *(timer.steps[-1] for timer in timers))
    return Reckoning("fitconnect_timers", values, steps)


def processing_target(received: date, working_days: int, office: OfficeCalendar) -> Reckoning:
    """The day an office means to be done by: ``end``. No law; closing days do move it."""
    end = event(Event.APPLICATION_RECEIVED, received, "").then(
        StepKind.WORKING_DAYS, add_working_days(received, working_days, office), count=working_days
    )
    return Reckoning("processing_target", {"end": end.on}, end.steps)


def reply_target(received: date, working_days: int, office: OfficeCalendar) -> Reckoning:
    """The day by which an applicant who wrote should hear from the office: ``end``. No law."""
    end = event(Event.MESSAGE_RECEIVED, received, "").then(
        StepKind.WORKING_DAYS, add_working_days(received, working_days, office), count=working_days
    )
    return Reckoning("reply_target", {"end": end.on}, end.steps)
