"""Ending what was granted before its time."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from backoffice.pages import forms
from backoffice.pages.posting import Refused, Said, tried
from backoffice.pages.staff import StaffRequest, signed_in
from backoffice.pages.views.case import shown_case
from efile.kernel.clock import now
from workflows.matters import revoke_matter


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def revoke(request: StaffRequest, case_id: UUID, matter_id: UUID) -> HttpResponse:
    """Revoke a permit; the address that is merely opened is the case."""
    if request.method != "POST":
        return redirect("case", case_id)

    def act(said: Said) -> None:
        revoke_matter(case_id, matter_id, said["reason"], by=request.actor, at=now())

    outcome = tried(request, f"revoke-{matter_id}", forms.ReasonForm, act)
    if isinstance(outcome, Refused):
        return shown_case(request, case_id, refused=outcome)
    done = gettext(
        "Widerrufen. Der Prüfcode gilt ab sofort nicht mehr; der Bescheid geht zur Post."
    )
    messages.success(request, done)
    return redirect("case", case_id)
