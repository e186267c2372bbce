"""What is said on a case: the thread with the applicant, and the notes of colleagues."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from backoffice.pages.presenters.documents import document_title
from backoffice.pages.presenters.form_words import label_at
from backoffice.pages.presenters.history import actor_text
from backoffice.pages.presenters.values import day_text, language, plain_text
from backoffice.pages.rows import FieldRow, Link, MessageRow, NoteRow, Tag, Thread
from workflows.dossier import Dossier, FiledDocument, Line

# So many stand open; what was said before is folded.
SHOWN: Final = 4


def thread(dossier: Dossier) -> Thread | None:
    """Questions, answers and messages in the order in which they were said; None: nothing was."""
    questions = [task.question for task in dossier.tasks if task.question]
    answers = [one for one in questions if one.answered_at]
    # An answer's text is kept as a message, too: it is shown once, with what came along.
    told = {(one.answered_at, (one.answer or {}).get("text", "")) for one in answers}
    said = [
        _message(dossier, line)
        for line in dossier.lines
        if line.kind == "out" or (line.kind == "in" and (line.at, line.text) not in told)
    ]
    said += [_question(dossier, task) for task in dossier.tasks if task.question]
    said += [_answer(dossier, one) for one in answers]
    if not said:
        return None
    said.sort(key=lambda row: (row.at, not row.outgoing))
    return Thread(tuple(said[:-SHOWN]), tuple(said[-SHOWN:]))


def note_rows(dossier: Dossier) -> tuple[NoteRow, ...]:
    """What colleagues left for one another, latest first."""
    notes = [line for line in dossier.lines if line.kind == "note"]
    return tuple(NoteRow(line.author, line.at, line.text) for line in reversed(notes))


def _message(dossier: Dossier, line: Line) -> MessageRow:
    outgoing = line.kind == "out"
    return MessageRow(
        heading=gettext("Nachricht ans Portal") if outgoing else gettext("Nachricht"),
        author=line.author if outgoing else _applicant(),
        at=line.at,
        text=line.text,
        outgoing=outgoing,
        tag=None if outgoing else _unanswered(dossier, line),
        read=_read(line),
        lang=_tongue(dossier),
        attachments=tuple(_carried(dossier, line)),
    )


def _unanswered(dossier: Dossier, line: Line) -> Tag | None:
    """A message that nobody has read asks for a reply, by a day where one is owed."""
    if line.read_at:
        return None
    owed = next((one for one in dossier.deadlines if one.key == "reply" and one.is_running), None)
    if owed is None:
        return Tag(gettext("ungelesen"), "info")
    by_day = gettext("unbeantwortet, Antwort bis %(day)s") % {"day": day_text(owed.ends_on)}
    return Tag(by_day, "warning", "warning")


def _read(line: Line) -> str:
    """When the other side read it; of ours, who did."""
    if line.read_at is None:
        return gettext("noch nicht gelesen") if line.kind == "out" else ""
    facts = {"at": f"{localtime(line.read_at):%d.%m.%Y %H:%M}", "name": line.reader}
    if line.reader:
        return gettext("gelesen von %(name)s, %(at)s") % facts
    return gettext("gelesen am %(at)s") % facts


def _question(dossier: Dossier, task: Any) -> MessageRow:
    question = task.question
    proofs = [dossier.definition.proof(key) for key in question.proofs]
    if question.answered_at:
        tag = Tag(gettext("beantwortet"), "success", "success")
    elif question.dropped_at:
        tag = Tag(gettext("zurückgenommen"))
    else:
        day = day_text(question.due_on)
        tag = Tag(gettext("offen bis %(day)s") % {"day": day}, "warning", "warning")
    return MessageRow(
        heading=gettext("Rückfrage"),
        author=actor_text(question.asked_by, task.asker or ""),
        at=question.asked_at,
        text=question.text,
        outgoing=True,
        tag=tag,
        lang=_tongue(dossier),
        proofs=tuple(proof.title.in_(language()) for proof in proofs if proof),
    )


def _answer(dossier: Dossier, question: Any) -> MessageRow:
    said = question.answer
    return MessageRow(
        heading=gettext("Antwort auf die Rückfrage"),
        author=_applicant(),
        at=question.answered_at,
        text=said.get("text", ""),
        outgoing=False,
        lang=_tongue(dossier),
        facts=tuple(_facts(dossier, said.get("form") or {})),
        attachments=tuple(_attachments(dossier, question)) if said.get("attachments") else (),
    )


def _facts(dossier: Dossier, form: Mapping[str, Any]) -> Iterator[FieldRow]:
    """What the applicant filled in anew; it stands here until somebody puts it into the data."""
    for name, value in form.items():
        label = label_at(dossier.definition.form, f"/{name}") or name
        yield FieldRow(label=label, value=plain_text(value))


def _attachments(dossier: Dossier, question: Any) -> Iterator[Link]:
    """The documents that were filed with the answer."""
    for one in dossier.documents:
        if one.direction == "in" and one.filed_at == question.answered_at:
            yield _shown(dossier, one)


def _carried(dossier: Dossier, line: Line) -> Iterator[Link]:
    """The documents that a message carries, in the order of reading."""
    known = {one.id: one for one in dossier.documents}
    return (_shown(dossier, known[document]) for document in line.documents if document in known)


def _shown(dossier: Dossier, document: FiledDocument) -> Link:
    """To the document in the viewer beside the case."""
    case = reverse("case", args=[dossier.process.case_id])
    return Link(document_title(dossier, document), f"{case}?document={document.id}#documents")


def _applicant() -> str:
    return gettext("Antragstellende Person")


def _tongue(dossier: Dossier) -> str:
    """The language in which office and applicant write to each other, if it is not the reader's."""
    written = dossier.application.language
    return "" if written.split("-")[0] == language() else written
