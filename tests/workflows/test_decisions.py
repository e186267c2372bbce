"""Deciding: what it needs, what it ends, and what a grant brings into the world."""

import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from efile.kernel.errors import NotFound
from efile.kernel.ids import uuid7
from efile.models import Party
from efile.policy import ActionNotGranted
from tests.factories import AT, body, colleague, machine, portal, renewed, submit, submitted
from tests.workflows.working import last_values, published, recorded, told, with_partial_grants
from workflows.catalogue.money import FeeUndetermined
from workflows.decisions import DiscretionIsMissing, FormIsFaulty, ReasonsAreMissing, decide
from workflows.intake import assign_to_service
from workflows.machine import CaseChanged, Step, StepNotPossible
from workflows.models import (
    Deadline,
    Decision,
    InboxItem,
    Process,
    Question,
    StandingMatter,
    State,
    Task,
)
from workflows.questions import ask_applicant

pytestmark = pytest.mark.django_db


def on(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 11, 0, tzinfo=UTC)


def permit(**form: Any) -> Process:
    return submitted(form={"plate": "D-LM 123", "zone": "A4"} | form)


def granted(process: Process, at: datetime = AT) -> StandingMatter:
    decide(process.case_id, Step.GRANT, by=colleague(), at=at)
    return StandingMatter.objects.get(case_id=process.case_id)


class TestDiscretion:
    def discretionary(self) -> Process:
        def change(document: dict[str, Any]) -> None:
            document["automation"]["level"] = "none"
            document["discretion"] = {
                "legal_basis": "§ 46 Abs. 1 StVO",
                "considerations": {"de": "Bedarf und Verkehr.", "en": "Need and traffic."},
            }

        published("resident-parking", change)
        return permit()

    @pytest.mark.parametrize(
        ("step", "said"),
        [(Step.REFUSE, {"reasons": "Nein."}), (Step.GRANT, {"clauses": "Nur so."})],
    )
    def test_that_burdens_says_what_was_weighed(self, step: Step, said: dict[str, Any]) -> None:
        process = self.discretionary()
        with pytest.raises(DiscretionIsMissing):
            decide(process.case_id, step, by=colleague(), at=AT, **said)
        decide(process.case_id, step, by=colleague(), at=AT, discretion="Abgewogen.", **said)
        assert Decision.objects.get(case_id=process.case_id).discretion == "Abgewogen."

    def test_that_grants_everything_need_not(self) -> None:
        process = self.discretionary()
        assert decide(process.case_id, Step.GRANT, by=colleague(), at=AT).kind == "granted"


class TestADecision:
    def test_by_a_person_says_who_and_how_it_will_reach_the_applicant(self) -> None:
        process, by = permit(), colleague()
        decision = decide(process.case_id, Step.GRANT, clauses=" Nur werktags. ", by=by, at=AT)
        stored = Decision.objects.get(case_id=process.case_id)
        assert stored == decision
        assert (stored.kind, stored.reasons, stored.clauses) == ("granted", "", "Nur werktags.")
        assert (stored.decided_by, stored.decided_at, stored.is_automated) == (by.key, AT, False)
        assert (stored.channel, stored.letter, stored.notified_on) == ("portal", None, None)

    def test_without_consent_to_the_portal_goes_by_post(self) -> None:
        process = submitted(consents={})
        assert decide(process.case_id, Step.GRANT, by=colleague(), at=AT).channel == "post"

    def test_by_the_system_names_its_legal_basis(self) -> None:
        decision = decide(
            permit().case_id, Step.GRANT, by=machine(), at=AT, legal_basis="§ 35a VwVfG NRW"
        )
        assert (decision.is_automated, decision.legal_basis) == (True, "§ 35a VwVfG NRW")

    @pytest.mark.parametrize(
        ("step", "clauses", "harmless"),
        [
            (Step.GRANT, "", True),
            (Step.GRANT, "Nur werktags.", False),
            (Step.GRANT_IN_PART, "", False),
            (Step.REFUSE, "", False),
        ],
    )
    def test_imposes_nothing_only_when_everything_is_granted_as_it_stands(
        self, step: Step, clauses: str, harmless: bool
    ) -> None:
        published("resident-parking", with_partial_grants)
        reasons = "" if step is Step.GRANT else "Nur ein Auto."
        decision = decide(
            permit().case_id, step, reasons=reasons, clauses=clauses, by=colleague(), at=AT
        )
        assert decision.imposes_nothing is harmless

    def test_is_recorded_with_what_it_costs(self) -> None:
        process = permit()
        decision = decide(process.case_id, Step.REFUSE, reasons="Nein.", by=colleague(), at=AT)
        assert recorded(process.case_id)[-2:] == ["process.state_changed", "decision.made"]
        assert json.loads(last_values(process.case_id)) == {
            "changes": {f"decision.{decision.id}": [None, "refused"]},
            "facts": {"automated": False, "legal_basis": "", "fee_cents": 0},
        }
        assert told(process.case_id)[-1] == "refused"

    def test_overtakes_questions_tasks_and_deadlines(self) -> None:
        process, by = permit(), colleague()
        ask_applicant(process.case_id, text="Warum?", proofs=[], days=14, by=by, at=AT)
        for kind in ("examine", "review_answer"):
            Task.objects.create(
                tenant_id=process.tenant_id, case_id=process.case_id, kind=kind, opened_at=AT
            )
        decide(process.case_id, Step.GRANT, by=by, at=AT)
        assert Question.objects.get().dropped_at == AT
        assert set(Task.objects.values_list("kind", "done_by")) == {
            ("examine", by.key),
            ("review_answer", by.key),
            ("await_answer", by.key),
        }
        assert not Deadline.objects.filter(is_running=True).exists()


