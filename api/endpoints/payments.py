"""News of a payment: a reason to ask the platform, and nothing more."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from api.operations import SUBMISSION_ID, answer, operation
from api.view import PortalView
from efile.kernel.clock import now
from efile.kernel.errors import NotFound
from workflows.machine import InClarification
from workflows.payments.asking import note_news


class Payment(PortalView):
    """The payment of a submission."""

    required_scope = "answer"

    @operation(
        "notePayment",
        "Something happened to the payment: look",
        scope="answer",
        answers={202: answer("What is known so far; the platform is being asked", "PaymentNews")},
        refuses=[NotFound, InClarification],
        parameters=[SUBMISSION_ID],
        description="To be called when people come back from the payment page. Without a body: "
        "what the browser brought along is not believed, the city asks its platform itself. A "
        "payment that failed or was given up is demanded once more; the event `payment_requested` "
        "tells when it can be paid.",
    )
    def post(self, _request: Request, submission: UUID) -> Response:
        known = note_news(submission, by=self.actor, at=now())
        return Response({"payment": known}, status=202)
