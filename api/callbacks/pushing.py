"""A round of pushing: collect what happened, and call every receiver that is owed something.

Nothing is called inside a transaction, and the database is asked by one thread only: lanes are
claimed under a lease, told by a few threads, and noted as each answer comes. Whoever dies between
a call and its note has told events that are told again when the lease ends.
"""

import json
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from time import monotonic
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import connection

from api.callbacks import lanes
from api.callbacks.lanes import Claim, Outcome
from api.callbacks.reaching import Answer, Caller, CallFailed, allowed_networks, wish
from api.callbacks.sealing import Unsealable, unsealed
from api.callbacks.signature import signed_headers
from api.models import CallbackTarget
from efile.kernel.clock import real_now
from workflows.feed import events_of

log = structlog.get_logger()

NEW_EVENTS: Final = "urn:laufmappe:callbacks:new-events"
PING: Final = "urn:laufmappe:callbacks:ping"
# Events told in one call.
MOST_EVENTS: Final = 50
# Calls at once, of this process and to one receiver; lanes claimed for it at once.
THREADS: Final = 8
PER_TARGET: Final = 4
AT_ONCE: Final = 16
# Seconds after which a round looks whether others have become due.
LOOK_AGAIN: Final = 0.5
# A round begins nothing more after so many seconds; what is under way is waited for.
PATIENCE: Final = 5.0

UNREADABLE: Final = "secret_unreadable"
# (address, body, headers) → the answer, or CallFailed.
Post = Callable[[str, bytes, Any], Answer]
# A claimed lane and the events it is to be told.
_Told = tuple[Claim, Sequence[dict[str, Any]]]


@dataclass(slots=True)
class Pushed:
    """What a round did: events that arrived, calls that were made, and how many of them failed."""

    events: int = 0
    calls: int = 0
    failures: int = 0


def push(*, at: datetime, post: Post | None = None, patience: float = PATIENCE) -> Pushed:
    """Collect, and call for everything that is due at ``at``; all stamps of the round are ``at``.

    Several workers may do this at once; each lane is told by one of them.
    """
    lanes.collect(at=at)
    return _Round(post or _caller().post, at).run(patience)


def ping(target: CallbackTarget, *, at: datetime, post: Post | None = None) -> str:
    """Call once without any event; returns how it failed, "" where it did not."""
    body = _body({"type": PING, "client": _client_id(target)})
    outcome = _Addressee.of(target, at).tell(body, post or _caller().post)
    return outcome if isinstance(outcome, str) else _failure(outcome)


@dataclass(frozen=True, slots=True)
class _Addressee:
    """Where a round's calls to one receiver go, and what signs them."""

    target: CallbackTarget
    at: datetime
    secret: str
    previous: str

    @classmethod
    def of(cls, target: CallbackTarget, at: datetime) -> "_Addressee":
        context = seal_context(target)
        is_rotating = target.previous_until is not None and at < target.previous_until
        try:
            secret = unsealed(target.secret, context)
            previous = unsealed(target.previous_secret, context) if is_rotating else ""
        except Unsealable:
            return cls(target, at, "", "")
        return cls(target, at, secret, previous)

    def tell(self, body: bytes, post: Post) -> Answer | str:
        """The answer, or how the call failed. Runs in a thread of its own: no database."""
        if not self.secret:
            return UNREADABLE
        headers = signed_headers(body, secret=self.secret, previous=self.previous, at=self.at)
        try:
            return post(self.target.url, body, headers)
        except CallFailed as failed:
            return failed.failure


