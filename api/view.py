"""What all operations of the API have in common."""

import json
from collections.abc import Sequence
from typing import Any, cast

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from efile.kernel.actors import Actor


class PortalView(APIView):
    """An operation for portals: a token with ``required_scope`` ("" for any), nothing cached."""

    required_scope: str = ""
    # Without OPTIONS: what an operation can do, the OpenAPI document says.
    http_method_names: Sequence[str] = ("get", "head", "post", "put")

    @property
    def actor(self) -> Actor:
        """Who calls."""
        return cast("Actor", self.request.auth)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        final.headers.setdefault("Cache-Control", "no-store")
        return final


def acknowledged(text: str, replayed: bool, *, status: int = 201) -> HttpResponse:
    """The acknowledgement ``text`` (JSON), byte by byte as it was first given.

    202 where a person has to look at what was sent before it can take effect.
    """
    kept = json.loads(text).get("state") == "in_clarification"
    response = HttpResponse(text, content_type="application/json", status=202 if kept else status)
    if replayed:
        response["Idempotent-Replayed"] = "true"
    return response
