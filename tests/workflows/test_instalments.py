"""Amounts exact to the cent: by the month, by the rate of each month, and when each part is due."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workflows.catalogue.money import Assessment, Fee, Line
from workflows.catalogue.parts import Text
from workflows.instalments import (
    Instalment,
    Span,
    begins_on,
    charged_to,
    computed,
    instalments_as_json,
    instalments_from_json,
    lines_as_json,
    once,
    segments_from_json,
)

RULE = Assessment(
    kind="tax",
    title=Text({"de": "Hundesteuer"}),
    currency="EUR",
    legal_basis="Satzung",
    interval="year",
    periods=(),
    instalments=("02-15", "05-15", "08-15", "11-15"),
)
MONTHLY = replace(RULE, kind="benefit", interval="month", instalments=())


def costs(cents: int) -> Fee:
    return Fee(cents, "EUR", "Satzung", (Line("dog", Text({"de": "Hund"}), 1, cents),))


def rate(cents: int, *, since: date = date.max, then: int = 0) -> Callable[[date], Fee]:
    """So much, and ``then`` from the day ``since`` on."""
    return lambda day: costs(cents if day < since else then)


def plan(found: object) -> list[tuple[str, int]]:
    return [(one.due_on.isoformat(), one.cents) for one in found.instalments]  # type: ignore[attr-defined]


class TestAYear:
    def test_is_charged_by_the_month_in_equal_parts_on_the_days_to_come(self) -> None:
        # 96 € for ten of twelve months: 80 €; 15.8. is a Saturday, 15.11. a Sunday (§ 108 (3) AO).
        found = computed(
            RULE,
            [Span(date(2026, 3, 1), rate(9600))],
            date(2026, 12, 31),
            known_on=date(2026, 3, 14),
        )
        assert found.total == 8000
        assert plan(found) == [("2026-05-15", 2666), ("2026-08-17", 2666), ("2026-11-16", 2668)]

    def test_that_is_over_is_due_in_one_sum_after_the_decision(self) -> None:
        found = computed(
            RULE,
            [Span(date(2025, 5, 1), rate(9600))],
            date(2026, 12, 31),
            known_on=date(2026, 3, 14),
        )
        # 8 months of 2025: 64 €, thirty days after it is known; 2026 in full on the days to come.
        assert plan(found) == [
            ("2026-04-13", 6400),
            ("2026-05-15", 3200),
            ("2026-08-17", 3200),
            ("2026-11-16", 3200),
        ]

    def test_is_split_where_the_rate_changes(self) -> None:
        change = rate(9600, since=date(2026, 7, 1), then=12000)
        found = computed(
            RULE, [Span(date(2026, 1, 1), change)], date(2026, 12, 31), known_on=date(2026, 1, 5)
        )
        assert [(one.months, one.each_cents, one.cents) for one in found.segments] == [
            (6, 9600, 4800),
            (6, 12000, 6000),
        ]
        assert found.total == 10800

    def test_takes_what_was_due_already_as_paid(self) -> None:
        # Two dogs from July on: 48 € and 75 €, less the 24 € due in May. 99 € on two days.
        found = computed(
            RULE,
            [Span(date(2026, 1, 1), rate(9600)), Span(date(2026, 7, 1), rate(15000))],
            date(2026, 12, 31),
            known_on=date(2026, 7, 5),
            paid=[Instalment(date(2026, 5, 15), 2400, 2026)],
        )
        assert found.total == 12300
        assert plan(found) == [("2026-05-15", 2400), ("2026-08-17", 4950), ("2026-11-16", 4950)]

    def test_that_ends_early_leaves_a_credit(self) -> None:
        paid = [
            Instalment(date(2026, 2, 16), 2400, 2026),
            Instalment(date(2026, 5, 15), 2400, 2026),
        ]
        found = computed(
            RULE,
            [Span(date(2026, 1, 1), rate(9600))],
            date(2026, 3, 31),
            known_on=date(2026, 6, 1),
            paid=paid,
        )
        assert (found.total, plan(found)[-1]) == (2400, ("2026-07-01", -2400))


class TestAMonth:
    def test_is_paid_when_it_begins_and_what_has_begun_in_one_sum(self) -> None:
        # 227 € from February, decided in March; twelve from the sixth birthday in June on.
        found = computed(
            MONTHLY,
            [Span(date(2026, 2, 1), rate(22700, since=date(2026, 6, 1), then=29900))],
            date(2026, 7, 31),
            known_on=date(2026, 3, 14),
        )
        assert found.total == 4 * 22700 + 2 * 29900
        assert plan(found) == [
            ("2026-04-01", 22700),
            ("2026-04-13", 45400),
            ("2026-05-04", 22700),
            ("2026-06-01", 29900),
            ("2026-07-01", 29900),
        ]

    def test_may_begin_on_any_day(self) -> None:
        found = computed(
            replace(MONTHLY, begins="day"),
            [Span(date(2026, 1, 31), rate(100))],
            date(2026, 4, 29),
            known_on=date(2026, 1, 1),
        )
        assert (found.segments[0].months, found.total) == (3, 300)


class TestASingleAmount:
    def test_is_due_in_one_sum(self) -> None:
        found = once(costs(750), date(2026, 1, 1), date(2026, 3, 31), due_on=date(2026, 4, 20))
        assert (found.total, plan(found)) == (750, [("2026-04-20", 750)])

    def test_of_nothing_is_never_due(self) -> None:
        assert not once(costs(0), date.min, date.min, due_on=date.max).instalments


@pytest.mark.parametrize(
    ("begins", "first", "last"),
    [
        ("day", date(2026, 3, 10), date(2026, 3, 10)),
        ("month", date(2026, 3, 1), date(2026, 3, 31)),
        ("next_month", date(2026, 4, 1), date(2026, 3, 31)),
    ],
)
def test_part_of_a_month_counts_as_the_table_says(begins: str, first: date, last: date) -> None:
    rule = replace(RULE, begins=begins)  # type: ignore[arg-type]
    day = date(2026, 3, 10)
    assert (begins_on(rule, day), charged_to(rule, day)) == (first, last)


DAYS = some.dates(date(2023, 1, 1), date(2028, 12, 31))


@given(
    first=DAYS,
    months=some.integers(1, 40),
    cents=some.integers(0, 10**7),
    changed=DAYS,
    known=DAYS,
    interval=some.sampled_from(["month", "quarter", "year"]),
    named=some.sampled_from([(), ("07-01",), ("02-15", "05-15", "08-15", "11-15"), ("02-29",)]),
    paid=some.lists(some.tuples(DAYS, some.integers(1, 5000)), max_size=3),
)
def test_instalments_add_up_to_the_total(
    first: date,
    months: int,
    cents: int,
    changed: date,
    known: date,
    interval: str,
    named: tuple[str, ...],
    paid: list[tuple[date, int]],
) -> None:
    rule = replace(RULE, interval=interval, instalments=named)  # type: ignore[arg-type]
    first = first.replace(day=1)
    last = date(first.year + months // 12, 12, 31)
    earlier = [Instalment(day, cents, first.year) for day, cents in paid]
    spans = [Span(first, rate(cents, since=changed, then=cents // 2))]
    found = computed(rule, spans, last, known_on=known, paid=earlier)
    assert sum(one.cents for one in found.instalments) == found.total
    assert sum(one.months for one in found.segments) == (last.year - first.year) * 12 + (
        13 - first.month
    )
    assert segments_from_json(lines_as_json(found)) == list(found.segments)
    assert instalments_from_json(instalments_as_json(found.instalments)) == list(found.instalments)
