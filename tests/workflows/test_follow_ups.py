"""Follow-ups: set, moved, finished; on whose list they are; what they keep open."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from efile.kernel.actors import Actor
from efile.kernel.errors import Invalid, NotFound
from efile.kernel.ids import uuid7
from efile.lifecycle import CaseIsClosed
from efile.policy import ActionNotGranted
from tests.efile.cases import user_id
from tests.factories import AT, DAY, colleague, submitted
from tests.workflows.working import recorded, statements
from workflows.assignment import assign
from workflows.decisions import decide
from workflows.endings import close, forward, withdraw
from workflows.follow_ups import (
    LONGEST_TEXT,
    FollowUpIsDone,
    Place,
    finish_follow_up,
    follow_up_list,
    move_follow_up,
    open_follow_ups,
    set_follow_up,
)
from workflows.machine import FollowUpsAreOpen, Step
from workflows.models import FollowUp

pytestmark = pytest.mark.django_db

TODAY = AT.date()
FRIDAY = date(2026, 3, 13)


def reminded(case_id: UUID, due_on: date = FRIDAY, whose: str = "", text: str = "Hm") -> UUID:
    """A follow-up for the named colleague, or for the team."""
    person = user_id(whose) if whose else None
    return set_follow_up(case_id, due_on, text, person, by=colleague(), at=AT)


def listed(by: Actor, *, everybodys: bool = False, until: date | None = None) -> list[UUID]:
    items, _ = follow_up_list(everybodys=everybodys, until=until, by=by)
    return [item.id for item in items]


def faults(refusal: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(error.pointer, error.rule) for error in refusal.value.errors]


class TestSettingOne:
    def test_keeps_day_text_and_person_and_says_so_in_the_journal(self) -> None:
        case_id = submitted().case_id
        reminded(case_id, whose="d.yilmaz", text="  Meldeadresse prüfen ")
        (found,) = open_follow_ups(case_id)
        assert (found.due_on, found.text, found.whose) == (
            FRIDAY,
            "Meldeadresse prüfen",
            "Deniz Yılmaz",
        )
        assert recorded(case_id)[-1] == "follow_up.set"

    @pytest.mark.parametrize("due_on", [TODAY - DAY, date(2037, 1, 1)])
    def test_refuses_a_day_that_is_past_or_too_far(self, due_on: date) -> None:
        with pytest.raises(Invalid) as refusal:
            reminded(submitted().case_id, due_on)
        assert faults(refusal) == [("/due_on", "out_of_range")]

    def test_refuses_somebody_who_may_not_see_the_case_and_a_long_text(self) -> None:
        with pytest.raises(Invalid) as refusal:
            reminded(submitted().case_id, whose="j.kessler", text="x" * (LONGEST_TEXT + 1))
        assert faults(refusal) == [("/text", "max_length"), ("/user", "not_able")]

    def test_is_not_for_those_who_only_read(self) -> None:
        auditor = colleague("v.nightingale")
        with pytest.raises(ActionNotGranted):
            set_follow_up(submitted().case_id, FRIDAY, "", None, by=auditor, at=AT)


class TestFinishingOne:
    def test_takes_it_off_and_says_so_in_the_journal(self) -> None:
        case_id = submitted().case_id
        finish_follow_up(case_id, reminded(case_id), by=colleague(), at=AT)
        assert open_follow_ups(case_id) == []
        assert recorded(case_id)[-1] == "follow_up.done"

    def test_happens_once(self) -> None:
        case_id = submitted().case_id
        one = reminded(case_id)
        finish_follow_up(case_id, one, by=colleague(), at=AT)
        with pytest.raises(FollowUpIsDone):
            finish_follow_up(case_id, one, by=colleague("d.yilmaz"), at=AT)

    def test_refuses_one_of_another_case(self) -> None:
        one = reminded(submitted().case_id)
        with pytest.raises(NotFound):
            finish_follow_up(submitted().case_id, one, by=colleague(), at=AT)


class TestMovingOne:
    def test_needs_a_reason_and_keeps_it(self) -> None:
        case_id = submitted().case_id
        one = reminded(case_id)
        with pytest.raises(Invalid) as refusal:
            move_follow_up(case_id, one, TODAY - DAY, " ", by=colleague(), at=AT)
        assert faults(refusal) == [("/due_on", "out_of_range"), ("/reason", "required")]
        move_follow_up(case_id, one, FRIDAY + 3 * DAY, "Urlaub", by=colleague(), at=AT)
        assert [found.due_on for found in open_follow_ups(case_id)] == [FRIDAY + 3 * DAY]
        assert recorded(case_id)[-1] == "follow_up.moved"


class TestTheList:
    def test_is_one_s_own_the_team_s_and_that_of_one_s_cases(self) -> None:
        free, mine, others = (submitted().case_id for _ in range(3))
        by, other = colleague(), colleague("d.yilmaz")
        assign(mine, by.user_id, by=by, at=AT)
        assign(others, other.user_id, by=other, at=AT)
        team = reminded(free)
        of_my_case = reminded(mine)
        of_their_case = reminded(others)
        for_me = reminded(others, whose="a.lopes")
        for_them = reminded(mine, whose="d.yilmaz")
        assert set(listed(by)) == {team, of_my_case, for_me}
        assert set(listed(other)) == {team, of_their_case, for_them}
        assert len(listed(by, everybodys=True)) == 5

    def test_begins_with_the_oldest_and_ends_where_it_is_told_to(self) -> None:
        case_id = submitted().case_id
        late, early = reminded(case_id, FRIDAY + 9 * DAY), reminded(case_id, TODAY)
        assert listed(colleague()) == [early, late]
        assert listed(colleague(), until=FRIDAY) == [early]

    def test_shows_nothing_of_another_unit_and_nothing_that_is_done(self) -> None:
        case_id = submitted().case_id
        one = reminded(case_id)
        assert listed(colleague("j.kessler"), everybodys=True) == []
        finish_follow_up(case_id, one, by=colleague(), at=AT)
        assert listed(colleague(), everybodys=True) == []

    def test_goes_on_page_by_page_in_one_statement_each(self) -> None:
        case_id, by = submitted().case_id, colleague()
        made = [reminded(case_id, FRIDAY + timedelta(days=number // 3)) for number in range(8)]
        found: list[UUID] = []
        after: Place | None = None
        while True:
            items, after = follow_up_list(everybodys=False, until=None, by=by, after=after, limit=3)
            found += [item.id for item in items]
            if after is None:
                break
            after = Place.read(str(after))
        assert found == made
        assert len(statements(lambda: listed(by))) == 1


class TestClosing:
    def test_waits_for_whoever_wants_to_see_the_case_again(self) -> None:
        case_id, by = submitted().case_id, colleague()
        one = reminded(case_id)
        withdraw(case_id, reason="", by=by, at=AT)
        with pytest.raises(FollowUpsAreOpen) as refusal:
            close(case_id, by=by, at=AT)
        assert refusal.value.facts == {"count": 1}
        finish_follow_up(case_id, one, by=by, at=AT)
        close(case_id, by=by, at=AT)
        with pytest.raises(CaseIsClosed):
            reminded(case_id)
        with pytest.raises(CaseIsClosed):
            finish_follow_up(case_id, uuid7(), by=by, at=AT)
        assert FollowUp.objects.filter(case_id=case_id, done_at=None).count() == 0

    def test_is_no_longer_work_in_hand_from_the_step_that_ended_it(self) -> None:
        by = colleague()
        forwarded, decided = submitted(), submitted()
        forward(forwarded.case_id, to="Kreis", by=by, at=AT + DAY)
        decide(decided.case_id, Step.REFUSE, reasons="Nein.", by=by, at=AT)
        forwarded.refresh_from_db(fields=["done_at"])
        decided.refresh_from_db(fields=["done_at"])
        assert (forwarded.done_at, decided.done_at) == (AT + DAY, None)
        close(forwarded.case_id, by=by, at=AT + 2 * DAY)
        forwarded.refresh_from_db(fields=["done_at"])
        assert forwarded.done_at == AT + DAY
