"""How requests are read: JSON to the letter, files as streams, the headers that matter."""

import base64
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Final, NoReturn, cast
from urllib.parse import unquote

from django.conf import settings
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from api.problems import LengthRequired, Malformed, TooLarge
from efile.kernel.actors import Actor
from efile.kernel.errors import FieldError, Invalid
from efile.receiving import Received, receive_file
from efile.sniffing import safe_filename
from workflows.catalogue.forms import MAX_DEPTH, FormValidator
from workflows.catalogue.pointers import join
from workflows.repeat import LONGEST_KEY

# What every JSON reader agrees on (RFC 7493, section 2.2); beyond it numbers lose digits.
SAFE_INTEGER: Final = 2**53 - 1
_PIECE: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON body: ``text`` as it was sent, to the letter, and the ``value`` it writes down."""

    text: str
    value: Any


class EnvelopeParser(BaseParser):
    """Reads ``application/json`` strictly: UTF-8, I-JSON (RFC 7493), no name twice.

    Refuses: TooLarge, LengthRequired, Malformed naming every fault.
    """

    media_type = "application/json"

    def parse(  # type: ignore[override]
        self,
        stream: Any,
        media_type: str | None = None,  # noqa: ARG002 - the framework hands it over
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> Json:
        limit = settings.ENVELOPE_MAX_BYTES
        sent = stream.read(limit + 1)
        if len(sent) > limit:
            raise TooLarge(limit=limit)
        text = _decoded(sent)
        value = _loaded(text)
        if faults := _READABLE.errors(value, "") or list(_ambiguities(value, "")):
            raise Malformed(faults)
        return Json(text, value)


def json_body(request: Request) -> Json | None:
    """The JSON body of ``request``; None where it has none. Refuses: as ``EnvelopeParser``."""
    if "Transfer-Encoding" in request.headers:
        raise LengthRequired
    body: Any = request.data
    return body if isinstance(body, Json) else None


def idempotency_key(request: Request, *, required: bool = False) -> str | None:
    """The sender's key for this call. Refuses: Malformed."""
    key = request.headers.get("Idempotency-Key")
    if key is None and not required:
        return None
    if key is None or len(key) > LONGEST_KEY or not re.fullmatch("[!-~]+", key):
        facts = {"header": "Idempotency-Key", "limit": LONGEST_KEY}
        raise Malformed([FieldError("", "required" if key is None else "idempotency_key", facts)])
    return key


