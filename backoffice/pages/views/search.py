"""Searching: the query is posted and kept in the session, its result has an opaque address."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.pages import asked
from backoffice.pages.presenters.search import search_page, start_page
from backoffice.pages.presenters.shell import shell
from backoffice.pages.staff import StaffRequest, offset_of, signed_in
from efile.spelling import storable
from search.queries import Narrowed, find_cases
from workflows.offers import known_offers
from workflows.office import Office, office_of

_KIND = "searches"
LONGEST_QUERY = 200
ON_A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def search(request: StaffRequest) -> HttpResponse:
    """Where a search begins, and where a query is sent to."""
    query = request.POST.get("q", "").strip()[:LONGEST_QUERY]
    if query:
        return redirect("search_result", asked.keep(request.session, _KIND, query))
    frame = shell(request, office_of(request.actor.tenant_id), "search")
    return render(request, "pages/search.html", {"page": start_page(), "shell": frame})


@require_safe
@signed_in
def result(request: StaffRequest, key: str) -> HttpResponse:
    """What a kept query finds now. Unknown here: somebody else's, or long ago."""
    query = asked.kept(request.session, _KIND, key)
    tenant_id, offset, narrowed = request.actor.tenant_id, offset_of(request), _narrowed(request)
    found = find_cases(query, by=request.actor, narrowed=narrowed, offset=offset, limit=ON_A_PAGE)
    offers = known_offers(tenant_id)
    page = search_page(
        query,
        found,
        key=key,
        narrowed=narrowed,
        offers=offers,
        offset=offset,
        size=ON_A_PAGE,
    )
    # The services come with the office they belong to.
    office = Office.of(offers[0].version.tenant) if offers else office_of(tenant_id)
    frame = shell(request, office, "search", query=query)
    return render(request, "pages/search.html", {"page": page, "shell": frame})


def _narrowed(request: StaffRequest) -> Narrowed:
    """The filters of the address; what is no year narrows nothing."""
    year = request.GET.get("year", "")
    return Narrowed(
        service=storable(request.GET.get("service", "")),
        state=storable(request.GET.get("state", "")),
        year=int(year) if year.isdecimal() and len(year) == 4 else 0,
    )
