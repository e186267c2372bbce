"""The phone: what a caller names is posted and kept in the session, the answer tells little."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.pages import asked, forms
from backoffice.pages.posting import read
from backoffice.pages.presenters.enquiry import enquiry_page
from backoffice.pages.presenters.shell import shell
from backoffice.pages.presenters.values import language
from backoffice.pages.rows.enquiry import EnquiryPage
from backoffice.pages.staff import StaffRequest, signed_in
from efile.kernel.clock import now
from efile.kernel.errors import Invalid
from efile.policy import Action, ActionNotGranted, may_anywhere
from workflows.enquiry import Asked, enquire
from workflows.office import office_of

_KIND = "enquiries"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def enquiry(request: StaffRequest) -> HttpResponse:
    """Where an enquiry begins, and where it is sent to."""
    if not may_anywhere(Action.ENQUIRE, by=request.actor):
        raise ActionNotGranted(action=Action.ENQUIRE.value)
    said = {name: request.POST.get(name, "").strip() for name in forms.EnquiryForm.base_fields}
    if request.method == "POST" and any(said.values()):
        return redirect("enquiry_result", asked.keep(request.session, _KIND, said))
    return _page(request, enquiry_page({}), 200)


@require_safe
@signed_in
def result(request: StaffRequest, key: str) -> HttpResponse:
    """What may be told now to whoever asked that; every look is remembered with the case."""
    said: Mapping[str, str] = asked.kept(request.session, _KIND, key)
    try:
        wanted = Asked(**_read(said))
        found = enquire(wanted, by=request.actor, at=now(), language=language())
    except Invalid as refusal:
        return _page(request, enquiry_page(said, faults=refusal.errors), 422)
    return _page(request, enquiry_page(said, asked=wanted, found=found), 200)


def _read(said: Mapping[str, str]) -> dict[str, Any]:
    return read(forms.EnquiryForm(said))


def _page(request: StaffRequest, page: EnquiryPage, status: int) -> HttpResponse:
    frame = shell(request, office_of(request.actor.tenant_id), "enquiry")
    return render(request, "pages/enquiry.html", {"page": page, "shell": frame}, status=status)
