"""Every owed reaction is carried out once, whatever goes wrong in between."""

import socket
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import structlog
from django.db import connection
from django.db.models.functions import Now

from backoffice.config.celery import app as celery_app
from backoffice.config.wiring import reactions
from efile.filing import write_note
from efile.kernel import outbox
from efile.kernel.errors import Conflict
from efile.kernel.journal import running_unit, tenant_chain
from efile.kernel.models import Delivery, JournalEntry
from efile.kernel.verbs import unit_of_work, verb
from efile.models import Document, Note
from search.models import IndexedCase
from tests.crowd import together
from tests.efile.cases import opened
from tests.efile.kernel import stage
from tests.efile.kernel.stage import FIRST, SCRIPT, SECOND, raise_curtain
from tests.factories import AT, city, drained, machine, submitted
from workflows.models import Decision, Process, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(settings: Any, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """An open case under the stage's wiring; the first reaction writes a note on it."""
    settings.WIRING = stage.__name__
    monkeypatch.setattr(SCRIPT, "prepare", lambda subject: "Vorhang auf", raising=False)
    monkeypatch.setattr(SCRIPT, "apply", write, raising=False)
    return opened().id


def write(subject: UUID, text: str) -> None:
    write_note(subject, text, by=machine(), at=AT)


def fail(*_: object) -> None:
    raise LookupError("Đorđe Yılmaz wohnt nicht mehr hier")


def owed() -> list[str]:
    return list(Delivery.objects.order_by("id").values_list("reaction", flat=True))


def debt(reaction: str = FIRST) -> Delivery:
    return Delivery.objects.get(reaction=reaction)


def notes() -> list[str]:
    return list(Note.objects.values_list("text", flat=True))


def paused(act: Callable[[], object], at_least: float, at_most: float) -> bool:
    """Whether ``act`` put the first debt off by so many seconds, however long it took itself."""
    before = by_the_database()
    act()
    due_at = debt().due_at
    longest, shortest = due_at - before, due_at - by_the_database()
    return longest.total_seconds() >= at_least and shortest.total_seconds() <= at_most


def by_the_database() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    return now


def make_due() -> None:
    """Let every pause and lease have run out."""
    Delivery.objects.update(due_at=Now() - timedelta(seconds=1))


def claim() -> None:
    """What a worker does first. Perhaps it is all that is ever heard of it."""
    with connection.cursor() as cursor:
        terms = [outbox.ATTEMPTS_BEFORE_DEAD, outbox.LEASE.total_seconds(), 20]
        cursor.execute(outbox._CLAIM, terms)


def attempt(times: int = 1) -> None:
    for _ in range(times):
        make_due()
        outbox.drain()


class TestAVerb:
    def test_owes_every_reaction_that_is_wired_to_what_it_did(self, case: UUID) -> None:
        raise_curtain(case, by=machine(), at=AT)
        assert owed() == [FIRST, SECOND]
        assert set(Delivery.objects.values_list("subject", flat=True)) == {case}

    def test_owes_nothing_for_what_nobody_is_wired_to(self, case: UUID) -> None:
        write(case, "Rückruf erbeten.")
        assert owed() == []

    def test_that_was_refused_owes_nothing(self, case: UUID) -> None:
        @verb
        def fall_silent() -> None:
            raise_curtain(case, by=machine(), at=AT)
            raise Conflict

        before = JournalEntry.objects.count()
        with pytest.raises(Conflict):
            fall_silent()
        assert owed() == []
        assert JournalEntry.objects.count() == before

    def test_that_did_the_same_twice_owes_once(self, case: UUID) -> None:
        with unit_of_work():
            raise_curtain(case, by=machine(), at=AT)
            raise_curtain(case, by=machine(), at=AT)
        assert owed() == [FIRST, SECOND]
        assert JournalEntry.objects.filter(kind=stage.CurtainRose.name).count() == 2

    def test_owes_for_each_case_it_touched(self, case: UUID) -> None:
        with unit_of_work():
            raise_curtain(case, by=machine(), at=AT)
            raise_curtain(None, by=machine(), at=AT)
        subjects = Counter(Delivery.objects.values_list("subject", flat=True))
        assert subjects == {case: 2, tenant_chain(city().pk): 2}

    def test_is_told_from_others_by_the_correlation_of_its_request(self, case: UUID) -> None:
        with structlog.contextvars.bound_contextvars(correlation="a-request"):
            raise_curtain(case, by=machine(), at=AT)
        assert debt().correlation == "a-request"


class TestDrain:
    def test_does_what_is_owed_and_strikes_it_off(self, case: UUID) -> None:
        raise_curtain(case, by=machine(), at=AT)
        assert outbox.drain() == 2
        assert notes() == ["Vorhang auf"]
        assert owed() == []

    def test_has_nothing_to_do_twice(self, case: UUID) -> None:
        raise_curtain(case, by=machine(), at=AT)
        outbox.drain()
        assert outbox.drain() == 0
        assert notes() == ["Vorhang auf"]

    def test_takes_no_more_than_it_was_told_to(self, case: UUID) -> None:
        raise_curtain(case, by=machine(), at=AT)
        assert outbox.drain(limit=1) == 1
        assert owed() == [SECOND]

    def test_leaves_alone_what_is_not_due(self, case: UUID) -> None:
        raise_curtain(case, by=machine(), at=AT)
        Delivery.objects.update(due_at=Now() + timedelta(seconds=5))
        assert outbox.drain() == 0

    def test_prepares_outside_of_any_unit(
        self, case: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        inside: list[bool] = []
        monkeypatch.setattr(SCRIPT, "prepare", lambda _: inside.append(bool(running_unit.get())))
        monkeypatch.setattr(SCRIPT, "apply", lambda *_: inside.append(bool(running_unit.get())))
        raise_curtain(case, by=machine(), at=AT)
        outbox.drain()
        assert inside == [False, True]

    def test_logs_under_the_correlation_of_the_request(
        self, case: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bound: list[object] = []
        monkeypatch.setattr(
            SCRIPT,
            "apply",
            lambda *_: bound.append(structlog.contextvars.get_contextvars()["correlation"]),
        )
        with structlog.contextvars.bound_contextvars(correlation="a-request"):
            raise_curtain(case, by=machine(), at=AT)
        outbox.drain()
        assert bound == ["a-request"]


class TestAFailure:
    @pytest.fixture(params=["prepare", "apply"])
    def failing(
        self, case: UUID, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
    ) -> UUID:
        monkeypatch.setattr(SCRIPT, request.param, fail)
        raise_curtain(case, by=machine(), at=AT)
        return case

    def test_leaves_the_debt(self, failing: UUID) -> None:
        outbox.drain()
        assert owed() == [FIRST]
        assert debt().attempts == 1
        assert not debt().is_dead

    def test_takes_half_done_effects_back(
        self, case: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def write_and_fail(subject: UUID, text: str) -> None:
            write(subject, text)
            fail()

        monkeypatch.setattr(SCRIPT, "apply", write_and_fail)
        raise_curtain(case, by=machine(), at=AT)
        outbox.drain()
        assert notes() == []
        assert owed() == [FIRST]

    def test_is_made_good_by_the_next_attempt(
        self, failing: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        outbox.drain()
        monkeypatch.setattr(SCRIPT, "prepare", lambda _: "Doch noch")
        monkeypatch.setattr(SCRIPT, "apply", write)
        attempt()
        assert notes() == ["Doch noch"]
        assert owed() == []

    def test_keeps_its_class_and_not_what_it_said(self, failing: UUID) -> None:
        outbox.drain()
        assert debt().last_failure == "LookupError"
        assert "Yılmaz" not in str(Delivery.objects.filter(id=debt().id).values())

    @pytest.mark.parametrize(
        ("attempts", "seconds"), [(1, 2), (2, 4), (5, 32), (11, 2048)], ids=str
    )
    def test_waits_twice_as_long_each_time(
        self, failing: UUID, attempts: int, seconds: float
    ) -> None:
        Delivery.objects.filter(reaction=FIRST).update(attempts=attempts - 1)
        # Spread a little, so that a hundred that failed together do not return together.
        assert paused(attempt, 0.8 * seconds, 1.2 * seconds)

    def test_waits_an_hour_at_most(self, failing: UUID) -> None:
        Delivery.objects.filter(reaction=FIRST).update(attempts=99)
        assert paused(attempt, 0.8 * 3600, 1.2 * 3600)

    def test_is_given_up_after_twelve_attempts(self, failing: UUID) -> None:
        attempt(11)
        assert not debt().is_dead
        assert outbox.dead_deliveries() == 0
        attempt(1)
        assert debt().is_dead
        assert outbox.dead_deliveries() == 1

    def test_of_a_reaction_that_no_longer_exists_waits_for_a_version_that_knows_it(
        self, case: UUID
    ) -> None:
        Delivery.objects.create(tenant=city(), reaction="stage.cut", subject=case)
        outbox.drain()
        assert debt("stage.cut").last_failure == "KeyError"


class TestADeadDebt:
    @pytest.fixture
    def dead(self, case: UUID) -> Delivery:
        raise_curtain(case, by=machine(), at=AT)
        Delivery.objects.filter(reaction=FIRST).update(is_dead=True, attempts=12)
        return debt()

    def test_is_not_tried_again(self, dead: Delivery) -> None:
        make_due()
        assert outbox.drain() == 1
        assert owed() == [FIRST]

    def test_is_revived_with_all_its_attempts(self, dead: Delivery) -> None:
        Delivery.objects.update(due_at=Now() + timedelta(hours=1))
        assert outbox.revive(dead.id)
        assert debt().attempts == 0
        assert outbox.drain() == 1
        assert notes() == ["Vorhang auf"]

    def test_still_counts_among_what_is_undelivered(self, dead: Delivery) -> None:
        outbox.drain()
        Delivery.objects.update(created_at=Now() - timedelta(hours=2))
        assert outbox.oldest_undelivered_seconds() >= 7200


class TestRevive:
    def test_leaves_a_living_debt_alone(self, case: UUID) -> None:
        raise_curtain(case, by=machine(), at=AT)
        assert not outbox.revive(debt().id)

    def test_knows_no_debt_under_an_unknown_number(self) -> None:
        assert not outbox.revive(0)


class TestOldestUndeliveredSeconds:
    def test_is_zero_when_nothing_is_owed(self) -> None:
        drained()
        assert outbox.oldest_undelivered_seconds() == 0


class TestALease:
    def test_keeps_others_away_while_it_runs(
        self, case: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        others: list[int] = []
        monkeypatch.setattr(SCRIPT, "prepare", lambda _: others.append(outbox.drain()))
        monkeypatch.setattr(SCRIPT, "apply", lambda *_: None)
        raise_curtain(case, by=machine(), at=AT)
        outbox.drain()
        assert others == [0]
        assert owed() == []

    def test_lasts_ninety_seconds(self, case: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
        raise_curtain(case, by=machine(), at=AT)
        assert paused(claim, 90, 90)

    def test_that_ran_out_lets_another_worker_take_over(
        self, case: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The second finishes while the first still prepares; what the first then does is void."""

        def dawdle(_: UUID) -> str:
            monkeypatch.setattr(SCRIPT, "prepare", lambda _: "vom zweiten")
            make_due()
            outbox.drain()
            return "vom ersten"

        monkeypatch.setattr(SCRIPT, "prepare", dawdle)
        raise_curtain(case, by=machine(), at=AT)
        outbox.drain()
        assert notes() == ["vom zweiten"]
        assert owed() == []

    def test_that_ran_out_is_not_shortened_by_a_late_failure(
        self, case: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The second holds the debt when the first fails: its lease and attempts stay."""

        def dawdle_and_fail(_: UUID) -> None:
            make_due()
            claim()
            fail()

        monkeypatch.setattr(SCRIPT, "prepare", dawdle_and_fail)
        raise_curtain(case, by=machine(), at=AT)
        assert paused(outbox.drain, 90, 90)
        assert debt().attempts == 2
        assert debt().last_failure == ""


class TestAWorkerThatDies:
    def test_leaves_a_debt_that_another_carries_out(self, case: UUID) -> None:
        raise_curtain(case, by=machine(), at=AT)
        claim()
        attempt()
        assert notes() == ["Vorhang auf"]

    def test_of_the_same_debt_each_time_is_not_sacrificed_for_ever(self, case: UUID) -> None:
        raise_curtain(case, by=machine(), at=AT)
        for _ in range(12):
            make_due()
            claim()
        make_due()
        assert outbox.drain() == 0
        assert outbox.dead_deliveries() == 2


class TestRedelivery:
    @pytest.mark.parametrize("service", ["resident-parking", "bulky-waste"])
    def test_of_everything_that_is_wired_changes_nothing(self, service: str) -> None:
        case_id = submitted(service).case_id
        drained()
        before = standing(case_id)
        for name in reactions():
            Delivery.objects.create(tenant=city(), reaction=name, subject=case_id)
        drained()
        assert owed() == []
        assert standing(case_id) == before


def standing(case_id: UUID) -> list[Any]:
    """Everything that the reactions to a submission bring about."""
    return [
        list(found.values())
        for found in (
            Process.objects.filter(case_id=case_id),
            Task.objects.filter(case_id=case_id),
            Decision.objects.filter(case_id=case_id),
            Document.objects.filter(case_id=case_id),
            IndexedCase.objects.filter(case=case_id),
        )
    ]


class TestTwoWorkers:
    @pytest.mark.django_db(transaction=True)
    def test_at_once_do_everything_once_and_prepare_outside_of_transactions(
        self, case: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        outside: list[bool] = []

        def prepare(_: UUID) -> str:
            outside.append(not connection.in_atomic_block)
            return "Vorhang auf"

        monkeypatch.setattr(SCRIPT, "prepare", prepare)
        for _ in range(20):
            raise_curtain(case, by=machine(), at=AT)
        together(4, lambda _: drained())
        assert notes() == ["Vorhang auf"] * 20
        assert owed() == []
        assert all(outside)


class TestWake:
    @pytest.fixture
    def silent_broker(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """A broker's address at which nobody listens."""
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            settings.BROKER_URL = f"redis://127.0.0.1:{nobody.getsockname()[1]}/0"
            monkeypatch.setattr(celery_app.conf, "broker_url", settings.BROKER_URL)
            monkeypatch.setattr(celery_app.amqp, "_producer_pool", None)
            yield

    def test_loses_nothing_when_the_broker_is_down(
        self,
        case: UUID,
        silent_broker: None,
        django_capture_on_commit_callbacks: Callable[..., Any],
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True) as callbacks:
            raise_curtain(case, by=machine(), at=AT)
        assert len(callbacks) == 1
        assert owed() == [FIRST, SECOND]
        assert outbox.drain() == 2

    def test_sends_no_message_where_nothing_is_owed(
        self, case: UUID, django_capture_on_commit_callbacks: Callable[..., Any]
    ) -> None:
        with django_capture_on_commit_callbacks() as callbacks:
            write(case, "Rückruf erbeten.")
        assert callbacks == []
