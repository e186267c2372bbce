"""Reading documents: who may, and for which cases it is remembered who did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from efile import facts
from efile.kernel.actors import Actor
from efile.kernel.errors import NotFound
from efile.kernel.journal import record
from efile.kernel.models import JournalEntry, JournalValues
from efile.kernel.verbs import verb
from efile.models import AccessClass, Case, Document, DocumentVersion
from efile.policy import visible_to
from efile.scanning import require_cleared

# Whoever goes through a document page by page reads it once, not once per page.
ONE_READING: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document in its latest version, to be read from the store by its hash."""

    id: UUID
    case_id: UUID
    kind: str
    title: str
    direction: str
    filed_at: datetime
    filename: str
    media_type: str
    size: int
    sha256: str


@verb
def read_document(document_id: UUID, *, by: Actor, at: datetime) -> ReadDocument:
    """The document, if ``by`` sees its case.

    Whoever reads one of a protected access class is named in the case's journal, as the
    secrecy of social and tax data demands (§ 35 SGB I, § 30 AO).
    Refuses: NotFound, NotYetScanned, Infected.
    """
    version = _latest(document_id, by)
    _note_reading(version.document.case, {"document": version.document.id}, by, at)
    return _read(version)


@verb
def look_at_document(document_id: UUID, *, by: Actor, at: datetime) -> ReadDocument:
    """The document, to be shown page by page, if ``by`` sees its case.

    Whoever goes on looking within ``ONE_READING`` is named once, where ``read_document`` would
    name them. Refuses: NotFound, NotYetScanned, Infected.
    """
    version = _latest(document_id, by)
    if not _noted(version.document, by, at):
        _note_reading(version.document.case, {"document": version.document.id}, by, at)
    return _read(version)


@verb
def note_reading(case_id: UUID, title: str, *, by: Actor, at: datetime) -> None:
    """Name ``by`` as the reader of something about the case that is shown but not on file.

    Where ``read_document`` would name them: the secrecy is that of the case, whether a paper
    was filed or is made anew. ``title`` is what the journal calls it. Refuses: NotFound.
    """
    case = Case.objects.filter(visible_to(by), id=case_id).first()
    if case is None:
        raise NotFound
    _note_reading(case, {"title": title}, by, at)


def _latest(document_id: UUID, by: Actor) -> DocumentVersion:
    version = (
        DocumentVersion.objects.select_related("document__case", "content")
        .filter(visible_to(by, "document__case__"), document_id=document_id)
        .order_by("-number")
        .first()
    )
    if version is None:
        raise NotFound
    require_cleared(version.content.scan, version.document.direction)
    return version


def _is_protected(case: Case) -> bool:
    return case.access_class != AccessClass.GENERAL


def _note_reading(case: Case, told: Mapping[str, Any], by: Actor, at: datetime) -> None:
    if _is_protected(case):
        record(facts.DocumentFetched(case_id=case.id, facts=told), by=by, at=at)


def _noted(document: Document, by: Actor, at: datetime) -> bool:
    """Whether the journal names ``by`` for this reading already."""
    if not _is_protected(document.case):
        return False
    entries = JournalEntry.objects.filter(
        chain_id=document.case_id,
        kind=facts.DocumentFetched.name,
        actor=by.key,
        at__gt=at - ONE_READING,
    )
    told = JournalValues.objects.filter(
        chain=document.case_id,
        seq__in=entries.values("seq"),
        values__contains=str(document.id),
    )
    return told.exists()


def _read(version: DocumentVersion) -> ReadDocument:
    document, content = version.document, version.content
    return ReadDocument(
        id=document.id,
        case_id=document.case_id,
        kind=document.kind,
        title=document.title,
        direction=document.direction,
        filed_at=document.filed_at,
        filename=version.filename,
        media_type=content.media_type,
        size=content.size,
        sha256=content.sha256,
    )
