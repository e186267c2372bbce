"""Places are offered, with a deadline, and go to the next in line when nobody takes them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import F

from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.ids import uuid7
from efile.kernel.journal import record
from workflows import facts
from workflows.case_deadlines import end_deadlines, set_deadline
from workflows.deadlines.law import DEFAULT_LAW
from workflows.deadlines.periods import Period, Unit
from workflows.deadlines.procedure import period_set_by_authority
from workflows.machine import announce
from workflows.models import (
    AllocationRound,
    PlaceException,
    PlaceGroup,
    PlaceList,
    PlaceOffer,
    PlaceOfferState,
    Process,
    RoundOutcome,
    RoundState,
    WaitingEntry,
)
from workflows.models.process import UNDECIDED
from workflows.offers import definition_of
from workflows.outgoing import owe_letter
from workflows.waiting import places
from workflows.waiting.allotting import Applicant, allot

DEADLINE: Final = "place_offer"
LETTER: Final = "place_offer"
# Whoever did not take the place they were offered takes part again in the next round.
OUT_OF_THE_ROUND: Final = [PlaceOfferState.DECLINED, PlaceOfferState.LAPSED]


@dataclass(frozen=True, slots=True)
class Given:
    """A place for an entry: ``wish`` counts from 1, ``position`` of ``applicants`` who want it."""

    entry_id: UUID
    case_id: UUID
    place_id: UUID
    wish: int
    position: int
    applicants: int


def offer(
    allocation: AllocationRound,
    given: Sequence[Given],
    *,
    because: str,
    offered_by: str,
    by: Actor,
    at: datetime,
) -> None:
    """Offer each of ``given`` their place, inside a verb that holds the list's lock.

    The day until which it is kept is the authority's to set (§ 31 (2) VwVfG NRW, § 26 SGB X).
    """
    cases = [one.case_id for one in given]
    processes = {
        process.case_id: process
        for process in Process.objects.select_related("version")
        .defer("version__definition")
        .filter(case_id__in=cases)
    }
    reached = _reached_by_portal(cases)
    for place_id, count in Counter(one.place_id for one in given).items():
        PlaceGroup.objects.filter(id=place_id).update(taken=F("taken") + count)
    titles = _titles([one.place_id for one in given])
    for one in given:
        process = processes[one.case_id]
        rule = definition_of(process.version).waiting_list
        assert rule is not None
        period = Period(rule.offer_days, Unit.DAYS)
        reckoning = period_set_by_authority(local_date(at), period, law=DEFAULT_LAW)
        made = PlaceOffer.objects.create(
            id=uuid7(),
            tenant_id=process.tenant_id,
            case_id=one.case_id,
            entry_id=one.entry_id,
            round=allocation,
            place_id=one.place_id,
            wish=one.wish,
            offered_at=at,
            offered_by=offered_by,
            due_on=reckoning.day("end"),
        )
        set_deadline(
            process.tenant_id,
            one.case_id,
            key=DEADLINE,
            kind="procedural",
            event_on=local_date(at),
            reckoning=reckoning,
            by=by,
            at=at,
        )
        channel = "portal" if one.case_id in reached else "post"
        owe_letter(process, LETTER, channel=channel, subject=made.id, by=by, at=at)
        announce(process, "place_offered", at=at)
        told = {
            "round": allocation.number,
            "facility": titles[one.place_id],
            "wish": one.wish,
            "position": one.position,
            "applicants": one.applicants,
            "due_on": made.due_on,
            "because": because,
        }
        record(facts.PlaceOffered(case_id=one.case_id, facts=told), by=by, at=at)


def settle(
    made: PlaceOffer, state: PlaceOfferState, note: str = "", *, by: Actor, at: datetime
) -> None:
    """The offer is answered or over, inside a verb that holds the list's lock."""
    made.state, made.settled_at, made.settled_by, made.note = state, at, by.key, note
    made.save(update_fields=["state", "settled_at", "settled_by", "note"])
    end_deadlines(made.case_id, [DEADLINE], at=at)
    if state is not PlaceOfferState.ACCEPTED:
        places.give_back(made.place_id)
    told = {"state": state.value, "note": note}
    record(facts.PlaceAnswered(case_id=made.case_id, facts=told), by=by, at=at)


def take_back(entry: WaitingEntry, *, by: Actor, at: datetime) -> None:
    """What ``entry`` was offered goes to the next in line, inside a verb that holds the lock."""
    found = PlaceOffer.objects.select_related("place").filter(
        entry=entry, state=PlaceOfferState.OPEN
    )
    made = found.first()
    if made is not None:
        settle(made, PlaceOfferState.WITHDRAWN, "left_the_list", by=by, at=at)
        succeed(made.round_id, by=by, at=at)


