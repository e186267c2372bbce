"""The decision letter: everything it says, put on file once, whoever asks again."""

from datetime import date

import pytest

from efile.kernel.verbs import unit_of_work
from efile.models import Document, DocumentVersion
from efile.storage import default_store
from tests.crowd import together
from tests.efile.letters.reading import words
from tests.factories import AT, DAY, body, colleague, drained, machine, portal, renewed, submitted
from tests.workflows.conftest import Clock
from tests.workflows.working import answered, decided, recorded, told
from workflows.catalogue.parts import placeholders
from workflows.decisions import decide
from workflows.letters import issue_letter, letter_facts, render_letter
from workflows.machine import Step, latest_decision
from workflows.models import Booking, Decision, Process, State
from workflows.public import public_status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def letters(process: Process) -> list[Document]:
    return list(Document.objects.filter(case_id=process.case_id, kind="decision"))


def read(document: Document) -> str:
    """The text of the letter, as the store has it."""
    version = DocumentVersion.objects.select_related("content").get(document_id=document.id)
    with default_store().open(version.content.sha256) as file:
        return words(file.read())


def carry_out(process: Process) -> None:
    """Write the letter as the outbox does."""
    rendered = render_letter(process.case_id)
    with unit_of_work():
        issue_letter(process.case_id, rendered)


class TestTheLetter:
    def test_of_a_grant_says_what_was_granted(self) -> None:
        process = decided(Step.GRANT)
        (letter,) = letters(process)
        assert letter.title == "Bewohnerparkausweis Zone A4"
        text = read(letter)
        for said in (
            process.case.reference,
            "BPA-26-000001",
            "D-LM 123",
            "10.03.2026",
            "09.03.2027",
            "25,00 €",
            "Đorđe Yılmaz",
            "Lindenstraße 1a",
            "40764 Musterstadt",
            "Ana Lopes",
        ):
            assert said in text
        assert "Klage" not in text

    def test_of_a_refusal_gives_the_reasons_and_the_remedy(self) -> None:
        process = decided(Step.REFUSE)
        text = read(letters(process)[0])
        assert "Kein Hauptwohnsitz in der Zone." in text
        assert "innerhalb eines Monats nach Bekanntgabe Klage beim Verwaltungsgericht" in text
        assert "Bastionstraße 39, 40213 Düsseldorf" in text
        assert "25,00" not in text

    def test_with_clauses_says_them_and_the_remedy(self) -> None:
        text = read(letters(decided(Step.GRANT, clauses="Nur werktags."))[0])
        assert "Nur werktags." in text
        assert "Klage" in text

    def test_of_the_system_bears_no_name_and_says_so(self) -> None:
        process = submitted()
        decide(process.case_id, Step.GRANT, by=machine(), at=AT, legal_basis="§ 35a VwVfG NRW")
        drained()
        text = read(letters(process)[0])
        assert "automatisiert erstellt und ist ohne Unterschrift gültig" in text
        assert "§ 35a VwVfG NRW" in text

    def test_of_a_collection_names_the_day(self) -> None:
        process = submitted("bulky-waste")
        decide(process.case_id, Step.GRANT, by=colleague("j.kessler"), at=AT)
        drained()
        day = Booking.objects.select_related("slot").get().slot.day
        (letter,) = letters(process)
        assert letter.title == f"Ihre Sperrmüllabholung am {day:%d.%m.%Y}"
        assert "07:00–16:00 Uhr" in read(letter)
        assert "gebührenfrei" in read(letter)

    @pytest.mark.parametrize("step", [Step.GRANT, Step.REFUSE])
    def test_has_a_value_for_everything_its_text_names(self, step: Step) -> None:
        process = decided(step)
        loaded = Process.objects.select_related("case__lead_unit", "version", "tenant").get(
            case_id=process.case_id
        )
        decision = latest_decision(process.case_id)
        assert decision
        said = letter_facts(loaded, decision)
        named = {*placeholders(said.title), *placeholders(said.body)}
        assert {name for name in named if not said.values.get(name)} == set()
        assert not {"{", "}"} & set(read(letters(process)[0]))


