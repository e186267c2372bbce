"""Tests of workflows.late_post: post for a closed case is taken up with it."""

import pytest

from efile.kernel.errors import Invalid, NotFound
from efile.models import Document, Message
from efile.policy import ActionNotGranted
from tests.factories import AT, body, colleague, machine, portal, submit, submitted, uploaded
from workflows.endings import close, forward, reopen
from workflows.inbox import ItemIsSettled
from workflows.late_post import take_up_post
from workflows.models import InboxItem, Process, State, Task
from workflows.questions import answer, ask_applicant

pytestmark = pytest.mark.django_db


@pytest.fixture
def item() -> InboxItem:
    """An answer with a file that came after the case was closed."""
    process = submitted()
    by, sender = colleague(), portal()
    question = ask_applicant(process.case_id, text="Warum?", proofs=[], days=14, by=by, at=AT)
    forward(process.case_id, to="Stadt Nebenan", by=by, at=AT)
    close(process.case_id, by=machine(), at=AT)
    assert process.submission is not None
    answer(
        process.submission,
        question=question.id,
        text="Deshalb.",
        form={"plate": "D-XY 9"},
        attachments=[{"upload": uploaded(sender), "proof": "use-certificate"}],
        key=None,
        by=sender,
        at=AT,
    )
    return InboxItem.objects.get()


class TestTakeUpPost:
    def test_reopens_the_case_and_puts_everything_on_file(self, item: InboxItem) -> None:
        case_id = take_up_post(item.id, reason="Neues Auto.", by=colleague("r.sandmann"), at=AT)

        assert Process.objects.get(case_id=case_id).state == State.IN_EXAMINATION
        message = Message.objects.get(case_id=case_id, direction="in")
        assert message.text.startswith("Deshalb.")
        assert "D-XY 9" in message.text
        assert Document.objects.filter(case_id=case_id, proof="use-certificate").count() == 1
        assert Task.objects.filter(
            case_id=case_id, kind="review_answer", done_at__isnull=True
        ).exists()

    def test_settles_the_item_once(self, item: InboxItem) -> None:
        by = colleague("r.sandmann")
        take_up_post(item.id, reason="Neues Auto.", by=by, at=AT)

        item.refresh_from_db()
        assert (item.settlement, item.settled_by) == ("taken_up", by.key)
        with pytest.raises(ItemIsSettled):
            take_up_post(item.id, reason="Noch einmal.", by=by, at=AT)

    def test_puts_it_on_a_case_that_was_reopened_meanwhile(self, item: InboxItem) -> None:
        assert item.case_id is not None
        reopen(item.case_id, reason="Anruf.", by=colleague("r.sandmann"), at=AT)
        take_up_post(item.id, reason="", by=colleague(), at=AT)

        assert Message.objects.filter(case_id=item.case_id, direction="in").count() == 1

    def test_is_refused_to_those_who_may_not_reopen(self, item: InboxItem) -> None:
        with pytest.raises(ActionNotGranted):
            take_up_post(item.id, reason="Neues Auto.", by=colleague(), at=AT)
        item.refresh_from_db()
        assert item.settled_at is None

    def test_demands_a_reason(self, item: InboxItem) -> None:
        with pytest.raises(Invalid):
            take_up_post(item.id, reason=" ", by=colleague("r.sandmann"), at=AT)

    def test_is_about_post_and_nothing_else(self) -> None:
        submit(body(form={}, on_invalid="clarify"))

        with pytest.raises(NotFound):
            take_up_post(InboxItem.objects.get().id, reason="x", by=colleague(), at=AT)
