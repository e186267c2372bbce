"""What can happen to the work on a case, as the journal records it."""

from dataclasses import dataclass
from typing import ClassVar

from efile.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStarted(Event):
    """Work on the case began: its service, version and first state."""

    name: ClassVar[str] = "process.started"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChanged(Event):
    """A step of the procedure was taken."""

    name: ClassVar[str] = "process.state_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned(Event):
    """Someone is responsible for the case, or nobody any more."""

    name: ClassVar[str] = "process.assigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksRun(Event):
    """The checks of the definition were evaluated."""

    name: ClassVar[str] = "checks.run"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(Event):
    """The applicant was asked for something."""

    name: ClassVar[str] = "question.asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered(Event):
    """The applicant answered."""

    name: ClassVar[str] = "question.answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided(Event):
    """The application was decided."""

    name: ClassVar[str] = "decision.made"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterIssued(Event):
    """The decision letter is on file and, with consent, in the portal."""

    name: ClassVar[str] = "decision.letter_issued"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified(Event):
    """The decision reached the applicant, in fact or by law; its remedy period runs."""

    name: ClassVar[str] = "decision.notified"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterBegan(Event):
    """A grant brought a standing matter into the world."""

    name: ClassVar[str] = "matter.began"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotBooked(Event):
    """The case has a place on a day."""

    name: ClassVar[str] = "slot.booked"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotReleased(Event):
    """The case gave its place back."""

    name: ClassVar[str] = "slot.released"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptForClarification(Event):
    """A submission that could not be matched lies in the inbox."""

    name: ClassVar[str] = "submission.kept_for_clarification"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarified(Event):
    """An inbox item was settled by a person."""

    name: ClassVar[str] = "submission.clarified"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePublished(Event):
    """A version of a service definition is in force."""

    name: ClassVar[str] = "service.published"


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomationChanged(Event):
    """The tenant named, or withdrew, the legal basis on which checks may decide."""

    name: ClassVar[str] = "service.automation_changed"
