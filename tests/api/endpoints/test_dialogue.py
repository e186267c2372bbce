"""Questions answered, messages written and read, through the portal."""

from typing import Any

import pytest

from efile.kernel.clock import now
from efile.models import Message
from tests import factories
from tests.api.calling import Portal
from workflows import correspondence
from workflows.decisions import decide
from workflows.endings import close
from workflows.late_post import take_up_post
from workflows.machine import Step
from workflows.models import Process, Question, State, Task
from workflows.questions import ask_applicant

Json = dict[str, Any]
UNKNOWN = "01890000-0000-7000-8000-000000000001"

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(portal: Portal) -> Process:
    """A case of the portal."""
    return Process.objects.select_related("case").get(submission=portal.submitted()["id"])


@pytest.fixture
def question(process: Process) -> Question:
    """Something that a colleague wants to see."""
    return ask_applicant(
        process.case_id,
        text="Bitte weisen Sie die Nutzung nach.",
        proofs=["use-certificate"],
        days=14,
        by=factories.colleague(),
        at=now(),
    )


def here(process: Process) -> str:
    return f"submissions/{process.submission}"


def closed(portal: Portal, process: Process) -> None:
    """The case is withdrawn and closed."""
    portal.post(f"{here(process)}/withdrawal", {})
    close(process.case_id, by=factories.colleague(), at=now())


class TestAQuestion:
    def test_is_open_at_the_portal(
        self, portal: Portal, process: Process, question: Question
    ) -> None:
        status = portal.get(here(process)).json
        assert status["state"] == "waiting_for_you"
        [asked] = status["open_questions"]
        assert (asked["id"], asked["text"]) == (str(question.id), question.text)
        assert asked["proofs"] == [
            {
                "key": "use-certificate",
                "title": "Bescheinigung, dass Sie das Auto dauerhaft nutzen",
            }
        ]


class TestAnAnswer:
    def test_moves_the_case_on(self, portal: Portal, process: Process, question: Question) -> None:
        body = {
            "question": str(question.id),
            "text": "Anbei.",
            "attachments": [{"upload": portal.upload(), "proof": "use-certificate"}],
        }
        answer = portal.post(f"{here(process)}/answers", body)
        assert (answer.status, answer.json["state"]) == (201, "accepted")
        status = portal.get(here(process)).json
        assert (status["state"], status["open_questions"]) == ("in_examination", [])
        assert len(status["documents"]) == 2
        assert not Task.objects.filter(kind="await_answer", done_at__isnull=True).exists()

    def test_is_safe_to_repeat_under_its_key(
        self, portal: Portal, process: Process, question: Question
    ) -> None:
        body = {"question": str(question.id), "text": "Ja."}
        first, again = (portal.post(f"{here(process)}/answers", body, key="a") for _ in range(2))
        assert (again.status, again.bytes) == (201, first.bytes)
        assert again.headers["Idempotent-Replayed"] == "true"

    def test_is_given_once(self, portal: Portal, process: Process, question: Question) -> None:
        body = {"question": str(question.id), "text": "Ja."}
        portal.post(f"{here(process)}/answers", body)
        answer = portal.post(f"{here(process)}/answers", body)
        assert (answer.status, answer.code) == (409, "question_not_open")

    @pytest.mark.parametrize(
        ("body", "status", "fault"),
        [
            ({"question": UNKNOWN, "text": "?"}, 422, ("/question", "unknown_question")),
            ({"question": "17"}, 400, ("/question", "format")),
            ({"text": "Ja"}, 400, ("/question", "required")),
            ({"question": UNKNOWN, "text": "x" * 20_001}, 400, ("/text", "max_length")),
            ({"question": UNKNOWN, "form": []}, 400, ("/form", "type")),
        ],
    )
    def test_must_answer_something(
        self, portal: Portal, process: Process, body: Json, status: int, fault: tuple[str, str]
    ) -> None:
        answer = portal.post(f"{here(process)}/answers", body)
        assert (answer.status, answer.faults) == (status, {fault})

    def test_must_say_something(self, portal: Portal, process: Process, question: Question) -> None:
        answer = portal.post(f"{here(process)}/answers", {"question": str(question.id)})
        assert (answer.status, answer.faults) == (422, {("/text", "required")})

    def test_to_a_closed_case_is_kept_for_a_person(
        self, portal: Portal, process: Process, question: Question
    ) -> None:
        closed(portal, process)
        body = {"question": str(question.id), "text": "Doch noch."}
        answer = portal.post(f"{here(process)}/answers", body)
        assert (answer.status, answer.json["state"]) == (202, "in_clarification")


