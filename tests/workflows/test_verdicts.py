"""What the machine cannot settle a person does, until the facts are others."""

from typing import Any

import pytest

from efile.kernel.errors import Invalid
from efile.kernel.verify import verify
from efile.policy import ActionNotGranted
from efile.verify import cases_without_chain, project_cases
from tests.factories import AT, DAY, colleague, drained, renewed, submitted
from tests.workflows.conftest import Clock
from tests.workflows.working import recorded
from workflows.checks import run_again
from workflows.corrections import correct
from workflows.decisions import decide
from workflows.machine import CaseChanged, Step, StepNotPossible
from workflows.models import CheckResult, Process, Verdict
from workflows.verdicts import (
    LONGEST_REASON,
    CheckHasNotRun,
    CheckIsPassed,
    CheckRanAgain,
    CheckStanding,
    judge,
    standings_of,
)
from workflows.verify import project_work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def process() -> Process:
    """A permit that is wanted for a day long past; no register answers."""
    process = submitted(form={"plate": "D-LM 123", "zone": "A4", "valid_from": "2020-01-01"})
    drained()
    return renewed(process)


def standing(process: Process, key: str) -> CheckStanding:
    loaded = Process.objects.select_related("version").get(case_id=process.case_id)
    return next(one for one in standings_of(loaded) if one.check.key == key)


def settle(process: Process, key: str, outcome: str = "passed", **said: Any) -> Verdict:
    told: dict[str, Any] = {"reason": "Angerufen", "by": colleague(), "at": AT} | said
    return judge(process.case_id, key, outcome, **told)


class TestTheMachine:
    def test_leaves_open_what_no_register_answered(self, process: Process) -> None:
        found = standing(process, "residence")
        assert (found.outcome, found.verdict, found.is_settled) == ("open", None, False)

    def test_settles_what_it_passes_and_nothing_that_failed(self, process: Process) -> None:
        assert standing(process, "zone").is_settled == (
            standing(process, "zone").outcome == "passed"
        )
        assert (standing(process, "start").outcome, standing(process, "start").is_settled) == (
            "failed",
            False,
        )

    def test_has_said_nothing_of_a_check_that_never_ran(self) -> None:
        found = standing(submitted(), "start")
        assert (found.outcome, found.result) == ("open", None)


class TestAVerdict:
    @pytest.mark.parametrize("outcome", ["passed", "failed"])
    @pytest.mark.parametrize("key", ["residence", "start"])
    def test_counts_with_name_time_and_reason(
        self, process: Process, key: str, outcome: str
    ) -> None:
        settle(process, key, outcome)
        found = standing(process, key)
        assert (found.outcome, found.is_settled) == (outcome, True)
        assert found.verdict
        assert (found.verdict.judge, found.verdict.at, found.verdict.reason) == (
            "Ana Lopes",
            AT,
            "Angerufen",
        )
        assert found.result
        assert found.result.outcome in ("failed", "not_evaluated")

    def test_gives_way_to_a_later_one(self, process: Process) -> None:
        settle(process, "residence", "passed")
        settle(process, "residence", "failed", at=AT + DAY)
        assert standing(process, "residence").outcome == "failed"

    def test_is_recorded_and_watched(self, process: Process) -> None:
        settle(process, "residence")
        assert recorded(process.case_id)[-1] == "check.judged"
        assert verify([project_cases, project_work], cases_without_chain).faults == []

    def test_tells_whoever_looks_at_an_older_page(self, process: Process) -> None:
        settle(process, "residence", revision=process.revision)
        with pytest.raises(CaseChanged):
            settle(process, "start", revision=process.revision)


class TestAVerdictOnAnotherRun:
    def test_than_the_last_is_refused(self, process: Process) -> None:
        run_again(process.case_id, by=colleague(), at=AT)
        drained()
        with pytest.raises(CheckRanAgain):
            settle(process, "start", run=1)
        assert not Verdict.objects.exists()

    def test_is_a_case_that_changed(self) -> None:
        assert issubclass(CheckRanAgain, CaseChanged)

    def test_counts_once_that_run_was_seen(self, process: Process) -> None:
        run_again(process.case_id, by=colleague(), at=AT)
        drained()
        settle(process, "start", run=2)
        assert standing(process, "start").is_settled


class TestALaterRun:
    def test_on_the_same_facts_leaves_it_standing(self, process: Process, clock: Clock) -> None:
        settle(process, "start")
        settle(process, "residence")
        clock(AT + DAY)
        run_again(process.case_id, by=colleague(), at=AT + DAY)
        drained()
        assert {one.run for one in CheckResult.objects.filter(key="start")} == {1, 2}
        # A day that has gone by is no new fact.
        assert standing(process, "start").outcome == "passed"
        assert standing(process, "residence").outcome == "passed"

    def test_on_other_facts_overtakes_it(self, process: Process) -> None:
        settle(process, "start")
        settle(process, "residence")
        correct(
            process.case_id, "/form/valid_from", "2021-01-01", "Verschrieben", by=colleague(), at=AT
        )
        drained()
        found = standing(process, "start")
        assert (found.outcome, found.verdict) == ("failed", None)
        assert found.overtaken
        assert found.overtaken.reason == "Angerufen"
        # What does not rest on it is not touched.
        assert standing(process, "residence").outcome == "passed"

    def test_that_passes_needs_no_verdict(self, process: Process) -> None:
        settle(process, "start", "failed")
        correct(
            process.case_id, "/form/valid_from", "2026-05-01", "Verschrieben", by=colleague(), at=AT
        )
        drained()
        found = standing(process, "start")
        assert (found.outcome, found.verdict, found.is_settled) == ("passed", None, True)

    def test_never_decides_where_a_person_has_judged(self, process: Process) -> None:
        settle(process, "residence")
        run_again(process.case_id, by=colleague(), at=AT)
        drained()
        assert renewed(process).decision == ""


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("key", "said", "fault"),
        [
            ("hund", {}, ("/check", "enum")),
            ("residence", {"outcome": "vielleicht"}, ("/outcome", "enum")),
            ("residence", {"reason": "  "}, ("/reason", "required")),
            ("residence", {"reason": "x" * (LONGEST_REASON + 1)}, ("/reason", "max_length")),
        ],
    )
    def test_makes_no_sense(
        self, process: Process, key: str, said: dict[str, Any], fault: tuple[str, str]
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            settle(process, key, **said)
        assert [(error.pointer, error.rule) for error in refusal.value.errors] == [fault]

    def test_is_passed_already(self) -> None:
        process = submitted()
        drained()
        with pytest.raises(CheckIsPassed):
            settle(process, "start", "failed")

    def test_has_not_run(self) -> None:
        with pytest.raises(CheckHasNotRun):
            settle(submitted(), "start")

    def test_comes_after_the_decision(self, process: Process) -> None:
        decide(process.case_id, Step.REFUSE, reasons="Nein.", by=colleague(), at=AT)
        with pytest.raises(StepNotPossible):
            settle(process, "start")
        with pytest.raises(StepNotPossible):
            run_again(process.case_id, by=colleague(), at=AT)

    def test_comes_from_whoever_may_not_examine(self, process: Process) -> None:
        with pytest.raises(ActionNotGranted):
            settle(process, "start", by=colleague("r.sandmann"))
        with pytest.raises(ActionNotGranted):
            run_again(process.case_id, by=colleague("r.sandmann"), at=AT)
