"""Which portals may talk to us, and how, as the tenant's journal records it."""

from dataclasses import dataclass
from typing import ClassVar

from efile.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalAdmitted(Event):
    """A portal was let in, with what it may do."""

    name: ClassVar[str] = "portal.admitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalChanged(Event):
    """What a portal may do, how often, how it proves who it is, or with which keys, changed."""

    name: ClassVar[str] = "portal.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalSecretRotated(Event):
    """A portal has a new secret; the one before counts for a while."""

    name: ClassVar[str] = "portal.secret_rotated"


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalSecretEnded(Event):
    """The secret that a portal had before counts no longer."""

    name: ClassVar[str] = "portal.secret_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalDeactivated(Event):
    """A portal is shut out: its tokens are void."""

    name: ClassVar[str] = "portal.deactivated"


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalReactivated(Event):
    """A portal that was shut out may come again."""

    name: ClassVar[str] = "portal.reactivated"
