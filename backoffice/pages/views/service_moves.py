"""A running case goes over to a newer version of its service, after a look at what changes."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from backoffice.pages.errors import status_of
from backoffice.pages.presenters.refusals import told
from backoffice.pages.presenters.service_moves import move_page
from backoffice.pages.presenters.shell import shell
from backoffice.pages.staff import StaffRequest, signed_in
from backoffice.pages.views.case import desk_of
from efile.kernel.clock import now
from efile.kernel.errors import Conflict
from workflows.definitions.moving import move_to_version, preview_move
from workflows.office import Office


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def move(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """What would be different, then the move itself."""
    if request.method != "POST":
        return _shown(request, case_id)
    version, number = request.POST.get("version", ""), request.POST.get("number", "")
    try:
        move_to_version(
            case_id,
            int(number) if number.isdecimal() and len(number) < 7 else 0,
            by=request.actor,
            at=now(),
            reason=request.POST.get("reason", ""),
            revision=int(version) if version.isdecimal() and len(version) < 10 else None,
        )
    except Conflict as refusal:
        return _shown(request, case_id, told(refusal)[1], status_of(type(refusal)))
    words = {"number": int(number)}
    messages.success(request, gettext("Der Vorgang läuft jetzt nach Fassung %(number)d.") % words)
    return redirect("case", case_id)


def _shown(request: StaffRequest, case_id: UUID, said: str = "", status: int = 200) -> HttpResponse:
    desk = desk_of(request, case_id)
    found = preview_move(case_id, by=request.actor, at=desk.at)
    page = move_page(desk, found, desk.dossier.definition.as_json(), said)
    frame = shell(request, Office.of(desk.dossier.process.tenant), "worklist")
    return render(request, "pages/service_move.html", {"page": page, "shell": frame}, status=status)
