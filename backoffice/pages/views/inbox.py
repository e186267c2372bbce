"""The clarification inbox: what nobody could match, and the ways to settle it."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.pages import forms
from backoffice.pages.posting import Refused, Said, tried
from backoffice.pages.presenters.inbox import inbox_page, item_page
from backoffice.pages.presenters.shell import shell
from backoffice.pages.staff import StaffRequest, offset_of, signed_in
from efile.kernel.clock import now
from workflows.clarifying import open_item, open_items
from workflows.intake import assign_to_service
from workflows.late_post import take_up_post
from workflows.offers import current_offers
from workflows.office import office_of

posted = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@signed_in
def inbox(request: StaffRequest) -> HttpResponse:
    """What is to be clarified, oldest first."""
    tenant_id, offset = request.actor.tenant_id, offset_of(request)
    items, total = open_items(by=request.actor, offset=offset)
    office = office_of(tenant_id)
    page = inbox_page(
        items,
        total,
        offers=current_offers(tenant_id),
        office=office,
        offset=offset,
        at=now(),
    )
    return render(
        request, "pages/inbox.html", {"page": page, "shell": shell(request, office, "inbox")}
    )


@require_safe
@signed_in
def item(request: StaffRequest, item_id: UUID) -> HttpResponse:
    """One item, as it was sent."""
    return _shown(request, item_id)


@posted
@signed_in
def assign(request: StaffRequest, item_id: UUID) -> HttpResponse:
    """Say which service an item belongs to; it becomes a case."""

    def act(said: Said) -> UUID:
        case = assign_to_service(item_id, said["service"], by=request.actor, at=now())
        return case.id

    done = gettext("Zugeordnet. Das ist der neue Vorgang.")
    return _settled(request, item_id, "assign", forms.ServiceForm, act, done)


@posted
@signed_in
def reopen(request: StaffRequest, item_id: UUID) -> HttpResponse:
    """Reopen the case that an item came too late for."""

    def act(said: Said) -> UUID:
        return take_up_post(item_id, reason=said["reason"], by=request.actor, at=now())

    done = gettext("Der Vorgang ist wiederaufgenommen; die Post liegt dabei.")
    return _settled(request, item_id, "reopen", forms.ReasonForm, act, done)


def _settled(
    request: StaffRequest,
    item_id: UUID,
    action: str,
    shape: type[Form],
    act: Callable[[Said], UUID],
    done: str,
) -> HttpResponse:
    """Settle the item and go to its case; a refusal shows the form again."""
    if request.method != "POST":
        return redirect("inbox_item", item_id)
    outcome = tried(request, action, shape, act)
    if isinstance(outcome, Refused):
        return _shown(request, item_id, refused=outcome)
    messages.success(request, done)
    return redirect("case", outcome)


def _shown(request: StaffRequest, item_id: UUID, *, refused: Refused | None = None) -> HttpResponse:
    by = request.actor
    found, attempt = open_item(item_id, by=by), refused.attempt if refused else None
    page = item_page(found, offers=current_offers(by.tenant_id), by=by, attempt=attempt)
    path = reverse("inbox_item", args=[item_id])
    frame = shell(request, office_of(by.tenant_id), "inbox", path=path)
    status = refused.status if refused else 200
    return render(request, "pages/inbox_item.html", {"page": page, "shell": frame}, status=status)
