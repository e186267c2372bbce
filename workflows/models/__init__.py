"""The tables of the work: services, processes and what happens around them."""

from workflows.models.automation import AutomationStop, SampledCase
from workflows.models.deadline import Deadline, DeadlineList
from workflows.models.definition import DefinitionDraft, Inheritance
from workflows.models.desk import Correction, Draft, FollowUp, HeldAct, Verdict
from workflows.models.figures import FEWEST, EarliestTime, ServiceFigures
from workflows.models.matter import Assessment, MatterCase, MatterDuty, StandingMatter
from workflows.models.payment import Payment, PaymentStatus
from workflows.models.post import Letter, PrintBatch
from workflows.models.proactive import Occasion, OfferState, ProactiveOffer
from workflows.models.process import (
    CheckResult,
    Decision,
    Process,
    Question,
    State,
    Task,
)
from workflows.models.service import Service, ServiceVersion, TakenBackVersion
from workflows.models.slots import Booking, SlotDay, SlotHold, StreetRange
from workflows.models.submission import (
    IdempotencyKey,
    InboxItem,
    PublicEvent,
    RegisterQuery,
    Submission,
)
from workflows.models.waiting import (
    AllocationRound,
    Facility,
    PlaceException,
    PlaceGroup,
    PlaceList,
    PlaceOffer,
    PlaceOfferState,
    RoundOutcome,
    RoundState,
    WaitingEntry,
    WaitingPoints,
)

__all__ = [
    "FEWEST",
    "AllocationRound",
    "Assessment",
    "AutomationStop",
    "Booking",
    "CheckResult",
    "Correction",
    "Deadline",
    "DeadlineList",
    "Decision",
    "DefinitionDraft",
    "Draft",
    "EarliestTime",
    "Facility",
    "FollowUp",
    "HeldAct",
    "IdempotencyKey",
    "InboxItem",
    "Inheritance",
    "Letter",
    "MatterCase",
    "MatterDuty",
    "Occasion",
    "OfferState",
    "Payment",
    "PaymentStatus",
    "PlaceException",
    "PlaceGroup",
    "PlaceList",
    "PlaceOffer",
    "PlaceOfferState",
    "PrintBatch",
    "ProactiveOffer",
    "Process",
    "PublicEvent",
    "Question",
    "RegisterQuery",
    "RoundOutcome",
    "RoundState",
    "SampledCase",
    "Service",
    "ServiceFigures",
    "ServiceVersion",
    "SlotDay",
    "SlotHold",
    "StandingMatter",
    "State",
    "StreetRange",
    "Submission",
    "TakenBackVersion",
    "Task",
    "Verdict",
    "WaitingEntry",
    "WaitingPoints",
]
