"""The tests' PostgreSQL: one server, a template migrated once, a clone for each test process.

The server is TEST_DATABASE_URL's, or an embedded one under ``var/test`` that a small keeper
process owns: it runs as long as any test process holds on to it, so that test runs may overlap.
Databases are told apart by name; nothing else on the server is touched.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from backoffice.config import embedded
from backoffice.config.embedded import AlreadyRunning, EmbeddedPostgres, EmbeddedPostgresError

ROOT = Path(__file__).resolve().parents[1]
EMBEDDED = ROOT / "var" / "test" / "postgres"
SERVER = os.environ.get("TEST_DATABASE_URL", "")

# The process number tells later runs whether the owner of a left database still lives.
NAME = f"laufmappe_test_{os.getpid()}_{token_hex(3)}"
TEMPLATES_KEPT = 3
# What decides how a migrated database looks.
SOURCES = (
    "*/migrations/**/*",
    "*/*/migrations/**/*",
    "efile/kernel/schema.py",
    "backoffice/config/settings/*.py",
    "requirements/runtime.lock",
    "tests/founding.py",
    "backoffice/demo/city.py",
    "backoffice/demo/founding.py",
    "backoffice/demo/streets.py",
    "workflows/catalogue/*",
)


def url_for(name: str) -> str:
    """Address of the database ``name`` on the tests' server."""
    if SERVER:
        return urlsplit(SERVER)._replace(path=f"/{name}").geturl()
    return embedded.url_for(EMBEDDED, name)


def missing() -> str:
    """Why the tests have no PostgreSQL; empty when they have."""
    try:
        hold_server()
        psycopg.connect(SERVER or url_for("postgres"), connect_timeout=5).close()
    except (EmbeddedPostgresError, psycopg.OperationalError) as error:
        return f"no PostgreSQL: {error}"
    return ""


def make() -> None:
    """Make this process's database: a clone of the migrated template, which is made if missing."""
    hold_server()
    with _only_one() as connection:
        _drop_abandoned(connection)
        template = _template(connection)
        _clone(connection, template)


def renew() -> None:
    """Put this process's database back to what the migrations left. Ends all its sessions."""
    with _only_one() as connection:
        _drop(connection, NAME)
        _clone(connection, _template(connection))


def drop() -> None:
    """Remove this process's database."""
    with _server() as connection:
        _drop(connection, NAME)


def own_cluster(data: Path) -> EmbeddedPostgres:
    """An embedded server for ``data`` (not started) whose database is migrated already.

    A migrated cluster is kept as files under ``var/test`` and copied: migrating takes longer than
    most tests.
    """
    kept = EMBEDDED.with_name(f"migrated-{_fingerprint()}")
    kept.parent.mkdir(parents=True, exist_ok=True)
    lock = _open(kept.with_name("migrated.lock"))
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        if not kept.exists():
            for old in kept.parent.glob("migrated-*"):
                shutil.rmtree(old)
            with TemporaryDirectory(dir=kept.parent) as scratch:
                with EmbeddedPostgres(Path(scratch, "postgres"), durable=False) as server:
                    migrate(server.url)
                Path(scratch, "postgres").replace(kept)
        # With owner and rights, which the server insists on.
        subprocess.run(["cp", "-a", kept, data], check=True)
    finally:
        os.close(lock)
    return EmbeddedPostgres(data)


def migrate(url: str) -> None:
    """Bring the database at ``url`` up to date, as its owner and in a process of its own."""
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0", "--skip-checks"]
    _run(command, url, "backoffice.config.settings.owner")


def _run(command: list[str], url: str, settings: str) -> None:
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": settings},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr}")


def _found_city(url: str) -> None:
    """Found the sample city in a fresh template: every test begins in Musterstadt."""
    _run([sys.executable, "-m", "tests.founding"], url, "backoffice.config.settings")


@cache
def hold_server() -> None:
    """Have the embedded server running until this process ends. Nothing to do for another one."""
    if SERVER:
        return
    EMBEDDED.parent.mkdir(parents=True, exist_ok=True)
    users = _open(EMBEDDED.with_name("users.lock"))
    # Kept until this process is gone. Waits while a keeper without users shuts down.
    fcntl.flock(users, fcntl.LOCK_SH)
    start = _open(EMBEDDED.with_name("start.lock"))
    fcntl.flock(start, fcntl.LOCK_EX)
    try:
        if not embedded.answers(EMBEDDED):
            _start_keeper()
    except BaseException:
        os.close(users)
        raise
    finally:
        os.close(start)


def _start_keeper() -> None:
    log = EMBEDDED.with_name("log") / "keeper.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("ab") as errors:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.database"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
    assert keeper.stdout
    with keeper.stdout as said:
        if said.readline() != b"ready\n":
            raise EmbeddedPostgresError(f"The tests' server did not start; {log} tells why.")
    keeper.returncode = 0  # it outlives us: nobody is to wait for it or to warn about it


def _keep() -> None:
    """Own the embedded server until no test process holds on to it any more."""
    server = EmbeddedPostgres(EMBEDDED, durable=False)
    try:
        server.start()
    except AlreadyRunning:
        raise
    except EmbeddedPostgresError:  # of another release, or the machine went down: nothing is lost
        shutil.rmtree(EMBEDDED)
        server.start()
    try:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        fcntl.flock(_open(EMBEDDED.with_name("users.lock")), fcntl.LOCK_EX)
    finally:
        server.stop()


def _open(lock: Path) -> int:
    return os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _server() -> psycopg.Connection:
    return psycopg.connect(SERVER or url_for("postgres"), autocommit=True)


@contextmanager
def _only_one() -> Iterator[psycopg.Connection]:
    """A session on the server that no other test process has at the same time."""
    with _server() as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('laufmappe: tests'))")
        yield connection


def _template(connection: psycopg.Connection) -> str:
    """Name of the migrated template for the present sources; made where it is missing."""
    name = f"laufmappe_template_{_fingerprint()}"
    known = _names(connection, "laufmappe_template_%")
    if name in known:
        return name
    for old in known[TEMPLATES_KEPT - 1 :]:
        _drop(connection, old)
    _drop(connection, "laufmappe_unfinished")
    connection.execute("CREATE DATABASE laufmappe_unfinished TEMPLATE template0 ENCODING 'UTF8'")
    migrate(url_for("laufmappe_unfinished"))
    _found_city(url_for("laufmappe_unfinished"))
    # Last, so that an interrupted build is never taken for a template.
    rename = sql.SQL("ALTER DATABASE laufmappe_unfinished RENAME TO {}")
    connection.execute(rename.format(sql.Identifier(name)))
    return name


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _clone(connection: psycopg.Connection, template: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    connection.execute(statement.format(sql.Identifier(NAME), sql.Identifier(template)))


def _drop(connection: psycopg.Connection, name: str) -> None:
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    connection.execute(statement.format(sql.Identifier(name)))


def _drop_abandoned(connection: psycopg.Connection) -> None:
    for name in _names(connection, "laufmappe_test_%"):
        owner = int(name.split("_")[2])
        try:
            os.kill(owner, 0)
        except ProcessLookupError:
            _drop(connection, name)
        except PermissionError:
            continue


def _names(connection: psycopg.Connection, pattern: str) -> list[str]:
    """Databases whose name is LIKE ``pattern``, newest first."""
    found = connection.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid DESC", [pattern]
    )
    return [name for (name,) in found]


if __name__ == "__main__":
    _keep()
