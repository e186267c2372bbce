"""Asking the applicant, and what happens when the answer comes."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from efile import filing
from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict, FieldError, Invalid
from efile.kernel.ids import uuid7
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from workflows import facts
from workflows.case_deadlines import ask_until, end_with, resume
from workflows.catalogue.definition import Definition
from workflows.deadlines.law import DEFAULT_LAW
from workflows.deadlines.periods import Period, Unit
from workflows.deadlines.procedure import period_set_by_authority
from workflows.inbox import keep_post
from workflows.machine import Step, drop_questions, fire, locked_submission
from workflows.models import Process, Question, State, Task
from workflows.offers import definition_of
from workflows.outgoing import AskingLetter, write_asking
from workflows.repeat import fingerprint, once
from workflows.replies import owe_reply, rank, reply_given

LONGEST_PERIOD = 90


class QuestionNotOpen(Conflict):
    """The question was answered already, or nobody waits for the answer any more."""

    code = "question_not_open"


@verb
def ask_applicant(
    case_id: UUID,
    *,
    text: str,
    proofs: Sequence[str],
    days: int,
    by: Actor,
    at: datetime,
    revision: int | None = None,
    kind: AskingLetter = "proof_request",
) -> Question:
    """Ask for ``proofs`` of the definition and whatever ``text`` says, within ``days`` days.

    Opens a question at the portal and a task that its answer closes; until then the case waits.
    Who did not consent to the portal gets a letter of ``kind``; a hearing and a warning are
    written in any case. Refuses: what ``fire`` refuses, Invalid (nothing asked, unknown proof,
    days out of range, a warning where no social law asks for it).
    """
    process = fire(case_id, Step.REQUEST_PROOF, by=by, at=at, revision=revision)
    definition = definition_of(process.version)
    _require_sound(definition, text, proofs, days, kind)
    asked_on = local_date(at)
    reckoning = period_set_by_authority(asked_on, Period(days, Unit.DAYS), law=DEFAULT_LAW)
    question = Question.objects.create(
        tenant_id=by.tenant_id,
        case_id=case_id,
        text=text.strip(),
        proofs=list(proofs),
        asked_at=at,
        asked_by=by.key,
        due_on=reckoning.day("end"),
    )
    Task.objects.create(
        tenant_id=by.tenant_id,
        case_id=case_id,
        kind="await_answer",
        question=question,
        opened_at=at,
    )
    ask_until(process, asked_on, reckoning, by=by, at=at)
    reply_given(process, at=at)
    record(
        facts.QuestionAsked(
            case_id=case_id,
            changes={f"question.{question.id}": (None, filing.text_digest(question.text))},
            facts={"proofs": list(proofs), "due_on": question.due_on},
        ),
        by=by,
        at=at,
    )
    write_asking(process, question, kind, by=by, at=at)
    return question


def answer(
    submission_id: UUID,
    *,
    question: UUID,
    text: str,
    form: Mapping[str, Any] | None,
    attachments: Sequence[Mapping[str, Any]],
    key: str | None,
    by: Actor,
    at: datetime,
) -> tuple[str, bool]:
    """The applicant's answer to ``question``; returns (JSON of the acknowledgement, replayed).

    Satisfies the request and moves the case on; post for a closed case goes to the inbox.
    Refuses: NotFound, InClarification, QuestionNotOpen, Invalid (uploads, nothing said), KeyReused.
    """
    body = {
        "question": str(question),
        "text": text,
        "form": dict(form or {}),
        "attachments": list(attachments),
    }
    digest = fingerprint(f"answer:{submission_id}", body)
    return once(
        key,
        digest,
        by=by,
        act=lambda: json.dumps(_take_answer(submission_id, question, body, by, at)),
    )


@verb
def _take_answer(
    submission_id: UUID, question_id: UUID, body: Mapping[str, Any], by: Actor, at: datetime
) -> dict[str, Any]:
    process = locked_submission(submission_id, by=by)
    question = Question.objects.filter(case_id=process.case_id, id=question_id).first()
    if question is None:
        raise Invalid([FieldError("/question", "unknown_question")])
    if not body["text"].strip() and not body["attachments"] and not body["form"]:
        raise Invalid([FieldError("/text", "required")])
    if process.state == State.CLOSED:
        return keep_post(process, body, by=by, at=at)
    if not question.is_open:
        raise QuestionNotOpen
    filed = file_attachments(process, body["attachments"], by=by, at=at)
    if body["text"].strip():
        text = body["text"]
        filing.write_message(process.case_id, text, direction="in", attachments=filed, by=by, at=at)
    question.answered_at, question.answer = at, dict(body)
    question.save(update_fields=["answered_at", "answer"])
    Task.objects.filter(question_id=question.id, done_at__isnull=True).update(
        done_at=at, done_by=by.key
    )
    record(
        facts.QuestionAnswered(case_id=process.case_id, facts={"question": question.id}),
        by=by,
        at=at,
    )
    _move_on(process, by, at)
    return {
        "id": str(uuid7()),
        "question": str(question.id),
        "received_at": at.isoformat(),
        "state": "accepted",
    }


def _move_on(process: Process, by: Actor, at: datetime) -> None:
    """With the last open question answered the case is ours again, and someone must look."""
    Task.objects.create(
        tenant_id=by.tenant_id, case_id=process.case_id, kind="review_answer", opened_at=at
    )
    if not _open_questions(process.case_id).exists() and process.state == State.WAITING:
        end_with("answered", process.case_id, at=at)
        process = fire(process.case_id, Step.RECEIVE_ANSWER, by=by, at=at)
        resume(process, by=by, at=at)
        rank(process)
    owe_reply(process, at=at)


@verb
def drop_question(case_id: UUID, question_id: UUID, *, by: Actor, at: datetime) -> None:
    """The answer is no longer needed: the case goes on without it and any other it waits for.

    Refuses: what ``fire`` refuses, QuestionNotOpen.
    """
    process = fire(case_id, Step.RECEIVE_ANSWER, by=by, at=at, told={"dropped": question_id})
    if not _open_questions(case_id).filter(id=question_id).exists():
        raise QuestionNotOpen
    drop_questions(case_id, by=by, at=at)
    end_with("answered", case_id, at=at, because="overtaken")
    resume(process, by=by, at=at)
    rank(process)


def file_attachments(
    process: Process, attachments: Sequence[Mapping[str, Any]], *, by: Actor, at: datetime
) -> list[UUID]:
    """Put what the applicant sent along on the case, inside a verb; the documents' ids.

    Refuses: Invalid (uploads, proofs).
    """
    definition = definition_of(process.version)
    pointers = {
        UUID(one["upload"]): f"/attachments/{index}/upload" for index, one in enumerate(attachments)
    }
    claimed = filing.claim_uploads(pointers, by=by)
    documents = documents_from(definition, attachments, claimed)
    filing.file_documents(process.case_id, documents, by=by, at=at)
    return [one.id for one in documents]


def documents_from(
    definition: Definition,
    attachments: Sequence[Mapping[str, Any]],
    claimed: Mapping[UUID, filing.Claimed],
) -> list[filing.NewDocument]:
    """The documents that ``attachments`` become, checked against what the proof allows.

    Refuses: Invalid (``proof_unknown``, ``media_type``, ``max_bytes``) naming each attachment.
    """
    faults: list[FieldError] = []
    documents = []
    for index, one in enumerate(attachments):
        upload = claimed[UUID(one["upload"])]
        key = one.get("proof") or ""
        proof = definition.proof(key) if key else None
        here = f"/attachments/{index}"
        if key and proof is None:
            known = [each.key for each in definition.proofs]
            faults.append(FieldError(f"{here}/proof", "proof_unknown", {"allowed": known}))
        elif proof and upload.media_type not in proof.media_types:
            allowed = list(proof.media_types)
            faults.append(FieldError(f"{here}/upload", "media_type", {"allowed": allowed}))
        elif proof and upload.size > proof.max_bytes:
            faults.append(FieldError(f"{here}/upload", "max_bytes", {"limit": proof.max_bytes}))
        documents.append(
            filing.NewDocument(
                id=uuid7(),
                kind="proof" if proof else "attachment",
                title=proof.title.in_("de") if proof else one.get("title") or upload.filename,
                content_id=upload.content_id,
                sha256=upload.sha256,
                filename=upload.filename,
                proof=key,
                is_public=True,
            )
        )
    if faults:
        raise Invalid(faults)
    return documents


def _require_sound(
    definition: Definition, text: str, proofs: Sequence[str], days: int, kind: AskingLetter
) -> None:
    faults = []
    # § 66 (3) SGB I; other procedures know no refusal for not cooperating.
    kinds = ["proof_request", "hearing"]
    if definition.remedy.regime == "SGB_X":
        kinds.append("warning")
    if kind not in kinds:
        faults.append(FieldError("/kind", "enum", {"allowed": kinds}))
    if not text.strip() and not proofs:
        faults.append(FieldError("/text", "required"))
    known = [proof.key for proof in definition.proofs]
    if any(proof not in known for proof in proofs):
        faults.append(FieldError("/proofs", "proof_unknown", {"allowed": known}))
    if not 1 <= days <= LONGEST_PERIOD:
        faults.append(
            FieldError("/days", "out_of_range", {"minimum": 1, "maximum": LONGEST_PERIOD})
        )
    if faults:
        raise Invalid(faults)


def _open_questions(case_id: UUID) -> QuerySet[Question]:
    return Question.objects.filter(
        case_id=case_id, answered_at__isnull=True, dropped_at__isnull=True
    )
