"""A caseworker puts right what was sent: the sent word stays, everything else goes by the new."""

import json
from datetime import date
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from pypdfium2 import PdfDocument

from efile.kernel.erasure import erase_values
from efile.kernel.errors import Invalid, Refusal
from efile.kernel.verify import verify
from efile.models import Case, Party
from efile.policy import ActionNotGranted
from efile.verify import cases_without_chain, project_cases
from search.queries import find_cases
from tests.factories import (
    AT,
    DAY,
    body,
    colleague,
    drained,
    machine,
    portal,
    renewed,
    submit,
    submitted,
)
from tests.workflows.conftest import Clock
from tests.workflows.working import decided, last_values, recorded
from workflows.application import Application
from workflows.corrections import LONGEST_REASON, correct
from workflows.decisions import decide
from workflows.dispatch import dispatch_list
from workflows.endings import close, withdraw
from workflows.intake import assign_to_service
from workflows.letters import preview
from workflows.machine import CaseChanged, Step, StepNotPossible
from workflows.models import Booking, CheckResult, Correction, InboxItem, Process, Submission
from workflows.public import public_status
from workflows.verify import project_work

pytestmark = pytest.mark.django_db

PLATE = "/form/plate"
ADDRESS = "/parties/0/address"


def right(
    process: Process, pointer: str, value: Any, reason: str = "Tippfehler", **said: Any
) -> Correction:
    told: dict[str, Any] = {"by": colleague(), "at": AT + DAY} | said
    return correct(process.case_id, pointer, value, reason, **told)


def application(process: Process) -> Application:
    found = Process.objects.select_related("version").get(case_id=process.case_id)
    return Application.of(found)


def broken(refusal: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(error.pointer, error.rule) for error in refusal.value.errors]


def sent(process: Process) -> str:
    return Submission.objects.get(case=process.case_id).envelope


class TestACorrection:
    def test_stands_beside_what_was_sent_to_the_letter(self) -> None:
        process = submitted()
        before = sent(process)
        right(process, PLATE, "D-LM 124")
        assert sent(process) == before
        found = application(process)
        assert found.form["plate"] == "D-LM 124"
        assert found.sent_form["plate"] == "D-LM 123"
        beside = found.corrections[PLATE]
        assert (beside.sent, beside.value, beside.reason) == ("D-LM 123", "D-LM 124", "Tippfehler")
        assert (beside.at, beside.by, beside.name) == (AT + DAY, colleague().key, "Ana Lopes")

    def test_of_an_earlier_one_counts_alone(self) -> None:
        process = submitted()
        right(process, PLATE, "D-LM 124")
        right(process, PLATE, "D-LM 125", at=AT + 2 * DAY)
        assert application(process).form["plate"] == "D-LM 125"
        assert Correction.objects.count() == 2

    def test_back_to_what_was_sent_is_none_any_more(self) -> None:
        process = submitted()
        right(process, PLATE, "D-LM 124")
        right(process, PLATE, "D-LM 123", "Doch richtig", at=AT + 2 * DAY)
        assert application(process).corrections == {}

    def test_adds_what_nobody_stated_and_takes_it_away_again(self) -> None:
        process = submitted()
        right(process, "/form/make", "Volkswagen")
        assert application(process).form["make"] == "Volkswagen"
        right(process, "/form/make", None, at=AT + 2 * DAY)
        assert "make" not in application(process).form

    def test_reaches_into_a_list(self) -> None:
        process = submitted("bulky-waste")
        by = colleague("j.kessler")
        items = application(process).form["items"]
        first = {**items[0], "count": items[0]["count"] + 1}
        right(process, "/form/items/0", first, by=by)
        assert application(process).form["items"] == [first, *items[1:]]

    def test_is_what_the_journal_tells_and_can_forget(self) -> None:
        process = submitted()
        right(process, PLATE, "D-LM 124")
        assert "application.corrected" in recorded(process.case_id)
        erase_values(process.case_id, basis="Art. 17 DSGVO", by=machine(), at=AT + DAY)
        assert "D-LM 124" not in last_values(process.case_id)

    def test_is_watched_by_the_journal(self) -> None:
        process = submitted()
        right(process, PLATE, "D-LM 124")
        right(process, "/parties/0/family_name", "Yildiz", at=AT + 2 * DAY)
        assert verify([project_cases, project_work], cases_without_chain).faults == []

    def test_tells_whoever_looks_at_an_older_page(self) -> None:
        process = submitted()
        right(process, PLATE, "D-LM 124", revision=0)
        with pytest.raises(CaseChanged):
            right(process, PLATE, "D-LM 125", revision=0)
        with pytest.raises(CaseChanged):
            decide(process.case_id, Step.GRANT, by=colleague(), at=AT, revision=0)


