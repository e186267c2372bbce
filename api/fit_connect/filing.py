"""A received submission as an envelope of ours, and its bytes as uploads: filed like any other."""

import json
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from api.fit_connect.application import proofs_in, read_application, schema_uri
from api.fit_connect.client import Waiting
from api.fit_connect.metadata import Listed
from api.fit_connect.receiving import Received
from efile.filing import receive_upload
from efile.kernel.actors import Actor
from efile.kernel.clock import now, real_now
from efile.kernel.errors import Invalid
from efile.sniffing import ACCEPTED, require_allowed, safe_filename, sniff
from efile.storage import Stored, default_store
from workflows.envelope import Envelope
from workflows.intake import accept
from workflows.repeat import fingerprint

Json = dict[str, Any]

CHANNEL: Final = "fit_connect"
_EXTENSIONS: Final = {"application/json": "json", "application/xml": "xml"}


def put_on_file(received: Received, waiting: Waiting, *, by: Actor, reaches: bool) -> UUID:
    """File the submission and return ours; done again it is the same one, whatever came between.

    ``reaches``: what is decided can be delivered over the reply channel that was chosen.
    Refuses: Faulty (the data document is none).
    """
    document = _document(received)
    proofs = proofs_in(document) if document else {}
    attachments, withheld = [], []
    if document is None:
        attachments.append({"upload": str(keep_data_document(received, by=by))})
    for one in received.files.listed:
        try:
            upload = keep_attachment(received.files.fetched[one.id].stored, one, by=by)
        except Invalid:  # malware, known from an earlier scan of these very bytes
            withheld.append(safe_filename(one.filename))
            continue
        proof = {"proof": proofs[one.id]} if one.id in proofs else {}
        attachments.append({"upload": str(upload), **proof})
    data = _data(received, waiting, document, reaches=reaches) | {"attachments": attachments}
    if withheld:
        data[CHANNEL]["withheld"] = withheld
    envelope = Envelope(
        text=json.dumps(data, ensure_ascii=False),
        data=data,
        channel=CHANNEL,
        # Not when we fetched it: a submission is received as soon as it lies where only we can
        # take it from (§ 3a VwVfG, § 130 BGB), also at night and while our worker is down. That
        # moment the delivery service signs with the event submit-submission. The sender's
        # applicationDate is what the applicant says, and proves no receipt.
        stamped_at=min(received.at, now()),
        same=fingerprint(CHANNEL, str(waiting.id)),
    )
    receipt, _ = accept(envelope, key=str(waiting.id), by=by, at=now())
    return UUID(json.loads(receipt)["id"])


def _document(received: Received) -> Json | None:
    """The application in the data document; None where a person has to read it.

    Refuses: Faulty.
    """
    service = received.offer.definition.key if received.offer else None
    is_ours = service and received.metadata.schema_uri == schema_uri(service)
    is_readable = (
        received.metadata.media_type == "application/json"
        and len(received.data) <= settings.ENVELOPE_MAX_BYTES
    )
    return read_application(received.data) if is_ours and is_readable else None


def _data(received: Received, waiting: Waiting, document: Json | None, *, reaches: bool) -> Json:
    metadata, offer = received.metadata, received.offer
    # A form says nothing of the kind, so this is never taken for a sound one: it goes to whoever
    # clears up for the service, with the data document as it was sent.
    unread = {"form": {"data_document": metadata.schema_uri}, "parties": []}
    application = {"parties": [], **document} if document else unread
    return {
        "language": "de",
        **application,
        "service": offer.definition.key if offer else received.identifier[:200] or "unknown",
        "consents": {"electronic_delivery": reaches and metadata.consent is True},
        "reply_channel": {"kind": metadata.reply_channel.get("kind", "post")},
        # Nobody sits at the other end any more who could correct it (§ 24 (3) VwVfG).
        "on_invalid": "clarify",
        CHANNEL: {
            "submission": str(waiting.id),
            "case": str(waiting.case_id),
            "submitted_at": received.at.isoformat(),
            "service": received.identifier,
            "data": {"schema": metadata.schema_uri, "sha512": metadata.sha512},
            **metadata.told,
        },
    }


def keep_data_document(received: Received, *, by: Actor) -> UUID:
    """The data document itself, to be read by a person."""
    media_type = received.metadata.media_type
    stored = default_store().write([received.data], max_bytes=len(received.data))
    name = f"Fachdaten.{_EXTENSIONS.get(media_type, 'txt')}"
    return receive_upload(stored, media_type=media_type, filename=name, by=by, at=real_now()).id


def keep_attachment(stored: Stored, listed: Listed, *, by: Actor) -> UUID:
    """An attachment as an upload. Whatever it is, it was sent and is kept; it is scanned later.

    Refuses: Invalid (malware).
    """
    sniffed = sniff(stored.head, stored.size)
    try:
        media_type = require_allowed(sniffed, listed.media_type, ACCEPTED, "")
    except Invalid:
        media_type = sniffed
    name = safe_filename(listed.filename)
    return receive_upload(stored, media_type=media_type, filename=name, by=by, at=real_now()).id
