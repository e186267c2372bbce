"""Tests of backoffice.pages.presenters.messages: one thread, each word said once."""

from typing import Any

import pytest
from django.utils.translation import override

from backoffice.pages.presenters.messages import SHOWN, note_rows, thread
from backoffice.pages.rows import MessageRow
from tests.factories import AT, DAY, colleague, portal, submitted, uploaded
from workflows.correspondence import mark_read, note_reading, write_to_applicant, write_to_office
from workflows.dossier import open_dossier
from workflows.models import Process
from workflows.notes import leave_note
from workflows.questions import answer, ask_applicant

pytestmark = pytest.mark.django_db


def said(process: Process) -> list[MessageRow]:
    found = thread(open_dossier(process.case_id, by=colleague()))
    assert found
    return [*found.earlier, *found.latest]


def wrote(process: Process, text: str = "Wie lange noch?", *, days: int = 0) -> None:
    assert process.submission
    write_to_office(process.submission, text, key=None, by=portal(), at=AT + days * DAY)


def asked_and_answered(**body: Any) -> Process:
    process, by = submitted(), colleague()
    assert process.submission
    question = ask_applicant(
        process.case_id, text="Warum?", proofs=["use-certificate"], days=9, by=by, at=AT
    )
    sent: dict[str, Any] = {"text": "Darum.", "form": None, "attachments": []} | body
    answer(process.submission, question=question.id, key=None, by=portal(), at=AT + DAY, **sent)
    return process


class TestTheThread:
    def test_is_none_while_nobody_has_written(self) -> None:
        assert thread(open_dossier(submitted().case_id, by=colleague())) is None

    def test_goes_from_the_first_word_to_the_last(self) -> None:
        process = asked_and_answered()
        wrote(process, days=2)
        write_to_applicant(process.case_id, "Bald.", by=colleague(), at=AT + 3 * DAY)
        assert [(row.heading, row.text, row.outgoing) for row in said(process)] == [
            ("Rückfrage", "Warum?", True),
            ("Antwort auf die Rückfrage", "Darum.", False),
            ("Nachricht", "Wie lange noch?", False),
            ("Nachricht ans Portal", "Bald.", True),
        ]

    def test_folds_what_was_said_long_ago(self) -> None:
        process = submitted()
        for number in range(SHOWN + 2):
            wrote(process, f"Nr. {number}", days=number)
        found = thread(open_dossier(process.case_id, by=colleague()))
        assert found
        assert [row.text for row in found.earlier] == ["Nr. 0", "Nr. 1"]
        assert len(found.latest) == SHOWN

    def test_leads_to_what_came_with_an_answer(self) -> None:
        upload = uploaded(portal(), filename="Nutzung.pdf")
        sent = [{"upload": upload, "proof": "use-certificate"}]
        process = asked_and_answered(attachments=sent, form={"keeper_name": "Firma Brandt"})
        row = said(process)[1]
        (link,) = row.attachments
        assert link.text.startswith("Bescheinigung")
        assert link.url.startswith(f"/cases/{process.case_id}?document=")
        assert [(fact.label, fact.value) for fact in row.facts] == [
            ("Name der Halterin oder des Halters", "Firma Brandt")
        ]

    def test_tells_who_asked_however_long_ago(self) -> None:
        process = asked_and_answered()
        for _ in range(20):
            leave_note(process.case_id, "Rückruf", by=colleague("t.oyelaran"), at=AT + DAY)
        assert said(process)[0].author == "Ana Lopes"

    @pytest.mark.parametrize(("tongue", "lang"), [("de", "en"), ("en", "")])
    def test_is_marked_with_the_applicants_language(self, tongue: str, lang: str) -> None:
        process = submitted(language="en")
        wrote(process, "How long?")
        with override(tongue):
            assert said(process)[0].lang == lang


class TestReading:
    def test_of_a_message_is_owed_until_a_day(self) -> None:
        process = submitted()
        wrote(process)
        (row,) = said(process)
        assert row.tag
        assert row.tag.text == "unbeantwortet, Antwort bis 13.03.2026"

    def test_says_who_and_when(self) -> None:
        process = submitted()
        wrote(process)
        note_reading(process.case_id, by=colleague(), at=AT + DAY)
        (row,) = said(process)
        assert (row.tag, row.read) == (None, "gelesen von Ana Lopes, 11.03.2026 12:00")

    def test_by_the_applicant_is_told(self) -> None:
        process = submitted()
        sent = write_to_applicant(process.case_id, "Bald.", by=colleague(), at=AT)
        assert said(process)[0].read == "noch nicht gelesen"
        assert process.submission
        mark_read(process.submission, sent.id, by=portal(), at=AT + DAY)
        assert said(process)[0].read == "gelesen am 11.03.2026 12:00"


class TestTheNotes:
    def test_stand_with_their_author_the_latest_first(self) -> None:
        process = submitted()
        leave_note(process.case_id, "Eins", by=colleague(), at=AT)
        leave_note(process.case_id, "Zwei", by=colleague("t.oyelaran"), at=AT + DAY)
        notes = note_rows(open_dossier(process.case_id, by=colleague()))
        assert [note.text for note in notes] == ["Zwei", "Eins"]
        assert notes[1].author == "Ana Lopes"
