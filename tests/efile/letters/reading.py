"""Reading a rendered letter as a person or a machine would."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2

MM = 72 / 25.4
HEIGHT = 297


@contextmanager
def opened(pdf: bytes) -> Iterator[Any]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def pages(pdf: bytes) -> list[str]:
    """The text of each page on one line, every run of white space one space."""
    with opened(pdf) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    # PDFium gives U+FFFE for a hyphen at the end of a line.
    return [" ".join(text.replace("\ufffe", "-").split()) for text in texts]


def words(pdf: bytes) -> str:
    return " ".join(pages(pdf))


def place(pdf: bytes, text: str, page: int = 0) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of ``text`` in mm from the upper left corner of the page."""
    with opened(pdf) as document:
        read = document[page].get_textpage()
        found = read.search(text).get_next()
        assert found is not None, f"{text!r} is not on the page"
        read.count_rects(*found)
        left, bottom, right, top = read.get_rect(0)
    return left / MM, HEIGHT - top / MM, right / MM, HEIGHT - bottom / MM


def rules(pdf: bytes, page: int = 0) -> list[tuple[float, float, float]]:
    """The horizontal lines as (left, right, from the top) in mm."""
    with opened(pdf) as document:
        paths = [o.get_bounds() for o in document[page].get_objects() if o.type == 2]
    return [(a / MM, c / MM, HEIGHT - (b + d) / 2 / MM) for a, b, c, d in paths]
