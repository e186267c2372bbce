"""Rows of the enquiry view and of one person's matters."""

from dataclasses import dataclass
from datetime import date

from backoffice.pages.rows.forms import ActionField, FieldProblem
from backoffice.pages.rows.frame import EmptyState, Link, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class EnquiryRow:
    """What may be told of one case. ``url`` is empty for whoever may not open it."""

    key: str
    reference: str
    service: str
    state: Tag
    received_on: date
    next_step: str
    ask: str
    waiting: str = ""
    missing: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnquiryPage:
    """The questions of a caller and what was found; ``caution`` is to be kept before answering."""

    fields: tuple[ActionField, ...]
    caution: str
    problems: tuple[FieldProblem, ...] = ()
    verified: Tag | None = None
    rows: tuple[EnquiryRow, ...] = ()
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True)
class MatterRow:
    """A permit or the like: what, which number, from when to when, and whether it holds.

    ``url`` is its page.
    """

    title: str
    number: str
    validity: str
    state: Tag
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCaseRow:
    """One case of a person with what came of it."""

    key: str
    url: str
    reference: str
    subject: str
    service: str
    unit: str
    state: Tag
    received_on: date
    matters: tuple[MatterRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """A person's matters; ``possible`` are those of somebody who may be the same.

    ``take_down_url`` opens the form with the person filled in, empty: not for this reader.
    """

    name: str
    born: str
    origin: Link
    certain: tuple[PersonCaseRow, ...]
    possible: tuple[PersonCaseRow, ...] = ()
    more: str = ""
    take_down_url: str = ""
