"""What senders are told of a submission: status, open questions, documents, events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from efile.kernel.actors import Actor
from efile.kernel.errors import NotFound
from efile.models import Document
from efile.policy import granted
from efile.scanning import require_cleared
from workflows.application import CORRECTIONS, Application, opened
from workflows.notification import note_retrieval
from workflows.proactive import told as offering
from workflows.public_words import (
    NAMED,
    QUESTIONS,
    definition_in,
    event_text,
    named_proofs,
    values_in,
    where_it_stands,
)
from workflows.waiting import told as waiting

# ruff: noqa: S608 - the statements are put together from constants of this file alone
_STATUS = f"""
SELECT {NAMED}, s.id, s.service_key, s.received_at, p.state, p.decision, {waiting.RANK},
       {CORRECTIONS.format(case="s.case_id")} AS corrections, {QUESTIONS},
       (SELECT json_agg(json_build_object('id', e.id, 'type', e.kind, 'at', e.at)
                        ORDER BY e.at, e.id)
          FROM workflows_publicevent e WHERE e.submission = s.id) AS events,
       (SELECT json_agg(json_build_object('id', d.id, 'title', d.title, 'kind', d.kind,
                        'media_type', n.media_type, 'size', n.size, 'sha256', n.sha256,
                        'issued_at', d.filed_at) ORDER BY d.filed_at, d.id)
          FROM efile_document d
          JOIN efile_documentversion w ON w.document_id = d.id
          JOIN efile_content n ON n.id = w.content_id
         WHERE d.case_id = s.case_id AND d.is_public AND NOT EXISTS (
               SELECT FROM efile_documentversion l
                WHERE l.document_id = d.id AND l.number > w.number)) AS documents
  FROM workflows_submission s
  LEFT JOIN efile_case c ON c.id = s.case_id
  LEFT JOIN kernel_unit u ON u.id = c.lead_unit_id
  LEFT JOIN workflows_process p ON p.case_id = s.case_id
  LEFT JOIN workflows_serviceversion v ON v.id = p.version_id
 WHERE s.id = %s AND s.tenant_id = %s AND s.source = %s AND {granted("s.service_key")}
"""


def public_status(submission_id: UUID, *, by: Actor) -> dict[str, Any]:
    """Where the sender's submission stands. One statement. Refuses: NotFound."""
    rows = _rows(_STATUS, [submission_id, by.tenant_id, by.key, by.services("read")])
    if not rows:
        raise NotFound
    (row,) = rows
    definition, language = definition_in(row), row["language"]
    values = values_in(definition, row)
    state, next_step = where_it_stands(definition, row, language, values)
    told = {
        "id": str(row["id"]),
        "case_reference": row["reference"],
        "service": row["service_key"],
        "state": state,
        "decision": row["decision"] or "none",
        "received_at": row["received_at"].isoformat(),
        "next_step": next_step,
        "open_questions": [
            question | {"proofs": named_proofs(definition, question["proofs"], language)}
            for question in row["questions"] or []
        ],
        "events": [
            event | {"text": event_text(definition, event["type"], language, values)}
            for event in row["events"] or []
        ],
        "documents": row["documents"] or [],
        "standing_matters": [matter for one in row["matters"] or [] if (matter := _standing(one))],
    }
    appointment = _standing(row["appointment"])
    told |= waiting.status(row["waiting"], row["rank"]) | offering.status(row["offers"])
    told |= {"payment": row["payment"]} if row["payment"] else {}
    told |= {"corrections": _corrected(row)} if row["corrections"] else {}
    return told | ({"appointment": appointment} if appointment else {})


def _corrected(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What counts in the place of what was sent; why is the file's own, and who did it, too."""
    definition = definition_in(row)
    if definition is None:
        return []
    application = Application.read(definition, *opened(row["envelope"], row["corrections"]))
    return [
        {"pointer": one.pointer, "sent": one.sent, "value": one.value, "at": one.at.isoformat()}
        for one in application.corrections.values()
    ]


@dataclass(frozen=True, slots=True)
class PublicDocument:
    """A document that a sender may fetch."""

    id: UUID
    sha256: str
    size: int
    media_type: str
    filename: str


_DOCUMENT = f"""
SELECT d.id, n.sha256, n.size, n.media_type, w.filename, d.case_id, n.scan, d.direction
  FROM workflows_submission s
  JOIN efile_document d ON d.case_id = s.case_id AND d.is_public
  JOIN efile_documentversion w ON w.document_id = d.id
  JOIN efile_content n ON n.id = w.content_id
 WHERE s.id = %s AND s.tenant_id = %s AND s.source = %s AND {granted("s.service_key")}
   AND d.id = %s
 ORDER BY w.number DESC LIMIT 1
"""


def fetch_document(
    submission_id: UUID, document_id: UUID, *, by: Actor, at: datetime
) -> PublicDocument:
    """The document for the sender to read; fetching a decision notifies the applicant of it.

    Refuses: NotFound, NotYetScanned, Infected.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _DOCUMENT, [submission_id, by.tenant_id, by.key, by.services("read"), document_id]
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    require_cleared(*row[6:])
    if Document.objects.filter(id=document_id, kind="decision").exists():
        note_retrieval(row[5], document_id, at=at)
    return PublicDocument(*row[:5])


def _rows(statement: str, parameters: list[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _standing(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What of ``found`` is told of something that still stands; None where nothing does."""
    if not found or not found["stands"]:
        return None
    return {name: value for name, value in found.items() if name != "stands"}
