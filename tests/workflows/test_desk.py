"""The desk: whose work lies where, which case comes first, and how much there is."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from efile.grants import bar_colleague, share_case
from efile.kernel.actors import Actor
from efile.kernel.clock import real_now
from efile.kernel.errors import Invalid
from efile.kernel.ids import uuid7
from tests.efile.cases import neighbour, user_id
from tests.factories import AT, DAY, colleague, portal, renewed, submitted
from tests.workflows.working import copies, statements
from workflows.assignment import assign
from workflows.correspondence import note_reading, write_to_office
from workflows.decisions import decide
from workflows.desk import COUNTED, TABS, Counts, Cursor, Order, Sort, WorkItem, counts, work_list
from workflows.endings import forward
from workflows.machine import Step, fire
from workflows.models import Process, State
from workflows.models.process import AT_WORK
from workflows.questions import ask_applicant
from workflows.wanted import STATES, Filter, View

pytestmark = pytest.mark.django_db


TODAY = AT.date()


def listed(by: Actor, view: View = View.TEAM, service: str = "") -> list[WorkItem]:
    items, _ = work_list(Filter(view, service), by=by, today=TODAY, limit=1000)
    return items


def counted(by: Actor, service: str = "") -> Counts:
    return counts(Filter(service=service), by=by, today=TODAY)


def ids(by: Actor, view: View = View.TEAM, service: str = "") -> set[UUID]:
    return {item.case_id for item in listed(by, view, service)}


def paged(by: Actor, size: int, view: View = View.TEAM) -> list[WorkItem]:
    """The whole list, a page of ``size`` at a time."""
    found: list[WorkItem] = []
    after: Cursor | None = None
    while True:
        items, after = work_list(Filter(view), by=by, today=TODAY, after=after, limit=size)
        found += items
        if after is None:
            return found
        after = Cursor.read(str(after), Order())


class TestTheList:
    def test_shows_of_each_case_what_one_needs_to_choose(self) -> None:
        process, by = submitted(), colleague()
        assign(process.case_id, user_id("d.yilmaz"), by=by, at=AT)
        (item,) = listed(by)
        assert item == WorkItem(
            case_id=process.case_id,
            reference=process.case.reference,
            applicant="Yılmaz, Đorđe",
            subject="Bewohnerparkausweis, Zone A4",
            service_key="resident-parking",
            state="received",
            due_on=date(2026, 3, 24),
            received_at=AT,
            assignee="Deniz Yılmaz",
            has_post=False,
        )

    def test_begins_with_what_is_due_first(self) -> None:
        late = submitted(at=AT + 5 * DAY)
        early = submitted(at=AT - 5 * DAY)
        middle = submitted()
        assert [item.case_id for item in listed(colleague())] == [
            early.case_id,
            middle.case_id,
            late.case_id,
        ]

    def test_says_that_there_is_post_until_it_was_read(self) -> None:
        process, by = submitted(), colleague()
        assert process.submission
        write_to_office(process.submission, "Wie lange noch?", key=None, by=portal(), at=AT)
        assert listed(by)[0].has_post
        note_reading(process.case_id, by=by, at=AT)
        assert not listed(by)[0].has_post

    def test_of_one_service_leaves_out_the_others(self) -> None:
        permit, collection = submitted(), submitted("bulky-waste")
        by = colleague("r.sandmann")
        assert ids(by) == {permit.case_id, collection.case_id}
        assert ids(by, service="bulky-waste") == {collection.case_id}
        assert ids(by, service="dog-tax") == set()

    def test_takes_one_statement_with_one_case_and_with_many(self) -> None:
        process, by = submitted(), colleague()
        one = statements(lambda: listed(by))
        copies(process, 60, days=7)
        many = statements(lambda: listed(by))
        assert len(one) == len(many) == 1
        assert len(statements(lambda: counted(by))) == 2


def shown_in(by: Actor) -> list[View]:
    """The views above the list in which there is something."""
    return [view for view in TABS if listed(by, view)]


class TestTheViews:
    @pytest.fixture
    def by_state(self) -> dict[State, Process]:
        """A case in every state, each assigned to nobody."""
        paths: dict[State, list[Step]] = {
            State.RECEIVED: [],
            State.IN_EXAMINATION: [Step.EXAMINE],
            State.WAITING: [Step.REQUEST_PROOF],
            State.DECIDED: [Step.REFUSE],
            State.NOTIFIED: [Step.GRANT, Step.NOTIFY],
            State.CLOSED: [Step.GRANT, Step.NOTIFY, Step.CLOSE],
            State.WITHDRAWN: [Step.WITHDRAW],
            State.FORWARDED: [Step.FORWARD],
        }
        found = {}
        for state, steps in paths.items():
            process = submitted()
            for step in steps:
                fire(process.case_id, step, by=colleague("t.oyelaran"), at=AT)
            found[state] = renewed(process)
        assert list(found) == list(State)
        return found

    @pytest.mark.parametrize("view", [View.TEAM, View.WAITING, View.TO_NOTIFY])
    def test_hold_the_cases_of_their_states(
        self, view: View, by_state: dict[State, Process]
    ) -> None:
        assert ids(colleague(), view) == {by_state[state].case_id for state in STATES[view]}

    def test_leave_nothing_out_that_is_at_work(self, by_state: dict[State, Process]) -> None:
        views = (View.TEAM, View.WAITING, View.TO_NOTIFY)
        assert {state for view in views for state in STATES[view]} == set(AT_WORK)

    def test_of_ones_own_hold_what_one_is_responsible_for(
        self, by_state: dict[State, Process]
    ) -> None:
        by = colleague()
        Process.objects.update(assignee=by.user_id)
        Process.objects.filter(state=State.IN_EXAMINATION).update(assignee=user_id("d.yilmaz"))
        mine = {State.RECEIVED, State.WAITING, State.DECIDED}
        assert ids(by, View.MINE) == {by_state[state].case_id for state in mine}

    def test_follow_a_case_through_its_life(self) -> None:
        process, by = submitted(), colleague()
        assert shown_in(by) == [View.TEAM, View.ALL]
        assign(process.case_id, by.user_id, by=by, at=AT)
        assert shown_in(by) == [View.TEAM, View.MINE, View.ALL]
        ask_applicant(process.case_id, text="?", proofs=[], days=9, by=by, at=AT)
        assert shown_in(by) == [View.MINE, View.WAITING, View.ALL]
        decide(process.case_id, Step.REFUSE, reasons="Nein.", by=by, at=AT)
        assert shown_in(by) == [View.MINE, View.TO_NOTIFY, View.ALL]

    def test_forget_what_is_no_longer_ours(self) -> None:
        process, by = submitted(), colleague()
        forward(process.case_id, to="Kreis", by=by, at=AT)
        assert shown_in(by) == []


class TestPaging:
    @pytest.fixture
    def many(self) -> None:
        """Cases of two units, most of them due on the same few days."""
        copies(submitted(), 40, days=3)
        copies(submitted("bulky-waste"), 40, days=3)

    @pytest.mark.parametrize("size", [1, 7, 50, 82, 83])
    def test_shows_everything_once_and_in_order(self, many: None, size: int) -> None:
        by = colleague("r.sandmann")
        found = paged(by, size)
        assert len(found) == len({item.case_id for item in found}) == 82
        keys = [(item.due_on, item.case_id) for item in found]
        assert keys == sorted(keys)

    def test_includes_what_was_shared_at_its_place(self, many: None) -> None:
        shared = submitted("bulky-waste")
        share(shared, "a.lopes")
        found = paged(colleague(), 5)
        assert len(found) == 42
        keys = [(item.due_on, item.case_id) for item in found]
        assert keys == sorted(keys)
        assert shared.case_id in {item.case_id for item in found}

    def test_goes_on_behind_a_case_that_left_the_list(self, many: None) -> None:
        by = colleague()
        first, after = work_list(Filter(), by=by, today=TODAY, limit=10)
        forward(first[-1].case_id, to="Kreis", by=by, at=AT)
        rest, _ = work_list(Filter(), by=by, today=TODAY, after=after, limit=1000)
        assert len(rest) == 31
        assert not {item.case_id for item in first} & {item.case_id for item in rest}

    def test_ends_where_nothing_follows(self) -> None:
        submitted()
        items, after = work_list(Filter(), by=colleague(), today=TODAY, limit=1)
        assert (len(items), after) == (1, None)

    @pytest.mark.parametrize("sort", Sort)
    @pytest.mark.parametrize(
        "text",
        ["", "2026-03-10", "0.gestern.1", "0.2026-13-01.x", "..", "x.2026-03-10.", "0.9e9.1"],
    )
    def test_refuses_a_cursor_it_never_gave(self, text: str, sort: Sort) -> None:
        with pytest.raises(Invalid) as refusal:
            Cursor.read(text, Order(sort))
        assert [(e.pointer, e.rule) for e in refusal.value.errors] == [("/after", "cursor")]

    @pytest.mark.parametrize(
        ("sort", "key"),
        [
            (Sort.DUE, date(2026, 12, 1)),
            (Sort.RECEIVED, datetime(2026, 3, 10, 11, 0, 0, 123456, tzinfo=UTC)),
            (Sort.REFERENCE, None),
        ],
    )
    def test_writes_a_cursor_that_it_reads(self, sort: Sort, key: date | datetime | None) -> None:
        cursor = Cursor(1, key, uuid7())
        assert Cursor.read(str(cursor), Order(sort)) == cursor


def share(process: Process, username: str) -> None:
    """Let ``username`` read the case for a day."""
    at = real_now()
    share_case(
        process.case_id,
        user_id(username),
        until=at + DAY,
        reason="Vertretung",
        by=colleague("r.aydin"),
        at=at,
    )


class TestWhoSees:
    def test_the_cases_of_a_unit(self) -> None:
        permit, collection = submitted(), submitted("bulky-waste")
        seen = {
            "a.lopes": {permit.case_id},
            "j.kessler": {collection.case_id},
            # The offices above.
            "b.voss": {permit.case_id},
            "w.feldkamp": {collection.case_id},
            # Everything and nothing.
            "r.sandmann": {permit.case_id, collection.case_id},
            "v.nightingale": {permit.case_id, collection.case_id},
            "o.kruse": set(),
            "s.nguyen": set(),
            # Other classes do not open these.
            "c.overbeck": set(),
        }
        assert {who: ids(colleague(who)) for who in seen} == seen
        assert {who: counted(colleague(who)).views[View.TEAM] for who in seen} == {
            who: len(cases) for who, cases in seen.items()
        }

    def test_what_was_shared_with_them(self) -> None:
        collection = submitted("bulky-waste")
        share(collection, "a.lopes")
        by = colleague()
        assert ids(by) == {collection.case_id}
        assert counted(by).views[View.TEAM] == 1
        assert ids(by, service="resident-parking") == set()

    def test_a_case_once_that_is_theirs_and_shared_with_them(self) -> None:
        collection = submitted("bulky-waste")
        share(collection, "j.kessler")
        by = colleague("j.kessler")
        assert [item.case_id for item in listed(by)] == [collection.case_id]
        assert counted(by).views[View.TEAM] == 1

    def test_not_what_they_are_barred_from_even_if_it_was_shared(self) -> None:
        collection, other = submitted("bulky-waste"), submitted("bulky-waste")
        share(collection, "j.kessler")
        bar_colleague(
            collection.case_id,
            user_id("j.kessler"),
            reason="§ 20 VwVfG NRW",
            by=colleague("r.aydin"),
            at=AT,
        )
        by = colleague("j.kessler")
        assert ids(by) == {other.case_id}
        assert counted(by).views[View.TEAM] == 1
        assert ids(colleague("m.wisniewska")) == {collection.case_id, other.case_id}

    def test_nothing_of_another_city(self) -> None:
        submitted()
        assert ids(neighbour()) == set()


class TestCounting:
    def test_agrees_with_the_lists(self) -> None:
        by = colleague()
        copies(submitted(), 3, assignee_id=by.user_id)
        decide(submitted().case_id, Step.REFUSE, reasons="Nein.", by=by, at=AT)
        submitted("bulky-waste")
        assert counted(by).views == {view: len(listed(by, view)) for view in TABS}
        assert counted(by).views == {
            View.TODAY: 0,
            View.TEAM: 4,
            View.MINE: 3,
            View.WAITING: 0,
            View.TO_NOTIFY: 1,
            View.ALL: 5,
        }

    def test_of_one_service_leaves_out_the_others(self) -> None:
        submitted()
        submitted("bulky-waste")
        assert counted(colleague("r.sandmann"), "bulky-waste").views[View.TEAM] == 1

    def test_stops_where_nobody_would_count_any_more(self) -> None:
        process, by = submitted(), colleague()
        copies(process, COUNTED - 1)
        assert counted(by).views[View.TEAM] == COUNTED
        copies(submitted(), 5)
        assert counted(by).views[View.TEAM] == COUNTED + 1

    def test_counts_the_grants_of_somebody_without_any_unit(self) -> None:
        collection = submitted("bulky-waste")
        share(collection, "o.kruse")
        assert counted(colleague("o.kruse")).views[View.TEAM] == 1
