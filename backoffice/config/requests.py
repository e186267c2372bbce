"""What every request passes first: a sound length, a correlation id, one line in the log."""

import re
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from efile.kernel.ids import uuid7

log = structlog.get_logger("request")

_SOUND = re.compile(r"[A-Za-z0-9._-]{8,64}")

Handle = Callable[[HttpRequest], HttpResponse]


class SoundLengthMiddleware:
    """Reads a Content-Length that is no number as 0, for everybody behind as for the framework.

    Comes first: the request's headers are read once. What counts requests would stumble over it.
    """

    def __init__(self, get_response: Handle) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = request.META.get("CONTENT_LENGTH") or "0"
        if not (told.isascii() and told.isdecimal()):
            request.META["CONTENT_LENGTH"] = "0"
        return self.get_response(request)


class CorrelationMiddleware:
    """Binds ``X-Request-ID`` (or a new id) to everything logged while the request lasts.

    The line names the route, never the address: what is in a path or query may be personal.
    """

    def __init__(self, get_response: Handle) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        correlation = given if _SOUND.fullmatch(given) else uuid7().hex
        request.correlation = correlation  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlation=correlation)
        began = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = correlation
        match = request.resolver_match
        log.info(
            "request",
            method=request.method,
            route=match.route if match else "",
            status=response.status_code,
            milliseconds=round((time.perf_counter() - began) * 1000, 1),
        )
        return response