class TestReasons:
    @pytest.mark.parametrize("step", [Step.REFUSE, Step.GRANT_IN_PART])
    @pytest.mark.parametrize("reasons", ["", " \n "])
    def test_are_due_for_everything_but_a_full_grant(self, step: Step, reasons: str) -> None:
        published("resident-parking", with_partial_grants)
        process = permit()
        with pytest.raises(ReasonsAreMissing) as refusal:
            decide(process.case_id, step, reasons=reasons, by=colleague(), at=AT)
        assert [(e.pointer, e.rule) for e in refusal.value.errors] == [("/reasons", "required")]
        assert renewed(process).state == State.RECEIVED


class TestARefusalToDecide:
    def test_of_somebody_without_the_right(self) -> None:
        process = permit()
        for by in (portal(), colleague("v.nightingale")):
            with pytest.raises(ActionNotGranted):
                decide(process.case_id, Step.GRANT, by=by, at=AT)

    def test_of_a_stranger_tells_nothing(self) -> None:
        process = permit()
        for case_id in (process.case_id, uuid7()):
            with pytest.raises(NotFound):
                decide(case_id, Step.GRANT, by=colleague("j.kessler"), at=AT)

    def test_of_a_decided_case(self) -> None:
        process = permit()
        granted(process)
        with pytest.raises(StepNotPossible):
            decide(process.case_id, Step.REFUSE, reasons="Doch nicht.", by=colleague(), at=AT)
        assert Decision.objects.count() == 1

    def test_of_a_case_that_changed(self) -> None:
        process = permit()
        with pytest.raises(CaseChanged):
            decide(process.case_id, Step.GRANT, by=colleague(), at=AT, revision=3)

    def test_of_a_form_that_is_no_form(self) -> None:
        process = faulty_permit()
        with pytest.raises(FormIsFaulty):
            decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        after = renewed(process)
        assert (after.state, after.decision) == (State.RECEIVED, "")
        assert not StandingMatter.objects.exists()

    def test_is_no_refusal_to_refuse_such_a_form(self) -> None:
        process = faulty_permit()
        decide(process.case_id, Step.REFUSE, reasons="Unlesbar.", by=colleague(), at=AT)
        assert renewed(process).decision == "refused"

    def test_where_no_fee_is_in_force(self) -> None:
        process = permit()
        with pytest.raises(FeeUndetermined):
            decide(process.case_id, Step.GRANT, by=colleague(), at=on(date(2023, 12, 31)))
        assert renewed(process).state == State.RECEIVED


def faulty_permit() -> Process:
    submit(body(form={"plate": "egal"}, on_invalid="clarify"))
    item = InboxItem.objects.get()
    case = assign_to_service(item.id, "resident-parking", by=colleague(), at=AT)
    return Process.objects.get(case_id=case.id)


