"""The checks ask the registers, explain themselves, and decide only what is beyond doubt."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from backoffice.demo.people import Resident
from backoffice.demo.registers import Fault, RegisterServer
from efile.kernel.verbs import unit_of_work
from tests.factories import AT, DAY, body, colleague, drained, machine, renewed, submit, submitted
from tests.workflows.applicants import (
    applying,
    is_at_home,
    is_sound,
    namesake,
    resident,
)
from tests.workflows.conftest import Clock
from tests.workflows.working import last_values, published, recorded
from workflows import checks
from workflows.decisions import decide
from workflows.intake import assign_to_service
from workflows.machine import Step
from workflows.models import (
    CheckResult,
    Decision,
    InboxItem,
    Process,
    RegisterQuery,
    StandingMatter,
    State,
    Task,
)
from workflows.offers import definition_of, name_automation_basis

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "registers")]


def checked(one: Resident, **form: Any) -> Process:
    """The case of ``one``, who applied for a permit, after the worker has seen it."""
    process = submitted(**applying(one, **form))
    drained()
    return renewed(process)


def outcomes(process: Process, run: int = 1) -> dict[str, str]:
    """Every check of the case with what came of it."""
    rows = CheckResult.objects.filter(case_id=process.case_id, run=run).order_by("position")
    return dict(rows.values_list("key", "outcome"))


def failed(process: Process) -> set[str]:
    return {key for key, outcome in outcomes(process).items() if outcome == "failed"}


def task_facts(process: Process) -> dict[str, Any]:
    """Why a person has to look: of the one open task."""
    task = Task.objects.get(case_id=process.case_id, done_at__isnull=True)
    assert task.kind == "examine"
    return dict(task.facts)


def carry_out(process: Process) -> None:
    """Run the checks as the outbox does."""
    answers = checks.ask_registers(process.case_id)
    with unit_of_work():
        checks.run(process.case_id, answers)


def decides_alone(document: dict[str, Any]) -> None:
    """A change for ``published``: the system grants and refuses permits, whatever fails."""
    document["automation"] |= {"level": "full", "legal_basis": "§ 6a StVG (Probe)"}
    for step in document["steps"]:
        if step["key"] == "refuse":
            step["roles"].append("system")
    for check in document["checks"]:
        check["on_failure"] = "refuse"


class TestAllPassed:
    def test_grants_on_the_basis_the_city_has_named(self) -> None:
        process = checked(resident())
        assert set(outcomes(process).values()) == {"passed"}
        assert (process.state, process.decision) == (State.DECIDED, "granted")
        decision = Decision.objects.get(case_id=process.case_id)
        assert decision.is_automated
        assert decision.decided_by == "system:checks"
        assert decision.legal_basis.startswith("§ 35a VwVfG NRW")
        assert StandingMatter.objects.get(case_id=process.case_id).data["zone"] == resident().zone
        assert not Task.objects.exists()

    def test_leaves_the_decision_to_a_person_where_no_basis_is_named(self) -> None:
        name_automation_basis("resident-parking", "", by=machine(), at=AT)
        process = checked(resident())
        assert set(outcomes(process).values()) == {"passed"}
        assert process.state == State.RECEIVED
        assert task_facts(process) == {
            "reason": "no_legal_basis",
            "failed": [],
            "not_evaluated": [],
        }

    def test_explains_every_answer_with_what_it_rests_on(self) -> None:
        process = checked(resident())
        results = CheckResult.objects.filter(case_id=process.case_id).order_by("position")
        assert [(result.key, result.rule, result.paragraph) for result in results] == [
            (check.key, check.expression, check.paragraph)
            for check in definition_of(process.version).checks
        ]
        residence = results[0]
        assert residence.inputs == {
            "form.zone": resident().zone,
            "registers.population.found": True,
            "registers.population.main_residence": True,
            "registers.population.parking_zone": resident().zone,
        }
        assert (residence.run, residence.position, residence.version_number) == (1, 0, 1)
        assert (residence.evaluated_at, residence.detail) == (AT, "")

    def test_grants_as_of_the_day_of_the_office(self, clock: Clock) -> None:
        clock(AT + 40 * DAY)
        matter = StandingMatter.objects.get(case_id=checked(resident()).case_id)
        assert matter.valid_from == date(2026, 4, 19)


def drives(condition: Callable[[Resident, Any], object]) -> Callable[[Resident], object]:
    return lambda one: is_at_home(one) and one.vehicles and condition(one, one.vehicles[0])


UNENTITLED: dict[str, tuple[Callable[[Resident], object], set[str]]] = {
    "registered elsewhere": (
        lambda one: one.zone and one.registered_at and one.registered_at != one.address,
        {"residence"},
    ),
    "never registered": (lambda one: one.zone and one.registered_at is None, {"residence"}),
    "blocked": (lambda one: one.zone and one.blocked, {"residence"}),
    "another keeper": (
        drives(lambda one, car: is_sound(car) and not one.keeps(car)),
        {"keeper"},
    ),
    "no passenger car": (
        drives(lambda one, car: one.keeps(car) and car.vehicle_class != "M1"),
        {"vehicle"},
    ),
    "out of service": (drives(lambda one, car: one.keeps(car) and not car.admitted), {"vehicle"}),
}


class TestAFailedCheck:
    @pytest.mark.parametrize("why", UNENTITLED)
    def test_goes_to_a_person_where_the_definition_says_so(self, why: str) -> None:
        condition, missing = UNENTITLED[why]
        process = checked(resident(condition))
        assert failed(process) >= missing
        assert process.state == State.RECEIVED
        facts = task_facts(process)
        assert facts["reason"] == "checks_not_passed"
        assert set(facts["failed"]) == failed(process)

    @pytest.mark.parametrize("why", UNENTITLED)
    def test_refuses_where_the_definition_and_the_law_say_so(self, why: str) -> None:
        published("resident-parking", decides_alone)
        condition, _ = UNENTITLED[why]
        process = checked(resident(condition))
        assert (process.state, process.decision) == (State.DECIDED, "refused")
        decision = Decision.objects.get(case_id=process.case_id)
        assert decision.legal_basis == "§ 6a StVG (Probe)"
        # One reason for each check, in words for the applicant.
        assert len(decision.reasons.split("\n\n")) == len(failed(process))

    def test_of_two_people_of_one_name_is_no_match(self) -> None:
        process = checked(namesake())
        assert "residence" in failed(process)
        outcome = RegisterQuery.objects.get(case_id=process.case_id, register="population").outcome
        assert outcome == "ambiguous"

    def test_of_the_zone_rests_on_the_directory(self) -> None:
        other = "B1" if resident().zone != "B1" else "C1"
        assert failed(checked(resident(), zone=other)) == {"residence", "zone"}

    @pytest.mark.parametrize(("day", "missing"), [("2026-03-09", {"start"}), ("2026-03-10", set())])
    def test_of_the_start_looks_at_the_day_of_the_office(self, day: str, missing: set[str]) -> None:
        assert failed(checked(resident(), valid_from=day)) == missing

    def test_refuses_at_once_what_must_not_be_collected(self) -> None:
        items = [{"category": "tyres", "count": 4, "volume_m3": 0.3}]
        process = submitted("bulky-waste", form=body("bulky-waste")["form"] | {"items": items})
        drained()
        decision = Decision.objects.get(case_id=process.case_id)
        assert (decision.kind, decision.is_automated) == ("refused", True)
        assert "Reifen" in decision.reasons
        assert decision.legal_basis.startswith("Abfallsatzung")

    def test_never_refuses_where_another_needs_a_person(self) -> None:
        form = body("bulky-waste")["form"]
        form["pickup"]["street"] = "Gibtsnichtweg"
        form["items"] = [{"category": "rubble", "count": 1, "volume_m3": 1}]
        process = submitted("bulky-waste", form=form)
        drained()
        assert renewed(process).state == State.RECEIVED
        assert task_facts(process)["failed"] == ["address", "hazardous"]

    def test_of_level_checks_is_never_refused_by_the_system(self) -> None:
        def strict(document: dict[str, Any]) -> None:
            for check in document["checks"]:
                check["on_failure"] = "refuse"

        published("resident-parking", strict)
        process = checked(resident(UNENTITLED["never registered"][0]))
        assert process.state == State.RECEIVED
        assert task_facts(process)["reason"] == "checks_not_passed"


class TestARegisterThatIsDown:
    @pytest.fixture(params=["down", "slow", "not configured", "gone"])
    def down(self, request: Any, settings: Any, registers: RegisterServer) -> None:
        match request.param:
            case "down":
                registers.fault = Fault("down")
            case "slow":
                settings.REGISTERS_TIMEOUT = 0.05
                registers.fault = Fault("slow", 60_000)
            case "not configured":
                settings.REGISTERS_URL = ""
            case "gone":
                settings.REGISTERS_URL = "http://127.0.0.1:9"

    def test_leaves_its_checks_open_and_calls_a_person(self, down: None) -> None:
        process = checked(resident())
        assert outcomes(process) == {
            "residence": "not_evaluated",
            "zone": "passed",
            "keeper": "not_evaluated",
            "vehicle": "not_evaluated",
            "single-permit": "passed",
            "start": "passed",
        }
        assert process.state == State.RECEIVED
        assert task_facts(process) == {
            "reason": "checks_not_passed",
            "failed": [],
            "not_evaluated": ["residence", "keeper", "vehicle"],
        }
        details = CheckResult.objects.filter(outcome="not_evaluated").values_list("detail")
        assert {detail for (detail,) in details} == {"register_unavailable"}
        assert set(RegisterQuery.objects.values_list("outcome", flat=True)) == {"unavailable"}

    def test_for_one_of_two_questions_has_answered_neither(self) -> None:
        process = submitted(**applying(resident()))
        answers = checks.ask_registers(process.case_id)
        (vehicle,) = [answer for answer in answers if answer.register == "vehicle"]
        silent = replace(vehicle, outcome="unavailable", facts=None)
        for order in ([silent, *answers], [*answers, silent]):
            with unit_of_work():
                checks.run(process.case_id, order)
            assert task_facts(process)["not_evaluated"] == ["keeper", "vehicle"]

    def test_never_refuses_even_where_something_else_failed(self, down: None) -> None:
        published("resident-parking", decides_alone)
        process = checked(resident(), valid_from="2026-01-01")
        assert failed(process) == {"start"}
        assert process.state == State.RECEIVED


class TestWhatApplicantsSayOfThemselves:
    def test_fulfils_no_check_of_residence_or_keeper(self) -> None:
        stranger = resident(lambda one: one.zone and one.registered_at is None and one.vehicles)
        other = resident()
        process = checked(stranger, zone=other.zone, plate=other.vehicles[0].plate, keeper="self")
        assert {"residence", "keeper"} <= failed(process)

    def test_is_not_what_the_register_is_asked_to_confirm(self) -> None:
        """The stated address decides nothing; the registered one does."""
        mover = resident(UNENTITLED["registered elsewhere"][0])
        assert outcomes(checked(mover))["zone"] == "passed"
        results = CheckResult.objects.get(key="residence")
        assert results.inputs["registers.population.main_residence"] is False


class TestTheLogOfQueries:
    def test_names_purpose_and_outcome_and_nobody(self) -> None:
        one = resident()
        process = checked(one)
        rows = list(RegisterQuery.objects.filter(case_id=process.case_id).values())
        assert {(row["register"], row["outcome"]) for row in rows} == {
            ("population", "found"),
            ("vehicle", "found"),
        }
        assert all("§" in row["purpose"] for row in rows)
        assert {row["asked_at"] for row in rows} == {AT}
        said = json.dumps(rows, default=str, ensure_ascii=False)
        for personal in (one.family_name, one.birth_date.isoformat(), one.vehicles[0].plate):
            assert personal not in said

    def test_is_all_the_journal_tells_of_the_checks(self) -> None:
        name_automation_basis("resident-parking", "", by=machine(), at=AT)
        process = checked(resident())
        assert recorded(process.case_id)[-1] == "checks.run"
        values = json.loads(last_values(process.case_id))
        assert values == {"changes": {}, "facts": outcomes(process)}


class TestRedelivery:
    def test_leaves_a_decided_case_alone(self) -> None:
        process = checked(resident())
        asked = RegisterQuery.objects.count()
        before = recorded(process.case_id)
        assert checks.ask_registers(process.case_id) == []
        carry_out(process)
        assert recorded(process.case_id) == before
        assert (RegisterQuery.objects.count(), Decision.objects.count()) == (asked, 1)
        assert set(CheckResult.objects.values_list("run", flat=True)) == {1}

    def test_leaves_alone_what_a_person_decided_while_the_register_was_asked(self) -> None:
        process = submitted(**applying(resident()))
        answers = checks.ask_registers(process.case_id)
        decide(process.case_id, Step.REFUSE, reasons="Nein.", by=colleague(), at=AT)
        with unit_of_work():
            checks.run(process.case_id, answers)
        assert renewed(process).decision == "refused"
        assert not CheckResult.objects.exists()

    def test_calls_the_same_person_once_and_renews_what_the_task_says(
        self, registers: RegisterServer
    ) -> None:
        registers.fault = Fault("down")
        process = checked(resident(), valid_from="2026-01-01")
        assert task_facts(process)["not_evaluated"]
        registers.fault = Fault()
        carry_out(process)
        assert task_facts(process) == {
            "reason": "checks_not_passed",
            "failed": ["start"],
            "not_evaluated": [],
        }
        assert set(CheckResult.objects.values_list("run", flat=True)) == {1, 2}


class TestAFaultyForm:
    def test_goes_to_a_person_whatever_the_checks_say(self) -> None:
        changed = applying(resident())
        changed["form"]["keeper"] = "friend"
        submit(body(on_invalid="clarify", **changed))
        item = InboxItem.objects.get()
        case = assign_to_service(item.id, "resident-parking", by=colleague(), at=AT)
        drained()
        process = Process.objects.get(case_id=case.id)
        assert set(outcomes(process).values()) == {"passed"}
        assert process.state == State.RECEIVED
        assert task_facts(process)["reason"] == "form_is_faulty"


def test_a_second_run_leaves_standing_what_was_not_carried_out() -> None:
    name_automation_basis("resident-parking", "", by=machine(), at=AT)
    process = checked(resident())
    failure = {"reason": "act_failed", "action": "grant", "because": "case_changed"}
    Task.objects.create(
        tenant_id=process.tenant_id,
        case_id=process.case_id,
        kind="examine",
        facts=failure,
        opened_at=AT,
    )
    carry_out(process)
    said = [task.facts for task in Task.objects.filter(case_id=process.case_id)]
    assert failure in said
    assert len(said) == 2
