"""kill -9 at random moments: what was acknowledged is there, and every effect of it once."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest

from backoffice.demo.registers import RegisterServer
from tests.factories import AT
from tests.workflows.applicants import PEOPLE

pytestmark = pytest.mark.drill

ROOT = Path(__file__).resolve().parents[2]
SUBMISSIONS = 200
COLLECTIONS = SUBMISSIONS // 4
PERMITS = SUBMISSIONS - COLLECTIONS
SENDERS = 50
PATIENCE = 480


def drilled(url: str, var: Path) -> dict[str, Any]:
    """What ``tests.drills.victims`` reports, with a clock at ``AT`` and registers that answer."""
    var.mkdir()
    (var / "demo-clock.json").write_text(json.dumps({"now": AT.isoformat()}))
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO kernel_installation (id, is_demo) VALUES (1, true)")
    with RegisterServer(PEOPLE, log=lambda _line: None) as registers:
        env = os.environ | {
            "DATABASE_URL": url,
            "LAUFMAPPE_DEMO": "1",
            "LOG_LEVEL": "CRITICAL",
            "REGISTERS_URL": registers.url,
            "STORAGE_ROOT": str(var / "storage"),
            "VAR_ROOT": str(var),
        }
        program = subprocess.Popen(
            [sys.executable, "-m", "tests.drills.victims", str(var / "receipts")],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            said, _ = program.communicate(timeout=PATIENCE)
        finally:
            with suppress(ProcessLookupError):  # its children too, should it not have ended
                os.killpg(program.pid, signal.SIGKILL)
    assert program.returncode == 0
    report: dict[str, Any] = json.loads(said)
    return report


class Rows:
    """What the database holds, past every right."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def of(self, statement: LiteralString) -> list[Any]:
        """The rows of ``statement``; single columns without their tuple."""
        rows = self.connection.execute(statement).fetchall()
        return [row[0] if len(row) == 1 else row for row in rows]

    def per_case(self, table: str, condition: str = "true") -> dict[Any, int]:
        """How many rows of ``table`` each case has."""
        rows = f"SELECT case_id, count(*) FROM {table} WHERE {condition} GROUP BY 1"
        return dict(self.of(rows))


def test_what_was_acknowledged_survives_with_each_of_its_effects_once(
    cluster_of_its_own: str, tmp_path: Path
) -> None:
    var = tmp_path / "var"
    report = drilled(cluster_of_its_own, var)
    # Everybody was killed, and in the end everybody ended well.
    assert all(report["many"]["killed"].values())
    assert report["many"]["ended"] == [0, 0, 0]
    assert report["faults"] == []
    lines = [json.loads(line) for line in (var / "receipts").read_text().splitlines()]
    receipts = {f"drill-{line['number']}": line["receipt"] for line in lines}
    assert len(receipts) == SUBMISSIONS

    # The same call from fifty processes: one answer, which is the one that was kept.
    assert report["one"]["killed"] > 0
    assert len(report["one"]["receipts"]) == SENDERS
    (receipts["the same"],) = set(report["one"]["receipts"])

    with psycopg.connect(cluster_of_its_own) as connection:
        rows = Rows(connection)
        assert dict(rows.of("SELECT key, answer FROM workflows_idempotencykey")) == receipts
        _every_receipt_has_its_case(rows, receipts)
        _every_effect_is_there_once(rows)


def _every_receipt_has_its_case(rows: Rows, receipts: dict[str, str]) -> None:
    filed = rows.of(
        "SELECT s.id::text, c.reference FROM workflows_submission s "
        "JOIN efile_case c ON c.id = s.case_id"
    )
    told = [json.loads(receipt) for receipt in receipts.values()]
    assert dict(filed) == {receipt["id"]: receipt["case_reference"] for receipt in told}
    assert rows.of("SELECT count(*) FROM efile_case") == [SUBMISSIONS + 1]
    assert rows.of("SELECT reference FROM efile_casefile ORDER BY reference") == [
        *(f"32.2-{number:06d}/26" for number in range(1, PERMITS + 1)),
        *(f"70.1-{number:06d}/26" for number in range(1, COLLECTIONS + 2)),
    ]


def _every_effect_is_there_once(rows: Rows) -> None:
    # The checks of every case, evaluated once: six of a permit, three of a collection.
    runs = rows.of(
        "SELECT count(*), min(run), max(run) FROM workflows_checkresult GROUP BY case_id"
    )
    assert sorted(runs) == [(3, 1, 1)] * (COLLECTIONS + 1) + [(6, 1, 1)] * PERMITS
    assert list(rows.per_case("workflows_registerquery").values()) == [2] * PERMITS
    # A decision with its letter and its events, or a task for a person.
    decided = rows.of("SELECT case_id FROM workflows_process WHERE decision <> ''")
    once = dict.fromkeys(decided, 1)
    assert COLLECTIONS + 1 < len(once) < SUBMISSIONS
    assert rows.per_case("workflows_decision", "letter IS NOT NULL") == once
    assert rows.per_case("efile_document", "kind = 'decision'") == once
    assert rows.per_case("workflows_publicevent", "kind = 'granted'") == once
    assert rows.per_case("workflows_publicevent", "kind = 'document_issued'") == once
    tasks = rows.per_case("workflows_task")
    assert set(tasks.values()) == {1}
    assert len(tasks) + len(once) == SUBMISSIONS + 1
    assert tasks.keys().isdisjoint(once)
    # A place for each collection, counted where it was taken.
    collections = rows.of("SELECT case_id FROM workflows_process WHERE service_key = 'bulky-waste'")
    assert rows.per_case("workflows_booking") == dict.fromkeys(collections, 1)
    assert rows.of("SELECT sum(booked) FROM workflows_slotday") == [COLLECTIONS + 1]
    # A number for each permit, by which the index finds its case.
    numbers = [f"BPA-26-{number:06d}" for number in range(1, len(once) - COLLECTIONS)]
    assert rows.of("SELECT number FROM workflows_standingmatter ORDER BY number") == numbers
    assert rows.of("SELECT count(*) FROM search_indexedcase") == [SUBMISSIONS + 1]
    found = rows.of(
        "SELECT m.number FROM workflows_standingmatter m JOIN search_indexedcase i "
        "ON i.case = m.case_id AND lower(m.number) = ANY(i.terms) ORDER BY m.number"
    )
    assert found == numbers
