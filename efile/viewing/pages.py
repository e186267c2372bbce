"""The pages of a file as pictures and as text, whatever the file is made of."""

import hashlib
import io
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from efile.sniffing import sniff
from efile.storage import HEAD_BYTES, default_store
from efile.viewing.cache import default_cache
from efile.viewing.pool import Reason, Unviewable, pool

PAGES_SHOWN: Final = 200
WIDTHS: Final = (400, 800, 1200, 1600)
THUMBNAIL: Final = 120
TURNS: Final = (0, 90, 180, 270)
# So many pages are read at a time: short enough for every limit, long enough to be quick.
_READ_AT_ONCE: Final = 20
# What a page of forms and tables says is far below; beyond it somebody plays with us.
_LONGEST_TEXT: Final = 100_000
# How long a refusal stands: a busy day may have been the reason, or an older edition of us.
_REFUSAL_SECONDS: Final = 3600.0
_CONTROL: Final = re.compile(r"[^\n\x20-\x7e\xa0-\ud7ff\ue000-\U0010ffff]")
_PICTURES: Final = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/tiff", "image/webp", "image/avif"}
)


@dataclass(frozen=True, slots=True)
class Original:
    """What is looked at: bytes known by their hash (SHA-256), opened only when needed."""

    sha256: str
    open: Callable[[], BinaryIO]


Source = Original | Path | bytes


@dataclass(frozen=True, slots=True)
class Outline:
    """How many pages there are, and width and height (points) of the first ``PAGES_SHOWN``."""

    count: int
    sizes: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class TextBox:
    """A word and where it stands: fractions of the page's width and height, from the top left."""

    x: float
    y: float
    width: float
    height: float
    text: str


@dataclass(frozen=True, slots=True)
class _Page:
    text: str
    words: list[TextBox]


def kept(sha256: str) -> Original:
    """Content of the store. Opening it refuses: ContentMissing, ContentAltered."""
    return Original(sha256, lambda: default_store().open(sha256))


def outline(source: Source) -> Outline:
    """Number and sizes of the pages. Refuses: Unviewable."""
    original = original_of(source)
    return _outline(_known(original, "outline", {"what": "outline"}))


def page_count(source: Source) -> int:
    """How many pages there are, shown or not. Refuses: Unviewable."""
    return outline(source).count


def page_image(source: Source, page: int, width: int, *, turn: int = 0) -> bytes:
    """Page ``page`` (from 1), ``width`` pixels wide once turned clockwise by ``turn`` degrees.

    PNG, or JPEG for photographs; pictures are never made larger than they are. ``width`` is one
    of ``WIDTHS`` or ``THUMBNAIL``. Refuses: Unviewable.
    """
    if width not in (*WIDTHS, THUMBNAIL) or turn not in TURNS:
        raise ValueError(f"no such picture: {width} wide, turned by {turn}")
    _require_shown(page)
    job = {"what": "image", "page": page, "width": width, "turn": turn}
    return _known(original_of(source), f"{page}-{width}-{turn}", job)


def page_texts(source: Source, page: int) -> list[TextBox]:
    """The words of a page (from 1) in reading order; none on a scan. Refuses: Unviewable."""
    _require_shown(page)
    original = original_of(source)
    block = (page - 1) // _READ_AT_ONCE
    texts = _texts(_read(original, block))
    place = page - 1 - block * _READ_AT_ONCE
    return texts[place].words if place < len(texts) else []


def text_of(source: Source) -> tuple[str, ...]:
    """The text of each page shown, "" for a scan. Refuses: Unviewable."""
    original = original_of(source)
    known = known_text(original)
    if known is not None:
        return known
    shown = min(page_count(original), PAGES_SHOWN)
    blocks = range(math.ceil(shown / _READ_AT_ONCE))
    read = [page.text for block in blocks for page in _texts(_read(original, block))]
    texts = tuple((read + [""] * shown)[:shown])
    default_cache().put(original.sha256, "text", json.dumps(texts).encode())
    return texts


def known_text(source: Source) -> tuple[str, ...] | None:
    """``text_of`` if it has been read before; None otherwise. Opens and renders nothing."""
    kept_text = default_cache().get(original_of(source).sha256, "text")
    return tuple(json.loads(kept_text)) if kept_text is not None else None


