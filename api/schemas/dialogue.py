"""What is said to and fro about a submission: answers, messages, withdrawal."""

from typing import Final

from api.schemas.parts import (
    MOMENT,
    SHA256,
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

_ANSWER: Schema = {
    **closed(
        {
            "question": described(UUID, "The id of an open question."),
            "text": text(20_000),
            "form": {"type": "object", "description": "Facts, under names the question gives."},
            "attachments": listed(component("Attachment"), 100),
        },
        ["question"],
        "The answer to a question: a text, attachments or facts, at least one of them.",
    ),
    "examples": [
        {
            "question": "01968f3e-7c00-7abc-8def-0123456789ab",
            "text": "Anbei die Bescheinigung.",
            "attachments": [],
        }
    ],
}

_RECEIVED: Schema = opened(
    {
        "id": UUID,
        "question": UUID,
        "received_at": MOMENT,
        "state": {
            "enum": ["accepted", "in_clarification"],
            "description": "in_clarification: the case is closed; a person looks at it.",
        },
    },
    ["id", "received_at", "state"],
)

# A message may carry as many documents as it does the other way (workflows.enclosures).
_NEW_MESSAGE: Schema = {
    **closed(
        {
            "text": text(20_000, "What the applicant writes.", pattern=r"\S"),
            "attachments": listed(
                closed(
                    {
                        "upload": described(UUID, "The id that POST uploads gave; used once."),
                        "title": text(300, "What to call it; else its file name.", pattern=r"\S"),
                    },
                    ["upload"],
                ),
                20,
            ),
        },
        ["text"],
    ),
    "examples": [{"text": "Wie lange dauert es noch?", "attachments": []}],
}

_ENCLOSED: Schema = told(
    {
        "id": described(UUID, "The id of the document, to be fetched as any other."),
        "title": TEXT,
        "media_type": TEXT,
        "size": {"type": "integer"},
        "sha256": SHA256,
    }
)

_MESSAGE: Schema = told(
    {
        "id": UUID,
        "direction": {
            "enum": ["in", "out"],
            "description": "in: from the applicant to the office; out: the other way.",
        },
        "text": TEXT,
        "written_at": MOMENT,
        "read_at": described(nullable(MOMENT), "When the other side read it."),
        "attachments": listed(_ENCLOSED),
    }
)

SCHEMAS: Final[dict[str, Schema]] = {
    "Answer": _ANSWER,
    "Received": _RECEIVED,
    "NewMessage": _NEW_MESSAGE,
    "Message": _MESSAGE,
    "Messages": told({"messages": listed(component("Message"))}),
    "ReadMarker": told({"read_at": MOMENT}),
    "Withdrawal": closed({"reason": text(2_000)}),
    "Withdrawn": told({"state": {"const": "withdrawn"}, "withdrawn_at": MOMENT}),
}