class TestIssuing:
    def test_puts_the_letter_on_file_and_says_so(self) -> None:
        process = decided(Step.GRANT)
        (letter,) = letters(process)
        decision = Decision.objects.get(case_id=process.case_id)
        assert decision.letter == letter.id
        assert (letter.direction, letter.filed_at) == ("out", AT)
        assert DocumentVersion.objects.get(document_id=letter.id).filename == "Bescheid.pdf"
        assert recorded(process.case_id)[-2:] == ["documents.filed", "decision.letter_issued"]
        assert told(process.case_id)[-1] == "document_issued"
        assert process.state == State.DECIDED

    def test_of_what_goes_by_post_is_nothing_to_tell_the_portal(self) -> None:
        assert told(decided(Step.GRANT, electronic=False).case_id)[-1] == "granted"

    def test_happens_once_however_often_it_is_asked_for(self) -> None:
        process = decided(Step.GRANT)
        before = recorded(process.case_id)
        for _ in range(2):
            carry_out(process)
        assert len(letters(process)) == 1
        assert recorded(process.case_id) == before

    def test_happens_once_when_two_workers_rendered_it(self) -> None:
        process = submitted()
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        both = [render_letter(process.case_id) for _ in range(2)]
        for rendered in both:
            assert rendered
            with unit_of_work():
                issue_letter(process.case_id, rendered)
        assert len(letters(process)) == 1

    def test_leaves_out_a_letter_that_was_rendered_for_an_earlier_decision(self) -> None:
        process = submitted()
        decide(process.case_id, Step.REFUSE, reasons="Nein.", by=colleague(), at=AT)
        rendered = render_letter(process.case_id)
        Decision.objects.create(
            tenant_id=process.tenant_id,
            case_id=process.case_id,
            kind="granted",
            is_automated=False,
            decided_at=AT + DAY,
            decided_by=colleague().key,
        )
        with unit_of_work():
            issue_letter(process.case_id, rendered)
        assert letters(process) == []

    def test_does_nothing_for_a_case_without_a_decision(self) -> None:
        process = submitted()
        assert render_letter(process.case_id) is None
        carry_out(process)
        assert letters(process) == []

    @pytest.mark.parametrize("electronic", [True, False])
    def test_shows_it_in_the_portal_only_with_consent(self, electronic: bool) -> None:
        process = decided(Step.GRANT, electronic=electronic)
        assert letters(process)[0].is_public is electronic
        assert process.submission
        kinds = {one["kind"] for one in public_status(process.submission, by=portal())["documents"]}
        assert ("decision" in kinds) is electronic


class TestACollection:
    def test_is_notified_at_once_because_the_receipt_says_the_day(self, clock: Clock) -> None:
        later = AT + DAY / 24
        clock(later)
        process = submitted("bulky-waste", form=body("bulky-waste")["form"])
        drained()
        after = renewed(process)
        assert (after.state, after.state_since) == (State.NOTIFIED, later)
        decision = Decision.objects.get(case_id=process.case_id)
        assert decision.notified_on == date(2026, 3, 10)
        assert decision.remedy_ends_on is None

    def test_that_is_refused_waits_for_its_letter_to_be_fetched(self) -> None:
        form = body("bulky-waste")["form"]
        form["items"] = [{"category": "rubble", "count": 1, "volume_m3": 1}]
        process = submitted("bulky-waste", form=form)
        drained()
        assert renewed(process).state == State.DECIDED
        assert Decision.objects.get().letter == letters(process)[0].id


@pytest.mark.django_db(transaction=True)
def test_a_case_decided_twice_that_owes_two_letters_at_once_gets_one() -> None:
    process = submitted()
    decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
    rendered = [render_letter(process.case_id) for _ in range(8)]

    def issue(number: int) -> None:
        with unit_of_work():
            issue_letter(process.case_id, rendered[number])

    answered(together(8, issue))
    assert len(letters(process)) == 1
