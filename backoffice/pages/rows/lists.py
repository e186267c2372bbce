"""Rows of the work list and of search results."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from backoffice.pages.rows.forms import Option
from backoffice.pages.rows.frame import EmptyState, Tag


@dataclass(frozen=True, slots=True)
class ViewTab:
    """A view above the list; ``count`` is a number in words ("über 1.000"), empty shows none."""

    label: str
    url: str
    count: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class FilterField:
    """A select of the filter form; the first option means: any."""

    name: str
    label: str
    options: tuple[Option, ...]
    active: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """``url`` sorts by this column and is empty where that is not offered."""

    key: str
    label: str
    url: str = ""
    direction: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorklistRow:
    """One case in two lines; ``unread`` marks mail from the applicant nobody has opened."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class WorklistPage:
    """``hidden`` are the view and the sorting that the filter form carries along (name, value).

    ``poll_url`` answers with ``pages/new_cases.html`` or 204; empty: the page does not ask.
    ``next_url`` opens the case due first. ``total`` may read "über 1.000".
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRow:
    """One hit; ``excerpt`` is plain text without marks."""

    key: str
    url: str
    reference: str
    name: str
    service: str
    state: Tag
    received_on: date
    excerpt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """``query`` comes from the stored search, never from the address."""

    query: str
    summary: str
    rows: tuple[SearchRow, ...] = ()
    empty: EmptyState | None = None
    more_url: str = ""
