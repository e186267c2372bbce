"""Files on their way in: small ones in one request, large ones piece by piece (tus 1.0.0)."""

import base64
import hashlib
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from io import BufferedReader, BytesIO
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx

from api.client.calling import Damaged, Json, Line, Refused, Unreachable, accepted, content

Opened = BufferedReader | BytesIO

# What goes in one request; beyond it a broken connection would cost too much.
ONE_REQUEST = 20 * 1024 * 1024
PIECE = 8 * 1024 * 1024
# In a row, without a byte in between.
_SETBACKS = 20

# RFC 8187 attr-char: what may stand unencoded in an extended parameter value.
_ATTR_CHAR = "!#$&+-.^_`|~"
_TUS = {"Tus-Resumable": "1.0.0"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to go with an application: its path or its bytes, and which proof it is."""

    source: Path | bytes
    filename: str
    media_type: str
    proof: str = ""

    @classmethod
    def of(cls, path: Path, proof: str = "") -> "Attachment":
        """The file at ``path``, its media type guessed from its name."""
        guessed, _ = mimetypes.guess_type(path.name)
        return cls(path, path.name, guessed or "application/octet-stream", proof)

    @property
    def size(self) -> int:
        """Bytes."""
        return self.source.stat().st_size if isinstance(self.source, Path) else len(self.source)

    @contextmanager
    def opened(self) -> Iterator[Opened]:
        """The bytes, to be read."""
        if isinstance(self.source, bytes):
            yield BytesIO(self.source)
        else:
            with self.source.open("rb") as file:
                yield file


def send(line: Line, file: Attachment) -> Json:
    """Send ``file`` ahead; the answer's ``id`` goes into ``attachments``."""
    if file.size > ONE_REQUEST:
        return _send_in_pieces(line, file)
    with file.opened() as opened:
        sent = opened.read()
    digest = base64.b64encode(hashlib.sha256(sent).digest()).decode()
    name = quote(file.filename, safe=_ATTR_CHAR)
    headers = {
        "Content-Type": file.media_type,
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Content-Digest": f"sha-256=:{digest}:",
    }
    told: Json = line.json("POST", "uploads", content=sent, headers=headers)
    return told


def _send_in_pieces(line: Line, file: Attachment) -> Json:
    with file.opened() as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    metadata = {"filename": file.filename, "filetype": file.media_type, "sha256": digest}
    told = ",".join(
        f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in metadata.items()
    )
    headers = {**_TUS, "Upload-Length": str(file.size), "Upload-Metadata": told}
    made = accepted(line.call("POST", "uploads/resumable", headers=headers))
    # An address of another host would be somebody else's: only its path counts.
    address = urlsplit(made.headers["Location"]).path.partition("/api/v1/")[2]
    with file.opened() as opened:
        _feed(line, address, opened, file.size)
    upload: Json = line.json("GET", f"uploads/{address.rstrip('/').rpartition('/')[2]}")
    if upload["sha256"] != digest:
        raise Damaged(upload["id"])
    return upload


def _feed(line: Line, address: str, opened: Opened, size: int) -> None:
    """Send what is missing until nothing is; after a fault ask where the other side stands."""
    offset, setbacks = 0, 0
    while offset < size:
        opened.seek(offset)
        headers = {
            **_TUS,
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
        }
        try:
            reply = line.once("PATCH", address, headers, content=opened.read(PIECE))
        except httpx.TransportError:
            reply = None
        if reply is not None and reply.status_code == HTTPStatus.NO_CONTENT:
            offset, setbacks = int(reply.headers["Upload-Offset"]), 0
            continue
        if reply is not None and _is_final(reply):
            raise Refused(reply.status_code, content(reply))
        setbacks += 1
        if setbacks > _SETBACKS:
            raise Unreachable(f"PATCH {address}")
        asked = line.call("HEAD", address, headers=_TUS)
        if asked.status_code == HTTPStatus.LOCKED:
            # The other side is still writing down what came through before the line broke.
            line.pause(min(0.25 * 2**setbacks, 5.0))
        else:
            offset = int(accepted(asked).headers["Upload-Offset"])


def _is_final(reply: httpx.Response) -> bool:
    """A refusal that the same bytes would meet again; a conflict of offsets is none."""
    passing = {HTTPStatus.CONFLICT, HTTPStatus.LOCKED, HTTPStatus.TOO_MANY_REQUESTS}
    return (
        HTTPStatus.BAD_REQUEST <= reply.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
        and reply.status_code not in passing
    )
