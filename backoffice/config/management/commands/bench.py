"""``manage.py bench``: measure a city of its own and write docs/benchmarks.md and .json."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand

from api.client import Portal
from backoffice.config.bench import city, large_file, load, report
from backoffice.config.bench.load import Call, Outcome
from backoffice.config.bench.portal import BenchPortal
from backoffice.config.bench.weight import first_load
from backoffice.config.embedded import EmbeddedPostgres, url_for
from backoffice.config.management.commands.demo import environment, wait_until_ready
from backoffice.config.supervisor import Child, Supervisor
from backoffice.demo.founding import PASSWORD

PORT = 8765
CONCURRENCY = (1, 4, 8, 32)
SMALL, LARGE = 10_000, 100_000
CASEWORKER = "a.lopes"
ROUNDS = 12
AUTOMATIC = 300


class Command(BaseCommand):
    help = "Benchmarks on a database of their own; nothing of the demo is touched."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--calls", type=int, default=300, help="requests per measurement")
        parser.add_argument("--intakes", type=int, default=10_000, help="for flat memory")
        parser.add_argument("--grants", type=int, default=500, help="two letters each")
        parser.add_argument("--large", type=int, default=LARGE, help="cases of the big city")

    def handle(self, *_args: Any, **options: Any) -> None:
        with tempfile.TemporaryDirectory(prefix="laufmappe-bench-") as var:
            measured = self._measure(Path(var), options)
        folder = settings.BASE_DIR / "docs"
        (folder / "benchmarks.json").write_text(
            json.dumps(measured, indent=2) + "\n", encoding="utf-8"
        )
        (folder / "benchmarks.md").write_text(report.page(measured), encoding="utf-8")
        self.stdout.write(report.page(measured))

    def _measure(self, var: Path, options: dict[str, Any]) -> dict[str, Any]:
        os.environ |= environment(var, PORT) | {
            "LAUFMAPPE_DEMO": "",
            "REGISTERS_URL": "",
            "CALLBACK_ALLOWED_NETWORKS": "127.0.0.0/8",
            "DJANGO_SETTINGS_MODULE": "backoffice.config.settings.bench",
            "LOG_LEVEL": "WARNING",
        }
        with EmbeddedPostgres(var / "postgres") as server:
            os.environ["DATABASE_URL"] = server.url
            _run("manage.py", "migrate", "--verbosity=0", owner=True)
            _run("manage.py", "collectstatic", "--noinput", "--verbosity=0")
            _run("manage.py", "signing_keys", "create")
            client = json.loads(_run("-m", "backoffice.config.bench.setting_up"))
            with Supervisor([_web()], logs=var / "log") as supervisor:
                base_url = f"http://127.0.0.1:{PORT}"
                wait_until_ready(base_url, supervisor)
                portal = BenchPortal.sign_in(base_url, client["id"], client["secret"])
                figures = self._figures(portal, supervisor, client, options)
            return figures | self._pages(server, var, options["large"])

    def _figures(
        self,
        portal: BenchPortal,
        supervisor: Supervisor,
        client: dict[str, str],
        options: dict[str, Any],
    ) -> dict[str, Any]:
        calls = options["calls"]
        self._say("warming up")
        load.run(portal.base_url, list(portal.intakes(40)), concurrency=4)
        load.run(portal.base_url, list(portal.floors(40)), concurrency=4)
        self._say("statements per request")
        statements = json.loads(
            _run(
                "-m",
                "backoffice.config.bench.statements",
                client["id"],
                client["secret"],
                CASEWORKER,
                PASSWORD,
            )
        )
        self._say("letters")
        letters = json.loads(_run("-m", "backoffice.config.bench.letters"))
        self._say(f"{2 * options['grants']} letters by the worker")
        issued = json.loads(
            _run("-m", "backoffice.config.bench.issuing", str(options["grants"]), CASEWORKER)
        )
        self._say("catalogue")
        catalogue = json.loads(_run("-m", "backoffice.config.bench.catalogue", str(AUTOMATIC)))
        self._say("deadlines")
        deadlines = json.loads(_run("-m", "backoffice.config.bench.deadlines", owner=True))
        # Last: what follows from so many intakes would keep the worker busy for long.
        rates: dict[str, dict[str, Any]] = {}
        for clients in CONCURRENCY:
            self._say(f"intake beside the floor, {clients} at a time")
            rates[str(clients)] = self._beside(portal, clients, calls)
        self._say("a large file")
        with Portal(portal.base_url, client["id"], client["secret"]) as sender:
            large = large_file.measure(
                sender, lambda: _workers_mb(supervisor.pid("web")), Path(os.environ["VAR_ROOT"])
            )
        self._say("callbacks")
        callbacks = json.loads(_run("-m", "backoffice.config.bench.callbacks"))
        self._say(f"memory over {options['intakes']} intakes")
        memory = self._memory(portal, supervisor, options["intakes"])
        return {
            "intake": rates,
            "statements": statements,
            "letters": letters,
            "letters_by_the_worker": issued,
            "catalogue": catalogue,
            "deadlines": deadlines,
            "large_file": large,
            "callbacks": callbacks,
            "memory_mb": memory,
            "machine": {"cores": os.cpu_count(), "python": sys.version.split()[0]},
        }

    def _beside(self, portal: BenchPortal, clients: int, calls: int) -> dict[str, Any]:
        """Floor and intake in turn, so that a noisy minute hits both."""
        with _worker():
            running = self._load(portal.intakes(calls), portal, clients)
        paused = self._load(portal.intakes(calls), portal, clients)
        floor = self._load(portal.floors(calls), portal, clients)
        upload = self._load(portal.uploads(calls), portal, clients)
        together = 1 / (1 / paused.rate + 1 / upload.rate)
        return {
            "floor": asdict(floor),
            "intake, worker paused": asdict(paused),
            "intake, worker running": asdict(running),
            "upload of 100 kB": asdict(upload),
            "ratio to floor, worker paused": paused.rate / floor.rate,
            "ratio to floor, worker running": running.rate / floor.rate,
            "upload and intake per second": together,
        }

    def _load(self, jobs: Iterator[list[Call]], portal: BenchPortal, clients: int) -> Outcome:
        return load.run(portal.base_url, list(jobs), concurrency=clients)

    def _memory(
        self, portal: BenchPortal, supervisor: Supervisor, intakes: int
    ) -> dict[str, list[float]]:
        master = supervisor.pid("web")
        before = _workers_mb(master)
        found = {"before": before}
        for number in range(intakes // 200):
            load.run(portal.base_url, list(portal.intakes(200)), concurrency=4)
            if (number + 1) * 200 in (intakes // 2, intakes):
                found[f"after {(number + 1) * 200:,} intakes"] = _workers_mb(master)
        return found

    def _pages(self, server: EmbeddedPostgres, var: Path, large: int) -> dict[str, Any]:
        """Two cities of different size, each with a web worker of its own, asked in turn."""
        self._say(f"filling two cities, {SMALL:,} and {large:,} cases")
        city.fill(server.url, 1, SMALL)
        big = _copied(server, "laufmappe_big")
        city.fill(big, SMALL + 1, large)
        self._say("pages of both in turn")
        pages = (("work list", "/"), ("case page", f"/cases/{_newest_case(server.url)}"))
        children = [
            _web("small", PORT + 2, workers=1, url=server.url),
            _web("big", PORT + 4, workers=1, url=big),
        ]
        times: dict[tuple[str, int], list[float]] = {}
        with Supervisor(children, logs=var / "log") as supervisor:
            doors = {SMALL: f"http://127.0.0.1:{PORT + 2}", large: f"http://127.0.0.1:{PORT + 4}"}
            cookies = {}
            for size, door in doors.items():
                wait_until_ready(door, supervisor)
                cookies[size] = _signed_in(door)
            loads = {
                name: _first_load(doors[SMALL], address, cookies[SMALL]) for name, address in pages
            }
            for turn in range(ROUNDS + 1):
                for name, address in pages:
                    for size, door in doors.items():
                        jobs = [[Call("GET", address, cookies[size])]] * 10
                        outcome = load.run(door, jobs, concurrency=1)
                        assert outcome.errors == 0, (name, size)
                        if turn:  # the first round warms up
                            times.setdefault((name, size), []).append(outcome.p50)
        found: dict[str, Any] = {
            f"{name}, {size:,} cases": {"p50": median(each)} for (name, size), each in times.items()
        }
        for name in ("work list", "case page"):
            pairs = zip(times[name, large], times[name, SMALL], strict=True)
            found[f"{name}, ratio"] = median(one / other for one, other in pairs)
        return {"pages": found, "first_load": loads}

    def _say(self, text: str) -> None:
        self.stderr.write(f"  {text} …")


def _web(name: str = "web", port: int = PORT, *, workers: int = 2, url: str = "") -> Child:
    return Child(
        name,
        [
            *(
                sys.executable,
                "-m",
                "gunicorn",
                "backoffice.config.wsgi",
                f"--bind=127.0.0.1:{port}",
            ),
            *(f"--workers={workers}", "--threads=4", "--worker-class=gthread"),
            *("--preload", "--no-control-socket", "--log-level=warning"),
        ],
        {"DATABASE_URL": url} if url else {},
    )


def _copied(server: EmbeddedPostgres, name: str) -> str:
    """A copy of the whole city under another name."""
    admin = url_for(server.data, "postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {server.database}")
    return url_for(server.data, name)


def _run(*command: str, owner: bool = False) -> str:
    settings_module = "backoffice.config.settings" + (".owner" if owner else ".bench")
    done = subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": settings_module},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


@contextmanager
def _worker() -> Iterator[None]:
    running = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=settings.BASE_DIR)
    try:
        yield
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait()


def _workers_mb(master: int | None) -> list[float]:
    """Resident memory of the web workers, in MB."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = dict(
                line.split(":", 1) for line in (folder / "status").read_text().splitlines()
            )
        except OSError:  # it ended while we looked
            continue
        if status["PPid"].strip() == str(master):
            found.append(int(status["VmRSS"].split()[0]) / 1024)
    return sorted(found)


def _signed_in(base_url: str) -> dict[str, str]:
    """The headers of a signed-in caseworker."""
    session = httpx.Client(base_url=base_url, follow_redirects=True)
    session.get("/login")
    reply = session.post(
        "/login",
        data={
            "username": CASEWORKER,
            "password": PASSWORD,
            "csrfmiddlewaretoken": session.cookies["csrftoken"],
        },
    )
    reply.raise_for_status()
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in session.cookies.items())}


def _first_load(door: str, address: str, cookies: dict[str, str]) -> dict[str, float]:
    """KB that a browser is sent for a page it has never seen: HTML, and everything."""

    def fetch(wanted: str) -> tuple[int, bytes]:
        with httpx.stream("GET", door + wanted, headers=cookies) as reply:
            reply.raise_for_status()
            content = reply.read()
            return reply.num_bytes_downloaded, content

    sent, html = fetch(address)
    whole = sent + sum(size for _, size in first_load(html.decode(), fetch))
    return {"html": sent / 1024, "everything": whole / 1024}


def _newest_case(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT case_id FROM workflows_process WHERE source LIKE 'portal:%' "
            "ORDER BY case_id DESC LIMIT 1"
        ).fetchone()
    assert row, "the intakes before left a case"
    return str(row[0])
