"""Keeping what is typed while it is typed: saved on the server, for its writer alone."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from backoffice.pages import forms
from backoffice.pages.presenters.drafts import KEPT, saved_row
from backoffice.pages.staff import StaffRequest, signed_in
from efile.kernel.clock import now
from efile.kernel.errors import NotFound
from workflows.drafts import Saved, Typed, discard_draft, save_draft


@require_POST
@signed_in
def draft(request: StaffRequest, case_id: UUID, action: str) -> HttpResponse:
    """Keep what is typed into the form of ``action``."""
    saved = keep(request, case_id, action, typed_by(request, action))
    if not request.htmx:
        return redirect("case", case_id)
    return render(request, "pages/_draft.html", {"draft": saved_row(case_id, saved)})


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
        name: [one.replace("\0", "") for one in request.POST.getlist(name)]
        for name in sorted(names)
        if name in request.POST
    }


def keep(request: StaffRequest, case_id: UUID, action: str, typed: Typed) -> Saved:
    """Save a draft, against the revision that its page showed. Refuses as ``save_draft`` does."""
    seen = request.POST.get("version", "")
    revision = int(seen) if seen.isdecimal() and len(seen) < 9 else None
    return save_draft(case_id, action, typed, revision=revision, by=request.actor, at=now())
