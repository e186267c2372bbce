"""Standing matters: the list of them, one of them, and what staff set going about it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from backoffice.pages.presenters.matter_pages import matter_list_page, matter_page
from backoffice.pages.presenters.shell import shell
from backoffice.pages.presenters.values import language
from backoffice.pages.staff import StaffRequest, signed_in
from efile.kernel.clock import local_date, now
from efile.kernel.errors import NotFound
from efile.policy import Action, ActionNotGranted, may_anywhere
from workflows.matter_register import (
    Standing,
    WantedMatters,
    begun_about,
    matter_list,
    open_matter,
)
from workflows.offers import current_offers
from workflows.office import office_of

_STANDINGS: dict[str, Standing] = {"running": "running", "ended": "ended"}


@require_safe
@signed_in
def matters(request: StaffRequest) -> HttpResponse:
    """The matters that the reader sees, the newest first."""
    by, today = request.actor, local_date(now())
    if not may_anywhere(Action.VIEW, by=by):
        raise ActionNotGranted(action=Action.VIEW.value)
    asked = request.GET
    wanted = WantedMatters(
        service=asked.get("service", "")[:60],
        kind=asked.get("kind", "")[:30],
        standing=_STANDINGS.get(asked.get("standing", ""), ""),
        overdue=asked.get("due") == "overdue",
    )
    items, following = matter_list(wanted, by=by, today=today, after=_after(asked.get("after", "")))
    services = {
        one.definition.key: one.definition.title.in_(language())
        for one in current_offers(by.tenant_id)
        if one.definition.standing_matter
    }
    page = matter_list_page(items, following, wanted, services=services, today=today)
    frame = shell(request, office_of(by.tenant_id), "matters")
    return render(request, "pages/matters.html", {"page": page, "shell": frame})


@require_safe
@signed_in
def matter(request: StaffRequest, matter_id: UUID) -> HttpResponse:
    """One matter, with its duties, cases and amounts."""
    today = local_date(now())
    page = matter_page(open_matter(matter_id, by=request.actor, today=today), today=today)
    frame = shell(request, office_of(request.actor.tenant_id), "matters")
    return render(request, "pages/matter.html", {"page": page, "shell": frame})


@require_safe
@signed_in
def act(request: StaffRequest, matter_id: UUID, effect: str) -> HttpResponse:
    """To the form that takes it down, filled in with what is known of the matter."""
    begun = begun_about(matter_id, effect, by=request.actor, today=local_date(now()))
    url = reverse("counter_form", args=[begun.service])
    return redirect(f"{url}?from={begun.case_id}&matter={matter_id}&effect={effect}")


def form_about(request: StaffRequest) -> Mapping[str, Any] | None:
    """What the form for a case about a matter begins with; None where it is about none."""
    matter_id, effect = _after(request.GET.get("matter", "")), request.GET.get("effect", "")
    if matter_id is None:
        return None
    return begun_about(matter_id, effect, by=request.actor, today=local_date(now())).form


def _after(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None
