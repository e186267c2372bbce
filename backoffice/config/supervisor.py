"""Runs the processes of one machine: starts them, logs them, restarts them, ends them together."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Any, Self

from backoffice.config.tether import tethered

LOOK_EVERY = 0.1
# A process that ran this long was healthy: its next crash is restarted without delay again.
HEALTHY_SECONDS = 30.0
LONGEST_DELAY = 30.0


@dataclass(frozen=True, slots=True)
class Child:
    """A process to keep running. ``env`` comes on top of the supervisor's own environment."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)


class Supervisor:
    """Keeps ``children`` running from entry to leaving; stops them in reverse order.

    Each child writes to ``logs/NAME.log``, every line with time and name before it, and crashes
    are restarted with a growing delay. No child outlives the supervisor, however that ends. Enter
    it in the main thread: the children are tethered to that thread, and signals arrive there.
    """

    def __init__(
        self,
        children: Sequence[Child],
        *,
        logs: Path,
        grace: float = 8.0,
        first_delay: float = 0.5,
    ) -> None:
        self._logs = logs
        self._grace = grace
        self._running = [_Running(child, logs, first_delay) for child in children]
        self._signalled = 0
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        self._logs.mkdir(parents=True, exist_ok=True)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._before[number] = signal.signal(number, self._note)
        try:
            for running in self._running:
                running.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def stopping(self) -> bool:
        """Whether somebody asked to stop; whoever waits for a child to answer looks here too."""
        return self._signalled > 0

    def pid(self, name: str) -> int | None:
        """Process id of the child ``name``, None while it is down."""
        return next(running.pid for running in self._running if running.child.name == name)

    def wait(self) -> None:
        """Return when SIGINT, SIGTERM or SIGHUP asks to stop; until then restart what crashes."""
        while not self.stopping:
            for running in self._running:
                running.look()
            time.sleep(LOOK_EVERY)

    def stop(self) -> None:
        """Ask every child to end, last started first; after the grace (or a second signal) kill."""
        deadline = time.monotonic() + self._grace
        patience = max(self._signalled, 1)
        for running in reversed(self._running):
            running.terminate()
            while running.is_up and self._signalled <= patience and time.monotonic() < deadline:
                time.sleep(0.02)
            running.kill()
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._signalled += 1


class _Running:
    """One child, its log and its crashes."""

    def __init__(self, child: Child, logs: Path, first_delay: float) -> None:
        self.child = child
        self._log = logs / f"{child.name}.log"
        self._first_delay = first_delay
        self._crashes = 0
        self._started_at = 0.0
        self._start_again_at = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None

    @property
    def is_up(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and self.is_up else None

    def start(self) -> None:
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(
            tethered(self.child.command, at_parents_end=signal.SIGKILL),
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.child.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # A group of its own: Ctrl-C must not reach all at once, and none may be forgotten.
            start_new_session=True,
        )
        self._reader = threading.Thread(
            target=_copy, args=(self._process.stdout, self._log, self.child.name), daemon=True
        )
        self._reader.start()

    def look(self) -> None:
        """Notice a crash, start again when its delay is over."""
        if self.is_up:
            return
        now = time.monotonic()
        if self._process is not None:
            self._crashes = self._crashes + 1 if now - self._started_at < HEALTHY_SECONDS else 1
            delay = min(self._first_delay * 2 ** (self._crashes - 1), LONGEST_DELAY)
            self._start_again_at = now + delay
            print(
                f"{self.child.name} ended ({_how(self._process.returncode)}) and starts again "
                f"in {delay:.1f} s; see {self._log}",
                file=sys.stderr,
                flush=True,
            )
            self.kill()
        elif now >= self._start_again_at:
            self.start()

    def terminate(self) -> None:
        if self._process is not None and self.is_up:
            self._process.terminate()

    def kill(self) -> None:
        """End the child's whole group: what it started and left behind may hold its port."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._reader is not None:
            self._reader.join(timeout=2)
        self._process = None


def _copy(lines: IO[bytes], log: Path, name: str) -> None:
    with lines, log.open("ab", buffering=0) as file:
        for line in lines:
            stamp = datetime.now(UTC).isoformat(timespec="milliseconds")
            file.write(f"{stamp} {name} | ".encode() + line.rstrip(b"\n") + b"\n")


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
