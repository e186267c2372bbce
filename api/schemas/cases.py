"""A person's own cases, as a portal shows them to whoever is signed in."""

from typing import Final

from api.schemas.parts import (
    MOMENT,
    TEXT,
    UUID,
    Schema,
    closed,
    component,
    described,
    listed,
    nullable,
    text,
    told,
)
from api.schemas.submissions import DECISIONS, STATES

_QUERY: Schema = {
    **closed(
        {
            "identity": closed(
                {
                    "source": text(60, "Who vouches for the identity, such as bundid."),
                    "assurance": {
                        "enum": ["none", "basic", "substantial", "high"],
                        "description": "Assurance level (eIDAS) of this sign-in: substantial at "
                        "least; what a special secrecy governs is shown at high alone.",
                    },
                    "bpk2": text(
                        200,
                        "Pseudonym of the person's BundID account; never stored.",
                        minLength=1,
                    ),
                },
                ["source", "assurance", "bpk2"],
                "Who is signed in.",
            ),
            "cursor": {**UUID, "description": "next of the last answer; without it, the latest."},
            "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
        },
        ["identity"],
        "Whose cases are asked for.",
    ),
    "examples": [
        {"identity": {"source": "bundid", "assurance": "substantial", "bpk2": "BPK2-EXAMPLE"}}
    ],
}

_CASE: Schema = told(
    {
        "case_reference": TEXT,
        "service": TEXT,
        "title": described(TEXT, "What the service is called."),
        "state": {"enum": STATES},
        "decision": {"enum": DECISIONS},
        "received_at": MOMENT,
        "next_step": described(TEXT, "What happens next, in the words for the applicant."),
        "open_questions": listed(component("Question")),
        "documents": described({"type": "integer"}, "How many the sender may fetch."),
        "submission": described(nullable(UUID), "Its id, where this client handed it in."),
    }
)

SCHEMAS: Final[dict[str, Schema]] = {
    "CaseQuery": _QUERY,
    "PersonsCase": _CASE,
    "PersonsCases": told(
        {
            "cases": listed(component("PersonsCase")),
            "next": described(nullable(UUID), "The cursor to go on from; null: there is no more."),
        },
        "Cases of one person, the latest first.",
    ),
}
