"""The addresses of GeoReport v2."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from api import rates
from api.open311 import offered, published
from api.open311.access import Caller, caller
from api.open311.arguments import Arguments, of_body, of_query
from api.open311.faults import Fault, fault_of, faulty
from api.open311.formats import MEDIA_TYPES, rendered
from api.open311.reporting import take_in
from efile.kernel.clock import now
from efile.kernel.errors import Refusal, Unavailable
from workflows.catalogue.parts import filled

SPECIFICATION: Final = "http://wiki.open311.org/GeoReport_v2"
# Public, and the same for everybody: whoever shows a map need not ask for every look at it.
_SHARED: Final = {"Cache-Control": "public, max-age=60", "Access-Control-Allow-Origin": "*"}


@method_decorator(csrf_exempt, name="dispatch")
class Endpoint(View):
    """An address in both formats; what goes wrong is told as GeoReport tells it."""

    http_method_names = ("get", "head", "post")
    suffix: str
    arguments: Arguments
    caller: Caller

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.suffix = kwargs.pop("suffix")
        response = self._answered(request, *args, **kwargs)
        rates.tell(request, response)
        if response.status_code == 429:
            response["Retry-After"] = response["RateLimit-Reset"]
        return response

    def _answered(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.arguments = of_body(request) if request.method == "POST" else of_query(request)
            self.caller = caller(request, self.arguments)
            return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]
        except Fault as fault:
            return faulty(fault, self.suffix)
        except Refusal as refusal:
            return faulty(fault_of(refusal), self.suffix)
        except OperationalError:
            return faulty(fault_of(Unavailable()), self.suffix)

    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        allowed = super().http_method_not_allowed(request, *args, **kwargs)["Allow"]
        response = faulty(Fault(405, "This address has no such method."), self.suffix)
        response["Allow"] = allowed
        return response

    def told(self, name: str, value: Any) -> HttpResponse:
        """A public answer."""
        response = rendered(name, value, self.suffix)
        for header, text in _SHARED.items():
            response[header] = text
        return response


class Discovery(Endpoint):
    """Where the interface is, which formats it speaks, and since when its services are as is."""

    def get(self, _request: HttpRequest) -> HttpResponse:
        changed = _changed(offered.reportable(self.caller.tenant_id))
        return self.told(
            "discovery",
            {
                "changeset": changed,
                "contact": settings.PUBLIC_URL,
                "key_service": settings.PUBLIC_URL,
                "endpoints": [
                    {
                        "specification": SPECIFICATION,
                        "url": f"{settings.PUBLIC_URL}/open311/v2",
                        "changeset": changed,
                        "type": "test" if settings.DEMO else "production",
                        "formats": list(MEDIA_TYPES.values()),
                    }
                ],
            },
        )


class Services(Endpoint):
    """Everything that can be reported."""

    def get(self, _request: HttpRequest) -> HttpResponse:
        return self.told("services", offered.services(self.caller.tenant_id))


class ServiceDefinition(Endpoint):
    """What is asked beside category, place and description."""

    def get(self, _request: HttpRequest, code: str) -> HttpResponse:
        found = offered.find_reportable(self.caller.tenant_id, code)
        return self.told("service_definition", offered.service_definition(found))


class Requests(Endpoint):
    """Reports: handed in with a key, and read by everybody."""

    def get(self, _request: HttpRequest) -> HttpResponse:
        found = published.asked_for(self.caller.tenant_id, self.arguments, at=now())
        return self.told("service_requests", found)

    def post(self, request: HttpRequest) -> HttpResponse:
        if self.caller.client is None:
            raise Fault(403, "api_key: missing or not valid.")
        one = offered.find_reportable(self.caller.tenant_id, self.arguments.get("service_code"))
        made = take_in(
            one,
            self.arguments,
            key=request.headers.get("Idempotency-Key"),
            by=self.caller.client,
            at=now(),
        )
        notice = one.offer.definition.public_texts.states["received"].in_(offered.LANGUAGE)
        told = {"service_request_id": made, "service_notice": filled(notice, {})}
        response = rendered(
            "service_requests", [told | {"account_id": None}], self.suffix, status=201
        )
        response["Cache-Control"] = "no-store"
        response["Location"] = reverse("open311:request", args=[made, self.suffix])
        return response


class Request(Endpoint):
    """One report."""

    def get(self, _request: HttpRequest, report: str) -> HttpResponse:
        found = published.find_one(self.caller.tenant_id, report)
        return self.told("service_requests", [published.request(found)])


class Token(Endpoint):
    """The id of a report by its token: we answer at once, so that one is the other."""

    def get(self, _request: HttpRequest, token: str) -> HttpResponse:
        found = published.find_one(self.caller.tenant_id, token)
        told = {"service_request_id": str(found.id), "token": str(found.id)}
        return self.told("service_requests", [told])


def _changed(found: Mapping[str, offered.Reportable]) -> str | None:
    """When what can be reported last became what it is."""
    moments: list[datetime] = [one.offer.version.published_at for one in found.values()]
    return max(moments).isoformat(timespec="seconds") if moments else None
