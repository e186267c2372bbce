"""Exceptions to who sees a case: shared with one person for a time, closed to one colleague."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from efile.grants import (
    LONGEST_SHARE,
    bar_colleague,
    end_share,
    readmit_colleague,
    share_case,
)
from efile.kernel.clock import real_now
from efile.kernel.errors import Invalid, NotFound
from efile.kernel.models import JournalValues, User
from efile.kernel.verify import verify
from efile.models import Case, CaseDenial, CaseGrant
from efile.policy import ActionNotGranted, visible_to
from efile.verify import cases_without_chain, project_cases
from tests.efile.cases import by_hand, neighbour, opened, recorded, user_id
from tests.factories import AT, DAY, colleague

pytestmark = pytest.mark.django_db

GUEST = "f.okonkwo"


@pytest.fixture
def case() -> Case:
    return opened()


def share(case: Case, username: str = GUEST, by: str = "t.oyelaran", **changes: Any) -> None:
    # Whether a share still runs is a question of security: by true time.
    now = real_now()
    terms: dict[str, Any] = {"until": now + 14 * DAY, "reason": "Vertretung", "at": now} | changes
    share_case(case.id, user_id(username), by=colleague(by), **terms)


def bar(case: Case, username: str = "a.lopes", by: str = "t.oyelaran", **changes: Any) -> None:
    terms: dict[str, Any] = {"reason": "Verwandtschaft", "at": AT} | changes
    bar_colleague(case.id, user_id(username), by=colleague(by), **terms)


def end(case: Case, username: str = GUEST, by: str = "t.oyelaran") -> None:
    end_share(case.id, user_id(username), by=colleague(by), at=AT)


def readmit(case: Case, username: str = "a.lopes", by: str = "t.oyelaran") -> None:
    readmit_colleague(case.id, user_id(username), by=colleague(by), at=AT)


def sees(username: str, case: Case) -> bool:
    return Case.objects.filter(visible_to(colleague(username)), id=case.id).exists()


def last_values(case: Case) -> str:
    return JournalValues.objects.filter(chain=case.id).order_by("-seq")[0].values


def faults(case: Case) -> list[str]:
    found = verify([project_cases], cases_without_chain, only=case.id).faults
    return [fault.detail for fault in found]


class TestShareCase:
    def test_lets_one_person_see_one_case(self, case: Case) -> None:
        other = opened()
        share(case)
        assert sees(GUEST, case)
        assert not sees(GUEST, other)
        assert not sees("g.mertens", case)

    def test_keeps_by_whom_and_why(self, case: Case) -> None:
        share(case, reason="  Vertretung im Urlaub ")
        grant = CaseGrant.objects.get(content_object=case)
        assert grant.reason == "Vertretung im Urlaub"
        assert grant.granted_by == colleague("t.oyelaran").key
        assert grant.permission.codename == "view_case"

    def test_is_recorded(self, case: Case) -> None:
        until = real_now() + 3 * DAY
        share(case, until=until)
        assert recorded(case)[-1] == "case.shared"
        assert f'"grant.{user_id(GUEST)}":[null,"{until.isoformat()}"]' in last_values(case)
        assert '"reason":"Vertretung"' in last_values(case)

    def test_again_replaces_the_earlier_share(self, case: Case) -> None:
        share(case)
        later = real_now() + 30 * DAY
        share(case, until=later, reason="Verlängert")
        grant = CaseGrant.objects.get(content_object=case)
        assert (grant.until, grant.reason) == (later, "Verlängert")

    def test_does_not_overcome_a_bar(self, case: Case) -> None:
        bar(case, GUEST)
        share(case)
        assert not sees(GUEST, case)

    @pytest.mark.parametrize("by", ["a.lopes", "r.sandmann", "v.nightingale"])
    def test_takes_a_head(self, case: Case, by: str) -> None:
        with pytest.raises(ActionNotGranted):
            share(case, by=by)

    def test_is_not_the_guest_s_to_pass_on(self, case: Case) -> None:
        share(case)
        with pytest.raises(ActionNotGranted):
            share(case, "o.kruse", by=GUEST)

    def test_needs_a_colleague_of_this_city(self, case: Case) -> None:
        abroad = neighbour().user_id
        assert abroad
        with pytest.raises(Invalid) as refusal:
            share_case(
                case.id,
                abroad,
                until=AT + DAY,
                reason="Amtshilfe",
                by=colleague("t.oyelaran"),
                at=AT,
            )
        assert [(e.pointer, e.rule) for e in refusal.value.errors] == [("/colleague", "not_able")]

    def test_needs_a_colleague_who_still_works_here(self, case: Case) -> None:
        User.objects.filter(username=GUEST).update(is_active=False)
        with pytest.raises(Invalid):
            share(case)

    @pytest.mark.parametrize(
        ("reason", "rule"), [("", "required"), (" \n", "required"), ("x" * 301, "max_length")]
    )
    def test_needs_a_reason(self, case: Case, reason: str, rule: str) -> None:
        with pytest.raises(Invalid) as refusal:
            share(case, reason=reason)
        assert [(e.pointer, e.rule) for e in refusal.value.errors] == [("/reason", rule)]

    @pytest.mark.parametrize("until", [AT - DAY, AT, AT + LONGEST_SHARE + DAY])
    def test_needs_an_end_within_a_year(self, case: Case, until: datetime) -> None:
        with pytest.raises(Invalid) as refusal:
            share(case, until=until, at=AT)
        assert [(e.pointer, e.rule) for e in refusal.value.errors] == [("/until", "out_of_range")]
        assert not CaseGrant.objects.exists()


class TestEndShare:
    def test_hides_the_case_again(self, case: Case) -> None:
        share(case)
        end(case)
        assert not sees(GUEST, case)
        assert recorded(case)[-1] == "case.share_ended"

    def test_takes_nothing_from_whoever_sees_it_by_rule(self, case: Case) -> None:
        share(case, "a.lopes")
        end(case, "a.lopes")
        assert sees("a.lopes", case)

    def test_refuses_where_nothing_is_shared(self, case: Case) -> None:
        with pytest.raises(NotFound):
            end(case)

    def test_takes_a_head(self, case: Case) -> None:
        share(case)
        with pytest.raises(ActionNotGranted):
            end(case, by="a.lopes")


class TestBarColleague:
    def test_hides_one_case_from_one_colleague(self, case: Case) -> None:
        other = opened()
        bar(case)
        assert not sees("a.lopes", case)
        assert sees("a.lopes", other)
        assert sees("d.yilmaz", case)

    def test_is_recorded_with_its_reason(self, case: Case) -> None:
        bar(case)
        assert recorded(case)[-1] == "case.colleague_barred"
        assert '"reason":"Verwandtschaft"' in last_values(case)

    def test_again_replaces_the_reason(self, case: Case) -> None:
        bar(case)
        bar(case, reason="Geschäftsbeziehung")
        assert CaseDenial.objects.get(case=case).reason == "Geschäftsbeziehung"
        assert faults(case) == []

    def test_may_hide_the_case_from_the_head_who_does_it(self, case: Case) -> None:
        """§ 21 VwVfG NRW: who is biased says so and keeps out of it."""
        bar(case, "t.oyelaran")
        assert not sees("t.oyelaran", case)
        with pytest.raises(NotFound):
            readmit(case, "t.oyelaran")
        readmit(case, "t.oyelaran", by="b.voss")
        assert sees("t.oyelaran", case)

    def test_takes_a_head(self, case: Case) -> None:
        with pytest.raises(ActionNotGranted):
            bar(case, by="d.yilmaz")

    def test_needs_a_reason(self, case: Case) -> None:
        with pytest.raises(Invalid) as refusal:
            bar(case, reason=" ")
        assert [(e.pointer, e.rule) for e in refusal.value.errors] == [("/reason", "required")]


class TestReadmitColleague:
    def test_lets_the_rule_count_again(self, case: Case) -> None:
        bar(case)
        readmit(case)
        assert sees("a.lopes", case)
        assert recorded(case)[-1] == "case.colleague_readmitted"

    def test_refuses_where_nobody_is_barred(self, case: Case) -> None:
        with pytest.raises(NotFound):
            readmit(case)


class TestTheJournal:
    @pytest.mark.parametrize("act", [share, bar])
    def test_agrees_with_what_was_done(self, case: Case, act: Callable[[Case], None]) -> None:
        act(case)
        assert faults(case) == []

    def test_agrees_once_it_was_undone(self, case: Case) -> None:
        share(case)
        end(case)
        bar(case)
        readmit(case)
        assert faults(case) == []

    def test_tells_of_a_share_that_was_lengthened_by_hand(self, case: Case) -> None:
        share(case)
        by_hand("UPDATE efile_casegrant SET until = until + interval '1 year'")
        assert faults(case) == [f"grant.{user_id(GUEST)}"]

    def test_tells_of_a_share_that_nobody_gave(self, case: Case) -> None:
        share(other := opened())
        by_hand("UPDATE efile_casegrant SET content_object_id = %s", case.id)
        assert faults(case) == [f"grant.{user_id(GUEST)}: never recorded"]
        assert faults(other) == [f"grant.{user_id(GUEST)}: the row is gone"]

    def test_tells_of_a_bar_that_was_lifted_by_hand(self, case: Case) -> None:
        bar(case)
        by_hand("DELETE FROM efile_casedenial")
        assert faults(case) == [f"denial.{user_id('a.lopes')}: the row is gone"]
