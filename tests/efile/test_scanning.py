"""The scanner: what it says, and what counts as not having said anything."""

import io
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread

import pytest
from pytest_django import Settings

from efile.scanning import Hold, Infected, NotScanned, NotYetScanned, hold_on, require_cleared, scan
from tests.efile.eicar import EICAR
from tests.environment import clamd_url

MB = 1024 * 1024


def why_not(content: bytes, *, seconds: float = 5) -> str:
    with pytest.raises(NotScanned) as refusal:
        scan(io.BytesIO(content), seconds=seconds)
    return refusal.value.why


@contextmanager
def daemon(act: Callable[[socket.socket], None]) -> Iterator[str]:
    """The address of something that takes one connection and does ``act``."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                channel, _ = server.accept()
                with channel:
                    act(channel)

        thread = Thread(target=serve)
        thread.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        thread.join()


def hear_all(channel: socket.socket) -> None:
    heard = b""
    while not heard.endswith(b"\0\0\0\0"):
        heard += channel.recv(65536)


def answering(answer: bytes) -> Callable[[socket.socket], None]:
    def act(channel: socket.socket) -> None:
        hear_all(channel)
        channel.sendall(answer)

    return act


@pytest.mark.requires("clamd")
class TestTheDaemon:
    @pytest.fixture(autouse=True)
    def scanner(self, settings: Settings) -> None:
        settings.CLAMD_URL = clamd_url()

    @pytest.mark.parametrize(
        ("content", "verdict"),
        [
            (b"Sehr geehrte Damen und Herren", "clean"),
            (EICAR, "infected"),
            (b"%PDF-1.7\n" + bytes(MB) + EICAR, "infected"),
        ],
    )
    def test_tells_malware_from_the_rest(self, content: bytes, verdict: str) -> None:
        assert scan(io.BytesIO(content), seconds=10) == verdict

    def test_says_when_it_was_too_much(self) -> None:
        assert why_not(bytes(80 * MB), seconds=20) == "too_large"


class TestWithoutAVerdict:
    @pytest.mark.parametrize(
        ("answer", "why"),
        [
            (b"INSTREAM size limit exceeded. ERROR\0", "too_large"),
            (b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0", "too_large"),
            (b"stream: Can't allocate memory ERROR\0", "failed"),
            (b"stream: O", "failed"),
            (b"", "failed"),
        ],
    )
    def test_a_file_is_not_clean(self, settings: Settings, answer: bytes, why: str) -> None:
        with daemon(answering(answer)) as settings.CLAMD_URL:
            assert why_not(b"x") == why

    def test_a_scanner_that_is_silent_is_left(self, settings: Settings) -> None:
        def be_silent(channel: socket.socket) -> None:
            hear_all(channel)
            channel.recv(1)  # until the other end has had enough

        with daemon(be_silent) as settings.CLAMD_URL:
            assert why_not(b"x", seconds=0.1) == "timeout"

    @pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "unix:/nowhere/clamd.sock", "nonsense"])
    def test_a_scanner_that_is_away_is_asked_again(self, settings: Settings, url: str) -> None:
        settings.CLAMD_URL = url
        assert why_not(b"x") == "away"


class TestWhoWaits:
    @pytest.mark.parametrize(
        ("url", "scan", "direction", "hold"),
        [
            ("tcp://x:1", "not_scanned", "in", Hold.PENDING),
            ("tcp://x:1", "not_scanned", "out", None),
            ("tcp://x:1", "clean", "in", None),
            ("tcp://x:1", "infected", "in", Hold.INFECTED),
            ("tcp://x:1", "infected", "out", Hold.INFECTED),
            ("", "not_scanned", "in", None),
            ("", "infected", "in", Hold.INFECTED),
        ],
    )
    def test_is_told_by_one_rule(
        self, settings: Settings, url: str, scan: str, direction: str, hold: Hold | None
    ) -> None:
        settings.CLAMD_URL = url
        assert hold_on(scan, direction) == hold
        refusal = {Hold.PENDING: NotYetScanned, Hold.INFECTED: Infected, None: None}[hold]
        if refusal is None:
            require_cleared(scan, direction)
        else:
            with pytest.raises(refusal):
                require_cleared(scan, direction)
