"""Where a portal is called back, and what it is sent there."""

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
    opened,
    text,
)

_FAILURE: Schema = described(
    TEXT,
    "timeout, no_connection, broken_off, unknown_name, forbidden_address, secret_unreadable, or "
    "http_ and the status; empty where nothing failed.",
)

_NEW_CALLBACK: Schema = {
    **closed(
        {
            "url": text(2000, "Where to call: https, port 443 or 8443.", minLength=1),
            "rotate": {
                "type": "boolean",
                "description": "Make a new secret; the old one signs beside it for 24 hours.",
            },
            "after": {
                "type": "string",
                "pattern": "^[0-9]{1,18}$",
                "description": "The first time: push what comes after this cursor of the feed. "
                "Without it, what happens from now on.",
            },
        },
        ["url"],
        "Where the portal wants to be called.",
    ),
    "examples": [{"url": "https://portal.example.org/laufmappe"}],
}

_STATE: Schema = {
    "url": TEXT,
    "state": {
        "enum": ["ok", "failing", "paused"],
        "description": "paused: by an administrator, or because the receiver answered 410.",
    },
    "failing_since": described(nullable(MOMENT), "Since when no call has succeeded."),
    "failure": _FAILURE,
    "undelivered": described({"type": "integer"}, "Events that have not arrived."),
    "given_up": described(
        {"type": "integer"}, "Submissions whose events failed for 7 days; the city sends them anew."
    ),
    "last_success_at": nullable(MOMENT),
    "previous_secret_until": described(
        nullable(MOMENT), "Until when the replaced secret signs as well."
    ),
}

SCHEMAS: Final[dict[str, Schema]] = {
    "NewCallback": _NEW_CALLBACK,
    "Callback": opened(_STATE, list(_STATE), "How the calls fare."),
    "CallbackSet": opened(
        {
            **_STATE,
            "secret": described(TEXT, "Only where a new one was made; it is never shown again."),
            "ping": described(
                _FAILURE, "How a first call without events failed; empty: it did not."
            ),
        },
        [*_STATE, "ping"],
        "The address is kept, however the ping went.",
    ),
    "CallbackEvents": opened(
        {
            "type": {"const": "urn:laufmappe:callbacks:new-events"},
            "client": TEXT,
            "submission": UUID,
            "events": listed(component("Event")),
        },
        ["type", "client", "submission", "events"],
        "What is posted to the callback: events of one submission, in their order. Any 2xx means "
        "that they have arrived; they may come again, so know them by their id.",
    ),
}
