"""Who works on a case: taking it up, giving it to a colleague, giving it back."""

import json

import pytest

from efile.kernel.errors import Invalid, NotFound
from efile.kernel.models import User
from efile.models import CaseDenial
from efile.policy import ActionNotGranted
from tests.factories import AT, city, colleague, portal, renewed, submitted
from tests.workflows.working import last_values, recorded, told
from workflows.assignment import assign
from workflows.machine import CaseChanged, Step, fire
from workflows.models import Process, State

pytestmark = pytest.mark.django_db


def user_id(username: str) -> int:
    return User.objects.get(username=username).pk


class TestTakingUp:
    def test_a_received_case_begins_its_examination(self) -> None:
        process, by = submitted(), colleague()
        assert assign(process.case_id, by.user_id, by=by, at=AT).state == State.IN_EXAMINATION
        after = renewed(process)
        assert (after.assignee_id, after.state, after.revision) == (
            by.user_id,
            State.IN_EXAMINATION,
            1,
        )
        assert recorded(process.case_id)[-2:] == ["process.assigned", "process.state_changed"]
        assert told(process.case_id)[-1] == "examination_started"

    def test_a_case_under_way_only_changes_hands(self) -> None:
        process, by = submitted(), colleague()
        fire(process.case_id, Step.REQUEST_PROOF, by=by, at=AT)
        assign(process.case_id, by.user_id, by=by, at=AT)
        assert renewed(process).state == State.WAITING

    def test_what_a_colleague_took_a_moment_ago_is_refused(self) -> None:
        process, by, other = submitted(), colleague(), colleague("d.yilmaz")
        fire(process.case_id, Step.REQUEST_PROOF, by=by, at=AT)
        seen = renewed(process).revision
        assign(process.case_id, by.user_id, by=by, at=AT, revision=seen)
        with pytest.raises(CaseChanged):
            assign(process.case_id, other.user_id, by=other, at=AT, revision=seen)
        assert renewed(process).assignee_id == by.user_id

    def test_of_a_case_that_changed_is_refused(self) -> None:
        process, by = submitted(), colleague()
        for user in (by.user_id, user_id("d.yilmaz"), None):
            with pytest.raises(CaseChanged):
                assign(process.case_id, user, by=by, at=AT, revision=4)
        assert renewed(process).assignee_id is None


class TestGiving:
    def test_to_a_colleague_leaves_the_state_as_it_is(self) -> None:
        process = submitted()
        assign(process.case_id, user_id("d.yilmaz"), by=colleague(), at=AT)
        after = renewed(process)
        assert (after.assignee_id, after.state) == (user_id("d.yilmaz"), State.RECEIVED)
        changes = json.loads(last_values(process.case_id))["changes"]
        assert changes == {"process.assignee": [None, user_id("d.yilmaz")]}

    def test_back_to_the_team(self) -> None:
        process, by = submitted(), colleague()
        assign(process.case_id, by.user_id, by=by, at=AT)
        assign(process.case_id, None, by=colleague("t.oyelaran"), at=AT)
        assert renewed(process).assignee_id is None
        changes = json.loads(last_values(process.case_id))["changes"]
        assert changes == {"process.assignee": [by.user_id, None]}

    @pytest.mark.parametrize(
        "username", ["j.kessler", "r.sandmann", "v.nightingale", "o.kruse", "f.okonkwo"]
    )
    def test_to_somebody_who_could_not_work_on_it_is_refused(self, username: str) -> None:
        process = submitted()
        with pytest.raises(Invalid) as refusal:
            assign(process.case_id, user_id(username), by=colleague(), at=AT)
        assert [(e.pointer, e.rule) for e in refusal.value.errors] == [("/assignee", "not_able")]
        assert renewed(process).assignee_id is None

    def test_to_somebody_who_left_or_never_was_is_refused(self) -> None:
        process = submitted()
        User.objects.filter(username="d.yilmaz").update(is_active=False)
        for user in (user_id("d.yilmaz"), 10**6):
            with pytest.raises(Invalid):
                assign(process.case_id, user, by=colleague(), at=AT)

    def test_to_somebody_who_is_barred_from_it_is_refused(self) -> None:
        process = submitted()
        CaseDenial.objects.create(
            tenant=city(), case=process.case, user_id=user_id("d.yilmaz"), reason="§ 20 VwVfG NRW"
        )
        with pytest.raises(Invalid):
            assign(process.case_id, user_id("d.yilmaz"), by=colleague(), at=AT)


class TestTheRight:
    def test_is_that_of_those_who_work_there(self) -> None:
        process = submitted()
        for who in ("r.sandmann", "v.nightingale"):
            with pytest.raises(ActionNotGranted):
                assign(process.case_id, None, by=colleague(who), at=AT)
        with pytest.raises(ActionNotGranted):
            assign(process.case_id, None, by=portal(), at=AT)

    def test_of_a_stranger_finds_nothing(self) -> None:
        process: Process = submitted()
        with pytest.raises(NotFound):
            assign(process.case_id, None, by=colleague("j.kessler"), at=AT)

    def test_of_the_office_above_includes_the_team(self) -> None:
        process = submitted()
        assign(process.case_id, user_id("b.voss"), by=colleague("b.voss"), at=AT)
        assert renewed(process).assignee_id == user_id("b.voss")