class TestWhatWasSent:
    def test_cannot_be_written_anew_by_the_application(self) -> None:
        process = submitted()
        mine = Submission.objects.filter(case=process.case_id)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            mine.update(envelope="{}")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            mine.delete()

    def test_is_told_the_sender_beside_what_was_corrected_without_the_reason(self) -> None:
        process = submitted()
        assert process.submission
        right(process, PLATE, "D-LM 124", "Verdacht auf Zahlendreher")
        status = public_status(process.submission, by=portal())
        assert status["corrections"] == [
            {
                "pointer": PLATE,
                "sent": "D-LM 123",
                "value": "D-LM 124",
                "at": (AT + DAY).isoformat(),
            }
        ]


class TestWhatGoesByIt:
    def test_is_every_check_which_runs_again(self, clock: Clock) -> None:
        process = submitted(form={"plate": "D-LM 123", "zone": "A4", "valid_from": "2020-01-01"})
        drained()
        start = CheckResult.objects.filter(case_id=process.case_id, key="start")
        assert start.get().outcome == "failed"
        right(process, "/form/valid_from", "2026-04-01")
        drained()
        assert start.get(run=2).outcome == "passed"

    def test_is_the_fee(self) -> None:
        process = submitted()
        right(process, "/form/duration_years", 2)
        decision = decide(process.case_id, Step.GRANT, by=colleague(), at=AT + DAY)
        assert decision.fee_cents == 5000

    def test_is_the_letter_in_german(self, clock: Clock) -> None:
        process = submitted(language="en")
        right(process, PLATE, "D-LM 124")
        right(process, ADDRESS, address("Am Markt", "5"), at=AT + 2 * DAY)
        right(process, "/parties/0/family_name", "Yildiz", at=AT + 3 * DAY)
        letter = preview(process.case_id, "grant", {}, by=colleague(), at=AT + 3 * DAY)
        said = PdfDocument(letter)[0].get_textpage().get_text_range()
        assert "D-LM 124" in said
        assert "D-LM 123" not in said
        assert "Yildiz" in said
        assert "Am Markt 5" in said

    def test_is_the_subject_and_what_can_be_found(self) -> None:
        process = submitted()
        right(process, "/form/zone", "B2")
        right(process, "/parties/0/family_name", "Okonkwo", at=AT + 2 * DAY)
        drained()
        case = Case.objects.get(id=process.case_id)
        assert (case.subject, case.applicant) == (
            "Bewohnerparkausweis, Zone B2",
            "Okonkwo, Đorđe",
        )
        hits = find_cases("Okonkwo", by=colleague()).hits
        assert [one.case_id for one in hits] == [process.case_id]

    def test_is_where_the_crew_goes(self) -> None:
        process, by = submitted("bulky-waste"), colleague("j.kessler")
        right(process, "/form/pickup/number", "99", by=by)
        slot = Booking.objects.select_related("slot").get(case_id=process.case_id).slot
        assert slot is not None
        (stop,) = dispatch_list(slot.calendar, slot.day, by=by)
        assert stop.address["number"] == "99"

    def test_is_not_what_the_applicant_is_told_of_their_own_words(self) -> None:
        process = submitted()
        assert process.submission
        before = public_status(process.submission, by=portal())
        right(process, "/form/zone", "B2")
        status = public_status(process.submission, by=portal())
        assert status.pop("corrections")
        assert status == before

    def test_is_no_decision_of_the_machine(self, clock: Clock) -> None:
        process = submitted()
        right(process, PLATE, "D-LM 124")
        drained()
        assert renewed(process).decision == ""


def address(street: str, number: str) -> dict[str, str]:
    return {"street": street, "number": number, "postcode": "40764", "city": "Musterstadt"}


class TestAParty:
    def test_is_on_file_as_it_is_known_now(self) -> None:
        process = submitted()
        right(process, ADDRESS, address("Am Markt", "5"))
        right(process, "/parties/0/birth_date", "1981-04-03", at=AT + 2 * DAY)
        party = Party.objects.get(case_id=process.case_id)
        assert party.address["street"] == "Am Markt"
        assert party.birth_date == date(1981, 4, 3)
        assert json.loads(sent(process))["parties"][0]["address"]["street"] == "Lindenstraße"

    def test_can_be_put_right_after_the_decision_so_that_the_letter_arrives(
        self, clock: Clock
    ) -> None:
        process = decided(Step.GRANT, electronic=False)
        right(process, ADDRESS, address("Am Markt", "5"))
        assert Party.objects.get(case_id=process.case_id).address["street"] == "Am Markt"
        with pytest.raises(StepNotPossible):
            right(process, PLATE, "D-LM 124")

    def test_of_a_closed_case_stays(self) -> None:
        process = submitted()
        withdraw(process.case_id, reason="", by=colleague(), at=AT)
        close(process.case_id, by=colleague(), at=AT)
        with pytest.raises(StepNotPossible):
            right(process, ADDRESS, address("Am Markt", "5"))


