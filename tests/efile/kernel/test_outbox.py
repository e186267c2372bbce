"""What a verb brought about is owed until it is done, and tried again until it works."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
import structlog
from django.db.models.functions import Now

from efile.kernel import outbox
from efile.kernel.errors import Conflict
from efile.kernel.journal import running_unit, tenant_chain
from efile.kernel.models import Delivery, JournalEntry
from efile.kernel.verbs import unit_of_work, verb
from tests.efile.kernel.stage import (
    FIRST,
    SCRIPT,
    SECOND,
    CurtainRose,
    attempt,
    debt,
    fail,
    make_due,
    notes,
    owed,
    puts_off,
    raise_curtain,
    write,
)
from tests.factories import AT, city, drained, machine

pytestmark = pytest.mark.django_db


class TestAVerb:
    def test_owes_every_reaction_that_is_wired_to_what_it_did(self, staged: UUID) -> None:
        raise_curtain(staged, by=machine(), at=AT)
        assert owed() == [FIRST, SECOND]
        assert set(Delivery.objects.values_list("subject", flat=True)) == {staged}

    def test_owes_nothing_for_what_nobody_is_wired_to(self, staged: UUID) -> None:
        write(staged, "Rückruf erbeten.")
        assert owed() == []

    def test_that_was_refused_owes_nothing(self, staged: UUID) -> None:
        @verb
        def fall_silent() -> None:
            raise_curtain(staged, by=machine(), at=AT)
            raise Conflict

        before = JournalEntry.objects.count()
        with pytest.raises(Conflict):
            fall_silent()
        assert owed() == []
        assert JournalEntry.objects.count() == before

    def test_that_did_the_same_twice_owes_once(self, staged: UUID) -> None:
        with unit_of_work():
            raise_curtain(staged, by=machine(), at=AT)
            raise_curtain(staged, by=machine(), at=AT)
        assert owed() == [FIRST, SECOND]
        assert JournalEntry.objects.filter(kind=CurtainRose.name).count() == 2

    def test_owes_for_each_case_it_touched(self, staged: UUID) -> None:
        with unit_of_work():
            raise_curtain(staged, by=machine(), at=AT)
            raise_curtain(None, by=machine(), at=AT)
        subjects = Counter(Delivery.objects.values_list("subject", flat=True))
        assert subjects == {staged: 2, tenant_chain(city().pk): 2}

    def test_may_owe_for_later(self, staged: UUID) -> None:
        minute = timedelta(minutes=1)
        assert puts_off(
            lambda: raise_curtain(staged, by=machine(), at=AT, pause=minute),
            at_least=60,
            at_most=60,
        )
        assert outbox.drain() == 0
        assert outbox.owes(FIRST, staged)
        make_due()
        assert outbox.drain() == 2
        assert notes() == ["Vorhang auf"]
        assert not outbox.owes(FIRST, staged)

    def test_that_owes_the_same_now_and_later_owes_it_now(self, staged: UUID) -> None:
        with unit_of_work():
            raise_curtain(staged, by=machine(), at=AT, pause=timedelta(hours=1))
            raise_curtain(staged, by=machine(), at=AT)
            raise_curtain(staged, by=machine(), at=AT, pause=timedelta(hours=2))
        assert outbox.drain() == 2

    def test_is_told_from_others_by_the_correlation_of_its_request(self, staged: UUID) -> None:
        with structlog.contextvars.bound_contextvars(correlation="a-request"):
            raise_curtain(staged, by=machine(), at=AT)
        assert debt().correlation == "a-request"


class TestDrain:
    def test_does_what_is_owed_and_strikes_it_off(self, staged: UUID) -> None:
        raise_curtain(staged, by=machine(), at=AT)
        assert outbox.drain() == 2
        assert notes() == ["Vorhang auf"]
        assert owed() == []

    def test_has_nothing_to_do_twice(self, staged: UUID) -> None:
        raise_curtain(staged, by=machine(), at=AT)
        outbox.drain()
        assert outbox.drain() == 0
        assert notes() == ["Vorhang auf"]

    def test_takes_no_more_than_it_was_told_to(self, staged: UUID) -> None:
        raise_curtain(staged, by=machine(), at=AT)
        assert outbox.drain(limit=1) == 1
        assert owed() == [SECOND]

    def test_leaves_alone_what_is_not_due(self, staged: UUID) -> None:
        raise_curtain(staged, by=machine(), at=AT)
        Delivery.objects.update(due_at=Now() + timedelta(hours=1))
        assert outbox.drain() == 0

    def test_prepares_outside_of_any_unit(
        self, staged: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        inside: list[bool] = []
        monkeypatch.setattr(SCRIPT, "prepare", lambda _: inside.append(bool(running_unit.get())))
        monkeypatch.setattr(SCRIPT, "apply", lambda *_: inside.append(bool(running_unit.get())))
        raise_curtain(staged, by=machine(), at=AT)
        outbox.drain()
        assert inside == [False, True]

    def test_logs_under_the_correlation_of_the_request(
        self, staged: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bound: list[object] = []
        monkeypatch.setattr(
            SCRIPT,
            "apply",
            lambda *_: bound.append(structlog.contextvars.get_contextvars()["correlation"]),
        )
        with structlog.contextvars.bound_contextvars(correlation="a-request"):
            raise_curtain(staged, by=machine(), at=AT)
        outbox.drain()
        assert bound == ["a-request"]


class TestAFailure:
    @pytest.fixture(params=["prepare", "apply"])
    def failing(
        self, staged: UUID, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
    ) -> UUID:
        monkeypatch.setattr(SCRIPT, request.param, fail)
        raise_curtain(staged, by=machine(), at=AT)
        return staged

    def test_leaves_the_debt(self, failing: UUID) -> None:
        outbox.drain()
        assert owed() == [FIRST]
        assert debt().attempts == 1
        assert not debt().is_dead

    def test_takes_half_done_effects_back(
        self, staged: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def write_and_fail(subject: UUID, text: str) -> None:
            write(subject, text)
            fail()

        monkeypatch.setattr(SCRIPT, "apply", write_and_fail)
        raise_curtain(staged, by=machine(), at=AT)
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
        assert puts_off(attempt, at_least=0.8 * seconds, at_most=1.2 * seconds)

    def test_waits_an_hour_at_most(self, failing: UUID) -> None:
        Delivery.objects.filter(reaction=FIRST).update(attempts=99)
        assert puts_off(attempt, at_least=0.8 * 3600, at_most=1.2 * 3600)

    def test_is_given_up_after_twelve_attempts(self, failing: UUID) -> None:
        attempt(11)
        assert not debt().is_dead
        assert outbox.dead_deliveries() == 0
        attempt(1)
        assert debt().is_dead
        assert outbox.dead_deliveries() == 1

    def test_of_a_reaction_that_no_longer_exists_waits_for_a_version_that_knows_it(
        self, staged: UUID
    ) -> None:
        Delivery.objects.create(tenant=city(), reaction="stage.cut", subject=staged)
        outbox.drain()
        assert debt("stage.cut").last_failure == "KeyError"


class TestADeadDebt:
    @pytest.fixture
    def dead(self, staged: UUID) -> Delivery:
        raise_curtain(staged, by=machine(), at=AT)
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
    def test_leaves_a_living_debt_alone(self, staged: UUID) -> None:
        raise_curtain(staged, by=machine(), at=AT)
        assert not outbox.revive(debt().id)

    def test_knows_no_debt_under_an_unknown_number(self) -> None:
        assert not outbox.revive(0)


class TestOldestUndeliveredSeconds:
    def test_is_zero_when_nothing_is_owed(self) -> None:
        drained()
        assert outbox.oldest_undelivered_seconds() == 0
