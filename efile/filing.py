"""Putting things on file: uploads, documents, messages and notes."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection

from efile import facts
from efile.kernel.actors import Actor
from efile.kernel.errors import Conflict, FieldError, Invalid
from efile.kernel.ids import uuid7
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.models import (
    Content,
    Document,
    DocumentVersion,
    Message,
    MessageAttachment,
    Note,
    ScanState,
    Upload,
)
from efile.storage import Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """A document to be filed; its bytes are already a ``Content``."""

    id: UUID
    kind: str
    title: str
    content_id: UUID
    sha256: str
    filename: str
    proof: str = ""
    direction: str = "in"
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class Claimed:
    """An upload that a filing has taken over."""

    upload_id: UUID
    content_id: UUID
    sha256: str
    size: int
    media_type: str
    filename: str
    scan: str = ScanState.NOT_SCANNED


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found out about bytes on their way in: by the scanner, and what is wrong with them.

    ``flaw`` is "" or one of the flaws of ``Content``.
    """

    scan: ScanState = ScanState.NOT_SCANNED
    flaw: str = ""


NOT_EXAMINED: Final = Findings()


# What is known of these bytes stays: a scan is undone by nothing but the job that repeats it.
_CONTENT = """
INSERT INTO efile_content (id, tenant_id, sha256, size, media_type, stored_at, scan, scanned_at,
                           flaw)
VALUES (%(id)s, %(tenant)s, %(sha256)s, %(size)s, %(media_type)s, %(at)s, %(scan)s,
        %(scanned_at)s, %(flaw)s)
ON CONFLICT (tenant_id, sha256) DO UPDATE SET stored_at = efile_content.stored_at
RETURNING id, media_type, scan, flaw
"""


def content_for(tenant_id: int, stored: Stored, media_type: str, *, at: datetime) -> UUID:
    """The id of the content row for bytes of our own making, fsynced in the store."""
    return _content(tenant_id, stored, media_type, NOT_EXAMINED, at=at).id


@verb
def receive_upload(
    stored: Stored,
    *,
    media_type: str,
    filename: str,
    by: Actor,
    at: datetime,
    found: Findings = NOT_EXAMINED,
    upload_id: UUID | None = None,
) -> Upload:
    """Remember bytes a sender handed in, until a filing claims them or they expire.

    ``at`` is true time: expiry is about security, not about the office's calendar.
    Refuses: Invalid (rule ``malware``): these very bytes were found to be infected before.
    """
    content = _content(by.tenant_id, stored, media_type, found, at=at)
    if content.scan == ScanState.INFECTED:
        raise Invalid([FieldError("", "malware")])
    return Upload.objects.create(
        id=upload_id or uuid7(),
        tenant_id=by.tenant_id,
        source=by.key,
        content=content,
        filename=filename,
        expires_at=at + timedelta(hours=settings.UPLOAD_LIFETIME_HOURS),
    )


def _content(
    tenant_id: int, stored: Stored, media_type: str, found: Findings, *, at: datetime
) -> Content:
    told: dict[str, Any] = {
        "id": uuid7(),
        "tenant": tenant_id,
        "sha256": stored.sha256,
        "size": stored.size,
        "media_type": media_type,
        "at": at,
        "scan": found.scan.value,
        "scanned_at": None if found.scan == ScanState.NOT_SCANNED else at,
        "flaw": found.flaw,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CONTENT, told)
        content_id, known_as, scan, flaw = cursor.fetchone()
    return Content(
        id=content_id,
        tenant_id=tenant_id,
        sha256=stored.sha256,
        size=stored.size,
        media_type=known_as,
        scan=scan,
        flaw=flaw,
    )


# ruff: noqa: S608 - the statements are put together from constants of this file alone
_CLAIMABLE = """
       u.id = ANY(%s) AND u.tenant_id = %s AND u.source = %s AND u.claimed_at IS NULL
   AND u.expires_at > now()
"""
_CLAIMED = "u.id, c.id, c.sha256, c.size, c.media_type, u.filename, c.scan"
_CLAIM = f"""
UPDATE efile_upload u SET claimed_at = now()
  FROM efile_content c
 WHERE {_CLAIMABLE} AND c.id = u.content_id
RETURNING {_CLAIMED}
"""
_AT_HAND = f"""
SELECT {_CLAIMED}
  FROM efile_upload u JOIN efile_content c ON c.id = u.content_id
 WHERE {_CLAIMABLE}
"""


def claim_uploads(pointers: Mapping[UUID, str], *, by: Actor) -> dict[UUID, Claimed]:
    """Take over the sender's uploads; ``pointers`` say where each was named in the input.

    Refuses: Invalid (rule ``upload_not_available``) for one that is unknown, expired, already
    used or somebody else's: all four look the same; ``malware`` for one found to be infected
    since it came. One that is still to be scanned is taken: the day of receipt does not wait.
    """
    claimed, faults = _looked_at(_CLAIM, pointers, by)
    if faults:
        raise Invalid(faults)
    return claimed


