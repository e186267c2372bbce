"""One case with everything on it, for the page that shows it: eleven statements, however much."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import IntegerField, OuterRef, Subquery, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat, JSONObject

from efile.kernel.actors import Actor
from efile.kernel.errors import NotFound
from efile.kernel.models import User
from efile.models import Party
from efile.scanning import Hold, hold_on
from workflows.application import CORRECTIONS, Application, opened
from workflows.catalogue.definition import Definition
from workflows.closing import Left
from workflows.follow_ups import OpenFollowUp, open_follow_ups
from workflows.machine import Step, known_to, possible_steps
from workflows.matters import matters_touched
from workflows.models import (
    Booking,
    CheckResult,
    Deadline,
    Decision,
    HeldAct,
    Process,
    StandingMatter,
    Submission,
    Task,
)
from workflows.offers import definition_of
from workflows.payments.beside import PAYMENT, PaymentOnCase
from workflows.verdicts import CheckStanding, effective_checks, last_run

# The history shows the latest entries; the journal's own page shows all.
HISTORY = 15


@dataclass(frozen=True, slots=True)
class FiledDocument:
    """A document in its latest version."""

    id: UUID
    title: str
    kind: str
    proof: str
    direction: str
    filed_at: datetime
    filename: str
    media_type: str
    size: int
    sha256: str
    scan: str
    flaw: str

    @property
    def hold(self) -> Hold | None:
        """Why nobody may open it, if so."""
        return hold_on(self.scan, self.direction)


@dataclass(frozen=True, slots=True)
class Line:
    """Something said on the case: a message (``in``, ``out``) or a note (``note``).

    ``read_at`` says when the other side read a message, ``reader`` who did so in the office;
    ``documents`` are the ids of what it carries, in the order of reading.
    """

    kind: str
    author: str
    text: str
    at: datetime
    read_at: datetime | None = None
    reader: str = ""
    documents: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class Appointment:
    """The appointment of the case that stands; without a day while another system owes one."""

    day: date | None
    starts: time
    ends: time
    district: str
    is_pending: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """An act that leaves the house in a minute, unless whoever did it takes it back."""

    action: str
    user_id: int
    user: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A journal entry; values are empty once they were lawfully erased."""

    kind: str
    actor: str
    actor_name: str
    at: datetime
    changes: Mapping[str, Any]
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything the case page shows.

    ``checks`` is what the machine found in its last run, ``standings`` what counts of each check
    of the definition once people have judged.
    """

    process: Process
    definition: Definition
    application: Application
    parties: Sequence[Party]
    documents: Sequence[FiledDocument]
    tasks: Sequence[Task]
    deadlines: Sequence[Deadline]
    checks: Sequence[CheckResult]
    standings: Sequence[CheckStanding]
    decisions: Sequence[Decision]
    matters: Sequence[StandingMatter]
    booking: Appointment | None
    lines: Sequence[Line]
    history: Sequence[HistoryEntry]
    steps: Sequence[Step]
    follow_ups: Sequence[OpenFollowUp]
    letters_waiting: int
    held: Held | None
    payment: PaymentOnCase | None = None

    @property
    def left(self) -> Left:
        """What may speak against closing the case."""
        return Left(
            held=1 if self.held else 0,
            tasks=sum(task.done_at is None for task in self.tasks),
            follow_ups=len(self.follow_ups),
            letters=self.letters_waiting,
            decision=self.decisions[-1] if self.decisions else None,
        )

    @property
    def envelope(self) -> Mapping[str, Any]:
        """What was sent, to the letter."""
        return self.application.sent


def open_dossier(case_id: UUID, *, by: Actor) -> Dossier:
    """The case with everything on it, if ``by`` sees it. Refuses: NotFound."""
    process = (
        Process.objects.select_related(
            "case__case_file", "case__lead_unit", "version__service", "assignee", "tenant"
        )
        .defer("version__definition")
        .annotate(**_BESIDE)
        .filter(known_to(by), case_id=case_id)
        .first()
    )
    if process is None:
        raise NotFound
    definition = definition_of(process.version)
    sent: Any = process
    results = last_run(case_id)
    return Dossier(
        process=process,
        definition=definition,
        application=Application.read(definition, *opened(sent.envelope, sent.corrections)),
        parties=list(Party.objects.filter(case_id=case_id).order_by("position")),
        documents=_documents(case_id),
        tasks=list(
            Task.objects.select_related("question")
            .annotate(asker=Subquery(_ASKER.values("display_name")))
            .filter(case_id=case_id)
            .order_by("opened_at")
        ),
        deadlines=list(Deadline.objects.filter(case_id=case_id).order_by("ends_on", "key")),
        checks=[result for result, _ in results],
        standings=effective_checks(definition, results),
        decisions=list(Decision.objects.filter(case_id=case_id).order_by("decided_at")),
        matters=matters_touched(case_id),
        booking=_appointment(sent.booking),
        lines=_lines(case_id),
        history=_history(case_id),
        steps=possible_steps(process, by=by),
        follow_ups=open_follow_ups(case_id),
        letters_waiting=sent.letters_waiting,
        held=_held(sent.held),
        payment=PaymentOnCase.read(sent.payment),
    )


# Who asked a question, as colleagues call them.
_ASKER = User.objects.annotate(
    key=Concat(Value("user:"), Cast("id", TextField()), output_field=TextField())
).filter(key=OuterRef("question__asked_by"))

# What there is one of at most, read with the process itself.
_BESIDE: Mapping[str, Any] = {
    "envelope": Subquery(Submission.objects.filter(id=OuterRef("submission")).values("envelope")),
    "corrections": RawSQL(  # noqa: S611 - a constant
        CORRECTIONS.format(case="workflows_process.case_id"), [], output_field=TextField()
    ),
    "booking": Subquery(
        Booking.objects.filter(case_id=OuterRef("case_id"), cancelled_at__isnull=True).values(
            told=JSONObject(
                day="slot__day",
                starts="slot__starts",
                ends="slot__ends",
                district="slot__district",
                owed="owed",
            )
        )[:1]
    ),
    "payment": PAYMENT,
    "letters_waiting": RawSQL(
        "(SELECT count(*) FROM workflows_letter w"
        " WHERE w.case_id = workflows_process.case_id AND w.sent_on IS NULL)",
        [],
        output_field=IntegerField(),
    ),
    "held": Subquery(
        HeldAct.objects.filter(case_id=OuterRef("case_id")).values(
            told=JSONObject(
                action="action", user_id="user_id", user="user__display_name", at="held_at"
            )
        )
    ),
}


def _appointment(told: Mapping[str, Any] | None) -> Appointment | None:
    if told is None:
        return None
    if told["day"] is None:
        return Appointment(None, time(), time(), "", is_pending=True)
    starts, ends = time.fromisoformat(told["starts"]), time.fromisoformat(told["ends"])
    day, pending = date.fromisoformat(told["day"]), told["owed"] == "book"
    return Appointment(day, starts, ends, told["district"], is_pending=pending)


def _held(told: Mapping[str, Any] | None) -> Held | None:
    if told is None:
        return None
    return Held(told["action"], told["user_id"], told["user"], datetime.fromisoformat(told["at"]))


def _documents(case_id: UUID) -> list[FiledDocument]:
    with connection.cursor() as cursor:
        cursor.execute(_DOCUMENTS, [case_id])
        return [FiledDocument(*row) for row in cursor.fetchall()]


_DOCUMENTS = """
SELECT d.id, d.title, d.kind, d.proof, d.direction, d.filed_at,
       w.filename, n.media_type, n.size, n.sha256, n.scan, n.flaw
  FROM efile_document d
  JOIN LATERAL (SELECT filename, content_id FROM efile_documentversion
                 WHERE document_id = d.id ORDER BY number DESC LIMIT 1) w ON true
  JOIN efile_content n ON n.id = w.content_id
 WHERE d.case_id = %s
 ORDER BY d.filed_at, d.id
