"""The case's one screen."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from backoffice.pages.posting import Refused
from backoffice.pages.presenters.case import case_page, offers
from backoffice.pages.presenters.desk import Desk
from backoffice.pages.presenters.shell import shell
from backoffice.pages.staff import StaffRequest, signed_in
from backoffice.pages.trail import last
from efile.kernel.clock import now
from workflows.colleagues import Colleague
from workflows.dossier import open_dossier
from workflows.office import Office


@require_safe
@signed_in
def case(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Everything on the case and everything the reader may do to it."""
    return shown_case(request, case_id)


def shown_case(
    request: StaffRequest,
    case_id: UUID,
    *,
    refused: Refused | None = None,
    colleagues: list[Colleague] | None = None,
) -> HttpResponse:
    """The screen, with a ``refused`` form as it was filled in.

    Where its step is no longer offered, what was said of it stands above the page.
    """
    attempt = refused.attempt if refused else None
    desk = Desk(open_dossier(case_id, by=request.actor), request.actor, now(), colleagues)
    page = case_page(desk, last(request.session), attempt=attempt, document=_selected(request))
    if attempt and not offers(page, attempt.action):
        messages.error(request, attempt.said or gettext("Dieser Schritt geht hier nicht mehr."))
    office = Office.of(desk.dossier.process.tenant)
    frame = shell(request, office, "worklist", path=reverse("case", args=[case_id]))
    status = refused.status if refused else 200
    return render(request, "pages/case.html", {"page": page, "shell": frame}, status=status)


def _selected(request: StaffRequest) -> UUID | None:
    """The document that is to be shown beside the case."""
    try:
        return UUID(request.GET.get("document", ""))
    except ValueError:
        return None
