"""What happens to a portal's submissions, quickly: rows alone, as many as a test wants."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from ipaddress import ip_network
from typing import Any
from uuid import UUID

from api.callbacks.pushing import Post, Pushed, push
from api.callbacks.reaching import Caller
from api.callbacks.targets import set_target
from api.clients import create_client
from api.models import CallbackLane, CallbackTarget
from efile.kernel.actors import Actor
from efile.kernel.ids import uuid7
from tests.factories import body, city, submit
from workflows.feed import feed
from workflows.models import PublicEvent, Submission


class CalledBack:
    """A portal with a callback address, and the calls to it."""

    def __init__(self, url: str, *, at: datetime, name: str = "Ein Portal") -> None:
        self.client_id, _ = create_client(city(), name)
        self.by = Actor(
            tenant_id=city().pk,
            kind="portal",
            key=f"portal:{self.client_id}",
            permissions=frozenset({"submit", "read", "answer"}),
        )
        self.case = UUID(submit(body(by=self.by), by=self.by)["id"])
        self.secret = set_target(url, by=self.by, at=at)

    @property
    def target(self) -> CallbackTarget:
        return CallbackTarget.objects.get(source=self.by.key)

    @property
    def lanes(self) -> dict[UUID, CallbackLane]:
        """What is owed, by submission."""
        return {one.submission: one for one in CallbackLane.objects.filter(target=self.target)}

    def submissions(self, count: int) -> list[UUID]:
        """So many submissions, all about one case."""
        original = Submission.objects.get(id=self.case)
        rows = [
            Submission(
                id=uuid7(),
                tenant_id=original.tenant_id,
                source=self.by.key,
                service_key=original.service_key,
                language="de",
                envelope=original.envelope,
                received_at=original.received_at,
                case_id=original.case_id,
            )
            for _ in range(count)
        ]
        return [row.id for row in Submission.objects.bulk_create(rows)]

    def happened(self, submissions: Iterable[UUID], *, at: datetime) -> None:
        """One event for each of these, one after the other."""
        case = Submission.objects.get(id=self.case).case_id
        assert case
        PublicEvent.objects.bulk_create(
            PublicEvent(
                # Keys of one millisecond sort by chance: each in a millisecond of its own.
                id=_later(number),
                tenant_id=self.by.tenant_id,
                case_id=case,
                submission=submission,
                source=self.by.key,
                kind="examination_started",
                at=at,
            )
            for number, submission in enumerate(submissions)
        )

    def feed(self) -> list[dict[str, Any]]:
        """Everything that happened since the portal was called back."""
        (first, *others) = feed(after=0, limit=5000, by=self.by).events
        assert first["type"] == "received"
        return others


def _later(milliseconds: int) -> UUID:
    return UUID(int=uuid7().int + (milliseconds << 80))


@cache
def caller(timeout: float) -> Caller:
    """One for all tests: reading the certificates takes longer than a call."""
    return Caller(timeout=timeout, allowed=[ip_network("127.0.0.0/8")])


def calls(at: datetime, *, timeout: float = 30.0, post: Post | None = None) -> Pushed:
    """A round of pushing at ``at``, on this machine."""
    return push(at=at, post=post or caller(timeout).post, patience=60.0)


def firsts(events: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    """The ids of each submission's events in the order in which they were first seen."""
    seen: dict[str, list[str]] = {}
    for event in events:
        known = seen.setdefault(event["submission"], [])
        if event["id"] not in known:
            known.append(event["id"])
    return seen
