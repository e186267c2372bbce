"""What is typed and not sent: kept for its writer alone, and not for ever."""

from datetime import datetime, timedelta
from threading import Event
from typing import Any, ClassVar

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from efile import grants
from efile.kernel.errors import NotFound
from efile.kernel.models import Delivery, JournalEntry, JournalValues
from efile.lifecycle import CaseIsClosed
from efile.models import Case
from tests.crowd import together
from tests.efile.cases import somebody_waits_for_me, user_id
from tests.eventually import eventually
from tests.factories import AT, DAY, colleague, drained, machine, submitted
from tests.workflows.conftest import Clock
from tests.workflows.working import notified
from workflows import jobs
from workflows.drafts import (
    LARGEST,
    DraftTooLarge,
    FormWasSent,
    clear_away,
    discard_draft,
    drafts_of,
    save_draft,
    typed_from,
)
from workflows.endings import close
from workflows.holding import hold, recall
from workflows.machine import ActIsHeld, Step
from workflows.models import Draft, HeldAct, Process
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


def save_late(
    process: Process, action: str, shown_at: datetime | None, user: str = "a.lopes"
) -> None:
    by, at = colleague(user), AT + DAY
    save_draft(process.case_id, action, TYPED, revision=0, by=by, at=at, shown_at=shown_at)


class TestWhatComesAfterItsFormWasSent:
    """Saving takes its own way, and may arrive after what it was to save is on file."""

    SAID: ClassVar[dict[str, dict[str, Any]]] = {
        "message": {"text": "Guten Tag."},
        "refuse": {"reasons": "Falsche Zone."},
        "request_proof": {"text": "Bitte.", "days": 14},
    }

    @pytest.fixture(params=[0, 60], ids=["at once", "in a minute"])
    def wait(self, request: pytest.FixtureRequest, settings: Any) -> None:
        settings.RECALL_SECONDS = request.param

    @pytest.mark.usefixtures("wait", "clock")
    @pytest.mark.parametrize("action", SAID)
    def test_is_no_draft_again(self, action: str) -> None:
        process, by = submitted(), colleague()
        hold(process.case_id, action, self.SAID[action], by=by, at=AT)
        Delivery.objects.update(due_at=Now())
        drained()
        assert not HeldAct.objects.exists()
        with pytest.raises(FormWasSent):
            save_late(process, action, AT - timedelta(seconds=1))
        assert not Draft.objects.exists()
        save_late(process, action, AT + DAY)
        assert Draft.objects.get().action == action

    def test_is_no_draft_of_a_note_again(self) -> None:
        process = submitted()
        leave_note(process.case_id, "Rückruf.", by=colleague(), at=AT)
        with pytest.raises(FormWasSent):
            save_late(process, "note", AT - timedelta(seconds=1))
        assert not Draft.objects.exists()

    def test_is_one_where_another_form_was_sent(self) -> None:
        process = submitted()
        hold(process.case_id, "request_proof", self.SAID["request_proof"], by=colleague(), at=AT)
        save_late(process, "refuse", AT - DAY)
        save_late(process, "note", AT - DAY)
        assert {draft.action for draft in Draft.objects.all()} == {"refuse", "note"}

    def test_is_one_where_a_colleague_sent_it(self) -> None:
        process = submitted()
        leave_note(process.case_id, "Rückruf.", by=colleague("d.yilmaz"), at=AT)
        save_late(process, "note", AT - DAY)
        assert Draft.objects.get().user_id == colleague().user_id

    def test_does_not_take_the_place_of_what_was_taken_back(self, settings: Any) -> None:
        settings.RECALL_SECONDS = 60
        process, by = submitted(), colleague()
        hold(process.case_id, "refuse", self.SAID["refuse"], by=by, at=AT)
        recall(process.case_id, by=by, at=AT)
        with pytest.raises(FormWasSent):
            save_late(process, "refuse", AT - timedelta(seconds=1))
        assert Draft.objects.get().content["reasons"] == ["Falsche Zone."]

    @pytest.mark.django_db(transaction=True)
    def test_waits_for_what_is_being_sent(self) -> None:
        process = submitted()
        holds = Event()

        def act(number: int) -> object:
            if number == 0:
                with transaction.atomic():
                    leave_note(process.case_id, "Rückruf.", by=colleague(), at=AT)
                    holds.set()
                    return eventually(somebody_waits_for_me)
            holds.wait()
            save_late(process, "note", AT - DAY)
            return None

        _, late = together(2, act)
        assert isinstance(late, FormWasSent)
        assert not Draft.objects.exists()


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
