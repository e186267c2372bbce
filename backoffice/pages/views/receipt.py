"""The receipt of an application, for the person at the counter or the file."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from backoffice.pages.staff import StaffRequest, signed_in
from backoffice.pages.views.documents import ALONE
from efile.kernel.clock import now
from workflows.receipts import FILENAME, case_receipt


@require_safe
@signed_in
def receipt(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """The receipt as PDF; it is made, and filed, when it is first asked for."""
    found = case_receipt(case_id, by=request.actor, at=now())
    response = HttpResponse(found.pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{FILENAME}"'
    response["Content-Security-Policy"] = ALONE
    response["X-Content-Type-Options"] = "nosniff"
    return response