class TestTheFee:
    @pytest.mark.parametrize(("years", "cents"), [(1, 2500), (2, 5000)])
    def test_of_a_permit_follows_from_the_form(self, years: int, cents: int) -> None:
        process = permit(duration_years=years)
        assert decide(process.case_id, Step.GRANT, by=colleague(), at=AT).fee_cents == cents

    @pytest.mark.parametrize(
        ("day", "cents"), [(date(2025, 12, 31), 4500), (date(2026, 1, 1), 4900)]
    )
    def test_is_that_of_the_day_of_the_decision(self, day: date, cents: int) -> None:
        form = body("bulky-waste")["form"] | {"collection": "express"}
        process = submitted("bulky-waste", form=form)
        decision = decide(process.case_id, Step.GRANT, by=colleague("j.kessler"), at=on(day))
        assert decision.fee_cents == cents

    def test_of_a_refusal_is_none(self) -> None:
        process = permit()
        decision = decide(process.case_id, Step.REFUSE, reasons="Nein.", by=colleague(), at=AT)
        assert decision.fee_cents == 0


class TestTheStandingMatter:
    def test_of_a_grant_has_a_number_its_object_and_its_holder(self) -> None:
        sent = body()
        sent["parties"][0]["identity"]["bpk2"] = "pseudonym"
        receipt = submit(sent)
        process = Process.objects.get(submission=UUID(receipt["id"]))
        matter = granted(process)
        assert (matter.kind, matter.number) == ("permit", "BPA-26-000001")
        assert matter.data == {"plate": "D-LM 123", "zone": "A4", "object": None}
        assert matter.holder == Party.objects.get().holder != ""
        assert matter.service_key == "resident-parking"
        assert matter.ended_on is None
        assert recorded(process.case_id)[-1] == "matter.began"

    def test_is_numbered_without_gaps_by_year(self) -> None:
        last, first = on(date(2026, 12, 31)), on(date(2027, 1, 1))
        numbers = [granted(permit(), at).number for at in (AT, last, first)]
        assert numbers == ["BPA-26-000001", "BPA-26-000002", "BPA-27-000001"]

    @pytest.mark.parametrize(
        ("decided", "years", "valid_to"),
        [
            (date(2026, 3, 10), 1, date(2027, 3, 9)),
            (date(2026, 3, 10), 2, date(2028, 3, 9)),
            (date(2026, 1, 1), 1, date(2026, 12, 31)),
            (date(2027, 3, 1), 1, date(2028, 2, 29)),
            # § 188 (3) BGB: 29 February 2029 does not exist.
            (date(2028, 2, 29), 1, date(2029, 2, 28)),
            (date(2028, 2, 29), 2, date(2030, 2, 28)),
        ],
    )
    def test_holds_to_the_eve_of_its_anniversary(
        self, decided: date, years: int, valid_to: date
    ) -> None:
        matter = granted(permit(duration_years=years), on(decided))
        assert (matter.valid_from, matter.valid_to) == (decided, valid_to)

    @pytest.mark.parametrize(
        ("wished", "valid_from"),
        [("2026-04-01", date(2026, 4, 1)), ("2026-03-01", date(2026, 3, 10))],
    )
    def test_begins_as_wished_but_never_before_the_decision(
        self, wished: str, valid_from: date
    ) -> None:
        assert granted(permit(valid_from=wished)).valid_from == valid_from

    def test_is_brought_about_by_a_grant_in_part_too(self) -> None:
        published("resident-parking", with_partial_grants)
        process = permit()
        decide(process.case_id, Step.GRANT_IN_PART, reasons="Ein Jahr.", by=colleague(), at=AT)
        assert StandingMatter.objects.filter(case_id=process.case_id).count() == 1

    def test_is_not_brought_about_by_a_refusal(self) -> None:
        decide(permit().case_id, Step.REFUSE, reasons="Nein.", by=colleague(), at=AT)
        assert not StandingMatter.objects.exists()

    def test_does_not_exist_where_the_service_knows_none(self) -> None:
        process = submitted("bulky-waste")
        decide(process.case_id, Step.GRANT, by=colleague("j.kessler"), at=AT)
        assert not StandingMatter.objects.exists()
