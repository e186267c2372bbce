"""Files to look at: honest ones, broken ones, and such as are made to do harm."""

import io
import zlib
from collections.abc import Callable

import pikepdf
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

A4 = (595.0, 842.0)


def letter(pages: int = 1, *, text: str = "Amtliches Kennzeichen MS-AB 123") -> bytes:
    """A PDF with a line of text on each page."""
    output = io.BytesIO()
    canvas = Canvas(output, pagesize=A4, invariant=True)
    for number in range(1, pages + 1):
        canvas.setFont("Helvetica", 12)
        canvas.drawString(100, 742, f"{text}, Seite {number}")
        canvas.showPage()
    canvas.save()
    return output.getvalue()


def changed(
    content: bytes,
    change: Callable[[pikepdf.Pdf], None],
    *,
    encryption: pikepdf.Encryption | None = None,
) -> bytes:
    """The PDF after ``change``."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        change(pdf)
        pdf.save(output, encryption=encryption or False)
    return output.getvalue()


def turned(degrees: int) -> bytes:
    """A page that says itself that it is to be shown turned."""

    def turn(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Rotate = degrees

    return changed(letter(), turn)


def locked(user: str) -> bytes:
    encryption = pikepdf.Encryption(owner="geheim", user=user)
    return changed(letter(), lambda _pdf: None, encryption=encryption)


def sized(width: int, height: int) -> bytes:
    def size(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].MediaBox = [0, 0, width, height]

    return changed(letter(), size)


def scripted() -> bytes:
    """JavaScript that would never end, run when the file is opened."""

    def script(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="while (true) {}")

    return changed(letter(), script)


def drawing(commands: bytes, times: int) -> bytes:
    """A page that is drawn by ``commands``, as often as one likes: a file of some KB."""
    packed = zlib.compressobj(9)
    # After a full flush the next block stands by itself, so it can be had many times over.
    first, other = (packed.compress(commands) + packed.flush(zlib.Z_FULL_FLUSH) for _ in range(2))

    def draw(pdf: pikepdf.Pdf) -> None:
        content = pikepdf.Stream(pdf, b"")
        content.write(first + other * (times - 1), filter=pikepdf.Name.FlateDecode)
        pdf.pages[0].Contents = content

    return changed(letter(), draw)


def nested(levels: int, times: int) -> bytes:
    """Drawings of drawings: ``times`` to the power of ``levels`` of them, in 2 KB."""

    def nest(pdf: pikepdf.Pdf) -> None:
        form = None
        for _level in range(levels):
            inner = pikepdf.Stream(pdf, b"/X Do " * times if form else b"0 0 500 500 re f " * times)
            inner.Type, inner.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
            inner.BBox = pikepdf.Array([0, 0, 600, 800])
            if form:
                inner.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=form))
            form = pdf.make_indirect(inner)
        page = pdf.pages[0]
        page.Contents = pikepdf.Stream(pdf, b"/X Do")
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=form))

    return changed(letter(), nest)


def deep(levels: int) -> bytes:
    """Brackets within brackets, and nothing else."""
    inside = b"[" * levels + b"]" * levels
    return b"%PDF-1.7\n1 0 obj" + inside + b"endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def picture(
    format_: str, size: tuple[int, int], *, mode: str = "RGB", colour: str = "red"
) -> bytes:
    output = io.BytesIO()
    Image.new(mode, size, colour).save(output, format_)
    return output.getvalue()


def noise(size: tuple[int, int]) -> Image.Image:
    """As many colours as a photograph has."""
    bands = [Image.effect_noise(size, 90 + band) for band in range(3)]
    return Image.merge("RGB", bands)


def photograph(size: tuple[int, int]) -> bytes:
    output = io.BytesIO()
    noise(size).save(output, "JPEG")
    return output.getvalue()


def fax(pages: int) -> bytes:
    """A TIFF of several pages."""
    sheets = [Image.new("1", (620, 877), 1) for _ in range(pages)]
    output = io.BytesIO()
    sheets[0].save(output, "TIFF", save_all=True, append_images=sheets[1:], dpi=(75, 75))
    return output.getvalue()


def enormous_picture(side: int) -> bytes:
    """A PNG of some KB that says it has ``side`` × ``side`` pixels, and has."""
    rows = zlib.compressobj(9)
    data = b"".join(rows.compress(bytes(side // 8 + 1)) for _ in range(side)) + rows.flush()
    head = side.to_bytes(4) + side.to_bytes(4) + bytes([1, 0, 0, 0, 0])
    chunks = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    parts = [
        len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)
        for kind, body in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
