"""Clocks that stand still and go on: no working day is lost or invented, whatever happens."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.calendar import NRW, OfficeCalendar, add_working_days, working_days_between
from workflows.deadlines.derivation import Day, StepKind
from workflows.deadlines.turns import (
    Extension,
    Pause,
    is_paused,
    paused,
    read_turns,
    resumed,
    turned,
)

DAYS = st.dates(date(2020, 1, 1), date(2080, 12, 31))
CLOSING = st.frozensets(st.integers(0, 200), max_size=20)


@st.composite
def offices(draw: st.DrawFn) -> tuple[date, OfficeCalendar]:
    """A day on which something came in, and an office that closes on some days after it."""
    begin = draw(DAYS)
    closed = {begin + timedelta(days=number) for number in draw(CLOSING)}
    return begin, OfficeCalendar(NRW, frozenset(closed))


def stood_still(turns: list[Pause], office: OfficeCalendar) -> int:
    return sum(working_days_between(one.since, one.until or one.since, office) for one in turns)


@st.composite
def pauses(draw: st.DrawFn, begin: date) -> list[Pause]:
    """Pauses one after another, each begun before the clock could have run out."""
    found, day = [], begin
    for gap, length in draw(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 40)), max_size=5)):
        since = day + timedelta(days=gap)
        day = since + timedelta(days=length)
        found.append(Pause(since, day))
    return found


class TestAPause:
    @settings(max_examples=200, deadline=None)
    @given(st.data(), offices(), st.integers(15, 60))
    def test_gives_back_every_working_day_and_no_more(
        self, data: st.DataObject, begun: tuple[date, OfficeCalendar], count: int
    ) -> None:
        begin, office = begun
        turns = data.draw(pauses(begin))
        end = add_working_days(begin, count, office)
        reached = turned(Day(end, ()), turns, office)
        used = working_days_between(begin, reached.on, office) - stood_still(turns, office)
        assert used == count
        assert office.is_working_day(reached.on)

    @settings(max_examples=100, deadline=None)
    @given(offices(), st.integers(1, 30), st.integers(0, 60), st.integers(0, 60))
    def test_of_a_clock_that_ran_out_changes_nothing(
        self, begun: tuple[date, OfficeCalendar], count: int, later: int, length: int
    ) -> None:
        begin, office = begun
        end = add_working_days(begin, count, office)
        since = end + timedelta(days=later + 1)
        late = Pause(since, since + timedelta(days=length))
        assert turned(Day(end, ()), [late], office) == Day(end, ())

    @settings(max_examples=100, deadline=None)
    @given(st.data(), offices(), st.integers(15, 40))
    def test_in_two_parts_is_as_long_as_in_one(
        self, data: st.DataObject, begun: tuple[date, OfficeCalendar], count: int
    ) -> None:
        begin, office = begun
        length = data.draw(st.integers(0, 60))
        part = data.draw(st.integers(0, length))
        since = begin + timedelta(days=3)
        until, between = since + timedelta(days=length), since + timedelta(days=part)
        end = Day(add_working_days(begin, count, office), ())
        once = turned(end, [Pause(since, until)], office)
        twice = turned(end, [Pause(since, between), Pause(between, until)], office)
        assert once.on == twice.on

    def test_that_goes_on_keeps_the_day_and_says_what_is_left(self) -> None:
        office = OfficeCalendar(NRW)
        stopped = turned(Day(date(2026, 3, 24), ()), [Pause(date(2026, 3, 12))], office)
        assert stopped.on == date(2026, 3, 24)
        (step,) = stopped.steps
        assert (step.kind, step.facts) == (StepKind.PAUSED, {"since": "2026-03-12", "count": 8})

    def test_begun_on_the_last_day_leaves_the_day_it_ends_or_the_next_working_day(self) -> None:
        end, office = Day(date(2026, 3, 13), ()), OfficeCalendar(NRW)
        # Friday to Sunday: on Monday the office can act at last.
        sunday = turned(end, [Pause(date(2026, 3, 13), date(2026, 3, 15))], office)
        assert sunday.on == date(2026, 3, 16)

    def test_begins_once_and_ends_once(self) -> None:
        since, until = date(2026, 3, 12), date(2026, 3, 20)
        turns = paused(paused((), since), until)
        assert turns == (Pause(since),)
        assert is_paused(turns)
        assert resumed(resumed(turns, until), date(2026, 4, 1)) == (Pause(since, until),)
        assert not is_paused(resumed(turns, until))


class TestAnExtension:
    def test_names_the_day_whatever_was_before(self) -> None:
        office, end = OfficeCalendar(NRW), Day(date(2026, 3, 24), ())
        pause = Pause(date(2026, 3, 12), date(2026, 3, 20))
        more = Extension(date(2026, 3, 23), date(2026, 4, 30), "Krankheit")
        assert turned(end, [pause, more], office).on == date(2026, 4, 30)
        assert turned(end, [more], office).on == date(2026, 4, 30)

    def test_is_what_a_later_pause_prolongs(self) -> None:
        office = OfficeCalendar(NRW)
        more = Extension(date(2026, 3, 10), date(2026, 3, 31), "Krankheit")
        pause = Pause(date(2026, 3, 30), date(2026, 4, 1))
        found = turned(Day(date(2026, 3, 24), ()), [more, pause], office)
        assert found.on == date(2026, 4, 2)

    def test_is_read_back_as_it_was(self) -> None:
        turns = (
            Pause(date(2026, 3, 12)),
            Pause(date(2026, 3, 12), date(2026, 3, 20)),
            Extension(date(2026, 3, 10), date(2026, 3, 31), "Krankheit", "§ 31 Abs. 7 VwVfG NRW"),
        )
        assert read_turns([one.as_json() for one in turns]) == turns
