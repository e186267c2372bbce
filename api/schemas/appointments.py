"""What is said of appointments that are held and moved, and of payments."""

from typing import Final

from api.schemas.parts import DAY, MOMENT, TEXT, UUID, Schema, closed, component, described, told

_HOLD: Schema = told(
    {
        "id": described(UUID, "To be named in the form, where the service says so."),
        "expires_at": described(MOMENT, "Until then the place is kept."),
    }
)

_NEW_APPOINTMENT: Schema = closed(
    {
        "slot": {
            "type": ["string", "null"],
            "minLength": 1,
            "maxLength": 64,
            "description": "The id of a slot or of a hold; null gives the appointment up.",
        }
    },
    ["slot"],
)

_MOVED: Schema = {
    "type": "object",
    "required": ["appointment"],
    "properties": {"appointment": {"anyOf": [component("Appointment"), {"type": "null"}]}},
}

_PAYMENT: Schema = told(
    {
        "cents": {"type": "integer"},
        "status": {
            "enum": ["wanted", "open", "paid", "failed", "canceled", "void"],
            "description": "wanted: not at the platform yet; void: need not be paid any more.",
        },
        "url": described(TEXT, "Where it is paid, while it is open; else empty."),
        "due_on": described(DAY, "Until when it is to be paid."),
        "reference": described(TEXT, "The Kassenzeichen (ISO 11649)."),
    },
    "The fee that is to be paid online.",
)

_PAYMENT_NEWS: Schema = {
    "type": "object",
    "required": ["payment"],
    "properties": {"payment": {"anyOf": [component("Payment"), {"type": "null"}]}},
}

SCHEMAS: Final[dict[str, Schema]] = {
    "Hold": _HOLD,
    "NewAppointment": _NEW_APPOINTMENT,
    "MovedAppointment": _MOVED,
    "Payment": _PAYMENT,
    "PaymentNews": _PAYMENT_NEWS,
}
