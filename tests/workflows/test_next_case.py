"""Tests of workflows.next_case: what comes after a case that is done with."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from efile import grants
from efile.kernel.ids import uuid7
from tests.efile.cases import user_id
from tests.factories import AT, colleague, submitted
from workflows.holding import hold
from workflows.models import Process
from workflows.next_case import following

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases() -> list[Process]:
    return [submitted() for _ in range(3)]


class TestTheNextCase:
    def test_is_the_first_of_the_list(self, cases: list[Process]) -> None:
        done, second, third = cases
        found = following(done.case_id, [third.case_id, second.case_id], by=colleague())
        assert found.next == third.case_id
        assert (found.reference, found.applicant) == (done.case.reference, done.case.applicant)

    def test_is_none_at_the_end_of_the_list(self, cases: list[Process]) -> None:
        assert following(cases[0].case_id, [], by=colleague()).next is None

    def test_is_none_that_is_closed(self, cases: list[Process]) -> None:
        Process.objects.filter(case_id=cases[1].case_id).update(state="closed")
        listed = [one.case_id for one in cases[1:]]
        assert following(cases[0].case_id, listed, by=colleague()).next == cases[2].case_id

    def test_is_none_with_an_act_on_its_way(self, cases: list[Process], settings: object) -> None:
        settings.RECALL_SECONDS = 60  # type: ignore[attr-defined]
        hold(cases[1].case_id, "message", {"text": "Hm."}, by=colleague(), at=AT)
        listed = [one.case_id for one in cases[1:]]
        assert following(cases[0].case_id, listed, by=colleague()).next == cases[2].case_id

    def test_is_none_that_one_may_not_see(self, cases: list[Process]) -> None:
        head = colleague("t.oyelaran")
        grants.bar_colleague(
            cases[1].case_id, user_id("a.lopes"), reason="Nachbarn", by=head, at=AT
        )
        listed = [one.case_id for one in cases[1:]]
        assert following(cases[0].case_id, listed, by=colleague()).next == cases[2].case_id
        assert following(cases[0].case_id, listed, by=colleague("r.aydin")).next is None
        assert following(cases[0].case_id, [uuid7()], by=colleague()).next is None

    def test_takes_one_statement(self, cases: list[Process]) -> None:
        listed, by = [one.case_id for one in cases[1:]], colleague()
        with CaptureQueriesContext(connection) as queries:
            following(cases[0].case_id, listed, by=by)
        assert len(queries) == 1
