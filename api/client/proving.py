"""What makes receipts and callbacks believable: signatures, checked by what was published."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import product
from typing import Any, Final

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from api.client.shapes import Receipt

# How old a callback may be; an older one may be somebody's recording of it.
FRESH: Final = timedelta(minutes=5)

_PROVEN: Final = ("state", "service", "case_reference", "file_reference", "received_at")


class NotGenuine(Exception):
    """A signature is not the city's, or it is over something else."""


def check_receipt(receipt: Receipt, sent: Mapping[str, Any], jwks: Mapping[str, Any]) -> None:
    """Hold ``receipt`` against its signature, what was ``sent`` and the city's keys.

    The signature is a compact JWS (RFC 7515) by Ed25519. Raises NotGenuine.
    """
    told = _payload(receipt["signature"], jwks["keys"])
    if told["sub"] != receipt["id"] or any(told[name] != receipt.get(name) for name in _PROVEN):
        raise NotGenuine("the signature is over another receipt")
    if told["attachments"] != receipt["attachments"]:
        raise NotGenuine("the signature is over other files")
    if told["sha256"] != hashlib.sha256(rfc8785.dumps(dict(sent))).hexdigest():
        raise NotGenuine("the receipt is for another application")


def check_callback(
    headers: Mapping[str, str], body: bytes, secrets: Iterable[str], *, at: datetime
) -> None:
    """Hold a callback against its headers: hex HMAC-SHA-512 over ``<timestamp>.<body>``.

    ``headers`` with names in lower case; ``secrets`` are those in force. While the city's secret
    is being changed, the old one signs in a header of its own: who knows either believes. Raises
    NotGenuine, also for what is older than five minutes (``at``: the true time).
    """
    stamp = headers.get("callback-timestamp", "")
    given = [headers.get(f"callback-authentication{kind}", "") for kind in ("", "-previous")]
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 13):
        raise NotGenuine("no timestamp")
    if abs(at.timestamp() - int(stamp)) > FRESH.total_seconds():
        raise NotGenuine("too old")
    signed = stamp.encode() + b"." + body
    made = [hmac.new(secret.encode(), signed, "sha512").hexdigest() for secret in secrets]
    pairs = product(made, given)
    if not any(hmac.compare_digest(one.encode(), other.encode()) for one, other in pairs):
        raise NotGenuine("another signature")


def _payload(signature: str, keys: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    try:
        head, payload, proof = signature.split(".")
        header = json.loads(_unpacked(head))
        (key,) = [key for key in keys if key["kid"] == header["kid"]]
        if header["alg"] != "EdDSA" or header["typ"] != "laufmappe-receipt+jwt":
            raise NotGenuine("not the signature of a receipt")
        public = Ed25519PublicKey.from_public_bytes(_unpacked(key["x"]))
        public.verify(_unpacked(proof), f"{head}.{payload}".encode())
        told: dict[str, Any] = json.loads(_unpacked(payload))
    except (ValueError, KeyError, InvalidSignature) as error:
        raise NotGenuine("not signed by this city") from error
    return told


def _unpacked(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
