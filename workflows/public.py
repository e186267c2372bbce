"""What senders are told of their submissions: status, open questions, documents, events."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from efile.kernel.actors import Actor
from efile.kernel.errors import NotFound
from efile.letters.text import euros
from efile.models import Document
from workflows import duty_words
from workflows.application import Application, named
from workflows.catalogue.definition import Definition, compiled
from workflows.catalogue.parts import filled
from workflows.models import ServiceVersion, State
from workflows.notification import note_retrieval
from workflows.proactive import told as offering
from workflows.waiting import told as waiting

# The words of interfaces v1 for our states; a decision on its way is a decision.
PUBLIC_STATES = {
    State.RECEIVED: "received",
    State.IN_EXAMINATION: "in_examination",
    State.WAITING: "waiting_for_you",
    State.DECIDED: "decided",
    State.NOTIFIED: "decided",
    State.CLOSED: "closed",
    State.WITHDRAWN: "withdrawn",
    State.FORWARDED: "forwarded",
}

# ruff: noqa: S608 - the statements are put together from constants of this file alone
# What the texts may name, whoever asks: read with every row, so that no text needs a statement.
# What is over is still named: the event that told of it is told again with every status.
_NAMED = f"""
       c.reference, u.name AS unit, p.outcome, s.envelope, s.language, v.id AS version, v.sha256,
       (SELECT coalesce(min(q.due_on) FILTER (WHERE q.answered_at IS NULL
                                                AND q.dropped_at IS NULL), max(q.due_on))
          FROM workflows_question q WHERE q.case_id = s.case_id) AS due_on,
       (SELECT json_agg(json_build_object('id', m.id, 'number', m.number, 'kind', m.kind,
                        'valid_from', m.valid_from, 'valid_to', m.valid_to,
                        'stands', m.ended_on IS NULL) ORDER BY m.id)
          FROM workflows_standingmatter m WHERE {duty_words.MATTERS}) AS matters,
       (SELECT json_build_object('date', y.day, 'kind', coalesce(y.kind, b.wish->>'kind'),
                        'start', y.starts, 'end', y.ends, 'district', coalesce(y.district, ''),
                        'state', CASE b.owed WHEN 'book' THEN 'pending' ELSE 'booked' END,
                        'stands', b.cancelled_at IS NULL)
          FROM workflows_booking b LEFT JOIN workflows_slotday y ON y.id = b.slot_id
         WHERE b.case_id = s.case_id ORDER BY b.booked_at DESC, b.id DESC LIMIT 1) AS appointment,
       (SELECT json_build_object('cents', y.cents, 'status', y.status, 'due_on', y.due_on,
                        'reference', y.reference,
                        'url', CASE y.status WHEN 'open' THEN y.url ELSE '' END)
          FROM workflows_payment y WHERE y.case_id = s.case_id) AS payment,
       {duty_words.COLUMN},
       {waiting.COLUMN},
       {offering.COLUMN}
"""

_STATUS = f"""
SELECT {_NAMED}, s.id, s.service_key, s.received_at, p.state, p.decision, {waiting.RANK},
       (SELECT json_agg(json_build_object('id', q.id, 'text', q.text, 'proofs', q.proofs,
                        'asked_at', q.asked_at, 'due_on', q.due_on) ORDER BY q.asked_at, q.id)
          FROM workflows_question q
         WHERE q.case_id = s.case_id AND q.answered_at IS NULL AND q.dropped_at IS NULL
       ) AS questions,
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
 WHERE s.id = %s AND s.tenant_id = %s AND s.source = %s
"""


def public_status(submission_id: UUID, *, by: Actor) -> dict[str, Any]:
    """Where the sender's submission stands. One statement. Refuses: NotFound."""
    rows = _rows(_STATUS, [submission_id, by.tenant_id, by.key])
    if not rows:
        raise NotFound
    (row,) = rows
    definition, language = _definition(row), row["language"]
    values = _values(definition, row)
    state = PUBLIC_STATES[row["state"]] if row["state"] else PUBLIC_STATES[State.RECEIVED]
    listed = waiting.happening(row["waiting"], state)
    told = {
        "id": str(row["id"]),
        "case_reference": row["reference"],
        "service": row["service_key"],
        "state": state,
        "decision": row["decision"] or "none",
        "received_at": row["received_at"].isoformat(),
        "next_step": _event_text(definition, listed, language, values)
        if listed
        else _next_step(definition, state, row["decision"], language, values),
        "open_questions": [
            question | {"proofs": _named_proofs(definition, question["proofs"], language)}
            for question in row["questions"] or []
        ],
        "events": [
            event | {"text": _event_text(definition, event["type"], language, values)}
            for event in row["events"] or []
        ],
        "documents": row["documents"] or [],
        "standing_matters": [matter for one in row["matters"] or [] if (matter := _standing(one))],
    }
    appointment = _standing(row["appointment"])
    told |= waiting.status(row["waiting"], row["rank"]) | offering.status(row["offers"])
    told |= {"payment": row["payment"]} if row["payment"] else {}
    return told | ({"appointment": appointment} if appointment else {})


