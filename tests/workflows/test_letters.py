"""The decision letter: everything it says, put on file once, whoever asks again."""

import re
from datetime import date
from typing import Any

import pytest

from efile.kernel.errors import Invalid
from efile.kernel.verbs import unit_of_work
from efile.letters.text import PlaceholderMissing
from efile.models import Document, DocumentVersion
from efile.storage import default_store
from tests.crowd import together
from tests.efile.letters.reading import words
from tests.factories import (
    AT,
    DAY,
    body,
    city,
    colleague,
    drained,
    machine,
    portal,
    renewed,
    submitted,
)
from tests.workflows.conftest import Clock
from tests.workflows.working import answered, decided, published, recorded, told
from workflows.correspondence import write_to_applicant
from workflows.decisions import decide
from workflows.holding import hold
from workflows.letters import issue_letters, render_letters
from workflows.machine import Step
from workflows.matters import revoke_matter
from workflows.models import Booking, Decision, Process, StandingMatter, State
from workflows.outgoing import AskingLetter
from workflows.payments.reference import payment_reference
from workflows.public import public_status
from workflows.questions import ask_applicant

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
    rendered = render_letters(process.case_id)
    with unit_of_work():
        issue_letters(process.case_id, rendered)


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
            # The fee is a burden of its own (§ 58 VwGO).
            "innerhalb eines Monats nach Bekanntgabe Klage",
        ):
            assert said in text

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
        day = Booking.objects.values_list("slot__day", flat=True).get()
        (letter,) = letters(process)
        assert letter.title == f"Ihre Sperrmüllabholung am {day:%d.%m.%Y}"
        assert "07:00–16:00 Uhr" in read(letter)
        assert "gebührenfrei" in read(letter)
        assert "Klage" not in read(letter)


class TestIssuing:
    def test_puts_the_letter_on_file_and_says_so(self) -> None:
        process = decided(Step.GRANT)
        (letter,) = letters(process)
        decision = Decision.objects.get(case_id=process.case_id)
        assert decision.letter == letter.id
        assert (letter.direction, letter.filed_at) == ("out", AT)
        assert DocumentVersion.objects.get(document_id=letter.id).filename == "Bescheid.pdf"
        assert recorded(process.case_id)[-4:] == [
            "documents.filed",
            "decision.letter_issued",
            "documents.filed",
            "letter.written",
        ]
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
        both = [render_letters(process.case_id) for _ in range(2)]
        for rendered in both:
            assert rendered
            with unit_of_work():
                issue_letters(process.case_id, rendered)
        assert len(letters(process)) == 1

    def test_leaves_out_a_letter_that_was_rendered_for_an_earlier_decision(self) -> None:
        process = submitted()
        decide(process.case_id, Step.REFUSE, reasons="Nein.", by=colleague(), at=AT)
        rendered = render_letters(process.case_id)
        Decision.objects.create(
            tenant_id=process.tenant_id,
            case_id=process.case_id,
            kind="granted",
            is_automated=False,
            decided_at=AT + DAY,
            decided_by=colleague().key,
        )
        with unit_of_work():
            issue_letters(process.case_id, rendered)
        assert letters(process) == []

    def test_does_nothing_for_a_case_without_a_decision(self) -> None:
        process = submitted()
        assert render_letters(process.case_id) == []
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
    rendered = [render_letters(process.case_id) for _ in range(8)]

    def issue(number: int) -> None:
        with unit_of_work():
            issue_letters(process.case_id, rendered[number])

    answered(together(8, issue))
    assert len(letters(process)) == 1


class TestATranslation:
    def test_is_added_for_who_asked_for_it_and_binds_nobody(self) -> None:
        process = submitted(language="en")
        decide(process.case_id, Step.REFUSE, reasons="Kein Hauptwohnsitz.", by=colleague(), at=AT)
        drained()
        text = read(letters(process)[0])
        for said in (
            "Ihren Antrag vom 10.03.2026 auf einen Bewohnerparkausweis",
            "We refuse your application of 10 March 2026",
            "An action against this decision may be brought within one month",
            "Only the German text of this letter is legally binding.",
        ):
            assert said in text

    def test_writes_every_day_as_the_english_do(self) -> None:
        def with_days(document: dict[str, Any]) -> None:
            more = " Decided {decided_on}, of {received_on}, dated {dated}."
            document["decisions"]["granted"]["body"]["en"] += more

        published("resident-parking", with_days)
        (asking,) = asked("hearing", electronic=True, language="en")
        process = submitted(language="en")
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        drained()
        matter = StandingMatter.objects.get(case_id=process.case_id)
        revoke_matter(process.case_id, matter.id, "Umzug.", by=colleague(), at=AT)
        drained()
        granted, revoked = letters(process)
        for letter, said in (
            (asking, "Please write to us by 24 March 2026"),
            (granted, "to 09 March 2027. It gives no right to a particular space."),
            (revoked, "no longer valid from 10 March 2026 on"),
        ):
            _, translation = read(letter).split("provided for your information only")
            assert said in translation
            assert not re.search(r"\d\d\.\d\d\.\d{4}", translation)

    @pytest.mark.parametrize("language", ["de", "de-x-leicht", "fr"])
    def test_is_none_where_there_is_none(self, language: str) -> None:
        process = submitted(language=language)
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        drained()
        assert "translation" not in read(letters(process)[0])


