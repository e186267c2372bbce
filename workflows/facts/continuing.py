"""What goes on after a decision: matters, duties, offers, waiting lists."""

from dataclasses import dataclass
from typing import ClassVar

from efile.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterBegan(Event):
    """A grant brought a standing matter into the world."""

    name: ClassVar[str] = "matter.began"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterEnded(Event):
    """A standing matter was revoked or ended: it holds no longer."""

    name: ClassVar[str] = "matter.ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterTouched(Event):
    """The decision of a case did something to a standing matter: changed, ended, continued it."""

    name: ClassVar[str] = "matter.touched"


@dataclass(frozen=True, slots=True, kw_only=True)
class DutiesLaid(Event):
    """Periods began for which a standing matter demands something."""

    name: ClassVar[str] = "duty.laid"


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyReminded(Event):
    """The holder of a matter was told that something is due, or overdue."""

    name: ClassVar[str] = "duty.reminded"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedByOffice(Event):
    """The office opened the case by itself, because a matter demands it."""

    name: ClassVar[str] = "case.opened_by_office"


@dataclass(frozen=True, slots=True, kw_only=True)
class OccasionReported(Event):
    """Another register told of something in a person's life."""

    name: ClassVar[str] = "occasion.reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferMade(Event):
    """A service was offered unasked."""

    name: ClassVar[str] = "offer.made"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSettled(Event):
    """An offer was accepted, declined, lapsed or was withdrawn."""

    name: ClassVar[str] = "offer.settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingListed(Event):
    """The case waits for a place."""

    name: ClassVar[str] = "waiting.listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsReckoned(Event):
    """The form changed: points or wishes are others than before."""

    name: ClassVar[str] = "waiting.points_reckoned"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingEnded(Event):
    """The case waits no longer."""

    name: ClassVar[str] = "waiting.ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecedenceGiven(Event):
    """Somebody put the case before all others, for a reason."""

    name: ClassVar[str] = "waiting.precedence_given"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecedenceEnded(Event):
    """The case goes before the others no longer."""

    name: ClassVar[str] = "waiting.precedence_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesCounted(Event):
    """A house has another number of places."""

    name: ClassVar[str] = "places.counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundDrawn(Event):
    """The lot of an allocation round was drawn."""

    name: ClassVar[str] = "round.drawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundCarriedOut(Event):
    """The places of a round were offered."""

    name: ClassVar[str] = "round.carried_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundGivenUp(Event):
    """A drawn round was not carried out, for a reason."""

    name: ClassVar[str] = "round.given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOffered(Event):
    """The case was offered a place."""

    name: ClassVar[str] = "place.offered"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceAnswered(Event):
    """The offer of a place was accepted, declined, lapsed or taken back."""

    name: ClassVar[str] = "place.answered"
