"""How an amount fixed by a decision adds up month by month, and on which days it is due."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Any, Final

from workflows.calendar import NRW, next_working_day
from workflows.catalogue.money import Assessment, Fee, Line
from workflows.catalogue.parts import Text
from workflows.deadlines.periods import Period, Unit, day_completed, end_after

_DAY: Final = timedelta(days=1)
_MONTHS: Final[Mapping[str, int]] = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Span:
    """From ``first`` on, ``amount`` tells what an interval costs by the table of a day."""

    first: date
    amount: Callable[[date], Fee]


@dataclass(frozen=True, slots=True)
class Segment:
    """Months of one year at one rate: ``cents`` is their share of ``of_months`` at ``each_cents``.

    A single amount has no months.
    """

    first: date
    last: date
    months: int
    of_months: int
    each_cents: int
    cents: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Instalment:
    """So much of a ``year`` is due on a day; below 0 it is a credit."""

    due_on: date
    cents: int
    year: int


@dataclass(frozen=True, slots=True)
class Computed:
    """An amount with everything that shows how it came about; instalments add up to ``total``.

    ``each_cents``: per interval, in the end.
    """

    first: date
    last: date
    segments: tuple[Segment, ...]
    instalments: tuple[Instalment, ...]

    @property
    def total(self) -> int:
        return sum(segment.cents for segment in self.segments)

    @property
    def each_cents(self) -> int:
        return self.segments[-1].each_cents if self.segments else 0


def begins_on(rule: Assessment, day: date) -> date:
    """The day that what begins on ``day`` is charged from."""
    if rule.begins == "day":
        return day
    month = day.replace(day=1)
    return month if rule.begins == "month" else day_completed(month, Period(1, Unit.MONTHS))


def charged_to(rule: Assessment, day: date) -> date:
    """The last day charged for what ends on ``day``: a month that has begun counts."""
    if rule.begins == "day":
        return day
    return day_completed(day.replace(day=1), Period(1, Unit.MONTHS)) - _DAY


def once(amount: Fee, first: date, last: date, *, due_on: date) -> Computed:
    """A single amount, due in one sum."""
    segment = Segment(first, last, 0, 0, amount.cents, amount.cents, amount.positions)
    due = (Instalment(due_on, amount.cents, last.year),) if amount.cents else ()
    return Computed(first, last, (segment,), due)


def computed(
    rule: Assessment,
    spans: Sequence[Span],
    last: date,
    *,
    known_on: date,
    paid: Sequence[Instalment] = (),
) -> Computed:
    """What ``rule`` charges from the first of ``spans`` to ``last``, and when.

    Part of an interval is charged by the month, by the rates of the day on which each month
    begins; cents are rounded down per rate and year. ``known_on`` is the day by which the decision
    is known: what should have been due before is due ``due_days`` after it. ``paid`` was due by an
    earlier decision already and stands; the rest makes up for the difference.
    Refuses: FeeUndetermined.
    """
    segments = tuple(_segments(rule, spans, last))
    shares = [share for segment in segments for share in _shares(segment)]
    later = next_working_day(known_on + rule.due_days * _DAY, NRW)
    plan = _by_days if rule.instalments else _by_intervals
    due = [one for one in plan(rule, shares, paid, known_on, later) if one.cents]
    due.sort(key=lambda one: (one.due_on, one.year))
    return Computed(spans[0].first, last, segments, (*paid, *due))


def _segments(rule: Assessment, spans: Sequence[Span], last: date) -> Iterator[Segment]:
    """The months, grouped by year and rate."""
    size = _MONTHS[rule.interval]
    ends = [*(span.first - _DAY for span in spans[1:]), last]
    months = [
        (month, number, span.amount(month))
        for number, (span, end) in enumerate(zip(spans, ends, strict=True))
        for month in _months(span.first, min(end, last))
    ]
    for _, run in groupby(months, key=lambda one: (one[0].year, one[1], one[2])):
        found = list(run)
        first, number, fee = found[0]
        count, end = len(found), _month_after(found[-1][0]) - _DAY
        cents = fee.cents * count // size
        bound = min(end, ends[number])
        yield Segment(first, bound, count, size, fee.cents, cents, fee.positions)


def _months(first: date, last: date) -> Iterator[date]:
    """The first days of the months from ``first`` on that have begun by ``last``."""
    number, day = 0, first
    while day <= last:
        yield day
        number += 1
        day = end_after(first, Period(number, Unit.MONTHS))


def _month_after(day: date) -> date:
    return end_after(day, Period(1, Unit.MONTHS))


def _shares(segment: Segment) -> list[tuple[date, int]]:
    """What each month carries of a segment, exactly."""
    upto = [segment.cents * number // segment.months for number in range(segment.months + 1)]
    each = (after - before for before, after in pairwise(upto))
    return list(zip(_months(segment.first, segment.last), each, strict=True))


def _by_days(
    rule: Assessment,
    shares: Sequence[tuple[date, int]],
    paid: Sequence[Instalment],
    known_on: date,
    later: date,
) -> Iterator[Instalment]:
    """Equal parts of each year on the days named, as far as they are to come; cents go last."""
    begins = shares[0][0] if shares else known_on
    for year, cents in sorted(_open_by_year(shares, paid).items()):
        named = {next_working_day(_named(year, day), NRW) for day in rule.instalments}
        days = sorted(day for day in named if day > known_on and day >= begins) or [later]
        if cents < 0:
            days = [later]
        part = cents // len(days)
        for day in days[:-1]:
            yield Instalment(day, part, year)
        yield Instalment(days[-1], cents - part * (len(days) - 1), year)


def _by_intervals(
    rule: Assessment,
    shares: Sequence[tuple[date, int]],
    paid: Sequence[Instalment],
    known_on: date,
    later: date,
) -> Iterator[Instalment]:
    """Each interval when it begins; those that have begun, in one sum for each year."""
    size = _MONTHS[rule.interval]
    # Months may begin on any day; longer intervals are those of the calendar.
    intervals = groupby(shares, key=lambda one: (one[0].year, (one[0].month - 1) // size))
    begun: list[tuple[date, int]] = []
    for (year, _), found in intervals:
        months = list(found)
        if months[0][0] <= known_on:
            begun += months
        else:
            due_on = next_working_day(months[0][0], NRW)
            yield Instalment(due_on, sum(cents for _, cents in months), year)
    for year, cents in _open_by_year(begun, paid).items():
        yield Instalment(later, cents, year)


def _open_by_year(
    shares: Sequence[tuple[date, int]], paid: Sequence[Instalment]
) -> Mapping[int, int]:
    """What is open of each year's months once what is ``paid`` is taken off."""
    years: dict[int, int] = defaultdict(int)
    for month, cents in shares:
        years[month.year] += cents
    for one in paid:
        years[one.year] -= one.cents
    return years


