"""Sending over the delivery service: announce, put the files, finish; each step can be repeated."""

import hashlib
import json
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from api.fit_connect.client import NotThere, Unheard
from api.fit_connect.events import InvalidEvent
from api.fit_connect.jwe import sealed
from api.fit_connect.notices import Outgoing
from api.fit_connect.receiving import Reception
from api.models.fit_connect import FitConnectNotice
from efile.storage import default_store

_METADATA: Final = "https://schema.fitko.de/fit-connect/metadata/2.1.0/metadata.schema.json"
_LISTS: Final = {"reply": "replies", "submission": "submissions"}
_ID: Final = {"reply": "replyId", "submission": "submissionId"}


def deliver(
    notice: FitConnectNotice, outgoing: Outgoing, reception: Reception, *, at: datetime
) -> None:
    """Send ``outgoing``, once: what was finished before we died is only noted.

    Refuses: DeliveryServiceUnavailable, Unheard.
    """
    if notice.announced_as and _arrived(notice, outgoing, reception):
        _note_sent(notice, at)
        return
    if notice.announced_as is None:
        _announce(notice, outgoing, reception)
    assert notice.announced_as
    try:
        _put(notice.announced_as, outgoing, reception)
    except Unheard as refusal:
        if refusal.status != HTTPStatus.CONFLICT:
            raise
        # It was finished before: of a submission of ours there is no log to ask.
    except NotThere:  # half of it was left lying for a day, and cleared away
        _announce(notice, outgoing, reception)
        _put(notice.announced_as, outgoing, reception)
    _note_sent(notice, at)


def _announce(notice: FitConnectNotice, outgoing: Outgoing, reception: Reception) -> None:
    announced = [str(one.id) for one in outgoing.enclosed]
    body = {**outgoing.announcement, "announcedAttachments": announced}
    said = reception.service.announce(_LISTS[outgoing.what], body)
    notice.announced_as = UUID(said[_ID[outgoing.what]])
    notice.save(update_fields=["announced_as"])


def _put(key: UUID, outgoing: Outgoing, reception: Reception) -> None:
    listed = []
    for one in outgoing.enclosed:
        with default_store().open(one.sha256) as file:
            content = file.read()
        compact = sealed(content, outgoing.key, kid=outgoing.kid, media_type=one.media_type)
        reception.service.put_attachment(outgoing.what, key, one.id, compact)
        listed.append(
            {
                "attachmentId": str(one.id),
                "purpose": "attachment",
                "filename": one.filename,
                "mimeType": one.media_type,
                "hash": _hash(content),
            }
        )
    metadata = json.dumps(_metadata(outgoing, listed), ensure_ascii=False).encode()
    body = {
        name: sealed(content, outgoing.key, kid=outgoing.kid, media_type="application/json")
        for name, content in (("encryptedMetadata", metadata), ("encryptedData", outgoing.data))
    }
    reception.service.send(outgoing.what, key, body)


def _metadata(outgoing: Outgoing, listed: list[dict[str, Any]]) -> dict[str, Any]:
    product = {"name": "Laufmappe", "version": "1.0", "manufacturer": "Laufmappe"}
    return {
        "$schema": _METADATA,
        "author": {"name": "Laufmappe", "product": product},
        "contentStructure": {
            "data": {
                "hash": _hash(outgoing.data),
                "submissionSchema": {
                    "schemaUri": outgoing.schema_uri,
                    "mimeType": "application/json",
                },
            },
            "attachments": listed,
        },
        **(
            {"additionalReferenceInfo": {"senderReference": outgoing.reference}}
            if outgoing.reference
            else {}
        ),
    }


def _hash(content: bytes) -> dict[str, str]:
    return {"type": "sha512", "content": hashlib.sha512(content).hexdigest()}


def _arrived(notice: FitConnectNotice, outgoing: Outgoing, reception: Reception) -> bool:
    """Whether the log of our own procedure says that it was handed in already."""
    if outgoing.what != "reply":
        return False  # the log of a submission of ours is at a case that only its answer names
    try:
        log = reception.log_of(notice.submission.case_id)
    except (InvalidEvent, NotThere):
        return False
    return bool(log.of(f"reply:{notice.announced_as}", "submit"))


def _note_sent(notice: FitConnectNotice, at: datetime) -> None:
    notice.sent_at, notice.due_at, notice.failure = at, None, ""
    notice.save(update_fields=["sent_at", "due_at", "failure"])
