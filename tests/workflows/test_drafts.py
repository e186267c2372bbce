"""What is typed and not sent: kept for its writer alone, and not for ever."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from efile import grants
from efile.kernel.errors import NotFound
from efile.kernel.models import JournalEntry, JournalValues
from efile.lifecycle import CaseIsClosed
from efile.models import Case
from tests.efile.cases import user_id
from tests.factories import AT, DAY, colleague, machine, submitted
from tests.workflows.conftest import Clock
from tests.workflows.working import notified
from workflows import jobs
from workflows.drafts import (
    LARGEST,
    DraftTooLarge,
    clear_away,
    discard_draft,
    drafts_of,
    save_draft,
    typed_from,
)
from workflows.endings import close
from workflows.holding import hold
from workflows.machine import ActIsHeld, Step
from workflows.models import Draft, Process
from workflows.notes import leave_note

pytestmark = pytest.mark.django_db

TYPED = {"reasons": ["Kein Hauptwohnsitz."], "clauses": [""]}


def kept(process: Process, action: str = "refuse", user: str = "a.lopes") -> None:
    save_draft(process.case_id, action, TYPED, revision=0, by=colleague(user), at=AT)


class TestADraft:
    def test_comes_back_as_it_was_typed(self) -> None:
        process = submitted()
        kept(process)
        draft = drafts_of(process.case_id, by=colleague()).get("refuse")
        assert draft is not None
        assert (draft.typed, draft.revision, draft.saved_at) == (TYPED, 0, AT)

    def test_is_not_saved_in_the_place_of_what_was_sent_a_moment_ago(self, settings: Any) -> None:
        settings.RECALL_SECONDS = 60
        process = submitted()
        said = {"reasons": "Falsche Zone."}
        hold(process.case_id, "refuse", said, by=colleague(), at=AT)
        with pytest.raises(ActIsHeld):
            kept(process)

    def test_takes_the_place_of_the_one_before(self) -> None:
        process, by = submitted(), colleague()
        kept(process)
        first = drafts_of(process.case_id, by=by).get("refuse")
        later = {"reasons": ["Doch nicht."]}
        save_draft(process.case_id, "refuse", later, revision=1, by=by, at=AT + DAY)
        draft = drafts_of(process.case_id, by=by).get("refuse")
        assert draft is not None
        assert first is not None
        assert (draft.id, draft.typed, draft.revision) == (first.id, later, 1)
        assert draft.saved_at == AT + DAY

    def test_is_told_from_those_of_other_forms(self) -> None:
        process = submitted()
        kept(process, "refuse")
        kept(process, "message")
        assert drafts_of(process.case_id, by=colleague()).keys() == {"refuse", "message"}

    def test_is_nobody_elses_business(self) -> None:
        process = submitted()
        kept(process)
        for other in ("d.yilmaz", "t.oyelaran"):
            assert drafts_of(process.case_id, by=colleague(other)).get("refuse") is None
            assert drafts_of(process.case_id, by=colleague(other)) == {}

    def test_is_out_of_reach_for_whoever_no_longer_sees_the_case(self) -> None:
        process = submitted()
        kept(process)
        head = colleague("t.oyelaran")
        grants.bar_colleague(process.case_id, user_id("a.lopes"), reason="Nähe", by=head, at=AT)
        with pytest.raises(NotFound):
            kept(process)
        with pytest.raises(NotFound):
            discard_draft(process.case_id, "refuse", by=colleague())

    def test_leaves_no_trace_in_the_journal(self) -> None:
        process = submitted()
        before = JournalEntry.objects.count()
        kept(process)
        discard_draft(process.case_id, "refuse", by=colleague())
        assert JournalEntry.objects.count() == before
        assert not JournalValues.objects.filter(values__contains="Hauptwohnsitz.").exists()

    def test_is_saved_with_two_statements(self) -> None:
        process, by = submitted(), colleague()
        with CaptureQueriesContext(connection) as queries:
            save_draft(process.case_id, "refuse", TYPED, revision=0, by=by, at=AT)
        sent = [one["sql"] for one in queries if "SAVEPOINT" not in one["sql"]]
        assert len(sent) == 2

    def test_has_an_end(self) -> None:
        process, by = submitted(), colleague()
        for text, fits in (("ä" * (LARGEST // 2 - 20), True), ("ä" * (LARGEST // 2), False)):
            if fits:
                save_draft(process.case_id, "note", {"text": [text]}, revision=0, by=by, at=AT)
                continue
            with pytest.raises(DraftTooLarge):
                save_draft(process.case_id, "note", {"text": [text]}, revision=0, by=by, at=AT)

    def test_of_a_closed_case_is_none(self, clock: Clock) -> None:
        process = notified(Step.GRANT)
        close(process.case_id, by=machine(), at=AT)
        with pytest.raises(CaseIsClosed):
            kept(process)


class TestDiscarding:
    def test_takes_away_ones_own_and_no_other(self) -> None:
        process = submitted()
        kept(process)
        kept(process, user="d.yilmaz")
        discard_draft(process.case_id, "refuse", by=colleague())
        assert Draft.objects.get().user_id == colleague("d.yilmaz").user_id

    def test_comes_with_leaving_the_note(self) -> None:
        process, by = submitted(), colleague()
        save_draft(process.case_id, "note", {"text": ["Rück"]}, revision=0, by=by, at=AT)
        leave_note(process.case_id, "Rückruf.", by=by, at=AT)
        assert not Draft.objects.exists()


class TestClearingAway:
    def test_takes_what_nobody_came_back_to(self) -> None:
        old, new = submitted(), submitted()
        kept(old)
        save_draft(new.case_id, "note", TYPED, revision=0, by=colleague(), at=AT + 30 * DAY)
        assert clear_away(at=AT + 90 * DAY + timedelta(seconds=1)) == 1
        assert Draft.objects.get().case_id == new.case_id

    def test_takes_the_drafts_of_closed_cases(self, clock: Clock) -> None:
        closed, running = submitted(), submitted()
        kept(closed)
        kept(running)
        Case.objects.filter(id=closed.case_id).update(closed_at=AT, retained_until=AT.date())
        jobs.keep_up()
        assert Draft.objects.get().case_id == running.case_id


def test_a_form_sends_texts() -> None:
    said = {"proofs": ["a", "b"], "days": 14, "text": "", "due": None}
    assert typed_from(said) == {"proofs": ["a", "b"], "days": ["14"], "text": [""]}
