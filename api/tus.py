"""What requests of the tus protocol say in their headers, and their bytes piece by piece."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rest_framework.request import Request

from api.parsers import Body
from api.problems import Malformed, NotAPiece
from efile.arriving import CHECKSUMS, Checksum
from efile.kernel.errors import FieldError

VERSION: Final = "1.0.0"
MEDIA_TYPE: Final = "application/offset+octet-stream"
_NUMBER: Final = re.compile(r"[0-9]{1,15}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_LONGEST_VALUE: Final = 1000


@dataclass(frozen=True, slots=True)
class Announced:
    """A file that is to come; ``sha256`` in hex or "", ``service`` and ``proof`` it is for."""

    size: int
    filename: str
    media_type: str
    sha256: str
    service: str
    proof: str

    @classmethod
    def of(cls, request: Request) -> "Announced":
        """What ``request`` announces. Refuses: Malformed, NotAPiece (a body of another kind)."""
        if Body.of(request).length != 0 and not is_piece(request):
            raise NotAPiece(expected=MEDIA_TYPE)
        told = _metadata(request.headers.get("Upload-Metadata", ""))
        sha256 = told.get("sha256", "").lower()
        if sha256 and not _SHA256.fullmatch(sha256):
            raise _bad("Upload-Metadata", "sha256")
        return cls(
            size=_number(request, "Upload-Length"),
            filename=told.get("filename", ""),
            media_type=told.get("filetype", ""),
            sha256=sha256,
            service=told.get("service", ""),
            proof=told.get("proof", ""),
        )


def is_piece(request: Request) -> bool:
    """Whether the body is said to be bytes of an upload."""
    declared = str(request.META.get("CONTENT_TYPE") or "")
    return declared.partition(";")[0].strip().lower() == MEDIA_TYPE


def offset_of(request: Request) -> int:
    """Where the piece begins. Refuses: Malformed."""
    return _number(request, "Upload-Offset")


def checksum_of(request: Request) -> Checksum | None:
    """What the piece must hash to, if the sender says so. Refuses: Malformed."""
    told = request.headers.get("Upload-Checksum")
    if told is None:
        return None
    algorithm, _, digest = told.strip().partition(" ")
    if algorithm not in CHECKSUMS:
        raise _bad("Upload-Checksum", "enum", allowed=CHECKSUMS)
    return Checksum(algorithm, _decoded(digest, "Upload-Checksum"))


def pieces_of(request: Request) -> Iterator[bytes]:
    """The body as it comes. Refuses, now: LengthRequired; at its end: Malformed (cut off)."""
    return Body.of(request).pieces()


def _number(request: Request, name: str) -> int:
    told = request.headers.get(name)
    if told is None or not _NUMBER.fullmatch(told):
        raise _bad(name, "required" if told is None else "whole_number")
    return int(told)


def _metadata(told: str) -> dict[str, str]:
    """Names and values; a name without a value has an empty one."""
    found = {}
    for pair in filter(None, (one.strip() for one in told.split(","))):
        name, _, value = pair.partition(" ")
        try:
            found[name] = _decoded(value, "Upload-Metadata").decode("utf-8")
        except UnicodeDecodeError:
            raise _bad("Upload-Metadata", "base64") from None
        if len(found[name]) > _LONGEST_VALUE or "\0" in found[name]:
            raise _bad("Upload-Metadata", "max_length", limit=_LONGEST_VALUE)
    return found


def _decoded(value: str, name: str) -> bytes:
    try:
        return base64.b64decode(value.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise _bad(name, "base64") from None


def _bad(name: str, rule: str, **facts: object) -> Malformed:
    return Malformed([FieldError("", rule, {"header": name, **facts})])