class _Round:
    """One round: whose lanes are ours, what is under way, and what came of it."""

    def __init__(self, post: Post, at: datetime) -> None:
        self._post = post
        self._at = at
        self._lease = timedelta(
            seconds=30 + settings.CALLBACK_TIMEOUT * (1 + AT_ONCE // PER_TARGET)
        )
        self._queues: dict[int, deque[_Told]] = {}
        self._running: dict[Future[Outcome], int] = {}
        self._addressees: dict[int, _Addressee] = {}
        self._done = Pushed()

    def run(self, patience: float) -> Pushed:
        end = monotonic() + patience
        while True:
            if monotonic() < end:
                self._claim()
            else:
                self._give_back(*self._queues)
            self._start()
            if not self._running:
                return self._done
            finished, _ = wait(self._running, timeout=LOOK_AGAIN, return_when=FIRST_COMPLETED)
            if not finished:  # somebody takes their time: that is no reason for others to wait
                lanes.collect(at=self._at)
                continue
            for future in finished:
                del self._running[future]
            self._start()
            self._note([future.result() for future in finished])

    def _claim(self) -> None:
        """More lanes of every receiver that has none left here, with what they are to be told."""
        for target in lanes.due_targets(at=self._at):
            if self._queues.get(target.id):
                continue
            claims = lanes.claim(target, most=AT_ONCE, at=self._at, lease=self._lease)
            if not claims:
                continue
            self._addressees[target.id] = _Addressee.of(target, self._at)
            wanted = [(one.submission, one.delivered, one.collected) for one in claims]
            # Asked now: what a client may read can have changed since its lanes were laid out.
            events = events_of(wanted, limit=MOST_EVENTS, by=lanes.receiver(target))
            queue = self._queues.setdefault(target.id, deque())
            queue.extend((one, events[one.submission]) for one in claims)

    def _start(self) -> None:
        """Call wherever a thread is free, of one receiver never with more than its share."""
        busy = Counter(self._running.values())
        for target, queue in self._queues.items():
            while queue and busy[target] < PER_TARGET and len(self._running) < THREADS:
                claim, events = queue.popleft()
                addressee = self._addressees[target]
                future = _threads().submit(_call, claim, events, addressee, self._post)
                self._running[future] = target
                busy[target] += 1

    def _note(self, outcomes: Sequence[Outcome]) -> None:
        self._give_back(*lanes.note(outcomes, at=self._at))
        for outcome in outcomes:
            self._done.calls += 1
            self._done.failures += bool(outcome.failure)
            self._done.events += 0 if outcome.failure else outcome.count

    def _give_back(self, *targets: int) -> None:
        """Let go of what was claimed for these and not begun."""
        queues = [self._queues.pop(target, deque()) for target in targets]
        claims = [claim for queue in queues for claim, _ in queue]
        if claims:
            lanes.release(claims, at=self._at)


def _call(
    claim: Claim, events: Sequence[dict[str, Any]], addressee: _Addressee, post: Post
) -> Outcome:
    """Tell the events of one lane. What is gone with its case needs no telling."""
    if not events:
        return Outcome(claim, claim.collected, 0)
    arrived, count = int(events[-1]["cursor"]), len(events)
    body = _body(
        {
            "type": NEW_EVENTS,
            "client": _client_id(addressee.target),
            "submission": str(claim.submission),
            "events": events,
        }
    )
    answer = addressee.tell(body, post)
    if isinstance(answer, str):
        return Outcome(claim, arrived, count, answer)
    return Outcome(
        claim,
        arrived,
        count,
        _failure(answer),
        wish(answer.retry_after, addressee.at),
        is_gone=answer.status == 410,
    )


def _failure(answer: Answer) -> str:
    return "" if 200 <= answer.status < 300 else f"http_{answer.status}"


def _body(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _client_id(target: CallbackTarget) -> str:
    return target.source.partition(":")[2]


def seal_context(target: CallbackTarget) -> str:
    """What a sealed secret is tied to: one client of one tenant."""
    return f"{target.tenant_id}:{target.source}"


@cache
def _threads() -> ThreadPoolExecutor:
    """The threads of this process; made when first needed, after whatever forks has forked."""
    return ThreadPoolExecutor(THREADS, thread_name_prefix="callback")


@cache
def _caller() -> Caller:
    return Caller(timeout=settings.CALLBACK_TIMEOUT, allowed=allowed_networks())


@cache
def _pusher() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="pushing")


_running: Future[None] | None = None


def begin() -> None:
    """Start a round in a thread of its own, unless this process is at one already.

    A receiver that takes its time holds up neither letters nor deadlines. A process that is told
    to stop finishes the round.
    """
    global _running  # noqa: PLW0603 - one round per process
    if _running is None or _running.done():
        _running = _pusher().submit(_round)


def _round() -> None:
    try:
        push(at=real_now())
    except Exception:  # the database may be restarting; the next round finds everything
        log.exception("push_failed")
    finally:
        connection.close()