REFUSED: dict[str, tuple[str, Any, list[tuple[str, str]]]] = {
    "no such field": ("/form/hund", "Bello", [("/pointer", "additional_properties")]),
    "the form as a whole": ("/form", {}, [("/pointer", "additional_properties")]),
    "another part": (
        "/consents/electronic_delivery",
        True,
        [("/pointer", "additional_properties")],
    ),
    "no pointer": ("", "x", [("/pointer", "additional_properties")]),
    "no such party": ("/parties/7/email", "a@example.org", [("/pointer", "additional_properties")]),
    "who vouches": (
        "/parties/0/identity/assurance",
        "high",
        [("/pointer", "additional_properties")],
    ),
    "what a person has not": (
        "/parties/0/organisation",
        "AG",
        [("/pointer", "additional_properties")],
    ),
    "a pattern": (PLATE, "irgendwas", [(PLATE, "pattern")]),
    "a choice": ("/form/issue", "stone", [("/form/issue", "enum")]),
    "a type": ("/form/make", 7, [("/form/make", "type")]),
    "a day": ("/form/valid_from", "2026-02-31", [("/form/valid_from", "format")]),
    "what is needed": (PLATE, None, [(PLATE, "required")]),
    "what another then needs": ("/form/keeper", "family", [("/form/keeper_name", "required")]),
    "an address without a street": (
        ADDRESS,
        {"number": "5", "postcode": "40764", "city": "Musterstadt"},
        [(f"{ADDRESS}/street", "required")],
    ),
    "an e-mail": ("/parties/0/email", "keine", [("/parties/0/email", "format")]),
    "a zero byte": ("/form/make", "V\0W", [("/form/make", "characters")]),
    "what stands there": (PLATE, "D-LM 123", [(PLATE, "unchanged")]),
}


class TestWhatIsRefused:
    @pytest.mark.parametrize("why", REFUSED)
    def test_breaks_the_form_or_leads_nowhere(self, why: str) -> None:
        pointer, value, faults = REFUSED[why]
        process = submitted()
        with pytest.raises(Invalid) as refusal:
            right(process, pointer, value)
        assert broken(refusal) == faults
        assert not Correction.objects.exists()

    @pytest.mark.parametrize(
        ("reason", "rule"),
        [("", "required"), (" \n", "required"), ("x" * (LONGEST_REASON + 1), "max_length")],
    )
    def test_has_no_reason(self, reason: str, rule: str) -> None:
        with pytest.raises(Invalid) as refusal:
            right(submitted(), PLATE, "D-LM 124", reason)
        assert broken(refusal) == [("/reason", rule)]

    def test_comes_from_whoever_may_not_examine(self) -> None:
        with pytest.raises(ActionNotGranted):
            right(submitted(), PLATE, "D-LM 124", by=colleague("r.sandmann"))

    def test_is_a_fault_that_was_there_only_where_it_is(self) -> None:
        """One fault after the other: a form with two is put right in two steps."""
        submit(body(form={"plate": "ohne", "zone": "Zone 9"}, on_invalid="clarify"))
        item = InboxItem.objects.get()
        case = assign_to_service(item.id, "resident-parking", by=colleague(), at=AT)
        process = Process.objects.get(case_id=case.id)
        with pytest.raises(Refusal):
            right(process, PLATE, "auch nichts")
        right(process, PLATE, "D-LM 124")
        assert {fault.pointer for fault in application(process).faults} == {"/form/zone"}
        right(process, "/form/zone", "A4", at=AT + 2 * DAY)
        assert application(process).faults == ()
        assert Case.objects.get(id=case.id).subject == "Bewohnerparkausweis, Zone A4"


class TestHostileText:
    @pytest.mark.parametrize(
        "text",
        ["\u202egnuz\u202c", "<b>fett</b>", "👩‍💻" * 10, "a" * 60],
        ids=["rtl", "tag", "emoji", "long"],
    )
    def test_is_kept_as_it_was_typed(self, text: str) -> None:
        process = submitted()
        right(process, "/form/make", text)
        assert application(process).form["make"] == text
