"""The receipt as proof: a signature over what was received, when, and under which reference."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

import rfc8785
from django.conf import settings

from efile.kernel import signing

# The header ``typ`` (RFC 7515, section 4.1.9): this signature means a receipt and nothing else.
KIND: Final = "laufmappe-receipt+jwt"


def content_sha256(data: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over the RFC 8785 form of a submission as it was sent."""
    return sha256(rfc8785.dumps(dict(data))).hexdigest()


def signed(receipt: Mapping[str, Any], content: str, *, source: str) -> dict[str, Any]:
    """``receipt`` with ``signature``: a compact JWS over it and the SHA-256 of the ``content``.

    Its payload says the same as the receipt, so that either can be kept alone: ``iss`` (this
    city), ``sub`` (the submission), ``source`` (who handed it in), the references, the moment of
    receipt and the SHA-256 of the data and of every file.
    """
    payload = {
        "iss": settings.PUBLIC_URL,
        "sub": receipt["id"],
        "source": source,
        "service": receipt["service"],
        "state": receipt["state"],
        "case_reference": receipt["case_reference"],
        "file_reference": receipt["file_reference"],
        "received_at": receipt["received_at"],
        "sha256": content,
        "attachments": receipt["attachments"],
    }
    return {**receipt, "signature": signing.sign(rfc8785.dumps(payload), kind=KIND)}
