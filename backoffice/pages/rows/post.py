"""Rows of the post: letters that wait, batches, what came back."""

from dataclasses import dataclass
from datetime import date

from backoffice.pages.rows.forms import ActionRow
from backoffice.pages.rows.frame import EmptyState, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """A letter; ``url`` leads to its case, ``return_url`` to where its return is noted."""

    key: str
    url: str
    reference: str
    kind: str
    recipient: str
    made_on: date
    state: Tag | None = None
    detail: str = ""
    return_url: str = ""
    again: ActionRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPostRows:
    """What waits in a unit; ``more`` says how many are not named, and how many are unwritten."""

    key: str
    name: str
    count: int
    letters: tuple[LetterRow, ...]
    make: ActionRow | None = None
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """A batch; ``state`` says in words what became of it."""

    key: str
    url: str
    pdf_url: str
    number: str
    unit: str
    made: str
    letters: str
    state: Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPage:
    """The post of the units whose post the reader handles."""

    summary: str
    units: tuple[UnitPostRows, ...] = ()
    batches: tuple[BatchRow, ...] = ()
    returned: tuple[LetterRow, ...] = ()
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPage:
    """One batch with its letters; ``posted`` is the form for the day it went.

    ``warning`` says that something in it must not go.
    """

    title: str
    summary: str
    state: Tag
    pdf_url: str
    letters: tuple[LetterRow, ...]
    posted: ActionRow | None = None
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPage:
    """One letter whose return is noted; ``returned`` is the form for it."""

    title: str
    recipient: str
    letters: tuple[LetterRow, ...]
    returned: ActionRow | None = None
