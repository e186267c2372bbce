"""What applicants are told of waiting lists and places: by letter, as an event, as their status."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from efile.letters.text import day_in
from workflows.models import PlaceOffer, PlaceOfferState

# The present place on a list and the latest offer, as a column of whoever reads ``s`` (submission).
COLUMN: Final = """
       (SELECT json_build_object('since', w.joined_at, 'stands', w.left_at IS NULL, 'offer',
          (SELECT json_build_object('id', o.id, 'state', o.state, 'until', o.due_on,
                  'facility', f.key, 'title', f.title, 'group', g."group", 'from', g.from_on)
             FROM workflows_placeoffer o
             JOIN workflows_placegroup g ON g.id = o.place_id
             JOIN workflows_facility f ON f.id = g.facility_id
            WHERE o.case_id = w.case_id ORDER BY o.offered_at DESC, o.id DESC LIMIT 1))
          FROM workflows_waitingentry w WHERE w.case_id = s.case_id) AS waiting"""

# The rank, where the tenant lets it be told; whoever has the same claim has the same rank.
RANK: Final = """
       (SELECT (SELECT json_build_object('of', count(*), 'rank', 1 + count(*) FILTER (
                       WHERE x.points > w.points
                          OR x.points = w.points AND x.applied_on < w.applied_on))
                  FROM workflows_waitingentry x
                 WHERE x.tenant_id = w.tenant_id AND x.list_key = w.list_key
                   AND x.left_at IS NULL)
          FROM workflows_waitingentry w
          JOIN workflows_placelist l ON l.tenant_id = w.tenant_id AND l.key = w.list_key
         WHERE w.case_id = s.case_id AND w.left_at IS NULL AND l.tells_rank) AS rank"""

# States of the public status in which somebody on a list waits for a place.
_WAITING: Final = ("received", "in_examination")


def words_of(case_id: UUID) -> dict[str, str]:
    """What a decision may name of the place that is given. One statement."""
    made = (
        PlaceOffer.objects.select_related("place__facility")
        .filter(case_id=case_id, state=PlaceOfferState.ACCEPTED)
        .first()
    )
    return _words(made) if made else {}


def words_of_offer(offer_id: UUID) -> tuple[dict[str, str], dict[str, date]]:
    """What the letter that offers a place names: words, and days. One statement."""
    made = PlaceOffer.objects.select_related("place__facility").get(id=offer_id)
    return _words(made), {"deadline": made.due_on, "place_from": made.place.from_on}


def is_over(offer_id: UUID) -> bool:
    """Whether the offer is answered or past, so that no letter need tell of it any more."""
    return not PlaceOffer.objects.filter(id=offer_id, state=PlaceOfferState.OPEN).exists()


def named(found: Mapping[str, Any] | None, language: str) -> dict[str, str]:
    """What public texts may name of a list, from the column."""
    offer = (found or {}).get("offer")
    if not offer:
        return {}
    return {
        "facility": offer["title"],
        "offer_until": day_in(date.fromisoformat(offer["until"]), language),
    }


def happening(found: Mapping[str, Any] | None, state: str) -> str:
    """The event that says what comes next for who is on a list; "" where the state says it."""
    if not found or not found["stands"] or state not in _WAITING:
        return ""
    return "place_offered" if _is_open(found["offer"]) else "waiting_listed"


def status(found: Mapping[str, Any] | None, rank: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the status says of a list: the offer to be answered, and the rank if it may be told."""
    if not found or not found["stands"]:
        return {}
    told: dict[str, Any] = {"waiting_list": {"since": found["since"], **(rank or {})}}
    if _is_open(offer := found["offer"]):
        told["place_offer"] = {
            "id": offer["id"],
            "facility": {"key": offer["facility"], "title": offer["title"]},
            "group": offer["group"],
            "from": offer["from"],
            "answer_until": offer["until"],
        }
    return told


def _is_open(offer: Mapping[str, Any] | None) -> bool:
    return bool(offer and offer["state"] == PlaceOfferState.OPEN)


def _words(made: PlaceOffer) -> dict[str, str]:
    return {
        "facility": made.place.facility.title,
        "place_from": f"{made.place.from_on:%d.%m.%Y}",
    }
