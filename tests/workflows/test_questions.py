"""Asking the applicant: the case waits until the last answer has come, and no longer."""

import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from efile.kernel.actors import Actor
from efile.kernel.errors import FieldError, Invalid, NotFound
from efile.kernel.ids import uuid7
from efile.kernel.models import Delivery
from efile.models import Document, Message, Upload
from efile.policy import ActionNotGranted
from tests.crowd import together
from tests.factories import AT, DAY, colleague, portal, renewed, submitted, uploaded
from tests.workflows.working import answered, last_values, recorded, refused, told
from workflows.decisions import decide
from workflows.endings import withdraw
from workflows.machine import CaseChanged, Step, StepNotPossible, fire
from workflows.models import Deadline, IdempotencyKey, InboxItem, Process, Question, State, Task
from workflows.questions import QuestionNotOpen, answer, ask_applicant, drop_question
from workflows.repeat import KeyReused

pytestmark = pytest.mark.django_db


def ask(
    process: Process, *, text: str = "Wer nutzt das Auto?", proofs: Any = (), days: int = 14
) -> Question:
    return ask_applicant(
        process.case_id, text=text, proofs=list(proofs), days=days, by=colleague(), at=AT
    )


def say(
    process: Process,
    question: UUID,
    text: str = "Ich.",
    *,
    attachments: Any = (),
    form: Any = None,
    key: str | None = None,
    by: Actor | None = None,
) -> dict[str, Any]:
    """What the applicant answers; returns the acknowledgement."""
    assert process.submission
    told_back, _ = answer(
        process.submission,
        question=question,
        text=text,
        form=form,
        attachments=list(attachments),
        key=key,
        by=by or portal(),
        at=AT + DAY,
    )
    return dict(json.loads(told_back))


def open_tasks(process: Process) -> list[str]:
    rows = Task.objects.filter(case_id=process.case_id, done_at__isnull=True).order_by("kind")
    return list(rows.values_list("kind", flat=True))


