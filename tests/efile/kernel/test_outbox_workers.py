"""Workers share the outbox: each effect is there once, whoever dies, dawdles or wakes twice."""

import socket
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from backoffice.config.celery import app as celery_app
from backoffice.config.wiring import reactions
from efile.kernel import outbox
from efile.kernel.models import Delivery
from efile.models import Document
from search.models import IndexedCase
from tests.crowd import together
from tests.efile.kernel.stage import (
    FIRST,
    SCRIPT,
    SECOND,
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
from tests.factories import AT, city, drained, machine, submitted
from workflows.models import Decision, Process, Task

pytestmark = pytest.mark.django_db


class TestALease:
    def test_keeps_others_away_while_it_runs(
        self, staged: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        others: list[int] = []
        monkeypatch.setattr(SCRIPT, "prepare", lambda _: others.append(outbox.drain()))
        monkeypatch.setattr(SCRIPT, "apply", lambda *_: None)
        raise_curtain(staged, by=machine(), at=AT)
        outbox.drain()
        assert others == [1], "the other debt of the curtain, never the one at work"
        assert owed() == []

    def test_lasts_half_a_minute(self, staged: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
        raise_curtain(staged, by=machine(), at=AT)
        assert puts_off(lambda: outbox.claim(limit=20), at_least=30, at_most=30)

    def test_that_ran_out_lets_another_worker_take_over(
        self, staged: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The second finishes while the first still prepares; what the first then does is void."""

        def dawdle(_: UUID) -> str:
            monkeypatch.setattr(SCRIPT, "prepare", lambda _: "vom zweiten")
            make_due()
            outbox.drain()
            return "vom ersten"

        monkeypatch.setattr(SCRIPT, "prepare", dawdle)
        raise_curtain(staged, by=machine(), at=AT)
        outbox.drain()
        assert notes() == ["vom zweiten"]
        assert owed() == []

    def test_that_ran_out_leaves_the_effect_to_whoever_holds_the_debt_now(
        self, staged: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The second is still at it when the first comes back: nothing is done in between."""

        def dawdle(_: UUID) -> str:
            make_due()
            outbox.claim(limit=20)
            return "vom ersten"

        monkeypatch.setattr(SCRIPT, "prepare", dawdle)
        raise_curtain(staged, by=machine(), at=AT)
        outbox.drain()
        assert notes() == []
        assert owed() == [FIRST, SECOND]

    def test_that_ran_out_is_not_shortened_by_a_late_failure(
        self, staged: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The second holds the debt when the first fails: its lease and attempts stay."""

        def dawdle_and_fail(_: UUID) -> None:
            make_due()
            outbox.claim(limit=20)
            fail()

        monkeypatch.setattr(SCRIPT, "prepare", dawdle_and_fail)
        raise_curtain(staged, by=machine(), at=AT)
        assert puts_off(outbox.drain, at_least=30, at_most=30)
        assert debt().attempts == 2
        assert debt().last_failure == ""


class TestAWorkerThatDies:
    def test_leaves_a_debt_that_another_carries_out(self, staged: UUID) -> None:
        raise_curtain(staged, by=machine(), at=AT)
        outbox.claim(limit=20)
        attempt()
        assert notes() == ["Vorhang auf"]

    def test_of_the_same_debt_each_time_is_not_sacrificed_for_ever(self, staged: UUID) -> None:
        raise_curtain(staged, by=machine(), at=AT)
        for _ in range(12):
            make_due()
            outbox.claim(limit=20)
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
        self, staged: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        outside: list[bool] = []

        def prepare(_: UUID) -> str:
            outside.append(not connection.in_atomic_block)
            return "Vorhang auf"

        monkeypatch.setattr(SCRIPT, "prepare", prepare)
        for _ in range(20):
            raise_curtain(staged, by=machine(), at=AT)
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
        staged: UUID,
        silent_broker: None,
        django_capture_on_commit_callbacks: Callable[..., Any],
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True) as callbacks:
            raise_curtain(staged, by=machine(), at=AT)
        assert len(callbacks) == 1
        assert owed() == [FIRST, SECOND]
        assert outbox.drain() == 2

    def test_sends_no_message_where_nothing_is_owed(
        self, staged: UUID, django_capture_on_commit_callbacks: Callable[..., Any]
    ) -> None:
        with django_capture_on_commit_callbacks() as callbacks:
            write(staged, "Rückruf erbeten.")
        assert callbacks == []
