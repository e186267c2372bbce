"""What services are offered, and how far the machine decides, as recorded."""

from dataclasses import dataclass
from typing import ClassVar

from efile.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomationStopped(Event):
    """From now on people decide every case of a service."""

    name: ClassVar[str] = "automation.stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomationResumed(Event):
    """The machine may decide cases of the service again."""

    name: ClassVar[str] = "automation.resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSampled(Event):
    """The case was drawn for the sample: a person decides it without the machine's proposal."""

    name: ClassVar[str] = "sample.drawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleCompared(Event):
    """What a person decided was put beside what the machine would have done."""

    name: ClassVar[str] = "sample.compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePublished(Event):
    """A version of a service definition is published, in force from a day on."""

    name: ClassVar[str] = "service.published"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionInForce(Event):
    """The day of a published version has come: new cases get it."""

    name: ClassVar[str] = "service.version_in_force"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionTakenBack(Event):
    """A published version was taken back before its day."""

    name: ClassVar[str] = "service.version_taken_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceWithdrawn(Event):
    """Nobody can apply for the service any more."""

    name: ClassVar[str] = "service.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOfferedAgain(Event):
    """A service that was withdrawn can be applied for again."""

    name: ClassVar[str] = "service.offered_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionDrafted(Event):
    """Somebody began, changed or discarded the draft of a definition."""

    name: ClassVar[str] = "definition.drafted"


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionInherited(Event):
    """A definition of another city was taken over, overlaid, brought up to date or let go."""

    name: ClassVar[str] = "definition.inherited"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionMoved(Event):
    """A running case goes on under another version of its service."""

    name: ClassVar[str] = "process.version_moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardSwitched(Event):
    """Portals may list the cases of whoever is signed in to them, or no longer."""

    name: ClassVar[str] = "tenant.dashboard_switched"


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomationChanged(Event):
    """The tenant named, or withdrew, the legal basis on which checks may decide."""

    name: ClassVar[str] = "service.automation_changed"
