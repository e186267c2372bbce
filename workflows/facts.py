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
class FollowUpSet(Event):
    """Somebody will see the case again on a day."""

    name: ClassVar[str] = "follow_up.set"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpMoved(Event):
    """The day of a follow-up is another one, for a reason."""

    name: ClassVar[str] = "follow_up.moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpDone(Event):
    """A follow-up was seen to."""

    name: ClassVar[str] = "follow_up.done"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActHeld(Event):
    """Something will leave the house in a minute, unless it is taken back."""

    name: ClassVar[str] = "act.held"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRecalled(Event):
    """What was held back is taken back: it never left."""

    name: ClassVar[str] = "act.recalled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActFailed(Event):
    """When its time had come, what was held back could no longer be done."""

    name: ClassVar[str] = "act.failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksRun(Event):
    """The checks of the definition were evaluated."""

    name: ClassVar[str] = "checks.run"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksAskedFor(Event):
    """Somebody wants the checks evaluated once more."""

    name: ClassVar[str] = "checks.asked_for"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckJudged(Event):
    """A person settled a check that the machine could not."""

    name: ClassVar[str] = "check.judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected(Event):
    """A caseworker put a corrected value beside what was sent."""

    name: ClassVar[str] = "application.corrected"


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
class LetterOwed(Event):
    """Somebody who is not told by the portal has to be written to."""

    name: ClassVar[str] = "letter.owed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterWritten(Event):
    """A letter that decides nothing, or a permit, is on file."""

    name: ClassVar[str] = "letter.written"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPosted(Event):
    """A letter was handed to the post."""

    name: ClassVar[str] = "letter.posted"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterReturned(Event):
    """A letter came back as undeliverable; what it told has reached nobody."""

    name: ClassVar[str] = "letter.returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchMade(Event):
    """Letters were put together to be printed and posted on one day."""

    name: ClassVar[str] = "batch.made"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPosted(Event):
    """A batch of letters was handed to the post."""

    name: ClassVar[str] = "batch.posted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified(Event):
    """The decision reached the applicant, in fact or by law; its remedy period runs."""

    name: ClassVar[str] = "decision.notified"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterBegan(Event):
    """A grant brought a standing matter into the world."""

    name: ClassVar[str] = "matter.began"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterEnded(Event):
    """A standing matter was revoked: it holds no longer."""

    name: ClassVar[str] = "matter.ended"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquired(Event):
    """Someone looked up where the case stands, to tell a caller."""

    name: ClassVar[str] = "case.enquired"
