"""Rows of the page on what a portal is told: how that fares, and what was given up."""

from dataclasses import dataclass
from datetime import datetime

from backoffice.pages.rows.forms import ActionRow
from backoffice.pages.rows.frame import EmptyState, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUpRow:
    """A submission that is tried no more; ``reference`` is that of its case and names nobody."""

    reference: str
    events: str
    since: datetime
    given_up_at: datetime
    failure: str
    resend_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbacksPage:
    """Everything on the page; ``alarm`` is said before all else."""

    name: str
    portal_url: str
    state: Tag | None = None
    alarm: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    actions: tuple[ActionRow, ...] = ()
    given_up: tuple[GivenUpRow, ...] = ()
    more: str = ""
    resend_all: ActionRow | None = None
    empty: EmptyState | None = None
