"""Reading documents: who may, and for which cases it is remembered who did."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from efile import facts
from efile.kernel.actors import Actor
from efile.kernel.errors import NotFound
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.models import AccessClass, DocumentVersion
from efile.policy import visible_to


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document in its latest version, to be read from the store by its hash."""

    id: UUID
    case_id: UUID
    title: str
    filename: str
    media_type: str
    size: int
    sha256: str


@verb
def read_document(document_id: UUID, *, by: Actor, at: datetime) -> ReadDocument:
    """The document, if ``by`` sees its case.

    Whoever reads one of a protected access class is named in the case's journal, as the
    secrecy of social and tax data demands (§ 35 SGB I, § 30 AO). Refuses: NotFound.
    """
    version = (
        DocumentVersion.objects.select_related("document__case", "content")
        .filter(visible_to(by, "document__case__"), document_id=document_id)
        .order_by("-number")
        .first()
    )
    if version is None:
        raise NotFound
    document, content = version.document, version.content
    if document.case.access_class != AccessClass.GENERAL:
        record(
            facts.DocumentFetched(case_id=document.case_id, facts={"document": document.id}),
            by=by,
            at=at,
        )
    return ReadDocument(
        id=document.id,
        case_id=document.case_id,
        title=document.title,
        filename=version.filename,
        media_type=content.media_type,
        size=content.size,
        sha256=content.sha256,
    )
