"""The documents of a case, and where they bear out what the checks went by."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.holds import explained, short_mark_on
from backoffice.pages.presenters.values import language
from backoffice.pages.rows import DocumentRow, EvidenceRow
from efile.viewing.pages import kept, known_text
from search.passages import Needle, folded
from workflows.clarifying import OpenItem
from workflows.dossier import Dossier, FiledDocument
from workflows.evidence import sought

KINDS: Final[Mapping[str, Promise]] = {
    "proof": _("Nachweis"),
    "attachment": _("Anlage"),
    "decision": _("Bescheid"),
    "letter": _("Schreiben"),
    "permit": _("Ausweis"),
    "receipt": _("Eingangsbestätigung"),
}
MEDIA: Final[Mapping[str, str]] = {
    "application/pdf": "PDF",
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/tiff": "TIFF",
    "image/webp": "WebP",
    "text/plain": "Text",
    "text/csv": "CSV",
    "application/json": "JSON",
    "application/xml": "XML",
}
# What a browser shows without running anything of it; all else is downloaded.
SHOWN_INLINE: Final = frozenset({"application/pdf", "image/png", "image/jpeg"})
# So many pages are looked through for evidence: a page must not wait for a thick file.
_LOOKED_THROUGH: Final = 60


def document_rows(dossier: Dossier, selected: UUID | None) -> tuple[DocumentRow, ...]:
    """The documents in the order of filing; the first is selected unless another one is."""
    known = {document.id for document in dossier.documents}
    if selected not in known:
        selected = dossier.documents[0].id if dossier.documents else None
    return tuple(_document(dossier, one, selected=one.id == selected) for one in dossier.documents)


def attachment_rows(item: OpenItem) -> tuple[DocumentRow, ...]:
    """The files of an inbox item; they are on no case yet."""
    return tuple(
        DocumentRow(
            key=str(one.number),
            title=one.filename,
            kind=str(KINDS["proof" if one.proof else "attachment"]),
            media=media_text(one.media_type),
            size=one.size,
            filed_at=item.arrived_at,
            view_url=(view := reverse("inbox_attachment_view", args=[item.id, one.number])),
            open_url=_address("inbox_attachment", one.media_type, item.id, one.number),
            download_url=reverse("inbox_attachment_download", args=[item.id, one.number]),
            select_url=view,
            sha256=one.sha256,
            tag=short_mark_on(one.hold, one.flaw),
            hold=explained(one.hold),
            selected=position == 0,
        )
        for position, one in enumerate(item.attachments)
    )


def evidence_of(dossier: Dossier) -> Mapping[str, EvidenceRow]:
    """By key of a check (and ``workflows.evidence.APPLICANT``) the page that says most about it.

    Looks at text that was read before (a job does that when documents come); opens no file.
    """
    pages = list(islice(_known_pages(dossier), _LOOKED_THROUGH))
    found: dict[str, EvidenceRow] = {}
    for key, values in sought(dossier.application).items():
        needles = [Needle(value, whole=True) for value in values]
        said = [sum(needle.is_in(text) for needle in needles) for _, _, text in pages]
        if any(said):
            document_id, number, _ = pages[said.index(max(said))]
            url = f"{reverse('document_view', args=[document_id])}?{urlencode({'mark': key})}"
            found[key] = EvidenceRow(str(document_id), number, url, f"mark-{key}-1")
    return found


def _known_pages(dossier: Dossier) -> Iterator[tuple[UUID, int, str]]:
    for document in dossier.documents:
        # What the office wrote itself is no evidence.
        if document.direction == "in" and document.hold is None:
            for number, text in enumerate(known_text(kept(document.sha256)) or (), start=1):
                yield document.id, number, folded(text)


def media_text(media_type: str) -> str:
    """The name people give to a kind of file."""
    return MEDIA.get(media_type, media_type)


def document_title(dossier: Dossier, one: FiledDocument) -> str:
    """What a document is called: a proof by its name in the service, in the reader's language."""
    proof = dossier.definition.proof(one.proof) if one.proof else None
    return proof.title.in_(language()) if proof else one.title


def _document(dossier: Dossier, one: FiledDocument, *, selected: bool) -> DocumentRow:
    query = urlencode({"document": one.id})
    return DocumentRow(
        key=str(one.id),
        title=document_title(dossier, one),
        kind=str(KINDS[one.kind]),
        media=media_text(one.media_type),
        size=one.size,
        filed_at=one.filed_at,
        view_url=reverse("document_view", args=[one.id]),
        open_url=_address("document", one.media_type, one.id),
        download_url=reverse("document_download", args=[one.id]),
        select_url=f"{reverse('case', args=[dossier.process.case_id])}?{query}",
        source=gettext("Antragstellende Person") if one.direction == "in" else gettext("von uns"),
        filename=one.filename,
        sha256=one.sha256,
        tag=short_mark_on(one.hold, one.flaw),
        hold=explained(one.hold),
        selected=selected,
    )


def _address(name: str, media_type: str, *key: Any) -> str:
    return reverse(name if media_type in SHOWN_INLINE else f"{name}_download", args=key)
