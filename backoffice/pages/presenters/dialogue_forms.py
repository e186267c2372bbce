"""The forms of talking: asking the applicant, writing to them, leaving notes for colleagues."""

from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext

from backoffice.pages.presenters.desk import LONGEST_TEXT, Desk
from backoffice.pages.presenters.documents import document_title, media_text
from backoffice.pages.presenters.drafts import as_left
from backoffice.pages.presenters.text_blocks import block_rows
from backoffice.pages.presenters.values import language
from backoffice.pages.rows import ActionField, ActionRow, Option
from efile.policy import Action
from efile.sniffing import ACCEPTED
from workflows.enclosures import MOST, NEVER
from workflows.machine import Step
from workflows.questions import LONGEST_PERIOD

USUAL_PERIOD: Final = 14


def note_row(desk: Desk) -> ActionRow | None:
    """The form for a note; none on a closed file."""
    if desk.dossier.process.case.is_closed or not desk.may(Action.WRITE_NOTE):
        return None
    text = ActionField(
        name="text",
        label=gettext("Notiz"),
        kind="textarea",
        required=True,
        maximum=str(LONGEST_TEXT),
        hint=gettext("Nur für Kolleginnen und Kollegen sichtbar."),
    )
    row = ActionRow(
        key="note",
        label=gettext("Notiz schreiben"),
        url=desk.url("note"),
        shortcut="c",
        submit_label=gettext("Notiz speichern"),
        fields=(text,),
    )
    return as_left(desk, row)


def message_row(desk: Desk) -> ActionRow | None:
    """The form for a message to the applicant; none where nobody would read it."""
    process = desk.dossier.process
    silent = process.case.is_closed or process.submission is None or desk.dossier.held
    tongue = desk.dossier.application.language
    if silent or not desk.may(Action.REQUEST_PROOF):
        return None
    text = ActionField(
        name="text",
        label=gettext("Nachricht"),
        kind="textarea",
        required=True,
        maximum=str(LONGEST_TEXT),
        lang=tongue,
        hint=gettext("Die Person liest sie im Portal. Sie ändert den Stand nicht."),
        blocks=block_rows(desk, "message", tongue),
    )
    row = ActionRow(
        key="message",
        label=gettext("Nachricht schreiben"),
        url=desk.url("message"),
        shortcut="m",
        submit_label=gettext("Nachricht senden"),
        fields=(text, *_enclosures(desk)),
        version=desk.version,
    )
    return as_left(desk, row)


def _enclosures(desk: Desk) -> Iterator[ActionField]:
    """What may go along: documents of the case, files handed in already, and more files."""
    documents = tuple(
        Option(
            str(one.id),
            document_title(desk.dossier, one),
            hint=f"{media_text(one.media_type)}, {filesizeformat(one.size)}",
        )
        for one in desk.dossier.documents
        if one.kind != NEVER
    )
    if documents:
        yield ActionField(
            name="documents",
            label=gettext("Aus der Akte beifügen"),
            kind="checkboxes",
            options=documents,
            hint=gettext("Die Person kann sie dann im Portal abrufen."),
        )
    kept = tuple(
        Option(str(one.id), one.filename, selected=True, hint=filesizeformat(one.size))
        for one in desk.scans
    )
    if kept:
        label = gettext("Schon hochgeladen")
        yield ActionField(name="uploads", label=label, kind="checkboxes", options=kept)
    yield ActionField(
        name="files",
        label=gettext("Dateien hinzufügen"),
        kind="file",
        value=",".join(ACCEPTED),
        hint=gettext("Höchstens %(most)s Anlagen, jede bis %(size)s.")
        % {"most": MOST, "size": filesizeformat(settings.UPLOAD_MAX_BYTES)},
    )


def question_actions(desk: Desk) -> Iterator[ActionRow]:
    """Asking, taking a question back, and noting that a message was read."""
    if desk.can(Step.REQUEST_PROOF):
        yield _request_proof(desk)
    if desk.may_drop_questions():
        for task in desk.dossier.tasks:
            if task.question is not None and task.question.is_open:
                yield ActionRow(
                    key=f"drop-{task.question.id}",
                    label=gettext("Ohne Antwort weiter prüfen"),
                    url=desk.url("drop_question", task.question.id),
                    summary=gettext(
                        "Die Rückfrage wird zurückgenommen; das Portal zeigt sie nicht mehr."
                    ),
                )
    unread = [task for task in desk.dossier.tasks if task.kind == "review_answer"]
    if any(t.done_at is None and "message" in t.facts for t in unread) and desk.may(Action.EXAMINE):
        yield ActionRow(
            key="read", label=gettext("Nachricht gelesen"), url=desk.url("read"), shortcut="l"
        )


def _request_proof(desk: Desk) -> ActionRow:
    tongue = desk.dossier.application.language
    advice = desk.dossier.definition.guidance.steps.get(Step.REQUEST_PROOF.value)
    text = ActionField(
        name="text",
        label=gettext("Frage oder Bitte"),
        kind="textarea",
        maximum=str(LONGEST_TEXT),
        lang=tongue,
        hint=gettext("Zusätzlich oder statt der Häkchen. Die Person liest es, wie es hier steht."),
        blocks=block_rows(desk, "request_proof", tongue),
    )
    days = ActionField(
        name="days",
        label=gettext("Frist in Tagen"),
        kind="number",
        value=str(USUAL_PERIOD),
        required=True,
        minimum="1",
        maximum=str(LONGEST_PERIOD),
    )
    return ActionRow(
        key="request_proof",
        label=gettext("Unterlagen nachfordern oder fragen"),
        url=desk.url("request_proof"),
        shortcut="r",
        submit_label=gettext("Anfordern"),
        summary=advice.in_(language()) if advice else "",
        fields=(_kind(desk), *_missing_proofs(desk), text, days),
        version=desk.version,
    )


def _kind(desk: Desk) -> ActionField:
    """Which letter asks: social law knows a warning that refusing needs (§ 66 (3) SGB I)."""
    kinds = [
        Option("proof_request", gettext("Nachforderung"), selected=True),
        Option("hearing", gettext("Anhörung vor einer belastenden Entscheidung (§ 28 VwVfG NRW)")),
    ]
    if desk.dossier.definition.remedy.regime == "SGB_X":
        label = gettext("Hinweis auf die Folgen fehlender Mitwirkung (§ 66 Abs. 3 SGB I)")
        kinds[1] = Option("hearing", gettext("Anhörung (§ 24 SGB X)"))
        kinds.append(Option("warning", label))
    return ActionField(
        name="kind", label=gettext("Art"), kind="select", required=True, options=tuple(kinds)
    )


def _missing_proofs(desk: Desk) -> Iterator[ActionField]:
    """The proofs of the service to tick; no field where it knows none."""
    enclosed = {document.proof for document in desk.dossier.documents}
    wanted = {one.check.proof for one in desk.dossier.standings if one.outcome != "passed"}
    options = tuple(
        Option(
            proof.key,
            proof.title.in_(language()),
            selected=proof.key in wanted and proof.key not in enclosed,
            hint=gettext("liegt schon vor") if proof.key in enclosed else "",
        )
        for proof in desk.dossier.definition.proofs
    )
    if options:
        label = gettext("Was fehlt?")
        yield ActionField(name="proofs", label=label, kind="checkboxes", options=options)
