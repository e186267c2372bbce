"""Rows of the journal of a case."""

from dataclasses import dataclass
from datetime import datetime

from backoffice.pages.rows.forms import Option
from backoffice.pages.rows.frame import EmptyState


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What a field held before ("" for nothing) and holds after ("–" for nothing)."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRow:
    """An entry; ``is_erased``: its values were lawfully erased."""

    seq: int
    at: datetime
    actor: str
    text: str
    detail: str = ""
    changes: tuple[ChangeRow, ...] = ()
    is_erased: bool = False
    is_key_event: bool = False


@dataclass(frozen=True, slots=True)
class ProofRow:
    """What verifying the chain gave: one sentence, and each fault in words."""

    is_sound: bool
    text: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalPage:
    """The journal; ``reading`` says whether and which reading of documents is kept in it."""

    reference: str
    url: str
    case_url: str
    verify_url: str
    csv_url: str
    summary: str
    reading: str
    kinds: tuple[Option, ...]
    orders: tuple[Option, ...]
    reset_url: str = ""
    rows: tuple[JournalRow, ...] = ()
    proof: ProofRow | None = None
    more_url: str = ""
    empty: EmptyState | None = None
