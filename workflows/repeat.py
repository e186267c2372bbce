"""The same call twice is one act and one answer, in parallel and across crashes."""

import hashlib
from collections.abc import Callable
from typing import Any

import rfc8785
from django.db import connection

from efile.kernel.actors import Actor
from efile.kernel.errors import Conflict, FieldError, Invalid, Refusal
from efile.kernel.verbs import unit_of_work
from workflows.models import IdempotencyKey

LONGEST_KEY = 255


class KeyReused(Conflict):
    """The key was used before, for another body or another call."""

    code = "idempotency_key_reused"


class _KeyTaken(Conflict):
    """Somebody holds the key; what they answered decides what happens next."""

    code = "idempotency_key_taken"


def fingerprint(operation: str, body: Any) -> str:
    """What "the same call" means: SHA-256 over the operation and the RFC 8785 form of the body.

    Refuses: Invalid for what has no canonical form (a number beyond IEEE 754).
    """
    try:
        canonical = rfc8785.dumps(body)
    except rfc8785.CanonicalizationError:
        raise Invalid([FieldError("", "not_canonicalizable")]) from None
    return hashlib.sha256(operation.encode() + b"\0" + canonical).hexdigest()


def once(key: str | None, digest: str, *, by: Actor, act: Callable[[], str]) -> tuple[str, bool]:
    """Do ``act`` once under ``key`` and return (its answer, whether it had been done before).

    The key is claimed first, in the transaction of the act: a parallel call waits for it and
    then gets the same answer; a refused act leaves no key behind. An answer that exists wins
    over any refusal. Without a key the act is simply done. Refuses: KeyReused, what ``act`` does.
    """
    if key is None:
        with unit_of_work():
            return act(), False
    try:
        with unit_of_work():
            _claim(key, digest, by)
            answer = act()
            _remember(key, answer, by)
            return answer, False
    except Refusal:
        earlier = earlier_answer(key, digest, by=by)
        if earlier is None:
            raise
        return earlier, True


def earlier_answer(key: str, digest: str, *, by: Actor) -> str | None:
    """What was answered under ``key``, if anything. Refuses: KeyReused."""
    known = (
        IdempotencyKey.objects.filter(tenant_id=by.tenant_id, source=by.key, key=key)
        .values_list("body_sha256", "answer")
        .first()
    )
    if known is None:
        return None
    if known[0] != digest:
        raise KeyReused
    return known[1]


def _claim(key: str, digest: str, by: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workflows_idempotencykey (tenant_id, source, key, body_sha256, answer) "
            "VALUES (%s, %s, %s, %s, '') ON CONFLICT (tenant_id, source, key) DO NOTHING",
            [by.tenant_id, by.key, key, digest],
        )
        if cursor.rowcount == 0:
            raise _KeyTaken


def _remember(key: str, answer: str, by: Actor) -> None:
    IdempotencyKey.objects.filter(tenant_id=by.tenant_id, source=by.key, key=key).update(
        answer=answer
    )
