"""Where a portal is called back: asked, set, given up by the portal itself."""

from typing import Final

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from api.callbacks.signature import AUTHENTICATION, PREVIOUS, TIMESTAMP
from api.callbacks.targets import register, remove_target, status
from api.operations import JSON_FAULTS, answer, header, json_body, operation
from api.schemas import NEW_CALLBACK
from api.schemas.parts import TEXT, Schema
from api.view import PortalView
from efile.kernel.clock import real_now
from efile.kernel.errors import Invalid, NotFound

_TAG: Final = "Events"
_CALLS: Final[Schema] = {
    "newEvents": {
        "{$request.body#/url}": {
            "post": {
                "summary": "Something happened to a submission",
                "parameters": [
                    header(AUTHENTICATION, TEXT, "HMAC-SHA-512 in lower-case hex.", required=True),
                    header(TIMESTAMP, TEXT, "Seconds since 1970.", required=True),
                    header(PREVIOUS, TEXT, "The same by the secret that is being replaced."),
                ],
                "requestBody": json_body("CallbackEvents"),
                "responses": {"2XX": {"description": "Arrived"}},
            }
        }
    }
}


class Callback(PortalView):
    """The one address at which a portal is called."""

    required_scope = "read"
    http_method_names = ("get", "head", "put", "delete")

    @operation(
        "getCallback",
        "Where I am called, and how that fares",
        scope="read",
        answers={200: answer("The address and its state", "Callback")},
        refuses=[NotFound],
        tag=_TAG,
    )
    def get(self, _request: Request) -> Response:
        return Response(status(by=self.actor, at=real_now()))

    @operation(
        "setCallback",
        "Call me here when something happens",
        scope="read",
        answers={200: answer("Kept; with the secret where a new one was made", "CallbackSet")},
        refuses=[*JSON_FAULTS, Invalid],
        body=json_body("NewCallback"),
        description="Events are posted as CallbackEvents, signed with HMAC-SHA-512 over "
        "`<callback-timestamp>.<raw body>` in `callback-authentication` (FIT-Connect's scheme). "
        "At least once, in the order of each submission, for 7 days. The feed stays as it is.",
        tag=_TAG,
        calls_back=_CALLS,
    )
    def put(self, request: Request) -> Response:
        sent = NEW_CALLBACK.read(request).value
        after = sent.get("after")
        done = register(
            sent["url"],
            after=None if after is None else int(after),
            rotate=sent.get("rotate", False),
            by=self.actor,
            at=real_now(),
        )
        secret = {"secret": done.secret} if done.secret else {}
        return Response({**done.status, **secret, "ping": done.ping})

    @operation(
        "removeCallback",
        "Call me no more",
        scope="read",
        answers={204: {"description": "No more calls"}},
        refuses=[NotFound],
        tag=_TAG,
    )
    def delete(self, _request: Request) -> HttpResponse:
        remove_target(by=self.actor, at=real_now())
        return HttpResponse(status=204)
