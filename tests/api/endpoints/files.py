"""Files as they come in practice and in malice, made when needed."""

import io
import struct
import zipfile
import zlib
from functools import cache

import pikepdf
from PIL import Image

MB = 1024 * 1024
_TYPES = "[Content_Types].xml"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def pdf(password: str = "") -> bytes:
    """A PDF of one empty page, locked with ``password`` if there is one."""
    made, kept = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    lock = pikepdf.Encryption(owner="owner", user=password) if password else None
    made.save(kept, encryption=lock or False)
    return kept.getvalue()


def printable_only() -> bytes:
    """A PDF that opens without a password and only forbids changes."""
    made, kept = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    made.save(kept, encryption=pikepdf.Encryption(owner="owner", user=""))
    return kept.getvalue()


def packed(entries: dict[str, bytes]) -> bytes:
    """A ZIP."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return kept.getvalue()


def docx(**more: bytes) -> bytes:
    """A Word file, as far as its parts go; ``more`` by name, ``__`` for slashes, ``_`` for dots."""
    parts = {name.replace("__", "/").replace("_", "."): part for name, part in more.items()}
    return packed({_TYPES: b"<Types/>", "word/document.xml": b"<document/>", **parts})


@cache
def swollen() -> bytes:
    """A Word file of a few kilobytes that unpacks to very much."""
    return docx(word__media__big_bin=bytes(65 * MB))


def overlapping() -> bytes:
    """A Word file whose entries share their bytes, so that the parts are more than the whole."""
    made = bytearray(docx(word__a_bin=b"a" * 4000, word__b_bin=b"b" * 4000))
    directory = made.index(b"PK\x01\x02")
    while directory >= 0:
        struct.pack_into("<I", made, directory + 20, len(made))
        directory = made.find(b"PK\x01\x02", directory + 4)
    return bytes(made)


def png(width: int, height: int) -> bytes:
    """A PNG that says it is so large; there is hardly anything in it."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + checked

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def picture(kind: str, width: int = 40, height: int = 30) -> bytes:
    """A real picture (a name of Pillow's)."""
    kept = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(kept, kind)
    return kept.getvalue()


def jpeg_of(width: int, height: int) -> bytes:
    """A JPEG that says it is so large."""
    made = bytearray(picture("JPEG"))
    frame = made.index(b"\xff\xc0")
    struct.pack_into(">HH", made, frame + 5, height, width)
    return bytes(made)


def tiff_of(width: int, height: int) -> bytes:
    """A TIFF whose second page says it is so large."""
    pages = [((256, 8), (257, 8)), ((256, width), (257, height))]
    made = b"II*\0" + struct.pack("<I", 8)
    for number, page in enumerate(pages):
        tags = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in page)
        here = len(made) + 2 + len(tags) + 4
        made += struct.pack("<H", len(page)) + tags
        made += struct.pack("<I", here if number + 1 < len(pages) else 0)
    return made


def webp_of(width: int, height: int) -> bytes:
    """A WebP that says it is so large."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunk = b"VP8X" + struct.pack("<I", 10) + bytes(4) + size
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


def heic_of(width: int, height: int) -> bytes:
    """A HEIC that says it is so large."""
    begin = struct.pack(">I", 20) + b"ftypheic" + bytes(4) + b"mif1"
    extent = b"ispe" + bytes(4) + struct.pack(">II", width, height)
    return begin + struct.pack(">I", 20) + extent
