"""What all operations of the API have in common."""

import json
import time
from collections.abc import Sequence
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api import rates
from api.auth import caller_of
from api.figures import GATHERED
from efile.kernel.actors import Actor
from efile.kernel.clock import real_now


class PortalView(APIView):
    """An operation for portals: a token with ``required_scope`` ("" for any), nothing cached."""

    required_scope: str = ""
    # Without OPTIONS: what an operation can do, the OpenAPI document says.
    http_method_names: Sequence[str] = ("get", "head", "post", "put")

    @property
    def actor(self) -> Actor:
        """Who calls."""
        return cast("Actor", self.request.auth)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        began = time.perf_counter()
        response = super().dispatch(request, *args, **kwargs)
        method = getattr(self, (request.method or "").lower(), None)
        if name := getattr(method, "operation_id", ""):
            if isinstance(response, Response):
                response.add_post_render_callback(lambda made: _count(request, name, made, began))
            else:
                _count(request, name, response, began)
        return response

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        final.headers.setdefault("Cache-Control", "no-store")
        rates.tell(request._request, final)
        return final


def _count(request: HttpRequest, name: str, response: HttpResponseBase, began: float) -> None:
    """Add the call of the operation ``name`` to the figures of the client that made it."""
    caller = caller_of(request)
    if caller is None:
        return
    GATHERED.note(
        caller,
        name,
        response.status_code,
        at=real_now(),
        seconds=time.perf_counter() - began,
        bytes_in=_length(request.headers.get("Content-Length")),
        bytes_out=_length(response.headers.get("Content-Length"))
        or len(getattr(response, "content", b"")),
    )


def _length(told: str | None) -> int:
    return int(told) if told and told.isascii() and told.isdigit() and len(told) < 16 else 0


def acknowledged(text: str, replayed: bool, *, status: int = 201) -> HttpResponse:
    """The acknowledgement ``text`` (JSON), byte by byte as it was first given.

    202 where a person has to look at what was sent before it can take effect.
    """
    kept = json.loads(text).get("state") == "in_clarification"
    response = HttpResponse(text, content_type="application/json", status=202 if kept else status)
    if replayed:
        response["Idempotent-Replayed"] = "true"
    return response
