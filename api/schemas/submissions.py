"""What is said of a submission: its receipt, its status, the feed of events, problems."""

from typing import Final

from api.schemas.parts import (
    DAY,
    MOMENT,
    SHA256,
    TEXT,
    UUID,
    Schema,
    component,
    described,
    listed,
    nullable,
    opened,
    told,
)

STATES: Final = [
    "received",
    "in_examination",
    "waiting_for_you",
    "decided",
    "closed",
    "withdrawn",
    "forwarded",
]
DECISIONS: Final = ["granted", "granted_in_part", "refused", "none"]

_UPLOAD: Schema = told(
    {
        "id": described(UUID, "To be named in attachments."),
        "filename": described(TEXT, "Under which name it is kept."),
        "sha256": SHA256,
        "size": described({"type": "integer"}, "Bytes."),
        "media_type": described(TEXT, "What the bytes are."),
        "scan": described(
            {"enum": ["clean", "pending", "infected", "none"]},
            "Of the scan for malware. pending: it can be handed in, the office opens it later; "
            "infected: found since it was sent; none: nothing is scanned here.",
        ),
        "notices": described(
            listed(told({"rule": TEXT, "detail": TEXT})),
            "What is wrong with it though it was taken: whoever sent it should send it anew.",
        ),
        "expires_at": described(MOMENT, "Until then a submission or an answer has to use it."),
    }
)

_APPOINTMENT: Schema = opened(
    {
        "state": {
            "enum": ["booked", "pending"],
            "description": "pending: another system still has to confirm it; its time may be open.",
        },
        "date": nullable(DAY),
        "kind": TEXT,
        "district": TEXT,
        "start": nullable(TEXT),
        "end": nullable(TEXT),
        "wished": nullable(DAY),
        "moved": described({"type": "boolean"}, "Another day than the one wished for."),
    },
    ["state", "kind"],
    "The appointment.",
)

_RECEIPT_EXAMPLE: Schema = {
    "id": "01968f3e-7c00-7abc-8def-0123456789ab",
    "received_at": "2026-03-02T09:15:27.104512+00:00",
    "service": "resident-parking",
    "case_reference": "32.2-000123/26-01",
    "file_reference": "32.2-000123/26",
    "state": "received",
    "service_version": 1,
    "attachments": [],
    "signature": "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIuLi4ifQ.c2lnbmF0dXJl",
}

_RECEIPT: Schema = {
    **opened(
        {
            "id": UUID,
            "received_at": MOMENT,
            "service": TEXT,
            "service_version": {"type": ["integer", "null"]},
            "case_reference": nullable(TEXT),
            "file_reference": nullable(TEXT),
            "state": {"enum": ["received", "in_clarification"]},
            "attachments": listed(
                told({"upload": UUID, "document": nullable(UUID), "sha256": SHA256})
            ),
            "appointment": component("Appointment"),
            "signature": described(
                {"type": "string", "pattern": r"^[\w-]+\.[\w-]+\.[\w-]+$"},
                "A compact JWS (EdDSA, keys at /.well-known/jwks.json) over the references, "
                "received_at and the SHA-256 of the body (its RFC 8785 form) and of each file.",
            ),
        },
        [
            "id",
            "received_at",
            "service",
            "service_version",
            "case_reference",
            "file_reference",
            "state",
            "attachments",
            "signature",
        ],
        "The receipt: the same bytes for the same call, for ever.",
    ),
    "examples": [_RECEIPT_EXAMPLE],
}

_QUESTION: Schema = told(
    {
        "id": UUID,
        "text": TEXT,
        "proofs": listed(told({"key": TEXT, "title": TEXT})),
        "asked_at": MOMENT,
        "due_on": DAY,
    },
    "Something we need to know or to see.",
)

_DOCUMENT: Schema = told(
    {
        "id": UUID,
        "title": TEXT,
        "kind": {"enum": ["proof", "attachment", "decision", "letter", "permit", "receipt"]},
        "media_type": TEXT,
        "size": {"type": "integer"},
        "sha256": SHA256,
        "issued_at": MOMENT,
    }
)

_STATUS: Schema = opened(
    {
        "id": UUID,
        "case_reference": nullable(TEXT),
        "service": TEXT,
        "state": {"enum": STATES},
        "decision": {"enum": DECISIONS},
        "received_at": MOMENT,
        "next_step": described(TEXT, "What happens next, in the words for the applicant."),
        "open_questions": listed(component("Question")),
        "events": listed(told({"id": UUID, "type": TEXT, "at": MOMENT, "text": TEXT})),
        "documents": listed(component("Document")),
        "standing_matters": listed(
            opened({"id": UUID, "number": TEXT, "kind": TEXT}, ["id", "number", "kind"])
        ),
        "corrections": described(
            listed(
                told(
                    {
                        "pointer": described(TEXT, "JSON pointer into the submission."),
                        "sent": described({}, "What was sent there; null: nothing."),
                        "value": described({}, "What counts there now; null: nothing."),
                        "at": MOMENT,
                    }
                )
            ),
            "What the office corrected; what was sent stays as it was.",
        ),
        "payment": component("Payment"),
        "appointment": component("Appointment"),
        "offers": described(
            listed(told({"id": UUID, "service": TEXT, "valid_until": DAY})),
            "Offers that can be accepted, for what this submission led to.",
        ),
        "waiting_list": component("WaitingList"),
        "place_offer": component("PlaceOffer"),
    },
    [
        "id",
        "case_reference",
        "service",
        "state",
        "decision",
        "received_at",
        "next_step",
        "open_questions",
        "events",
        "documents",
    ],
    "Where a submission stands.",
)

_EVENT: Schema = told(
    {
        "id": UUID,
        "cursor": described(TEXT, "Its place in the feed; as after it asks for what follows."),
        "submission": UUID,
        "case_reference": nullable(TEXT),
        "type": TEXT,
        "at": MOMENT,
        "text": TEXT,
    }
)

_PROBLEM: Schema = told(
    {
        "type": {"type": "string", "format": "uri-reference"},
        "title": TEXT,
        "status": {"type": "integer"},
        "code": described(TEXT, "The machine name; decide by this."),
        "detail": TEXT,
        "errors": listed(
            opened(
                {
                    "pointer": described(TEXT, "JSON pointer (RFC 6901) into the body."),
                    "header": described(TEXT, "The header at fault, where it is one."),
                    "parameter": described(TEXT, "The query parameter at fault, likewise."),
                    "rule": described(TEXT, "The machine name of the broken rule."),
                    "detail": TEXT,
                },
                ["pointer", "rule", "detail"],
            )
        ),
    },
    "A problem (RFC 9457).",
)

SCHEMAS: Final[dict[str, Schema]] = {
    "Upload": _UPLOAD,
    "Appointment": _APPOINTMENT,
    "Receipt": _RECEIPT,
    "Status": _STATUS,
    "Question": _QUESTION,
    "Document": _DOCUMENT,
    "Event": _EVENT,
    "Events": told(
        {
            "events": listed(component("Event")),
            "next": described(TEXT, "The cursor to go on from; send it back as after."),
        }
    ),
    "Problem": _PROBLEM,
}
