"""The periods of a duty follow one another over the years, without gap or overlap."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workflows.calendar import NRW
from workflows.catalogue.continuing import Duty
from workflows.catalogue.parts import Text
from workflows.duty_periods import period_of, period_text, periods_of

QUARTERLY = Duty("return", Text({"de": "Erklärung"}), "return", 3, 15)
DAY = timedelta(days=1)
DAYS = some.dates(date(2019, 1, 1), date(2033, 12, 31))
MONTHS = some.sampled_from([1, 2, 3, 4, 6, 12, 24, 36])


@given(since=DAYS, length=some.integers(0, 4000), months=MONTHS)
def test_periods_follow_one_another(since: date, length: int, months: int) -> None:
    until = since + length * DAY
    found = list(
        periods_of(replace(QUARTERLY, every_months=months), since=since, after=None, until=until)
    )
    assert found[0].first <= since <= found[0].last
    assert found[-1].first <= until <= found[-1].last
    for before, after in pairwise(found):
        assert after.first == before.last + DAY
    for one in found:
        whole = (one.last.year - one.first.year) * 12 + one.last.month - one.first.month + 1
        assert (one.first.day, (one.last + DAY).day, whole) == (1, 1, months)
        assert NRW.is_working_day(one.due_on)
        assert 15 * DAY <= one.due_on - one.last <= 22 * DAY


@given(since=DAYS, months=MONTHS, then=MONTHS, length=some.integers(0, 2000))
def test_another_interval_goes_on_where_the_last_period_ended(
    since: date, months: int, then: int, length: int
) -> None:
    last = period_of(replace(QUARTERLY, every_months=months), since, since=since).last
    rest = list(
        periods_of(
            replace(QUARTERLY, every_months=then),
            since=since,
            after=last,
            until=last + length * DAY,
        )
    )
    assert [one.first for one in rest] == [
        last + DAY,
        *(one.last + DAY for one in rest[:-1]),
    ][: len(rest)]


@pytest.mark.parametrize(
    ("day", "first", "last", "due_on"),
    [
        # The 15th of the month after (§ 149 AO); 15.1.2028 is a Saturday.
        (date(2024, 2, 29), date(2024, 1, 1), date(2024, 3, 31), date(2024, 4, 15)),
        (date(2027, 12, 31), date(2027, 10, 1), date(2027, 12, 31), date(2028, 1, 17)),
    ],
)
def test_a_quarter_is_due_on_a_working_day(
    day: date, first: date, last: date, due_on: date
) -> None:
    found = period_of(QUARTERLY, day, since=day)
    assert (found.first, found.last, found.due_on) == (first, last, due_on)


@pytest.mark.parametrize(
    ("first", "last", "german", "english"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), "2026", "2026"),
        (date(2026, 4, 1), date(2026, 6, 30), "2. Quartal 2026", "quarter 2 of 2026"),
        (
            date(2026, 2, 1),
            date(2026, 2, 28),
            "01.02.2026 bis 28.02.2026",
            "01 February 2026 to 28 February 2026",
        ),
    ],
)
def test_a_period_has_a_name(first: date, last: date, german: str, english: str) -> None:
    assert (period_text(first, last, "de"), period_text(first, last, "en-GB")) == (german, english)
