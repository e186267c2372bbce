"""What happens to the way in which portals are called back, as recorded."""

from dataclasses import dataclass
from typing import ClassVar

from efile.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackSet(Event):
    """A portal wants to be called at an address, or has its secret replaced."""

    name: ClassVar[str] = "callback.set"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackRemoved(Event):
    """A portal wants no more calls."""

    name: ClassVar[str] = "callback.removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackPaused(Event):
    """A portal is not called for the time being."""

    name: ClassVar[str] = "callback.paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackResumed(Event):
    """A portal is called again, at once."""

    name: ClassVar[str] = "callback.resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackResent(Event):
    """What had been given up is sent to a portal again."""

    name: ClassVar[str] = "callback.resent"
