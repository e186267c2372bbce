"""Large files in pieces, by the tus protocol 1.0.0 (https://tus.io/protocols/resumable-upload)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import http_date
from rest_framework.request import Request
from rest_framework.response import Response

from api.operations import header, operation, path, shown
from api.problems import LengthRequired, Malformed, NotAPiece, TusVersion
from api.schemas.parts import UUID as UUID_SCHEMA
from api.schemas.parts import Schema
from api.tus import MEDIA_TYPE, VERSION, Announced, checksum_of, is_piece, offset_of, pieces_of
from api.view import PortalView
from efile.arriving import (
    CHECKSUMS,
    ChecksumMismatch,
    Progress,
    TooLong,
    UploadIsUsed,
    WrongOffset,
    append_piece,
    begin_upload,
    get_progress,
    give_up,
)
from efile.disk import StorageUnavailable
from efile.kernel.clock import real_now
from efile.kernel.errors import Invalid, NotFound
from efile.pieces import UploadLocked
from workflows.limits import limit_for

EXTENSIONS: Final = "creation,creation-with-upload,expiration,checksum,termination"
# A sender that says nothing for so long is gone; whoever comes back need not wait for longer.
SILENCE_SECONDS: Final = 30.0

_ID: Final = path("upload", UUID_SCHEMA, "The id in the Location; attachments name it later.")
_TUS: Final = header("Tus-Resumable", {"const": VERSION}, "The protocol's version.", required=True)
_NUMBER: Final[Schema] = {"type": "integer", "minimum": 0}
_CHECKSUM: Final = header(
    "Upload-Checksum",
    {"type": "string"},
    f"What the piece hashes to ({', '.join(CHECKSUMS)}): algorithm and Base64. A piece that does "
    "not is 460, and nothing of it counts.",
)
_OFFSET: Final = shown("How many bytes are on the disk: go on from here.", _NUMBER)
_EXPIRES: Final = shown("When the upload ends unless it goes on (HTTP date).")
_TOLD: Final = {"Upload-Offset": _OFFSET, "Upload-Expires": _EXPIRES}
_AT_THE_END: Final = (
    "With the last byte the file is looked at as after POST uploads; what is refused then (422) is "
    "gone. What it is, and whether it was scanned, GET uploads/{upload} tells."
)
_BODY: Final[Schema] = {
    "description": "Bytes of the file.",
    "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
}


class TusView(PortalView):
    """An operation of the protocol: speaks its version, and refuses any other."""

    required_scope = "submit"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Clients whose surroundings know no PATCH name it in a header; the protocol demands it."""
        meant = request.headers.get("X-HTTP-Method-Override", "").upper()
        if request.method == "POST" and meant in {"PATCH", "DELETE", "HEAD"}:
            request.method = meant
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            raise TusVersion(version=VERSION)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        final["Tus-Resumable"] = VERSION
        if final.status_code == 412:
            final["Tus-Version"] = VERSION
        return final


class ResumableUploads(TusView):
    """What is possible, and a new upload."""

    http_method_names = ("options", "post")

    @operation(
        "describeResumableUploads",
        "What resumable uploads can do",
        scope="submit",
        answers={
            204: {
                "description": "In the headers",
                "headers": {
                    "Tus-Version": shown("The versions spoken here."),
                    "Tus-Extension": shown("The extensions spoken here."),
                    "Tus-Max-Size": shown("The largest file, in bytes.", _NUMBER),
                    "Tus-Checksum-Algorithm": shown("For Upload-Checksum."),
                },
            }
        },
        tag="Uploads",
    )
    def options(self, _request: Request) -> Response:  # type: ignore[override]
        return Response(
            status=204,
            headers={
                "Tus-Version": VERSION,
                "Tus-Extension": EXTENSIONS,
                "Tus-Max-Size": str(settings.RESUMABLE_MAX_BYTES),
                "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
            },
        )

    @operation(
        "createResumableUpload",
        "Announce a large file",
        scope="submit",
        answers={
            201: {
                "description": "Send it to the Location",
                "headers": {"Location": shown("Where its bytes go."), **_TOLD},
            }
        },
        refuses=[
            Malformed,
            LengthRequired,
            TusVersion,
            TooLong,
            NotAPiece,
            Invalid,
            ChecksumMismatch,
            StorageUnavailable,
        ],
        body=_BODY | {"description": "May hold the first bytes already (creation-with-upload)."},
        parameters=[
            _TUS,
            header("Upload-Length", _NUMBER, "The size of the file in bytes.", required=True),
            header(
                "Upload-Metadata",
                {"type": "string"},
                "Pairs of a name and a value in Base64, separated by commas: filename, filetype, "
                "sha256 (hex, of the whole file), and service and proof, which tell at once that "
                "the file is too large for them.",
            ),
            _CHECKSUM,
        ],
        description="The tus protocol, version 1.0.0. " + _AT_THE_END,
        tag="Uploads",
    )
    def post(self, request: Request) -> Response:
        sent, at = Announced.of(request), real_now()
        progress = begin_upload(
            size=sent.size,
            filename=sent.filename,
            declared=sent.media_type,
            sha256=sent.sha256,
            limit=limit_for(sent.service, sent.proof, by=self.actor),
            by=self.actor,
            at=at,
        )
        if is_piece(request):
            progress = _append(self, progress.id, request, 0)
        response = _told(progress, 201)
        response["Location"] = request.build_absolute_uri(
            reverse("api:resumable_upload", args=[progress.id])
        )
        return response


