"""kill -9 of web workers and database backends under load: what was acknowledged is there, once."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import httpx
import psycopg
import pytest

from api.client import Attachment, Portal
from tests.eventually import eventually
from tests.journeys.running import free_port

pytestmark = pytest.mark.drill

ROOT = Path(__file__).resolve().parents[2]
WORKER_KILLS = 80
BACKEND_KILLS = 20
SENDERS = 4
READY_SECONDS = 120.0


@dataclass
class City:
    """The web server of a city, alone with its database, and how to run its commands."""

    url: str
    base_url: str
    env: dict[str, str]
    web: subprocess.Popen[bytes]

    def say(self, *command: str) -> Any:
        """What a command of ours answers as JSON."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout, done.stderr[-2000:]
        return json.loads(done.stdout)

    def kill_a_worker(self, rng: Random) -> bool:
        """Kill -9 one of the processes that serve requests; the server starts another."""
        children = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children").read_text().split()
        if not children:
            return False
        with suppress(ProcessLookupError):
            os.kill(int(rng.choice(children)), signal.SIGKILL)
        return True

    def kill_a_backend(self, rng: Random) -> bool:
        """Kill -9 a connection's process; the database throws everybody out and recovers."""
        with suppress(psycopg.OperationalError), psycopg.connect(self.url) as connection:
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                "AND backend_type = 'client backend'"
            ).fetchall()
            if found:
                (pid,) = rng.choice(found)
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                return True
        return False


