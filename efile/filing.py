"""Putting things on file: uploads, documents, messages and notes."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from efile import facts
from efile.kernel.actors import Actor
from efile.kernel.errors import Conflict, FieldError, Invalid
from efile.kernel.ids import uuid7
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.models import Document, DocumentVersion, Message, Note, Upload
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


_CONTENT = """
INSERT INTO efile_content (id, tenant_id, sha256, size, media_type, stored_at)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (tenant_id, sha256) DO UPDATE SET stored_at = efile_content.stored_at
RETURNING id
"""


def content_for(tenant_id: int, stored: Stored, media_type: str, *, at: datetime) -> UUID:
    """The id of the content row for bytes that lie fsynced in the store."""
    with connection.cursor() as cursor:
        cursor.execute(_CONTENT, [uuid7(), tenant_id, stored.sha256, stored.size, media_type, at])
        (content_id,) = cursor.fetchone()
    return UUID(str(content_id))


@verb
def receive_upload(
    stored: Stored, *, media_type: str, filename: str, by: Actor, at: datetime
) -> Upload:
    """Remember bytes a sender handed in, until a filing claims them or they expire.

    ``at`` is true time: expiry is about security, not about the office's calendar.
    """
    return Upload.objects.create(
        tenant_id=by.tenant_id,
        source=by.key,
        content_id=content_for(by.tenant_id, stored, media_type, at=at),
        filename=filename,
        expires_at=at + timedelta(hours=settings.UPLOAD_LIFETIME_HOURS),
    )


_CLAIM = """
UPDATE efile_upload u SET claimed_at = now()
  FROM efile_content c
 WHERE u.id = ANY(%s) AND u.tenant_id = %s AND u.source = %s AND u.claimed_at IS NULL
   AND u.expires_at > now() AND c.id = u.content_id
RETURNING u.id, c.id, c.sha256, c.size, c.media_type, u.filename
"""


def claim_uploads(pointers: Mapping[UUID, str], *, by: Actor) -> dict[UUID, Claimed]:
    """Take over the sender's uploads; ``pointers`` say where each was named in the input.

    Refuses: Invalid (rule ``upload_not_available``) for one that is unknown, expired, already
    used or somebody else's: all four look the same.
    """
    if not pointers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [sorted(pointers), by.tenant_id, by.key])
        claimed = {row[0]: Claimed(*row) for row in cursor.fetchall()}
    missing = [pointers[upload] for upload in pointers if upload not in claimed]
    if missing:
        raise Invalid([FieldError(pointer, "upload_not_available") for pointer in missing])
    return claimed


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
def write_message(case_id: UUID, text: str, *, direction: str, by: Actor, at: datetime) -> Message:
    """Keep a message to (``out``) or from (``in``) the applicant. Rights are the caller's."""
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
    record(
        facts.MessageWritten(
            case_id=case_id,
            changes={f"message.{message.id}": (None, text_digest(text))},
            facts={"direction": direction},
        ),
        by=by,
        at=at,
    )
    return message


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
