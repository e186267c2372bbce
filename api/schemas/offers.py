"""What a city offers: its services, their forms and fees, free slots; and tokens."""

from typing import Final

from api.schemas.parts import (
    DAY,
    LANGUAGE,
    MOMENT,
    TEXT,
    Schema,
    component,
    described,
    listed,
    nullable,
    opened,
    told,
)

_SUMMARY: Schema = {
    "key": TEXT,
    "version": {"type": "integer"},
    "title": TEXT,
    "summary": TEXT,
    "language": described(LANGUAGE, "The language of these texts (see Accept-Language)."),
    "languages": described(listed(LANGUAGE), "The languages the service speaks."),
    "processing_days": described({"type": "integer"}, "Working days we mean to take."),
    "assurance_level": {"enum": ["none", "basic", "substantial", "high"]},
    "current_processing": {
        **told(
            {
                "median_days": described({"type": "integer"}, "Half were decided within so many."),
                "within_days_80": described({"type": "integer"}, "Four of five were."),
                "as_of": DAY,
            },
            "Calendar days from receipt to decision over the last 90 days; null where fewer than "
            "five cases were decided.",
        ),
        "type": ["object", "null"],
    },
    "earliest_appointment": {
        **told(
            {"date": DAY, "start": described(TEXT, "HH:MM at the place.")},
            "The first free appointment of any kind, anywhere; null where there is none, or the "
            "service has no appointments.",
        ),
        "type": ["object", "null"],
    },
}

_PROOF: Schema = told(
    {
        "key": TEXT,
        "title": TEXT,
        "required": {"type": "boolean"},
        "required_if": described(nullable(TEXT), "A condition (CEL) over the form."),
        "media_types": listed(TEXT),
        "max_bytes": {"type": "integer"},
    }
)

_FEE: Schema = {
    **told(
        {
            "currency": TEXT,
            "legal_basis": TEXT,
            "periods": listed(
                told(
                    {
                        "valid_from": DAY,
                        "valid_until": nullable(DAY),
                        "positions": listed(
                            told(
                                {
                                    "key": TEXT,
                                    "title": TEXT,
                                    "cents": {"type": "integer"},
                                    "when": nullable(TEXT),
                                    "quantity": nullable(TEXT),
                                }
                            )
                        ),
                    }
                )
            ),
        },
        "The fee by period; null: free of charge.",
    ),
    "type": ["object", "null"],
}

_SERVICE: Schema = told(
    {
        **_SUMMARY,
        "form_schema": described(
            {"type": "object"}, "JSON Schema (2020-12) of the form, with titles to show."
        ),
        "proofs": listed(component("Proof")),
        "fee": component("Fee"),
        "automation": told({"level": TEXT, "legal_basis": nullable(TEXT), "note": TEXT}),
        "example": described(
            {"type": "object"},
            "A submission this city accepts as it stands, but for the ids of the uploads.",
        ),
    }
)

_SLOT: Schema = told(
    {
        "id": described(TEXT, "To be held, or named in the form where the service says so."),
        "start": MOMENT,
        "end": MOMENT,
        "kind": TEXT,
        "free": described({"type": "integer"}, "Places left at the time of asking."),
        "district": TEXT,
    }
)

_TOKEN: Schema = opened(
    {
        "access_token": TEXT,
        "token_type": {"const": "Bearer"},
        "expires_in": described({"type": "integer"}, "Seconds."),
        "scope": TEXT,
    },
    ["access_token", "token_type", "expires_in", "scope"],
)

SCHEMAS: Final[dict[str, Schema]] = {
    "Services": told({"services": listed(told(_SUMMARY))}),
    "Service": _SERVICE,
    "Proof": _PROOF,
    "Fee": _FEE,
    "Slots": told({"slots": listed(_SLOT)}),
    "Token": _TOKEN,
    "TokenError": opened({"error": TEXT, "error_description": TEXT}, ["error"]),
}
SUMMARY_FIELDS: Final = tuple(_SUMMARY)