@dataclass(frozen=True, slots=True)
class PublicDocument:
    """A document that a sender may fetch."""

    id: UUID
    sha256: str
    size: int
    media_type: str
    filename: str


_DOCUMENT = """
SELECT d.id, n.sha256, n.size, n.media_type, w.filename, d.case_id
  FROM workflows_submission s
  JOIN efile_document d ON d.case_id = s.case_id AND d.is_public
  JOIN efile_documentversion w ON w.document_id = d.id
  JOIN efile_content n ON n.id = w.content_id
 WHERE s.id = %s AND s.tenant_id = %s AND s.source = %s AND d.id = %s
 ORDER BY w.number DESC LIMIT 1
"""


def fetch_document(
    submission_id: UUID, document_id: UUID, *, by: Actor, at: datetime
) -> PublicDocument:
    """The document for the sender to read; fetching a decision notifies the applicant of it.

    Refuses: NotFound.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DOCUMENT, [submission_id, by.tenant_id, by.key, document_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    if Document.objects.filter(id=document_id, kind="decision").exists():
        note_retrieval(row[5], document_id, at=at)
    return PublicDocument(*row[:5])


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of a sender's events and the cursor after its last one."""

    events: list[dict[str, Any]]
    next: int


_NUMBER = """
UPDATE workflows_publicevent e SET position = n.position
  FROM (SELECT id, (SELECT coalesce(max(position), 0) FROM workflows_publicevent
                     WHERE tenant_id = %(tenant)s AND source = %(source)s)
                   + row_number() OVER (ORDER BY id) AS position
          FROM workflows_publicevent
         WHERE tenant_id = %(tenant)s AND source = %(source)s AND position IS NULL) n
 WHERE e.id = n.id
"""

_FEED = f"""
SELECT {_NAMED}, e.position, e.id, e.submission, e.kind, e.at
  FROM workflows_publicevent e
  JOIN workflows_process p ON p.case_id = e.case_id
  JOIN workflows_serviceversion v ON v.id = p.version_id
  JOIN efile_case c ON c.id = e.case_id
  JOIN kernel_unit u ON u.id = c.lead_unit_id
  JOIN workflows_submission s ON s.id = e.submission
 WHERE e.tenant_id = %s AND e.source = %s AND e.position > %s
 ORDER BY e.position LIMIT %s
"""


@transaction.atomic
def feed(*, after: int, limit: int, by: Actor) -> Feed:
    """The sender's events after cursor ``after``, in one order that never changes.

    Events get their position when a reader first sees them, one reader at a time. A key drawn at
    writing would do worse: a transaction that draws early and commits late is skipped for good.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"feed:{by.tenant_id}:{by.key}"],
        )
        cursor.execute(_NUMBER, {"tenant": by.tenant_id, "source": by.key})
    rows = _rows(_FEED, [by.tenant_id, by.key, after, limit])
    events = []
    for row in rows:
        definition = _definition(row)
        values = _values(definition, row)
        events.append(
            {
                "id": str(row["id"]),
                "submission": str(row["submission"]),
                "case_reference": row["reference"],
                "type": row["kind"],
                "at": row["at"].isoformat(),
                "text": _event_text(definition, row["kind"], row["language"], values),
            }
        )
    return Feed(events, rows[-1]["position"] if rows else after)


def _rows(statement: str, parameters: list[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _definition(row: Mapping[str, Any]) -> Definition | None:
    """The compiled definition; its text is fetched only by a process that never saw it."""
    if row["version"] is None:
        return None
    return compiled(
        row["sha256"],
        lambda: json.loads(
            ServiceVersion.objects.values_list("definition", flat=True).get(id=row["version"])
        ),
    )


def _values(definition: Definition | None, row: Mapping[str, Any]) -> dict[str, str]:
    """What the placeholders of the public texts stand for in this case."""
    if definition is None:
        return {}
    application = Application.read(definition, json.loads(row["envelope"]))
    matter = next(reversed(row["matters"] or []), None)
    ended = definition.outcome(row["outcome"] or "")
    said = {"outcome": ended.text.in_(row["language"])} if ended else {}
    said |= {"amount": euros(row["payment"]["cents"])} if row["payment"] else {}
    said |= duty_words.named(row["duty"], row["language"])
    said |= waiting.named(row["waiting"], row["language"])
    said |= offering.named(row["offers"], row["language"])
    return (
        definition.shown(application.form, row["language"])
        | said
        | named(
            row["language"],
            case_reference=row["reference"],
            unit=row["unit"],
            deadline=row["due_on"],
            appointment=_timed(row["appointment"]),
            matter=matter,
        )
    )


def _timed(appointment: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """An appointment whose time is known; another system may not have said it yet."""
    return appointment if appointment and appointment["date"] else None


def _standing(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What of ``found`` is told of something that still stands; None where nothing does."""
    if not found or not found["stands"]:
        return None
    return {name: value for name, value in found.items() if name != "stands"}


