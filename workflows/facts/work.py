"""What can happen to the work on a case, up to its decision."""

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
class Settled(Event):
    """What was reported is seen to; nothing was decided."""

    name: ClassVar[str] = "report.settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptForClarification(Event):
    """A submission that could not be matched lies in the inbox."""

    name: ClassVar[str] = "submission.kept_for_clarification"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarified(Event):
    """An inbox item was settled by a person."""

    name: ClassVar[str] = "submission.clarified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquired(Event):
    """Someone looked up where the case stands, to tell a caller."""

    name: ClassVar[str] = "case.enquired"