class TestAMessage:
    def test_reaches_the_office(self, portal: Portal, process: Process) -> None:
        answer = portal.post(f"{here(process)}/messages", {"text": "Wie lange noch?"})
        assert answer.status == 201
        [message] = portal.get(f"{here(process)}/messages").json["messages"]
        assert (message["id"], message["direction"]) == (answer.json["id"], "in")
        assert (message["text"], message["read_at"]) == ("Wie lange noch?", None)
        assert Task.objects.filter(kind="review_answer", done_at__isnull=True).exists()

    def test_is_marked_once_the_office_has_read_it(self, portal: Portal, process: Process) -> None:
        portal.post(f"{here(process)}/messages", {"text": "Wie lange noch?"})
        correspondence.note_reading(process.case_id, by=factories.colleague(), at=now())
        [message] = portal.get(f"{here(process)}/messages").json["messages"]
        assert message["read_at"]

    def test_brings_files_along(self, portal: Portal, process: Process) -> None:
        sent = [
            {"upload": portal.upload(), "title": "Foto vom Stellplatz"},
            {"upload": portal.upload(name="Vertrag.pdf")},
        ]
        body = {"text": "Anbei.", "attachments": sent}
        first, again = (portal.post(f"{here(process)}/messages", body, key="m") for _ in range(2))
        assert (first.status, again.bytes) == (201, first.bytes)
        [message] = portal.get(f"{here(process)}/messages").json["messages"]
        assert [one["title"] for one in message["attachments"]] == [
            "Foto vom Stellplatz",
            "Vertrag.pdf",
        ]
        for one in message["attachments"]:
            got = portal.get(f"{here(process)}/documents/{one['id']}", {"Range": "bytes=0-4"})
            assert (got.status, got.bytes) == (206, b"%PDF-")
        filed = {one["id"]: one["kind"] for one in portal.get(here(process)).json["documents"]}
        assert {filed[one["id"]] for one in message["attachments"]} == {"attachment"}

    def test_brings_only_what_is_its_senders(self, portal: Portal, process: Process) -> None:
        foreign = Portal().upload()
        body = {"text": "Anbei.", "attachments": [{"upload": foreign}]}
        answer = portal.post(f"{here(process)}/messages", body)
        assert (answer.status, answer.faults) == (
            422,
            {("/attachments/0/upload", "upload_not_available")},
        )
        assert portal.get(f"{here(process)}/messages").json["messages"] == []

    def test_to_a_closed_case_is_kept_with_what_came_along(
        self, portal: Portal, process: Process
    ) -> None:
        closed(portal, process)
        sent = [{"upload": portal.upload(), "title": "Nachtrag"}]
        answer = portal.post(
            f"{here(process)}/messages", {"text": "Doch noch.", "attachments": sent}
        )
        assert (answer.status, answer.json["state"]) == (202, "in_clarification")
        head = factories.colleague("t.oyelaran")
        take_up_post(answer.json["id"], reason="Post", by=head, at=now())
        [message] = portal.get(f"{here(process)}/messages").json["messages"]
        assert [one["title"] for one in message["attachments"]] == ["Nachtrag"]

    def test_comes_from_the_office_too(self, portal: Portal, process: Process) -> None:
        sent = correspondence.write_to_applicant(
            process.case_id, "Noch eine Woche.", by=factories.colleague(), at=now()
        )
        [message] = portal.get(f"{here(process)}/messages").json["messages"]
        assert (message["id"], message["direction"]) == (str(sent.id), "out")
        assert portal.get("events").json["events"][-1]["type"] == "message_sent"

    def test_is_marked_once_the_applicant_has_read_it(
        self, portal: Portal, process: Process
    ) -> None:
        sent = correspondence.write_to_applicant(
            process.case_id, "Noch eine Woche.", by=factories.colleague(), at=now()
        )
        address = f"{here(process)}/messages/{sent.id}/read"
        first, again = (portal.call("PUT", address) for _ in range(2))
        assert (first.status, again.json) == (200, first.json)
        [message] = portal.get(f"{here(process)}/messages").json["messages"]
        assert message["read_at"] == first.json["read_at"]

    def test_of_ones_own_is_not_ones_own_to_mark(self, portal: Portal, process: Process) -> None:
        sent = portal.post(f"{here(process)}/messages", {"text": "Hallo"}).json
        answer = portal.call("PUT", f"{here(process)}/messages/{sent['id']}/read")
        assert answer.status == 404

    def test_is_safe_to_repeat_under_its_key(self, portal: Portal, process: Process) -> None:
        address = f"{here(process)}/messages"
        first, again = (portal.post(address, {"text": "Hallo"}, key="m") for _ in range(2))
        assert again.bytes == first.bytes
        assert Message.objects.count() == 1

    @pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": " \n"}, {"text": 1}, {"txt": "a"}])
    def test_has_a_text(self, portal: Portal, process: Process, body: Json) -> None:
        assert portal.post(f"{here(process)}/messages", body).status == 400

    def test_to_a_closed_case_is_kept_for_a_person(self, portal: Portal, process: Process) -> None:
        closed(portal, process)
        answer = portal.post(f"{here(process)}/messages", {"text": "Ich widerspreche."})
        assert (answer.status, answer.json["state"]) == (202, "in_clarification")
        assert portal.get(f"{here(process)}/messages").json["messages"] == []

    def test_waits_for_somebody_competent(self, portal: Portal) -> None:
        receipt = portal.submit({"service": "none", "form": {}, "on_invalid": "clarify"}).json
        address = f"submissions/{receipt['id']}/messages"
        answer = portal.post(address, {"text": "Hallo?"})
        assert (answer.status, answer.code) == (409, "in_clarification")
        assert portal.get(address).json["messages"] == []


class TestADecision:
    def test_reaches_the_applicant_by_being_fetched(self, portal: Portal, process: Process) -> None:
        decide(process.case_id, Step.GRANT, by=factories.colleague(), at=now())
        factories.drained()
        status = portal.get(here(process)).json
        assert (status["state"], status["decision"]) == ("decided", "granted")
        [letter] = [one for one in status["documents"] if one["kind"] == "decision"]
        assert portal.get(f"{here(process)}/documents/{letter['id']}").bytes.startswith(b"%PDF")
        assert factories.renewed(process).state == State.NOTIFIED