class TestAsking:
    def test_makes_the_case_wait_for_an_answer(self) -> None:
        process = submitted()
        question = ask(process, text=" Warum? ", proofs=["use-certificate"])
        assert renewed(process).state == State.WAITING
        stored = Question.objects.get(id=question.id)
        assert (stored.text, stored.proofs) == ("Warum?", ["use-certificate"])
        assert (stored.asked_at, stored.asked_by) == (AT, colleague().key)
        assert stored.is_open
        task = Task.objects.get()
        assert (task.kind, task.question_id, task.done_at) == ("await_answer", question.id, None)
        assert told(process.case_id)[-1] == "question_asked"

    @pytest.mark.parametrize(
        ("days", "due_on"),
        [
            (14, date(2026, 3, 24)),
            # The fourth day is a Saturday: § 31 (3) VwVfG.
            (4, date(2026, 3, 16)),
            # 4 April is Easter Saturday, Easter Monday the 6th.
            (25, date(2026, 4, 7)),
            (1, date(2026, 3, 11)),
            (90, date(2026, 6, 8)),
        ],
    )
    def test_gives_a_period_that_ends_on_a_working_day(self, days: int, due_on: date) -> None:
        process = submitted()
        assert ask(process, days=days).due_on == due_on
        deadline = Deadline.objects.get(case_id=process.case_id, event="question_asked")
        assert (deadline.ends_on, deadline.kind, deadline.rule) == (
            due_on,
            "procedural",
            "authority_period",
        )
        assert renewed(process).due_on == due_on

    def test_is_recorded_without_what_was_asked(self) -> None:
        process = submitted()
        question = ask(process, text="Sind Sie Đorđe?", proofs=["use-certificate"])
        assert recorded(process.case_id)[-2:] == ["process.state_changed", "question.asked"]
        values = json.loads(last_values(process.case_id))
        assert values["facts"] == {"proofs": ["use-certificate"], "due_on": "2026-03-24"}
        assert list(values["changes"]) == [f"question.{question.id}"]
        assert "Đorđe" not in last_values(process.case_id)

    def test_again_before_the_answer_waits_for_both(self) -> None:
        process = submitted()
        ask(process, days=7)
        ask(process, days=30)
        assert renewed(process).state == State.WAITING
        assert open_tasks(process) == ["await_answer"] * 2
        # The answer that is due first.
        assert renewed(process).due_on == date(2026, 3, 17)

    @pytest.mark.parametrize(
        ("asked", "faults"),
        [
            ({"text": " ", "proofs": []}, [("/text", "required")]),
            ({"proofs": ["photo"]}, [("/proofs", "proof_unknown")]),
            ({"days": 0}, [("/days", "out_of_range")]),
            ({"days": 91}, [("/days", "out_of_range")]),
            (
                {"text": "", "proofs": [], "days": -1},
                [("/text", "required"), ("/days", "out_of_range")],
            ),
        ],
    )
    def test_is_refused_when_it_makes_no_sense(self, asked: Any, faults: Any) -> None:
        process = submitted()
        with pytest.raises(Invalid) as refusal:
            ask(process, **asked)
        assert [(error.pointer, error.rule) for error in refusal.value.errors] == faults
        assert renewed(process).state == State.RECEIVED
        assert not Question.objects.exists()

    def test_names_the_proofs_that_can_be_asked_for(self) -> None:
        with pytest.raises(Invalid) as refusal:
            ask(submitted(), proofs=["photo"])
        known = ["registration-certificate", "use-certificate"]
        assert refusal.value.errors == (FieldError("/proofs", "proof_unknown", {"allowed": known}),)

    def test_is_for_a_proof_without_a_word_too(self) -> None:
        assert ask(submitted(), text="", proofs=["use-certificate"]).text == ""

    def test_is_for_those_who_may_while_it_matters(self) -> None:
        process = submitted()
        sound: dict[str, Any] = {"text": "Warum?", "proofs": [], "days": 14, "at": AT}
        with pytest.raises(ActionNotGranted):
            ask_applicant(process.case_id, by=portal(), **sound)
        with pytest.raises(NotFound):
            ask_applicant(process.case_id, by=colleague("j.kessler"), **sound)
        with pytest.raises(CaseChanged):
            ask_applicant(process.case_id, by=colleague(), revision=4, **sound)
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        with pytest.raises(StepNotPossible):
            ask_applicant(process.case_id, by=colleague(), **sound)


class TestAnswering:
    def test_moves_the_case_on_and_calls_somebody_to_look(self) -> None:
        process = submitted()
        question = ask(process)
        acknowledged = say(process, question.id)
        assert acknowledged.keys() == {"id", "question", "received_at", "state"}
        assert (acknowledged["question"], acknowledged["state"]) == (str(question.id), "accepted")
        assert renewed(process).state == State.IN_EXAMINATION
        assert open_tasks(process) == ["review_answer"]
        assert Task.objects.get(question=question.id).done_by == "portal:portal"
        assert not Deadline.objects.filter(event="question_asked", is_running=True).exists()
        # Three working days for a reply, the processing target being later.
        assert renewed(process).due_on == date(2026, 3, 16)
        assert told(process.case_id)[-1] == "answer_received"
        assert recorded(process.case_id)[-2:] == ["question.answered", "process.state_changed"]

    def test_puts_what_was_said_and_sent_on_file(self) -> None:
        process = submitted()
        question = ask(process, proofs=["use-certificate"])
        sent = [
            {"upload": uploaded(portal(), filename="Nutzung.pdf"), "proof": "use-certificate"},
            {"upload": uploaded(portal(), filename="Foto.pdf")},
        ]
        say(process, question.id, "Anbei.", attachments=sent, form={"keeper": "family"})
        message = Message.objects.get(case_id=process.case_id)
        assert (message.direction, message.text) == ("in", "Anbei.")
        filed = Document.objects.filter(case_id=process.case_id, filed_at=AT + DAY)
        assert set(filed.values_list("kind", "title", "proof", "direction")) == {
            ("proof", "Bescheinigung, dass Sie das Auto dauerhaft nutzen", "use-certificate", "in"),
            ("attachment", "Foto.pdf", "", "in"),
        }
        stored = Question.objects.get(id=question.id)
        assert stored.answer == {
            "question": str(question.id),
            "text": "Anbei.",
            "form": {"keeper": "family"},
            "attachments": sent,
        }

    def test_asks_for_the_checks_to_be_run_again(self) -> None:
        process = submitted()
        question = ask(process)
        Delivery.objects.all().delete()
        say(process, question.id)
        assert set(Delivery.objects.values_list("reaction", flat=True)) == {"checks.run"}

    def test_moves_the_case_on_only_with_the_last_answer(self) -> None:
        process = submitted()
        first, second = ask(process), ask(process)
        say(process, second.id)
        assert renewed(process).state == State.WAITING
        assert open_tasks(process) == ["await_answer", "review_answer"]
        say(process, first.id)
        assert renewed(process).state == State.IN_EXAMINATION
        assert told(process.case_id).count("answer_received") == 1

    def test_with_a_form_alone_is_an_answer(self) -> None:
        process = submitted()
        say(process, ask(process).id, "", form={"keeper": "self"})
        assert renewed(process).state == State.IN_EXAMINATION
        assert not Message.objects.exists()

    def test_twice_under_one_key_is_one_answer(self) -> None:
        process = submitted()
        question = ask(process)
        first = say(process, question.id, key="key")
        assert say(process, question.id, key="key") == first
        assert Message.objects.count() == 1
        with pytest.raises(KeyReused):
            say(process, question.id, "Doch nicht ich.", key="key")

    def test_of_another_submission_does_not_share_a_key(self) -> None:
        process, other = submitted(), submitted()
        question = ask(process)
        say(process, question.id, key="key")
        with pytest.raises(KeyReused):
            say(other, question.id, key="key")


