"""Checking a submission while it is filled in; nothing is handed in."""

from collections.abc import Sequence
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from api.language import language_for
from api.operations import JSON_FAULTS, answer, json_body, operation, query
from api.problems import Malformed, told_fault
from api.schemas import SUBMISSION_DRAFT
from api.view import PortalView
from efile.kernel.clock import now
from efile.kernel.errors import FieldError
from efile.policy import ServiceNotGranted
from workflows.catalogue.money import Fee
from workflows.catalogue.pointers import within
from workflows.trial_intake import Trial, try_out

_ONLY = {"type": "array", "items": {"type": "string", "pattern": "^(/.*)?$"}}


class Validations(PortalView):
    """Whether a submission would be taken."""

    required_scope = "submit"

    @operation(
        "validate",
        "Check an application without handing it in",
        scope="submit",
        answers={200: answer("Every fault; none: it would be filed", "Validation")},
        refuses=[*JSON_FAULTS, ServiceNotGranted],
        body=json_body("SubmissionDraft"),
        parameters=[
            query("only", _ONLY, "Only faults at these JSON pointers and below; valid too.")
        ],
        description="By the rules by which it would be taken. Nothing is written, and no upload, "
        "slot or key is used up; a slot or an upload may be gone by the time it is handed in.",
    )
    def post(self, request: Request) -> Response:
        only = _pointers(request)
        sent = SUBMISSION_DRAFT.read(request).value
        trial = try_out(sent, by=self.actor, at=now())
        return Response(_told(trial, only, language_for(request._request)))


def _told(trial: Trial, only: Sequence[str], language: str) -> dict[str, Any]:
    found = [
        one for one in trial.errors if not only or any(within(part, one.pointer) for part in only)
    ]
    return {
        "valid": not found,
        "errors": [told_fault(one, language) for one in found],
        "service_version": trial.offer.version.number if trial.offer else None,
        "fee": _fee(trial.fee, language),
        "missing_proofs": [
            {"key": one.key, "title": one.title.in_(language)} for one in trial.missing_proofs
        ],
        "deadlines": [
            {
                "key": one.rule.key,
                "title": one.rule.title.in_(language),
                "ends_on": one.ends_on.isoformat(),
            }
            for one in trial.deadlines
        ],
    }


def _fee(fee: Fee | None, language: str) -> dict[str, Any] | None:
    if fee is None:
        return None
    return {
        "cents": fee.cents,
        "currency": fee.currency,
        "legal_basis": fee.legal_basis,
        "positions": [
            {
                "key": line.key,
                "title": line.title.in_(language),
                "quantity": line.quantity,
                "cents_each": line.cents_each,
            }
            for line in fee.positions
        ],
    }


def _pointers(request: Request) -> list[str]:
    """The parts of the body that are asked for; none: all of it. Refuses: Malformed."""
    found = request.query_params.getlist("only")
    if not all(one == "" or one.startswith("/") for one in found):
        facts = {"parameter": "only", "format": "json-pointer"}
        raise Malformed([FieldError("", "format", facts)])
    return found
