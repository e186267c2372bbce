"""Who calls holds the secret: FIT-Connect's signature of callbacks, made and checked.

HMAC-SHA-512 over ``<timestamp>.<raw body>`` in lower-case hex, beside the timestamp in seconds.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

AUTHENTICATION: Final = "callback-authentication"
TIMESTAMP: Final = "callback-timestamp"
# While a secret is being replaced: the signature by the one that is on its way out.
PREVIOUS: Final = "callback-authentication-previous"
# What is older may be a recording.
MAX_AGE: Final = timedelta(seconds=300)


def signature(body: bytes, *, secret: str, timestamp: int) -> str:
    """The signature of ``body`` sent at ``timestamp`` (seconds since 1970), 128 hex digits."""
    signed = f"{timestamp}.".encode() + body
    return hmac.new(secret.encode(), signed, hashlib.sha512).hexdigest()


def signed_headers(
    body: bytes, *, secret: str, previous: str = "", at: datetime
) -> Mapping[str, str]:
    """The headers that prove who sends ``body`` at ``at``."""
    timestamp = int(at.timestamp())
    headers = {
        AUTHENTICATION: signature(body, secret=secret, timestamp=timestamp),
        TIMESTAMP: str(timestamp),
    }
    if previous:
        headers[PREVIOUS] = signature(body, secret=previous, timestamp=timestamp)
    return headers


def is_genuine(
    body: bytes, *, authentication: str, timestamp: str, secrets: Iterable[str], at: datetime
) -> bool:
    """Whether a holder of one of ``secrets`` signed ``body`` within ``MAX_AGE`` of ``at``.

    ``authentication`` and ``timestamp`` are the headers as they came, "" where they are missing.
    How long it takes says nothing about how nearly right a signature is.
    """
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 11):
        return False
    sent = int(timestamp)
    if abs(at.timestamp() - sent) > MAX_AGE.total_seconds():
        return False
    given = authentication.encode("utf-8", "surrogateescape")
    expected = [signature(body, secret=one, timestamp=sent).encode() for one in secrets]
    # Every secret is tried, whichever fits.
    return sum(hmac.compare_digest(given, one) for one in expected) > 0
