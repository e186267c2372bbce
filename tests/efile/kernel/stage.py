"""A stage for the outbox: one fact that owes two reactions, which do as the script says.

Its wiring is put in force with ``settings.WIRING``; the fixture ``staged`` does that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

from django.db import connection
from django.db.models.functions import Now

from efile.filing import write_note
from efile.kernel import outbox
from efile.kernel.actors import Actor
from efile.kernel.events import Event, Reaction
from efile.kernel.journal import record
from efile.kernel.models import Delivery
from efile.kernel.verbs import verb
from efile.models import Note
from tests.factories import AT, machine

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
    """The reactions by name; what the script says counts when they are carried out."""

    def prepare(subject: UUID) -> Any:
        return SCRIPT.prepare(subject)

    def apply(subject: UUID, prepared: Any) -> None:
        SCRIPT.apply(subject, prepared)

    return {
        FIRST: Reaction(prepare=prepare, apply=apply),
        SECOND: Reaction(apply=lambda subject, prepared: None),
    }


@verb
def raise_curtain(
    subject: UUID | None, *, by: Actor, at: datetime, pause: timedelta = timedelta()
) -> None:
    """Let the fact happen to the case ``subject``, or to the city; what it owes waits ``pause``."""
    record(CurtainRose(case_id=subject, pause=pause), by=by, at=at)


def write(subject: UUID, text: str) -> None:
    """An effect that can be counted: a note on the case."""
    write_note(subject, text, by=machine(), at=AT)


def fail(*_: object) -> None:
    """A failure whose message must not be kept."""
    raise LookupError("Đorđe Yılmaz wohnt nicht mehr hier")


def notes() -> list[str]:
    """All effects so far."""
    return list(Note.objects.values_list("text", flat=True))


def owed() -> list[str]:
    """The names of all reactions that are owed, oldest first."""
    return list(Delivery.objects.order_by("id").values_list("reaction", flat=True))


def debt(reaction: str = FIRST) -> Delivery:
    """The one debt of ``reaction``."""
    return Delivery.objects.get(reaction=reaction)


def make_due() -> None:
    """Let every pause and lease have run out."""
    Delivery.objects.update(due_at=Now() - timedelta(seconds=1))


def attempt(times: int = 1) -> None:
    """Let the worker try so often, after each pause."""
    for _ in range(times):
        make_due()
        outbox.drain()


def puts_off(act: Callable[[], object], *, at_least: float, at_most: float) -> bool:
    """Whether ``act`` put the first debt off by so many seconds, however long it took itself."""
    before = _by_the_database()
    act()
    due_at = debt().due_at
    longest, shortest = due_at - before, due_at - _by_the_database()
    return longest.total_seconds() >= at_least and shortest.total_seconds() <= at_most


def _by_the_database() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
