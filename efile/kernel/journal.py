"""The journal: what happened, in chains that prove themselves and can still forget.

Each entry carries ``HMAC(key, what ‖ who ‖ when ‖ digest of its values ‖ previous)``. The key is
not in the database, so nobody with the database alone can rewrite a chain; the values lie beside
it, so lawful destruction leaves it intact. The journal is also the outbox: one ``Delivery`` per
owed reaction is written in the same statement.
"""

import hashlib
import hmac
import os
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import celery
import rfc8785
import structlog
from celery.exceptions import OperationalError
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from efile.kernel import events
from efile.kernel.actors import Actor
from efile.kernel.events import Event

NO_PREVIOUS = bytes(32)


def tenant_chain(tenant_id: int) -> UUID:
    """The chain of everything that happens to no case."""
    return UUID(int=tenant_id)


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of ``value``; dates become ISO 8601, UUIDs text, bytes hex."""
    return rfc8785.dumps(_plain(value))


def entry_mac(
    chain: UUID, seq: int, kind: str, actor: str, at: datetime, digest: bytes, previous: bytes
) -> bytes:
    """The link of one entry: 32 bytes of HMAC-SHA-256 over its canonical form."""
    return _hmac(
        b"entry",
        [
            str(chain),
            seq,
            kind,
            actor,
            at.astimezone(UTC).isoformat(timespec="microseconds"),
            digest.hex(),
            previous.hex(),
        ],
    )


def head_proof(chain: UUID, seq: int, head: bytes) -> bytes:
    """Proves that the chain ended at ``seq`` with ``head``."""
    return _hmac(b"head", [str(chain), seq, head.hex()])


def seal_root(
    tenant_id: int,
    number: int,
    at: datetime,
    previous: bytes,
    members: Sequence[tuple[UUID, int, bytes]],
) -> bytes:
    """The root over what a seal says of its ``members`` (chain, seq, head)."""
    listed = [[str(chain), seq, head.hex()] for chain, seq, head in sorted(members)]
    stamp = at.astimezone(UTC).isoformat(timespec="microseconds")
    return _hmac(b"seal", [tenant_id, number, stamp, previous.hex(), listed])


def values_digest(salt: bytes, values: str) -> bytes:
    """What the chain keeps of an entry's values."""
    return hashlib.sha256(salt + values.encode()).digest()


def record(event: Event, *, by: Actor, at: datetime) -> None:
    """Note that ``event`` happened; written, with what it owes, when the verb ends."""
    unit = running_unit.get()
    if unit is None:
        raise RuntimeError("record() was called outside a verb")
    unit.add(event, by, at)


