"""What is said of a submission before it is handed in."""

from typing import Final

from api.schemas.envelope import SCHEMAS as ENVELOPE
from api.schemas.parts import (
    DAY,
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

_FILE_TO_COME: Schema = closed(
    {
        "upload": {**UUID, "description": "The id that POST uploads gave; it is not used up."},
        "proof": text(60, "Which proof this is or will be; alone it stands for a file to come."),
    },
)

_SUBMISSION = ENVELOPE["Submission"]
# Whatever may be handed in may be checked, with files that are not there yet.
_DRAFT: Schema = {
    **_SUBMISSION,
    "properties": _SUBMISSION["properties"] | {"attachments": listed(component("FileToCome"), 100)},
    "description": "An application that is being filled in.",
}

_FEE: Schema = {
    **told(
        {
            "cents": {"type": "integer"},
            "currency": TEXT,
            "legal_basis": TEXT,
            "positions": listed(
                told(
                    {
                        "key": TEXT,
                        "title": TEXT,
                        "quantity": {"type": "integer"},
                        "cents_each": {"type": "integer"},
                    }
                )
            ),
        },
        "What it would cost today; 0 cents: nothing. null: the form does not tell yet.",
    ),
    "type": ["object", "null"],
}

_FAULT: Schema = told(
    {
        "pointer": described(TEXT, "JSON pointer (RFC 6901) into the body."),
        "rule": described(TEXT, "The machine name of the broken rule."),
        "detail": described(TEXT, "One sentence in the language of Accept-Language."),
    }
)

_VALIDATION: Schema = told(
    {
        "valid": described({"type": "boolean"}, "Whether it would be filed as it stands."),
        "errors": listed(_FAULT),
        "service_version": nullable({"type": "integer"}),
        "fee": _FEE,
        "missing_proofs": described(
            listed(told({"key": TEXT, "title": TEXT})),
            "Proofs to be enclosed; which ones, a form without faults tells.",
        ),
        "deadlines": described(
            listed(told({"key": TEXT, "title": TEXT, "ends_on": DAY})),
            "What would run from today; empty while anything is wrong.",
        ),
    },
    "What would become of a submission at this moment. It promises nothing.",
)

SCHEMAS: Final[dict[str, Schema]] = {
    "SubmissionDraft": _DRAFT,
    "FileToCome": _FILE_TO_COME,
    "Validation": _VALIDATION,
}
