"""The portals as an administrator sees them: what they may do, how they fare, what they sent."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection

from api.figures import BOUNDS
from api.models import PortalClient
from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import NotFound
from workflows.definitions.administrators import require_administrator
from workflows.senders import submitted_since

DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Portal:
    """One portal. Calls and errors (4xx, 5xx) are those of today; ``throttled`` are among them.

    ``undelivered`` events of its wait for its callback address.
    """

    client_id: str
    name: str
    scopes: tuple[str, ...]
    rate_limit: int | None
    auth_method: str
    created_at: datetime
    secret_set_at: datetime | None
    previous_expires_at: datetime | None
    deactivated_at: datetime | None
    jwks: dict[str, Any]
    last_at: datetime | None
    calls: int
    errors: int
    throttled: int
    undelivered: int

    @property
    def is_active(self) -> bool:
        return self.deactivated_at is None

    @property
    def is_signing(self) -> bool:
        """Whether it proves itself by a signature, and by no secret."""
        return self.auth_method == PortalClient.SIGNED


_PORTALS: Final = """
SELECT c.client_id, c.name, c.allowed_scopes, c.rate_limit, c.auth_method, c.created,
       c.secret_set_at, CASE WHEN c.previous_expires_at > %(at)s THEN c.previous_expires_at END,
       c.deactivated_at, c.jwks::text, f.last_at,
       coalesce(f.calls, 0), coalesce(f.errors, 0), coalesce(f.throttled, 0),
       (SELECT coalesce(sum(l.pending), 0)
          FROM api_callbacktarget g JOIN api_callbacklane l ON l.target_id = g.id
         WHERE g.client_id = c.id)
  FROM api_portalclient c
  LEFT JOIN LATERAL (
       SELECT max(last_at) AS last_at,
              sum(calls) FILTER (WHERE day = %(today)s) AS calls,
              sum(calls) FILTER (WHERE day = %(today)s AND status >= 400) AS errors,
              sum(calls) FILTER (WHERE day = %(today)s AND status = 429) AS throttled
         FROM api_portalfigure WHERE client_id = c.id) f ON true
 WHERE c.tenant_id = %(tenant)s AND (%(client)s::text IS NULL OR c.client_id = %(client)s::text)
 ORDER BY c.deactivated_at IS NOT NULL, lower(c.name), c.client_id
"""


def list_portals(*, by: Actor, at: datetime) -> list[Portal]:
    """All portals of the tenant by name, those shut out last. One statement.

    Refuses: ActionNotGranted.
    """
    return _portals(None, by, at)


def get_portal(client_id: str, *, by: Actor, at: datetime) -> Portal:
    """One portal. One statement. Refuses: ActionNotGranted, NotFound."""
    found = _portals(client_id, by, at)
    if not found:
        raise NotFound
    return found[0]


def _portals(client_id: str | None, by: Actor, at: datetime) -> list[Portal]:
    require_administrator(by)
    wanted: dict[str, Any] = {
        "at": at,
        "today": local_date(at),
        "tenant": by.tenant_id,
        "client": client_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PORTALS, wanted)
        return [_portal(*row) for row in cursor.fetchall()]


def _portal(client_id: str, name: str, scopes: str, *kept: Any) -> Portal:
    *told, jwks, last_at, calls, errors, throttled, undelivered = kept
    limit, method, created_at, secret_set_at, previous_expires_at, deactivated_at = told
    return Portal(
        client_id=client_id,
        name=name,
        scopes=tuple(scopes.split()),
        rate_limit=limit,
        auth_method=method,
        created_at=created_at,
        secret_set_at=secret_set_at,
        previous_expires_at=previous_expires_at,
        deactivated_at=deactivated_at,
        jwks=json.loads(jwks),
        last_at=last_at,
        calls=int(calls),
        errors=int(errors),
        throttled=int(throttled),
        undelivered=int(undelivered),
    )


@dataclass(frozen=True, slots=True)
class Usage:
    """The calls of one kind in a span of days.

    ``slowest`` bounds the time of 95 in 100 calls, in milliseconds; None: beyond all bounds.
    """

    calls: int
    refused: int
    failed: int
    throttled: int
    bytes_in: int
    bytes_out: int
    slowest: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What a portal did in the last ``DAYS`` days: by operation, by day, by service handed in."""

    by_operation: tuple[tuple[str, Usage], ...]
    by_day: tuple[tuple[date, Usage], ...]
    by_service: tuple[tuple[str, int], ...]


_USAGE: Final = """
SELECT f.operation, f.day, f.status, f.calls, f.bytes_in, f.bytes_out, f.durations
  FROM api_portalfigure f JOIN api_portalclient c ON c.id = f.client_id
 WHERE c.tenant_id = %s AND c.client_id = %s AND f.day > %s
"""


def figures_of(portal: Portal, *, by: Actor, at: datetime) -> Figures:
    """The figures of ``portal``. Two statements. Refuses: ActionNotGranted."""
    require_administrator(by)
    since = local_date(at) - timedelta(days=DAYS)
    with connection.cursor() as cursor:
        cursor.execute(_USAGE, [by.tenant_id, portal.client_id, since])
        rows = cursor.fetchall()
    operations = sorted({row[0] for row in rows})
    days = sorted({row[1] for row in rows}, reverse=True)
    handed_in = submitted_since(f"portal:{portal.client_id}", at - timedelta(days=DAYS), by=by)
    return Figures(
        tuple((name, _usage([row for row in rows if row[0] == name])) for name in operations),
        tuple((day, _usage([row for row in rows if row[1] == day])) for day in days),
        tuple(handed_in),
    )


def _usage(rows: Sequence[tuple[Any, ...]]) -> Usage:
    def calls(first: int, last: int) -> int:
        return sum(row[3] for row in rows if first <= row[2] <= last)

    return Usage(
        calls=calls(100, 599),
        refused=calls(400, 499),
        failed=calls(500, 599),
        throttled=calls(429, 429),
        bytes_in=sum(row[4] for row in rows),
        bytes_out=sum(row[5] for row in rows),
        slowest=_slowest([sum(column) for column in zip(*(row[6] for row in rows), strict=True)]),
    )


def _slowest(durations: Sequence[int]) -> int | None:
    """The first bound to which at least 95 in 100 keep."""
    within, wanted = 0, 0.95 * sum(durations)
    for bound, count in zip(BOUNDS, durations, strict=False):
        within += count
        if within >= wanted:
            return bound
    return None
