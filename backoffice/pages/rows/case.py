"""Rows of the case's one screen."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from backoffice.pages.rows.forms import ActionRow
from backoffice.pages.rows.frame import Link, Tag


@dataclass(frozen=True, slots=True)
class Step:
    """A station of the case's course."""

    label: str
    status: Literal["done", "current", "ahead"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHeader:
    """``position`` reads "3 von 34" in the list the reader came from, empty when unknown."""

    reference: str
    title: str
    received_at: datetime
    channel: str
    tags: tuple[Tag, ...] = ()
    steps: tuple[Step, ...] = ()
    list_label: str = ""
    list_url: str = ""
    position: str = ""
    previous_url: str = ""
    next_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """A label and a value. ``lang`` is the language of the applicant's text, if it differs."""

    label: str
    value: str
    note: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields of the form that belong together, in the form's order."""

    title: str
    rows: tuple[FieldRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """A check with everything that explains it: inputs, rule, version, paragraph."""

    key: str
    outcome: Tag
    title: str
    explanation: str = ""
    basis: str = ""
    inputs: tuple[FieldRow, ...] = ()
    rule: str = ""
    rule_version: str = ""
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRow:
    """``identity`` says who vouches for the name, e.g. "BundID, substanziell"."""

    role: str
    name: str
    details: tuple[FieldRow, ...] = ()
    identity: Tag | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """``select_url`` shows it beside the case, ``open_url`` in a tab of its own; size in bytes."""

    key: str
    title: str
    kind: str
    media: str
    size: int
    filed_at: datetime
    open_url: str
    download_url: str
    select_url: str = ""
    source: str = ""
    filename: str = ""
    sha256: str = ""
    pages: int | None = None
    tag: Tag | None = None
    selected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRow:
    """``derivation`` are the sentences of the calculation, in order."""

    label: str
    due_on: date
    tag: Tag
    basis: str = ""
    derivation: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow:
    """A question, an answer or a message; ``outgoing`` means: from the office."""

    heading: str
    author: str
    at: datetime
    text: str
    outgoing: bool
    tag: Tag | None = None
    lang: str = ""
    proofs: tuple[str, ...] = ()
    attachments: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note of the office, never shown to the applicant."""

    author: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """An entry of the journal in words; ``key_event`` marks what changed the case's course."""

    at: datetime
    actor: str
    text: str
    detail: str = ""
    key_event: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """Everything on the case's one screen; ``note`` and ``message`` are forms like the actions."""

    header: CaseHeader
    documents: tuple[DocumentRow, ...] = ()
    checks_summary: str = ""
    checks: tuple[CheckRow, ...] = ()
    sent_at: datetime | None = None
    groups: tuple[FieldGroup, ...] = ()
    parties: tuple[PartyRow, ...] = ()
    actions_hint: str = ""
    actions: tuple[ActionRow, ...] = ()
    deadlines: tuple[DeadlineRow, ...] = ()
    questions: tuple[QuestionRow, ...] = ()
    message: ActionRow | None = None
    notes: tuple[NoteRow, ...] = ()
    note: ActionRow | None = None
    history: tuple[HistoryRow, ...] = ()
