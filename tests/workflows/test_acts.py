"""What people do that leaves the house: what each act demands of whoever does it."""

from uuid import UUID

import pytest

from efile.kernel.errors import Invalid
from efile.models import Note
from tests.factories import AT, colleague, drained, submitted
from tests.workflows.conftest import Clock
from workflows.acts import ACTS, UnsettledChecks
from workflows.machine import StepNotPossible
from workflows.models import CheckResult, Decision, Process, Question
from workflows.verdicts import judge

pytestmark = pytest.mark.django_db


def act(case_id: UUID, action: str, **said: object) -> None:
    ACTS[action](case_id, said, by=colleague(), at=AT, revision=None)


class TestGrantingWithUnsettledChecks:
    def process(self, **outcomes: str) -> Process:
        """A permit's case whose checks came out as told, all others passed."""
        process = submitted()
        drained()
        checks = CheckResult.objects.filter(case_id=process.case_id)
        checks.update(outcome="passed")
        for key, outcome in outcomes.items():
            checks.filter(key=key).update(outcome=outcome)
        return process

    def grant(self, process: Process, reasons: str = "") -> None:
        act(process.case_id, "grant", reasons=reasons, clauses="")

    @pytest.mark.parametrize("outcome", ["failed", "not_evaluated"])
    def test_demands_a_reason(self, clock: Clock, outcome: str) -> None:
        with pytest.raises(UnsettledChecks) as refusal:
            self.grant(self.process(keeper=outcome))
        assert [error.pointer for error in refusal.value.errors] == ["/reasons"]

    def test_demands_one_before_the_checks_have_run(self) -> None:
        with pytest.raises(UnsettledChecks):
            self.grant(submitted())

    def test_demands_none_where_all_are_passed(self, clock: Clock) -> None:
        process = self.process()
        self.grant(process, reasons="Überflüssig.")
        assert Decision.objects.get().reasons == ""
        assert not Note.objects.exists()

    def test_demands_none_where_a_person_found_it_fulfilled(self, clock: Clock) -> None:
        process = self.process(keeper="failed")
        judge(process.case_id, "keeper", "passed", "Dienstwagen.", by=colleague(), at=AT)
        self.grant(process)
        assert Decision.objects.get().kind == "granted"

    def test_keeps_the_reason_in_the_house(self, clock: Clock) -> None:
        process = self.process(keeper="failed")
        self.grant(process, reasons="Arbeitgeber hat angerufen.")
        assert Decision.objects.get().reasons == ""
        note = Note.objects.get()
        assert (note.text, note.author) == ("Arbeitgeber hat angerufen.", colleague().key)


class TestAskingForProof:
    def test_needs_nothing_but_a_tick(self) -> None:
        process = submitted()
        act(process.case_id, "request_proof", proofs=["use-certificate"], text=" ", days=14)
        question = Question.objects.get()
        assert (question.proofs, question.text) == (["use-certificate"], "")

    def test_for_nothing_is_refused(self) -> None:
        with pytest.raises(Invalid) as refusal:
            act(submitted().case_id, "request_proof", proofs=[], text=" ", days=14)
        assert [error.pointer for error in refusal.value.errors] == ["/text"]

    def test_is_impossible_after_the_decision(self) -> None:
        process = submitted()
        act(process.case_id, "refuse", reasons="Falsche Zone.")
        with pytest.raises(StepNotPossible):
            act(process.case_id, "request_proof", proofs=["use-certificate"], text="", days=14)
