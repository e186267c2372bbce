"""Waiting lists as the office looks at them: who is where and why, houses, rounds."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from efile.kernel.actors import Actor
from efile.kernel.errors import NotFound
from efile.policy import Action, may, seen_scopes
from workflows.machine import known_to
from workflows.models import (
    Facility,
    PlaceGroup,
    PlaceList,
    PlaceOffer,
    Process,
    RoundOutcome,
    WaitingEntry,
)
from workflows.waiting import places

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Point:
    """What one criterion gave."""

    title: str
    paragraph: str
    points: int


@dataclass(frozen=True, slots=True)
class Exceptional:
    """An exception that counts: at ``facility`` ("" everywhere), and who said why."""

    id: UUID
    facility: str
    reason: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Waiter:
    """Somebody on a list. ``offer`` is the house whose open offer they have, ``due_on`` until when.

    ``rank`` is shared by those with the same claim; among them the lot of a round decides.
    """

    rank: int
    total: int
    case_id: UUID
    reference: str
    applicant: str
    points: int
    applied_on: date
    wishes: Sequence[str]
    group: str
    wish_from: date
    reasons: Sequence[Point]
    exceptions: Sequence[Exceptional]
    offer: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list; ``houses`` are titles by key, ``further`` is where the next one begins."""

    list: PlaceList
    rows: Sequence[Waiter]
    houses: Mapping[str, str]
    groups: Sequence[str]
    total: int
    further: int | None
    may_allot: bool


_ROWS: Final = """
WITH ranked AS (
  SELECT e.*, rank() OVER (ORDER BY e.points DESC, e.applied_on) AS rank, count(*) OVER () AS total
    FROM workflows_waitingentry e
   WHERE e.tenant_id = %(tenant)s AND e.list_key = %(list)s AND e.left_at IS NULL)
SELECT r.rank, r.total, r.case_id, c.reference, c.applicant, r.points, r.applied_on, r.wishes,
       r."group", r.wish_from,
       (SELECT json_agg(json_build_array(w.title, w.paragraph, w.points) ORDER BY w.position)
          FROM workflows_waitingpoints w WHERE w.entry_id = r.id AND w.replaced_at IS NULL),
       (SELECT json_agg(json_build_array(x.id, x.facility, x.reason, x.made_at) ORDER BY x.made_at)
          FROM workflows_placeexception x WHERE x.entry_id = r.id AND x.revoked_at IS NULL),
       o.title, o.due_on, count(*) OVER ()
  FROM ranked r JOIN efile_case c ON c.id = r.case_id
  LEFT JOIN LATERAL (
       SELECT f.title, p.due_on FROM workflows_placeoffer p
         JOIN workflows_placegroup g ON g.id = p.place_id
         JOIN workflows_facility f ON f.id = g.facility_id
        WHERE p.case_id = r.case_id AND p.state = 'open') o ON true
 WHERE (r.scope = ANY(%(scopes)s::text[]) OR r.case_id = ANY(%(granted)s::uuid[]))
   AND NOT r.case_id = ANY(%(denied)s::uuid[])
   AND (%(case)s::uuid IS NULL OR r.case_id = %(case)s::uuid)
   AND (%(facility)s::text = '' OR r.wishes ? %(facility)s::text)
   AND (%(group)s::text = '' OR r."group" = %(group)s::text)
 ORDER BY r.rank, r.id LIMIT %(most)s OFFSET %(after)s
"""


def list_of(key: str, *, by: Actor, facility: str = "", group: str = "", after: int = 0) -> Listed:
    """A page of the list, first come first. Four statements. Refuses: NotFound."""
    wanted = places.seen_list(key, by=by)
    rows, total = _waiters(wanted.key, by, facility=facility, group=group, after=after)
    houses = dict(
        Facility.objects.filter(list=wanted).order_by("title").values_list("key", "title")
    )
    groups = PlaceGroup.objects.filter(facility__list=wanted).order_by("group")
    further = after + PAGE if total > after + PAGE else None
    return Listed(
        list=wanted,
        rows=rows,
        houses=houses,
        groups=list(groups.values_list("group", flat=True).distinct()),
        total=total,
        further=further,
        may_allot=places.may_allot(wanted, by=by),
    )


def lists_of(*, by: Actor) -> list[tuple[str, str]]:
    """Key and title of every list whose cases ``by`` sees. One statement."""
    found = PlaceList.objects.filter(tenant_id=by.tenant_id, scope__any=seen_scopes(by))
    return list(found.order_by("title").values_list("key", "title"))


