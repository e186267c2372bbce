"""The program that opens foreign files: alone, with limits, and with nothing but their bytes.

It is run, never imported: ``python -I renderer.py <descriptor of a socket>`` with an empty
environment. Whatever a file does to it, it does to a process that knows no secret, has no
database and may be ended at any moment (``efile.viewing.pool``).

A question is a line of JSON and the file's bytes, an answer one letter and the bytes it announces:
``J`` JSON, ``I`` an image, ``R`` the reason why there is nothing to see.
"""

import ctypes
import io
import json
import resource
import socket
import struct
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image, ImageChops, ImageOps, UnidentifiedImageError

MEMORY: Final = 1024 * 1024 * 1024
CPU_SECONDS: Final = 10
OPEN_FILES: Final = 32
# What one picture may have: an A3 scan in 600 dpi has 70 million pixels.
PIXELS_READ: Final = 80_000_000
PIXELS_DRAWN: Final = 24_000_000
# Nobody looks at more, and every page costs a picture in the strip.
PAGES_SHOWN: Final = 200
CHARACTERS_READ: Final = 40_000
FORMATS: Final = ("PNG", "JPEG", "GIF", "TIFF", "WEBP", "AVIF")

_A4_WIDTH, _POINTS = 595.0, 72.0
_ORIENTATION = 0x0112
_GREYS = 16
# Channels this far apart still look grey: scanners colour their noise.
_TINT = 12
_PHOTO_COLOURS = 2048
# PDFium answers in whole pixels: on a page this wide they are fractions of a point.
_FINE = 1_000_000

Answer = tuple[bytes, bytes]
Job = dict[str, Any]


class Unviewable(Exception):
    """There is nothing to see; ``args[0]`` says why."""


def main() -> None:
    """Answer questions until whoever asks them hangs up."""
    with socket.socket(fileno=int(sys.argv[1])) as channel, channel.makefile("rwb") as wire:
        _confine()
        while line := wire.readline():
            job = json.loads(line)
            content = wire.read(job["size"])
            kind, body = _answer(job, content)
            wire.write(kind + struct.pack(">I", len(body)) + body)
            wire.flush()


def _confine() -> None:
    """Take away what reading a file needs no more, after everything of ours is loaded."""
    Image.init()
    Image.MAX_IMAGE_PIXELS = PIXELS_READ
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    _leave_network()
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        resource.setrlimit(limit, (value, value))


def _leave_network() -> None:
    """Go where no network is, if the kernel lets us: Linux with user namespaces."""
    new_user, new_network = 0x10000000, 0x40000000
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if unshare:
        unshare(new_user | new_network)


