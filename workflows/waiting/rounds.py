"""Rounds: the lot is drawn, everybody sees who would get what and why, then it is carried out."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Max

from efile.kernel.actors import Actor
from efile.kernel.errors import Conflict, FieldError, Invalid, NotFound
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.policy import seen_scopes
from workflows import facts
from workflows.models import (
    AllocationRound,
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
from workflows.waiting import offering, places
from workflows.waiting.allotting import Applicant, Outcome, Wish, allot, digest

LONGEST_REASON: Final = 300


class RoundIsSettled(Conflict):
    """The round was carried out or given up already."""

    code = "round_is_settled"


class RoundIsDrawn(Conflict):
    """A round for this day is drawn already: carry it out or give it up."""

    code = "round_is_drawn"


class RoundHasChanged(Conflict):
    """Somebody joined, left or was reckoned anew since the result was looked at."""

    code = "round_has_changed"


class PlaceOffersAreOpen(Conflict):
    """Offers (``count``) of an earlier round are not answered: who has one might be passed."""

    code = "place_offers_are_open"


@dataclass(frozen=True, slots=True)
class Allotment:
    """What a round comes to on the data of this moment: ``digest`` names that data."""

    round: AllocationRound
    outcomes: Sequence[Outcome]
    entries: Mapping[str, WaitingEntry]
    places: Mapping[str, int]
    digest: str


@verb
def draw_round(list_key: str, from_on: date, *, by: Actor, at: datetime) -> AllocationRound:
    """Draw the lot for the places from ``from_on`` on. It is kept, whatever comes of it.

    Refuses: NotFound, ActionNotGranted, RoundIsDrawn, Invalid (no places from that day).
    """
    wanted = places.seen_list(list_key, by=by)
    places.require_allotting(wanted, by=by)
    places.lock(by.tenant_id, list_key)
    if not PlaceGroup.objects.filter(facility__list=wanted, from_on=from_on).exists():
        raise Invalid([FieldError("/from_on", "no_places")])
    of_list = AllocationRound.objects.filter(list=wanted)
    if of_list.filter(from_on=from_on, state=RoundState.DRAWN).exists():
        raise RoundIsDrawn
    last = of_list.aggregate(last=Max("number"))["last"] or 0
    drawn = AllocationRound.objects.create(
        tenant_id=by.tenant_id,
        list=wanted,
        number=last + 1,
        from_on=from_on,
        seed=secrets.token_hex(32),
        drawn_at=at,
        drawn_by=by.key,
    )
    told = {"list": list_key, "round": drawn.number, "from_on": from_on, "seed": drawn.seed}
    record(facts.RoundDrawn(case_id=None, facts=told), by=by, at=at)
    return drawn


def seen_round(round_id: UUID, *, by: Actor) -> AllocationRound:
    """The round, if ``by`` sees the cases of its list. Refuses: NotFound."""
    found = AllocationRound.objects.select_related("list").filter(
        id=round_id, tenant_id=by.tenant_id, list__scope__any=seen_scopes(by)
    )
    one = found.first()
    if one is None:
        raise NotFound
    return one


def preview(round_id: UUID, *, by: Actor) -> Allotment:
    """What carrying the round out would come to now. Six statements. Refuses: NotFound."""
    return _computed(seen_round(round_id, by=by))


@verb
def carry_out(round_id: UUID, seen: str, *, by: Actor, at: datetime) -> AllocationRound:
    """Offer the places as the preview with the digest ``seen`` showed; nobody is told before.

    Refuses: NotFound, ActionNotGranted, RoundIsSettled, RoundHasChanged, PlaceOffersAreOpen.
    """
    wanted = seen_round(round_id, by=by)
    places.require_allotting(wanted.list, by=by)
    places.lock(by.tenant_id, wanted.list.key)
    allocation = _to_settle(round_id)
    unanswered = PlaceOffer.objects.filter(
        round__list=wanted.list, round__from_on=wanted.from_on, state=PlaceOfferState.OPEN
    ).count()
    if unanswered:
        raise PlaceOffersAreOpen(count=unanswered)
    found = _computed(allocation)
    if found.digest != seen:
        raise RoundHasChanged
    RoundOutcome.objects.bulk_create(_rows(found), batch_size=1000)
    allocation.digest, allocation.places = found.digest, dict(found.places)
    allocation.state = RoundState.CARRIED_OUT
    allocation.settled_at, allocation.settled_by = at, by.key
    allocation.save()
    given = [_given(one, found.entries[one.applicant.key]) for one in found.outcomes if one.place]
    offering.offer(allocation, given, because="round", offered_by=by.key, by=by, at=at)
    told = {
        "list": wanted.list.key,
        "round": allocation.number,
        "digest": found.digest,
        "applicants": len(found.outcomes),
        "offers": len(given),
    }
    record(facts.RoundCarriedOut(case_id=None, facts=told), by=by, at=at)
    return allocation


@verb
def give_up(round_id: UUID, reason: str, *, by: Actor, at: datetime) -> AllocationRound:
    """Do without the round, for a reason: its lot stays known, another one is another round.

    Refuses: NotFound, ActionNotGranted, RoundIsSettled, Invalid (no reason).
    """
    wanted = seen_round(round_id, by=by)
    places.require_allotting(wanted.list, by=by)
    if not reason.strip():
        raise Invalid([FieldError("/reason", "required")])
    if len(reason.strip()) > LONGEST_REASON:
        raise Invalid([FieldError("/reason", "max_length", {"limit": LONGEST_REASON})])
    places.lock(by.tenant_id, wanted.list.key)
    allocation = _to_settle(round_id)
    allocation.state, allocation.reason = RoundState.GIVEN_UP, reason.strip()
    allocation.settled_at, allocation.settled_by = at, by.key
    allocation.save()
    told = {"list": wanted.list.key, "round": allocation.number, "reason": allocation.reason}
    record(facts.RoundGivenUp(case_id=None, facts=told), by=by, at=at)
    return allocation


def computed_again(allocation: AllocationRound) -> bool:
    """Whether seed and stored rows give the stored result again. Three statements."""
    rows = list(RoundOutcome.objects.select_related("case").filter(round=allocation))
    applicants = [
        Applicant(
            row.case.reference,
            row.points,
            row.applied_on,
            tuple(row.wishes),
            frozenset(row.exceptions),
        )
        for row in rows
    ]
    if digest(applicants, allocation.places, allocation.seed) != allocation.digest:
        return False
    stored = {
        row.case.reference: (row.position, row.place_id and str(row.place_id)) for row in rows
    }
    again = allot(applicants, allocation.places, seed=allocation.seed)
    return stored == {one.applicant.key: (one.position, one.place) for one in again}


def as_json(wish: Wish) -> dict[str, Any]:
    """A wish as it is stored with the outcome."""
    return {
        "place": wish.place,
        "position": wish.position,
        "applicants": wish.applicants,
        "places": wish.places,
        "came": wish.came.value,
        "exception": wish.exception,
    }


def _to_settle(round_id: UUID) -> AllocationRound:
    allocation = AllocationRound.objects.select_related("list").get(id=round_id)
    if allocation.state != RoundState.DRAWN:
        raise RoundIsSettled
    return allocation


def _computed(allocation: AllocationRound) -> Allotment:
    groups = list(
        PlaceGroup.objects.select_related("facility").filter(
            facility__list=allocation.list, from_on=allocation.from_on
        )
    )
    free = {str(group.id): group.places - group.taken for group in groups}
    entries = _taking_part(allocation.list, allocation.from_on, groups)
    by_wish = {(group.facility.key, group.group): str(group.id) for group in groups}
    firsts = offering.exceptions_of(allocation.list)
    applicants = []
    for key, entry in entries.items():
        wished = {house: by_wish.get((house, entry.group)) for house in entry.wishes}
        first = firsts.get(entry.id, frozenset())
        applicants.append(
            Applicant(
                key,
                entry.points,
                entry.applied_on,
                tuple(place for place in wished.values() if place),
                frozenset(
                    place for house, place in wished.items() if place and first & {house, ""}
                ),
            )
        )
    return Allotment(
        allocation,
        allot(applicants, free, seed=allocation.seed),
        entries,
        free,
        digest(applicants, free, allocation.seed),
    )


def _taking_part(
    wanted: PlaceList, from_on: date, groups: Sequence[PlaceGroup]
) -> dict[str, WaitingEntry]:
    """Who waits for a place in this time, is not decided and has no offer; by case reference."""
    until = max((group.until_on for group in groups), default=from_on)
    waiting = WaitingEntry.objects.select_related("case").filter(
        tenant_id=wanted.tenant_id,
        list_key=wanted.key,
        left_at__isnull=True,
        wish_from__lte=until,
    )
    offered = PlaceOffer.objects.filter(
        tenant_id=wanted.tenant_id,
        state__in=[PlaceOfferState.OPEN, PlaceOfferState.ACCEPTED],
    )
    undecided = Process.objects.filter(tenant_id=wanted.tenant_id, state__in=UNDECIDED)
    found = waiting.filter(case_id__in=undecided.values("case_id")).exclude(
        case_id__in=offered.values("case_id")
    )
    return {entry.case.reference: entry for entry in found}


def _rows(found: Allotment) -> list[RoundOutcome]:
    return [
        RoundOutcome(
            tenant_id=found.round.tenant_id,
            case_id=found.entries[one.applicant.key].case_id,
            round=found.round,
            entry=found.entries[one.applicant.key],
            position=one.position,
            points=one.applicant.points,
            applied_on=one.applicant.applied_on,
            lot=one.lot,
            wishes=list(one.applicant.wishes),
            exceptions=sorted(one.applicant.first_at),
            place_id=UUID(one.place) if one.place else None,
            explanation=[as_json(wish) for wish in one.wishes],
        )
        for one in found.outcomes
    ]


def _given(one: Outcome, entry: WaitingEntry) -> offering.Given:
    assert one.place is not None
    wish = next(wish for wish in one.wishes if wish.place == one.place)
    return offering.Given(
        entry.id,
        entry.case_id,
        UUID(one.place),
        one.applicant.wishes.index(one.place) + 1,
        wish.position,
        wish.applicants,
    )
