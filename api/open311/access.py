"""Who calls, for which city, and how often: in one statement."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from api import rates
from api.open311.arguments import Arguments
from api.open311.faults import NOT_FOUND, Fault
from api.open311.keys import hashed
from efile.kernel.actors import Actor
from efile.kernel.clock import real_now

# A client's key counts for all who use its program, else the address does. The city becomes a
# setting of the session, so that row-level security can be switched on underneath.
_CALLER: Final = f"""
WITH city AS (
SELECT id, set_config('laufmappe.tenant', id::text, false) FROM kernel_tenant WHERE key = %(city)s
), found AS (
SELECT k.client, k.label FROM api_open311key k JOIN city ON city.id = k.tenant_id
 WHERE k.key_sha256 = %(key)s AND k.is_active
), counted AS (
INSERT INTO api_ratewindow AS w (subject, minute, calls)
SELECT coalesce((SELECT 'open311:' || city.id || ':' || client FROM found), %(stranger)s),
       %(minute)s, 1 FROM city
{rates.COUNT})
SELECT city.id, found.client, found.label, counted.calls, city.set_config
  FROM city CROSS JOIN counted LEFT JOIN found ON true
"""  # noqa: S608 - put together from constants alone


@dataclass(frozen=True, slots=True)
class Caller:
    """The city asked, and the program that shows a key of it; ``client`` None: anybody."""

    tenant_id: int
    client: Actor | None


def caller(request: HttpRequest, arguments: Arguments) -> Caller:
    """Who calls. Refuses with Fault: 404 (switched off, another city), 429."""
    city = settings.OPEN311_TENANT
    if not city:
        raise Fault(404, NOT_FOUND)
    if arguments.get("jurisdiction_id", city) != city:
        raise Fault(404, "There is no such jurisdiction_id.")
    moment = real_now()
    asked = {
        "city": city,
        "key": hashed(arguments.get("api_key", "")),
        "stranger": f"open311:{rates.stranger(request)}",
        "minute": rates.minute_of(moment),
    }
    with connection.cursor() as cursor:
        cursor.execute(_CALLER, asked)
        row = cursor.fetchone()
    if row is None:
        raise Fault(404, NOT_FOUND)
    tenant_id, client, label, calls, _ = row
    known = rates.rate(settings.OPEN311_LIMIT_PER_MINUTE, calls, moment)
    rates.remember(request, known)
    if known.is_exceeded:
        raise Fault(429, "Too many calls. Please wait until the minute is over.")
    return Caller(tenant_id, _actor(tenant_id, client, label) if client else None)


def _actor(tenant_id: int, client: str, label: str) -> Actor:
    return Actor(
        tenant_id=tenant_id,
        kind="portal",
        key=f"open311:{client}",
        label=label,
        permissions=frozenset({"submit"}),
    )
