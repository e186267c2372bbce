"""Messages between the applicant and the office, to and fro, and whether they were read."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection

from efile import filing
from efile.kernel.actors import Actor
from efile.kernel.errors import Conflict, NotFound
from efile.kernel.verbs import verb
from efile.models import Message
from efile.policy import Action, granted, require
from workflows import enclosures
from workflows.counter import Scan, keep_file
from workflows.enclosures import enclose
from workflows.inbox import keep_post
from workflows.machine import StepNotPossible, announce, known_to, locked, locked_submission
from workflows.models import Process, State, Task
from workflows.outgoing import write_by_post
from workflows.questions import file_attachments
from workflows.repeat import fingerprint, once
from workflows.replies import owe_reply, reply_given


class NoPortal(Conflict):
    """The application came another way than through a portal: nobody would read it there."""

    code = "no_portal"


def write_to_office(
    submission_id: UUID,
    text: str,
    *,
    attachments: Sequence[Mapping[str, Any]] = (),
    key: str | None,
    by: Actor,
    at: datetime,
) -> tuple[str, bool]:
    """What the applicant writes; returns (JSON of the acknowledgement, replayed).

    ``attachments`` name an upload each, and a title for it where it has one. Opens a task, so
    that someone reads it; post for a closed case goes to the inbox with all that came along.
    Refuses: NotFound, InClarification, TextIsEmpty, Invalid (uploads), KeyReused.
    """
    # Without attachments it is the same call that it was before there were any.
    sent = {"text": text} | ({"attachments": list(attachments)} if attachments else {})
    digest = fingerprint(f"message:{submission_id}", sent)
    act = partial(_take_message, submission_id, text, attachments, by, at)
    return once(key, digest, by=by, act=lambda: json.dumps(act()))


@verb
def _take_message(
    submission_id: UUID,
    text: str,
    attachments: Sequence[Mapping[str, Any]],
    by: Actor,
    at: datetime,
) -> dict[str, Any]:
    process = locked_submission(submission_id, by=by)
    if process.state == State.CLOSED:
        return keep_post(process, {"text": text, "attachments": attachments}, by=by, at=at)
    filed = file_attachments(process, attachments, by=by, at=at)
    message = filing.write_message(
        process.case_id, text, direction="in", attachments=filed, by=by, at=at
    )
    Task.objects.create(
        tenant_id=by.tenant_id,
        case_id=process.case_id,
        kind="review_answer",
        facts={"message": str(message.id)},
        opened_at=at,
    )
    owe_reply(process, at=at)
    return {"id": str(message.id), "received_at": at.isoformat(), "state": "accepted"}


@verb
def write_to_applicant(
    case_id: UUID,
    text: str,
    *,
    documents: Sequence[UUID] = (),
    uploads: Sequence[UUID] = (),
    by: Actor,
    at: datetime,
) -> Message:
    """What the office writes; the portal learns of it with its next reading of the feed.

    ``documents`` of the case and new ``uploads`` go along: from now on the applicant may fetch
    them. Whoever writes has read: what came in before is marked so, and no reply is owed any more.
    Refuses: NotFound, ActionNotGranted, StepNotPossible, NoPortal, TextIsEmpty, what ``enclose``
    refuses.
    """
    process = locked(case_id, by=by)
    require(Action.REQUEST_PROOF, case_id, process.scope, by=by)
    _require_open(process)
    if process.submission is None:
        raise NoPortal
    enclosed = enclose(case_id, documents, uploads, by=by, at=at)
    message = filing.write_message(
        case_id, text, direction="out", attachments=enclosed, by=by, at=at
    )
    _read(process, by, at)
    announce(process, "message_sent", at=at)
    write_by_post(process, "message", subject=message.id, by=by, at=at)
    return message


def keep_enclosure(
    case_id: UUID,
    chunks: Iterable[bytes],
    *,
    filename: str,
    media_type: str,
    by: Actor,
    at: datetime,
) -> Scan:
    """Keep a file until the message that it goes with is sent, or it expires.

    ``media_type`` is what the browser calls it; ``at`` is true time. Refuses: NotFound,
    ActionNotGranted, what ``keep_file`` refuses.
    """
    process = Process.objects.filter(known_to(by), case_id=case_id).only("scope").first()
    if process is None:
        raise NotFound
    require(Action.REQUEST_PROOF, case_id, process.scope, by=by)
    return keep_file(chunks, filename=filename, media_type=media_type, by=by, at=at)


@verb
def note_reading(case_id: UUID, *, by: Actor, at: datetime) -> None:
    """The office has read what the applicant wrote, and owes no reply to it.

    Refuses: NotFound, ActionNotGranted.
    """
    process = locked(case_id, by=by)
    require(Action.EXAMINE, case_id, process.scope, by=by)
    _read(process, by, at)


def _read(process: Process, by: Actor, at: datetime) -> None:
    """Mark what came in as read, and end the tasks and the deadline that it set off."""
    unread = Message.objects.filter(case_id=process.case_id, direction="in", read_at__isnull=True)
    unread.update(read_at=at)
    Task.objects.filter(
        case_id=process.case_id,
        kind="review_answer",
        facts__has_key="message",
        done_at__isnull=True,
    ).update(done_at=at, done_by=by.key)
    reply_given(process, at=at)


_MESSAGES = f"""
SELECT m.id, m.direction, m.text, m.written_at, m.read_at,{enclosures.COLUMN}
  FROM workflows_submission s LEFT JOIN efile_message m ON m.case_id = s.case_id
 WHERE s.id = %s AND s.tenant_id = %s AND s.source = %s AND {granted("s.service_key")}
 ORDER BY m.written_at, m.id
"""  # noqa: S608 - put together from constants alone


def messages(submission_id: UUID, *, by: Actor) -> list[dict[str, Any]]:
    """All messages of the sender's submission, oldest first. One statement. Refuses: NotFound."""
    with connection.cursor() as cursor:
        cursor.execute(_MESSAGES, [submission_id, by.tenant_id, by.key, by.services("read")])
        rows = cursor.fetchall()
    if not rows:
        raise NotFound
    return [
        {
            "id": str(id_),
            "direction": direction,
            "text": text,
            "written_at": written_at.isoformat(),
            "read_at": read_at.isoformat() if read_at else None,
            "attachments": [
                {name: value for name, value in one.items() if name != "filename"}
                for one in attachments or []
            ],
        }
        for id_, direction, text, written_at, read_at, attachments in rows
        if id_
    ]


@verb
def mark_read(submission_id: UUID, message_id: UUID, *, by: Actor, at: datetime) -> datetime:
    """The applicant has read a message of the office; returns when that was first said.

    Refuses: NotFound, InClarification, StepNotPossible (a closed file changes no more).
    """
    process = locked_submission(submission_id, by=by)
    message = Message.objects.filter(
        case_id=process.case_id, id=message_id, direction="out"
    ).first()
    if message is None:
        raise NotFound
    if message.read_at is not None:
        return message.read_at
    _require_open(process)
    message.read_at = at
    message.save(update_fields=["read_at"])
    return at


def _require_open(process: Process) -> None:
    if process.state == State.CLOSED:
        raise StepNotPossible(state=process.state)
