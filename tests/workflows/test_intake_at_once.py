"""Intake under load and under fire: many at once, and a fault at any point on the way."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper

from efile.kernel.verify import verify
from efile.models import Case, CaseFile, Upload
from efile.verify import cases_without_chain, project_cases
from tests.crowd import together
from tests.factories import AT, body, portal, submit
from tests.workflows.working import answered, published, refused, statements
from workflows.envelope import Envelope
from workflows.intake import accept
from workflows.models import Booking, IdempotencyKey, Process, Submission
from workflows.verify import project_work


def is_proven() -> bool:
    return verify([project_cases, project_work], cases_without_chain).faults == []


def envelope(sent: dict[str, Any]) -> Envelope:
    return Envelope(json.dumps(sent, ensure_ascii=False), sent)


@pytest.mark.django_db(transaction=True)
class TestFiftyAtOnce:
    def test_of_the_same_call_become_one_case_and_one_answer(self) -> None:
        by = portal()
        sent = envelope(body())
        answers = answered(together(50, lambda _: accept(sent, key="key", by=by, at=AT)))
        assert len({receipt for receipt, _ in answers}) == 1
        assert Counter(replayed for _, replayed in answers) == {True: 49, False: 1}
        assert (Case.objects.count(), Submission.objects.count()) == (1, 1)
        assert IdempotencyKey.objects.count() == 1
        assert is_proven()

    def test_of_different_calls_get_numbers_without_a_gap(self) -> None:
        by = portal()
        sent = [envelope(body()) for _ in range(50)]
        answers = answered(
            together(50, lambda number: accept(sent[number], key=f"{number}", by=by, at=AT))
        )
        references = {json.loads(receipt)["file_reference"] for receipt, _ in answers}
        assert references == {f"32.2-{number:06d}/26" for number in range(1, 51)}
        assert is_proven()

    def test_of_one_new_applicant_open_one_file(self) -> None:
        published("resident-parking", lambda d: d["file"].update(grouping="per_applicant"))
        by, sent = portal(), [body() for _ in range(12)]
        for one in sent:
            one["parties"][0]["identity"]["bpk2"] = "one and the same"
        answers = answered(
            together(12, lambda n: accept(envelope(sent[n]), key=f"{n}", by=by, at=AT))
        )
        references = sorted(json.loads(receipt)["case_reference"] for receipt, _ in answers)
        assert references == [f"32.2-000001/26-{number:02d}" for number in range(1, 13)]
        assert CaseFile.objects.count() == 1

    def test_with_the_same_upload_use_it_once(self) -> None:
        by, sent = portal(), body()
        answers = together(10, lambda n: accept(envelope(sent), key=f"{n}", by=by, at=AT))
        assert len(refused(answers)) == 9
        assert Case.objects.count() == 1


# Every table in which an accepted collection with an enclosure makes rows.
WRITTEN = [
    "workflows_idempotencykey",
    "workflows_booking",
    "workflows_deadline",
    "workflows_process",
    "workflows_publicevent",
    "efile_party",
    "efile_document",
    "efile_documentversion",
    "efile_numberscope",
    "efile_casefile",
    "efile_case",
    "workflows_submission",
    "kernel_journalchain",
    "kernel_journalentry",
    "kernel_journalvalues",
    "kernel_delivery",
]


@contextmanager
def as_owner() -> Iterator[CursorWrapper]:
    """A session with the rights of whoever owns the tables."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        yield cursor
        cursor.execute("SET ROLE laufmappe_app")


def everything() -> dict[str, int]:
    """How many rows each table has."""
    tables = connection.introspection.table_names()
    counts = ", ".join(f'(SELECT count(*) FROM "{table}")' for table in tables)
    with as_owner() as cursor:
        cursor.execute(f"SELECT {counts}")
        return dict(zip(tables, cursor.fetchone(), strict=True))


def break_off_at(table: str) -> None:
    """From here on the database fails when something is written to ``table``."""
    with as_owner() as cursor:
        cursor.execute(
            "CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the disk is full' USING ERRCODE = '53100'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER break_off BEFORE INSERT ON {table} EXECUTE FUNCTION break_off()"
        )


def repair(table: str) -> None:
    with as_owner() as cursor:
        cursor.execute(f"DROP TRIGGER break_off ON {table}")


def collection_with_enclosure() -> dict[str, Any]:
    return body("bulky-waste", attachments=[{"upload": ""}])


@pytest.mark.django_db
class TestAFault:
    @pytest.mark.parametrize("table", WRITTEN)
    def test_on_the_way_leaves_nothing_half_written(self, table: str) -> None:
        by = portal()
        sent = collection_with_enclosure()
        before = everything()
        break_off_at(table)
        with pytest.raises(DatabaseError, match="the disk is full"):
            accept(envelope(sent), key="key", by=by, at=AT)
        assert everything() == before
        assert not Upload.objects.filter(claimed_at__isnull=False).exists()
        repair(table)
        receipt, replayed = accept(envelope(sent), key="key", by=by, at=AT)
        assert not replayed
        assert json.loads(receipt)["file_reference"] == "70.1-000001/26"
        slot = Booking.objects.get().slot
        assert slot is not None
        assert slot.booked == 1

    def test_can_happen_in_every_table_that_is_written(self) -> None:
        by = portal()
        sent = collection_with_enclosure()
        before = everything()
        accept(envelope(sent), key="key", by=by, at=AT)
        after = everything()
        assert {table for table in after if after[table] != before[table]} == set(WRITTEN)


@pytest.mark.django_db(transaction=True)
class TestTheStatements:
    @pytest.mark.parametrize("service", ["resident-parking", "bulky-waste"])
    def test_are_few_and_always_the_same(self, service: str) -> None:
        submit(body(service))  # the definition is compiled by now
        by, first, second = portal(), envelope(body(service)), envelope(body(service))
        sent = [
            statements(partial(accept, first, key="first", by=by, at=AT)),
            statements(partial(accept, second, key="second", by=by, at=AT)),
        ]
        assert len(sent[0]) == len(sent[1])
        # BEGIN and COMMIT are two of them. The bound for the whole request is 20.
        assert len(sent[0]) <= 19
        assert Process.objects.count() == 3

    def test_of_a_replay_are_fewer_still(self) -> None:
        by, sent = portal(), envelope(body())
        accept(sent, key="key", by=by, at=AT)
        replay = statements(lambda: accept(sent, key="key", by=by, at=AT))
        assert len(replay) <= 5
