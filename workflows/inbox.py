"""The clarification inbox: what could not be matched is kept, and a person decides what it is."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from efile import filing
from efile.kernel.actors import Actor
from efile.kernel.errors import Conflict, FieldError, NotFound
from efile.kernel.ids import uuid7
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.policy import MATRIX, Action
from workflows import facts
from workflows.models import InboxItem, Process, Submission


class ItemIsSettled(Conflict):
    """Somebody has settled this item already."""

    code = "inbox_item_is_settled"


@verb
def keep_submission(
    submission: Submission,
    *,
    scope: str,
    reason: str,
    errors: Sequence[FieldError],
    claimed: Sequence[tuple[Mapping[str, Any], filing.Claimed]],
    by: Actor,
    at: datetime,
) -> InboxItem:
    """Keep a submission with what is wrong with it; its uploads stay claimed for it."""
    submission.save(force_insert=True)
    item = InboxItem.objects.create(
        tenant_id=by.tenant_id,
        submission=submission,
        scope=scope,
        reason=reason,
        errors=[
            {"pointer": error.pointer, "rule": error.rule, "facts": dict(error.facts)}
            for error in errors
        ],
        content={"attachments": [_kept(named, upload) for named, upload in claimed]},
        arrived_at=at,
    )
    record(
        facts.KeptForClarification(
            case_id=None, facts={"submission": submission.id, "reason": reason}
        ),
        by=by,
        at=at,
    )
    return item


@verb
def keep_post(
    process: Process, body: Mapping[str, Any], *, by: Actor, at: datetime
) -> dict[str, Any]:
    """Post for a closed case: kept in the inbox, where reopening is proposed."""
    pointers = {
        UUID(one["upload"]): f"/attachments/{index}/upload"
        for index, one in enumerate(body["attachments"])
    }
    claimed = filing.claim_uploads(pointers, by=by)
    named = [(one, claimed[UUID(one["upload"])]) for one in body["attachments"]]
    item = InboxItem.objects.create(
        tenant_id=by.tenant_id,
        case_id=process.case_id,
        scope=process.scope,
        reason="closed_case",
        content={
            "text": body.get("text", ""),
            "form": body.get("form") or {},
            "attachments": [_kept(one, upload) for one, upload in named],
        },
        arrived_at=at,
    )
    record(
        facts.KeptForClarification(
            case_id=process.case_id, facts={"item": item.id, "reason": "closed_case"}
        ),
        by=by,
        at=at,
    )
    return {
        "id": str(item.id),
        "received_at": at.isoformat(),
        "state": "in_clarification",
    }


def to_clarify_by(actor: Actor) -> Q:
    """The WHERE of the items ``actor`` may see and settle.

    One whose service is known belongs to that service's scope, so that social data stays with
    the social office; one that belongs nowhere yet is everybody's who clarifies.
    """
    scopes = actor.scopes_of(MATRIX[Action.CLARIFY])
    return Q(tenant_id=actor.tenant_id, scope__any=["", *scopes] if scopes else [])


def locked_item(item_id: UUID, *, by: Actor) -> InboxItem:
    """The item, locked, if it is ``by``'s to clarify. Refuses: NotFound, ItemIsSettled."""
    item = (
        InboxItem.objects.select_for_update(of=("self",))
        .select_related("submission")
        .filter(to_clarify_by(by), id=item_id)
        .first()
    )
    if item is None:
        raise NotFound
    if item.settled_at is not None:
        raise ItemIsSettled
    return item


def settle(item: InboxItem, settlement: str, *, by: Actor, at: datetime) -> None:
    """Mark a locked item as settled, inside the verb that settles it."""
    item.settled_at, item.settled_by, item.settlement = at, by.key, settlement
    item.save(update_fields=["settled_at", "settled_by", "settlement"])
    record(
        facts.Clarified(case_id=None, facts={"item": item.id, "settlement": settlement}),
        by=by,
        at=at,
    )


def envelope_of(item: InboxItem) -> dict[str, Any]:
    """What was sent, as it was sent; {} for post that was no submission."""
    return dict(json.loads(item.submission.envelope)) if item.submission else {}


def attachments_of(item: InboxItem) -> list[filing.NewDocument]:
    """The kept attachments as documents to be filed, each for the first time."""
    return [
        filing.NewDocument(
            id=uuid7(),
            kind="proof" if one["proof"] else "attachment",
            title=one.get("title") or one["filename"],
            content_id=UUID(one["content"]),
            sha256=one["sha256"],
            filename=one["filename"],
            proof=one["proof"],
            is_public=True,
        )
        for one in item.content.get("attachments", [])
    ]


def _kept(named: Mapping[str, Any], upload: filing.Claimed) -> dict[str, Any]:
    titled = {"title": named["title"]} if named.get("title") else {}
    return titled | {
        "upload": str(upload.upload_id),
        "content": str(upload.content_id),
        "sha256": upload.sha256,
        "size": upload.size,
        "media_type": upload.media_type,
        "filename": upload.filename,
        "proof": named.get("proof") or "",
    }
