"""A running city for a journey: ``manage.py demo`` itself, on ports and folders of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg

from backoffice.config import embedded
from tests import database
from tests.eventually import eventually

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 240.0


@dataclass(frozen=True)
class City:
    """What ``var/demo.json`` says, and where the processes of the city write."""

    var: Path
    record: dict[str, Any]
    url: str

    @property
    def base_url(self) -> str:
        return str(self.record["base_url"])

    def desk(self, username: str) -> "Desk":
        """``username`` signed in to the pages."""
        (user,) = (user for user in self.record["users"] if user["username"] == username)
        return Desk(self.base_url, username, user["password"])

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of the application's commands beside the running city."""
        kept = json.loads((self.var / "secrets.json").read_text())
        env = os.environ | kept | {"VAR_ROOT": str(self.var), "DATABASE_URL": self.url}
        for ours in ("SIGNING_KEYS", "STORAGE_ROOT"):
            env.pop(ours, None)
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )

    def sql(self, statement: str, *parameters: Any) -> None:
        """What somebody with the owner's password does by hand."""
        with psycopg.connect(self.url) as connection:
            assert connection.execute(statement, parameters).rowcount > 0


class Desk:
    """A colleague's browser without a window: cookies, forms, pages as text."""

    def __init__(self, base_url: str, username: str, password: str) -> None:
        self._client = httpx.Client(base_url=base_url, follow_redirects=True, timeout=30)
        self.read("/login")
        self.send("/login", username=username, password=password)

    def read(self, path: str) -> str:
        """The page at ``path``; anything but 200 fails."""
        reply = self._client.get(path)
        assert reply.status_code == 200, (path, reply.status_code)
        return reply.text

    def send(self, path: str, **fields: Any) -> str:
        """Post a form as the page would, and read where it leads."""
        token = self._client.cookies["csrftoken"]
        reply = self._client.post(path, data=fields | {"csrfmiddlewaretoken": token})
        assert reply.status_code == 200, (path, reply.status_code, _text(reply.text)[:500])
        return reply.text

    def act(self, case: str, action: str, **fields: Any) -> str:
        """Take an action on the case's page, with the version that the page shows."""
        page = self.read(f"/cases/{case}")
        (version, *_) = re.findall(r'name="version"[^>]*value="(\d+)"', page) or ["0"]
        return self.send(f"/cases/{case}/{action}", version=version, **fields)


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@contextmanager
def running_city(var: Path, *, cases: int, recall_seconds: int = 1) -> Iterator[City]:
    """``manage.py demo`` until the journey is over; then Ctrl-C, and nothing may be left."""
    port = _free_ports()
    env = {name: value for name, value in os.environ.items() if name not in _OURS}
    url = _database() if database.SERVER else ""
    log = (var / "demo.log").open("wb")
    demo = subprocess.Popen(
        [sys.executable, "manage.py", "demo", f"--port={port}", f"--cases={cases}"],
        cwd=ROOT,
        env=env
        | {"VAR_ROOT": str(var), "DATABASE_URL": url, "RECALL_SECONDS": str(recall_seconds)},
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        _await(demo, var / "demo.log")
        record = json.loads((var / "demo.json").read_text())
        yield City(var, record, url or embedded.url_for(var / "postgres", "laufmappe"))
    finally:
        demo.send_signal(signal.SIGINT)
        assert demo.wait(30) in (0, -signal.SIGINT)
        log.close()
        assert _left(demo.pid) == []


# What tests.environment gave this process is not the demo's.
_OURS = {
    "DATABASE_POOL_SIZE",
    "DATABASE_OWNER_URL",
    "DJANGO_SETTINGS_MODULE",
    "IDENTITY_KEY",
    "JOURNAL_KEY",
    "LOG_LEVEL",
    "SECRET_KEY",
    "SIGNING_KEYS",
    "STORAGE_ROOT",
}


def _await(demo: subprocess.Popen[bytes], log: Path) -> None:
    def ready() -> bool:
        said = log.read_bytes()
        assert demo.poll() is None, f"the demo ended:\n{said[-3000:].decode(errors='replace')}"
        return b"Ready." in said

    eventually(ready, patience=START_SECONDS)


def _database() -> str:
    """A fresh database on the tests' server, for the city to migrate itself."""
    name = f"{database.NAME}_city"
    with psycopg.connect(database.SERVER, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    return database.url_for(name)


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _free_ports() -> int:
    """A port whose successor is free too: the registers take that one."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def _left(session: int) -> list[str]:
    """Command lines of what still runs in the demo's session."""
    left = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] != "Z":
                left.append((folder / "cmdline").read_text().replace("\0", " "))
        except OSError:  # it ended while we looked
            continue
    return left