class ResumableUpload(TusView):
    """One upload: how far it is, its next piece, its end."""

    http_method_names = ("head", "patch", "delete")

    @operation(
        "getResumableUpload",
        "How far an upload is",
        scope="submit",
        answers={
            204: {
                "description": "In the headers",
                "headers": _TOLD | {"Upload-Length": shown("The size of the file.", _NUMBER)},
            }
        },
        refuses=[NotFound, TusVersion, UploadLocked, Invalid, StorageUnavailable],
        parameters=[_ID, _TUS],
        description="While another request is still writing it is 423: ask again.",
        tag="Uploads",
    )
    def head(self, _request: Request, upload: UUID) -> Response:
        return _told(get_progress(upload, by=self.actor, at=real_now()), 204)

    @operation(
        "continueResumableUpload",
        "Send the next piece",
        scope="submit",
        answers={204: {"description": "Kept; how far it is now", "headers": _TOLD}},
        refuses=[
            Malformed,
            LengthRequired,
            NotFound,
            WrongOffset,
            TusVersion,
            TooLong,
            NotAPiece,
            Invalid,
            UploadLocked,
            ChecksumMismatch,
            StorageUnavailable,
        ],
        body=_BODY | {"required": True},
        parameters=[
            _ID,
            _TUS,
            header("Upload-Offset", _NUMBER, "Where the piece begins.", required=True),
            _CHECKSUM,
        ],
        description="A connection that breaks costs nothing that arrived: ask with HEAD, and go on "
        "from there. " + _AT_THE_END,
        tag="Uploads",
    )
    def patch(self, request: Request, upload: UUID) -> Response:
        if not is_piece(request):
            raise NotAPiece(expected=MEDIA_TYPE)
        return _told(_append(self, upload, request, offset_of(request)), 204)

    @operation(
        "endResumableUpload",
        "Give an upload up",
        scope="submit",
        answers={204: {"description": "It is gone"}},
        refuses=[NotFound, TusVersion, UploadLocked, UploadIsUsed, StorageUnavailable],
        parameters=[_ID, _TUS],
        description="Also a complete one, as long as nothing uses it.",
        tag="Uploads",
    )
    def delete(self, _request: Request, upload: UUID) -> Response:
        give_up(upload, by=self.actor, at=real_now())
        return Response(status=204)


def _append(view: TusView, upload: UUID, request: Request, offset: int) -> Progress:
    checksum = checksum_of(request)
    with _patience(request):
        return append_piece(
            upload,
            pieces_of(request),
            offset=offset,
            checksum=checksum,
            by=view.actor,
            at=real_now(),
        )


def _told(progress: Progress, status: int) -> Response:
    return Response(
        status=status,
        headers={
            "Upload-Offset": str(progress.offset),
            "Upload-Length": str(progress.size),
            "Upload-Expires": http_date(progress.expires_at.timestamp()),
        },
    )


@contextmanager
def _patience(request: Request) -> Iterator[None]:
    """Wait for the next bytes no longer than ``SILENCE_SECONDS``, where the server lets us say so.

    A line that went dead does not end by itself, and would keep the sender out of its own upload.
    """
    connection = request.META.get("gunicorn.socket")
    if connection is None:
        yield
        return
    before = connection.gettimeout()
    connection.settimeout(SILENCE_SECONDS)
    try:
        yield
    finally:
        connection.settimeout(before)
