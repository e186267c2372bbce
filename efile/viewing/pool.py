"""The processes that open foreign files: asked one thing at a time, ended when they misbehave."""

import json
import os
import queue
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO, Final, Literal, get_args

Reason = Literal[
    "encrypted", "damaged", "too_many_pages", "too_large", "not_a_document", "timeout", "busy"
]

PROGRAM: Final = Path(__file__).with_name("renderer.py")
SECONDS: Final = 15.0
CHILDREN: Final = 2
# A process that has seen so many files makes room for a fresh one: no leak grows for ever.
QUESTIONS_PER_LIFE: Final = 500
LARGEST_ANSWER: Final = 32 * 1024 * 1024
_CHUNK: Final = 256 * 1024
_REASONS: Final = frozenset(get_args(Reason))


class Unviewable(Exception):
    """There is nothing to see. ``reason`` says why; the original can still be downloaded."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class Child:
    """One process and the socket to it. Started when first asked, and again after its end."""

    def __init__(self, program: Path = PROGRAM, *, seconds: float = SECONDS) -> None:
        self._program, self._seconds = program, seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self._questions = 0

    def ask(self, question: Mapping[str, Any], file: BinaryIO, size: int) -> bytes:
        """The answer, of at most ``LARGEST_ANSWER`` bytes: whatever a hostile file made of it.

        Refuses: Unviewable; a process that is silent, dies or talks nonsense is ended.
        """
        end = monotonic() + self._seconds
        channel = self._living()
        try:
            self._tell(channel, {**question, "size": size}, file, end)
            kind, body = self._hear(channel, end)
        except TimeoutError:
            self.end()
            raise Unviewable("timeout") from None
        except (OSError, ValueError):
            raise Unviewable(self._cause_of_death()) from None
        if kind in (b"J", b"I"):
            return body
        reason = body.decode("ascii", "replace")
        raise Unviewable(reason if reason in _REASONS else "damaged")  # type: ignore[arg-type]

    def end(self) -> None:
        """End the process, if there is one; nothing of it is left."""
        if self._channel:
            self._channel.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        self._channel = self._process = None

    def _cause_of_death(self) -> Reason:
        process = self._process
        with suppress(subprocess.TimeoutExpired):
            if process and process.wait(0.2) == -signal.SIGXCPU:
                self.end()
                return "timeout"
        self.end()
        return "damaged"

    @property
    def pid(self) -> int | None:
        """The process's id; None while there is none."""
        return self._process.pid if self._process else None

    def _living(self) -> socket.socket:
        died = self._process is not None and self._process.poll() is not None
        if died or self._questions >= QUESTIONS_PER_LIFE:
            self.end()
        if self._channel is None:
            self._channel = self._started()
            self._questions = 0
        self._questions += 1
        return self._channel

    def _started(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            # Isolated, without our environment and its secrets, without any other descriptor.
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", str(self._program), str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={},
                cwd="/",
            )
        return ours

    @staticmethod
    def _tell(
        channel: socket.socket, question: Mapping[str, Any], file: BinaryIO, end: float
    ) -> None:
        _wait_until(channel, end)
        channel.sendall(json.dumps(question).encode() + b"\n")
        while chunk := file.read(_CHUNK):
            _wait_until(channel, end)
            channel.sendall(chunk)

    @staticmethod
    def _hear(channel: socket.socket, end: float) -> tuple[bytes, bytes]:
        head = b"".join(_received(channel, 5, end))
        (size,) = struct.unpack(">I", head[1:])
        if size > LARGEST_ANSWER:
            raise ValueError("a longer answer than any page has")
        return head[:1], b"".join(_received(channel, size, end))


def _received(channel: socket.socket, size: int, end: float) -> Iterator[bytes]:
    while size:
        _wait_until(channel, end)
        chunk = channel.recv(min(size, _CHUNK))
        if not chunk:
            raise ConnectionError("it died")
        size -= len(chunk)
        yield chunk


def _wait_until(channel: socket.socket, end: float) -> None:
    left = end - monotonic()
    if left <= 0:
        raise TimeoutError
    channel.settimeout(left)


class Pool:
    """A few children; whoever wants one waits for one that is free."""

    def __init__(self, children: int = CHILDREN, *, seconds: float = SECONDS) -> None:
        self._patience = 2 * seconds
        # The last used is used next: one process stays warm, the other is not even started.
        self._free: queue.LifoQueue[Child] = queue.LifoQueue()
        for _ in range(children):
            self._free.put(Child(seconds=seconds))

    @contextmanager
    def child(self) -> Iterator[Child]:
        """A child of one's own for a while. Refuses: Unviewable (``busy``)."""
        try:
            child = self._free.get(timeout=self._patience)
        except queue.Empty:
            raise Unviewable("busy") from None
        try:
            yield child
        finally:
            self._free.put(child)

    def end(self) -> None:
        """End the children that are free."""
        with suppress(queue.Empty):
            while True:
                self._free.get_nowait().end()


def pool() -> Pool:
    """The pool of this process: a fork does not share its parent's children."""
    return _pool_of(os.getpid())


@cache
def _pool_of(_pid: int) -> Pool:
    return Pool()
