"""The event log of a procedure: security event tokens (RFC 8417), verified and signed.

Each event is a JWS ``PS512`` that says exactly one thing. The delivery service signs what it did,
a destination what it decided; who says what only the other may say is not believed.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from api.fit_connect.keys import SIGNS
from efile.kernel.ids import uuid7

PREFIX: Final = "https://schema.fitko.de/fit-connect/events/"
# The payload's schema as the live service takes it; the older 1.0.0 is refused there.
SCHEMA: Final = "https://schema.fitko.de/fit-connect/set-payload/1.2.2/set-payload.schema.json"
_SCHEMA: Final = re.compile(
    r"https://schema\.fitko\.de/fit-connect/set-payload/1\.\d+\.\d+/set-payload\.schema\.json"
)
_TYPE: Final = "secevent+jwt"
_MOST_BYTES: Final = 128_000
# What only a destination may say, and what only the delivery service; the rest both may.
_OF_DESTINATIONS: Final = frozenset({"accept", "forward"})
_OF_THE_SERVICE: Final = frozenset({"create", "submit", "notify"})

# (issuer, key id) → the key that verifies; None where the issuer has no such key.
KeyOf = Callable[[str, str], RSAKey | None]


class InvalidEvent(Exception):
    """An event was altered, or is none: nothing in its log can be relied on."""


@dataclass(frozen=True, slots=True)
class Event:
    """``what`` happened (submit, accept …) to ``subject`` (submission:… or reply:…)."""

    what: str
    subject: str
    issuer: str
    at: datetime
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EventLog:
    """The verified events of one procedure, in the order in which they were written down."""

    events: Sequence[Event]

    def of(self, subject: str, *whats: str) -> list[Event]:
        """What happened to ``subject``, of these kinds."""
        return [one for one in self.events if one.subject == subject and one.what in whats]

    def submitted(self, subject: str) -> Event:
        """The one event with which ``subject`` was handed in. Refuses: InvalidEvent."""
        found = self.of(subject, "submit")
        if len(found) != 1:
            raise InvalidEvent("submit")
        return found[0]


def verified(tokens: Sequence[str], case_id: UUID, *, key_of: KeyOf, service: str) -> EventLog:
    """The events of ``case_id``; ``service`` is the issuer that the delivery service is.

    Refuses: InvalidEvent for any that is not signed, or not of the prescribed shape.
    """
    return EventLog([_verified(token, case_id, key_of, service) for token in tokens])


def signed(
    what: str,
    subject: str,
    told: Mapping[str, Any],
    *,
    case_id: UUID,
    issuer: UUID,
    at: datetime,
    key: RSAKey,
) -> str:
    """The token with which a destination says that it did ``what`` to ``subject``."""
    kind = subject.partition(":")[0]
    claims = {
        "$schema": SCHEMA,
        "jti": str(uuid7()),
        "iss": str(issuer),
        "iat": int(at.timestamp()),
        "sub": subject,
        "txn": f"case:{case_id}",
        "events": {f"{PREFIX}{what}-{kind}": dict(told)},
    }
    header = {"alg": SIGNS, "typ": _TYPE, "kid": key.kid}
    return jws.serialize_compact(
        header, json.dumps(claims), key, registry=_registry(), algorithms=[SIGNS]
    )


def _verified(token: str, case_id: UUID, key_of: KeyOf, service: str) -> Event:
    try:
        unverified = jws.extract_compact(token.encode(), registry=_registry())
        header, claims = unverified.headers(), json.loads(unverified.payload)
        event = _event(header, claims, case_id, service)
        key = key_of(event.issuer, str(header["kid"]))
        if key is None:
            raise InvalidEvent("kid")
        jws.deserialize_compact(token, key, algorithms=[SIGNS], registry=_registry())
    except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidEvent(type(error).__name__) from None
    return event


def _event(
    header: Mapping[str, Any], claims: Mapping[str, Any], case_id: UUID, service: str
) -> Event:
    """What the claims say; InvalidEvent or a plain error where they are of another shape."""
    if (header["alg"], header["typ"]) != (SIGNS, _TYPE):
        raise InvalidEvent("header")
    if not _SCHEMA.fullmatch(claims["$schema"]) or claims["txn"] != f"case:{case_id}":
        raise InvalidEvent("claims")
    UUID(claims["jti"])
    ((uri, told),) = claims["events"].items()
    subject, issuer = claims["sub"], claims["iss"].rstrip("/")
    kind, _, key = subject.partition(":")
    what, _, about = uri.removeprefix(PREFIX).partition("-")
    if not uri.startswith(PREFIX) or kind not in ("submission", "reply") or str(UUID(key)) != key:
        raise InvalidEvent("subject")
    # Of a kind that came later nothing is made; its signature counts all the same.
    if about != kind or not isinstance(told, dict):
        raise InvalidEvent("event")
    _require_author(what, issuer, service)
    if type(claims["iat"]) is not int:
        raise InvalidEvent("iat")
    return Event(what, subject, issuer, datetime.fromtimestamp(claims["iat"], UTC), told)


def _require_author(what: str, issuer: str, service: str) -> None:
    if issuer.startswith("http"):
        # Any address would do otherwise: whoever writes an event would name where its key lies.
        if issuer != service or what in _OF_DESTINATIONS:
            raise InvalidEvent("issuer")
    elif what in _OF_THE_SERVICE or str(UUID(issuer)) != issuer:
        raise InvalidEvent("issuer")


def _registry() -> jws.JWSRegistry:
    registry = jws.JWSRegistry(algorithms=[SIGNS])
    # A log names the tag of each attachment.
    registry.max_payload_length = _MOST_BYTES * 2
    return registry
