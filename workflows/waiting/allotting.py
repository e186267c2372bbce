"""Who gets which place: a pure function of applicants, places and a seed.

Deferred acceptance (Gale and Shapley 1962), the applicants proposing. Everybody asks for their
best wish; a house keeps those who come first there, as many as it has places, and sends the others
on to their next wish, also somebody it had kept until somebody with a better claim asked. It ends
when nobody is sent on any more. Hence nobody who wanted a place more than what they got is passed
there by somebody with a lesser claim, no wish is worth hiding, and the order in which applicants
are looked at does not matter.

Who comes first at a house: who has a recorded exception there; then more points; then the earlier
day of application; then the lot. The lot of an applicant is the HMAC-SHA-256 of their key under the
round's seed, so anybody who knows both can compute it again; the smaller one comes first.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from heapq import heappush, heappushpop
from typing import Any

import rfc8785

Place = str


class Came(StrEnum):
    """What came of a wish."""

    GIVEN = "given"
    # A wish that was wanted more is fulfilled.
    NOT_NEEDED = "not_needed"
    # All places went to those who come first there.
    FULL = "full"
    NO_PLACES = "no_places"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who waits: ``wishes`` most wanted first, ``first_at`` where an exception counts.

    ``key`` is what the lot is drawn for: the reference of the case, which the applicant knows.
    ``holds`` is what they are offered already: nobody takes that from them, and only a wish they
    want more replaces it.
    """

    key: str
    points: int
    applied_on: date
    wishes: tuple[Place, ...]
    first_at: frozenset[Place] = frozenset()
    holds: Place | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish explained: ``position`` of ``applicants`` who want it, for ``places``."""

    place: Place
    position: int
    applicants: int
    places: int
    came: Came
    exception: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an applicant got (None: nothing), their ``position`` in the order of the round."""

    applicant: Applicant
    position: int
    lot: str
    place: Place | None
    wishes: tuple[Wish, ...]


def lot(seed: str, key: str) -> str:
    """The lot of ``key``: hex HMAC-SHA-256 under the hex ``seed``."""
    return hmac.new(bytes.fromhex(seed), key.encode(), hashlib.sha256).hexdigest()


def digest(applicants: Sequence[Applicant], places: Mapping[Place, int], seed: str) -> str:
    """Hex SHA-256 over everything an allotment follows from, in whatever order it came."""
    said: dict[str, Any] = {
        "seed": seed,
        "places": dict(places),
        "applicants": sorted(
            [
                [
                    one.key,
                    one.points,
                    one.applied_on.isoformat(),
                    [*one.wishes],
                    sorted(one.first_at),
                    one.holds,
                ]
                for one in applicants
            ],
            key=lambda one: str(one[0]),
        ),
    }
    return hashlib.sha256(rfc8785.dumps(said)).hexdigest()


def allot(
    applicants: Sequence[Applicant], places: Mapping[Place, int], *, seed: str
) -> list[Outcome]:
    """What each applicant gets, in the order of the round; ``places``: how many there are of each.

    A wish for what is not among ``places`` is one for a house without any.
    """
    lots = {one.key: lot(seed, one.key) for one in applicants}
    order = sorted(
        applicants, key=lambda one: (-one.points, one.applied_on, lots[one.key], one.key)
    )
    given = _match(order, places)
    queues = _queues(order)
    return [
        Outcome(
            one,
            index + 1,
            lots[one.key],
            given[index],
            tuple(_explained(one, index, given[index], places, queues)),
        )
        for index, one in enumerate(order)
    ]


def _claim(order: Sequence[Applicant], index: int, place: Place) -> int:
    """The smaller, the sooner it is theirs: what stands, then exceptions, then the order."""
    one = order[index]
    if one.holds == place:
        return index - 2 * len(order)
    return index - len(order) if place in one.first_at else index


def _match(order: Sequence[Applicant], places: Mapping[Place, int]) -> list[Place | None]:
    kept: dict[Place, list[tuple[int, int]]] = {}
    given: list[Place | None] = [None] * len(order)
    asked = [0] * len(order)
    asking = list(range(len(order) - 1, -1, -1))
    while asking:
        index = asking.pop()
        wishes = order[index].wishes
        if asked[index] == len(wishes):
            continue
        place = wishes[asked[index]]
        asked[index] += 1
        room = places.get(place, 0)
        held = kept.setdefault(place, [])
        ticket = (-_claim(order, index, place), index)
        if len(held) < room:
            heappush(held, ticket)
            given[index] = place
            continue
        last = heappushpop(held, ticket)[1] if room else index
        given[index], given[last] = place, None
        asking.append(last)
    return given


def _queues(order: Sequence[Applicant]) -> dict[Place, dict[int, int]]:
    """Per place: the position of everybody who wants it."""
    claims: dict[Place, list[tuple[int, int]]] = {}
    for index, one in enumerate(order):
        for place in one.wishes:
            claims.setdefault(place, []).append((_claim(order, index, place), index))
    return {
        place: {index: position for position, (_, index) in enumerate(sorted(found), start=1)}
        for place, found in claims.items()
    }


def _explained(
    one: Applicant,
    index: int,
    given: Place | None,
    places: Mapping[Place, int],
    queues: Mapping[Place, Mapping[int, int]],
) -> list[Wish]:
    found: list[Wish] = []
    fulfilled = False
    for place in one.wishes:
        room = places.get(place, 0)
        if place == given:
            came, fulfilled = Came.GIVEN, True
        elif fulfilled:
            came = Came.NOT_NEEDED
        else:
            came = Came.FULL if room else Came.NO_PLACES
        queue = queues[place]
        found.append(Wish(place, queue[index], len(queue), room, came, place in one.first_at))
    return found
