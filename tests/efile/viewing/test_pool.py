"""Tests of efile.viewing.pool: whatever a child does, the caller gets an answer or a reason."""

import io
import json
import os
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from efile.viewing import pool as pools
from efile.viewing.pool import Child, Pool, Unviewable
from tests.efile.viewing.files import letter, nested

Make = Callable[..., Child]

BEFORE = """
import os, signal, socket, struct, sys
channel = socket.socket(fileno=int(sys.argv[1]))
wire = channel.makefile("rwb")
line = wire.readline()
"""


@pytest.fixture
def child() -> Iterator[Child]:
    """A child that opens files as the application's do."""
    one = Child()
    yield one
    one.end()


@pytest.fixture
def child_that(tmp_path: Path) -> Iterator[Make]:
    """A child that does what the test says instead of opening files."""
    made = []

    def make(does: str, *, seconds: float = 20.0) -> Child:
        program = tmp_path / "renderer.py"
        program.write_text(BEFORE + textwrap.dedent(does), encoding="utf-8")
        made.append(Child(program, seconds=seconds))
        return made[-1]

    yield make
    for one in made:
        one.end()


def ask(child: Child, content: bytes, **question: object) -> bytes:
    asked = {"media": "pdf", "what": "outline"} | question
    return child.ask(asked, io.BytesIO(content), len(content))


def refused(child: Child, content: bytes = b"x", **question: object) -> str:
    with pytest.raises(Unviewable) as caught:
        ask(child, content, **question)
    return caught.value.reason


class TestAChild:
    def test_is_started_when_first_asked_and_asked_again(self, child: Child) -> None:
        assert child.pid is None
        assert json.loads(ask(child, letter(2)))["count"] == 2
        first = child.pid
        ask(child, letter())

        assert child.pid == first

    def test_knows_nothing_of_ours(self, child: Child) -> None:
        ask(child, letter())
        process = Path(f"/proc/{child.pid}")

        assert process.joinpath("environ").read_bytes() == b""
        open_files = {os.readlink(file) for file in process.joinpath("fd").iterdir()}
        assert {name.partition(":")[0] for name in open_files} == {"/dev/null", "socket"}

    def test_has_limits(self, child: Child) -> None:
        ask(child, letter())
        limits = Path(f"/proc/{child.pid}/limits").read_text(encoding="ascii")
        soft = {line[:25].strip(): line[26:46].strip() for line in limits.splitlines()}

        assert soft["Max address space"] == str(1024**3)
        assert soft["Max file size"] == soft["Max core file size"] == "0"
        assert 0 < int(soft["Max cpu time"]) < 60
        assert int(soft["Max open files"]) <= 32

    def test_that_takes_too_long_is_ended(self) -> None:
        slow = Child(seconds=1.0)
        image = {"what": "image", "page": 1, "width": 400, "turn": 0}

        assert refused(slow, nested(9, 30), **image) in {"timeout", "damaged"}
        assert slow.pid is None
        slow.end()

    def test_that_is_silent_is_ended(self, child_that: Make) -> None:
        silent = child_that("signal.pause()", seconds=0.5)

        assert refused(silent) == "timeout"
        assert silent.pid is None

    def test_that_does_not_listen_is_ended(self, child_that: Make) -> None:
        assert refused(child_that("signal.pause()", seconds=0.5), b"x" * 9_000_000) == "timeout"

    def test_that_used_up_its_processor_time_says_so(self, child_that: Make) -> None:
        assert refused(child_that("os.kill(os.getpid(), signal.SIGXCPU)")) == "timeout"

    @pytest.mark.parametrize(
        "does",
        [
            "os.kill(os.getpid(), signal.SIGSEGV)",
            "sys.exit()",
            "wire.write(b'J' + struct.pack('>I', 2**32 - 1)); wire.flush(); signal.pause()",
            "wire.write(b'J' + struct.pack('>I', 100) + b'{}'); wire.flush()",
            "wire.write(b'R' + struct.pack('>I', 3) + b'\\xff<b'); wire.flush(); signal.pause()",
            "wire.write(b'?' + struct.pack('>I', 2) + b'{}'); wire.flush(); signal.pause()",
        ],
        ids=["crashes", "leaves", "boasts", "breaks off", "mumbles", "babbles"],
    )
    def test_that_misbehaves_spoils_one_answer(self, child_that: Make, does: str) -> None:
        assert refused(child_that(does)) == "damaged"

    def test_is_replaced_after_its_death(self, child: Child) -> None:
        ask(child, letter())
        assert child.pid is not None
        os.kill(child.pid, 9)
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)

        assert json.loads(ask(child, letter(3)))["count"] == 3

    def test_is_replaced_when_it_has_seen_enough(
        self, child: Child, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pools, "QUESTIONS_PER_LIFE", 2)
        seen = set()
        for _ in range(4):
            ask(child, letter())
            seen.add(child.pid)

        assert len(seen) == 2

    def test_ends_with_whoever_asked(self, child: Child) -> None:
        ask(child, letter())
        assert child.pid is not None
        descriptor = os.pidfd_open(child.pid)
        child._channel.close()  # type: ignore[union-attr]  # as the kernel does when we die
        os.waitid(os.P_PIDFD, descriptor, os.WEXITED | os.WNOWAIT)
        os.close(descriptor)


class TestAPool:
    def test_lends_the_same_child_again(self) -> None:
        pool = Pool(2)
        with pool.child() as first:
            pass
        with pool.child() as again:
            assert again is first

    def test_lends_no_child_twice_at_a_time(self) -> None:
        pool = Pool(2)
        with pool.child() as one, pool.child() as other:
            assert one is not other

    def test_says_when_all_are_busy(self) -> None:
        pool = Pool(1, seconds=0.01)
        with pool.child(), pytest.raises(Unviewable, match="busy"), pool.child():
            pass

    def test_gets_a_child_back_that_failed(self) -> None:
        pool = Pool(1, seconds=5.0)
        for _ in range(2):
            with pytest.raises(Unviewable, match="damaged"), pool.child() as child:
                ask(child, b"%PDF-1.7 nothing")
        pool.end()
