"""Automation can be switched off at once, and a sample of its cases is decided by people."""

from datetime import date
from typing import Any

import pytest

from efile.kernel.errors import Invalid, NotFound
from efile.kernel.ids import uuid7
from efile.kernel.models import Delivery
from efile.models import Document
from efile.policy import ActionNotGranted
from tests.factories import AT, DAY, colleague, drained, portal, renewed, submitted
from tests.workflows.applicants import applying, resident
from tests.workflows.working import published, recorded
from workflows.automation.explaining import (
    TITLE,
    explanation_of,
    file_explanation,
    render_explanations,
)
from workflows.automation.sample import (
    Agreement,
    agreements,
    disagreements,
    is_drawn,
    set_sample,
)
from workflows.automation.switch import (
    AutomationIsOff,
    AutomationIsOn,
    resume_automation,
    stop_automation,
    switches,
)
from workflows.closing import EXPLANATION, left_on
from workflows.decisions import decide
from workflows.machine import Step, latest_decision
from workflows.models import Decision, Process, SampledCase, Task
from workflows.public import public_status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "registers")]

PERMIT = "resident-parking"
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def head() -> Any:
    return colleague("t.oyelaran")


def checked(**form: Any) -> Process:
    process = submitted(**applying(resident(), **form))
    drained()
    return renewed(process)


def why(process: Process) -> str:
    return str(Task.objects.get(case_id=process.case_id, done_at__isnull=True).facts["reason"])


class TestTheSwitch:
    def test_leaves_every_case_to_people_until_it_is_turned_back(self) -> None:
        stop_automation(PERMIT, "Register liefert Unsinn.", by=head(), at=AT)
        process = checked()
        assert (process.decision, why(process)) == ("", "automation_is_off")
        resume_automation(PERMIT, "Register läuft wieder.", by=head(), at=AT + DAY)
        assert checked().decision == "granted"

    def test_is_shown_with_who_turned_it_and_why(self) -> None:
        stop_automation(PERMIT, " Störung ", by=head(), at=AT)
        shown = {one.service: one for one in switches(by=head())}[PERMIT]
        assert (shown.is_off, shown.since, shown.name, shown.reason) == (
            True,
            AT,
            head().label,
            "Störung",
        )

    def test_is_turned_once_each_way(self) -> None:
        with pytest.raises(AutomationIsOn):
            resume_automation(PERMIT, "Warum?", by=head(), at=AT)
        stop_automation(PERMIT, "Störung", by=head(), at=AT)
        with pytest.raises(AutomationIsOff):
            stop_automation(PERMIT, "Störung", by=head(), at=AT)

    def test_needs_a_reason(self) -> None:
        with pytest.raises(Invalid) as refusal:
            stop_automation(PERMIT, "  ", by=head(), at=AT)
        assert [(e.pointer, e.rule) for e in refusal.value.errors] == [("/reason", "required")]

    def test_belongs_to_the_head_of_the_competent_unit(self) -> None:
        for stranger in ("a.lopes", "r.aydin"):
            with pytest.raises(ActionNotGranted):
                stop_automation(PERMIT, "Störung", by=colleague(stranger), at=AT)
        with pytest.raises(NotFound):
            stop_automation("unheard-of", "Störung", by=head(), at=AT)
        assert PERMIT not in {one.service for one in switches(by=colleague("r.aydin"))}


class TestFreeText:
    @pytest.mark.parametrize(
        ("remark", "decision"), [("Ich bin schwer krank.", ""), ("   ", "granted")]
    )
    def test_that_could_matter_is_read_by_a_person(self, remark: str, decision: str) -> None:
        def change(document: dict[str, Any]) -> None:
            document["form"]["properties"]["remark"] = {
                "type": "string",
                "maxLength": 500,
                "x-free-text": True,
                "x-labels": {"de": "Was wir wissen sollten", "en": "What we should know"},
            }

        published(PERMIT, change)
        process = checked(remark=remark)
        assert process.decision == decision
        if not decision:
            assert why(process) == "free_text"