"""

_LINES = """
SELECT l.kind, coalesce(u.display_name, ''), l.text, l.written_at, l.read_at,
       coalesce(r.display_name, ''), coalesce(l.documents, '{}')
  FROM (SELECT direction AS kind, author, text, written_at, read_at,
               (SELECT t.done_by FROM workflows_task t WHERE t.case_id = m.case_id
                   AND t.facts->>'message' = m.id::text LIMIT 1) AS reader,
               (SELECT array_agg(a.document_id ORDER BY a.position, a.id)
                  FROM efile_messageattachment a WHERE a.message_id = m.id) AS documents
          FROM efile_message m WHERE case_id = %s
        UNION ALL
        SELECT 'note', author, text, written_at, NULL, NULL, NULL
          FROM efile_note WHERE case_id = %s) l
  LEFT JOIN kernel_user u ON l.author = 'user:' || u.id
  LEFT JOIN kernel_user r ON l.reader = 'user:' || r.id
 ORDER BY l.written_at
"""


def _lines(case_id: UUID) -> list[Line]:
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [case_id, case_id])
        return [Line(*row) for row in cursor.fetchall()]


_HISTORY = """
SELECT e.kind, e.actor, coalesce(u.display_name, ''), e.at, v.values
  FROM kernel_journalentry e
  LEFT JOIN kernel_journalvalues v ON v.chain = e.chain_id AND v.seq = e.seq
  LEFT JOIN kernel_user u ON e.actor = 'user:' || u.id
 WHERE e.chain_id = %s
 ORDER BY e.seq DESC LIMIT %s
"""


def _history(case_id: UUID) -> list[HistoryEntry]:
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY, [case_id, HISTORY])
        rows = cursor.fetchall()
    entries = []
    for kind, actor, name, at, values in rows:
        told = json.loads(values) if values else {"changes": {}, "facts": {}}
        entries.append(HistoryEntry(kind, actor, name, at, told["changes"], told["facts"]))
    return entries
