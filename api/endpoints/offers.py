"""What the city offers: services and free slots."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from rest_framework.request import Request
from rest_framework.response import Response

from api.language import language_for
from api.operations import answer, leads_to, operation, path, query
from api.problems import Malformed
from api.schemas.offers import SUMMARY_FIELDS
from api.view import PortalView
from efile.kernel.clock import BERLIN, local_date, now
from efile.kernel.errors import FieldError, NotFound
from efile.spelling import storable
from workflows.appointments.calendar_of import free_times
from workflows.catalogue.public import public_service
from workflows.offers import Offer, current_offer, current_offers
from workflows.service_figures import Said, said_of
from workflows.slots import Slot

_KEY: Final = path("key", {"type": "string"}, "The service's key.")
_LONGEST_SPAN: Final = 366
_USUAL_SPAN: Final = timedelta(days=30)
# A portal may show the list again for a minute; appointments go no faster than that.
_KEPT: Final = {"Cache-Control": "private, max-age=60", "Vary": "Accept-Language"}


_HOLD: Final = leads_to("holdSlot", key="$request.path.key", slot="$response.body#/slots/0/id")
_FIRST: Final = leads_to("getService", key="$response.body#/services/0/key")
# An example is accepted as it stands, but for the ids of its uploads.
_TO_APPLY: Final = [
    leads_to("listSlots", key="$request.path.key"),
    leads_to("validate", body="$response.body#/example"),
    leads_to("submit", body="$response.body#/example"),
]


class Services(PortalView):
    """All services."""

    @operation(
        "listServices",
        "The services on offer, in short",
        scope="",
        answers={200: answer("All services of this city", "Services", links=[_FIRST])},
        tag="Services",
    )
    def get(self, request: Request) -> Response:
        offers = _told(current_offers(self.actor.tenant_id), request, self.actor.tenant_id)
        services = [{name: one[name] for name in SUMMARY_FIELDS} for one in offers]
        return Response({"services": services}, headers=_KEPT)


class Service(PortalView):
    """One service."""

    @operation(
        "getService",
        "One service: its form, proofs, fee and an example",
        scope="",
        answers={200: answer("The service in its present version", "Service", links=_TO_APPLY)},
        refuses=[NotFound],
        parameters=[_KEY],
        tag="Services",
    )
    def get(self, request: Request, key: str) -> Response:
        offer = current_offer(self.actor.tenant_id, key)
        (told,) = _told([offer], request, self.actor.tenant_id)
        return Response(told, headers=_KEPT)


class Slots(PortalView):
    """The free slots of one service."""

    required_scope = "submit"

    @operation(
        "listSlots",
        "Free appointments of a service",
        scope="submit",
        answers={200: answer("At most 1,000 slots, in the order of time", "Slots", links=[_HOLD])},
        refuses=[Malformed, NotFound],
        parameters=[
            _KEY,
            query("from", {"type": "string", "format": "date"}, "First day; without it today."),
            query(
                "to",
                {"type": "string", "format": "date"},
                f"Last day, at most {_LONGEST_SPAN} days on; without it 30 days on.",
            ),
            query("district", {"type": "string"}, "Only this district."),
        ],
        description="A service without appointments has no slots. Times are those of the place.",
        tag="Services",
    )
    def get(self, request: Request, key: str) -> Response:
        first, last = _span(request)
        service = current_offer(self.actor.tenant_id, key).definition
        found = free_times(
            self.actor.tenant_id,
            service,
            first=first,
            last=last,
            district=storable(request.query_params.get("district", "")),
            at=now(),
        )
        return Response({"slots": [_slot(slot) for slot in found]})


def _told(offers: Sequence[Offer], request: Request, tenant_id: int) -> list[dict[str, Any]]:
    """The services in the language nearest to the one the client asks for."""
    said = said_of(tenant_id, offers, at=now())
    return [
        public_service(
            offer.definition,
            language_for(request._request, offer.definition.languages),
            version=offer.version.number,
        )
        | _figures(said[offer.definition.key])
        for offer in offers
    ]


def _figures(said: Said) -> dict[str, Any]:
    """How long it takes lately and what is free next, each null where it is not known."""
    lately, free = said.processing, said.appointment
    return {
        "current_processing": lately
        and {
            "median_days": lately.median_days,
            "within_days_80": lately.within_days_80,
            "as_of": lately.as_of.isoformat(),
        },
        "earliest_appointment": free and {"date": free[0].isoformat(), "start": f"{free[1]:%H:%M}"},
    }


def _slot(slot: Slot) -> dict[str, Any]:
    return {
        "id": str(slot.id),
        "start": datetime.combine(slot.day, slot.starts, BERLIN).isoformat(),
        "end": datetime.combine(slot.day, slot.ends, BERLIN).isoformat(),
        "kind": slot.kind,
        "free": slot.free,
        "district": slot.district,
    }


def _span(request: Request) -> tuple[date, date]:
    """The days asked for. Refuses: Malformed."""
    first = _day(request, "from") or local_date(now())
    last = _day(request, "to") or first + min(_USUAL_SPAN, date.max - first)
    if last < first:
        raise Malformed([FieldError("", "date_order", {"parameter": "to"})])
    if (last - first).days > _LONGEST_SPAN:
        facts = {"parameter": "to", "limit": _LONGEST_SPAN}
        raise Malformed([FieldError("", "date_span", facts)])
    return first, last


def _day(request: Request, parameter: str) -> date | None:
    text = request.query_params.get(parameter)
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise Malformed([FieldError("", "date", {"parameter": parameter})]) from None