def warm(source: Source) -> None:
    """Have ready what the first look needs: sizes, texts, first page. Refuses: Unviewable."""
    original = original_of(source)
    outline(original)
    for width in (THUMBNAIL, 800):
        page_image(original, 1, width)
    text_of(original)


def _require_shown(page: int) -> None:
    if page > PAGES_SHOWN:
        raise Unviewable("too_many_pages")


def _read(original: Original, block: int) -> bytes:
    job = {"what": "texts", "page": block * _READ_AT_ONCE + 1, "pages": _READ_AT_ONCE}
    return _known(original, f"words-{block}", job)


def original_of(source: Source) -> Original:
    """``source`` with the hash under which its pages are kept."""
    if isinstance(source, Original):
        return source
    if isinstance(source, Path):
        with source.open("rb") as file:
            return Original(hashlib.file_digest(file, "sha256").hexdigest(), _opener(source))
    return Original(hashlib.sha256(source).hexdigest(), lambda: io.BytesIO(source))


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")


def _known(original: Original, name: str, job: Mapping[str, Any]) -> bytes:
    """The answer to ``job`` from the cache, or from a child, which is asked once."""
    cache = default_cache()
    if (answer := _cached(original, name)) is not None:
        return answer
    with pool().child() as child:
        # Whoever waited for a child may have waited for just this page.
        if (answer := _cached(original, name)) is not None:
            return answer
        try:
            with original.open() as file:
                media, size = _media(file)
                answer = child.ask({**job, "media": media}, file, size)
        except Unviewable as refusal:
            # Asking again would cost as much again and say the same; a file that takes all the
            # time there is takes it from everybody, so none of its pages is tried again.
            what = "outline" if refusal.reason == "timeout" else name
            cache.put(original.sha256, f"{what}.not", refusal.reason.encode())
            raise
    cache.put(original.sha256, name, answer)
    return answer


def _cached(original: Original, name: str) -> bytes | None:
    cache = default_cache()
    for what in {"outline", name}:
        refusal = cache.get(original.sha256, f"{what}.not", younger_than=_REFUSAL_SECONDS)
        if refusal is not None:
            raise Unviewable(cast(Reason, refusal.decode()))
    return cache.get(original.sha256, name)


def _media(file: BinaryIO) -> tuple[str, int]:
    """What the renderer is to take it for, and its size in bytes; what was declared is no matter.

    Refuses: Unviewable.
    """
    head = file.read(HEAD_BYTES)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    media_type = sniff(head, size)
    if media_type == "application/pdf":
        return "pdf", size
    if media_type in _PICTURES:
        return "picture", size
    raise Unviewable("not_a_document")


def _outline(answer: bytes) -> Outline:
    with _told_by_a_stranger():
        told = json.loads(answer)
        count = int(told["count"])
        sizes = tuple((_length(wide), _length(high)) for wide, high in told["sizes"])
        if not 0 < len(sizes) == min(count, PAGES_SHOWN):
            raise ValueError("sizes of other pages than there are")
        return Outline(count, sizes)


def _texts(answer: bytes) -> list[_Page]:
    with _told_by_a_stranger():
        return [
            _Page(_plain(page["text"]), [_box(*word) for word in page["words"]])
            for page in json.loads(answer)
        ]


@contextmanager
def _told_by_a_stranger() -> Iterator[None]:
    """A file may have taken over the process that read it: nothing it says is believed."""
    try:
        yield
    except (KeyError, TypeError, ValueError, OverflowError):
        raise Unviewable("damaged") from None


def _length(points: Any) -> float:
    # In this order what is no number becomes the bound.
    return min(100_000.0, max(1.0, float(points)))


def _box(x: Any, y: Any, width: Any, height: Any, word: Any) -> TextBox:
    left, top = _share(x), _share(y)
    return TextBox(
        left, top, min(_share(width), 1 - left), min(_share(height), 1 - top), _plain(word)
    )


def _share(part: Any) -> float:
    return min(1.0, max(0.0, float(part)))


def _plain(text: Any) -> str:
    lines = str(text)[:_LONGEST_TEXT].replace("\r\n", "\n").replace("\x02", "-")
    return _CONTROL.sub("", lines)
