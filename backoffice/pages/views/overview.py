"""The head's first page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backoffice.pages.presenters.overview import overview_page
from backoffice.pages.presenters.shell import shell
from backoffice.pages.presenters.worklist import titles_of
from backoffice.pages.staff import StaffRequest, signed_in
from efile.kernel.clock import local_date, now
from workflows.offers import known_offers
from workflows.office import office_of
from workflows.overview import overview as figures


@require_safe
@signed_in
def overview(request: StaffRequest) -> HttpResponse:
    """How much lies where, what comes in and what goes out, in the units one is head of."""
    by, at = request.actor, now()
    found = figures(by=by, today=local_date(at))
    titles = titles_of(known_offers(by.tenant_id))
    page = overview_page(found, titles=titles, at=at)
    frame = shell(request, office_of(by.tenant_id), "overview")
    return render(request, "pages/overview.html", {"page": page, "shell": frame})
