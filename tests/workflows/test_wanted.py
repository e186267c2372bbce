"""What a filter means: every list and count against the same question asked in plain Python."""

from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from efile.kernel.actors import Actor
from efile.kernel.errors import Invalid
from tests.factories import AT, DAY, city, colleague, submitted
from tests.workflows.world import ORDERS, THIS_WEEK, TODAY, change, filters, world
from workflows.desk import TABS, Order, counts, relief, whole_list, work_list
from workflows.models import Task
from workflows.wanted import Due, Filter, Period, View

pytestmark = pytest.mark.django_db


class TestEveryFilter:
    @pytest.mark.parametrize("who", ["a.lopes", "r.sandmann", "j.kessler"])
    def test_lists_and_counts_what_it_says(self, who: str) -> None:
        of = world(who=who)
        shown = 0
        for number, wanted in enumerate(filters(of)):
            plain = wanted == Filter(wanted.view)
            for order in ORDERS if plain else ORDERS[number % len(ORDERS) :][:1]:
                items, _ = work_list(wanted, by=of.by, today=TODAY, order=order, limit=200)
                expected = of.expected(wanted, order)
                assert [item.case_id for item in items] == expected, (wanted, order)
                shown += len(expected)
            whole = len(of.expected(wanted, Order()))
            assert counts(wanted, by=of.by, today=TODAY).wanted == whole, wanted
        assert shown > 500

    def test_counts_the_views_above_it_in_its_place(self) -> None:
        of = world()
        for wanted in filters(of):
            found = counts(wanted, by=of.by, today=TODAY).views
            expected = {view: len(of.expected(wanted.turned_to(view), Order())) for view in TABS}
            assert found == expected, wanted

    def test_says_what_would_be_there_without_a_part_of_it(self) -> None:
        of = world()
        wanted = Filter(View.ALL, service="resident-parking", state="decided", due=Due.WEEK)
        found = relief(wanted, by=of.by, today=TODAY)
        assert found == {
            name: len(of.expected(wanted.without(name), Order()))
            for name in ("service", "state", "due")
        }

    def test_is_exported_whole_in_its_order(self) -> None:
        of = world()
        for order in ORDERS:
            whole = whole_list(Filter(View.ALL), by=of.by, today=TODAY, order=order)
            assert [one.case_id for one in whole] == of.expected(Filter(View.ALL), order)


class TestPagesWhileRowsChange:
    @pytest.mark.parametrize("view", [View.TODAY, View.ALL, View.MINE])
    @pytest.mark.parametrize("order", ORDERS, ids=str)
    def test_show_nothing_twice_and_skip_nothing_that_stayed(
        self, view: View, order: Order
    ) -> None:
        of, rng = world(), Random(3)
        stays = {known.process.case_id for known in of.cases if rng.random() < 0.7}
        expected = [case for case in of.expected(Filter(view), order) if case in stays]
        shown: list[UUID] = []
        after = None
        while True:
            items, after = work_list(
                Filter(view), by=of.by, today=TODAY, order=order, after=after, limit=3
            )
            shown += [item.case_id for item in items]
            if after is None:
                break
            restless = rng.choice([one for one in of.cases if one.process.case_id not in stays])
            if restless.process.case_id not in shown:
                change(restless.process, rng, [None, of.by.user_id])
        assert len(shown) == len(set(shown))
        assert [case for case in shown if case in stays] == expected


class TestWhatIsNew:
    def fresh(self, view: View, since: datetime, shown: list[UUID], by: Actor) -> int:
        return counts(Filter(view), by=by, today=TODAY, since=since, shown=shown).fresh

    def test_is_what_came_since_and_is_not_shown_yet(self) -> None:
        old = submitted(at=AT - DAY)
        new = submitted(at=AT)
        by, since = colleague(), AT - timedelta(hours=1)
        assert self.fresh(View.TEAM, since, [], by) == 1
        assert self.fresh(View.TEAM, since, [new.case_id], by) == 0
        assert self.fresh(View.TEAM, since - 2 * DAY, [], by) == 2
        assert self.fresh(View.MINE, since, [old.case_id], by) == 0

    def test_is_what_came_by_post_where_that_is_today_s_work(self) -> None:
        process, by = submitted(at=AT - DAY), colleague()
        assert self.fresh(View.TODAY, AT, [], by) == 0
        Task.objects.create(
            tenant_id=city().pk,
            case_id=process.case_id,
            kind="review_answer",
            opened_at=AT + timedelta(minutes=1),
        )
        assert self.fresh(View.TODAY, AT, [], by) == 1


class TestAPeriod:
    def test_begins_and_ends_with_the_days_of_the_town_hall(self) -> None:
        week = Period.week_of(date(2026, 3, 31))
        assert (week.first, week.last) == (date(2026, 3, 30), date(2026, 4, 5))
        assert week.start.isoformat() == "2026-03-30T00:00:00+02:00"
        assert Period(date(2026, 3, 28), date(2026, 3, 29)).start.isoformat().endswith("+01:00")

    def test_is_written_as_it_is_read(self) -> None:
        assert Period.read(str(THIS_WEEK)) == THIS_WEEK

    @pytest.mark.parametrize("text", ["1900-01-01..2999-12-31", "2999-12-31..2999-12-31"])
    def test_reaches_from_1900_to_2999_and_can_be_reckoned_with(self, text: str) -> None:
        read = Period.read(text)
        assert str(read) == text
        assert read.start < read.end

    @pytest.mark.parametrize(
        "text",
        [
            "1899-12-31..2026-03-30",
            "2026-03-30..3000-01-01",
            "0001-01-01..9999-12-31",
            "9999-12-31..9999-12-31",
        ],
    )
    def test_refuses_what_lies_beyond(self, text: str) -> None:
        with pytest.raises(Invalid) as refusal:
            Period.read(text)
        assert [error.pointer for error in refusal.value.errors] == ["/period"]

    @pytest.mark.parametrize("text", ["", "2026-03-30", "2026-03-30..", "heute..morgen"])
    def test_refuses_what_is_none(self, text: str) -> None:
        with pytest.raises(Invalid):
            Period.read(text)
