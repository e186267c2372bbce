"""The work list."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backoffice.pages.presenters.shell import shell
from backoffice.pages.presenters.worklist import address, worklist_page
from backoffice.pages.staff import StaffRequest, offset_of, signed_in
from backoffice.pages.trail import remember
from efile.kernel.clock import now
from workflows.desk import Cursor, Filter, View, counts, work_list
from workflows.offers import current_offers
from workflows.office import office_of


@require_safe
@signed_in
def worklist(request: StaffRequest) -> HttpResponse:
    """A view of the work, a page at a time; what is shown is what "next" will follow."""
    wanted, by, at = _wanted(request), request.actor, now()
    after = Cursor.read(request.GET["after"]) if "after" in request.GET else None
    items, following = work_list(wanted, by=by, after=after)
    office = office_of(by.tenant_id)
    page = worklist_page(
        items,
        following,
        wanted=wanted,
        counts=counts(wanted.service, by=by),
        offers=current_offers(by.tenant_id),
        office=office,
        first=offset_of(request) + 1 if after else 1,
        at=at,
    )
    cases = [item.case_id for item in items]
    remember(request.session, page.title, address(wanted), cases, goes_on=after is not None)
    shown = {"page": page, "shell": shell(request, office, "worklist", path=address(wanted))}
    return render(request, "pages/worklist.html", shown)


def _wanted(request: StaffRequest) -> Filter:
    """The filter of the address; an unknown view is the team's."""
    view = request.GET.get("view", "")
    known = View(view) if view in list(View) else View.TEAM
    return Filter(known, request.GET.get("service", "")[:60])
