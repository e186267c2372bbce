"""A receipt proves itself: to whoever has the published keys and what was sent."""

import base64
import hashlib
import json

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import Client

from tests.api.calling import Json, Portal

pytestmark = pytest.mark.django_db


def unpacked(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def proven(signature: str) -> Json:
    """The payload, checked with nothing of ours: RFC 7515 by hand, RFC 8032 by the library."""
    header, payload, proof = signature.split(".")
    kid = json.loads(unpacked(header))["kid"]
    answer = Client().get("/.well-known/jwks.json")
    assert answer.headers["Content-Type"] == "application/jwk-set+json"
    (key,) = [key for key in answer.json()["keys"] if key["kid"] == kid]
    public = Ed25519PublicKey.from_public_bytes(unpacked(key["x"]))
    public.verify(unpacked(proof), f"{header}.{payload}".encode())
    found: Json = json.loads(unpacked(payload))
    return found


def test_a_receipt_says_under_its_signature_what_was_received(portal: Portal) -> None:
    sent = portal.application()
    receipt = portal.submit(sent, "key").json

    told = proven(receipt["signature"])

    same = ("service", "state", "case_reference", "file_reference", "received_at", "attachments")
    assert {name: told[name] for name in same} == {name: receipt[name] for name in same}
    assert told["sub"] == receipt["id"]
    assert told["source"] == portal.key
    assert told["sha256"] == hashlib.sha256(rfc8785.dumps(sent)).hexdigest()
    assert portal.submit(sent, "key").json["signature"] == receipt["signature"]


def test_what_is_kept_for_clarification_is_proven_as_well(portal: Portal) -> None:
    sent: Json = {"service": "no-such-service", "form": {}, "on_invalid": "clarify"}
    receipt = portal.submit(sent).json

    told = proven(receipt["signature"])

    assert told["state"] == "in_clarification"
    assert told["case_reference"] is None
    assert told["sha256"] == hashlib.sha256(rfc8785.dumps(sent)).hexdigest()


def test_the_pseudonym_counts_for_the_digest_and_is_in_no_receipt(portal: Portal) -> None:
    sent = portal.application()
    sent["parties"][0]["identity"]["bpk2"] = "a-pseudonym"
    receipt = portal.submit(sent).json

    assert proven(receipt["signature"])["sha256"] == hashlib.sha256(rfc8785.dumps(sent)).hexdigest()
    assert "a-pseudonym" not in json.dumps(receipt)
