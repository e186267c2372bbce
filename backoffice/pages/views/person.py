"""One person's matters, beginning from a case."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backoffice.pages.presenters.person import person_page
from backoffice.pages.presenters.shell import shell
from backoffice.pages.staff import StaffRequest, signed_in
from efile.kernel.clock import local_date, now
from efile.policy import Action, may_anywhere
from workflows.office import office_of
from workflows.persons import matters_of_person


@require_safe
@signed_in
def matters(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """All cases and standing matters of the person of a case, as far as the reader sees them."""
    page = person_page(
        matters_of_person(case_id, by=request.actor),
        today=local_date(now()),
        may_take_down=may_anywhere(Action.TAKE_DOWN, by=request.actor),
    )
    frame = shell(request, office_of(request.actor.tenant_id), "search")
    return render(request, "pages/person_matters.html", {"page": page, "shell": frame})
