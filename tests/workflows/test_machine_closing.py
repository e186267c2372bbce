"""Closing a case: only when nothing is left to do and nobody can still appeal."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from efile.kernel.clock import BERLIN, local_date
from efile.kernel.verify import verify
from efile.verify import cases_without_chain, project_cases
from tests.crowd import together
from tests.factories import AT, DAY, colleague, drained, portal, renewed, submitted
from tests.workflows.conftest import Clock
from tests.workflows.working import decided, notified, recorded, refused, told
from workflows.decisions import decide
from workflows.endings import close, reopen, withdraw
from workflows.machine import (
    CaseChanged,
    RemedyPeriodRuns,
    Step,
    StepNotPossible,
    TasksAreOpen,
    fire,
    latest_decision,
)
from workflows.models import Decision, Process, StandingMatter, State, Task
from workflows.notification import notify_by_post
from workflows.verify import project_work

pytestmark = pytest.mark.django_db


def remedy_end(process: Process) -> date:
    decision = latest_decision(process.case_id)
    assert decision
    assert decision.remedy_ends_on
    return decision.remedy_ends_on


def midnight_before(day: date) -> datetime:
    """The moment in which ``day`` begins in Berlin."""
    return datetime(day.year, day.month, day.day, tzinfo=BERLIN).astimezone(UTC)


def close_now(process: Process, at: datetime = AT) -> Process:
    return fire(process.case_id, Step.CLOSE, by=colleague(), at=at)


class TestOpenTasks:
    @pytest.mark.parametrize("kind", ["examine", "await_answer", "review_answer", "serve_by_post"])
    def test_keep_the_case_open(self, clock: Clock, kind: str) -> None:
        process = notified(Step.GRANT)
        for _ in range(2):
            Task.objects.create(
                tenant_id=process.tenant_id, case_id=process.case_id, kind=kind, opened_at=AT
            )
        with pytest.raises(TasksAreOpen) as refusal:
            close_now(process)
        assert refusal.value.facts == {"count": 2}
        assert renewed(process).state == State.NOTIFIED

    def test_that_are_done_do_not(self, clock: Clock) -> None:
        process = notified(Step.GRANT)
        Task.objects.create(
            tenant_id=process.tenant_id,
            case_id=process.case_id,
            kind="examine",
            opened_at=AT,
            done_at=AT,
        )
        assert close_now(process).state == State.CLOSED

    def test_keep_a_withdrawn_case_open_too(self) -> None:
        process = submitted()
        withdraw(process.case_id, reason="", by=portal(), at=AT)
        Task.objects.create(
            tenant_id=process.tenant_id, case_id=process.case_id, kind="review_answer", opened_at=AT
        )
        with pytest.raises(TasksAreOpen):
            close_now(process)


class TestTheRemedyPeriod:
    @pytest.mark.parametrize(
        ("step", "clauses"), [(Step.REFUSE, ""), (Step.GRANT, "Nur für das genannte Fahrzeug.")]
    )
    def test_keeps_the_case_open_to_the_end_of_its_last_day(
        self, clock: Clock, step: Step, clauses: str
    ) -> None:
        process = notified(step, clauses=clauses)
        # Posted on Tuesday, 10 March 2026: the fourth day is Saturday the 14th, and stands.
        assert remedy_end(process) == date(2026, 4, 14)
        over = midnight_before(date(2026, 4, 15))
        with pytest.raises(RemedyPeriodRuns) as refusal:
            close_now(process, over - timedelta(seconds=1))
        assert refusal.value.facts == {"ends_on": "2026-04-14"}
        assert close_now(process, over).state == State.CLOSED

    def test_binds_nobody_where_everything_was_granted_and_nothing_imposed(
        self, clock: Clock
    ) -> None:
        process = notified(Step.GRANT)
        assert remedy_end(process) > AT.date()
        assert close_now(process).state == State.CLOSED

    def test_does_not_begin_before_the_notification(self, clock: Clock) -> None:
        process = decided(Step.REFUSE)
        with pytest.raises(StepNotPossible) as refusal:
            close_now(process, AT + 400 * DAY)
        assert refusal.value.facts == {"step": "close", "state": "decided"}

    def test_of_the_latest_decision_counts(self, clock: Clock) -> None:
        process = notified(Step.GRANT)
        close(process.case_id, by=colleague(), at=AT)
        later = AT + DAY
        clock(later)
        reopen(process.case_id, reason="Irrtum", by=colleague("t.oyelaran"), at=later)
        decide(process.case_id, Step.REFUSE, reasons="Doch nicht.", by=colleague(), at=later)
        drained()
        notify_by_post(process.case_id, local_date(later), by=colleague(), at=later)
        with pytest.raises(RemedyPeriodRuns) as refusal:
            close_now(process, later)
        assert refusal.value.facts == {"ends_on": "2026-04-15"}


class TestClosing:
    def test_makes_the_file_read_only_and_starts_its_retention(self, clock: Clock) -> None:
        process = close_now(notified(Step.GRANT))
        case = renewed(process).case
        assert case.closed_at == AT
        assert case.retained_until == date(2029, 12, 31)
        assert recorded(case.id)[-2:] == ["case.closed", "process.state_changed"]

    def test_twice_is_refused(self, clock: Clock) -> None:
        process = close_now(notified(Step.GRANT))
        with pytest.raises(StepNotPossible) as refusal:
            close_now(process)
        assert refusal.value.facts == {"step": "close", "state": "closed"}


@pytest.mark.django_db(transaction=True)
class TestTwentyAtOnce:
    """The last step of a case, taken by twenty colleagues in the same moment."""

    def race(self, process: Process, step: Step, revision: int | None = None) -> Sequence[object]:
        by = colleague()
        answers = together(
            20,
            lambda _: (
                decide(process.case_id, step, by=by, at=AT, revision=revision)
                if step is Step.GRANT
                else fire(process.case_id, step, by=by, at=AT, revision=revision)
            ),
        )
        assert verify([project_cases, project_work], cases_without_chain).faults == []
        return answers

    def test_grant_once(self) -> None:
        process = submitted()
        answers = self.race(process, Step.GRANT)
        assert [type(refusal) for refusal in refused(answers)] == [StepNotPossible] * 19
        assert Decision.objects.filter(case_id=process.case_id).count() == 1
        assert StandingMatter.objects.filter(case_id=process.case_id).count() == 1
        assert told(process.case_id).count("granted") == 1

    def test_are_told_that_the_case_changed(self) -> None:
        process = submitted()
        answers = self.race(process, Step.GRANT, revision=0)
        assert [type(refusal) for refusal in refused(answers)] == [CaseChanged] * 19

    def test_close_once(self) -> None:
        process = submitted()
        fire(process.case_id, Step.FORWARD, by=colleague(), at=AT)
        answers = self.race(process, Step.CLOSE)
        assert [type(refusal) for refusal in refused(answers)] == [StepNotPossible] * 19
        assert renewed(process).state == State.CLOSED
        assert recorded(process.case_id).count("case.closed") == 1

    def test_leave_nobody_behind_who_decides_otherwise(self) -> None:
        process = submitted()
        fire(process.case_id, Step.REQUEST_PROOF, by=colleague(), at=AT)
        by = colleague()
        steps = [Step.RECEIVE_ANSWER, Step.REFUSE, Step.FORWARD, Step.WITHDRAW]

        def one(number: int) -> Process:
            return fire(process.case_id, steps[number % 4], by=by, at=AT)

        refusals = refused(together(20, one))
        assert {type(refusal) for refusal in refusals} == {StepNotPossible}
        # Examination may begin before the end; every end is final.
        assert len(refusals) in (18, 19)
        final = renewed(process)
        assert final.state in (State.DECIDED, State.FORWARDED, State.WITHDRAWN)
        assert final.revision == 1 + 20 - len(refusals)