def _named(year: int, month_day: str) -> date:
    """A day of a year; one that its month lacks is the month's last (§ 188 (3) BGB)."""
    month, day = (int(part) for part in month_day.split("-"))
    begins = date(year, month, 1)
    return min(begins + (day - 1) * _DAY, day_completed(begins, Period(1, Unit.MONTHS)) - _DAY)


def lines_as_json(found: Computed) -> list[dict[str, Any]]:
    """The segments as they are stored and shown; titles in every language."""
    return [
        {
            "first": one.first.isoformat(),
            "last": one.last.isoformat(),
            "months": one.months,
            "of_months": one.of_months,
            "each_cents": one.each_cents,
            "cents": one.cents,
            "positions": [_position(line) for line in one.lines],
        }
        for one in found.segments
    ]


def _position(line: Line) -> dict[str, Any]:
    share = None if line.percent is None else str(line.percent)
    return {
        "key": line.key,
        "title": dict(line.title.values),
        "quantity": line.quantity,
        "cents_each": line.cents_each,
        "percent": share,
        "of_cents": line.of_cents,
    }


def instalments_as_json(found: Sequence[Instalment]) -> list[list[Any]]:
    """Day, cents and year of each, as they are stored."""
    return [[one.due_on.isoformat(), one.cents, one.year] for one in found]


def instalments_from_json(stored: Sequence[Sequence[Any]]) -> list[Instalment]:
    """The instalments as they were stored."""
    return [Instalment(date.fromisoformat(day), cents, year) for day, cents, year in stored]


def segments_from_json(stored: Sequence[Mapping[str, Any]]) -> list[Segment]:
    """The segments as they were stored."""
    return [
        Segment(
            date.fromisoformat(one["first"]),
            date.fromisoformat(one["last"]),
            one["months"],
            one["of_months"],
            one["each_cents"],
            one["cents"],
            tuple(_line(line) for line in one["positions"]),
        )
        for one in stored
    ]


def _line(stored: Mapping[str, Any]) -> Line:
    percent = None if stored["percent"] is None else Decimal(stored["percent"])
    return Line(
        stored["key"],
        Text(stored["title"]),
        stored["quantity"],
        stored["cents_each"],
        percent,
        stored["of_cents"],
    )