@dataclass(slots=True)
class Unit:
    """Everything one transaction did, gathered to be written in one statement at its end."""

    noted: list[tuple[UUID, Event, Actor, datetime]] = field(default_factory=list)
    opened: set[UUID] = field(default_factory=set)

    def opens(self, chain: UUID) -> None:
        """``chain`` begins in this unit, so nobody else can hold its head."""
        self.opened.add(chain)

    @property
    def tenant_id(self) -> int:
        """The tenant for whom this unit works: exactly one."""
        (tenant_id,) = {by.tenant_id for _, _, by, _ in self.noted}
        return tenant_id

    def add(self, event: Event, by: Actor, at: datetime) -> None:
        self.noted.append((event.case_id or tenant_chain(by.tenant_id), event, by, at))

    def mark(self) -> tuple[int, frozenset[UUID]]:
        """How far the unit has come, for ``forget``."""
        return len(self.noted), frozenset(self.opened)

    def forget(self, mark: tuple[int, frozenset[UUID]]) -> None:
        """Unsay everything that was noted since ``mark``."""
        noted, opened = mark
        del self.noted[noted:]
        self.opened.intersection_update(opened)

    def write(self) -> None:
        """Append to the chains (locking those that exist) and note the debts."""
        if not self.noted:
            return
        heads = self._heads()
        entries: list[tuple[Any, ...]] = []
        owed: dict[tuple[str, UUID], timedelta] = {}
        for chain, event, by, at in self.noted:
            seq, previous = heads[chain]
            salt = os.urandom(16)
            values = canonical({"changes": event.changes, "facts": event.facts}).decode()
            digest = values_digest(salt, values)
            mac = entry_mac(chain, seq + 1, event.name, by.key, at, digest, previous)
            heads[chain] = (seq + 1, mac)
            entries.append(
                (chain, seq + 1, event.name, by.key, at, previous, digest, mac, salt, values)
            )
            for name in events.owed_for(type(event)):
                owed[(name, chain)] = min(event.pause, owed.get((name, chain), event.pause))
        _append(self.tenant_id, heads, entries, owed)
        for pause in set(owed.values()):
            transaction.on_commit(partial(wake, pause))

    def _heads(self) -> dict[UUID, tuple[int, bytes]]:
        """Where each chain stands: (0, nothing) for those this unit opens."""
        heads = dict.fromkeys(self.opened, (0, NO_PREVIOUS))
        known = sorted({chain for chain, *_ in self.noted} - self.opened)
        if known:
            with connection.cursor() as cursor:
                # In the order of their ids, so that two units never wait for each other.
                cursor.execute(
                    "SELECT id, seq, head FROM kernel_journalchain "
                    "WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
                    [known],
                )
                heads.update({row[0]: (row[1], bytes(row[2])) for row in cursor.fetchall()})
        missing = [chain for chain in known if chain not in heads]
        if missing:
            self._begin(missing)
            return self._heads()
        return heads

    def _begin(self, chains: list[UUID]) -> None:
        """Lay down empty heads, so that two units that begin a chain at once queue up for it."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO kernel_journalchain (id, tenant_id, seq, head, proof, sealed_seq) "
                "SELECT id, %s, 0, %s, proof, 0 FROM unnest(%s::uuid[], %s::bytea[]) h(id, proof) "
                "ON CONFLICT (id) DO NOTHING",
                [
                    self.tenant_id,
                    NO_PREVIOUS,
                    chains,
                    [head_proof(chain, 0, NO_PREVIOUS) for chain in chains],
                ],
            )


running_unit: ContextVar[Unit | None] = ContextVar("unit_of_work", default=None)


_APPEND = """
WITH heads AS (
  INSERT INTO kernel_journalchain (id, tenant_id, seq, head, proof, sealed_seq)
  SELECT id, %(tenant)s, seq, head, proof, 0
    FROM unnest(%(chains)s::uuid[], %(lengths)s::int[], %(heads)s::bytea[], %(proofs)s::bytea[])
      AS h(id, seq, head, proof)
  ON CONFLICT (id) DO UPDATE
    SET seq = EXCLUDED.seq, head = EXCLUDED.head, proof = EXCLUDED.proof
), entries AS (
  INSERT INTO kernel_journalentry
         (tenant_id, chain_id, seq, kind, actor, at, previous, values_digest, mac)
  SELECT %(tenant)s, * FROM unnest(%(entry_chains)s::uuid[], %(seqs)s::int[], %(kinds)s::text[],
         %(actors)s::text[], %(ats)s::timestamptz[], %(previous)s::bytea[], %(digests)s::bytea[],
         %(macs)s::bytea[])
), vals AS (
  INSERT INTO kernel_journalvalues (tenant_id, chain, seq, salt, values)
  SELECT %(tenant)s, * FROM unnest(%(entry_chains)s::uuid[], %(seqs)s::int[], %(salts)s::bytea[],
         %(values)s::text[])
)
INSERT INTO kernel_delivery (tenant_id, correlation, reaction, subject, due_at)
SELECT %(tenant)s, %(correlation)s, reaction, subject,
       statement_timestamp() + make_interval(secs => pause)
  FROM unnest(%(reactions)s::text[], %(subjects)s::uuid[], %(pauses)s::float8[])
    AS owed(reaction, subject, pause)
"""


def _append(
    tenant_id: int,
    heads: dict[UUID, tuple[int, bytes]],
    entries: list[tuple[Any, ...]],
    owed: dict[tuple[str, UUID], timedelta],
) -> None:
    chain, seq, kind, actor, at, previous, digest, mac, salt, values = (
        list(column) for column in zip(*entries, strict=True)
    )
    moved = sorted(heads)
    with connection.cursor() as cursor:
        cursor.execute(
            _APPEND,
            {
                "tenant": tenant_id,
                "chains": moved,
                "lengths": [heads[one][0] for one in moved],
                "heads": [heads[one][1] for one in moved],
                "proofs": [head_proof(one, *heads[one]) for one in moved],
                "entry_chains": chain,
                "seqs": seq,
                "kinds": kind,
                "actors": actor,
                "ats": at,
                "previous": previous,
                "digests": digest,
                "macs": mac,
                "salts": salt,
                "values": values,
                "correlation": structlog.contextvars.get_contextvars().get("correlation", ""),
                "reactions": [name for name, _ in owed],
                "subjects": [subject for _, subject in owed],
                "pauses": [pause.total_seconds() for pause in owed.values()],
            },
        )


def wake(pause: timedelta = timedelta()) -> None:
    """Tell the worker that something falls due after ``pause``: by message where there is a broker.

    Without one, and when the message is lost, the worker finds the debt by looking.
    """
    if settings.BROKER_URL:
        try:
            # Once: whoever waits for the answer of this request does not wait for a broker.
            celery.current_app.send_task(
                "kernel.deliver",
                countdown=pause.total_seconds() or None,
                ignore_result=True,
                retry=False,
            )
        except (OSError, OperationalError):
            structlog.get_logger().warning("broker_unreachable")


def _hmac(purpose: bytes, value: Any) -> bytes:
    if not settings.JOURNAL_KEY:
        # An empty key would prove nothing, and nobody would notice.
        raise ImproperlyConfigured("JOURNAL_KEY is not set")
    return hmac.digest(settings.JOURNAL_KEY, purpose + b"\0" + rfc8785.dumps(value), "sha256")


def _plain(value: Any) -> Any:
    """``value`` in JSON's own types."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    if hasattr(value, "items"):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value]
