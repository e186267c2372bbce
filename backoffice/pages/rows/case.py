"""Rows of the case's one screen."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from backoffice.pages.rows.counter import SchemaField
from backoffice.pages.rows.documents import DocumentRow, EvidenceRow
from backoffice.pages.rows.forms import ActionField, ActionRow, FieldProblem
from backoffice.pages.rows.frame import Link, Tag


@dataclass(frozen=True, slots=True)
class Step:
    """A station of the case's course."""

    label: str
    status: Literal["done", "current", "ahead"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHeader:
    """``position`` reads "3 von 34" in the list the reader came from, empty when unknown.

    ``links`` lead to the file and to what else there is of this person.
    """

    reference: str
    applicant: str
    service: str
    received_at: datetime
    channel: str
    links: tuple[Link, ...] = ()
    tags: tuple[Tag, ...] = ()
    steps: tuple[Step, ...] = ()
    list_label: str = ""
    list_url: str = ""
    position: str = ""
    previous_url: str = ""
    next_url: str = ""

    @property
    def title(self) -> str:
        """Who, and what of us."""
        return f"{self.applicant}: {self.service}"


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """What was sent where something else counts now; who put it right, when and why."""

    sent: str
    author: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldEdit:
    """The form that puts a value right, posting to ``url``.

    ``cancel_url`` leaves it alone; on a page that stays, ``leave_url`` gives the focus back.
    """

    url: str
    cancel_url: str
    leave_url: str
    pointer: str
    version: str
    field: SchemaField
    reason: ActionField
    problems: tuple[FieldProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """A label and a value. ``lang`` is the language of the applicant's text, if it differs.

    ``key`` names the row on the page; ``edit_url`` leads to the form that puts it right, which
    stands in its place once there is an ``edit``. ``focused`` has just been put right.
    """

    label: str
    value: str
    note: str = ""
    lang: str = ""
    key: str = ""
    edit_url: str = ""
    corrected: CorrectionRow | None = None
    edit: FieldEdit | None = None
    focused: bool = False


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields that belong together, in the form's order; ``silent`` are those nobody stated.

    ``url`` leads to a page of their own, where they have one.
    """

    title: str
    rows: tuple[FieldRow, ...]
    silent: tuple[FieldRow, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictRow:
    """What a person found of a check; ``overtaken`` verdicts no longer hold."""

    text: str
    author: str
    at: datetime
    reason: str
    overtaken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeForm:
    """Settling a check: a reason and two buttons. ``focused`` takes the focus as it arrives.

    ``version`` of the case and ``run`` of the checks are what its reader sees.
    """

    url: str
    version: str
    run: str
    reason: ActionField
    problems: tuple[FieldProblem, ...] = ()
    focused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """A check with everything that explains it: inputs, rule, version, paragraph.

    ``source`` says who found it out. ``judge`` is the form that settles it, ``judge_url`` leads
    there where another check is to be settled first. ``evidence`` shows on what it rests.
    """

    key: str
    outcome: Tag
    title: str
    explanation: str = ""
    source: str = ""
    evidence: EvidenceRow | None = None
    verdict: VerdictRow | None = None
    judge: JudgeForm | None = None
    judge_url: str = ""
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
    silent: tuple[FieldRow, ...] = ()
    identity: Tag | None = None
    evidence: EvidenceRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRow:
    """``derivation`` are the sentences of the calculation, in order."""

    label: str
    due_on: date
    tag: Tag
    basis: str = ""
    derivation: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFollowUpRow:
    """A day on which somebody wants to see the case again; ``whose`` list it is on."""

    due_on: date
    tag: Tag
    text: str
    whose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A question, an answer or a message; ``outgoing`` means: from the office.

    ``read`` says who read it and when. ``facts`` are values that came with an answer.
    """

    heading: str
    author: str
    at: datetime
    text: str
    outgoing: bool
    tag: Tag | None = None
    read: str = ""
    lang: str = ""
    proofs: tuple[str, ...] = ()
    facts: tuple[FieldRow, ...] = ()
    attachments: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Thread:
    """Everything said between applicant and office, oldest first; ``earlier`` may be folded."""

    earlier: tuple[MessageRow, ...]
    latest: tuple[MessageRow, ...]


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
    """Everything on the case's one screen; ``note`` and ``message`` are forms like the actions.

    ``version`` is the revision of the case that is shown. ``outdated`` says why the checks may
    soon say something else; ``again_url`` has them evaluated once more.
    """

    header: CaseHeader
    url: str
    version: str = ""
    documents: tuple[DocumentRow, ...] = ()
    checks_summary: str = ""
    checks_focused: bool = False
    outdated: str = ""
    again_url: str = ""
    checks: tuple[CheckRow, ...] = ()
    sent_at: datetime | None = None
    groups: tuple[FieldGroup, ...] = ()
    parties: tuple[PartyRow, ...] = ()
    results: tuple[FieldGroup, ...] = ()
    actions_hint: str = ""
    actions: tuple[ActionRow, ...] = ()
    nothing_to_do: str = ""
    deadlines: tuple[DeadlineRow, ...] = ()
    follow_ups: tuple[CaseFollowUpRow, ...] = ()
    thread: Thread | None = None
    message: ActionRow | None = None
    notes: tuple[NoteRow, ...] = ()
    note: ActionRow | None = None
    history: tuple[HistoryRow, ...] = ()
    journal_url: str = ""
