"""Offers unasked: what registers report, which offers there are, and how they are answered."""

import json
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from api.language import language_for
from api.operations import (
    IDEMPOTENCY_KEY,
    JSON_FAULTS,
    REPLAYED,
    answer,
    json_body,
    operation,
    path,
    query,
    shown,
)
from api.parsers import idempotency_key
from api.problems import Malformed
from api.schemas import ACCEPTANCE, OCCASION, OFFER_SEARCH, REJECTION
from api.schemas.parts import UUID as UUID_SCHEMA
from api.view import PortalView, acknowledged
from efile.kernel.clock import now
from efile.kernel.errors import FieldError, Invalid, NotFound
from efile.policy import ServiceNotGranted
from efile.spelling import storable
from workflows.proactive.answering import (
    NotTheHolder,
    OfferHasLapsed,
    OfferIsOvertaken,
    OfferIsSettled,
    accept_offer,
    decline_offer,
)
from workflows.proactive.occasions import report
from workflows.proactive.told import list_offers, offers_of_person
from workflows.repeat import KeyReused
from workflows.slots import NoSlot, SlotTaken

_OFFER_ID: Final = path("offer", UUID_SCHEMA, "The offer's id.")
_REPLAYED: Final = {"Idempotent-Replayed": REPLAYED}
_STATES: Final = ("open", "accepted", "declined", "lapsed", "withdrawn")
_USUAL: Final = 100
_MOST: Final = 500


class Occasions(PortalView):
    """What another register knows."""

    required_scope = "occasions"

    @operation(
        "reportOccasion",
        "Report a move, a birth or a new business",
        scope="occasions",
        answers={201: answer("Taken, and what is offered for it", "Reported", _REPLAYED)},
        refuses=[*JSON_FAULTS, KeyReused, Invalid],
        body=json_body("Occasion"),
        parameters=[IDEMPOTENCY_KEY | {"required": True}],
        description="For registers. Every service that names the occasion is offered, where law "
        "allows it or the person agreed; the pseudonym is hashed at once.",
        tag="Offers",
    )
    def post(self, request: Request) -> HttpResponse:
        key = idempotency_key(request, required=True)
        said = OCCASION.read(request).value
        return acknowledged(*report(said, key=str(key), by=self.actor, at=now()))


class Offers(PortalView):
    """The offers a portal may know of."""

    required_scope = "read"

    @operation(
        "listOffers",
        "Services offered unasked",
        scope="read",
        answers={200: answer("At most limit offers, oldest first", "Offers")},
        refuses=[Malformed],
        parameters=[
            query("after", UUID_SCHEMA, "next of the last answer; without it, from the first."),
            query(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": _MOST, "default": _USUAL},
                "At most so many.",
            ),
            query("submission", UUID_SCHEMA, "Only those for what this submission led to."),
            query("reported", UUID_SCHEMA, "Only those for this occasion."),
            query("service", {"type": "string"}, "Only those of this service."),
            query("state", {"enum": [*_STATES]}, "Only those in this state."),
        ],
        description="Those for what came of the client's own submissions; with the scope offers "
        "also those for what registers reported.",
        tag="Offers",
    )
    def get(self, request: Request) -> Response:
        page = list_offers(
            by=self.actor,
            language=language_for(request._request),
            after=_uuid(request, "after"),
            limit=_limit(request),
            **_wanted(request),
        )
        return Response({"offers": page.offers, "next": page.next})


class OfferSearch(PortalView):
    """The offers to one person."""

    required_scope = "read"

    @operation(
        "findOffers",
        "The open offers to whoever is signed in",
        scope="read",
        answers={200: answer("At most 100 offers, oldest first", "PersonsOffers")},
        refuses=[*JSON_FAULTS],
        body=json_body("OfferSearch"),
        tag="Offers",
    )
    def post(self, request: Request) -> Response:
        said = OFFER_SEARCH.read(request).value
        language = language_for(request._request)
        found = offers_of_person(said["bpk2"], by=self.actor, language=language)
        return Response({"offers": found})


class Acceptance(PortalView):
    """An offer is taken."""

    required_scope = "submit"

    @operation(
        "acceptOffer",
        "Accept an offer with one call",
        scope="submit",
        answers={
            201: answer(
                "The receipt of the new case",
                "Receipt",
                {"Location": shown("Where its status is."), **_REPLAYED},
            )
        },
        refuses=[
            *JSON_FAULTS,
            ServiceNotGranted,
            NotTheHolder,
            NotFound,
            OfferIsSettled,
            OfferHasLapsed,
            OfferIsOvertaken,
            KeyReused,
            SlotTaken,
            NoSlot,
            Invalid,
        ],
        body=json_body("Acceptance"),
        parameters=[_OFFER_ID, IDEMPOTENCY_KEY | {"required": True}],
        description="Files the application that the offer holds, completed by what is sent. The "
        "same key gives the same receipt.",
        tag="Offers",
    )
    def post(self, request: Request, offer: UUID) -> HttpResponse:
        key = idempotency_key(request, required=True)
        said = ACCEPTANCE.read(request).value
        receipt, replayed = accept_offer(offer, said, key=str(key), by=self.actor, at=now())
        response = acknowledged(receipt, replayed)
        response["Location"] = reverse("api:submission", args=[json.loads(receipt)["id"]])
        return response


class Rejection(PortalView):
    """An offer is not wanted."""

    required_scope = "submit"

    @operation(
        "rejectOffer",
        "Decline an offer",
        scope="submit",
        answers={200: answer("Declined", "Rejected", _REPLAYED)},
        refuses=[
            *JSON_FAULTS,
            ServiceNotGranted,
            NotTheHolder,
            NotFound,
            OfferIsSettled,
            KeyReused,
        ],
        body=json_body("Rejection"),
        parameters=[_OFFER_ID, IDEMPOTENCY_KEY],
        tag="Offers",
    )
    def post(self, request: Request, offer: UUID) -> HttpResponse:
        said = REJECTION.read(request).value
        key = idempotency_key(request)
        text, replayed = decline_offer(offer, said["identity"], key=key, by=self.actor, at=now())
        return acknowledged(text, replayed, status=200)


def _wanted(request: Request) -> dict[str, Any]:
    """The filters that were asked for. Refuses: Malformed."""
    found: dict[str, Any] = {
        "submission": _uuid(request, "submission"),
        "reported_id": _uuid(request, "reported"),
        "service_key": storable(request.query_params.get("service", "")) or None,
        "state": request.query_params.get("state"),
    }
    if found["state"] not in (None, *_STATES):
        facts = {"parameter": "state", "allowed": [*_STATES]}
        raise Malformed([FieldError("", "enum", facts)])
    return {name: value for name, value in found.items() if value is not None}


def _uuid(request: Request, parameter: str) -> UUID | None:
    text = request.query_params.get(parameter)
    try:
        return None if text is None else UUID(text)
    except ValueError:
        facts = {"parameter": parameter, "format": "uuid"}
        raise Malformed([FieldError("", "format", facts)]) from None


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", str(_USUAL))
    if text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= _MOST:
        return int(text)
    raise Malformed([FieldError("", "limit", {"parameter": "limit", "limit": _MOST})])
