"""Searching: the query is posted and kept in the session, its result has an opaque address."""

from secrets import token_urlsafe

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.pages.presenters.search import search_page, start_page
from backoffice.pages.presenters.shell import shell
from backoffice.pages.staff import StaffRequest, offset_of, signed_in
from efile.kernel.errors import NotFound
from search.queries import find_cases
from workflows.office import office_of

# Names do not belong into addresses: those end up in histories, bookmarks and logs.
_KEY = "searches"
_KEPT = 20
LONGEST_QUERY = 200


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def search(request: StaffRequest) -> HttpResponse:
    """Where a search begins, and where a query is sent to."""
    query = request.POST.get("q", "").strip()[:LONGEST_QUERY]
    if query:
        return redirect("search_result", _keep(request, query))
    frame = shell(request, office_of(request.actor.tenant_id), "search")
    return render(request, "pages/search.html", {"page": start_page(), "shell": frame})


@require_safe
@signed_in
def result(request: StaffRequest, key: str) -> HttpResponse:
    """What a kept query finds now. Unknown here: somebody else's, or long ago."""
    query = request.session.get(_KEY, {}).get(key)
    if query is None:
        raise NotFound
    offset = offset_of(request)
    found = find_cases(query, by=request.actor, offset=offset)
    page = search_page(query, found, key=key, offset=offset)
    frame = shell(request, office_of(request.actor.tenant_id), "search", query=query)
    return render(request, "pages/search.html", {"page": page, "shell": frame})


def _keep(request: StaffRequest, query: str) -> str:
    """Remember ``query`` in the session, the last few only, and return its key."""
    kept = request.session.get(_KEY, {})
    key = next((known for known, same in kept.items() if same == query), token_urlsafe(9))
    request.session[_KEY] = dict([*kept.items(), (key, query)][-_KEPT:])
    return key
