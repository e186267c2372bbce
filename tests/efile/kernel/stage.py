"""A wiring for the tests of the outbox: one fact that owes two reactions, which do as they are told.

Put in force with ``settings.WIRING``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from efile.kernel.actors import Actor
from efile.kernel.events import Event, Reaction
from efile.kernel.journal import record
from efile.kernel.verbs import verb

FIRST: Final = "stage.first"
SECOND: Final = "stage.second"


@dataclass(frozen=True, slots=True, kw_only=True)
class CurtainRose(Event):
    """The fact that owes both reactions."""

    name: ClassVar[str] = "stage.curtain_rose"


class Script:
    """What the first reaction does; the second does nothing."""

    prepare: Callable[[UUID], Any]
    apply: Callable[[UUID, Any], None]


SCRIPT = Script()
OWED: Final[Mapping[type[Event], tuple[str, ...]]] = {CurtainRose: (FIRST, SECOND)}


def reactions() -> Mapping[str, Reaction]:
    """The reactions by name; they look into the script when they are carried out."""
    return {
        FIRST: Reaction(
            prepare=lambda subject: SCRIPT.prepare(subject),
            apply=lambda subject, prepared: SCRIPT.apply(subject, prepared),
        ),
        SECOND: Reaction(apply=lambda subject, prepared: None),
    }


@verb
def raise_curtain(subject: UUID | None, *, by: Actor, at: datetime) -> None:
    """Let the fact happen to the case ``subject``, or to the city."""
    record(CurtainRose(case_id=subject), by=by, at=at)
