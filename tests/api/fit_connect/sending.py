"""What the tests hand in over FIT-Connect, and with which keys."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from api.fit_connect.application import schema_uri
from backoffice.demo.fit_connect_sender import File, Parcel
from efile.kernel.ids import uuid7
from tests import factories
from workflows.offers import current_offer

Json = dict[str, Any]

SERVICE = "resident-parking"
IDENTIFIER = "urn:de:fim:leika:leistung:99108001001000"
REGION = "DE051580020020"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def file(content: bytes = b"", filename: str = "Fahrzeugschein.pdf") -> File:
    """An attachment of its own."""
    return File(uuid7(), filename, content or PDF + uuid7().bytes)


def application(*proofs: File, **changes: Any) -> Json:
    """The data document of a sound application, ``proofs`` in the order of the example's."""
    example = current_offer(factories.city().pk, SERVICE).definition.as_json()["example"]
    named = [one["proof"] for one in example["attachments"]]
    return {
        "form": example["form"],
        "parties": example["parties"],
        "attachments": [
            {"attachment": str(one.id), "proof": proof}
            for one, proof in zip(proofs, named, strict=False)
        ],
    } | changes


def parcel(*files: File, **changes: Any) -> Parcel:
    """A sound submission, with a proof unless ``files`` are given."""
    enclosed = files or (file(),)
    sound: Json = {
        "data": application(*enclosed),
        "identifier": IDENTIFIER,
        "schema_uri": schema_uri(SERVICE),
        "files": enclosed,
        "region": REGION,
    }
    return Parcel(**(sound | changes))


def answered_over(channel: str | None, consent: bool | None) -> Callable[[Json], None]:
    """Metadata that choose a reply channel and say what the applicant consented to."""
    sender = the_keys()["sender"]
    key = {name: sender[name] for name in ("kty", "n", "e", "alg", "kid")}
    details: Json = {
        "fitConnect": {
            "processStandards": ["https://example.org/standard"],
            "encryptionPublicKey": key | {"key_ops": ["wrapKey"]},
        },
        "eMail": {"address": "jemand@example.org"},
        "idBundDeMailbox": {"mailboxUuid": "e0e02494-eca2-4a6b-9320-fc527747878c"},
    }

    def edit(metadata: Json) -> None:
        if channel:
            metadata["replyChannel"] = {channel: details[channel]}
        if consent is not None:
            metadata["additionalReferenceInfo"] = {"zustimmungZumDigitalenBescheid": consent}

    return edit


@cache
def the_keys() -> Json:
    """Keys that open and sign nothing anywhere else: making new ones takes seconds."""
    path = Path("tests/data/fit-connect/test_keys.json")
    found: Json = json.loads(path.read_text(encoding="utf-8"))
    return found
