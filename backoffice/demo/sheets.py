"""A4 documents as PDF, written from top to bottom: text, fields, letterhead, signature."""

import io
import math
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from random import Random

import uharfbuzz
from PIL import Image, ImageDraw
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

_FONTS = Path(__file__).parent / "fonts"
_REGULAR, _BOLD = "NotoSans-Regular", "NotoSans-Bold"
for _name in (_REGULAR, _BOLD):
    pdfmetrics.registerFont(TTFont(_name, _FONTS / f"{_name}.ttf"))

# Writing streams as text in base 85 would take four fifths of the time and a quarter more bytes.
rl_config.useA85 = 0

_MM = 72 / 25.4
_LEFT, _RIGHT, _TOP = 25 * _MM, 190 * _MM, 272 * _MM
_WIDTH = _RIGHT - _LEFT


class Sheet:
    """An A4 document written from top to bottom; ``y`` is where the next line stands."""

    def __init__(self, title: str) -> None:
        self._buffer = io.BytesIO()
        # invariant: no time of day and no random id, so that a rerun gives the same bytes
        self._canvas = Canvas(
            self._buffer,
            pagesize=(210 * _MM, 297 * _MM),
            invariant=1,
            lang="de-DE",
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor("Musterstadt, Beispieldaten")
        self.y = _TOP

    def next_page(self) -> None:
        self._canvas.showPage()
        self.y = _TOP

    def finish(self) -> bytes:
        self._canvas.save()
        return self._buffer.getvalue()

    def line(self, text: str, size: float, *, bold: bool = False, space: float = 2) -> None:
        """One line of text, as small as it must be to fit, and ``space`` points below it."""
        self.y -= size * 1.25
        self._write(_LEFT, text, size, bold=bold, width=_WIDTH)
        self.y -= space

    def field(self, code: str, label: str, value: str, *, bold: bool = False) -> None:
        """A labelled value over the whole width."""
        self._field(_LEFT, _WIDTH, code, label, value, bold=bold)
        self.y -= 32

    def fields(self, *row: tuple[str, str, str]) -> None:
        """Labelled values side by side: (code, label, value)."""
        width = _WIDTH / len(row)
        for column, (code, label, value) in enumerate(row):
            self._field(_LEFT + column * width, width - 8, code, label, value)
        self.y -= 32

    def paragraphs(self, texts: Iterable[str]) -> None:
        """Running text, broken into lines."""
        for text in texts:
            for words in _wrapped(text, 9.5, _WIDTH):
                self.line(words, 9.5)
            self.y -= 6

    def letterhead(self, sender: str, address: str, *, seed: int) -> None:
        """A coloured bar with picture and sender."""
        self._picture(_logo(seed), _LEFT, self.y - 34, height=44)
        self.y -= 8
        self._write(_LEFT + 100, sender, 14, bold=True, width=_WIDTH - 100)
        self.y -= 16
        self._write(_LEFT + 100, address, 9, width=_WIDTH - 100)
        self.y -= 60

    def signature(self, signer: str, *, seed: int) -> None:
        """A scanned signature above the signer's name."""
        self.y -= 66
        self._picture(_scribble(seed), _LEFT, self.y, height=60)
        self._canvas.line(_LEFT, self.y, _LEFT + 220, self.y)
        self.line(signer, 8, space=14)

    def ornament(self) -> None:
        """The guilloche of security paper, behind everything written later."""
        self._canvas.saveState()
        self._canvas.setLineWidth(0.25)
        self._canvas.setStrokeColorRGB(0.55, 0.72, 0.70)
        self._canvas.addLiteral(_guilloche())
        self._canvas.restoreState()

    def _field(
        self, x: float, width: float, code: str, label: str, value: str, *, bold: bool = False
    ) -> None:
        top = self.y
        self.y -= 8
        self._write(x, f"{code}  {label}".strip(), 6.5, width=width)
        self.y -= 14
        self._write(x, value or "–", 11, bold=bold, width=width)
        self._canvas.setLineWidth(0.4)
        self._canvas.line(x, self.y - 4, x + width, self.y - 4)
        self.y = top

    def _picture(self, jpeg: bytes, x: float, y: float, *, height: float) -> None:
        picture = ImageReader(io.BytesIO(jpeg))
        columns, rows = picture.getSize()
        self._canvas.drawImage(picture, x, y, height * columns / rows, height)

    def _write(self, x: float, text: str, size: float, *, width: float, bold: bool = False) -> None:
        font = _BOLD if bold else _REGULAR
        size = min(size, width / max(pdfmetrics.stringWidth(text, font, 1), 1))
        self._canvas.setFont(font, size)
        if not any(map(unicodedata.combining, text)):
            self._canvas.drawString(x, self.y, text)
            return
        # One span with the text as it is spelled: marks set one by one are for the eye only.
        spelled = text.encode("utf-16-be").hex()
        self._canvas.addLiteral(f"/Span <</ActualText <feff{spelled}>>> BDC")
        for character, right, up in _placed(text, font):
            self._canvas.drawString(x + right * size, self.y + up * size, character)
        self._canvas.addLiteral("EMC")


@lru_cache(maxsize=2)
def _shaper(font: str) -> uharfbuzz.Font:
    return uharfbuzz.Font(uharfbuzz.Face((_FONTS / f"{font}.ttf").read_bytes()))


def _placed(text: str, font: str) -> list[tuple[str, float, float]]:
    """Each character with its place in em, marks above and below the middle of their letter.

    The fonts hold mark positions and no substitutions, so glyphs and characters are one to one.
    """
    buffer = uharfbuzz.Buffer()
    buffer.cluster_level = uharfbuzz.BufferClusterLevel.CHARACTERS
    buffer.add_str(text)
    buffer.guess_segment_properties()
    shaper = _shaper(font)
    uharfbuzz.shape(shaper, buffer)
    em = shaper.face.upem
    pen, placed = 0, []
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        at = (pen + position.x_offset) / em, position.y_offset / em
        placed.append((text[info.cluster], *at))
        pen += position.x_advance
    return placed


def _wrapped(text: str, size: float, width: float) -> Iterable[str]:
    line = ""
    for word in re.split(r"\s+", text):
        longer = f"{line} {word}".strip()
        if line and pdfmetrics.stringWidth(longer, _REGULAR, size) > width:
            yield line
            longer = word
        line = longer
    yield line


@lru_cache(maxsize=1)
def _guilloche() -> str:
    """Wave lines over the page as PDF path operators, about 50 KB before compression."""
    operators = []
    for wave in range(30):
        for step in range(140):
            along = step / 139
            x = 10 + 575 * along
            swing = 34 * math.sin(math.tau * (3 * along + wave / 30))
            y = 60 + 24 * wave + swing * math.cos(math.tau * (along + wave / 11))
            operators.append(f"{x:.1f} {y:.1f} {'l' if step else 'm'}")
        operators.append("S")
    return "\n".join(operators)


@lru_cache(maxsize=8)
def _scribble(seed: int) -> bytes:
    """A signature as a scanner sees it: blue ink on grained paper, JPEG."""
    rng = Random(f"signature/{seed}")
    paper = _grain(rng, (420, 150), 255)
    loops, drift, slant = rng.uniform(40, 60), rng.uniform(5, 9), rng.uniform(10, 22)
    stroke = []
    for step in range(240):
        along = step / 239
        height = 40 * (1 - along) + 8
        x = 20 + 340 * along + slant * math.cos(loops * along)
        y = 85 - height * math.sin(loops * along) + 12 * math.sin(drift * along)
        stroke.append((x, y))
    ImageDraw.Draw(paper).line(stroke, fill=(32, 44, 120), width=3, joint="curve")
    return _jpeg(paper)


@lru_cache(maxsize=8)
def _logo(seed: int) -> bytes:
    """A company's mark: coloured discs on grained paper, JPEG."""
    rng = Random(f"logo/{seed}")
    picture = _grain(rng, (260, 130), 255)
    brush = ImageDraw.Draw(picture)
    for _ in range(4):
        x, y, r = rng.randint(30, 230), rng.randint(30, 100), rng.randint(15, 45)
        colour = (rng.randint(0, 120), rng.randint(60, 160), rng.randint(90, 200))
        brush.ellipse((x - r, y - r, x + r, y + r), outline=colour, width=7)
    return _jpeg(picture)


def _grain(rng: Random, size: tuple[int, int], brightness: int) -> Image.Image:
    noise = Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))
    return noise.point(lambda value: brightness - value // 12).convert("RGB")


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()
