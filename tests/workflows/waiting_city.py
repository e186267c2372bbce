"""A waiting list for tests: a service that has one, its houses, and children who wait."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from efile.kernel.actors import Actor
from tests.factories import AT, body, colleague, machine, portal, submit
from tests.workflows.working import published
from workflows.models import AllocationRound, PlaceGroup, PlaceList, PlaceOffer, Process
from workflows.waiting.places import House, set_up
from workflows.waiting.rounds import carry_out, draw_round, preview

LIST = "kita"
FROM = date(2026, 8, 1)
UNTIL = date(2027, 7, 31)
SERVICE = "resident-parking"
HOUSES = {"sonne": "Kita Sonnenhügel", "wald": "Kita Waldrand", "fluss": "Kita am Fluss"}


def with_waiting_list(document: dict[str, Any]) -> None:
    """A change for ``published``: whoever applies waits for a place."""
    text = {"de": "Angabe", "en": "Fact"}
    fields = document["form"]["properties"]
    fields["facilities"] = {
        "type": "array",
        "x-labels": text,
        "maxItems": 10,
        "items": {"type": "string", "enum": [*HOUSES], "x-labels": text}
        | {"x-options": {key: {"de": name, "en": name} for key, name in HOUSES.items()}},
    }
    fields["wish_from"] = {"type": "string", "format": "date", "x-labels": text}
    fields["group"] = {"type": "string", "x-labels": text, "maxLength": 20}
    fields["siblings"] = {"type": "integer", "x-labels": text}
    fields["siblings"] |= {"minimum": 0, "maximum": 20, "default": 0}
    document["checks"] = []
    document["automation"] |= {"level": "none"}
    document["standing_matter"] |= {"kind": "childcare_place"}
    document["decisions"]["granted"]["body"] = {
        "de": "Sie erhalten einen Platz: {facility}, ab dem {place_from}.",
        "en": "You receive a place: {facility}, from {place_from}.",
    }
    document["example"]["form"] |= {
        "facilities": ["sonne", "wald"],
        "wish_from": "2026-08-01",
        "group": "ue3",
        "siblings": 1,
    }
    document["waiting_list"] = {
        "list": LIST,
        "facilities": "/form/facilities",
        "wish_from": "/form/wish_from",
        "group": "/form/group",
        "offer_days": 14,
        "legal_basis": "§ 24 SGB VIII, § 3b KiBiz",
        "criteria": [
            {
                "key": "siblings",
                "title": {"de": "Geschwister in der Kita", "en": "Siblings"},
                "points": "form.siblings * 10",
                "paragraph": "Nr. 2.1 der Vergaberichtlinie",
            },
            {
                "key": "old-rule",
                "title": {"de": "Alte Regel", "en": "Old rule"},
                "points": "100",
                "paragraph": "Nr. 9 der Vergaberichtlinie",
                "valid_until": "2026-02-28",
            },
        ],
    }


def founded(places: Mapping[str, int], *, tells_rank: bool = False) -> PlaceList:
    """A list with so many places per house, for a service that puts its cases on it."""
    version = published(SERVICE, with_waiting_list)
    return set_up(
        LIST,
        "Kita-Plätze",
        [
            House(key, name, {("ue3", FROM, UNTIL): places[key]} if key in places else {})
            for key, name in HOUSES.items()
        ],
        scope=f"{version.unit_id}:general",
        tells_rank=tells_rank,
        by=machine("founding"),
        at=AT,
    )


def waiting(
    *wishes: str, siblings: int = 0, at: datetime = AT, by: Actor | None = None, **form: Any
) -> Process:
    """A child who waits for ``wishes``, most wanted first."""
    sender = by or portal()
    sent = body(SERVICE, by=sender)
    sent["form"] |= {"facilities": list(wishes), "siblings": siblings} | form
    receipt = submit(sent, at=at, by=sender)
    return Process.objects.select_related("case").get(submission=UUID(receipt["id"]))


def head() -> Actor:
    """Who may give the places."""
    return colleague("t.oyelaran")


def carried_out(at: datetime = AT) -> AllocationRound:
    """A round that was drawn, looked at and carried out."""
    drawn = draw_round(LIST, FROM, by=head(), at=at)
    seen = preview(drawn.id, by=head()).digest
    return carry_out(drawn.id, seen, by=head(), at=at)


def free(house: str) -> int:
    """How many places of the house can still be given."""
    group = PlaceGroup.objects.get(facility__key=house, from_on=FROM)
    return group.places - group.taken


def offered(children: Sequence[Process]) -> list[str | None]:
    """The house each child is offered or has, if any."""
    held = PlaceOffer.objects.filter(state__in=["open", "accepted"]).values_list(
        "case_id", "place__facility__key"
    )
    houses = dict(held)
    return [houses.get(child.case_id) for child in children]
