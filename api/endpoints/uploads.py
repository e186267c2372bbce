"""Files sent ahead of what they belong to."""

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from api.language import language_for
from api.operations import answer, header, leads_to, operation, path
from api.parsers import SentFile
from api.problems import LengthRequired, Malformed, TooLarge
from api.schemas.envelope import EXAMPLE
from api.schemas.parts import UUID as UUID_SCHEMA
from api.view import PortalView
from api.words import rule_text
from efile.disk import StorageUnavailable
from efile.kernel.clock import real_now
from efile.kernel.errors import Invalid, NotFound
from efile.receiving import Received, get_upload
from efile.sniffing import ACCEPTED

_THIS: Final = "$response.body#/id"
_PROOF: Final = {"upload": _THIS, "proof": "registration-certificate"}
_USED: Final = [
    leads_to("getUpload", upload=_THIS),
    leads_to("submit", body={**EXAMPLE, "attachments": [_PROOF]}),
]


class Uploads(PortalView):
    """A new upload."""

    required_scope = "submit"

    @operation(
        "createUpload",
        "Send a file",
        scope="submit",
        answers={201: answer("Kept until it is used or expires", "Upload", links=_USED)},
        refuses=[Malformed, LengthRequired, TooLarge, Invalid, StorageUnavailable],
        body={
            "required": True,
            "description": "The file's bytes.",
            "content": {"*/*": {}},
        },
        parameters=[
            header(
                "Content-Disposition",
                {"type": "string"},
                "The name (RFC 6266): attachment; filename*=UTF-8''Nachweis.pdf",
            ),
            header(
                "Content-Digest",
                {"type": "string"},
                "The SHA-256 (RFC 9530), checked before anything is kept: sha-256=:…:",
            ),
        ],
        description=f"What the file is, its bytes decide. Accepted: {', '.join(ACCEPTED)}; "
        f"at most {settings.UPLOAD_MAX_BYTES} bytes. Larger ones: POST uploads/resumable.",
        tag="Uploads",
    )
    def post(self, request: Request) -> Response:
        taken = SentFile.of(request).take_in(by=self.actor, at=real_now())
        return Response(_told(taken, request), status=201)


class Upload(PortalView):
    """One upload, however it was sent."""

    required_scope = "submit"

    @operation(
        "getUpload",
        "What became of a file",
        scope="submit",
        answers={200: answer("The upload, used or not", "Upload")},
        refuses=[NotFound],
        parameters=[path("upload", UUID_SCHEMA, "The id that sending it gave.")],
        description="Where scan is pending, the office cannot open the file yet; it can be handed "
        "in all the same.",
        tag="Uploads",
    )
    def get(self, request: Request, upload: UUID) -> Response:
        return Response(_told(get_upload(upload, by=self.actor, at=real_now()), request))


def _told(upload: Received, request: Request) -> dict[str, Any]:
    notices = [upload.flaw] if upload.flaw else []
    language = language_for(request._request)
    return {
        "id": str(upload.id),
        "filename": upload.filename,
        "sha256": upload.sha256,
        "size": upload.size,
        "media_type": upload.media_type,
        "scan": upload.scan,
        # Whoever sends what we cannot open is told so (§ 3a (3) VwVfG); it is kept all the same.
        "notices": [{"rule": one, "detail": rule_text(one, {}, language)} for one in notices],
        "expires_at": upload.expires_at.isoformat(),
    }
