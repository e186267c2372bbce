"""What goes out, comes back and falls due, as the journal records it."""

from dataclasses import dataclass
from typing import ClassVar

from efile.kernel.events import Event


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
class DeadlineMoved(Event):
    """A fact turned out otherwise: a deadline ends on another day, or runs no more."""

    name: ClassVar[str] = "deadline.moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineExtended(Event):
    """A deadline was put off, for a reason."""

    name: ClassVar[str] = "deadline.extended"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineWarned(Event):
    """A deadline draws near: whoever works on the case is told."""

    name: ClassVar[str] = "deadline.warned"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineEscalated(Event):
    """A deadline was missed for so long that the head is told."""

    name: ClassVar[str] = "deadline.escalated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptNoted(Event):
    """The decision is proven to have arrived later than the law presumes."""

    name: ClassVar[str] = "decision.receipt_noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineListSigned(Event):
    """A head signed the list of a day's deadlines."""

    name: ClassVar[str] = "deadline_list.signed"
