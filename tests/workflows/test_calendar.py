"""Tests of workflows.calendar: working days of the law and of an office."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efile.kernel.errors import Invalid
from workflows.calendar import (
    NRW,
    DayOff,
    HolidayCalendar,
    OfficeCalendar,
    Reason,
    add_working_days,
    next_working_day,
    working_days_between,
)

VECTORS = Path(__file__).parents[1] / "data" / "deadlines" / "deadline_test_vectors.json"
HOLIDAYS: dict[str, list[str]] = json.loads(VECTORS.read_text())["holidays_DE_NW"]

CHRISTMAS_EVE = date(2026, 12, 24)
NEW_YEARS_EVE = date(2026, 12, 31)
OFFICE = OfficeCalendar(NRW, frozenset({CHRISTMAS_EVE, NEW_YEARS_EVE}))

days = st.dates(date(1995, 1, 1), date(2095, 12, 31))
counts = st.integers(-60, 60)


class TestAHolidayCalendar:
    @pytest.mark.parametrize("year", HOLIDAYS)
    def test_knows_the_public_holidays_of_nrw(self, year: str) -> None:
        first = date(int(year), 1, 1)
        found = [
            off.on.isoformat()
            for off in map(NRW.day_off, (first + timedelta(days=n) for n in range(366)))
            if off and off.reason is Reason.PUBLIC_HOLIDAY and off.on.year == int(year)
        ]
        assert found == HOLIDAYS[year]

    @pytest.mark.parametrize(
        "day",
        [date(2026, 2, 16), date(2026, 12, 24), date(2026, 12, 31)],
        ids=["rose-monday", "christmas-eve", "new-years-eve"],
    )
    def test_counts_customary_days_off_as_working_days(self, day: date) -> None:
        assert NRW.is_working_day(day)

    def test_says_why_a_day_is_none(self) -> None:
        assert NRW.day_off(date(2026, 4, 3)) == DayOff(
            date(2026, 4, 3), Reason.PUBLIC_HOLIDAY, "Karfreitag"
        )
        assert NRW.day_off(date(2026, 4, 4)) == DayOff(date(2026, 4, 4), Reason.SATURDAY)
        assert NRW.day_off(date(2026, 4, 5)) == DayOff(date(2026, 4, 5), Reason.SUNDAY)
        assert NRW.day_off(date(2026, 4, 7)) is None

    def test_differs_by_state(self) -> None:
        epiphany = date(2026, 1, 6)
        assert NRW.is_working_day(epiphany)
        assert not HolidayCalendar("BY").is_working_day(epiphany)

    def test_of_no_german_state_cannot_be_made(self) -> None:
        with pytest.raises(ValueError, match="XX"):
            HolidayCalendar("XX")

    @pytest.mark.parametrize("day", [date(1990, 12, 27), date(2101, 1, 3)])
    def test_refuses_years_whose_holidays_it_does_not_know(self, day: date) -> None:
        with pytest.raises(Invalid) as refused:
            NRW.is_working_day(day)
        (error,) = refused.value.errors
        assert error.rule == "outside_holiday_calendar"
        assert error.facts == {"first_year": 1991, "last_year": 2100}

    def test_takes_no_moment_for_a_day(self) -> None:
        with pytest.raises(TypeError, match="local date"):
            NRW.is_working_day(datetime(2026, 12, 25, tzinfo=UTC))

    @given(days)
    def test_agrees_with_itself(self, day: date) -> None:
        assert NRW.is_working_day(day) == (NRW.day_off(day) is None)


class TestAnOfficeCalendar:
    def test_leaves_out_closing_days(self) -> None:
        assert NRW.is_working_day(CHRISTMAS_EVE)
        assert not OFFICE.is_working_day(CHRISTMAS_EVE)

    @given(days)
    def test_never_works_on_a_day_off(self, day: date) -> None:
        assert not OFFICE.is_working_day(day) or NRW.is_working_day(day)


class TestTheNextWorkingDay:
    def test_is_the_day_itself_if_it_is_one(self) -> None:
        assert next_working_day(date(2026, 4, 2), NRW) == date(2026, 4, 2)

    def test_lies_behind_the_whole_of_easter(self) -> None:
        assert next_working_day(date(2026, 4, 3), NRW) == date(2026, 4, 7)

    @given(days)
    def test_passes_over_days_off_only(self, day: date) -> None:
        found = next_working_day(day, NRW)
        assert NRW.is_working_day(found)
        passed = (found - day).days
        assert not any(NRW.is_working_day(day + timedelta(days=n)) for n in range(passed))


class TestWorkingDays:
    def test_leave_out_weekend_holidays_and_closing_days(self) -> None:
        # Wed 23 Dec; 24 closed, 25 holiday, 26-27 weekend, 28-30 Mon-Wed, 31 closed, 1 Jan holiday
        start, end = date(2026, 12, 23), date(2027, 1, 4)
        assert working_days_between(start, end, OFFICE) == 4
        assert add_working_days(start, 4, OFFICE) == end
        assert working_days_between(start, end, NRW) == 6

    def test_are_none_over_a_weekend(self) -> None:
        assert working_days_between(date(2026, 2, 6), date(2026, 2, 8), NRW) == 0

    def test_count_below_zero_once_the_end_is_past(self) -> None:
        friday, monday = date(2026, 2, 6), date(2026, 2, 9)
        assert working_days_between(monday, friday, NRW) == -1
        assert working_days_between(friday + timedelta(days=1), friday, NRW) == -1

    def test_can_be_counted_back_for_a_warning(self) -> None:
        assert add_working_days(date(2026, 4, 7), -5, NRW) == date(2026, 3, 27)

    @given(days, counts)
    def test_between_undoes_adding(self, start: date, count: int) -> None:
        assert working_days_between(start, add_working_days(start, count, OFFICE), OFFICE) == count

    @given(days, st.integers(-90, 90))
    def test_adding_undoes_between(self, start: date, span: int) -> None:
        end = next_working_day(start + timedelta(days=span), OFFICE)
        assert add_working_days(start, working_days_between(start, end, OFFICE), OFFICE) == end

    @given(days, counts, counts)
    def test_come_later_the_more_are_added(self, start: date, one: int, other: int) -> None:
        fewer, more = sorted((one, other))
        assert add_working_days(start, fewer, OFFICE) <= add_working_days(start, more, OFFICE)
