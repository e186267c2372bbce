"""Replies of senders: checked like a submission, then an answer to a question, or a message."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings

from api.fit_connect.application import proofs_in
from api.fit_connect.client import NotThere, Waiting
from api.fit_connect.filing import keep_attachment, keep_data_document
from api.fit_connect.metadata import Json, sound_json
from api.fit_connect.problems import faulty
from api.fit_connect.receiving import Received, Reception
from api.models.fit_connect import FitConnectReply, FitConnectSubmission
from api.schemas.parts import UUID as UUID_SCHEMA
from api.schemas.parts import Schema, closed, listed, text
from efile.kernel.actors import Actor
from efile.kernel.clock import now
from efile.kernel.errors import Invalid
from efile.sniffing import safe_filename
from workflows.catalogue.forms import FormValidator
from workflows.correspondence import write_to_office
from workflows.questions import QuestionNotOpen, answer
from workflows.repeat import KeyReused

log = structlog.get_logger()

# What a message says that came without a word.
_WITHOUT_WORDS: Final = "Antwort über FIT-Connect, siehe Anlagen."
_WITHHELD: Final = "Nicht angenommen, weil darin ein Schadprogramm gefunden wurde:"


def reply_schema_uri() -> str:
    """The name of the schema that replies to us follow."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/api/v1/fit-connect/reply/schema"


def reply_schema() -> Schema:
    """A reply: words, the question that they answer, data, and which attachment is which proof."""
    named = closed({"attachment": UUID_SCHEMA, "proof": text(60)}, ["attachment", "proof"])
    document = closed(
        {
            "text": text(20_000),
            "question": UUID_SCHEMA,
            "form": {"type": "object"},
            "attachments": listed(named, 20),
        }
    )
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, "$id": reply_schema_uri(), **document}


def see(reception: Reception, *, at: datetime) -> None:
    """Note the replies that wait; one to a procedure that is none of ours is left alone."""
    try:
        waiting = list(reception.service.waiting("replies"))
    except NotThere:
        return  # a delivery service without a way back
    of_ours = {
        row.case_id: row
        for row in FitConnectSubmission.objects.filter(
            tenant=reception.configuration.tenant,
            case_id__in=[one.case_id for one in waiting],
            submission__isnull=False,
        )
    }
    FitConnectReply.objects.bulk_create(
        [
            FitConnectReply(
                tenant=reception.configuration.tenant,
                submission=of_ours[one.case_id],
                reply_id=one.id,
                case_id=one.case_id,
                seen_at=at,
                due_at=at,
            )
            for one in waiting
            if one.case_id in of_ours
        ],
        ignore_conflicts=True,
    )


def put_on_file(
    row: FitConnectReply, received: Received, waiting: Waiting, *, by: Actor
) -> Mapping[str, Any]:
    """File the reply, once. Refuses: Faulty, what the verbs refuse (in clarification: later)."""
    said = _said(received)
    submission = row.submission.submission
    assert submission
    uploads, withheld = {}, []
    for one in received.files.listed:
        stored = received.files.fetched[one.id].stored
        try:
            uploads[one.id] = str(keep_attachment(stored, one, by=by))
        except Invalid:  # malware: what was written counts all the same
            withheld.append(safe_filename(one.filename))
    if said is None:
        uploads[waiting.id] = str(keep_data_document(received, by=by))
    if withheld:
        text = str((said or {}).get("text", ""))
        names = f"{_WITHHELD} {', '.join(withheld)}"
        said = {**(said or {}), "text": f"{text}\n\n{names}".strip()}
    try:
        _hand_in(submission, said or {}, uploads, str(waiting.id), by)
    except KeyReused:
        # Only its uploads are new: it was handed in before we could note it.
        log.info("fit_connect_reply_filed_before", id=str(waiting.id))
    return {}


def _hand_in(
    submission: UUID, said: Json, uploads: Mapping[UUID, str], key: str, by: Actor
) -> None:
    proofs = proofs_in(said)
    if question := said.get("question"):
        attachments = [
            {"upload": upload, **({"proof": proofs[one]} if one in proofs else {})}
            for one, upload in uploads.items()
        ]
        try:
            answer(
                submission,
                question=UUID(question),
                text=said.get("text", ""),
                form=said.get("form"),
                attachments=attachments,
                key=key,
                by=by,
                at=now(),
            )
        except (Invalid, QuestionNotOpen):
            # The question is none, or the proof is another: somebody reads what came instead.
            log.info("fit_connect_reply_answers_nothing", id=key)
        else:
            return
    write_to_office(
        submission,
        said.get("text", "").strip() or _WITHOUT_WORDS,
        attachments=[{"upload": upload} for upload in uploads.values()],
        key=key,
        by=by,
        at=now(),
    )


def _said(received: Received) -> Json | None:
    """What the reply says; None where it follows another schema and a person has to read it.

    Refuses: Faulty.
    """
    metadata = received.metadata
    if metadata.schema_uri != reply_schema_uri() or metadata.media_type != "application/json":
        return None
    found = sound_json(received.data, "data")
    if _shape().errors(found, ""):
        raise faulty("schema-violation", "data")
    return found


@cache
def _shape() -> FormValidator:
    return FormValidator(reply_schema())
