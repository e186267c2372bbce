"""What may be wrong with a file though its kind is right: locked, broken, hiding something."""

import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from io import SEEK_END, BytesIO
from typing import BinaryIO, Final

from efile.kernel.errors import FieldError, Invalid
from efile.picture_sizes import pixels_of
from efile.storage import Stored
from efile.viewing.pages import Original, outline
from efile.viewing.pool import Unviewable

_MB: Final = 1024 * 1024
# An A0 plan scanned in 300 dpi has 140 million.
LARGEST_PICTURE: Final = 200_000_000
# Office files are small and pack well: much from little is no document.
LARGEST_UNPACKED: Final = 1024 * _MB
SUSPICIOUS_UNPACKED: Final = 64 * _MB
LARGEST_RATIO: Final = 100
MOST_ENTRIES: Final = 20_000
LARGEST_DIRECTORY: Final = 8 * _MB
LARGEST_NESTED: Final = 32 * _MB
# A chart in a document is a spreadsheet in it; nothing goes deeper.
DEEPEST: Final = 2
# What packing libraries say of what they cannot read.
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
# What is larger is not opened to see whether it can be: that takes its size in memory.
LARGEST_OPENED: Final = 256 * _MB

_PDF: Final = "application/pdf"
_OFFICE: Final = re.compile(r"application/vnd\.(?:oasis\.opendocument|openxmlformats)[.\w-]+")
_PACKED: Final = re.compile(
    r".*\.(?:zip|jar|rar|7z|t?gz|t?bz2|t?xz|zst|tar|cab|arj|lzh)", re.IGNORECASE
)
_NESTED: Final = re.compile(r".*\.(?:docx|xlsx|pptx|odt|ods|odp)", re.IGNORECASE)
_END, _END_BYTES, _LONGEST_COMMENT = b"PK\x05\x06", 22, 0xFFFF
_PDF_HEADER: Final = re.compile(rb"%PDF-\d\.\d")
# Readers look for the header of a PDF so far (PDF Reference 1.7, appendix H.3, note 13).
_PDF_JUNK: Final = 1024


def examine(file: BinaryIO, media_type: str, stored: Stored) -> str:
    """The flaw of a file that may be kept all the same, as ``Content.flaw`` has it; "" for none.

    ``media_type`` is what its bytes begin as. Refuses: Invalid at "" (``polyglot``,
    ``archive_bomb``, ``image_too_large``, ``encrypted_pdf``).
    """
    if _is_two_things(file, media_type, stored):
        raise Invalid([FieldError("", "polyglot")])
    if _OFFICE.fullmatch(media_type):
        return _office_flaw(file)
    if media_type == _PDF:
        return _pdf_flaw(file, stored)
    if pixels_of(file, media_type) > LARGEST_PICTURE:
        raise Invalid([FieldError("", "image_too_large", {"limit": LARGEST_PICTURE})])
    return ""


def _is_two_things(file: BinaryIO, media_type: str, stored: Stored) -> bool:
    """Whether another program would take it for something else than we do.

    A PDF behind markup is a page to a browser, a picture with the header of a PDF is one to a
    reader, and whatever ends as a ZIP is an archive (or a program) to whoever looks there first.
    """
    head = stored.head[:_PDF_JUNK]
    if media_type == _PDF:
        begin = _PDF_HEADER.search(head)
        if begin and b"<" in head[: begin.start()]:
            return True
    elif media_type.startswith("image/"):
        if _PDF_HEADER.search(head):
            return True
    else:
        return False
    return _directory(file) is not None


# --- ZIP ------------------------------------------------------------------------------------------


def _directory(file: BinaryIO) -> tuple[int, int] | None:
    """Size of the central directory and number of entries of the ZIP that ``file`` ends as.

    PKWARE APPNOTE, 4.3.16. None where it does not end as one.
    """
    size = file.seek(0, SEEK_END)
    start = max(0, size - _END_BYTES - _LONGEST_COMMENT)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(_END)
    while at >= 0:
        if len(tail) - at >= _END_BYTES:
            entries, length, _begin, comment = struct.unpack_from("<HIIH", tail, at + 10)
            ends_here = at + _END_BYTES + comment == len(tail)
            if ends_here and _has_entries(file, start + at - length, entries):
                return length, entries
        at = tail.rfind(_END, 0, at)
    return None


def _has_entries(file: BinaryIO, begin: int, entries: int) -> bool:
    """Whether a central directory begins there; of a ZIP64 the record says elsewhere where."""
    if entries in (0, 0xFFFF):
        return True
    if begin < 0:
        return False
    file.seek(begin)
    return file.read(4) == b"PK\x01\x02"


def _office_flaw(file: BinaryIO) -> str:
    found = _directory(file)
    if found is None:
        return "broken_archive"
    length, entries = found
    if length > LARGEST_DIRECTORY or entries > MOST_ENTRIES:
        raise _bomb()
    try:
        with closing(zipfile.ZipFile(file)) as archive:
            _require_harmless(archive, file.seek(0, SEEK_END), 1)
    except _UNREADABLE:
        return "broken_archive"
    return ""


def _require_harmless(archive: zipfile.ZipFile, size: int, depth: int) -> None:
    """Refuses: Invalid, where what it unpacks to, or what lies in it, is no document."""
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    # Entries that share their bytes: the sum of the parts is more than the whole.
    overlapping = sum(entry.compress_size for entry in entries) > size
    swollen = unpacked > SUSPICIOUS_UNPACKED and unpacked > LARGEST_RATIO * size
    if overlapping or swollen or unpacked > LARGEST_UNPACKED or len(entries) > MOST_ENTRIES:
        raise _bomb()
    for inner in _nested(archive, entries):
        if depth == DEEPEST:
            raise _bomb()
        with closing(zipfile.ZipFile(BytesIO(inner))) as one:
            _require_harmless(one, len(inner), depth + 1)


def _nested(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[bytes]:
    for entry in entries:
        if _PACKED.fullmatch(entry.filename):
            raise _bomb()
        if _NESTED.fullmatch(entry.filename):
            if entry.file_size > LARGEST_NESTED:
                raise _bomb()
            with archive.open(entry) as inner:
                yield inner.read(LARGEST_NESTED)


def _bomb() -> Invalid:
    return Invalid([FieldError("", "archive_bomb")])


# --- PDF ------------------------------------------------------------------------------------------


def _pdf_flaw(file: BinaryIO, stored: Stored) -> str:
    """Whether it can be opened is tried where viewing opens it: in a process with limits."""
    if stored.size > LARGEST_OPENED:
        return ""
    try:
        outline(Original(stored.sha256, lambda: _again(file)))
    except Unviewable as refusal:
        if refusal.reason == "encrypted":
            raise Invalid([FieldError("", "encrypted_pdf")]) from None
        return "" if refusal.reason == "busy" else "broken_pdf"
    return ""


def _again(file: BinaryIO) -> BinaryIO:
    """The same file from its beginning, to be closed by whoever reads it."""
    again = os.fdopen(os.dup(file.fileno()), "rb")
    again.seek(0)
    return again
