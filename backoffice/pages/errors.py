"""What people read when something is refused or breaks: the one place where pages get a status."""

from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from backoffice.pages.presenters.refusals import told
from backoffice.pages.presenters.ways_out import ways_out, who_may
from backoffice.pages.rows import ErrorPage
from efile.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal, Unavailable

# The nearest family in a refusal's ancestry decides.
STATUSES: Final[Mapping[type[Refusal], int]] = {
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    Invalid: 422,
    Unavailable: 503,
}


def status_of(refusal: type[Refusal]) -> int:
    """The HTTP status of a kind of refusal."""
    return next(STATUSES[kind] for kind in refusal.__mro__ if kind in STATUSES)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The page that tells ``refusal``, with the number under which the log knows the request."""
    title, text = told(refusal)
    return _page(request, status_of(type(refusal)), title, text, who_may(refusal))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403: the form is not one we gave to this session; most often it is merely old."""
    title = gettext("Diese Seite ist nicht mehr gültig")
    text = gettext(
        "Sie war zu lange offen, oder Sie haben sich inzwischen neu angemeldet. Laden Sie sie neu "
        "und senden Sie noch einmal. Gespeichert ist noch nichts."
    )
    return _page(request, 403, title, text)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """403 outside of any view."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404 for an address nobody serves; it looks like a case that is none."""
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a bug. Asks neither database nor session."""
    return _page(request, 500)


def _page(
    request: HttpRequest, status: int, title: str = "", text: str = "", helpers: str = ""
) -> HttpResponse:
    """Without a title of its own, a page says what its status has to say."""
    error = ErrorPage(
        title=title,
        text=text,
        helpers=helpers,
        reference=getattr(request, "correlation", ""),
        steps=ways_out(request, status),
    )
    return render(request, f"{status}.html", {"error": error}, status=status)
