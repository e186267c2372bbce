"""Which periods a duty has, and when each is due: whole calendar months, without gap or overlap."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from efile.letters.text import day_in
from workflows.calendar import NRW, next_working_day
from workflows.catalogue.continuing import Duty

_DAY = timedelta(days=1)
_YEAR = 12
_QUARTER = 3


@dataclass(frozen=True, slots=True)
class DutyPeriod:
    """One period of a duty, both days included; due on a working day."""

    first: date
    last: date
    due_on: date


def period_of(duty: Duty, day: date, *, since: date) -> DutyPeriod:
    """The period of ``duty`` that ``day`` lies in.

    Periods that divide a year are counted from January, longer ones from the month of ``since``.
    The period is due ``due_days`` after its end, on a weekend or holiday on the next working day
    (§ 108 (3) AO, § 31 (3) VwVfG NRW, § 26 (3) SGB X).
    """
    origin = 0 if _YEAR % duty.every_months == 0 else _months(since)
    number = (_months(day) - origin) // duty.every_months
    first = _first_of(origin + number * duty.every_months)
    last = _first_of(origin + (number + 1) * duty.every_months) - _DAY
    return DutyPeriod(first, last, next_working_day(last + duty.due_days * _DAY, NRW))


def periods_of(duty: Duty, *, since: date, after: date | None, until: date) -> Iterator[DutyPeriod]:
    """The periods that began by ``until``: from that of ``since``, or the one after ``after``."""
    day = since if after is None else after + _DAY
    while day <= until:
        period = period_of(duty, day, since=since)
        # A duty that another version asks for more often goes on where the last period ended.
        yield DutyPeriod(
            max(period.first, day) if after else period.first, period.last, period.due_on
        )
        day = after = period.last + _DAY


def _months(day: date) -> int:
    return day.year * _YEAR + day.month - 1


def _first_of(months: int) -> date:
    year, month = divmod(months, _YEAR)
    return date(year, month + 1, 1)


def period_text(first: date, last: date, language: str) -> str:
    """What a period is called in a letter: a year, a quarter, or its days."""
    english, months = language.startswith("en"), _months(last) - _months(first) + 1
    if months == _YEAR and first.month == 1:
        return f"{first.year}"
    if months == _QUARTER and first.month % _QUARTER == 1:
        number = first.month // _QUARTER + 1
        return f"quarter {number} of {first.year}" if english else f"{number}. Quartal {first.year}"
    return f"{day_in(first, language)} {'to' if english else 'bis'} {day_in(last, language)}"
