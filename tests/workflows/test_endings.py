"""The ways a case ends, or begins again."""

import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from efile.kernel.actors import Actor
from efile.kernel.errors import Invalid, NotFound
from efile.kernel.ids import uuid7
from efile.kernel.verify import verify
from efile.lifecycle import CaseIsClosed
from efile.models import Message, Note
from efile.policy import ActionNotGranted
from efile.verify import cases_without_chain, project_cases
from tests.factories import AT, DAY, body, colleague, drained, portal, renewed, submit, submitted
from tests.workflows.conftest import Clock
from tests.workflows.working import (
    last_values,
    notified,
    posted,
    published,
    recorded,
    told,
    with_settling,
)
from workflows.decisions import decide
from workflows.endings import close, forward, reopen, settle, withdraw, withdraw_submission
from workflows.machine import CaseChanged, InClarification, Step, StepNotPossible
from workflows.models import (
    Booking,
    Deadline,
    Decision,
    Process,
    Question,
    StandingMatter,
    State,
    Task,
)
from workflows.notes import leave_note
from workflows.public import public_status
from workflows.questions import ask_applicant
from workflows.repeat import KeyReused
from workflows.upkeep import close_finished
from workflows.verify import project_work

pytestmark = pytest.mark.django_db


def busy() -> Process:
    """A case with a question, tasks and deadlines."""
    process = submitted()
    ask_applicant(process.case_id, text="Warum?", proofs=[], days=14, by=colleague(), at=AT)
    for kind in ("examine", "review_answer"):
        Task.objects.create(
            tenant_id=process.tenant_id, case_id=process.case_id, kind=kind, opened_at=AT
        )
    return process


def has_ended(process: Process) -> bool:
    """Nothing is left to do on the case; no deadline runs but that of what goes on after it."""
    case = {"case_id": process.case_id}
    return not (
        Task.objects.filter(**case, done_at=None).exists()
        or Question.objects.filter(**case, answered_at=None, dropped_at=None).exists()
        or Deadline.objects.filter(**case, is_running=True).exclude(event="matter_ends").exists()
    )


def withdrawal(
    process: Process, *, key: str | None = None, by: Actor | None = None, reason: str = ""
) -> dict[str, Any]:
    assert process.submission
    said, _ = withdraw_submission(
        process.submission, reason=reason, key=key, by=by or portal(), at=AT
    )
    return dict(json.loads(said))


class TestWithdrawing:
    def test_ends_the_work(self) -> None:
        process = busy()
        withdraw(process.case_id, reason="", by=portal(), at=AT)
        assert renewed(process).state == State.WITHDRAWN
        assert has_ended(process)
        assert told(process.case_id)[-1] == "withdrawn"
        assert not Message.objects.exists()

    def test_keeps_the_applicants_reason_as_a_message(self) -> None:
        process = submitted()
        withdraw(process.case_id, reason="Umzug.", by=portal(), at=AT)
        message = Message.objects.get(case_id=process.case_id)
        assert (message.direction, message.text) == ("in", "Umzug.")

    def test_keeps_a_colleagues_reason_as_a_note(self) -> None:
        process = submitted()
        withdraw(process.case_id, reason="Rief an.", by=colleague(), at=AT)
        assert Note.objects.get(case_id=process.case_id).text == "Rief an."
        assert not Message.objects.exists()

    def test_gives_the_appointment_back(self) -> None:
        process = submitted("bulky-waste")
        withdraw(process.case_id, reason="", by=portal(), at=AT)
        assert Booking.objects.get().cancelled_at == AT

    def test_is_refused_to_those_who_may_not(self) -> None:
        process = submitted()
        with pytest.raises(ActionNotGranted):
            withdraw(process.case_id, reason="", by=colleague("r.sandmann"), at=AT)
        with pytest.raises(NotFound):
            withdraw(process.case_id, reason="", by=portal("other"), at=AT)
        with pytest.raises(CaseChanged):
            withdraw(process.case_id, reason="", by=colleague(), at=AT, revision=9)


class TestWithdrawingASubmission:
    def test_tells_the_sender_the_new_state(self) -> None:
        assert withdrawal(submitted()) == {
            "state": "withdrawn",
            "withdrawn_at": "2026-03-10T11:00:00+00:00",
        }

    def test_is_repeat_safe(self) -> None:
        process = submitted()
        first = withdrawal(process, key="key", reason="Umzug.")
        assert withdrawal(process, key="key", reason="Umzug.") == first
        assert Message.objects.count() == 1
        with pytest.raises(KeyReused):
            withdrawal(process, key="key", reason="Anders.")

    def test_is_refused_once_it_is_decided(self) -> None:
        process = submitted()
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        with pytest.raises(StepNotPossible) as refusal:
            withdrawal(process)
        assert refusal.value.facts == {"step": "withdraw", "state": "decided"}

    def test_is_refused_to_everybody_else(self) -> None:
        process = submitted()
        with pytest.raises(NotFound):
            withdrawal(process, by=portal("other"))
        with pytest.raises(NotFound):
            withdraw_submission(uuid7(), reason="", key=None, by=portal(), at=AT)

    def test_is_too_early_before_anybody_is_competent(self) -> None:
        receipt = submit(body() | {"form": {}, "on_invalid": "clarify"})
        with pytest.raises(InClarification):
            withdraw_submission(UUID(receipt["id"]), reason="", key=None, by=portal(), at=AT)


