"""Keeping what is typed while it is typed: saved on the server, for its writer alone."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from backoffice.pages import forms
from backoffice.pages.presenters.drafts import KEPT, saved_row, unsaved_row
from backoffice.pages.rows import DraftRow
from backoffice.pages.staff import StaffRequest, signed_in
from efile.kernel.clock import now
from efile.kernel.errors import Conflict, NotFound
from efile.spelling import storable
from workflows.drafts import DraftTooLarge, Typed, discard_draft, save_draft


@require_POST
@signed_in
def draft(request: StaffRequest, case_id: UUID, action: str) -> HttpResponse:
    """Keep what is typed into the form of ``action``."""
    kept = keep(request, case_id, action, typed_by(request, action))
    if request.htmx:
        return render(request, "pages/_draft.html", {"draft": kept})
    if kept.denied:
        messages.error(request, kept.denied)
    return redirect("case", case_id)


@require_POST
@signed_in
def discard(request: StaffRequest, case_id: UUID, action: str) -> HttpResponse:
    """Throw away what was typed into the form of ``action``."""
    discard_draft(case_id, action, by=request.actor)
    messages.success(request, gettext("Der Entwurf ist verworfen."))
    return redirect("case", case_id)


def typed_by(request: StaffRequest, action: str) -> Typed:
    """What the form of ``action`` sends, as far as it is a field of it. Refuses: NotFound."""
    if action not in KEPT:
        raise NotFound
    names = forms.SHAPES[action].base_fields.keys() - {"version"}
    return {
        name: [storable(one) for one in request.POST.getlist(name)]
        for name in sorted(names)
        if name in request.POST
    }


def keep(request: StaffRequest, case_id: UUID, action: str, typed: Typed) -> DraftRow:
    """Save a draft, against the revision that its page showed, or say why it is not kept.

    Nobody asked for it to be saved, so nothing is thrown in the way of whoever is typing.
    """
    seen = request.POST.get("version", "")
    revision = int(seen) if seen.isdecimal() and len(seen) < 9 else None
    try:
        saved = save_draft(
            case_id,
            action,
            typed,
            revision=revision,
            by=request.actor,
            at=now(),
            shown_at=_moment(request.POST.get("shown_at", "")),
        )
    except (Conflict, DraftTooLarge) as refusal:
        return unsaved_row(case_id, action, refusal)
    return saved_row(case_id, saved)


def _moment(said: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
