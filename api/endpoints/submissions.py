"""Applications: handed in, asked after, withdrawn."""

import json
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
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
    of_submission,
    operation,
    shown,
)
from api.parsers import idempotency_key
from api.schemas import SUBMISSION, WITHDRAWAL
from api.view import PortalView, acknowledged
from efile.kernel.clock import now
from efile.kernel.errors import Invalid, NotFound
from efile.policy import ActionNotGranted, ServiceNotGranted
from workflows.endings import withdraw_submission
from workflows.envelope import Envelope
from workflows.intake import accept
from workflows.machine import StepNotPossible
from workflows.public import public_status
from workflows.repeat import KeyReused
from workflows.slots import NoSlot, SlotTaken

_LOCATION = {"Location": shown("Where its status is."), "Idempotent-Replayed": REPLAYED}


# Everything that can be done with a submission once there is a receipt.
_WRITTEN = {"text": "Wie lange dauert es noch?"}
_FROM_HERE = [
    *of_submission(
        "getSubmission",
        "getReceipt",
        "listMessages",
        "answer",
        "moveAppointment",
        "notePayment",
        "answerPlaceOffer",
        "withdraw",
    ),
    leads_to("writeMessage", submission="$response.body#/id", body=_WRITTEN),
]
_HERE = "$request.path.submission"
_DETAILS = [
    leads_to("getDocument", submission=_HERE, document="$response.body#/documents/0/id"),
    leads_to(
        "answer",
        submission=_HERE,
        body={"question": "$response.body#/open_questions/0/id", "text": "Ja."},
    ),
]


class Submissions(PortalView):
    """A new submission."""

    required_scope = "submit"

    @operation(
        "submit",
        "Hand in an application",
        scope="submit",
        answers={
            201: answer("The receipt of a new case", "Receipt", _LOCATION, _FROM_HERE),
            202: answer("Kept for clarification: no case yet", "Receipt", _LOCATION, _FROM_HERE),
        },
        refuses=[*JSON_FAULTS, ServiceNotGranted, KeyReused, SlotTaken, NoSlot, Invalid],
        body=json_body("Submission"),
        parameters=[IDEMPOTENCY_KEY | {"required": True}],
        description="Safe to repeat, in parallel and after any breakdown: one key, one case, one "
        "receipt. A refused call uses up neither key nor uploads.",
    )
    def post(self, request: Request) -> HttpResponse:
        key = idempotency_key(request, required=True)
        sent = SUBMISSION.read(request)
        receipt, replayed = accept(
            Envelope(sent.text, sent.value), key=str(key), by=self.actor, at=now()
        )
        response = acknowledged(receipt, replayed)
        response["Location"] = reverse("api:submission", args=[json.loads(receipt)["id"]])
        return response


class Submission(PortalView):
    """Where a submission stands."""

    required_scope = "read"

    @operation(
        "getSubmission",
        "Where a submission stands",
        scope="read",
        answers={200: answer("State, questions, events and documents", "Status", links=_DETAILS)},
        refuses=[NotFound],
        parameters=[SUBMISSION_ID],
    )
    def get(self, _request: Request, submission: UUID) -> Response:
        return Response(public_status(submission, by=self.actor))


class Withdrawal(PortalView):
    """The end of a submission, by its sender."""

    required_scope = "answer"

    @operation(
        "withdraw",
        "Withdraw a submission",
        scope="answer",
        answers={200: answer("Withdrawn", "Withdrawn", {"Idempotent-Replayed": REPLAYED})},
        refuses=[*JSON_FAULTS, ActionNotGranted, NotFound, StepNotPossible, KeyReused],
        body=json_body("Withdrawal", required=False),
        parameters=[SUBMISSION_ID, IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, submission: UUID) -> HttpResponse:
        reason = WITHDRAWAL.read(request, optional=True).value.get("reason", "")
        text, replayed = withdraw_submission(
            submission,
            reason=reason,
            key=idempotency_key(request),
            by=self.actor,
            at=now(),
        )
        return acknowledged(text, replayed, status=200)