def _next_step(
    definition: Definition | None,
    state: str,
    decision: str,
    language: str,
    values: Mapping[str, str],
) -> str:
    if definition is None:
        return _KEPT["en" if language.startswith("en") else "de"]
    texts = definition.public_texts
    # What comes next once it is decided is what was granted; a refusal speaks for itself.
    if state == "decided" and decision == "refused" and "refused" in texts.events:
        return filled(texts.events["refused"].in_(language), values)
    return filled(texts.states[state].in_(language), values)


_KEPT = {
    "de": "Ihr Antrag ist bei uns eingegangen. Wir ordnen ihn der zuständigen Stelle zu.",
    "en": "We have received your application and are passing it to the office in charge.",
}


def _event_text(
    definition: Definition | None, kind: str, language: str, values: Mapping[str, str]
) -> str:
    text = definition.public_texts.events.get(kind) if definition else None
    if text:
        return filled(text.in_(language), duty_words.of_event(kind, values))
    return _USUAL_TEXTS.get(kind, _USUAL)["en" if language.startswith("en") else "de"]


# For events a definition need not have words for.
_USUAL_TEXTS = {
    "duty_due": {
        "de": "Bald ist wieder eine Erklärung fällig. Bitte geben Sie sie rechtzeitig ab.",
        "en": "Another return is due soon. Please hand it in on time.",
    },
    "duty_overdue": {
        "de": "Eine Erklärung ist überfällig. Bitte geben Sie sie sofort ab.",
        "en": "A return is overdue. Please hand it in at once.",
    },
    "matter_changed": {
        "de": "Wir haben die Änderung übernommen.",
        "en": "We have made the change.",
    },
    "matter_ended": {
        "de": "Die Abmeldung ist eingetragen.",
        "en": "The end has been recorded.",
    },
    "slot_booked": {
        "de": "Ihr Termin steht fest.",
        "en": "Your appointment is booked.",
    },
    "slot_moved": {
        "de": "Ihr Termin ist auf eine andere Zeit verlegt.",
        "en": "Your appointment has been moved to another time.",
    },
    "slot_cancelled": {
        "de": "Ihr Termin ist abgesagt.",
        "en": "Your appointment has been cancelled.",
    },
    "slot_missed": {
        "de": "Sie waren nicht bei Ihrem Termin. Wir melden uns, oder Sie wählen einen neuen.",
        "en": "You did not come to your appointment. We will write, or you choose another one.",
    },
    "payment_requested": {
        "de": "Bitte bezahlen Sie die Gebühr.",
        "en": "Please pay the fee.",
    },
    "payment_received": {
        "de": "Die Gebühr ist bezahlt.",
        "en": "The fee is paid.",
    },
    "payment_failed": {
        "de": "Die Zahlung ist nicht zustande gekommen.",
        "en": "The payment was not completed.",
    },
    "deadline_extended": {
        "de": "Sie haben mehr Zeit bekommen, oder wir brauchen mehr: Eine Frist ist verlängert.",
        "en": "You have been given more time, or we need more: a period has been extended.",
    },
    "message_sent": {
        "de": "Wir haben Ihnen eine Nachricht geschrieben.",
        "en": "We have sent you a message.",
    },
    "offer_made": {
        "de": "Wir haben ein Angebot für Sie. Sie können es mit einem Schritt annehmen.",
        "en": "We have an offer for you. You can accept it in one step.",
    },
    "waiting_listed": {
        "de": "Sie stehen auf der Warteliste. Sie müssen nichts tun.",
        "en": "You are on the waiting list. You need not do anything.",
    },
    "place_offered": {
        "de": "Wir bieten Ihnen einen Platz an. Bitte antworten Sie in der genannten Frist.",
        "en": "We offer you a place. Please answer within the period given.",
    },
}
_USUAL = {
    "de": "Bei Ihrem Antrag hat sich etwas geändert.",
    "en": "Something has changed about your application.",
}


def _named_proofs(
    definition: Definition | None, keys: list[str], language: str
) -> list[dict[str, str]]:
    if definition is None:
        return []
    found = [definition.proof(key) for key in keys]
    return [{"key": proof.key, "title": proof.title.in_(language)} for proof in found if proof]
