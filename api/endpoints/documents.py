"""The documents of a submission, whole or in part."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from api.operations import ETAG, SUBMISSION_ID, header, operation, path, shown
from api.problems import RangeNotSatisfiable
from api.ranges import asked_range
from api.schemas.parts import UUID as UUID_SCHEMA
from api.view import PortalView
from efile.disk import StorageUnavailable
from efile.kernel.clock import now
from efile.kernel.errors import NotFound
from efile.scanning import Infected, NotYetScanned
from efile.storage import ContentAltered, ContentMissing, default_store
from workflows.public import PublicDocument, fetch_document


class AsStored(BaseRenderer):
    """Documents are what they are: any Accept will do. Their bytes never pass through here."""

    media_type = "*/*"
    format = "bytes"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,  # noqa: ARG002 - the framework hands it over
        renderer_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> Any:
        return data


_BYTES: dict[str, Any] = {"*/*": {}}
_HEADERS = {"ETag": ETAG, "Content-Disposition": shown("The file's name (RFC 6266).")}


class Document(PortalView):
    """One document. No HEAD: fetching a decision has legal effect, looking must not."""

    required_scope = "read"
    renderer_classes = (AsStored,)
    http_method_names = ("get",)

    @operation(
        "getDocument",
        "Fetch a document",
        scope="read",
        answers={
            200: {"description": "The document", "content": _BYTES, "headers": _HEADERS},
            206: {
                "description": "The part asked for",
                "content": _BYTES,
                "headers": _HEADERS | {"Content-Range": shown("Which part it is.")},
            },
        },
        refuses=[
            NotFound,
            NotYetScanned,
            Infected,
            RangeNotSatisfiable,
            ContentMissing,
            ContentAltered,
            StorageUnavailable,
        ],
        parameters=[
            SUBMISSION_ID,
            path("document", UUID_SCHEMA, "The id in the status."),
            header("Range", {"type": "string"}, "One range of bytes (RFC 9110, section 14)."),
            header("If-Range", {"type": "string"}, "The ETag the range belongs to."),
        ],
        description="Fetching a decision provided electronically counts as retrieving it "
        "(§ 41 (2a) VwVfG): fetch it when the applicant does.",
    )
    def get(self, request: Request, submission: UUID, document: UUID) -> StreamingHttpResponse:
        found = fetch_document(submission, document, by=self.actor, at=now())
        part = asked_range(request._request, found.size, _etag(found))
        return _streamed(found, part)


def _streamed(document: PublicDocument, part: tuple[int, int] | None) -> StreamingHttpResponse:
    """The bytes, verified before the first one leaves."""
    start, stop = part or (0, document.size)
    pieces = default_store().read_range(document.sha256, start, stop)
    if not connection.in_atomic_block:
        connection.close()  # a slow reader must not keep one from the others
    response = StreamingHttpResponse(
        pieces, content_type=document.media_type, status=206 if part else 200
    )
    if part:
        response["Content-Range"] = f"bytes {start}-{stop - 1}/{document.size}"
    response["Content-Length"] = str(stop - start)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = _etag(document)
    response["Content-Disposition"] = content_disposition_header(True, document.filename) or ""
    response["X-Content-Type-Options"] = "nosniff"
    # Should a browser ever show it all the same, nothing in it runs.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _etag(document: PublicDocument) -> str:
    return f'"{document.sha256}"'
