"""Rows of the pages on portals: the list, one with what it may do, its proofs and its figures."""

from dataclasses import dataclass
from datetime import datetime

from backoffice.pages.rows.forms import ActionRow, FieldProblem
from backoffice.pages.rows.frame import EmptyState, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalRow:
    """A portal in the list; the numbers are those of today."""

    name: str
    url: str
    state: Tag | None
    operations: str
    last_at: datetime | None
    calls: str
    errors: str
    undelivered: str
    callbacks_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalsPage:
    """All portals, the form that lets another one in, and what all of them may show or not."""

    summary: str
    portals: tuple[PortalRow, ...]
    admit: ActionRow
    dashboard: ActionRow
    empty: EmptyState


@dataclass(frozen=True, slots=True)
class GrantBox:
    """A tick: ``label`` says to screen readers what ``value`` grants; "" where there is none."""

    value: str
    label: str
    head: str
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class GrantRow:
    """What may be done for one service, or for all."""

    title: str
    key: str
    boxes: tuple[GrantBox, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantTable:
    """Services down, operations across; ``heads`` are their names and what they allow."""

    url: str
    heads: tuple[tuple[str, str], ...]
    rows: tuple[GrantRow, ...]
    problems: tuple[FieldProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class UsageRow:
    """The calls of one kind, written out; ``share`` of 100 is how its bar is drawn."""

    title: str
    calls: str
    refused: str
    failed: str
    throttled: str
    slowest: str
    traffic: str
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretRow:
    """Credentials, shown this once."""

    client_id: str
    secret: str
    token_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalPage:
    """One portal. ``secret`` is set right after it was made."""

    name: str
    state: Tag | None
    client_id: str
    facts: tuple[tuple[str, str], ...]
    secret: SecretRow | None
    grants: GrantTable
    actions: tuple[ActionRow, ...]
    keys: tuple[tuple[str, str], ...]
    by_day: tuple[UsageRow, ...]
    by_operation: tuple[UsageRow, ...]
    by_service: tuple[tuple[str, str], ...]
    callbacks_url: str = ""