def succeed(round_id: UUID, *, by: Actor, at: datetime) -> int:
    """Offer what is free again to the next in line; returns how many offers were made.

    The round is computed again with its own order and lot, over those of it who still wait. What
    is offered already stays, unless a wish that is wanted more came free: that replaces it. Of
    several rounds for the same day the latest is the one that counts.
    """
    first = AllocationRound.objects.get(id=round_id)
    allocation = (
        AllocationRound.objects.select_related("list")
        .filter(list_id=first.list_id, from_on=first.from_on, state=RoundState.CARRIED_OUT)
        .order_by("-number")
        .first()
    )
    if allocation is None:
        return 0
    outcomes = {row.key: row for row in _still_waiting(allocation)}
    free = _free(allocation, [one.place for one in outcomes.values() if one.place])
    applicants = [
        Applicant(
            key,
            row.outcome.points,
            row.outcome.applied_on,
            tuple(row.outcome.wishes),
            row.first_at,
            row.place,
        )
        for key, row in outcomes.items()
    ]
    moved = []
    for result in allot(applicants, free, seed=allocation.seed):
        row = outcomes[result.applicant.key]
        if result.place is None or result.place == row.place:
            continue
        if row.offer is not None:
            settle(row.offer, PlaceOfferState.WITHDRAWN, "better_wish", by=by, at=at)
        wish = next(one for one in result.wishes if one.place == result.place)
        moved.append(
            Given(
                row.outcome.entry_id,
                row.outcome.case_id,
                UUID(result.place),
                result.applicant.wishes.index(result.place) + 1,
                wish.position,
                wish.applicants,
            )
        )
    offer(
        allocation,
        moved,
        because="succession",
        offered_by=allocation.settled_by,
        by=by,
        at=at,
    )
    return len(moved)


@dataclass(frozen=True, slots=True)
class _Waiting:
    key: str
    outcome: RoundOutcome
    offer: PlaceOffer | None
    first_at: frozenset[str]

    @property
    def place(self) -> str | None:
        return str(self.offer.place_id) if self.offer else None


def _still_waiting(allocation: AllocationRound) -> list[_Waiting]:
    """Whoever took part, waits still, and has not let a place of this round go. Five statements."""
    of_round = RoundOutcome.objects.filter(round=allocation, entry__left_at__isnull=True)
    made = PlaceOffer.objects.filter(round=allocation)
    turned_down = made.filter(state__in=OUT_OF_THE_ROUND)
    undecided = Process.objects.filter(tenant_id=allocation.tenant_id, state__in=UNDECIDED)
    held = {one.case_id: one for one in made.filter(state=PlaceOfferState.OPEN)}
    firsts = exceptions_of(allocation.list)
    houses = {
        str(place): key
        for place, key in PlaceGroup.objects.filter(
            facility__list=allocation.list, from_on=allocation.from_on
        ).values_list("id", "facility__key")
    }
    rows = (
        of_round.filter(case_id__in=undecided.values("case_id"))
        .exclude(case_id__in=turned_down.values("case_id"))
        .select_related("case")
    )
    return [
        _Waiting(
            row.case.reference,
            row,
            held.get(row.case_id),
            frozenset(
                wish
                for wish in row.wishes
                if firsts.get(row.entry_id, frozenset()) & {houses.get(wish, wish), ""}
            ),
        )
        for row in rows
    ]


def exceptions_of(wanted: PlaceList) -> dict[UUID, frozenset[str]]:
    """The houses at which an exception counts, "" for all, per entry of the list."""
    made: dict[UUID, set[str]] = {}
    for entry, facility in PlaceException.objects.filter(
        tenant_id=wanted.tenant_id, entry__list_key=wanted.key, revoked_at__isnull=True
    ).values_list("entry_id", "facility"):
        made.setdefault(entry, set()).add(facility)
    return {entry: frozenset(found) for entry, found in made.items()}


def _free(allocation: AllocationRound, held: Sequence[str]) -> dict[str, int]:
    """The places this round may still give: what is free, and what its own offers hold."""
    back = Counter(held)
    groups = PlaceGroup.objects.filter(
        facility__list_id=allocation.list_id, from_on=allocation.from_on
    )
    return {str(group.id): group.places - group.taken + back[str(group.id)] for group in groups}


def _reached_by_portal(cases: Sequence[UUID]) -> frozenset[UUID]:
    """Those whose applicants agreed to be told through the portal. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_id FROM workflows_submission WHERE case_id = ANY(%s) AND "
            "envelope::jsonb #> '{consents,electronic_delivery}' = 'true'",
            [list(cases)],
        )
        return frozenset(case_id for (case_id,) in cursor.fetchall())


def _titles(ids: Sequence[UUID]) -> dict[UUID, str]:
    groups = PlaceGroup.objects.filter(id__any=list(ids)).values_list("id", "facility__title")
    return dict(groups)


def due(made: PlaceOffer, today: date) -> bool:
    """Whether the day until which it was kept is over."""
    return today > made.due_on
