"""What goes along with a message to the applicant: documents of the case, and new files."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef

from efile import filing
from efile.kernel.actors import Actor
from efile.kernel.errors import FieldError, Invalid
from efile.kernel.ids import uuid7
from efile.models import Document, DocumentVersion, Message, MessageAttachment, ScanState, Upload
from efile.scanning import require_cleared

# As many as the API lets a portal send along.
MOST: Final = 20
# A decision is provided by a step of its own, with the day on which it counts as notified.
NEVER: Final = "decision"

_IS_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

# The attachments of message ``m`` as a column, in the order in which they are to be read.
COLUMN: Final = """
       (SELECT json_agg(json_build_object('id', d.id, 'title', d.title, 'filename', w.filename,
                        'media_type', n.media_type, 'size', n.size, 'sha256', n.sha256)
                        ORDER BY a.position, a.id)
          FROM efile_messageattachment a
          JOIN efile_document d ON d.id = a.document_id
          JOIN LATERAL (SELECT filename, content_id FROM efile_documentversion
                         WHERE document_id = d.id ORDER BY number DESC LIMIT 1) w ON true
          JOIN efile_content n ON n.id = w.content_id
         WHERE a.message_id = m.id) AS attachments"""


def enclose(
    case_id: UUID,
    documents: Sequence[UUID],
    uploads: Sequence[UUID],
    *,
    by: Actor,
    at: datetime,
) -> list[UUID]:
    """Let the applicant read ``documents`` of the case and new ``uploads``, inside a verb.

    Returns the documents' ids, those that were there first. Rights are the caller's. Nothing
    leaves the house that the scanner has yet to see. Refuses: Invalid (at ``/documents``,
    ``/uploads``: too many, not of this case, not at hand), NotYetScanned.
    """
    wanted = list(dict.fromkeys(documents))
    if len(wanted) + len(uploads) > MOST:
        raise Invalid([FieldError("/documents", "max_items", {"limit": MOST})])
    if wanted:
        _publish(case_id, wanted)
    claimed = filing.claim_uploads(dict.fromkeys(uploads, "/uploads"), by=by)
    for one in claimed.values():
        require_cleared(one.scan)
    new = [_document(claimed[one]) for one in dict.fromkeys(uploads)]
    filing.file_documents(case_id, new, by=by, at=at)
    return wanted + [one.id for one in new]


def _publish(case_id: UUID, wanted: list[UUID]) -> None:
    infected = DocumentVersion.objects.filter(
        document=OuterRef("id"), content__scan=ScanState.INFECTED
    )
    known = Document.objects.filter(~Exists(infected), case_id=case_id, id__any=wanted)
    if known.exclude(kind=NEVER).update(is_public=True) < len(wanted):
        raise Invalid([FieldError("/documents", "unknown_document")])
    versions = DocumentVersion.objects.filter(document__id__any=wanted)
    for scan, direction in versions.values_list("content__scan", "document__direction"):
        require_cleared(scan, direction)


def on_paper(message_id: UUID) -> str:
    """A message as its letter says it: the text, and what is enclosed. Two statements."""
    text = Message.objects.values_list("text", flat=True).get(id=message_id)
    carried = MessageAttachment.objects.filter(message=message_id).order_by("position", "id")
    return with_titles(text, list(carried.values_list("document__title", flat=True)))


def chosen(
    case_id: UUID, documents: Iterable[str], uploads: Iterable[str], *, by: Actor
) -> list[str]:
    """What the documents and files are called that a form has chosen so far. A statement each."""
    titles: list[str] = []
    if known := _ids(documents):
        there = Document.objects.filter(case_id=case_id, id__any=known)
        titles += there.order_by("filed_at", "id").values_list("title", flat=True)
    if handed_in := _ids(uploads):
        mine = Upload.objects.filter(tenant_id=by.tenant_id, source=by.key, id__any=handed_in)
        titles += mine.order_by("id").values_list("filename", flat=True)
    return titles


def with_titles(text: str, titles: Sequence[str]) -> str:
    """``text`` of a letter, which is German, with the list of its enclosures below."""
    return "\n\n".join([text, f"Anlagen: {', '.join(titles)}"]) if titles else text


def _ids(named: Iterable[str]) -> list[UUID]:
    return [UUID(one) for one in named if _IS_ID.fullmatch(one)]


def _document(upload: filing.Claimed) -> filing.NewDocument:
    return filing.NewDocument(
        id=uuid7(),
        kind="attachment",
        title=upload.filename,
        content_id=upload.content_id,
        sha256=upload.sha256,
        filename=upload.filename,
        direction="out",
        is_public=True,
    )
