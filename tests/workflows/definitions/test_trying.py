"""A draft tried against past cases, and running cases moved to a newer version."""

from typing import Any
from uuid import UUID

import pytest

from efile.kernel.errors import Invalid, NotFound
from efile.kernel.models import JournalEntry
from efile.policy import ActionNotGranted
from tests.factories import AT, DAY, city, colleague, drained, machine, renewed, submitted
from tests.workflows.applicants import resident
from tests.workflows.definitions.test_drafts import PERMIT, administrator
from tests.workflows.test_checks import checked
from tests.workflows.working import last_values, published, recorded, statements
from workflows.decisions import decide
from workflows.definitions.documents import Document, changed, document_of
from workflows.definitions.moving import MoveNotPossible, move_to_version, preview_move
from workflows.definitions.outcomes import Divergence
from workflows.definitions.trying import in_batches, try_on_cases
from workflows.machine import CaseChanged, Step, StepNotPossible
from workflows.models import CheckResult, Deadline, Process
from workflows.offers import current_offer
from workflows.questions import ask_applicant, drop_question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def permit() -> Document:
    return document_of(current_offer(city().pk, PERMIT).definition)


def dearer(document: dict[str, Any]) -> None:
    document["fee"]["periods"][-1]["positions"][0]["cents"] += 500


def stricter(document: dict[str, Any]) -> None:
    """Another price, a faster promise, one more proof, one check less."""
    dearer(document)
    document["deadlines"][0]["working_days"] = 3
    document["proofs"].append({**document["proofs"][0], "key": "identity-card", "required": True})
    document["example"]["attachments"].append(
        {"upload": "01890000-0000-7000-8000-000000000009", "proof": "identity-card"}
    )
    document["checks"] = document["checks"][:-1]


def as_changed(change: Any) -> Document:
    document = permit()
    change(document)
    return document


class TestATrial:
    def test_of_the_version_in_force_finds_nothing(self) -> None:
        submitted()
        trial = try_on_cases(permit(), by=machine(), at=AT)
        assert (trial.examined, trial.differing, trial.is_complete) == (1, 0, True)

    @pytest.mark.usefixtures("registers")
    def test_tells_what_would_have_come_out_otherwise(self) -> None:
        process = submitted()
        drained()
        trial = try_on_cases(as_changed(stricter), by=machine(), at=AT)
        [case] = trial.cases
        assert case.case_id == process.case_id
        found = {(one.aspect, one.key): (one.before, one.after) for one in case.divergences}
        assert found[("fee", "fee")][1] - found[("fee", "fee")][0] == 500
        assert found[("proofs", "identity-card")] == (None, "missing")
        assert found[("deadlines", "processing")] == ("2026-03-24", "2026-03-13")
        last = permit()["checks"][-1]["key"]
        assert found[("checks", last)] == ("passed", None)
        assert trial.counts == {aspect: 1 for aspect, _ in found}

    @pytest.mark.usefixtures("registers")
    def test_takes_what_registers_said_from_what_was_kept(self) -> None:
        checked(resident())
        rule = "registers.population.found && registers.population.parking_zone == 'Z9'"
        document = changed(permit(), "/checks/0/expression", rule)
        document = changed(document, "/checks/0/on_failure", "refuse")
        [case] = try_on_cases(document, by=machine(), at=AT).cases
        assert case.divergences[0] == Divergence("checks", "residence", "passed", "failed")

    def test_writes_nothing(self) -> None:
        submitted()
        before = JournalEntry.objects.count(), CheckResult.objects.count()
        sent = statements(lambda: try_on_cases(as_changed(stricter), by=machine(), at=AT))
        assert (JournalEntry.objects.count(), CheckResult.objects.count()) == before
        assert all(
            statement.startswith("SELECT") or "SELECT s.id" in statement for statement in sent
        )

    def test_counts_what_one_may_not_see_and_says_no_more_of_it(self) -> None:
        submitted()
        trial = try_on_cases(as_changed(dearer), by=administrator(), at=AT)
        assert (trial.unseen, trial.unseen_differing, trial.cases) == (1, 1, ())
        assert trial.counts == {"fee": 1}

    def test_costs_as_many_statements_for_many_cases_as_for_one(self) -> None:
        document = as_changed(dearer)
        submitted()
        try_on_cases(document, by=machine(), at=AT)
        before = len(statements(lambda: try_on_cases(document, by=machine(), at=AT)))
        for _ in range(3):
            submitted()
        assert len(statements(lambda: try_on_cases(document, by=machine(), at=AT))) == before

    def test_stops_where_time_or_cases_run_out(self) -> None:
        for _ in range(2):
            submitted()
        out_of_time = try_on_cases(permit(), by=machine(), at=AT, seconds=-1.0)
        assert (out_of_time.examined, out_of_time.is_complete) == (0, False)
        parts = list(in_batches(permit(), by=machine(), at=AT, most=1))
        assert [(one.examined, one.is_complete) for one in parts] == [(1, False), (1, True)]

    def test_of_an_unsound_document_is_refused(self) -> None:
        with pytest.raises(Invalid):
            try_on_cases(changed(permit(), "/title", 7), by=machine(), at=AT)

    def test_is_the_administrators(self) -> None:
        with pytest.raises(ActionNotGranted):
            try_on_cases(permit(), by=colleague(), at=AT)


