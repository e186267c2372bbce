"""What a file is, told from its bytes, and under which name it may be kept."""

import codecs
import re
import struct
import unicodedata
from collections.abc import Iterator, Sequence

from efile.kernel.errors import FieldError, Invalid

EMPTY = "application/x-empty"
UNKNOWN = "application/octet-stream"

_EXECUTABLE = "application/x-executable"
_HTML, _PLAIN, _SVG = "text/html", "text/plain", "image/svg+xml"
_OLE, _PDF = "application/x-ole-storage", "application/pdf"
_XML, _ZIP = "application/xml", "application/zip"

# What a file begins with; the first that fits tells.
_MAGIC = tuple(
    (re.compile(pattern, re.DOTALL), media_type)
    for pattern, media_type in (
        (rb"%PDF-", _PDF),
        (rb"\x89PNG\r\n\x1a\n", "image/png"),
        (rb"\xff\xd8\xff", "image/jpeg"),
        (rb"GIF8[79]a", "image/gif"),
        (rb"II[\x2a\x2b]\x00|MM\x00[\x2a\x2b]", "image/tiff"),
        (rb"RIFF.{4}WEBP", "image/webp"),
        (rb".{4}ftyp(?:(?:mif1|msf1).{4}(?:.{4}){0,9})?he[iv][cxms]", "image/heic"),
        (rb".{4}ftypavi[fs]", "image/avif"),
        (rb".{4}ftyp", "video/mp4"),
        (rb"PK(?:\x03\x04|\x05\x06)", _ZIP),
        (rb"Rar!\x1a\x07", "application/vnd.rar"),
        (rb"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
        (rb"\x1f\x8b\x08", "application/gzip"),
        (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLE),
        (rb"\{\\rtf", "application/rtf"),
        (rb"%!PS", "application/postscript"),
        (rb"\x7fELF|\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe", _EXECUTABLE),
        # Two letters are few: a text may begin with them, but has no NUL soon after.
        (rb"MZ[^\x00]{0,61}\x00", "application/vnd.microsoft.portable-executable"),
        (rb"#!", "text/x-shellscript"),
    )
)

# Readers put up with so much before the header (PDF Reference 1.7, appendix H.3, note 13).
_PDF_JUNK = 1024
_PDF_HEADER = re.compile(rb"%PDF-\d\.\d")

_ENTRY_BYTES = 30
_OOXML_BEGINS = (b"[Content_Types].xml", b"_rels/", b"docProps/")
_OOXML = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_ODF = re.compile(rb"application/vnd\.oasis\.opendocument\.[a-z-]+")

_XML_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml\s")
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_ROOT = re.compile(rb"<(?:!doctype\s+)?(?:[a-z_][\w.-]*:)?([a-z_][\w.-]*)(?=[\s/>])", re.IGNORECASE)
# What browsers take for HTML when they guess (WHATWG MIME Sniffing § 7.1), and its kin.
_HTML_ROOTS = frozenset(
    b"a b base body br center div embed font form frameset h1 head html iframe img input link "
    b"math meta object p script span style table template title video".split()
)

_HEADERS = re.compile(rb"(?:[!-9;-~]+:[^\n\x00]*(?:\n|\Z)(?:[ \t][^\n\x00]*(?:\n|\Z))*)+")
_HEADER_NAME = re.compile(rb"^([!-9;-~]+):", re.MULTILINE)

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")

_MEDIA_TYPE = re.compile(r"\s*([a-z0-9][\w.+-]*/[a-z0-9][\w.+-]*)\s*(?:;.*)?", re.ASCII | re.DOTALL)
_SAME = {
    "application/x-pdf": _PDF,
    "application/x-zip-compressed": _ZIP,
    "image/heif": "image/heic",
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "text/xml": _XML,
}
# The bytes cannot tell these apart; here the sender's word counts.
_KINDS = {
    _PLAIN: {"application/json", "text/calendar", "text/csv", "text/markdown", "text/vcard"},
    _OLE: {"application/msword", "application/vnd.ms-excel", "application/vnd.ms-outlook"},
}

# What can be read in an office for years to come. Each proof of a service allows less; nothing
# that runs (programs, HTML, SVG) and nothing that hides what is inside (archives) comes in.
ACCEPTED = (
    "application/pdf",
    "image/jpeg",
    "image/png",
    "image/tiff",
    "image/webp",
    "image/heic",
    "text/plain",
    "text/csv",
    "message/rfc822",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)

_NAME_MAX = 120
_PATH = re.compile(r"(?:[A-Za-z]:|\.{0,2})[\\/]")
_UNFIT = re.compile(r'[\\/:*?"<>|]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)\s*(?:\.|\Z)", re.IGNORECASE)
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}\Z")


def sniff(head: bytes, size: int) -> str:
    """The media type of a file of ``size`` bytes that begins with ``head`` (8 KB suffice).

    The beginning decides: a file that is two things at once is what it begins as. Office
    files with and without macros look alike from here. ``UNKNOWN`` when nothing fits.
    """
    if not head:
        return EMPTY
    for magic, media_type in _MAGIC:
        if magic.match(head):
            return _zip_type(head) if media_type == _ZIP else media_type
    if markup := _markup_type(head):
        return markup
    if _is_mail(head):
        return "message/rfc822"
    if _PDF_HEADER.search(head, 0, _PDF_JUNK):
        return _PDF
    return _PLAIN if _is_text(head, whole=len(head) >= size) else UNKNOWN


def require_allowed(
    sniffed: str, declared: str | None, allowed: Sequence[str], pointer: str
) -> str:
    """The media type to keep a file under; ``declared`` is what its sender called it.

    Only where bytes cannot tell (CSV is plain text) the sender's word is taken; who declares
    nothing or ``application/octet-stream`` contradicts nothing.

    Refuses: Invalid (rules ``empty_file``, ``media_type``, ``media_type_mismatch``).
    """
    if sniffed == EMPTY:
        raise Invalid([FieldError(pointer, "empty_file")])
    accepted = {_normal(media_type) for media_type in allowed}
    claimed = _normal(declared or "")
    if claimed in _KINDS.get(sniffed, ()) and claimed in accepted:
        return claimed
    if sniffed not in accepted:
        facts = {"found": sniffed, "allowed": list(allowed)}
        raise Invalid([FieldError(pointer, "media_type", facts)])
    if claimed not in (sniffed, UNKNOWN) and claimed not in _KINDS.get(sniffed, ()):
        raise Invalid([FieldError(pointer, "media_type_mismatch", {"found": sniffed})])
    return sniffed


def safe_filename(name: str) -> str:
    """A name that shows as what it is and can be written on any of the office's computers.

    At most 120 characters, NFC, without folders, invisible characters and characters that
    reverse the reading direction; the extension survives. Without a name it is ``datei``.
    """
    if _PATH.match(name):
        name = re.split(r"[\\/]", name.rstrip("\\/"))[-1]
    spaced = "".join(" " if sign.isspace() else sign for sign in name)
    shown = "".join(sign for sign in spaced if unicodedata.category(sign)[0] != "C")
    name = unicodedata.normalize("NFC", " ".join(shown.split()))
    name = _UNFIT.sub("-", name).strip(". ")
    if _DEVICE.match(name):
        name = "_" + name
    if len(name) > _NAME_MAX:
        found = _EXTENSION.search(name)
        extension = found[0] if found else ""
        name = name[: _NAME_MAX - len(extension)].rstrip(". ") + extension
    return name or "datei"


def _zip_type(head: bytes) -> str:
    for position, (name, start) in enumerate(_zip_entries(head)):
        if position == 0:
            if name == b"mimetype" and (found := _ODF.match(head, start)):
                return found[0].decode("ascii")
            if not name.startswith(_OOXML_BEGINS):
                return _ZIP
        for folder, media_type in _OOXML.items():
            if name.startswith(folder):
                return media_type
    return _ZIP


def _zip_entries(head: bytes) -> Iterator[tuple[bytes, int]]:
    """Names of the first entries and where their data begin (PKWARE APPNOTE, 4.3.7)."""
    offset = 0
    while 0 <= offset <= len(head) - _ENTRY_BYTES:
        name_length, extra_length = struct.unpack_from("<HH", head, offset + 26)
        name_at = offset + _ENTRY_BYTES
        start = name_at + name_length + extra_length
        yield head[name_at : name_at + name_length], start
        # Where a file was written as a stream, nothing else tells where the next entry begins.
        offset = head.find(b"PK\x03\x04", start)


def _markup_type(head: bytes) -> str | None:
    prolog = _PROLOG.match(head)
    begin = prolog.end() if prolog else 0
    root = _ROOT.match(head, begin)
    name = root[1].lower() if root else b""
    if head.startswith(b"<!--", begin):
        return _HTML  # a comment without an end may hide any root: the worst it can be
    if _XML_DECLARATION.match(head) or (root and b"xmlns" in head):
        # Browsers run the scripts of these, whatever the root is called.
        is_html = name == b"html" or b"http://www.w3.org/1999/xhtml" in head
        return _HTML if is_html else _SVG if name == b"svg" else _XML
    if name in _HTML_ROOTS:
        return _HTML
    return _SVG if name == b"svg" else None


def _is_mail(head: bytes) -> bool:
    """Whether it begins with a header section (RFC 5322 § 3.6), maybe cut off by ``head``."""
    headers = _HEADERS.match(head)
    if not headers:
        return False
    names = {name.lower() for name in _HEADER_NAME.findall(headers[0])}
    if b"received" in names:
        return len(names) > 1
    return b"from" in names and bool(names & {b"date", b"message-id", b"mime-version"})


def _is_text(head: bytes, *, whole: bool) -> bool:
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head, final=whole)
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(text)


def _normal(media_type: str) -> str:
    """Without parameters, in lower case, under its registered name; nonsense says nothing."""
    found = _MEDIA_TYPE.fullmatch(media_type.lower())
    return _SAME.get(found[1], found[1]) if found else UNKNOWN
