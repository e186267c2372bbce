"""A case file with its cases and their documents."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backoffice.pages.forms import CaseFileForm
from backoffice.pages.posting import read
from backoffice.pages.presenters.case_file import case_file_page
from backoffice.pages.presenters.shell import shell
from backoffice.pages.staff import StaffRequest, signed_in
from workflows.file_view import open_file
from workflows.office import office_of


@require_safe
@signed_in
def case_file(request: StaffRequest, file_id: UUID) -> HttpResponse:
    """What the reader may see of the file."""
    before, by = read(CaseFileForm(request.GET))["before"], request.actor
    page = case_file_page(open_file(file_id, by=by, before=before))
    frame = shell(request, office_of(by.tenant_id), "file_plan")
    return render(request, "pages/case_file.html", {"page": page, "shell": frame})
