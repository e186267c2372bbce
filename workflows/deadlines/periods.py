"""Answers when a period of law ends, by the calendar alone (§§ 187, 188 BGB)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

_DAYS_A_WEEK: Final = 7
_MONTHS_A_YEAR: Final = 12


class Unit(StrEnum):
    """The units in which the law words its periods."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time as the law words it: ``Period(1, Unit.MONTHS)`` is not 30 days."""

    count: int
    unit: Unit

    @property
    def counts_days(self) -> bool:
        """Whether its length in days is always the same."""
        return self.unit is Unit.DAYS or self.unit is Unit.WEEKS


def end_after(event: date, period: Period) -> date:
    """The last day of a period that an event sets off; the event's day is not counted.

    § 187 (1), § 188 (1), (2) first case, (3) BGB: the day of the same number, or the last day of a
    month that lacks it. Article 3 (1), (2) Regulation 1182/71 counts alike.
    """
    if period.counts_days:
        return event + timedelta(days=_days(period))
    year, month = _months_on(event, period)
    return date(year, month, min(event.day, monthrange(year, month)[1]))


def day_completed(first_day: date, period: Period) -> date:
    """The day at whose beginning a period is over that began with the beginning of ``first_day``.

    § 187 (2), § 188 (2) second case, (3) BGB: ``first_day`` counts, so the period ends with the
    day before this one. A month that lacks the day of that number is complete with its last day:
    who was born on 29 February comes of age with the beginning of 1 March.
    """
    if period.counts_days:
        return first_day + timedelta(days=_days(period))
    year, month = _months_on(first_day, period)
    before = min(first_day.day - 1, monthrange(year, month)[1])
    return date(year, month, 1) + timedelta(days=before)


def _days(period: Period) -> int:
    return period.count * (_DAYS_A_WEEK if period.unit is Unit.WEEKS else 1)


def _months_on(day: date, period: Period) -> tuple[int, int]:
    months = period.count * (_MONTHS_A_YEAR if period.unit is Unit.YEARS else 1)
    year, month = divmod(day.year * _MONTHS_A_YEAR + day.month - 1 + months, _MONTHS_A_YEAR)
    return year, month + 1
