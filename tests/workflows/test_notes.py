"""Tests of workflows.notes: notes on open cases, by those who may."""

import pytest

from efile.filing import TextIsEmpty
from efile.kernel.errors import NotFound
from efile.kernel.models import JournalEntry
from efile.lifecycle import CaseIsClosed
from efile.models import Note
from efile.policy import ActionNotGranted
from tests.factories import AT, colleague, machine, submitted
from workflows.endings import close, forward
from workflows.notes import leave_note

pytestmark = pytest.mark.django_db


class TestLeaveNote:
    def test_keeps_the_note_and_records_that_it_was_written(self) -> None:
        process = submitted()
        leave_note(process.case_id, "Rückruf am Montag.", by=colleague(), at=AT)

        note = Note.objects.get(case_id=process.case_id)
        assert (note.text, note.author) == ("Rückruf am Montag.", colleague().key)
        assert JournalEntry.objects.filter(chain_id=process.case_id, kind="note.written").exists()

    def test_refuses_a_closed_case(self) -> None:
        process = submitted()
        forward(process.case_id, to="Stadt Nebenan", by=colleague(), at=AT)
        close(process.case_id, by=machine(), at=AT)

        with pytest.raises(CaseIsClosed):
            leave_note(process.case_id, "Zu spät.", by=colleague(), at=AT)

    def test_refuses_whom_the_matrix_does_not_grant_it(self) -> None:
        with pytest.raises(ActionNotGranted):
            leave_note(submitted().case_id, "Prüfvermerk", by=colleague("v.nightingale"), at=AT)

    def test_refuses_whoever_does_not_see_the_case(self) -> None:
        with pytest.raises(NotFound):
            leave_note(submitted().case_id, "Hallo", by=colleague("j.kessler"), at=AT)

    def test_refuses_an_empty_note(self) -> None:
        with pytest.raises(TextIsEmpty):
            leave_note(submitted().case_id, "  ", by=colleague(), at=AT)