def _waiters(
    list_key: str,
    by: Actor,
    *,
    case: UUID | None = None,
    facility: str = "",
    group: str = "",
    after: int = 0,
) -> tuple[list[Waiter], int]:
    asked: dict[str, Any] = {
        "tenant": by.tenant_id,
        "list": list_key,
        "scopes": seen_scopes(by),
        "granted": list(by.granted),
        "denied": list(by.denied),
        "case": case,
        "facility": facility,
        "group": group,
        "most": PAGE,
        "after": after,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, asked)
        found = cursor.fetchall()
    return [_waiter(row) for row in found], found[0][14] if found else 0


def _waiter(row: Sequence[Any]) -> Waiter:
    rank, total, case_id, reference, applicant, points, applied_on, *rest = row
    wishes, group, wish_from, reasons, exceptions, offer, due_on, _count = rest
    return Waiter(
        rank=rank,
        total=total,
        case_id=case_id,
        reference=reference,
        applicant=applicant,
        points=points,
        applied_on=applied_on,
        wishes=_json(wishes),
        group=group,
        wish_from=wish_from,
        reasons=[Point(*one) for one in _json(reasons) or []],
        exceptions=[
            Exceptional(UUID(one[0]), one[1], one[2], datetime.fromisoformat(one[3]))
            for one in _json(exceptions) or []
        ],
        offer=offer or "",
        due_on=due_on,
    )


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class House:
    """The places of one kind in one house; ``wanted`` is how many on the list wish for it."""

    facility: str
    title: str
    group: str
    from_on: date
    until_on: date
    places: int
    taken: int
    wanted: int


_WANTED: Final = """
SELECT w.wish, e."group", count(*) FROM workflows_waitingentry e,
       jsonb_array_elements_text(e.wishes) AS w(wish)
 WHERE e.tenant_id = %s AND e.list_key = %s AND e.left_at IS NULL GROUP BY 1, 2
"""


def houses_of(key: str, *, by: Actor) -> tuple[PlaceList, list[House], bool]:
    """The houses of the list with their places, and whether ``by`` may count them.

    Three statements. Refuses: NotFound.
    """
    wanted = places.seen_list(key, by=by)
    with connection.cursor() as cursor:
        cursor.execute(_WANTED, [by.tenant_id, key])
        wishes = {(house, group): count for house, group, count in cursor.fetchall()}
    groups = PlaceGroup.objects.select_related("facility").filter(facility__list=wanted)
    return (
        wanted,
        [
            House(
                one.facility.key,
                one.facility.title,
                one.group,
                one.from_on,
                one.until_on,
                one.places,
                one.taken,
                wishes.get((one.facility.key, one.group), 0),
            )
            for one in groups.order_by("-from_on", "facility__title", "group")
        ],
        places.may_allot(wanted, by=by),
    )


@dataclass(frozen=True, slots=True)
class CaseWaiting:
    """A case and its list: the row while it waits, what the rounds gave, what ``by`` may do.

    ``houses`` are titles by key, ``places`` by place group.
    """

    list: PlaceList
    reference: str
    waiter: Waiter | None
    left_because: str
    houses: Mapping[str, str]
    places: Mapping[str, str]
    outcomes: Sequence[RoundOutcome]
    offers: Sequence[PlaceOffer]
    may_answer: bool
    may_allot: bool


def waiting_of_case(case_id: UUID, *, by: Actor) -> CaseWaiting:
    """Where the case stands on its list and why. Eight statements. Refuses: NotFound."""
    process = Process.objects.select_related("case").filter(known_to(by), case_id=case_id).first()
    entry = WaitingEntry.objects.filter(case_id=case_id).first() if process else None
    if process is None or entry is None:
        raise NotFound
    wanted = PlaceList.objects.filter(tenant_id=by.tenant_id, key=entry.list_key).first()
    if wanted is None:
        wanted = PlaceList(key=entry.list_key, title=entry.list_key, scope=entry.scope)
    rows, _ = _waiters(entry.list_key, by, case=case_id)
    outcomes = RoundOutcome.objects.select_related("round", "place").filter(case_id=case_id)
    offers = PlaceOffer.objects.select_related("place__facility", "round").filter(case_id=case_id)
    houses = dict(
        Facility.objects.filter(tenant_id=by.tenant_id, list__key=entry.list_key).values_list(
            "key", "title"
        )
    )
    groups = PlaceGroup.objects.filter(
        tenant_id=by.tenant_id, facility__list__key=entry.list_key
    ).values_list("id", "facility__title")
    scope = process.scope
    return CaseWaiting(
        list=wanted,
        reference=process.case.reference,
        waiter=rows[0] if rows else None,
        left_because=entry.left_because,
        houses=houses,
        places={str(key): title for key, title in groups},
        outcomes=list(outcomes.order_by("-round__number")),
        offers=list(offers.order_by("-offered_at", "-id")),
        may_answer=may(Action.ANSWER_PLACE, case_id, scope, by=by),
        may_allot=may(Action.ALLOT, case_id, scope, by=by),
    )
