"""The metadata of a submission: read by the standard's own schema, taken from 1.3.0 on."""

import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from api.fit_connect.problems import faulty
from api.parsers import EnvelopeParser
from api.problems import Malformed, TooLarge
from workflows.catalogue.forms import FormValidator

_URI: Final = re.compile(
    r"https://schema\.fitko\.de/fit-connect/metadata/(\d+)\.(\d+)\.\d+/metadata\.schema\.json"
)
_OLDEST: Final = (1, 3)
_NEWEST_MAJOR: Final = 2
# FITKO's own text; of versions 1.x, whose other members differ, its heart is asked alone.
_SCHEMA: Final = Path(__file__).with_name("metadata-2.1.0.schema.json")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """An attachment as the metadata list it."""

    id: UUID
    purpose: str
    media_type: str
    sha512: str
    filename: str
    # A large one may be sent in pieces, each under an id of its own.
    fragments: Sequence[UUID]

    @property
    def parts(self) -> Sequence[UUID]:
        """What is sent of it: its pieces, or the whole."""
        return self.fragments or [self.id]

    @property
    def instance(self) -> str:
        """How a problem names it."""
        return f"attachment:{self.id}"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the sender says of the submission.

    ``reply_channel`` names its ``kind`` and what answering needs, {} where the answer goes by
    post. ``consent`` is the applicant's to an electronic decision; None: nobody asked.
    """

    schema_uri: str
    media_type: str
    sha512: str
    attachments: Sequence[Listed]
    service: str
    reply_channel: Json
    consent: bool | None
    status_monitor: UUID | None
    # What is kept with the application: sender, reference, date, payment.
    told: Json


def read_metadata(content: bytes) -> Metadata:
    """The metadata in ``content``. Refuses: Faulty."""
    found = sound_json(content, "metadata")
    _require_schema(found)
    structure = found["contentStructure"]
    data, info = structure["data"], found.get("additionalReferenceInfo") or {}
    schema = data["submissionSchema"]
    monitor = info.get("idBundDeApplicationId")
    return Metadata(
        schema_uri=str(schema["schemaUri"]),
        media_type=str(schema["mimeType"]),
        sha512=str(data["hash"]["content"]),
        attachments=[_listed(one) for one in structure["attachments"]],
        service=str((found.get("publicServiceType") or {}).get("identifier") or ""),
        reply_channel=_channel(found.get("replyChannel") or {}),
        consent=info.get("zustimmungZumDigitalenBescheid"),
        status_monitor=UUID(monitor) if monitor else None,
        told=_told(found, info),
    )


def sound_json(content: bytes, instance: str) -> Json:
    """The JSON object in ``content``, read as strictly as that of portals. Refuses: Faulty."""
    try:
        found = EnvelopeParser().parse(io.BytesIO(content)).value
    except Malformed:
        raise faulty("syntax-violation", instance) from None
    except TooLarge:
        raise faulty("technical-error", instance) from None
    if not isinstance(found, dict):
        raise faulty("schema-violation", instance)
    return found


def _require_schema(found: Json) -> None:
    uri = found.get("$schema")
    if not isinstance(uri, str):
        raise faulty("missing-schema")
    version = _URI.fullmatch(uri)
    if version is None or not _OLDEST <= (int(version[1]), int(version[2])) < (_NEWEST_MAJOR + 1,):
        raise faulty("unsupported-schema")
    if _validator(int(version[1])).errors(found, ""):
        raise faulty("schema-violation")


@cache
def _validator(major: int) -> FormValidator:
    schema = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    if major < _NEWEST_MAJOR:
        heart = {"contentStructure": schema["properties"]["contentStructure"]}
        schema |= {"properties": heart | {"additionalReferenceInfo": {"type": "object"}}}
    return FormValidator(schema)


def _listed(one: Mapping[str, Any]) -> Listed:
    return Listed(
        id=UUID(one["attachmentId"]),
        purpose=str(one["purpose"]),
        media_type=str(one["mimeType"]),
        sha512=str(one["hash"]["content"]),
        filename=str(one.get("filename") or ""),
        fragments=[UUID(fragment) for fragment in one.get("fragments") or []],
    )


def _channel(given: Mapping[str, Any]) -> Json:
    """The chosen channel, without the addresses of those that nothing is sent over."""
    for kind, details in given.items():
        if kind == "fitConnect":
            return {"kind": kind, "key": details["encryptionPublicKey"]}
        if kind == "idBundDeMailbox":
            return {"kind": kind, "mailbox": details["mailboxUuid"]}
        return {"kind": kind}
    return {}


def _told(found: Json, info: Mapping[str, Any]) -> Json:
    author, payment = found.get("author") or {}, found.get("paymentInformation") or {}
    told = {
        "sender": author.get("name"),
        "sender_reference": info.get("senderReference"),
        "application_date": info.get("applicationDate"),
        "payment": payment or None,
    }
    return {name: value for name, value in told.items() if value is not None}
