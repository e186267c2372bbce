"""The words for what senders may know of their cases: states, next steps and events, by service."""

# ruff: noqa: S608 - the column list is put together from constants of this package alone

import json
from collections.abc import Mapping
from typing import Any

from efile.letters.text import euros
from workflows import duty_words
from workflows.application import Application, named
from workflows.catalogue.definition import Definition, compiled
from workflows.catalogue.parts import filled
from workflows.models import ServiceVersion, State
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

# What the texts may name, whoever asks: read with every row, so that no text needs a statement.
# What is over is still named: the event that told of it is told again with every status.
NAMED = f"""
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


# The questions that somebody still waits for an answer to.
QUESTIONS = """
       (SELECT json_agg(json_build_object('id', q.id, 'text', q.text, 'proofs', q.proofs,
                        'asked_at', q.asked_at, 'due_on', q.due_on) ORDER BY q.asked_at, q.id)
          FROM workflows_question q
         WHERE q.case_id = s.case_id AND q.answered_at IS NULL AND q.dropped_at IS NULL
       ) AS questions"""


def definition_in(row: Mapping[str, Any]) -> Definition | None:
    """The compiled definition; its text is fetched only by a process that never saw it."""
    if row["version"] is None:
        return None
    return compiled(
        row["sha256"],
        lambda: json.loads(
            ServiceVersion.objects.values_list("definition", flat=True).get(id=row["version"])
        ),
    )


def values_in(definition: Definition | None, row: Mapping[str, Any]) -> dict[str, str]:
    """What the placeholders of the public texts stand for in this case."""
    if definition is None:
        return {}
    application = Application.read(definition, json.loads(row["envelope"] or "{}"))
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


def where_it_stands(
    definition: Definition | None, row: Mapping[str, Any], language: str, values: Mapping[str, str]
) -> tuple[str, str]:
    """The public state and what happens next; ``row`` also has state, decision and waiting."""
    state = PUBLIC_STATES[row["state"] or State.RECEIVED]
    listed = waiting.happening(row["waiting"], state)
    if listed:
        return state, event_text(definition, listed, language, values)
    return state, _next_step(definition, state, row["decision"], language, values)


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


def event_text(
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


def named_proofs(
    definition: Definition | None, keys: list[str], language: str
) -> list[dict[str, str]]:
    if definition is None:
        return []
    found = [definition.proof(key) for key in keys]
    return [{"key": proof.key, "title": proof.title.in_(language)} for proof in found if proof]
