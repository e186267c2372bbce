"""What every page has in common: who acts, and how a refusal is told."""

from collections.abc import Callable

import structlog
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.functional import SimpleLazyObject

from backoffice.pages.errors import refused
from backoffice.pages.staff import user_of
from efile.kernel.errors import Refusal, Unavailable
from efile.policy import person

log = structlog.get_logger()


class CompressionMiddleware(GZipMiddleware):
    """Pages by gzip, and nothing else.

    Style sheets and scripts lie compressed on disk, documents are served in ranges of their own
    bytes, and the API's receipts and entity tags stay as they were signed. Against guessing what
    a page says from its length (BREACH): the only secret in it that outlives the answer is the
    CSRF token, which is masked anew each time; up to 100 random bytes blur every length; and the
    session's cookie is SameSite=Lax, so that no foreign page makes a browser ask unseen.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """``response``, compressed if it is a page and the browser can read it so."""
        kind = response.headers.get("Content-Type", "")
        if response.streaming or not kind.startswith("text/html"):
            return response
        return super().process_response(request, response)


class RefusalMiddleware:
    """Gives the request its actor, looked up when first needed, and turns refusals into pages.

    What is not a refusal is a bug and goes on to be a 500.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: person(user_of(request)))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for a refusal; None for anything else."""
        match error:
            case Refusal():
                return refused(request, error)
            case OperationalError():
                # The pool is empty, a lock was not granted, the server is away: all of it passes.
                log.error("database_unavailable", reason=type(error.__cause__).__name__)
                return refused(request, Unavailable())
        return None
