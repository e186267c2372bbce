"""A simulated system of another authority: a real HTTP server that speaks JSON and can be upset.

What a double answers is its own affair (``Double.answer``); here is how it hears and how it fails:
``up``, ``down`` (503), ``slow`` (each answer waits), ``mute`` (it does what it is told and then
hangs up without an answer, as a connection that breaks at the worst moment), ``garbled`` (its
answers are no JSON).
"""

import argparse
import contextlib
import json
import os
import signal
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Self
from urllib.parse import parse_qsl, unquote, urlsplit

MODES: Final = ("up", "down", "slow", "mute", "garbled")
_LONGEST_BODY: Final = 256 * 1024

Answer = tuple[HTTPStatus, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A request: its method, the parts of its path, its query and body."""

    method: str
    path: tuple[str, ...]
    query: Mapping[str, str]
    body: Mapping[str, Any]


@dataclass
class Fault:
    """How the system behaves at the moment; ``times`` limits it to so many calls, 0: always."""

    mode: str = "up"
    delay_ms: int = 0
    times: int = 0


class Double(ThreadingHTTPServer):
    """Serves in the background inside a ``with``; one call at a time, as one system of record."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *, port: int = 0, allow_control: bool = False) -> None:
        super().__init__(("127.0.0.1", port), _Exchange)
        self.allow_control = allow_control
        self.fault = Fault()
        self.calls: list[Call] = []
        self.stopping = threading.Event()
        self.busy = threading.Lock()

    @property
    def url(self) -> str:
        """The address to call, without a trailing slash."""
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, call: Call) -> Answer:
        """What the system says to ``call``: a status, and a body to be written as JSON."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()


class _Exchange(BaseHTTPRequestHandler):
    """One connection: reads requests and answers them."""

    server: Double
    protocol_version = "HTTP/1.1"
    # Head and body leave in two writes; with Nagle each answer would wait for the peer's ACK.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._respond()

    def do_PUT(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def do_DELETE(self) -> None:
        self._respond()

    def log_message(self, *_: object) -> None:
        """Silence: a double has no log of its own."""

    def _respond(self) -> None:
        call = self._call()
        if call is None:
            self.close_connection = True
            self._send(HTTPStatus.BAD_REQUEST, {"code": "VALIDATION_ERROR"})
            return
        if call.path == ("health",):
            self._send(HTTPStatus.OK, {"status": "up"})
        elif call.path == ("control",) and self.server.allow_control:
            self._control(call)
        else:
            self._serve(call)

    def _serve(self, call: Call) -> None:
        mode = self._mode()
        self.server.calls.append(call)
        if mode == "down":
            self._send(HTTPStatus.SERVICE_UNAVAILABLE, {"code": "UNSPECIFIED"})
            return
        if mode == "slow":
            self.server.stopping.wait(self.server.fault.delay_ms / 1000)
        with self.server.busy:
            status, body = self.server.answer(call)
        if mode == "mute":
            self.close_connection = True
        else:
            self._send(status, body, garbled=mode == "garbled")

    def _mode(self) -> str:
        fault = self.server.fault
        mode = fault.mode
        if fault.times:
            fault.times -= 1
            if not fault.times:
                self.server.fault = Fault()
        return mode

    def _control(self, call: Call) -> None:
        if call.method == "POST" and call.body.get("mode") in MODES:
            self.server.fault = Fault(
                call.body["mode"],
                int(call.body.get("delay_ms", 0)),
                int(call.body.get("times", 0)),
            )
        self._send(HTTPStatus.OK, vars(self.server.fault))

    def _call(self) -> Call | None:
        """The request; None where its body is no JSON object of a decent size."""
        asked = urlsplit(self.path)
        path = tuple(unquote(part) for part in asked.path.strip("/").split("/"))
        length = int(self.headers.get("Content-Length") or 0)
        if length > _LONGEST_BODY:
            return None
        try:
            body = json.loads(self.rfile.read(length)) if length else {}
        except ValueError:
            return None
        if not isinstance(body, dict):
            return None
        return Call(self.command, path, dict(parse_qsl(asked.query)), body)

    def _send(self, status: HTTPStatus, body: Any, *, garbled: bool = False) -> None:
        content = b"" if status == HTTPStatus.NO_CONTENT else json.dumps(body).encode()
        with contextlib.suppress(ConnectionError):  # a caller that gave up is no fault of ours
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            if self.close_connection:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(b"<html>"[: len(content)].ljust(len(content)) if garbled else content)


def parser(name: str) -> argparse.ArgumentParser:
    """What every double can be told when it is run by ``python -m``."""
    found = argparse.ArgumentParser(prog=f"python -m backoffice.demo.{name}")
    found.add_argument("--port", type=int, default=0, help="0 takes a free port")
    found.add_argument("--parent-pid", type=int, help="end when this process is gone")
    found.add_argument("--allow-control", action="store_true", help="open /control")
    return found


def serve(double: Double, *, parent_pid: int | None) -> None:
    """Serve until told to stop, or until the parent is gone; says where on standard output."""
    with double:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: double.stopping.set())
        print(json.dumps({"event": "listening", "url": double.url}), flush=True)
        while not double.stopping.wait(1):
            if parent_pid and not _is_alive(parent_pid):
                break


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def missing(body: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """Which of ``names`` the body leaves unsaid."""
    return [name for name in names if body.get(name) in (None, "")]