def _answer(job: Job, content: bytes) -> Answer:
    # Of processor time each question gets its share; the kernel ends what takes more.
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))
    try:
        return _JOBS[job["media"], job["what"]](content, job)
    except Unviewable as reason:
        return b"R", str(reason).encode()
    except (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return b"R", b"too_large"
    except Exception:  # noqa: BLE001 - what breaks here is the file: this program has no other input
        return b"R", b"damaged"


# --- PDF ------------------------------------------------------------------------------------------


def _document(content: bytes) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            raise Unviewable("encrypted") from None
        document = pdfium.PdfDocument(_repaired(content))
    # Draws what was filled in. There is no JavaScript engine in this build, so none runs.
    document.init_forms()
    return document


def _repaired(content: bytes) -> bytes:
    """The file with its cross references built anew: truncated ones open only so."""
    import pikepdf

    mended = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            pdf.save(mended)
    except pikepdf.PasswordError:
        raise Unviewable("encrypted") from None
    return mended.getvalue()


def _pdf_outline(content: bytes, _job: Job) -> Answer:
    document = _document(content)
    count = len(document)
    sizes = [document.get_page_size(index) for index in range(min(count, PAGES_SHOWN))]
    return _json({"count": count, "sizes": sizes})


def _pdf_image(content: bytes, job: Job) -> Answer:
    document = _document(content)
    page = document[_index(job["page"], len(document))]
    turned = job["turn"] in (90, 270)
    wide, high = reversed(page.get_size()) if turned else page.get_size()
    # A hair less: the renderer rounds up.
    scale = (job["width"] - 0.01) / wide
    if job["width"] * high * scale > PIXELS_DRAWN:
        raise Unviewable("too_large")
    bitmap = page.render(scale=scale, rotation=job["turn"], rev_byteorder=True)
    return b"I", _encoded(bitmap.to_pil())


def _pdf_texts(content: bytes, job: Job) -> Answer:
    document = _document(content)
    last = min(job["page"] + job["pages"] - 1, len(document), PAGES_SHOWN)
    found = []
    for number in range(job["page"], last + 1):
        page = document[number - 1]
        text = page.get_textpage()
        words = [[*box, word] for box, word in _words(page, text)]
        found.append({"text": text.get_text_range(0, _readable(text)), "words": words})
        text.close()
        page.close()
    return _json(found)


def _index(page: int, count: int) -> int:
    if page > PAGES_SHOWN:
        raise Unviewable("too_many_pages")
    if page > count:
        raise Unviewable("not_a_document")
    return page - 1


def _readable(text: pdfium.PdfTextPage) -> int:
    return min(int(text.count_chars()), CHARACTERS_READ)


def _words(
    page: pdfium.PdfPage, text: pdfium.PdfTextPage
) -> Iterator[tuple[tuple[float, float, float, float], str]]:
    """The words in reading order, each with its place: left, top, width, height of the page's."""
    word, place, shown = bytearray(), _NOWHERE, _Shown(page)
    for index in range(_readable(text)):
        sign = _sign(text, index)
        box = _place(shown, text, index) if sign.strip() else _NOWHERE
        if box == _NOWHERE or _apart(place, box):
            yield from _word(word, place)
            word, place = bytearray(), _NOWHERE
        if box != _NOWHERE:
            word += sign.encode("utf-16-le", "surrogatepass")
            place = _around(place, box)
    yield from _word(word, place)


Place = tuple[float, float, float, float]
_NOWHERE: Place = (1.0, 1.0, 0.0, 0.0)


class _Shown:
    """Where a point of the page lies when the page is shown: cropped, turned, as fractions."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        far = 1000
        self._x, self._y = _device(page, 0, 0)
        (xx, yx), (xy, yy) = _device(page, far, 0), _device(page, 0, far)
        self._xx, self._xy = (xx - self._x) / far, (xy - self._x) / far
        self._yx, self._yy = (yx - self._y) / far, (yy - self._y) / far

    def at(self, x: float, y: float) -> tuple[float, float]:
        across = self._x + self._xx * x + self._xy * y
        down = self._y + self._yx * x + self._yy * y
        return across, down


def _device(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDF_PageToDevice(page, 0, 0, _FINE, _FINE, 0, x, y, across, down)
    return across.value / _FINE, down.value / _FINE


def _sign(text: pdfium.PdfTextPage, index: int) -> str:
    code = pdfium_c.FPDFText_GetUnicode(text, index)
    # A hyphen at the end of a line reads as the control character 2.
    return "-" if code == 2 else chr(code) if code >= 32 else " "


def _place(shown: _Shown, text: pdfium.PdfTextPage, index: int) -> Place:
    """Left, top, right, bottom of a character; nowhere if it lies outside of what is shown."""
    box = pdfium_c.FS_RECTF()
    if not pdfium_c.FPDFText_GetLooseCharBox(text, index, box):
        return _NOWHERE
    (x, y), (other_x, other_y) = shown.at(box.left, box.top), shown.at(box.right, box.bottom)
    left, top = min(x, other_x), min(y, other_y)
    if not (0 <= left < 1 and 0 <= top < 1):
        return _NOWHERE
    return left, top, max(x, other_x), max(y, other_y)


def _apart(word: Place, box: Place) -> bool:
    """Whether ``box`` begins another word: on another line, or after a gap without a space."""
    if word == _NOWHERE:
        return False
    middle, height = (box[1] + box[3]) / 2, box[3] - box[1]
    return not word[1] <= middle <= word[3] or not -height < box[0] - word[2] < height


def _around(word: Place, box: Place) -> Place:
    if word == _NOWHERE:
        return box
    return (
        min(word[0], box[0]),
        min(word[1], box[1]),
        max(word[2], box[2]),
        max(word[3], box[3]),
    )


def _word(word: bytearray, place: Place) -> Iterator[tuple[Place, str]]:
    if word:
        left, top, right, bottom = place
        box = (left, top, min(right, 1.0) - left, min(bottom, 1.0) - top)
        rounded = tuple(round(value, 5) for value in box)
        yield rounded, word.decode("utf-16-le", "replace")  # type: ignore[misc]


# --- Pictures -------------------------------------------------------------------------------------


def _picture(content: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS)
    except UnidentifiedImageError:
        raise Unviewable("damaged") from None


def _picture_outline(content: bytes, _job: Job) -> Answer:
    picture = _picture(content)
    # Faxes and scanners put several pages into a TIFF; frames of the others are an animation.
    count = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
    sizes = []
    for frame in range(min(count, PAGES_SHOWN)):
        picture.seek(frame)
        sizes.append(_points(picture))
    return _json({"count": count, "sizes": sizes})


def _points(picture: Image.Image) -> tuple[float, float]:
    """Its size on paper; where it does not say, or says nonsense, as wide as a sheet."""
    wide, high = picture.size
    if picture.getexif().get(_ORIENTATION, 1) in range(5, 9):  # the camera lay on its side
        wide, high = high, wide
    dpi = float(picture.info.get("dpi", (0, 0))[0])
    points = wide * _POINTS / dpi if dpi >= _POINTS else _A4_WIDTH
    points = points if 1 <= points <= 4 * _A4_WIDTH else _A4_WIDTH
    return points, points * high / wide


def _picture_image(content: bytes, job: Job) -> Answer:
    picture = _picture(content)
    count = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
    picture.seek(_index(job["page"], count))
    # A JPEG is read no larger than it is needed.
    picture.draft("RGB", (job["width"] * 2, job["width"] * 2))
    upright = ImageOps.exif_transpose(picture)
    flat = _on_white(upright).rotate(-job["turn"], expand=True)
    wide, high = flat.size
    width = min(job["width"], wide)
    height = max(1, round(high * width / wide))
    if width * height > PIXELS_DRAWN:
        raise Unviewable("too_large")
    return b"I", _encoded(flat.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0))


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.has_transparency_data:
        white = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(white, picture.convert("RGBA")).convert("RGB")
    return picture.convert("RGB")


def _picture_texts(_content: bytes, _job: Job) -> Answer:
    return _json([])


# --- Answers --------------------------------------------------------------------------------------


def _encoded(page: Image.Image) -> bytes:
    """16 greys for what is grey, a palette for few colours, JPEG for a photograph."""
    page = page.convert("RGB")
    small = page.reduce(max(1, page.width // 400))
    red, green, blue = small.split()
    tints = (ImageChops.difference(red, green), ImageChops.difference(green, blue))
    if not any(any(tint.histogram()[_TINT:]) for tint in tints):
        steps = page.convert("L").point([round(level / 17) for level in range(256)])
        grey = Image.frombytes("P", page.size, steps.tobytes())
        grey.putpalette([level * 17 for level in range(_GREYS) for _channel in "rgb"])
        return _saved(grey, "PNG", bits=4, compress_level=6)
    if small.getcolors(_PHOTO_COLOURS) is None:
        return _saved(page, "JPEG", quality=82)
    few = page.quantize(128, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    return _saved(few, "PNG", compress_level=6)


def _saved(picture: Image.Image, format_: str, **options: Any) -> bytes:
    output = io.BytesIO()
    picture.save(output, format_, **options)
    return output.getvalue()


def _json(value: Any) -> Answer:
    return b"J", json.dumps(value).encode()


_JOBS: dict[tuple[str, str], Callable[[bytes, Job], Answer]] = {
    ("pdf", "outline"): _pdf_outline,
    ("pdf", "image"): _pdf_image,
    ("pdf", "texts"): _pdf_texts,
    ("picture", "outline"): _picture_outline,
    ("picture", "image"): _picture_image,
    ("picture", "texts"): _picture_texts,
}

if __name__ == "__main__":
    main()
