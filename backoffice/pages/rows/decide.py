"""Rows of deciding with the letter beside it, and of what is said once it is done."""

from dataclasses import dataclass

from backoffice.pages.rows.case import FieldRow
from backoffice.pages.rows.forms import ActionRow, Countdown, DraftRow
from backoffice.pages.rows.frame import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneNotice:
    """What was done to which case; ``recall_url`` takes it back until ``countdown`` is over."""

    text: str
    case: str
    case_url: str
    recall_url: str = ""
    countdown: Countdown | None = None


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """A page of the letter as an image; ``text`` is what it says, for those who do not see it."""

    url: str
    number: int
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The letter as it would go out; ``denied`` says why there is none to see.

    ``gaps`` are the parts that are still missing in it, ``note`` says that it stays at home.
    """

    pages: tuple[PreviewPage, ...] = ()
    gaps: tuple[str, ...] = ()
    denied: str = ""
    note: str = ""
    draft: DraftRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidePage:
    """A form on the left, its effects above it, its letter on the right.

    ``preview_url`` saves what is typed and shows the letter anew; ``others`` are the pages of the
    other acts that are possible.
    """

    reference: str
    title: str
    case_url: str
    action: ActionRow
    effects: tuple[FieldRow, ...]
    preview: Preview
    preview_url: str
    others: tuple[Link, ...] = ()
