"""The tables of the work: services, processes and what happens around them."""

from workflows.models.matter import StandingMatter
from workflows.models.process import (
    CheckResult,
    Deadline,
    Decision,
    Process,
    Question,
    State,
    Task,
)
from workflows.models.service import Service, ServiceVersion
from workflows.models.slots import Booking, SlotDay, StreetRange
from workflows.models.submission import (
    IdempotencyKey,
    InboxItem,
    PublicEvent,
    RegisterQuery,
    Submission,
)

__all__ = [
    "Booking",
    "CheckResult",
    "Deadline",
    "Decision",
    "IdempotencyKey",
    "InboxItem",
    "Process",
    "PublicEvent",
    "Question",
    "RegisterQuery",
    "Service",
    "ServiceVersion",
    "SlotDay",
    "StandingMatter",
    "State",
    "StreetRange",
    "Submission",
    "Task",
]