class TestSettling:
    def reported(self) -> Process:
        published("resident-parking", with_settling)
        return busy()

    def test_ends_the_work_without_a_decision_and_says_how(self) -> None:
        process = self.reported()
        settle(process.case_id, outcome="done", by=colleague(), at=AT)
        after = renewed(process)
        assert (after.state, after.decision, after.outcome) == (State.NOTIFIED, "none", "done")
        assert has_ended(process)
        assert not Decision.objects.filter(case_id=process.case_id).exists()
        assert verify([project_cases, project_work], cases_without_chain).faults == []

    def test_tells_whoever_reported_the_outcome_and_what_else_was_written(self) -> None:
        process = self.reported()
        settle(process.case_id, outcome="done", text="Danke!", by=colleague(), at=AT)
        assert process.submission
        status = public_status(process.submission, by=portal())
        assert (status["state"], status["decision"]) == ("decided", "none")
        assert status["events"][-1]["text"] == "Erledigt. Wir haben es behoben."
        assert Message.objects.get(direction="out").text == "Danke!"

    def test_with_an_outcome_the_service_does_not_know_is_refused(self) -> None:
        process = self.reported()
        with pytest.raises(Invalid) as refusal:
            settle(process.case_id, outcome="magic", by=colleague(), at=AT)
        assert refusal.value.errors[0].facts == {"allowed": ["done", "nothing"]}

    def test_is_nobodys_where_the_service_decides(self) -> None:
        process = submitted()
        with pytest.raises(ActionNotGranted):
            settle(process.case_id, outcome="done", by=colleague(), at=AT)

    def test_is_closed_by_the_system_in_the_next_round(self) -> None:
        process = self.reported()
        settle(process.case_id, outcome="nothing", by=colleague(), at=AT)
        assert close_finished(at=AT + DAY) == 1
        assert renewed(process).state == State.CLOSED


class TestForwarding:
    def test_ends_the_work_and_says_who_is_competent(self) -> None:
        process = busy()
        forward(process.case_id, to=" Kreis Beispiel ", by=colleague(), at=AT)
        assert renewed(process).state == State.FORWARDED
        assert has_ended(process)
        assert json.loads(last_values(process.case_id))["facts"] == {
            "step": "forward",
            "to": "Kreis Beispiel",
        }
        assert told(process.case_id)[-1] == "forwarded"

    def test_gives_the_appointment_back(self) -> None:
        process = submitted("bulky-waste")
        forward(process.case_id, to="Nachbarstadt", by=colleague("j.kessler"), at=AT)
        assert Booking.objects.get().cancelled_at == AT

    @pytest.mark.parametrize("to", ["", "  "])
    def test_to_nobody_is_refused(self, to: str) -> None:
        process = submitted()
        with pytest.raises(Invalid) as refusal:
            forward(process.case_id, to=to, by=colleague(), at=AT)
        assert [(e.pointer, e.rule) for e in refusal.value.errors] == [("/to", "required")]
        assert renewed(process).state == State.RECEIVED

    def test_is_refused_to_the_portal_and_after_the_decision(self) -> None:
        process = submitted()
        with pytest.raises(ActionNotGranted):
            forward(process.case_id, to="Kreis", by=portal(), at=AT)
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        with pytest.raises(StepNotPossible):
            forward(process.case_id, to="Kreis", by=colleague(), at=AT)


class TestRefusing:
    def test_gives_the_appointment_back(self) -> None:
        process = submitted("bulky-waste")
        by = colleague("j.kessler")
        decide(process.case_id, Step.REFUSE, reasons="Bauschutt.", by=by, at=AT)
        booking = Booking.objects.select_related("slot").get()
        assert booking.slot is not None
        assert (booking.cancelled_at, booking.slot.booked) == (AT, 0)


