"""The receipt of a submission as a document to keep."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from rest_framework.request import Request

from api.endpoints.documents import AsStored
from api.operations import ETAG, SUBMISSION_ID, operation, shown
from api.view import PortalView
from efile.disk import StorageUnavailable
from efile.kernel.clock import now
from efile.kernel.errors import NotFound
from efile.storage import ContentAltered, ContentMissing
from workflows.receipts import FILENAME, submission_receipt

_PDF: dict[str, Any] = {"application/pdf": {}}
_HEADERS = {"ETag": ETAG, "Content-Disposition": shown("The file's name (RFC 6266).")}


class Receipt(PortalView):
    """The receipt as PDF; it is made when it is first asked for."""

    required_scope = "read"
    renderer_classes = (AsStored,)
    http_method_names = ("get",)

    @operation(
        "getReceipt",
        "Fetch the receipt",
        scope="read",
        answers={200: {"description": "The receipt", "content": _PDF, "headers": _HEADERS}},
        refuses=[NotFound, ContentMissing, ContentAltered, StorageUnavailable],
        parameters=[SUBMISSION_ID],
        description="A PDF (PDF/UA-1, PDF/A-2a) that says what was received, when, and what "
        "happens next. The same bytes whenever it is fetched.",
    )
    def get(self, _request: Request, submission: UUID) -> HttpResponse:
        receipt = submission_receipt(submission, by=self.actor, at=now())
        response = HttpResponse(receipt.pdf, content_type="application/pdf")
        response["ETag"] = f'"{receipt.sha256}"'
        response["Content-Disposition"] = content_disposition_header(True, FILENAME) or ""
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response
