"""Rows of the list of follow-ups."""

from dataclasses import dataclass
from datetime import date

from backoffice.pages.rows.frame import EmptyState, Tag
from backoffice.pages.rows.lists import FilterField, ViewTab


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpRow:
    """One follow-up; ``whose`` says on whose list it is, ``done_url`` takes it off."""

    key: str
    url: str
    due: Tag
    due_on: date
    reference: str
    name: str
    service: str
    text: str
    whose: str
    set_by: str
    done_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpsPage:
    """The list, oldest day first; ``path`` is where finishing one leads back to."""

    summary: str
    path: str
    views: tuple[ViewTab, ...] = ()
    filters: tuple[FilterField, ...] = ()
    rows: tuple[FollowUpRow, ...] = ()
    empty: EmptyState | None = None
    more_url: str = ""
