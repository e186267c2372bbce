"""How many pixels a picture has, told from its header: nothing of it is decoded."""

import io
import re
import struct
from typing import BinaryIO, Final

# A header is within so much of the beginning; photographs carry previews before it.
_HEADER: Final = 1024 * 1024
_MOST_PAGES: Final = 10_000
_SHORT, _LONG = 3, 4
_WIDTH, _LENGTH = 256, 257
_HEIC_SIZE: Final = re.compile(rb"ispe\0\0\0\0(.{4})(.{4})", re.DOTALL)
# Start of frame, of every coding; between them 0xC4, 0xC8 and 0xCC are tables.
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def pixels_of(file: BinaryIO, media_type: str) -> int:
    """Pixels of the largest picture in ``file``; 0 where its header does not say."""
    measure = _MEASURES.get(media_type)
    if measure is None:
        return 0
    file.seek(0)
    try:
        return measure(file)
    except (struct.error, ValueError, OverflowError):  # it ends in the middle of its header
        return 0


def _png(file: BinaryIO) -> int:
    width, height = struct.unpack(">II", file.read(24)[16:])
    return int(width * height)


def _jpeg(file: BinaryIO) -> int:
    """The frame header, after segments that each tell their length (ITU-T T.81, annex B)."""
    file.seek(2)
    while file.tell() < _HEADER:
        mark, kind = file.read(2)
        if mark != 0xFF:
            return 0
        if kind == 0xFF:  # filling
            file.seek(-1, io.SEEK_CUR)
            continue
        if kind in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", file.read(7)[3:])
            return int(width * height)
        if kind == 0x01 or 0xD0 <= kind <= 0xD8:  # without a length
            continue
        (length,) = struct.unpack(">H", file.read(2))
        file.seek(length - 2, io.SEEK_CUR)
    return 0


def _tiff(file: BinaryIO) -> int:
    """The largest of its pages (TIFF 6.0, section 2); BigTIFF, which readers here lack: none."""
    order = "<" if file.read(2) == b"II" else ">"
    magic, place = struct.unpack(order + "HI", file.read(6))
    if magic != 42:
        return 0
    largest, seen = 0, set[int]()
    while place and place not in seen and len(seen) < _MOST_PAGES:
        seen.add(place)
        file.seek(place)
        (count,) = struct.unpack(order + "H", file.read(2))
        directory = file.read(12 * count)
        (place,) = struct.unpack(order + "I", file.read(4))
        sizes = dict(_tiff_sizes(directory, order))
        largest = max(largest, sizes.get(_WIDTH, 0) * sizes.get(_LENGTH, 0))
    return largest


def _tiff_sizes(directory: bytes, order: str) -> list[tuple[int, int]]:
    found = []
    for at in range(0, len(directory) - 11, 12):
        tag, kind = struct.unpack_from(order + "HH", directory, at)
        if tag in (_WIDTH, _LENGTH) and kind in (_SHORT, _LONG):
            shape = "H" if kind == _SHORT else "I"
            found.append((tag, int(struct.unpack_from(order + shape, directory, at + 8)[0])))
    return found


def _webp(file: BinaryIO) -> int:
    """The first chunk tells (RFC 9649, section 2): lossy, lossless or extended."""
    head = file.read(30)
    match head[12:16]:
        case b"VP8 ":
            width, height = struct.unpack("<HH", head[26:30])
            return int((width & 0x3FFF) * (height & 0x3FFF))
        case b"VP8L":
            (packed,) = struct.unpack("<I", head[21:25])
            return int(((packed & 0x3FFF) + 1) * ((packed >> 14 & 0x3FFF) + 1))
        case b"VP8X":
            wide, high = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))
            return wide * high
    return 0


def _heic(file: BinaryIO) -> int:
    """The largest spatial extent among its properties (ISO/IEC 23008-12, 6.5.3)."""
    sizes = _HEIC_SIZE.findall(file.read(_HEADER))
    return max(
        (int.from_bytes(width) * int.from_bytes(height) for width, height in sizes), default=0
    )


_MEASURES: Final = {
    "image/png": _png,
    "image/jpeg": _jpeg,
    "image/tiff": _tiff,
    "image/webp": _webp,
    "image/heic": _heic,
}
