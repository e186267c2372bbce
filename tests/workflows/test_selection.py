"""Many cases at once: what is planned, what is carried out, what speaks against it."""

from datetime import date
from uuid import UUID

import pytest

from efile.grants import share_case
from efile.kernel.clock import real_now
from efile.kernel.errors import Invalid
from efile.kernel.ids import uuid7
from tests.efile.cases import user_id
from tests.factories import AT, DAY, city, colleague, renewed, submitted
from tests.workflows.working import recorded, statements
from workflows.assignment import assign
from workflows.endings import close, withdraw
from workflows.follow_ups import open_follow_ups
from workflows.machine import Step, fire
from workflows.models import HeldAct
from workflows.selection import (
    MOST,
    Assignment,
    Change,
    Intended,
    Reminder,
    carry_out,
    give_back,
    plan,
)

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 3, 13)


def intended(case_ids: list[UUID], change: Change) -> list[Intended]:
    """The change of everything that a.lopes has looked at."""
    seen = {one.case_id: one.seen for one in plan(case_ids, change, by=colleague())}
    return [Intended(case_id, seen[case_id], change) for case_id in case_ids if case_id in seen]


def hindrances(case_ids: list[UUID], change: Change) -> list[str]:
    return [one.hindrance for one in plan(case_ids, change, by=colleague())]


def held(case_id: UUID) -> None:
    HeldAct.objects.create(
        tenant_id=city().pk,
        case_id=case_id,
        action="grant",
        user_id=user_id("d.yilmaz"),
        revision=0,
        held_at=AT,
    )


class TestThePlan:
    def test_shows_the_cases_in_the_order_of_their_selection(self) -> None:
        first, second = submitted().case_id, submitted().case_id
        found = plan([second, first], by=colleague())
        assert [one.case_id for one in found] == [second, first]
        assert {one.hindrance for one in found} == {""}

    def test_leaves_out_what_cannot_be_seen(self) -> None:
        foreign = submitted("bulky-waste").case_id
        assert plan([foreign, uuid7()], by=colleague()) == []

    def test_names_what_speaks_against_each(self) -> None:
        by, free, taken = colleague(), submitted(), submitted()
        assign(taken.case_id, by.user_id, by=by, at=AT)
        ended, going_out, shared = submitted(), submitted(), submitted("bulky-waste")
        withdraw(ended.case_id, reason="", by=by, at=AT)
        close(ended.case_id, by=by, at=AT)
        held(going_out.case_id)
        at = real_now()
        share_case(
            shared.case_id,
            user_id("a.lopes"),
            until=at + DAY,
            reason="Vertretung",
            by=colleague("r.aydin"),
            at=at,
        )
        cases = [one.case_id for one in (free, taken, ended, going_out, shared)]
        assert hindrances(cases, Assignment(by.user_id)) == [
            "",
            "unchanged",
            "case_is_closed",
            "act_is_held",
            "action_not_granted",
        ]
        assert hindrances([free.case_id], Assignment(user_id("j.kessler"))) == ["not_able"]
        assert hindrances([free.case_id], Reminder(FRIDAY, "", user_id("j.kessler"))) == [
            "not_able"
        ]

    def test_takes_as_many_statements_for_one_as_for_many(self) -> None:
        change = Assignment(user_id("d.yilmaz"))
        cases = [submitted().case_id for _ in range(6)]
        by = colleague()
        one = statements(lambda: plan(cases[:1], change, by=by))
        assert len(one) == len(statements(lambda: plan(cases, change, by=by))) == 3

    def test_is_no_longer_than_anybody_looks_through(self) -> None:
        with pytest.raises(Invalid) as refusal:
            plan([uuid7() for _ in range(MOST + 1)], by=colleague())
        assert refusal.value.errors[0].rule == "max_items"


class TestCarryingItOut:
    def test_changes_each_case_as_its_own_verb_would(self) -> None:
        by = colleague()
        first, second = submitted(), submitted()
        steps = intended([first.case_id, second.case_id], Assignment(by.user_id))
        outcomes = carry_out(steps, by=by, at=AT)
        assert [one.refusal for one in outcomes] == ["", ""]
        for process in (first, second):
            assert renewed(process).assignee_id == by.user_id
            assert renewed(process).state == "in_examination"
            assert recorded(process.case_id)[-2:] == [
                "process.assigned",
                "process.state_changed",
            ]

    def test_sets_a_follow_up_on_each(self) -> None:
        cases = [submitted().case_id for _ in range(2)]
        change = Reminder(FRIDAY, "Nachsehen", None)
        outcomes = carry_out(intended(cases, change), by=colleague(), at=AT)
        assert [one.refusal for one in outcomes] == ["", ""]
        assert [[one.text for one in open_follow_ups(case)] for case in cases] == [
            ["Nachsehen"],
            ["Nachsehen"],
        ]

    def test_leaves_alone_what_somebody_changed_since_and_does_the_rest(self) -> None:
        by, other = colleague(), colleague("d.yilmaz")
        moved, taken, free = submitted(), submitted(), submitted()
        cases = [moved.case_id, taken.case_id, free.case_id]
        steps = intended(cases, Assignment(by.user_id))
        fire(moved.case_id, Step.EXAMINE, by=other, at=AT)
        assign(taken.case_id, user_id("k.brinkmann"), by=other, at=AT)
        outcomes = carry_out(steps, by=by, at=AT)
        assert [one.refusal for one in outcomes] == ["case_changed", "case_changed", ""]
        assert renewed(moved).assignee_id is None
        assert renewed(taken).assignee_id == user_id("k.brinkmann")
        assert renewed(free).assignee_id == by.user_id

    def test_refuses_of_one_case_and_changes_the_others(self) -> None:
        cases = [submitted().case_id for _ in range(3)]
        steps = intended(cases, Reminder(AT.date() - DAY, "", None))
        outcomes = carry_out(steps, by=colleague(), at=AT)
        assert [one.refusal for one in outcomes] == ["out_of_range"] * 3
        assert [open_follow_ups(case) for case in cases] == [[], [], []]

    def test_never_touches_what_became_invisible(self) -> None:
        foreign = submitted("bulky-waste").case_id
        step = Intended(foreign, "0.", Assignment(colleague().user_id))
        assert carry_out([step], by=colleague(), at=AT) == []


class TestGivingBack:
    def test_returns_each_case_to_whoever_had_it(self) -> None:
        by, other = colleague(), colleague("d.yilmaz")
        free, theirs, passed_on = submitted(), submitted(), submitted()
        assign(theirs.case_id, other.user_id, by=other, at=AT)
        cases = [free.case_id, theirs.case_id, passed_on.case_id]
        done = carry_out(intended(cases, Assignment(by.user_id)), by=by, at=AT)
        before = {one.case.case_id: one.case.assignee_id for one in done}
        assign(passed_on.case_id, user_id("k.brinkmann"), by=by, at=AT)

        outcomes = give_back(before, by.user_id, by=by, at=AT)
        assert [one.refusal for one in outcomes] == ["", "", "case_changed"]
        assert [renewed(one).assignee_id for one in (free, theirs, passed_on)] == [
            None,
            other.user_id,
            user_id("k.brinkmann"),
        ]
