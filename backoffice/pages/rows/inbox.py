"""Rows of the clarification inbox: what could not be matched, as it was sent."""

from dataclasses import dataclass
from datetime import datetime

from backoffice.pages.rows.documents import DocumentRow
from backoffice.pages.rows.forms import ActionRow
from backoffice.pages.rows.frame import EmptyState, Link, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """``service`` is what the sender named, known here or not."""

    key: str
    url: str
    received_at: datetime
    age: Tag
    sender: str
    service: str
    problem: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    summary: str
    rows: tuple[InboxRow, ...] = ()
    empty: EmptyState | None = None
    more_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadRow:
    """One value as sent; ``anchor`` is an id for the list of errors, ``errors`` are sentences."""

    pointer: str
    value: str
    anchor: str
    label: str = ""
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PayloadError:
    """``anchor`` is empty where the place itself is missing."""

    pointer: str
    message: str
    anchor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxItemPage:
    """``raw`` is the body exactly as received; ``closed_case`` is set for post to a closed case."""

    title: str
    received_at: datetime
    sender: str
    service: str
    problem: Tag
    explanation: str
    errors: tuple[PayloadError, ...] = ()
    values: tuple[PayloadRow, ...] = ()
    attachments: tuple[DocumentRow, ...] = ()
    actions: tuple[ActionRow, ...] = ()
    closed_case: Link | None = None
    raw: str = ""
