"""``manage.py demo``: from nothing to a running city, and there it stays until Ctrl-C."""

import json
import os
import secrets
import subprocess
import sys
import time
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backoffice.config.embedded import EmbeddedPostgres, EmbeddedPostgresError
from backoffice.config.supervisor import Child, Supervisor
from backoffice.demo.city import EMPLOYEES, TENANT
from backoffice.demo.founding import PASSWORD
from efile.kernel import signing

SEED = 7
PEOPLE = 2000
WEB_WORKERS = 2
WEB_THREADS = 4
READY_SECONDS = 180
# Whom the closing lines introduce; var/demo.json names everybody.
INTRODUCED = ("a.lopes", "t.oyelaran", "j.kessler", "r.sandmann", "o.kruse")


class Command(BaseCommand):
    help = "Set up the sample city Musterstadt, run it, and stop it with Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--cases", type=int, default=300, help="applications of the portal")

    def handle(self, *_args: Any, **options: Any) -> None:
        var: Path = settings.VAR
        var.mkdir(parents=True, exist_ok=True)
        self.began = time.monotonic()
        try:
            with ExitStack() as stack:
                self._run(stack, var, options["port"], options["cases"])
        except EmbeddedPostgresError as error:
            raise CommandError(str(error)) from None

    def _run(self, stack: ExitStack, var: Path, port: int, cases: int) -> None:
        os.environ |= environment(var, port)
        if not settings.DATABASE_URL:
            self._say("PostgreSQL (embedded, for evaluation) starts")
            server = stack.enter_context(EmbeddedPostgres(var / "postgres"))
            os.environ["DATABASE_URL"] = server.url
        self._say("Tables and static files")
        _manage("migrate", "--verbosity=0", "--skip-checks")
        _mark_as_demo(os.environ["DATABASE_URL"])
        _manage("collectstatic", "--noinput", "--verbosity=0", "--skip-checks")
        signing.create()
        self._say(f"The city of {TENANT.name}: units, people, file plan, services")
        _manage("demo_city")
        record = _record(var, port)
        self._say("Registers, web and worker start")
        supervisor = stack.enter_context(Supervisor(_children(port), logs=var / "log"))
        wait_until_ready(record["base_url"], supervisor)
        loading = ["demo_load", f"--cases={cases}", f"--seed={SEED}", f"--people={PEOPLE}"]
        _manage(*loading, stop=supervisor)
        self._introduce(record)
        supervisor.wait()
        self.stdout.write("\nStopping …")

    def _say(self, text: str) -> None:
        self.stdout.write(f"[{time.monotonic() - self.began:5.1f} s] {text}")
        self.stdout.flush()

    def _introduce(self, record: dict[str, Any]) -> None:
        self._say("Ready.")
        self.stdout.write(f"\n  {record['base_url']}\n")
        for user in record["users"]:
            if user["username"] in INTRODUCED:
                who = f"{user['role']}, {user['unit']}"
                self.stdout.write(f"  {user['username']:<12} {user['password']}   {who}")
        self.stdout.write(
            "\n  All logins and the portal's client: var/demo.json. Logs: var/log/. "
            "Ctrl-C stops everything, the data stay.\n"
        )
        self.stdout.flush()


def environment(var: Path, port: int) -> dict[str, str]:
    """What the city's processes find in their environment; secrets are made once and kept."""
    kept = var / "secrets.json"
    if not kept.exists():
        made = {name: secrets.token_urlsafe(48) for name in _SECRETS}
        kept.touch(mode=0o600)
        kept.write_text(json.dumps(made, indent=2), encoding="utf-8")
    base_url = f"http://127.0.0.1:{port}"
    return {
        **json.loads(kept.read_text(encoding="utf-8")),
        "LAUFMAPPE_DEMO": "1",
        "VAR_ROOT": str(var),
        "PUBLIC_URL": base_url,
        "REGISTERS_URL": f"http://127.0.0.1:{port + 1}",
        "OPEN311_TENANT": TENANT.key,
    }


_SECRETS = ("SECRET_KEY", "JOURNAL_KEY", "IDENTITY_KEY")


def _children(port: int) -> list[Child]:
    python = sys.executable
    registers = [python, "-m", "backoffice.demo.registers", f"--port={port + 1}"]
    web = [python, "-m", "gunicorn", "backoffice.config.wsgi", f"--bind=127.0.0.1:{port}"]
    web += [f"--workers={WEB_WORKERS}", f"--threads={WEB_THREADS}", "--worker-class=gthread"]
    web += ["--preload", "--no-control-socket", "--log-level=warning"]
    return [
        Child("registers", [*registers, f"--people={PEOPLE}", f"--seed={SEED}"]),
        Child("worker", [python, "manage.py", "worker"]),
        Child("web", web),
    ]


def _manage(*command: str, stop: Supervisor | None = None) -> None:
    """Run a command of ours in a process of its own, with its output in ours."""
    running = subprocess.Popen([sys.executable, "manage.py", *command], cwd=settings.BASE_DIR)
    while running.poll() is None:
        if stop is not None and stop.stopping:
            running.terminate()
            running.wait()
            raise SystemExit(0)
        try:
            running.wait(0.2)
        except subprocess.TimeoutExpired:
            continue
    if running.returncode:
        raise CommandError(f"{command[0]} failed, see above")


def _mark_as_demo(url: str) -> None:
    """Only the owner of the tables can say so: the application may not turn its own clock."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO kernel_installation (id, is_demo) VALUES (1, true) "
            "ON CONFLICT (id) DO UPDATE SET is_demo = true"
        )


def _record(var: Path, port: int) -> dict[str, Any]:
    """Write ``var/demo.json``; the portal's client is made once and its secret kept there."""
    path = var / "demo.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    base_url = f"http://127.0.0.1:{port}"
    client, app = known.get("portal") or _portal_client(), known.get("open311") or _open311_key()
    record = {
        "base_url": base_url,
        "tenant": TENANT.key,
        "users": [
            {
                "role": employee.posts[0].role,
                "username": employee.username,
                "password": PASSWORD,
                "unit": employee.posts[0].unit,
            }
            for employee in EMPLOYEES
        ],
        "portal": {**client, "token_url": f"{base_url}/api/v1/oauth/token"},
        "open311": {**app, "url": f"{base_url}/open311/v2"},
    }
    path.write_text(json.dumps(record, indent=2, ensure_ascii=False), encoding="utf-8")
    return record


def _portal_client() -> dict[str, str]:
    told = _made("portal_client", "--name=Serviceportal Musterstadt", *_SCOPES)
    return {name: told[name] for name in ("client_id", "client_secret")}


_SCOPES = ("--scopes", "submit", "read", "answer", "offers", "cases")


def _open311_key() -> dict[str, str]:
    return {"api_key": _made("open311_key", "--name=Klarer Blick")["api_key"]}


def _made(command: str, *options: str) -> dict[str, str]:
    """What ``command create`` tells of what it made for the city."""
    made = subprocess.run(
        [
            *(sys.executable, "manage.py", command, "create"),
            *(f"--tenant={TENANT.key}", *options, "--json"),
        ],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, str] = json.loads(made.stdout)
    return told


def wait_until_ready(base_url: str, supervisor: Supervisor) -> None:
    """Return when the web process answers; CommandError when it does not in three minutes."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and not supervisor.stopping:
        try:
            if httpx.get(f"{base_url}/health/ready", timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    if not supervisor.stopping:
        raise CommandError("The web process does not answer; var/log/web.log says why.")
    raise SystemExit(0)
