"""The tables of the work: services, processes and what happens around them."""

from workflows.models.desk import Correction, Draft, FollowUp, HeldAct, Verdict
from workflows.models.matter import StandingMatter
from workflows.models.post import Letter, PrintBatch
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
    "Correction",
    "Deadline",
    "Decision",
    "Draft",
    "FollowUp",
    "HeldAct",
    "IdempotencyKey",
    "InboxItem",
    "Letter",
    "PrintBatch",
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
    "Verdict",
]
