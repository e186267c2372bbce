"""The file plan, and the files below its positions."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backoffice.pages.forms import PlanForm, ShelfForm
from backoffice.pages.posting import read
from backoffice.pages.presenters.file_plan import plan_page, shelf_page
from backoffice.pages.presenters.shell import shell
from backoffice.pages.staff import StaffRequest, signed_in
from efile import plan
from efile.kernel.clock import local_date, now
from workflows.office import office_of


@require_safe
@signed_in
def file_plan(request: StaffRequest) -> HttpResponse:
    """The tree of the plan, or what of it matches a search for a number or title."""
    said, by = read(PlanForm(request.GET)), request.actor
    found = plan.file_plan(by=by, on=local_date(now()), version=said["version"])
    page = plan_page(found, query=said["q"], unfold=said["unfold"])
    frame = shell(request, office_of(by.tenant_id), "file_plan")
    return render(request, "pages/file_plan.html", {"page": page, "shell": frame})


@require_safe
@signed_in
def position(request: StaffRequest, position_id: int) -> HttpResponse:
    """The files below one position, a page at a time."""
    before, by = read(ShelfForm(request.GET))["before"], request.actor
    found = plan.shelf(position_id, by=by, before=before)
    page = shelf_page(found, first=before is None)
    frame = shell(request, office_of(by.tenant_id), "file_plan")
    return render(request, "pages/file_plan_position.html", {"page": page, "shell": frame})