class TestARefusedAnswer:
    def refusal_of(self, process: Process, question: UUID, *sent: Any, **more: Any) -> list[Any]:
        with pytest.raises(Invalid) as refusal:
            say(process, question, *sent, key="key", **more)
        assert not IdempotencyKey.objects.filter(key="key").exists()
        return [(error.pointer, error.rule) for error in refusal.value.errors]

    def test_says_nothing(self) -> None:
        process = submitted()
        assert self.refusal_of(process, ask(process).id, "  ") == [("/text", "required")]

    def test_names_another_cases_question(self) -> None:
        process = submitted()
        foreign = ask(submitted())
        ask(process)
        expected = [("/question", "unknown_question")]
        assert self.refusal_of(process, foreign.id) == expected
        assert self.refusal_of(process, uuid7()) == expected

    def test_names_an_upload_that_is_not_there_and_uses_none(self) -> None:
        process = submitted()
        question = ask(process)
        good = {"upload": uploaded(portal())}
        foreign = {"upload": uploaded(portal("other"))}
        assert self.refusal_of(process, question.id, attachments=[good, foreign]) == [
            ("/attachments/1/upload", "upload_not_available")
        ]
        assert Upload.objects.get(id=good["upload"]).claimed_at is None
        assert renewed(process).state == State.WAITING

    def test_names_a_proof_nobody_knows(self) -> None:
        process = submitted()
        sent = [{"upload": uploaded(portal()), "proof": "photo"}]
        assert self.refusal_of(process, ask(process).id, attachments=sent) == [
            ("/attachments/0/proof", "proof_unknown")
        ]

    def test_comes_too_late(self) -> None:
        process = submitted()
        question = ask(process)
        say(process, question.id)
        with pytest.raises(QuestionNotOpen):
            say(process, question.id, "Noch etwas.")

    @pytest.mark.parametrize("end", ["granted", "withdrawn", "dropped"])
    def test_is_awaited_by_nobody_any_more(self, end: str) -> None:
        process = submitted()
        question = ask(process)
        if end == "granted":
            decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        elif end == "withdrawn":
            withdraw(process.case_id, reason="", by=portal(), at=AT)
        else:
            drop_question(process.case_id, question.id, by=colleague(), at=AT)
        with pytest.raises(QuestionNotOpen):
            say(process, question.id)
        assert not Message.objects.exists()

    def test_comes_from_somebody_else(self) -> None:
        process = submitted()
        question = ask(process)
        with pytest.raises(NotFound):
            say(process, question.id, by=portal("other"))