class TestBeingDrawn:
    def test_follows_the_percentage(self) -> None:
        cases = [uuid7() for _ in range(10_000)]
        for percent, least, most in ((0, 0, 0), (2, 120, 290), (50, 4_700, 5_300)):
            assert least <= sum(is_drawn(case, percent) for case in cases) <= most
        assert all(is_drawn(case, 100) for case in cases)

    def test_stays_as_it_is(self) -> None:
        case = uuid7()
        assert {is_drawn(case, 50) for _ in range(3)} in ({True}, {False})


class TestTheSample:
    def drawn(self) -> Process:
        set_sample(PERMIT, 100, by=head(), at=AT)
        return checked()

    def test_goes_to_a_person_who_is_not_told_what_the_machine_thinks(self) -> None:
        process = self.drawn()
        assert (process.decision, why(process)) == ("", "sample")
        assert SampledCase.objects.get(case_id=process.case_id).proposal == "granted"
        assert "sample.drawn" in recorded(process.case_id)

    def test_is_compared_with_what_the_person_decided(self) -> None:
        process = self.drawn()
        assert agreements(FIRST, LAST, by=head()) == [Agreement(PERMIT, 1, 1, 0, 0)]
        decide(process.case_id, Step.REFUSE, reasons="Nein.", by=colleague(), at=AT)
        assert agreements(FIRST, LAST, by=head()) == [Agreement(PERMIT, 1, 0, 0, 1)]
        (one,) = disagreements(FIRST, LAST, by=head())
        assert (one.case_id, one.proposal, one.decided) == (process.case_id, "granted", "refused")

    def test_agreement_is_no_disagreement(self) -> None:
        process = self.drawn()
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        assert agreements(FIRST, LAST, by=head()) == [Agreement(PERMIT, 1, 0, 1, 0)]
        assert disagreements(FIRST, LAST, by=head()) == []

    def test_is_reported_to_whoever_oversees_the_cases_and_for_its_days(self) -> None:
        self.drawn()
        assert agreements(FIRST, LAST, by=colleague("r.aydin")) == []
        assert agreements(FIRST, FIRST, by=head()) == []

    def test_has_a_size_that_can_be(self) -> None:
        with pytest.raises(Invalid):
            set_sample(PERMIT, 101, by=head(), at=AT)
        with pytest.raises(ActionNotGranted):
            set_sample(PERMIT, 5, by=colleague(), at=AT)


class TestTheExplanation:
    def test_lies_in_the_file_and_in_the_portal(self) -> None:
        process = checked()
        document = Document.objects.get(case_id=process.case_id, title=TITLE)
        assert document.is_final
        assert process.submission
        shown = public_status(process.submission, by=portal())["documents"]
        assert TITLE in {one["title"] for one in shown}

    def test_names_each_check_with_input_source_result_rule_and_paragraph(self) -> None:
        decision = Decision.objects.get(case_id=checked().case_id)
        facts = explanation_of(decision)
        assert facts.legal_basis == decision.legal_basis
        checks = {one.title: one for one in facts.checks}
        assert len(checks) == 6
        residence = checks["Hauptwohnsitz in der Bewohnerparkzone"]
        assert residence.outcome == "erfüllt"
        assert residence.source == "Melderegister"
        assert residence.paragraph == "§ 45 Abs. 1b Nr. 2a StVO"
        assert ("Bewohnerparkzone", resident().zone) in residence.inputs
        assert ("Melderegister: Person gefunden", "ja") in residence.inputs
        assert "registers.population.found" in residence.rule
        assert [one[0] for one in residence.asked] == ["Melderegister"]

    def test_is_written_once_for_each_decision(self) -> None:
        process = checked()
        file_explanation(process.case_id, render_explanations(process.case_id))
        assert Document.objects.filter(case_id=process.case_id, title=TITLE).count() == 1

    def test_keeps_the_case_open_until_it_is_on_file(self) -> None:
        process = checked()
        decision = latest_decision(process.case_id)
        assert left_on(process.case_id, decision).letters == 0
        Delivery.objects.create(
            tenant_id=process.tenant_id, reaction=EXPLANATION, subject=process.case_id
        )
        assert left_on(process.case_id, decision).letters == 1

    def test_is_not_written_where_a_person_decided(self) -> None:
        stop_automation(PERMIT, "Störung", by=head(), at=AT)
        process = checked()
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        drained()
        assert not Document.objects.filter(case_id=process.case_id, title=TITLE).exists()
