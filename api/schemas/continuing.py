"""What is offered unasked and what a waiting list gives: occasions, offers, places."""

from typing import Final

from api.schemas.parts import (
    DAY,
    LANGUAGE,
    MOMENT,
    TEXT,
    UUID,
    Schema,
    closed,
    component,
    described,
    listed,
    nullable,
    opened,
    text,
    told,
)

_BPK2: Schema = text(
    200, "Pseudonym of the person's BundID account; kept as a keyed hash only.", minLength=1
)
_CONSENTS: Schema = {
    "type": "object",
    "properties": {
        "proactive_offers": {
            "type": "boolean",
            "description": "Whether the person agreed to be offered services unasked.",
        }
    },
    "additionalProperties": {"type": "boolean"},
    "maxProperties": 20,
}
# Whoever answers an offer says who they are, and nobody else's account will do.
_SIGNED_IN: Schema = closed(
    {
        "source": text(60, "Who vouches for the identity, such as bundid."),
        "assurance": {"enum": ["none", "basic", "substantial", "high"], "default": "none"},
        "bpk2": _BPK2,
    },
    ["bpk2"],
    "Who is signed in; it has to be the person the offer was made to.",
)

_OCCASION: Schema = {
    **closed(
        {
            "kind": {"enum": ["moved_in", "birth", "business_registered"]},
            "occurred_on": described(DAY, "When it happened: today or up to a year ago."),
            "person": closed({"bpk2": _BPK2}, ["bpk2"]),
            "data": {
                "type": "object",
                "maxProperties": 50,
                "description": "What is known of it; services fill in their forms from this.",
            },
            "consents": _CONSENTS,
        },
        ["kind", "occurred_on", "person"],
        "Something another register knows of a person.",
    ),
    "examples": [
        {
            "kind": "moved_in",
            "occurred_on": "2026-03-02",
            "person": {"bpk2": "AGYwTg8Xxk7ZPzZcJ8v1uA=="},
            "data": {"district": "2"},
            "consents": {"proactive_offers": True},
        }
    ],
}

_REPORTED: Schema = told(
    {
        "id": UUID,
        "kind": TEXT,
        "received_at": MOMENT,
        "offers": listed(told({"id": UUID, "service": TEXT, "valid_until": DAY})),
    }
)

_OFFER: Schema = told(
    {
        "id": UUID,
        "service": TEXT,
        "occasion": {"enum": ["matter_ends", "moved_in", "birth", "business_registered"]},
        "title": TEXT,
        "text": TEXT,
        "legal_basis": described(nullable(TEXT), "What allows offering it, where law does."),
        "consent": described({"type": "boolean"}, "It is made because the person agreed."),
        "form": described({"type": "object"}, "The form as far as it is filled in."),
        "missing": described(listed(TEXT), "JSON pointers to what is still to be filled in."),
        "submission": described(nullable(UUID), "The submission whose grant runs out."),
        "reported": described(nullable(UUID), "The occasion that was reported."),
        "made_at": MOMENT,
        "valid_until": described(DAY, "The last day on which it can be accepted."),
        "state": {"enum": ["open", "accepted", "declined", "lapsed", "withdrawn"]},
        "reason": described(nullable(TEXT), "Why it was withdrawn."),
    },
    "A service offered unasked.",
)

_ACCEPTANCE: Schema = {
    **closed(
        {
            "identity": component("SignedIn"),
            "form": {"type": "object", "description": "Completes or replaces what is filled in."},
            "parties": listed(component("Party"), 100),
            "attachments": listed(component("Attachment"), 100),
            "consents": {**_CONSENTS, "description": "Beside those given before."},
            "language": LANGUAGE,
        },
        ["identity"],
        "Takes the offer. What is not said is taken from the application that led to it.",
    ),
    "examples": [
        {
            "identity": {
                "source": "bundid",
                "assurance": "substantial",
                "bpk2": "AGYwTg8Xxk7ZPzZcJ8v1uA==",
            }
        }
    ],
}

_PLACE_OFFER: Schema = opened(
    {
        "id": UUID,
        "facility": told({"key": TEXT, "title": TEXT}),
        "group": described(TEXT, "The kind of place."),
        "from": DAY,
        "answer_until": described(DAY, "The last day on which it can be accepted."),
    },
    ["id", "facility", "group", "from", "answer_until"],
    "A place that is kept for the applicant.",
)

_WAITING: Schema = opened(
    {
        "since": MOMENT,
        "rank": described({"type": "integer"}, "Where the city lets it be told."),
        "of": {"type": "integer"},
    },
    ["since"],
    "The applicant is on a waiting list.",
)

SCHEMAS: Final[dict[str, Schema]] = {
    "Occasion": _OCCASION,
    "Reported": _REPORTED,
    "Offer": _OFFER,
    "Offers": told(
        {"offers": listed(component("Offer")), "next": described(TEXT, '"" where it ends.')}
    ),
    "OfferSearch": closed(
        {"bpk2": _BPK2}, ["bpk2"], "Whose offers: sent in the body, never in a URL."
    ),
    "PersonsOffers": told({"offers": listed(component("Offer"))}),
    "SignedIn": _SIGNED_IN,
    "Acceptance": _ACCEPTANCE,
    "Rejection": closed({"identity": component("SignedIn")}, ["identity"]),
    "Rejected": told({"state": {"const": "declined"}, "settled_at": MOMENT}),
    "PlaceOffer": _PLACE_OFFER,
    "WaitingList": _WAITING,
    "PlaceAnswer": closed({"answer": {"enum": ["accept", "decline"]}}, ["answer"]),
    "PlaceAnswered": told(
        {"id": UUID, "state": {"enum": ["accepted", "declined"]}, "answered_at": MOMENT}
    ),
}
