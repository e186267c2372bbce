"""What is outlined on the pages of a document: what was asked for, and what the checks went by."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.pages.rows import Box, MarkRow
from efile.viewing.pages import Original, page_texts
from search.passages import Frame, Needle, folded
from workflows.evidence import Sought

# More hits help nobody to find anything.
MOST_HITS: Final = 200
SHORTEST_QUERY: Final = 2
_EVIDENCE: Final[Promise] = _("Fundstelle")
# Air between letters and frame, in points.
_AIR: Final = 1.5


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height of a page in points."""

    width: float
    height: float


Marks = Mapping[int, Sequence[MarkRow]]


def hits(original: Original, texts: Sequence[str], sizes: Sequence[Size], query: str) -> Marks:
    """Each place where ``query`` is written, numbered through, by page (from 1)."""
    needle, found, count = Needle(query), defaultdict[int, list[MarkRow]](list), 0
    for page, text in enumerate(texts, start=1):
        if needle.is_in(folded(text)):
            for frames in needle.passages(page_texts(original, page)):
                count += 1
                boxes = _boxes(frames, sizes[page - 1])
                found[page].append(MarkRow(id=f"hit-{count}", label="", boxes=boxes, is_hit=True))
        if count >= MOST_HITS:
            break
    return found


def evidence(
    original: Original, texts: Sequence[str], sizes: Sequence[Size], sought: Sought, chosen: str
) -> Marks:
    """Each place where a value is written that a check went by; ``chosen`` is the key of one."""
    found, counts = defaultdict[int, list[MarkRow]](list), defaultdict[str, int](int)
    needles = [
        (key, value, Needle(value, whole=True))
        for key, values in sought.items()
        for value in values
    ]
    for page, text in enumerate(texts, start=1):
        written = folded(text)
        for key, value, needle in needles:
            if not needle.is_in(written):
                continue
            for frames in needle.passages(page_texts(original, page)):
                counts[key] += 1
                mark = MarkRow(
                    id=f"mark-{key}-{counts[key]}",
                    label=f"{_EVIDENCE}: {value}",
                    boxes=_boxes(frames, sizes[page - 1]),
                    is_chosen=key == chosen,
                )
                found[page].append(mark)
    return found


def _boxes(frames: Sequence[Frame], size: Size) -> tuple[Box, ...]:
    return tuple(
        Box(
            points(frame.x * size.width - _AIR),
            points(frame.y * size.height - _AIR),
            points(frame.width * size.width + 2 * _AIR),
            points(frame.height * size.height + 2 * _AIR),
        )
        for frame in frames
    )


def points(value: float) -> str:
    """A length as SVG writes it, in any language."""
    return f"{value:.1f}"