def uploads_at_hand(
    pointers: Mapping[UUID, str], *, by: Actor
) -> tuple[dict[UUID, Claimed], list[FieldError]]:
    """What ``claim_uploads`` would take over and what it would refuse, with nothing taken."""
    return _looked_at(_AT_HAND, pointers, by)


def _looked_at(
    statement: str, pointers: Mapping[UUID, str], by: Actor
) -> tuple[dict[UUID, Claimed], list[FieldError]]:
    if not pointers:
        return {}, []
    with connection.cursor() as cursor:
        cursor.execute(statement, [sorted(pointers), by.tenant_id, by.key])
        rows = cursor.fetchall()
    sound = {row[0]: Claimed(*row) for row in rows if row[-1] != ScanState.INFECTED}
    infected = {row[0] for row in rows} - sound.keys()
    faults = [
        FieldError(pointer, "malware" if upload in infected else "upload_not_available")
        for upload, pointer in pointers.items()
        if upload not in sound
    ]
    return sound, faults


@verb
def file_documents(
    case_id: UUID, documents: Sequence[NewDocument], *, by: Actor, at: datetime
) -> None:
    """Put ``documents`` on an open case. A closed one refuses (a trigger: CaseIsClosed)."""
    changes = add_documents(case_id, documents, by=by, at=at)
    if changes:
        record(facts.DocumentsFiled(case_id=case_id, changes=changes), by=by, at=at)


def add_documents(
    case_id: UUID, documents: Sequence[NewDocument], *, by: Actor, at: datetime
) -> dict[str, tuple[Any, Any]]:
    """Insert the rows of ``documents`` and return what the caller's journal entry must say."""
    if not documents:
        return {}
    Document.objects.bulk_create(
        [
            Document(
                id=new.id,
                tenant_id=by.tenant_id,
                case_id=case_id,
                kind=new.kind,
                title=new.title,
                proof=new.proof,
                direction=new.direction,
                is_public=new.is_public,
                filed_at=at,
            )
            for new in documents
        ]
    )
    DocumentVersion.objects.bulk_create(
        [
            DocumentVersion(
                tenant_id=by.tenant_id,
                document_id=new.id,
                number=1,
                content_id=new.content_id,
                filename=new.filename,
                made_at=at,
                made_by=by.key,
            )
            for new in documents
        ]
    )
    return {f"document.{new.id}": (None, new.sha256) for new in documents}


class TextIsEmpty(Conflict):
    """Nothing was written."""

    code = "text_is_empty"


@verb
def write_message(
    case_id: UUID,
    text: str,
    *,
    direction: str,
    by: Actor,
    at: datetime,
    attachments: Sequence[UUID] = (),
) -> Message:
    """Keep a message to (``out``) or from (``in``) the applicant. Rights are the caller's.

    ``attachments`` are documents of the case that it carries, in the order of reading.
    """
    if not text.strip():
        raise TextIsEmpty
    message = Message.objects.create(
        tenant_id=by.tenant_id,
        case_id=case_id,
        direction=direction,
        text=text,
        author=by.key,
        written_at=at,
    )
    if attachments:
        _attach(message, attachments)
    changes: dict[str, tuple[Any, Any]] = {f"message.{message.id}": (None, text_digest(text))}
    if attachments:
        changes[f"message.{message.id}.attachments"] = (None, [str(one) for one in attachments])
    record(
        facts.MessageWritten(case_id=case_id, changes=changes, facts={"direction": direction}),
        by=by,
        at=at,
    )
    return message


def _attach(message: Message, documents: Sequence[UUID]) -> None:
    MessageAttachment.objects.bulk_create(
        [
            MessageAttachment(
                tenant_id=message.tenant_id,
                case_id=message.case_id,
                message=message,
                document_id=document,
                position=number,
            )
            for number, document in enumerate(documents)
        ]
    )


@verb
def write_note(case_id: UUID, text: str, *, by: Actor, at: datetime) -> Note:
    """Leave a note for colleagues. Rights are the caller's."""
    if not text.strip():
        raise TextIsEmpty
    note = Note.objects.create(
        tenant_id=by.tenant_id, case_id=case_id, text=text, author=by.key, written_at=at
    )
    changes = {f"note.{note.id}": (None, text_digest(text))}
    record(facts.NoteWritten(case_id=case_id, changes=changes), by=by, at=at)
    return note


def text_digest(text: str) -> str:
    """What the journal watches of a text."""
    return hashlib.sha256(text.encode()).hexdigest()
