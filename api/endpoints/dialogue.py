"""Answers to questions, and messages to and fro."""

from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from api.operations import (
    IDEMPOTENCY_KEY,
    JSON_FAULTS,
    REPLAYED,
    SUBMISSION_ID,
    answer,
    json_body,
    leads_to,
    operation,
    path,
)
from api.parsers import idempotency_key
from api.schemas import ANSWER, MESSAGE
from api.schemas.parts import UUID as UUID_SCHEMA
from api.view import PortalView, acknowledged
from efile.filing import TextIsEmpty
from efile.kernel.clock import now
from efile.kernel.errors import Invalid, NotFound
from efile.policy import ActionNotGranted
from workflows import correspondence, questions
from workflows.machine import InClarification, StepNotPossible
from workflows.questions import QuestionNotOpen
from workflows.repeat import KeyReused

_REPLAYED = {"Idempotent-Replayed": REPLAYED}
_LATEST = leads_to(
    "markMessageRead",
    submission="$request.path.submission",
    message="$response.body#/messages/0/id",
)


class Answers(PortalView):
    """The answer to an open question."""

    required_scope = "answer"

    @operation(
        "answer",
        "Answer a question",
        scope="answer",
        answers={
            201: answer("Taken; the case moves on", "Received", _REPLAYED),
            202: answer("The case is closed; a person looks at it", "Received", _REPLAYED),
        },
        refuses=[*JSON_FAULTS, ActionNotGranted, NotFound, QuestionNotOpen, KeyReused, Invalid],
        body=json_body("Answer"),
        parameters=[SUBMISSION_ID, IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, submission: UUID) -> HttpResponse:
        said = ANSWER.read(request).value
        text, replayed = questions.answer(
            submission,
            question=UUID(said["question"]),
            text=said.get("text", ""),
            form=said.get("form"),
            attachments=said.get("attachments", []),
            key=idempotency_key(request),
            by=self.actor,
            at=now(),
        )
        return acknowledged(text, replayed)


class Messages(PortalView):
    """All messages of a submission, and a new one."""

    @property
    def required_scope(self) -> str:  # type: ignore[override]
        return "read" if self.request.method == "GET" else "answer"

    @operation(
        "listMessages",
        "The messages of a submission, oldest first",
        scope="read",
        answers={200: answer("Both ways, with read markers", "Messages", links=[_LATEST])},
        refuses=[NotFound],
        parameters=[SUBMISSION_ID],
    )
    def get(self, _request: Request, submission: UUID) -> Response:
        return Response({"messages": correspondence.messages(submission, by=self.actor)})

    @operation(
        "writeMessage",
        "Write to the office",
        scope="answer",
        answers={
            201: answer("Written", "Received", _REPLAYED),
            202: answer("The case is closed; a person looks at it", "Received", _REPLAYED),
        },
        refuses=[*JSON_FAULTS, NotFound, InClarification, KeyReused, TextIsEmpty, Invalid],
        body=json_body("NewMessage"),
        parameters=[SUBMISSION_ID, IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, submission: UUID) -> HttpResponse:
        said = MESSAGE.read(request).value
        text, replayed = correspondence.write_to_office(
            submission,
            said["text"],
            attachments=said.get("attachments", []),
            key=idempotency_key(request),
            by=self.actor,
            at=now(),
        )
        return acknowledged(text, replayed)


class MessageRead(PortalView):
    """The applicant's read marker on a message of the office."""

    required_scope = "answer"

    @operation(
        "markMessageRead",
        "Say that the applicant has read a message",
        scope="answer",
        answers={200: answer("When that was first said", "ReadMarker")},
        refuses=[NotFound, InClarification, StepNotPossible],
        parameters=[SUBMISSION_ID, path("message", UUID_SCHEMA, "The message's id.")],
    )
    def put(self, _request: Request, submission: UUID, message: UUID) -> Response:
        read_at = correspondence.mark_read(submission, message, by=self.actor, at=now())
        return Response({"read_at": read_at.isoformat()})
