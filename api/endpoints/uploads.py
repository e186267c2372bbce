"""Files sent ahead of what they belong to."""

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from api.operations import answer, header, operation
from api.parsers import SentFile
from api.problems import LengthRequired, Malformed, TooLarge
from api.view import PortalView
from efile.filing import receive_upload
from efile.kernel.clock import real_now
from efile.kernel.errors import Invalid
from efile.sniffing import ACCEPTED
from efile.storage import StorageUnavailable


class Uploads(PortalView):
    """A new upload."""

    required_scope = "submit"

    @operation(
        "createUpload",
        "Send a file",
        scope="submit",
        answers={201: answer("Kept until it is used or expires", "Upload")},
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
        f"at most {settings.UPLOAD_MAX_BYTES} bytes.",
        tag="Uploads",
    )
    def post(self, request: Request) -> Response:
        sent = SentFile.of(request)
        stored, media_type = sent.keep(ACCEPTED)
        upload = receive_upload(
            stored, media_type=media_type, filename=sent.filename, by=self.actor, at=real_now()
        )
        told = {
            "id": str(upload.id),
            "filename": upload.filename,
            "sha256": stored.sha256,
            "size": stored.size,
            "media_type": media_type,
            "expires_at": upload.expires_at.isoformat(),
        }
        return Response(told, status=201)