def moved(case_id: UUID, number: int = 2, **more: Any) -> None:
    move_to_version(case_id, number, by=colleague(), at=AT + DAY, **more)


class TestMovingACase:
    def test_shows_first_what_becomes_different(self) -> None:
        process = submitted()
        published(PERMIT, stricter)
        move = preview_move(process.case_id, by=colleague(), at=AT)
        assert (move.from_number, move.to_number, move.because) == (1, 2, "")
        assert {one.aspect for one in move.differences} >= {"fee", "proofs", "deadlines"}
        assert "Gebühr" in {one.path[0] for one in move.definition}
        assert renewed(process).version.number == 1

    @pytest.mark.usefixtures("registers")
    def test_goes_on_under_the_newer_version_and_checks_again(self) -> None:
        process = submitted()
        drained()
        published(PERMIT, stricter)
        moved(process.case_id, reason="Neue Satzung.", revision=renewed(process).revision)
        drained()
        after = renewed(process)
        assert (after.version.number, after.due_on.isoformat()) == (2, "2026-03-13")
        running = Deadline.objects.filter(case_id=process.case_id, is_running=True)
        assert [one.ends_on.isoformat() for one in running.filter(key="processing")] == [
            "2026-03-13"
        ]
        results = CheckResult.objects.filter(case_id=process.case_id, version_number=2)
        assert results.count() == len(permit()["checks"])
        assert "process.version_moved" in recorded(process.case_id)

    def test_keeps_the_pauses_of_the_processing_target(self) -> None:
        process = submitted()
        question = ask_applicant(
            process.case_id, text="Warum?", proofs=[], days=14, by=colleague(), at=AT
        )
        drop_question(process.case_id, question.id, by=colleague(), at=AT + DAY)
        published(PERMIT, stricter)
        move_to_version(process.case_id, 2, by=colleague(), at=AT + DAY)
        # Three working days from Tuesday are Friday; one was lost to the question.
        assert renewed(process).due_on.isoformat() == "2026-03-16"

    def test_tells_the_journal_why_and_what(self) -> None:
        process = submitted()
        published(PERMIT, dearer)
        moved(process.case_id, reason="Neue Satzung.")
        assert '"differs":["fee"],"from":1,"reason":"Neue Satzung.","to":2' in last_values(
            process.case_id
        )

    @pytest.mark.parametrize("number", [1, 9])
    def test_only_to_a_newer_one_that_is_there(self, number: int) -> None:
        process = submitted()
        with pytest.raises((MoveNotPossible, NotFound)):
            moved(process.case_id, number)

    def test_not_to_one_of_another_access_class(self) -> None:
        process = submitted()
        published(PERMIT, lambda document: document.update(access_class="social"))
        with pytest.raises(MoveNotPossible) as refusal:
            moved(process.case_id)
        assert refusal.value.facts == {"because": "other_access_class"}

    def test_not_once_it_is_decided_nor_when_somebody_was_faster(self) -> None:
        process = submitted()
        published(PERMIT, dearer)
        with pytest.raises(CaseChanged):
            moved(process.case_id, revision=99)
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        with pytest.raises(StepNotPossible):
            moved(process.case_id)
        assert Process.objects.get(case_id=process.case_id).version.number == 1
