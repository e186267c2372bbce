"""One case with everything on it, for the page that shows it: eleven statements, however much."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max, OuterRef, Subquery

from efile.kernel.actors import Actor
from efile.kernel.errors import NotFound
from efile.models import Party
from workflows.application import Application, envelope_of
from workflows.catalogue.definition import Definition
from workflows.machine import Step, known_to, possible_steps
from workflows.models import (
    Booking,
    CheckResult,
    Deadline,
    Decision,
    Process,
    StandingMatter,
    Task,
)
from workflows.offers import definition_of

# The history shows the latest entries; the journal's own page shows all.
HISTORY = 200


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


@dataclass(frozen=True, slots=True)
class Line:
    """Something said on the case: a message (``in``, ``out``) or a note (``note``)."""

    kind: str
    author: str
    text: str
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
    """Everything the case page shows."""

    process: Process
    definition: Definition
    application: Application
    envelope: Mapping[str, Any]
    parties: Sequence[Party]
    documents: Sequence[FiledDocument]
    tasks: Sequence[Task]
    deadlines: Sequence[Deadline]
    checks: Sequence[CheckResult]
    decisions: Sequence[Decision]
    matters: Sequence[StandingMatter]
    booking: Booking | None
    lines: Sequence[Line]
    history: Sequence[HistoryEntry]
    steps: Sequence[Step]


def open_dossier(case_id: UUID, *, by: Actor) -> Dossier:
    """The case with everything on it, if ``by`` sees it. Refuses: NotFound."""
    process = (
        Process.objects.select_related(
            "case__case_file", "case__lead_unit", "version", "assignee", "tenant"
        )
        .defer("version__definition")
        .filter(known_to(by), case_id=case_id)
        .first()
    )
    if process is None:
        raise NotFound
    definition = definition_of(process.version)
    envelope = envelope_of(process)
    last_run = (
        CheckResult.objects.filter(case_id=OuterRef("case_id"))
        .values("case_id")
        .annotate(last=Max("run"))
        .values("last")
    )
    return Dossier(
        process=process,
        definition=definition,
        application=Application.read(definition, envelope),
        envelope=envelope,
        parties=list(Party.objects.filter(case_id=case_id).order_by("position")),
        documents=_documents(case_id),
        tasks=list(
            Task.objects.select_related("question").filter(case_id=case_id).order_by("opened_at")
        ),
        deadlines=list(Deadline.objects.filter(case_id=case_id).order_by("ends_on", "key")),
        checks=list(
            CheckResult.objects.filter(case_id=case_id, run=Subquery(last_run)).order_by("position")
        ),
        decisions=list(Decision.objects.filter(case_id=case_id).order_by("decided_at")),
        matters=list(StandingMatter.objects.filter(case_id=case_id).order_by("valid_from")),
        booking=Booking.objects.select_related("slot")
        .filter(case_id=case_id, cancelled_at__isnull=True)
        .first()
        if definition.slots
        else None,
        lines=_lines(case_id),
        history=_history(case_id),
        steps=possible_steps(process, by=by),
    )


def _documents(case_id: UUID) -> list[FiledDocument]:
    with connection.cursor() as cursor:
        cursor.execute(_DOCUMENTS, [case_id])
        return [FiledDocument(*row) for row in cursor.fetchall()]


_DOCUMENTS = """
SELECT d.id, d.title, d.kind, d.proof, d.direction, d.filed_at,
       w.filename, n.media_type, n.size, n.sha256
  FROM efile_document d
  JOIN LATERAL (SELECT filename, content_id FROM efile_documentversion
                 WHERE document_id = d.id ORDER BY number DESC LIMIT 1) w ON true
  JOIN efile_content n ON n.id = w.content_id
 WHERE d.case_id = %s
 ORDER BY d.filed_at, d.id
"""

_LINES = """
SELECT l.kind, coalesce(u.display_name, ''), l.text, l.written_at
  FROM (SELECT direction AS kind, author, text, written_at FROM efile_message WHERE case_id = %s
        UNION ALL
        SELECT 'note', author, text, written_at FROM efile_note WHERE case_id = %s) l
  LEFT JOIN kernel_user u ON l.author = 'user:' || u.id
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
