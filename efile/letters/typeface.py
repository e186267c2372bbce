"""The typeface of letters: Noto Sans, embedded, with its marks where they belong."""

import unicodedata
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import ShapedStr, TTFont
from reportlab.pdfgen.textobject import PDFTextObject

REGULAR: Final = "Letter-Regular"
BOLD: Final = "Letter-Bold"

_FONTS: Final = Path(__file__).parent / "fonts"


def _registered(name: str, file: str) -> TTFont:
    font = TTFont(name, str(_FONTS / file))
    pdfmetrics.registerFont(font)
    for bold in (0, 1):
        for italic in (0, 1):
            addMapping(name, bold, italic, name)
    return font


# Registered while the import lock is held: a second registration would split the subsets of
# letters that other threads are rendering.
_regular: Final = _registered(REGULAR, "NotoSans-Regular.ttf")
_registered(BOLD, "NotoSans-Bold.ttf")

GLYPHS: Final[AbstractSet[int]] = frozenset(_regular.face.charToGlyph)
"""The code points that both weights can print."""


class SpelledText(PDFTextObject):  # type: ignore[misc]
    """Text whose marks are placed one by one for the eye, and spelled in one piece for readers.

    Without ActualText (ISO 32000-1, 14.9.4) what copies, searches or reads aloud finds gaps
    around every mark that was moved.
    """

    def _formatText(self, text: str) -> str:  # noqa: N802 - reportlab's name
        shown: str = super()._formatText(text)
        if not isinstance(text, ShapedStr):
            return shown
        spelled = unicodedata.normalize("NFC", str(text)).encode("utf-16-be").hex()
        return f"/Span <</ActualText <feff{spelled}>>> BDC {shown} EMC"
