"""Rows of the work list and of search results."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from backoffice.pages.rows.forms import Option
from backoffice.pages.rows.frame import EmptyState, Tag


@dataclass(frozen=True, slots=True)
class ViewTab:
    """A view above the list; ``count`` is a number in words ("über 1.000"), empty shows none.

    ``key`` names its number, so that a later answer can renew it.
    """

    label: str
    url: str
    count: str = ""
    current: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class FilterField:
    """A select of the filter form; the first option means: any."""

    name: str
    label: str
    options: tuple[Option, ...]
    active: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that narrows the list; ``url`` is the list without it.

    ``without`` says how much that would show, where nothing is left with it.
    """

    label: str
    url: str
    without: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionBar:
    """How much is selected and what can be done with it; ``back`` is the list, as a path.

    ``count`` counts what the server keeps; ``full`` means that no more can be added.
    """

    count: int
    view: str
    back: str
    actions: tuple[Option, ...]
    full: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """``url`` sorts by this column and is empty where that is not offered."""

    key: str
    label: str
    url: str = ""
    direction: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorklistRow:
    """One case in two lines; ``unread`` marks mail from the applicant nobody has opened.

    ``note`` is what else there is to know: the next follow-up.
    """

    key: str
    url: str
    reference: str
    due: Tag
    name: str
    service: str
    next_step: str
    state: str
    received_on: date
    assignee: str = ""
    unread: bool = False
    selected: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorklistPage:
    """``hidden`` are the view and the sorting that the filter form carries along (name, value).

    ``poll_url`` answers with ``pages/new_cases.html`` or 204; empty: the page does not ask.
    ``next_url`` opens the first case of the list. ``total`` may read "über 1.000". Without a
    ``selection`` nothing can be selected.
    """

    title: str
    summary: str
    total: str
    first: int
    last: int
    as_of: datetime
    views: tuple[ViewTab, ...] = ()
    filters: tuple[FilterField, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    reset_url: str = ""
    columns: tuple[Column, ...] = ()
    rows: tuple[WorklistRow, ...] = ()
    empty: EmptyState | None = None
    more_url: str = ""
    next_url: str = ""
    poll_url: str = ""
    csv_url: str = ""
    chips: tuple[Chip, ...] = ()
    selection: SelectionBar | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsRow:
    """What has changed since a list was loaded: new cases, and every number above it."""

    count: int
    show_url: str
    poll_url: str
    views: tuple[ViewTab, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRow:
    """One hit; ``found`` is the text it was found by, plain and without marks."""

    key: str
    url: str
    reference: str
    name: str
    service: str
    unit: str
    state: Tag
    received_on: date
    found: str = ""


@dataclass(frozen=True, slots=True)
class SearchGroup:
    """The hits of a page that were found at the same place."""

    key: str
    label: str
    rows: tuple[SearchRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """``query`` comes from the stored search, never from the address.

    ``url`` takes the filters; ``capped`` says why they may be incomplete.
    """

    query: str
    summary: str
    url: str = ""
    filters: tuple[FilterField, ...] = ()
    reset_url: str = ""
    capped: str = ""
    groups: tuple[SearchGroup, ...] = ()
    empty: EmptyState | None = None
    hints: tuple[str, ...] = ()
    previous_url: str = ""
    next_url: str = ""

    @property
    def rows(self) -> tuple[SearchRow, ...]:
        """All hits of the page, in its order."""
        return tuple(row for group in self.groups for row in group.rows)
