"""The case's one screen."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from backoffice.pages.posting import Refused
from backoffice.pages.presenters.attempts import Attempt, meanwhile
from backoffice.pages.presenters.case import case_page, offers
from backoffice.pages.presenters.correcting import Editing
from backoffice.pages.presenters.desk import Desk
from backoffice.pages.presenters.shell import shell
from backoffice.pages.staff import StaffRequest, signed_in
from backoffice.pages.trail import last
from backoffice.pages.views.enclosing import files_of
from efile.kernel.clock import now
from workflows.colleagues import Colleague
from workflows.dossier import open_dossier
from workflows.drafts import drafts_of
from workflows.endings import why_not_close
from workflows.machine import Step
from workflows.office import Office


@require_safe
@signed_in
def case(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Everything on the case and everything the reader may do to it."""
    if request.htmx and "check" in request.GET:
        return shown_facts(request, case_id)
    return shown_case(request, case_id)


def shown_case(
    request: StaffRequest,
    case_id: UUID,
    *,
    refused: Refused | None = None,
    colleagues: list[Colleague] | None = None,
    editing: Editing | None = None,
) -> HttpResponse:
    """The screen, with a ``refused`` form as it was filled in, or a field that is put right.

    Where its step is no longer offered, what was said of it stands above the page.
    """
    desk = desk_of(request, case_id, colleagues=colleagues)
    attempt = meanwhile(refused.attempt, desk.dossier.history) if refused else None
    page = case_page(
        desk,
        last(request.session),
        attempt=attempt,
        document=_selected(request),
        editing=_told(editing, attempt),
        check=request.GET.get("check", ""),
    )
    if attempt and not (editing or offers(page, attempt.action)):
        messages.error(request, attempt.said or gettext("Dieser Schritt geht hier nicht mehr."))
    office = Office.of(desk.dossier.process.tenant)
    frame = shell(request, office, "worklist", path=reverse("case", args=[case_id]))
    status = refused.status if refused else 200
    return render(request, "pages/case.html", {"page": page, "shell": frame}, status=status)


def shown_facts(
    request: StaffRequest,
    case_id: UUID,
    *,
    refused: Refused | None = None,
    editing: Editing | None = None,
    judged: bool = False,
    done: str = "",
) -> HttpResponse:
    """Checks and data alone, for a page that stays where it is; ``done`` is said aloud."""
    desk = desk_of(request, case_id)
    attempt = refused.attempt if refused else editing.attempt if editing else None
    attempt = meanwhile(attempt, desk.dossier.history) if attempt else None
    page = case_page(
        desk,
        last(request.session),
        attempt=attempt,
        editing=_told(editing, attempt),
        check=request.GET.get("check", ""),
        judged=judged,
    )
    said = done or (gettext("Das ist noch nicht gespeichert.") if attempt else "")
    # A form that comes back is shown, whatever spoke against it: 422 is the one status for that.
    status = 422 if attempt else 200
    return render(request, "pages/_facts_swapped.html", {"page": page, "said": said}, status=status)


def _told(editing: Editing | None, attempt: Attempt | None) -> Editing | None:
    return replace(editing, attempt=attempt) if editing and attempt else editing


def desk_of(
    request: StaffRequest, case_id: UUID, *, colleagues: list[Colleague] | None = None
) -> Desk:
    """Who asks, sitting before the case with everything that depends on both."""
    by, at = request.actor, now()
    dossier = open_dossier(case_id, by=by)
    closable = Step.CLOSE in dossier.steps
    drafts = drafts_of(case_id, by=by)
    written = drafts["message"].typed if "message" in drafts else {}
    return Desk(
        dossier,
        by,
        at,
        colleagues,
        drafts,
        why_not_close(dossier.process, dossier.left, at=at) if closable else None,
        files_of(request, written.get("uploads", ())),
    )


def _selected(request: StaffRequest) -> UUID | None:
    """The document that is to be shown beside the case."""
    try:
        return UUID(request.GET.get("document", ""))
    except ValueError:
        return None