@contextmanager
def serving(url: str, var: Path) -> Iterator[City]:
    """The application of the sample city on the database at ``url``."""
    (var / "static").mkdir(parents=True)
    port = free_port()
    env = os.environ | {
        "DATABASE_URL": url,
        "DATABASE_POOL_SIZE": "4",
        "DJANGO_SETTINGS_MODULE": "backoffice.config.settings",
        "LOG_LEVEL": "CRITICAL",
        "STORAGE_ROOT": str(var / "storage"),
        "VAR_ROOT": str(var),
    }
    subprocess.run([sys.executable, "-m", "tests.founding"], cwd=ROOT, env=env, check=True)
    command = ["-m", "gunicorn", "backoffice.config.wsgi", f"--bind=127.0.0.1:{port}", "--preload"]
    command += ["--workers=2", "--threads=2", "--worker-class=gthread", "--no-control-socket"]
    with (var / "web.log").open("wb") as log:
        web = subprocess.Popen(
            [sys.executable, *command, "--log-level=critical"],
            cwd=ROOT,
            env=env,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    city = City(url, f"http://127.0.0.1:{port}", env, web)
    try:
        eventually(lambda: _answers(city), patience=READY_SECONDS)
        yield city
    finally:
        os.killpg(web.pid, signal.SIGKILL)
        web.wait()


def _answers(city: City) -> bool:
    assert city.web.poll() is None, "the web server ended"
    with suppress(httpx.TransportError):
        return httpx.get(f"{city.base_url}/health/live", timeout=2).is_success
    return False


@dataclass
class Load:
    """Portals that hand in without pause until told to stop, and what they were told."""

    body: dict[str, Any]
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def by(self, senders: int, city: City, client: dict[str, str]) -> Iterator[None]:
        """Keep the load up by so many senders; each finishes what it is at."""
        threads = [
            threading.Thread(target=self.run, args=(city, client, number), daemon=True)
            for number in range(senders)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in threads:
                thread.join(60)

    def goes_on(self, since: int) -> bool:
        """Whether more has been acknowledged than ``since``."""
        assert self.faults == []
        return len(self.receipts) > since

    def run(self, city: City, client: dict[str, str], sender: int) -> None:
        """Hand in one application after the other, each until it is acknowledged."""
        pause = threading.Event()
        try:
            with Portal(
                city.base_url, **client, attempts=400, pause=lambda _: pause.wait(0.05), timeout=10
            ) as portal:
                number = 0
                while not self.over.is_set():
                    self._hand_in(portal, f"{sender}-{number}")
                    number += 1
        except Exception as error:  # noqa: BLE001 - told where it can be seen
            self.faults.append(repr(error))

    def _hand_in(self, portal: Portal, key: str) -> None:
        proof = Attachment(
            b"%PDF-1.7\n" + key.encode() + b"\n%%EOF\n",
            "Zulassung.pdf",
            "application/pdf",
            "registration-certificate",
        )
        reply = portal.submit(self.body | {"attachments": portal.attach([proof])}, key)
        if reply.status == 201:
            self.receipts[key] = reply.body
        else:
            self.faults.append(f"{key}: {reply.status} {reply.body}")


def test_whatever_dies_the_acknowledged_is_there_once_and_nothing_else_stays(
    cluster_of_its_own: str, tmp_path: Path
) -> None:
    with serving(cluster_of_its_own, tmp_path / "var") as city:
        create = ["manage.py", "portal_client", "create", "--tenant=musterstadt", "--name=Drill"]
        client = city.say(*create, "--json")
        known = {name: client[name] for name in ("client_id", "client_secret")}
        with Portal(city.base_url, **known) as portal:
            load = Load(portal.service("resident-parking")["example"])
        with load.by(SENDERS, city, known):
            killed = _kill(city, load, Random("drill"))

        assert load.faults == []
        assert killed == {"worker": WORKER_KILLS, "backend": BACKEND_KILLS}
        assert len(load.receipts) >= SENDERS
        _each_is_there_once(city, load.receipts)
        assert city.say("manage.py", "verify_journal", "--json")["faults"] == []
        _nothing_else_stays(city, load.receipts)


def _kill(city: City, load: Load, rng: Random) -> dict[str, int]:
    """Kill at random instants; between two of them the load gets on."""
    kinds = ["worker"] * WORKER_KILLS + ["backend"] * BACKEND_KILLS
    rng.shuffle(kinds)
    killed = dict.fromkeys(kinds, 0)
    waiting = threading.Event()
    for kind in kinds:
        before = len(load.receipts)
        strike = city.kill_a_worker if kind == "worker" else city.kill_a_backend
        eventually(partial(strike, rng), patience=30)
        killed[kind] += 1
        if rng.random() < 0.1:  # otherwise the next blow falls into the recovery
            eventually(partial(load.goes_on, before), patience=60)
        waiting.wait(rng.uniform(0, 0.15))
    return killed


def _each_is_there_once(city: City, receipts: dict[str, dict[str, Any]]) -> None:
    with psycopg.connect(city.url) as connection:
        keys = connection.execute("SELECT key, answer FROM workflows_idempotencykey").fetchall()
        filed = connection.execute(
            "SELECT s.id::text, c.reference FROM workflows_submission s "
            "JOIN efile_case c ON c.id = s.case_id"
        ).fetchall()
        documents = connection.execute(
            "SELECT d.id::text, n.sha256 FROM efile_document d "
            "JOIN efile_documentversion w ON w.document_id = d.id "
            "JOIN efile_content n ON n.id = w.content_id"
        ).fetchall()
        cases = connection.execute("SELECT count(*) FROM efile_case").fetchone()
    assert {key: json.loads(answer) for key, answer in keys} == receipts
    assert dict(filed) == {one["id"]: one["case_reference"] for one in receipts.values()}
    assert dict(documents) == {
        file["document"]: file["sha256"] for one in receipts.values() for file in one["attachments"]
    }
    assert cases == (len(receipts),)


def _nothing_else_stays(city: City, receipts: dict[str, dict[str, Any]]) -> None:
    """Two days later the collector has taken every byte that no case refers to."""
    assert {
        fault["kind"] for fault in city.say("manage.py", "verify_storage", "--json")["faults"]
    } <= {"unreferenced"}
    subprocess.run(
        [sys.executable, "-m", "tests.drills.collecting"], cwd=ROOT, env=city.env, check=True
    )
    assert city.say("manage.py", "verify_storage", "--json")["faults"] == []
    storage = Path(city.env["STORAGE_ROOT"])
    left = {path.name for path in storage.rglob("*") if path.is_file() and path.name != ".lock"}
    assert left == {file["sha256"] for one in receipts.values() for file in one["attachments"]}