class TestWhatADecisionLetterSays:
    def test_is_what_weighed(self) -> None:
        process = submitted()
        decide(
            process.case_id,
            Step.REFUSE,
            reasons="Nein.",
            discretion="Wir haben abgewogen.",
            by=colleague(),
            at=AT,
        )
        drained()
        assert "Wir haben abgewogen." in read(letters(process)[0])

    def test_is_in_short_what_came_of_it(self) -> None:
        text = read(letters(decided(Step.GRANT))[0])
        assert "Sie dürfen das Auto mit dem Kennzeichen D-LM 123 in der Zone A4 parken" in text

    def test_is_where_the_fee_goes_if_the_letterhead_has_an_account(self) -> None:
        tenant = city()
        tenant.letterhead["iban"] = "DE02120300000000202051"
        tenant.save(update_fields=["letterhead"])
        process = decided(Step.GRANT)
        text = read(letters(process)[0]).replace(" ", "")
        assert "DE02120300000000202051" in text
        assert payment_reference(process.case.reference).replace(" ", "") in text

    def test_is_nothing_of_an_account_without_one(self) -> None:
        tenant = city()
        tenant.letterhead.pop("iban", None)
        tenant.save(update_fields=["letterhead"])
        assert "IBAN" not in read(letters(decided(Step.GRANT))[0])


@pytest.mark.parametrize(
    ("case", "reference"),
    [("32.2-000123/26-01", "RF10 32X2 0001 2326 01"), ("539007547034", "RF18 5390 0754 7034")],
)
def test_the_payment_reference_is_one_of_iso_11649(case: str, reference: str) -> None:
    assert payment_reference(case) == reference
    plain = reference.replace(" ", "")
    assert int("".join(str(int(one, 36)) for one in plain[4:] + plain[:4])) % 97 == 1


def asked(kind: AskingLetter, *, electronic: bool, language: str = "de") -> list[Document]:
    process = submitted(consents={"electronic_delivery": electronic}, language=language)
    ask_applicant(
        process.case_id,
        text="Wem gehört das Auto?",
        proofs=["use-certificate"],
        days=14,
        kind=kind,
        by=colleague(),
        at=AT,
    )
    drained()
    return list(Document.objects.filter(case_id=process.case_id, kind="letter"))


class TestAQuestion:
    def test_goes_by_post_to_whoever_did_not_consent(self) -> None:
        (letter,) = asked("proof_request", electronic=False)
        text = read(letter)
        assert not letter.is_public
        for said in (
            "Wem gehört das Auto?",
            "Bescheinigung, dass Sie das Auto dauerhaft nutzen",
            "Bitte antworten Sie bis zum 24.03.2026.",
            "§ 26 Abs. 2 VwVfG NRW",
            "Ana Lopes",
        ):
            assert said in text

    def test_stays_in_the_portal_otherwise(self) -> None:
        assert asked("proof_request", electronic=True) == []

    @pytest.mark.parametrize("electronic", [True, False])
    def test_that_is_a_hearing_is_a_letter_in_any_case(self, electronic: bool) -> None:
        (letter,) = asked("hearing", electronic=electronic)
        assert letter.is_public is electronic
        assert "§ 28 Abs. 1 VwVfG NRW" in read(letter)

    def test_is_a_warning_under_social_law_only(self) -> None:
        with pytest.raises(Invalid) as refusal:
            asked("warning", electronic=True)
        assert [error.pointer for error in refusal.value.errors] == ["/kind"]

        def under_social_law(document: dict[str, Any]) -> None:
            document["remedy"]["regime"] = "SGB_X"

        published("resident-parking", under_social_law)
        (letter,) = asked("warning", electronic=True)
        assert not letter.is_public
        assert "§ 66 Abs. 1 und 3 SGB I" in read(letter)

    def test_is_written_once_however_often_it_is_asked_for(self) -> None:
        (letter,) = asked("proof_request", electronic=False)
        process = Process.objects.get(case_id=letter.case_id)
        carry_out(process)
        assert Document.objects.filter(case_id=letter.case_id, kind="letter").count() == 1


def test_a_message_goes_by_post_to_whoever_did_not_consent() -> None:
    process = submitted(consents={"electronic_delivery": False})
    write_to_applicant(process.case_id, "Guten Tag.\nEs dauert noch.", by=colleague(), at=AT)
    drained()
    (letter,) = Document.objects.filter(case_id=process.case_id, kind="letter")
    assert "Es dauert noch." in read(letter)


def with_a_gap(document: dict[str, Any]) -> None:
    """A change for ``published``: the letter names what not every application contains."""
    document["example"]["form"]["make"] = "Volkswagen"
    document["decisions"]["granted"]["body"]["de"] += " Marke: {make}."


def test_a_gap_that_nothing_fills_refuses_what_a_person_does() -> None:
    published("resident-parking", with_a_gap)
    process = submitted(form={"plate": "D-LM 123", "zone": "A4"})
    said = {"reasons": "Nachgesehen."}
    with pytest.raises(PlaceholderMissing) as refusal:
        hold(process.case_id, "grant", said, by=colleague(), at=AT)
    assert refusal.value.facts == {"placeholder": "make"}
    assert renewed(process).state == State.RECEIVED


def test_a_gap_that_nothing_fills_stops_the_letter_and_is_named() -> None:
    published("resident-parking", with_a_gap)
    process = submitted(form={"plate": "D-LM 123", "zone": "A4"})
    decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
    with pytest.raises(PlaceholderMissing) as refusal:
        render_letters(process.case_id)
    assert refusal.value.facts == {"placeholder": "make"}
    assert letters(process) == []
