"""The documents of a case and what is said about it: files, questions, messages, notes."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.history import actor_text
from backoffice.pages.presenters.values import day_text, language
from backoffice.pages.rows import DocumentRow, NoteRow, QuestionRow, Tag
from workflows.clarifying import OpenItem
from workflows.dossier import Dossier, FiledDocument, Line

KINDS: Final[Mapping[str, Promise]] = {
    "proof": _("Nachweis"),
    "attachment": _("Anlage"),
    "decision": _("Bescheid"),
    "letter": _("Schreiben"),
    "receipt": _("Eingangsbestätigung"),
}
MEDIA: Final[Mapping[str, str]] = {
    "application/pdf": "PDF",
    "image/png": "PNG",
    "image/jpeg": "JPEG",
}
# What a browser shows without running anything of it; all else is downloaded.
SHOWN_INLINE: Final = frozenset(MEDIA)


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
            open_url=_address("inbox_attachment", one.media_type, item.id, one.number),
            download_url=reverse("inbox_attachment_download", args=[item.id, one.number]),
            sha256=one.sha256,
        )
        for one in item.attachments
    )


def question_rows(dossier: Dossier) -> tuple[QuestionRow, ...]:
    """Questions, answers and messages, latest first."""
    said = [_message(dossier, line) for line in dossier.lines if line.kind != "note"]
    said += [_question(dossier, task.question) for task in dossier.tasks if task.question]
    return tuple(sorted(said, key=lambda row: row.at, reverse=True))


def note_rows(dossier: Dossier) -> tuple[NoteRow, ...]:
    """What colleagues left for one another, latest first."""
    notes = [line for line in dossier.lines if line.kind == "note"]
    return tuple(NoteRow(line.author, line.at, line.text) for line in reversed(notes))


def media_text(media_type: str) -> str:
    """The name people give to a kind of file."""
    return MEDIA.get(media_type, media_type)


def _document(dossier: Dossier, one: FiledDocument, *, selected: bool) -> DocumentRow:
    proof = dossier.definition.proof(one.proof) if one.proof else None
    query = urlencode({"document": one.id})
    return DocumentRow(
        key=str(one.id),
        title=proof.title.in_(language()) if proof else one.title,
        kind=str(KINDS[one.kind]),
        media=media_text(one.media_type),
        size=one.size,
        filed_at=one.filed_at,
        open_url=_address("document", one.media_type, one.id),
        download_url=reverse("document_download", args=[one.id]),
        select_url=f"{reverse('case', args=[dossier.process.case_id])}?{query}",
        source=gettext("Antragstellende Person") if one.direction == "in" else gettext("von uns"),
        filename=one.filename,
        sha256=one.sha256,
        selected=selected,
    )


def _address(name: str, media_type: str, *key: Any) -> str:
    return reverse(name if media_type in SHOWN_INLINE else f"{name}_download", args=key)


def _message(dossier: Dossier, line: Line) -> QuestionRow:
    outgoing = line.kind == "out"
    return QuestionRow(
        heading=gettext("Nachricht ans Portal") if outgoing else gettext("Nachricht"),
        author=line.author if outgoing else gettext("Antragstellende Person"),
        at=line.at,
        text=line.text,
        outgoing=outgoing,
        lang=_tongue(dossier),
    )


def _question(dossier: Dossier, question: Any) -> QuestionRow:
    proofs = [dossier.definition.proof(key) for key in question.proofs]
    if question.answered_at:
        tag = Tag(gettext("beantwortet"), "success", "success")
    elif question.dropped_at:
        tag = Tag(gettext("zurückgenommen"))
    else:
        day = day_text(question.due_on)
        tag = Tag(gettext("offen bis %(day)s") % {"day": day}, "warning", "warning")
    return QuestionRow(
        heading=gettext("Rückfrage"),
        author=_asker(dossier, question),
        at=question.asked_at,
        text=question.text,
        outgoing=True,
        tag=tag,
        lang=_tongue(dossier),
        proofs=tuple(proof.title.in_(language()) for proof in proofs if proof),
    )


def _tongue(dossier: Dossier) -> str:
    """The language in which office and applicant write to each other, if it is not the reader's."""
    written = dossier.application.language
    return "" if written.split("-")[0] == language() else written


def _asker(dossier: Dossier, question: Any) -> str:
    """The name of whoever asked, which the journal has beside the entry."""
    names = {entry.actor: entry.actor_name for entry in dossier.history}
    return actor_text(question.asked_by, names.get(question.asked_by, ""))
