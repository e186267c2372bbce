"""Who looks at a page: somebody signed in, as an actor; everybody else is led to the login."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from efile.kernel.actors import Actor
from efile.kernel.models import User

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request of somebody signed in, as the middlewares have completed it."""

    actor: Actor
    htmx: HtmxDetails


View = Callable[Concatenate[StaffRequest, P], HttpResponseBase]


def signed_in(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Lead whoever is not signed in to the login and back; ``view`` may rely on the actor."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_login(cast(StaffRequest, request))
        response = view(cast(StaffRequest, request), *args, **kwargs)
        # Whoever sits down after somebody else finds nothing in the browser.
        response.setdefault("Cache-Control", "private, no-store")
        return response

    return guarded


def user_of(request: HttpRequest) -> User:
    """The person who is signed in; to be asked behind ``signed_in`` only."""
    assert request.user.is_authenticated
    return request.user


def local_path(request: HttpRequest, address: str) -> str:
    """``address`` as a path with its query, if it lies on this site; "" for any other."""
    here = request.get_host()
    if not url_has_allowed_host_and_scheme(address, {here}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(address)
    # Two slashes at its beginning would name another host.
    path = "/" + parts.path.lstrip("/\\")
    return f"{path}?{parts.query}" if parts.query else path


def _to_login(request: StaffRequest) -> HttpResponse:
    """After the login people are where they were; what they posted is not sent again."""
    if request.htmx:
        came_from = local_path(request, request.htmx.current_url or "")
        return HttpResponseClientRedirect(redirect_to_login(came_from or "/").url)
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    return redirect_to_login(local_path(request, request.headers.get("Referer", "")) or "/")


def offset_of(request: HttpRequest) -> int:
    """From which row on a list is wanted (``first`` in the address)."""
    first = request.GET.get("first", "")
    return int(first) if first.isdecimal() and len(first) < 7 else 0
