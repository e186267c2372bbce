"""What services say of themselves: how long they take lately, and the next free appointment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import connection, transaction

from efile.kernel.clock import BERLIN, local_date
from efile.kernel.models import Tenant
from workflows.appointments.port import AppointmentsUnavailable, Time, list_times
from workflows.models import FEWEST, EarliestTime
from workflows.offers import Offer, current_offers
from workflows.slots import FREE, earliest

# So far back cases count: long enough for small services, short enough to be today's office.
LATELY: Final = timedelta(days=90)
# So far ahead another system's calendar is asked, and so long its answer is believed.
AHEAD: Final = timedelta(days=90)
BELIEVED: Final = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Processing:
    """Calendar days from receipt to decision, over the 90 days before ``as_of``.

    Half took at most ``median_days``, four of five at most ``within_days_80``.
    """

    median_days: int
    within_days_80: int
    as_of: date


@dataclass(frozen=True, slots=True)
class Said:
    """What is known of a service; None where nothing is, or too little to be told."""

    processing: Processing | None
    # Day and hour of the place.
    appointment: tuple[date, time] | None


# The first decision of a case counts, or the day a report was seen to. Days are those of the
# calendar, as people wait them. OFFSET 0 keeps the planner from reading whole tables: what ended
# lately is found by its index, and looked up one by one.
_RECKON: Final = """
WITH ended AS (
  SELECT p.tenant_id, p.service_key, p.received_at, d.decided_at AS ended_at
    FROM workflows_decision d CROSS JOIN LATERAL (
         SELECT * FROM workflows_process o WHERE o.case_id = d.case_id OFFSET 0) p
   WHERE d.decided_at > %(since)s AND d.decided_at <= %(at)s AND NOT EXISTS (
         SELECT FROM workflows_decision e
          WHERE e.case_id = d.case_id AND (e.decided_at, e.id) < (d.decided_at, d.id) OFFSET 0)
  UNION ALL
  SELECT p.tenant_id, p.service_key, p.received_at, p.done_at
    FROM workflows_process p
   WHERE p.outcome <> '' AND p.done_at > %(since)s AND p.done_at <= %(at)s
), taken AS (
  SELECT tenant_id, service_key, greatest(0, (ended_at AT TIME ZONE %(zone)s)::date
                                           - (received_at AT TIME ZONE %(zone)s)::date) AS days
    FROM ended
), figures AS (
  SELECT t.tenant_id, s.id AS service_id, count(*) AS cases,
         percentile_disc(0.5) WITHIN GROUP (ORDER BY t.days) AS median_days,
         percentile_disc(0.8) WITHIN GROUP (ORDER BY t.days) AS within_days_80
    FROM taken t JOIN workflows_service s ON s.tenant_id = t.tenant_id AND s.key = t.service_key
   GROUP BY 1, 2 HAVING count(*) >= %(fewest)s
), gone AS (
  DELETE FROM workflows_servicefigures f
   WHERE NOT EXISTS (SELECT FROM figures g WHERE g.service_id = f.service_id)
)
INSERT INTO workflows_servicefigures
       (tenant_id, service_id, cases, median_days, within_days_80, as_of)
SELECT tenant_id, service_id, cases, median_days, within_days_80, %(today)s FROM figures
    ON CONFLICT (service_id) DO UPDATE
   SET cases = excluded.cases, median_days = excluded.median_days,
       within_days_80 = excluded.within_days_80, as_of = excluded.as_of
"""


def reckon_figures(*, at: datetime) -> int:
    """Reckon the figures of every service of every tenant anew; returns of how many there are any.

    One statement. It reads what ended within the last 90 days, however much there was before.
    Fewer than five cases say nothing: they would tell about persons.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _RECKON,
            {
                "since": at - LATELY,
                "at": at,
                "today": local_date(at),
                "zone": BERLIN.key,
                "fewest": FEWEST,
            },
        )
        return int(cursor.rowcount)


def ask_earliest_times(*, at: datetime) -> int:
    """Ask other systems for the first free time in each calendar of theirs; returns how many said.

    What a system does not say any more is not told for longer than it is believed.
    """
    told = 0
    for tenant_id in Tenant.objects.values_list("pk", flat=True):
        asked = [
            offer
            for offer in current_offers(tenant_id)
            if offer.definition.slots and offer.definition.slots.provider == "external"
        ]
        told += sum(_asked(offer, at) for offer in asked)
        known = [offer.version.service_id for offer in asked]
        EarliestTime.objects.filter(tenant_id=tenant_id).exclude(service__in=known).delete()
    return told


def _asked(offer: Offer, at: datetime) -> bool:
    slots, tenant_id = offer.definition.slots, offer.version.tenant_id
    assert slots is not None  # the caller looked
    first = earliest(at, slots.place)
    try:
        times = list_times(slots.calendar, first, first + AHEAD)
    except AppointmentsUnavailable:
        return False
    free = next((one for one in times if one.free > 0 and one.starts > at), None)
    _remember(offer.version.service_id, tenant_id, free, at)
    return free is not None


@transaction.atomic
def _remember(service_id: int, tenant_id: int, free: Time | None, at: datetime) -> None:
    kept = EarliestTime.objects.filter(service_id=service_id)
    if free is None:
        kept.delete()
        return
    day, starts = free.starts.date(), free.starts.time()
    EarliestTime.objects.update_or_create(
        service_id=service_id,
        defaults={"tenant_id": tenant_id, "day": day, "starts": starts, "asked_at": at},
    )


_SAID: Final = f"""
SELECT w.key, f.median_days, f.within_days_80, f.as_of,
       coalesce(n.day, e.day), coalesce(n.starts, e.starts)
  FROM unnest(%(keys)s::text[], %(calendars)s::text[], %(firsts)s::date[])
       AS w (key, calendar, first)
  LEFT JOIN workflows_service s ON s.tenant_id = %(tenant)s AND s.key = w.key
  LEFT JOIN workflows_servicefigures f ON f.service_id = s.id
  LEFT JOIN workflows_earliesttime e ON e.service_id = s.id AND e.asked_at > %(believed)s
        AND (e.day > %(today)s OR (e.day = %(today)s AND e.starts > %(now)s))
  LEFT JOIN LATERAL (
       SELECT y.day, y.starts FROM workflows_slotday y
        WHERE y.tenant_id = %(tenant)s AND y.calendar = w.calendar AND y.day >= w.first AND {FREE}
        ORDER BY y.day, y.starts LIMIT 1) n ON true
"""  # noqa: S608 - put together from constants of this file and of slots


def said_of(tenant_id: int, offers: Sequence[Offer], *, at: datetime) -> dict[str, Said]:
    """What is known of each of ``offers``, by key. One statement, however many there are."""
    here = at.astimezone(BERLIN)
    own = [_own_calendar(offer, at) for offer in offers]
    asked: dict[str, Any] = {
        "tenant": tenant_id,
        "keys": [offer.definition.key for offer in offers],
        "calendars": [calendar for calendar, _ in own],
        "firsts": [first for _, first in own],
        "at": at,
        "believed": at - BELIEVED,
        "today": here.date(),
        "now": here.time(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SAID, asked)
        return {
            key: Said(
                None if median is None else Processing(median, most, as_of),
                None if day is None else (day, starts),
            )
            for key, median, most, as_of, day, starts in cursor.fetchall()
        }


def _own_calendar(offer: Offer, at: datetime) -> tuple[str | None, date | None]:
    """The calendar of ours that the service books from, and its first bookable day."""
    slots = offer.definition.slots
    if slots is None or slots.provider != "builtin":
        return None, None
    return slots.calendar, earliest(at, slots.place)
