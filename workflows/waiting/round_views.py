"""Rounds as the office looks at them: which there were, and what each means for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from efile.kernel.actors import Actor
from efile.policy import Action, may
from workflows.models import (
    AllocationRound,
    PlaceGroup,
    PlaceList,
    PlaceOffer,
    PlaceOfferState,
    RoundOutcome,
    RoundState,
)
from workflows.waiting import places
from workflows.waiting.rounds import Allotment, as_json, preview, seen_round


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round of a list, and how many took part and were offered a place once it was done."""

    id: UUID
    number: int
    from_on: date
    state: str
    drawn_at: datetime
    settled_at: datetime | None
    applicants: int
    offers: int
    open_offers: int


def rounds_of(key: str, *, by: Actor) -> tuple[PlaceList, list[RoundLine], list[date], bool]:
    """The rounds of a list, latest first; for which days one can be drawn; whether ``by`` may.

    Six statements. Refuses: NotFound.
    """
    wanted = places.seen_list(key, by=by)
    rounds = AllocationRound.objects.filter(list=wanted).order_by("-number")
    took_part = dict(
        RoundOutcome.objects.filter(round__list=wanted)
        .values_list("round")
        .annotate(count=Count("id"))
    )
    offers = PlaceOffer.objects.filter(round__list=wanted).values_list("round")
    made = dict(offers.annotate(count=Count("id")))
    unanswered = dict(offers.filter(state=PlaceOfferState.OPEN).annotate(count=Count("id")))
    days = PlaceGroup.objects.filter(facility__list=wanted).order_by("from_on")
    lines = [
        RoundLine(
            one.id,
            one.number,
            one.from_on,
            one.state,
            one.drawn_at,
            one.settled_at,
            took_part.get(one.id, 0),
            made.get(one.id, 0),
            unanswered.get(one.id, 0),
        )
        for one in rounds
    ]
    return (
        wanted,
        lines,
        list(days.values_list("from_on", flat=True).distinct()),
        places.may_allot(wanted, by=by),
    )


@dataclass(frozen=True, slots=True)
class Result:
    """What a round means for one applicant; ``case_id`` None where ``by`` may not see the case.

    ``wishes`` are as ``rounds.as_json`` gives them, ``offer`` the state of what was offered.
    """

    position: int
    case_id: UUID | None
    reference: str
    applicant: str
    points: int
    applied_on: date
    lot: str
    place: str | None
    wishes: Sequence[Mapping[str, Any]]
    offer: str = ""


@dataclass(frozen=True, slots=True)
class RoundSeen:
    """A round with its results; ``digest`` names the data of a preview, "" once carried out."""

    round: AllocationRound
    results: Sequence[Result]
    houses: Mapping[str, str]
    places: Mapping[str, int]
    digest: str
    may_allot: bool

    @property
    def is_drawn(self) -> bool:
        return self.round.state == RoundState.DRAWN


def round_of(round_id: UUID, *, by: Actor) -> RoundSeen:
    """The round as it would be carried out now, or as it was. Nine statements at most.

    Refuses: NotFound.
    """
    allocation = seen_round(round_id, by=by)
    groups = PlaceGroup.objects.select_related("facility").filter(
        facility__list=allocation.list, from_on=allocation.from_on
    )
    houses = {
        str(one.id): f"{one.facility.title} ({one.group})" if one.group else one.facility.title
        for one in groups
    }
    may_allot = places.may_allot(allocation.list, by=by)
    if allocation.state == RoundState.DRAWN:
        found = preview(round_id, by=by)
        rows = _previewed(found, by)
        return RoundSeen(allocation, rows, houses, found.places, found.digest, may_allot)
    rows = _stored(allocation, by)
    return RoundSeen(allocation, rows, houses, allocation.places, "", may_allot)


def _previewed(found: Allotment, by: Actor) -> list[Result]:
    rows = []
    for one in found.outcomes:
        entry = found.entries[one.applicant.key]
        seen = may(Action.VIEW, entry.case_id, entry.scope, by=by)
        rows.append(
            Result(
                one.position,
                entry.case_id if seen else None,
                one.applicant.key,
                entry.case.applicant if seen else "",
                one.applicant.points,
                one.applicant.applied_on,
                one.lot,
                one.place,
                [as_json(wish) for wish in one.wishes],
            )
        )
    return rows


def _stored(allocation: AllocationRound, by: Actor) -> list[Result]:
    offers = dict(
        PlaceOffer.objects.filter(round=allocation)
        .order_by("offered_at", "id")
        .values_list("case_id", "state")
    )
    rows = []
    stored = RoundOutcome.objects.select_related("case", "entry").filter(round=allocation)
    for one in stored.order_by("position"):
        seen = may(Action.VIEW, one.case_id, one.entry.scope, by=by)
        rows.append(
            Result(
                one.position,
                one.case_id if seen else None,
                one.case.reference,
                one.case.applicant if seen else "",
                one.points,
                one.applied_on,
                one.lot,
                str(one.place_id) if one.place_id else None,
                one.explanation,
                offers.get(one.case_id, ""),
            )
        )
    return rows