class TestAnsweringAfterTheCaseWasClosed:
    @pytest.fixture
    def closed(self) -> tuple[Process, Question]:
        process = submitted()
        question = ask(process)
        withdraw(process.case_id, reason="", by=colleague(), at=AT)
        fire(process.case_id, Step.CLOSE, by=colleague(), at=AT)
        return renewed(process), question

    def test_lies_in_the_inbox_for_a_person(self, closed: tuple[Process, Question]) -> None:
        process, question = closed
        upload = uploaded(portal(), filename="Nachtrag.pdf")
        sent = [{"upload": upload, "proof": "use-certificate"}]
        acknowledged = say(process, question.id, "Zu spät?", attachments=sent, key="key")
        item = InboxItem.objects.get()
        assert (acknowledged["id"], acknowledged["state"]) == (str(item.id), "in_clarification")
        assert (item.reason, item.case_id, item.scope) == (
            "closed_case",
            process.case_id,
            process.scope,
        )
        assert (item.content["text"], item.content["form"]) == ("Zu spät?", {})
        (attachment,) = item.content["attachments"]
        assert (attachment["upload"], attachment["filename"]) == (upload, "Nachtrag.pdf")
        assert Upload.objects.get(id=upload).claimed_at
        assert recorded(process.case_id)[-1] == "submission.kept_for_clarification"
        assert say(process, question.id, "Zu spät?", attachments=sent, key="key") == acknowledged

    def test_changes_nothing_on_the_file(self, closed: tuple[Process, Question]) -> None:
        process, question = closed
        say(process, question.id)
        assert renewed(process).state == State.CLOSED
        assert not Message.objects.exists()
        assert open_tasks(process) == []


class TestDropping:
    def test_lets_the_case_go_on_without_an_answer(self) -> None:
        process = submitted()
        question = ask(process)
        drop_question(process.case_id, question.id, by=colleague(), at=AT + DAY)
        assert renewed(process).state == State.IN_EXAMINATION
        assert Question.objects.get().dropped_at == AT + DAY
        assert open_tasks(process) == []
        assert not Deadline.objects.filter(event="question_asked", is_running=True).exists()
        assert renewed(process).due_on == date(2026, 3, 25)  # the target, a day later for its pause
        assert json.loads(last_values(process.case_id))["facts"] == {
            "step": "receive_answer",
            "dropped": str(question.id),
        }

    def test_does_not_tell_the_applicant_of_an_answer(self) -> None:
        process = submitted()
        drop_question(process.case_id, ask(process).id, by=colleague(), at=AT)
        assert told(process.case_id) == ["received", "question_asked", "examination_started"]

    def test_drops_whatever_else_was_asked(self) -> None:
        process = submitted()
        first, _ = ask(process), ask(process)
        drop_question(process.case_id, first.id, by=colleague(), at=AT)
        assert not Question.objects.filter(dropped_at=None).exists()
        assert open_tasks(process) == []

    def test_is_refused_for_a_question_that_is_not_open_here(self) -> None:
        process, other = submitted(), submitted()
        ask(process)
        for question in (ask(other).id, uuid7()):
            with pytest.raises(QuestionNotOpen):
                drop_question(process.case_id, question, by=colleague(), at=AT)
        assert renewed(process).state == State.WAITING

    def test_is_for_those_who_may_while_the_case_waits(self) -> None:
        process = submitted()
        question = ask(process)
        with pytest.raises(ActionNotGranted):
            drop_question(process.case_id, question.id, by=colleague("r.sandmann"), at=AT)
        say(process, question.id)
        with pytest.raises(StepNotPossible):
            drop_question(process.case_id, question.id, by=colleague(), at=AT)


@pytest.mark.django_db(transaction=True)
def test_twenty_last_answers_at_once_move_the_case_on_exactly_once() -> None:
    process = submitted()
    questions = [ask(process).id for _ in range(20)]
    by = portal()
    answers = together(20, lambda number: say(process, questions[number], by=by))
    assert refused(answers) == []
    assert {one["state"] for one in answered(answers)} == {"accepted"}
    assert renewed(process).state == State.IN_EXAMINATION
    assert told(process.case_id).count("answer_received") == 1
    assert open_tasks(process) == ["review_answer"] * 20
