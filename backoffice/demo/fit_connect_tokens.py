"""Keys and tokens of FIT-Connect as its doubles need them."""

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from joserfc import jws

Json = dict[str, Any]

SCHEMA: Final = "https://schema.fitko.de/fit-connect/set-payload/1.2.2/set-payload.schema.json"
EVENTS: Final = "https://schema.fitko.de/fit-connect/events/"
_PROBLEMS: Final = f"{EVENTS}problems/"
_INSTANCE: Final = re.compile(r"metadata|data|attachment:[0-9a-f-]{36}")


def public(jwk: Json) -> Json:
    """The half that is published, with what it is for."""
    operation = {"PS512": "verify"}.get(jwk["alg"], "wrapKey")
    return {name: jwk[name] for name in ("kty", "n", "e", "alg", "kid")} | {"key_ops": [operation]}


def bare(jwk: Json) -> Json:
    """A public key without what it is for, so that it serves both."""
    return {name: jwk[name] for name in ("kty", "n", "e", "kid")}


def tag(compact: str) -> str:
    """The authentication tag of a JWE."""
    return compact.rpartition(".")[2]


def claims(token: str) -> Json:
    """What a token says, unverified."""
    payload = jws.extract_compact(token.encode(), registry=registry()).payload
    found: Json = json.loads(payload)
    return found


def registry() -> jws.JWSRegistry:
    """Tokens that name the tags of many attachments."""
    large = jws.JWSRegistry(algorithms=["PS512"])
    large.max_payload_length = 256_000
    return large


def is_sound(what: str, told: Json, log: Sequence[tuple[str, Json]]) -> bool:
    """Whether an acceptance repeats the tags that were handed in, and a rejection says why."""
    if what == "accept":
        submitted = [said for event, said in log if event.startswith("submit-")]
        return bool(told["authenticationTags"] == submitted[0]["authenticationTags"])
    return bool(told["problems"]) and all(
        one["type"].startswith(_PROBLEMS)
        and one["title"]
        and one["detail"]
        and _INSTANCE.fullmatch(one["instance"])
        for one in told["problems"]
    )