@dataclass(frozen=True, slots=True)
class Body:
    """The raw body of a request; ``length`` in bytes, None where only its end will tell."""

    stream: BinaryIO
    length: int | None

    @classmethod
    def of(cls, request: Request) -> "Body":
        """What ``request`` carries. Refuses: LengthRequired, where nobody could tell its end."""
        chunked = "Transfer-Encoding" in request.headers
        if chunked and not request.META.get("wsgi.input_terminated"):
            raise LengthRequired
        stream = request.META["wsgi.input"] if chunked else request._request
        length = None if chunked else _length(request.META.get("CONTENT_LENGTH"))
        return cls(cast("BinaryIO", stream), length)

    def pieces(self) -> Iterator[bytes]:
        """The bytes as they come. Refuses, at the end: Malformed, where some are missing."""
        size = 0
        while piece := self.stream.read(_PIECE):
            size += len(piece)
            yield piece
        if self.length is not None and size != self.length:
            raise _bad_header("Content-Length", "content_length")


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file on its way in, in one request: its bytes and what its sender says of it."""

    body: Body
    media_type: str | None
    filename: str
    sha256: bytes | None

    @classmethod
    def of(cls, request: Request) -> "SentFile":
        """What ``request`` carries. Refuses: LengthRequired, Malformed, TooLarge."""
        body = Body.of(request)
        if body.length is not None and body.length > settings.UPLOAD_MAX_BYTES:
            raise TooLarge(limit=settings.UPLOAD_MAX_BYTES)
        return cls(
            body=body,
            media_type=request.META.get("CONTENT_TYPE"),
            filename=_filename(request.headers.get("Content-Disposition", "")),
            sha256=_sha256(request.headers.get("Content-Digest", "")),
        )

    def take_in(self, *, by: Actor, at: datetime) -> Received:
        """Keep it until it is used or expires; ``at`` is true time.

        Refuses: TooLarge, Malformed (digest, fewer bytes than announced), Invalid (what it is).
        """
        limit = settings.UPLOAD_MAX_BYTES
        try:
            return receive_file(
                self.body.pieces(),
                filename=self.filename,
                declared=self.media_type,
                max_bytes=limit,
                expected_sha256=self.sha256,
                by=by,
                at=at,
            )
        except Invalid as refusal:
            match refusal.errors[0].rule:
                case "max_bytes":
                    raise TooLarge(limit=limit) from None
                case "content_digest":
                    raise _bad_header("Content-Digest", "content_digest") from None
            raise


# No schema, but what no text of ours can hold: NUL, halves of surrogates, endless depth.
_READABLE: Final = FormValidator({})


def _length(header: str | None) -> int:
    """What Content-Length says; the framework reads nonsense as 0, too."""
    return int(header) if header and header.isdecimal() else 0


def _decoded(sent: bytes) -> str:
    try:
        return sent.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed([FieldError("", "json")]) from None


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
    except ValueError:  # also a number with thousands of digits
        raise Malformed([FieldError("", "json")]) from None
    except RecursionError:
        raise Malformed([FieldError("", "too_deep", {"limit": MAX_DEPTH})]) from None


class _Repeating(dict[str, Any]):
    """An object in which a name appears twice; readers would disagree on which one counts."""

    names: list[str]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    repeating = _Repeating(found)
    counted = Counter(name for name, _ in pairs)
    repeating.names = sorted(name for name, times in counted.items() if times > 1)
    return repeating


def _no_number(_constant: str) -> NoReturn:
    """NaN and Infinity are no JSON."""
    raise ValueError


def _ambiguities(value: Any, here: str) -> Iterator[FieldError]:
    """What two readers of the same JSON may understand differently."""
    if isinstance(value, _Repeating):
        for name in value.names:
            yield FieldError(join(here, name), "duplicate_member")
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _ambiguities(inner, join(here, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _ambiguities(inner, join(here, index))
    elif isinstance(value, int) and abs(value) > SAFE_INTEGER:
        yield FieldError(here, "number_range", {"limit": SAFE_INTEGER})


_PARAMETER: Final = re.compile(
    r""";\s*([\w!#$%&+.^`|~-]+\*?)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;"]*)""", re.ASCII
)
_LENIENT: Final = re.IGNORECASE | re.ASCII
_EXTENDED: Final = re.compile(r"(utf-8|iso-8859-1)'[^']*'([\w!#$&+.^`|~%-]*)", _LENIENT)


def _filename(disposition: str) -> str:
    """The name in a Content-Disposition (RFC 6266): ``filename*`` before ``filename``."""
    given = {name.lower(): value for name, value in _PARAMETER.findall(disposition)}
    if "filename*" in given:
        extended = _EXTENDED.fullmatch(given["filename*"])
        if extended is None:
            raise _bad_header("Content-Disposition", "filename")
        try:
            return safe_filename(unquote(extended[2], encoding=extended[1], errors="strict"))
        except UnicodeDecodeError:
            raise _bad_header("Content-Disposition", "filename") from None
    plain = re.sub(r"\\(.)", r"\1", given.get("filename", "").strip('"'))
    return safe_filename(_as_utf8(plain))


def _as_utf8(header: str) -> str:
    """Headers arrive decoded as Latin-1; many clients write UTF-8 into them all the same."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


_SHA256: Final = re.compile(r"(?:^|,)\s*sha-256=([^,;]*)")


def _sha256(digest: str) -> bytes | None:
    """The raw SHA-256 of a Content-Digest (RFC 9530); None where it names only other digests."""
    found = _SHA256.findall(digest)
    if not found:
        return None
    written = re.fullmatch(r":([A-Za-z0-9+/]{43}=):\s*", found[-1])
    if written is None:
        raise _bad_header("Content-Digest", "content_digest")
    return base64.b64decode(written[1], validate=True)


def _bad_header(name: str, rule: str) -> Malformed:
    return Malformed([FieldError("", rule, {"header": name})])
