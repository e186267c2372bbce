"""A person's matters: surely theirs, maybe theirs, and never more than the reader may see."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from efile.grants import bar_colleague
from efile.kernel.clock import local_date
from efile.kernel.errors import NotFound
from efile.kernel.ids import uuid7
from efile.models import Case
from tests.efile.cases import user_id
from tests.factories import AT, DAY, body, colleague, submitted
from tests.workflows.working import statements
from workflows.decisions import decide
from workflows.machine import Step
from workflows.models import Process, StandingMatter
from workflows.persons import Matter, PersonView, matters_of_person

pytestmark = pytest.mark.django_db


def applied(service: str = "resident-parking", bpk2: str = "", **changes: Any) -> Process:
    """A case of Đorđe Yılmaz, born 1981, unless ``changes`` say otherwise."""
    party = body()["parties"][0] | changes
    party["identity"] = party["identity"] | ({"bpk2": bpk2} if bpk2 else {})
    return submitted(service, parties=[party])


def seen(case_id: UUID, who: str = "a.lopes") -> PersonView:
    return matters_of_person(case_id, by=colleague(who))


def certain(view: PersonView) -> set[UUID]:
    return {one.case_id for one in view.cases if one.is_certain}


def possible(view: PersonView) -> set[UUID]:
    return {one.case_id for one in view.cases if not one.is_certain}


class TestThePerson:
    def test_is_surely_the_same_with_the_same_account(self) -> None:
        one = applied(bpk2="A")
        married = applied(bpk2="A", family_name="Groß", birth_date="1981-04-02")
        applied(bpk2="B", family_name="Meier")
        view = seen(one.case_id)
        assert (certain(view), possible(view)) == ({married.case_id}, set())
        assert (view.name, view.birth_date) == ("Yılmaz, Đorđe", date(1981, 4, 2))
        assert view.origin.case_id == one.case_id

    @pytest.mark.parametrize(
        "changes",
        [{}, {"family_name": "YILMAZ", "given_names": "Dorde"}, {"family_name": "Yilmaz"}],
    )
    def test_is_maybe_the_same_with_name_and_birthday(self, changes: dict[str, str]) -> None:
        one, other = applied(bpk2="A"), applied(**changes)
        view = seen(one.case_id)
        assert (certain(view), possible(view)) == (set(), {other.case_id})
        assert possible(seen(other.case_id)) == {one.case_id}

    @pytest.mark.parametrize(
        "changes",
        [
            {"birth_date": "1981-04-03"},
            {"family_name": "Yılmazer"},
            {"given_names": "Ðorđina"},
            # Two accounts are two persons, whatever they are called.
            {"bpk2": "B"},
        ],
    )
    def test_is_another_otherwise(self, changes: dict[str, str]) -> None:
        one = applied(bpk2="A")
        applied(**changes)
        assert seen(one.case_id).cases == []

    def test_may_be_an_organisation(self) -> None:
        firm = {"role": "applicant", "kind": "organisation", "organisation": "Çelik & Söhne OHG"}
        one, other = (submitted("bulky-waste", parties=[firm]) for _ in range(2))
        assert possible(seen(one.case_id, "j.kessler")) == {other.case_id}


class TestTheMatters:
    def test_come_with_number_validity_and_case(self) -> None:
        one, later = applied(bpk2="A"), applied(bpk2="A")
        decide(one.case_id, Step.GRANT, by=colleague(), at=AT)
        view = seen(later.case_id)
        (case,) = view.cases
        (matter,) = case.matters
        begun = StandingMatter.objects.get()
        assert (matter.number, matter.valid_from, matter.valid_to) == (
            begun.number,
            local_date(AT),
            begun.valid_to,
        )
        assert matter.title.in_("de") == "Bewohnerparkausweis"
        assert (case.reference, case.state) == ("32.2-000001/26-01", "decided")

    def test_hold_from_their_first_to_their_last_day(self) -> None:
        first, last = date(2026, 3, 10), date(2027, 3, 9)
        sound = Matter(uuid7(), "1", "permit", seen_title(), first, last, None)
        ended = Matter(uuid7(), "1", "permit", seen_title(), first, None, date(2026, 4, 1))
        day = timedelta(days=1)
        assert [sound.holds_on(on) for on in (first - day, first, last, last + day)] == [
            False,
            True,
            True,
            False,
        ]
        assert (ended.holds_on(date(2026, 4, 1)), ended.holds_on(date(2026, 4, 2))) == (True, False)


def seen_title() -> Any:
    return seen(applied().case_id).origin.service


class TestWhatTheReaderMayNotSee:
    def test_is_not_there_and_not_counted(self) -> None:
        mine = applied(bpk2="A")
        for _ in range(3):
            theirs = applied(bpk2="A")
            Case.objects.filter(id=theirs.case_id).update(access_class="social")
        barred = applied()
        head = colleague("t.oyelaran")
        bar_colleague(barred.case_id, user_id("a.lopes"), reason="§ 20", by=head, at=AT)
        view = seen(mine.case_id)
        assert (view.cases, view.has_more) == ([], False)

    def test_is_no_place_to_begin_from(self) -> None:
        case = applied().case_id
        for case_id in (case, uuid7()):
            with pytest.raises(NotFound):
                seen(case_id, "j.kessler")


def test_four_statements_however_many_there_are() -> None:
    one, by = applied(bpk2="A"), colleague()
    with_one = len(statements(lambda: matters_of_person(one.case_id, by=by)))
    for number in range(5):
        submitted(at=AT + number * DAY, parties=[body()["parties"][0]])
    assert len(statements(lambda: matters_of_person(one.case_id, by=by))) == with_one == 4
