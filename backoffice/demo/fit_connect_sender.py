"""A simulated sender over FIT-Connect: describes, encrypts and hands in, like an online service."""

import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from joserfc import jwe
from joserfc.jwk import RSAKey

from backoffice.demo.fit_connect_service import DeliveryService, Held
from backoffice.demo.fit_connect_tokens import bare
from efile.kernel.ids import uuid7

Json = dict[str, Any]

METADATA: Final = "https://schema.fitko.de/fit-connect/metadata/2.1.0/metadata.schema.json"
_ALGORITHMS: Final = ["RSA-OAEP-256", "A256GCM", "DEF"]


@dataclass(frozen=True)
class File:
    """An attachment."""

    id: UUID
    filename: str
    content: bytes
    media_type: str = "application/pdf"


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What is handed in: ``data`` (an object, or bytes as they are) under ``schema_uri``.

    ``edit`` may change the metadata, ``plain`` replaces them; of the files in ``leave_out`` none
    is sent. A reply names the procedure (``case_id``) that it belongs to.
    """

    data: Any
    identifier: str = ""
    schema_uri: str = ""
    files: Sequence[File] = ()
    edit: Callable[[Json], object] = lambda _: None
    plain: bytes | None = None
    kid: str = ""
    deflate: bool = False
    leave_out: Collection[UUID] = ()
    region: str = ""
    media_type: str = "application/json"
    case_id: UUID | None = None


def hand_in(parcel: Parcel, service: DeliveryService) -> Held:
    """Announce, put the files, finish: a submission, or a reply to an earlier one."""
    data = parcel.data
    content = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode()
    metadata = described(content, parcel)
    parcel.edit(metadata)
    plain = parcel.plain or json.dumps(metadata, ensure_ascii=False).encode()
    held = service.announce(
        "reply" if parcel.case_id else "submission",
        parcel.case_id or uuid7(),
        [str(one.id) for one in parcel.files],
        {"name": "Eine Leistung", "identifier": parcel.identifier},
    )
    held.region = parcel.region
    kid = parcel.kid or service.encryption_kid
    key = RSAKey.import_key(bare(service.keys[kid]))
    for one in parcel.files:
        if one.id not in parcel.leave_out:
            held.attachments[str(one.id)] = encrypted(one.content, key, kid, parcel.deflate)
    held.sent = {
        "encryptedMetadata": encrypted(plain, key, kid, parcel.deflate),
        "encryptedData": encrypted(content, key, kid, parcel.deflate),
    }
    service.finish(held)
    return held


def encrypted(content: bytes, key: RSAKey, kid: str, deflate: bool = False) -> str:
    """``content`` as the standard prescribes it."""
    header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": kid, "cty": "application/json"}
    more = {"zip": "DEF"} if deflate else {}
    return jwe.encrypt_compact(header | more, content, key, algorithms=_ALGORITHMS)


def described(content: bytes, parcel: Parcel) -> Json:
    """The metadata, as a decent sender writes them."""
    product = {"name": "demo", "version": "1.0", "manufacturer": "demo"}
    return {
        "$schema": METADATA,
        "author": {"name": "Demo-Portal", "product": product},
        "contentStructure": {
            "data": {
                "hash": _sha512(content),
                "submissionSchema": {
                    "schemaUri": parcel.schema_uri,
                    "mimeType": parcel.media_type,
                },
            },
            "attachments": [
                {
                    "attachmentId": str(one.id),
                    "purpose": "attachment",
                    "filename": one.filename,
                    "mimeType": one.media_type,
                    "hash": _sha512(one.content),
                }
                for one in parcel.files
            ],
        },
    }


def _sha512(content: bytes) -> Json:
    return {"type": "sha512", "content": hashlib.sha512(content).hexdigest()}
