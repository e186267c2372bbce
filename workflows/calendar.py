"""Answers which days are working days: for the law, and for an office that closes at times."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Final, Protocol

from holidays.countries.germany import Germany

from efile.kernel.errors import FieldError, Invalid

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5

# What the holiday list covers. Outside of it no holiday would be found, which is worse than none.
FIRST_YEAR: Final = Germany.start_year
LAST_YEAR: Final = Germany.end_year


class Reason(StrEnum):
    """Why the law does not count a day as a working day (§ 193 BGB)."""

    SATURDAY = "saturday"
    SUNDAY = "sunday"
    PUBLIC_HOLIDAY = "public_holiday"


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day without work; ``holiday`` is the official German name, empty for a plain weekend."""

    on: date
    reason: Reason
    holiday: str = ""

    def as_json(self) -> dict[str, str]:
        """As it stands in the facts of a derivation."""
        return {"on": self.on.isoformat(), "reason": self.reason, "holiday": self.holiday}


class WorkingDays(Protocol):
    """Whatever can tell working days from others."""

    def is_working_day(self, day: date) -> bool:
        """Whether ``day`` counts."""


@dataclass(frozen=True, slots=True)
class HolidayCalendar:
    """The working days of the law in one federal state: neither weekend nor public holiday.

    ``subdivision`` is the ISO 3166-2:DE part, e.g. ``NW``; an unknown one raises ``ValueError``.
    """

    subdivision: str = "NW"

    def __post_init__(self) -> None:
        if self.subdivision not in Germany.subdivisions:
            raise ValueError(f"no German state has the code {self.subdivision!r}")

    def is_working_day(self, day: date) -> bool:
        """Refuses: Invalid for a day beyond the holiday list (1991-2100)."""
        return day.weekday() < _SATURDAY and not _public_holiday(self.subdivision, day)

    def day_off(self, day: date) -> DayOff | None:
        """Why ``day`` is no working day, or None if it is one. Refuses as ``is_working_day``."""
        if holiday := _public_holiday(self.subdivision, day):
            return DayOff(day, Reason.PUBLIC_HOLIDAY, holiday)
        if day.weekday() < _SATURDAY:
            return None
        return DayOff(day, Reason.SATURDAY if day.weekday() == _SATURDAY else Reason.SUNDAY)


@dataclass(frozen=True, slots=True)
class OfficeCalendar:
    """The days on which an office works: those of the law without its own closing days.

    Not a ``HolidayCalendar``, so that no closing day ever reaches a legal deadline: closing days
    move an office's own targets only.
    """

    law: HolidayCalendar
    closing_days: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Refuses as the calendar of the law does."""
        return day not in self.closing_days and self.law.is_working_day(day)


NRW: Final = HolidayCalendar("NW")


def next_working_day(day: date, calendar: WorkingDays) -> date:
    """``day`` itself if it is a working day, else the first one after it."""
    while not calendar.is_working_day(day):
        day += _DAY
    return day


def add_working_days(start: date, count: int, calendar: WorkingDays) -> date:
    """The ``count``-th working day after ``start`` (before it, if negative); 0 is ``start``.

    ``start`` itself is not counted, as with § 187 (1) BGB.
    """
    step = _DAY if count > 0 else -_DAY
    day, left = start, abs(count)
    while left:
        day += step
        left -= calendar.is_working_day(day)
    return day


def working_days_between(start: date, end: date, calendar: WorkingDays) -> int:
    """How many working days lie after ``start`` up to and including ``end``.

    Negative when ``end`` is past: the mirror image, so ``end`` counts and ``start`` does not.
    The inverse of ``add_working_days`` for every working day ``end``.
    """
    step, sign = (_DAY, 1) if end >= start else (-_DAY, -1)
    count, day = 0, start
    while day != end:
        day += step
        count += calendar.is_working_day(day)
    return sign * count


def _public_holiday(subdivision: str, day: date) -> str:
    """Its name, or nothing."""
    if isinstance(day, datetime):  # equals no date, so no holiday would ever be found
        raise TypeError("a day of law is a local date, not a moment")
    return _public_holidays(subdivision, day.year).get(day, "")


@cache
def _public_holidays(subdivision: str, year: int) -> Mapping[date, str]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        limits = {"first_year": FIRST_YEAR, "last_year": LAST_YEAR}
        raise Invalid([FieldError("", "outside_holiday_calendar", limits)])
    return dict(Germany(subdiv=subdivision, years=year, language="de"))
