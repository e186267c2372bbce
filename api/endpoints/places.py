"""Places from a waiting list: accepted or declined by the applicant."""

from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from api.operations import (
    IDEMPOTENCY_KEY,
    JSON_FAULTS,
    REPLAYED,
    SUBMISSION_ID,
    answer,
    json_body,
    operation,
)
from api.parsers import idempotency_key
from api.schemas import PLACE_ANSWER
from api.view import PortalView, acknowledged
from efile.kernel.clock import now
from efile.kernel.errors import NotFound
from efile.policy import ActionNotGranted
from workflows.machine import InClarification
from workflows.repeat import KeyReused
from workflows.waiting.answers import PlaceNotOffered, PlaceOfferLapsed, answer_submission


class PlaceAnswer(PortalView):
    """The answer to the offer of a place."""

    required_scope = "answer"

    @operation(
        "answerPlaceOffer",
        "Accept or decline an offered place",
        scope="answer",
        answers={
            200: answer("Taken or declined", "PlaceAnswered", {"Idempotent-Replayed": REPLAYED})
        },
        refuses=[
            *JSON_FAULTS,
            ActionNotGranted,
            NotFound,
            InClarification,
            PlaceNotOffered,
            PlaceOfferLapsed,
            KeyReused,
        ],
        body=json_body("PlaceAnswer"),
        parameters=[SUBMISSION_ID, IDEMPOTENCY_KEY],
        description="A place that is declined goes to the next in line; the applicant stays on the "
        "list and takes part in the next allocation.",
    )
    def post(self, request: Request, submission: UUID) -> HttpResponse:
        said = PLACE_ANSWER.read(request).value
        text, replayed = answer_submission(
            submission,
            said["answer"],
            key=idempotency_key(request),
            by=self.actor,
            at=now(),
        )
        return acknowledged(text, replayed, status=200)
