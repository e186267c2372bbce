"""Documents, to be looked at or taken along."""

from typing import BinaryIO
from uuid import UUID

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from backoffice.pages.presenters.documents import SHOWN_INLINE
from backoffice.pages.staff import StaffRequest, signed_in
from efile.kernel.clock import now
from efile.reading import read_document
from efile.storage import default_store
from workflows.clarifying import kept_attachment

# Whatever a file contains: it runs nothing, loads nothing and belongs to no site, so not to ours.
ALONE = "sandbox; default-src 'none'"


@require_safe
@signed_in
def document(
    request: StaffRequest, document_id: UUID, *, download: bool = False
) -> HttpResponseBase:
    """A document of a case in its latest version."""
    found = read_document(document_id, by=request.actor, at=now())
    content = default_store().open(found.sha256)
    return _file(content, found.media_type, found.filename, found.size, download=download)


@require_safe
@signed_in
def attachment(
    request: StaffRequest, item_id: UUID, number: int, *, download: bool = False
) -> HttpResponseBase:
    """A file that came with an inbox item."""
    found = kept_attachment(item_id, number, by=request.actor)
    content = default_store().open(found.sha256)
    return _file(content, found.media_type, found.filename, found.size, download=download)


def _file(
    content: BinaryIO, media_type: str, filename: str, size: int, *, download: bool
) -> HttpResponseBase:
    """Shown in the browser only if it is of a kind that is merely looked at."""
    inline = media_type in SHOWN_INLINE and not download
    response = FileResponse(
        content,
        as_attachment=not inline,
        filename=filename,
        content_type=media_type if media_type in SHOWN_INLINE else "application/octet-stream",
    )
    response["Content-Length"] = str(size)
    response["Content-Security-Policy"] = ALONE
    response["X-Content-Type-Options"] = "nosniff"
    return response