class TestClosing:
    def test_ends_every_deadline(self, clock: Clock) -> None:
        process = notified(Step.GRANT)
        close(process.case_id, by=colleague(), at=AT)
        assert has_ended(process)
        assert told(process.case_id)[-1] == "closed"

    @pytest.mark.parametrize("end", [State.WITHDRAWN, State.FORWARDED])
    def test_is_possible_after_every_end(self, end: State) -> None:
        process = submitted()
        if end is State.WITHDRAWN:
            withdraw(process.case_id, reason="", by=portal(), at=AT)
        else:
            forward(process.case_id, to="Kreis", by=colleague(), at=AT)
        close(process.case_id, by=colleague("r.sandmann"), at=AT)
        assert renewed(process).case.closed_at == AT

    def test_is_refused_to_the_auditor(self, clock: Clock) -> None:
        process = notified(Step.GRANT)
        with pytest.raises(ActionNotGranted):
            close(process.case_id, by=colleague("v.nightingale"), at=AT)


class TestReopening:
    @pytest.fixture
    def closed(self, clock: Clock) -> Process:
        process = notified(Step.GRANT)
        close(process.case_id, by=colleague(), at=AT)
        return process

    def test_takes_the_case_up_again(self, closed: Process) -> None:
        later = AT + DAY
        reopen(closed.case_id, reason=" Irrtum ", by=colleague("t.oyelaran"), at=later)
        after = renewed(closed)
        assert (after.state, after.decision) == (State.IN_EXAMINATION, "")
        assert (after.case.closed_at, after.case.retained_until) == (None, None)
        task = Task.objects.get(case_id=closed.case_id, done_at=None)
        assert (task.kind, task.facts) == ("examine", {"reason": "reopened"})
        assert recorded(closed.case_id)[-2:] == ["process.state_changed", "case.reopened"]
        assert json.loads(last_values(closed.case_id))["facts"] == {"reason": "Irrtum"}
        assert told(closed.case_id)[-1] == "reopened"

    def test_lets_the_file_be_written_again_until_the_next_closing(self, closed: Process) -> None:
        by = colleague()
        with pytest.raises(CaseIsClosed):
            leave_note(closed.case_id, "Zu spät.", by=by, at=AT)
        reopen(closed.case_id, reason="Irrtum", by=colleague("t.oyelaran"), at=AT)
        leave_note(closed.case_id, "Doch noch.", by=by, at=AT)
        later = AT + 400 * DAY
        forward(closed.case_id, to="Kreis", by=by, at=later)
        posted(closed, at=later)
        close(closed.case_id, by=by, at=later)
        # Retention starts anew: closed in 2027, kept for three years.
        assert renewed(closed).case.retained_until == date(2030, 12, 31)

    def test_lets_it_be_decided_again(self, closed: Process, clock: Clock) -> None:
        reopen(closed.case_id, reason="Irrtum", by=colleague("t.oyelaran"), at=AT)
        later = AT + DAY
        clock(later)
        decide(closed.case_id, Step.REFUSE, reasons="Doch nicht.", by=colleague(), at=later)
        drained()
        kinds = Decision.objects.filter(case_id=closed.case_id).order_by("decided_at")
        assert [(one.kind, one.letter is not None) for one in kinds] == [
            ("granted", True),
            ("refused", True),
        ]

    @pytest.mark.parametrize("step", [Step.GRANT, Step.REFUSE])
    def test_ends_what_was_granted_before_with_the_new_decision(
        self, closed: Process, step: Step
    ) -> None:
        reopen(closed.case_id, reason="Irrtum", by=colleague("t.oyelaran"), at=AT)
        later = AT + DAY
        decide(closed.case_id, step, reasons="Anders.", by=colleague(), at=later)
        first, *others = StandingMatter.objects.order_by("number")
        assert first.ended_on == date(2026, 3, 11)
        assert [matter.ended_on for matter in others] == ([None] if step is Step.GRANT else [])
        assert verify([project_cases, project_work], cases_without_chain).faults == []

    @pytest.mark.parametrize("reason", ["", "\t"])
    def test_without_a_reason_is_refused(self, closed: Process, reason: str) -> None:
        with pytest.raises(Invalid) as refusal:
            reopen(closed.case_id, reason=reason, by=colleague("t.oyelaran"), at=AT)
        assert [(e.pointer, e.rule) for e in refusal.value.errors] == [("/reason", "required")]

    def test_is_for_heads_and_the_registry(self, closed: Process) -> None:
        with pytest.raises(ActionNotGranted):
            reopen(closed.case_id, reason="Irrtum", by=colleague(), at=AT)
        reopen(closed.case_id, reason="Irrtum", by=colleague("r.sandmann"), at=AT)
        assert renewed(closed).state == State.IN_EXAMINATION

    def test_of_an_open_case_is_refused(self) -> None:
        process = submitted()
        with pytest.raises(StepNotPossible) as refusal:
            reopen(process.case_id, reason="Irrtum", by=colleague("t.oyelaran"), at=AT)
        assert refusal.value.facts == {"step": "reopen", "state": "received"}
