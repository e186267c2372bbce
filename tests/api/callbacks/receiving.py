"""A receiver of callbacks as the tests have it: a real HTTP server that does what it is told."""

import json
import socket
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

# What to do with a call: a status to answer with, or something worse.
RESET_AFTERWARDS = "reset_afterwards"
DRIP = "drip"
Behaviour = Callable[[dict[str, Any]], int | str]


def always(status: int) -> Behaviour:
    """Answer every call like this."""
    return lambda _body: status


class Receiver:
    """Keeps what it processed, in the order of arrival; can be away, its port closed."""

    def __init__(self) -> None:
        self.behave: Behaviour = always(204)
        self.calls: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.answer_headers: dict[str, str] = {}
        self.answer_body = b""
        self.released = threading.Event()
        self.taking = threading.Lock()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/laufmappe"

    @property
    def events(self) -> list[dict[str, Any]]:
        """Every event that was processed, in the order of arrival, repetitions and all."""
        return [event for call in self.calls for event in call.get("events", [])]

    def come(self) -> None:
        """Answer from now on."""
        self._server = _Server(
            ("127.0.0.1", self.port), type("Handler", (_Handler,), {"receiver": self})
        )
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def leave(self) -> None:
        """Refuse connections from now on."""
        self.released.set()
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def process(self, raw: bytes, headers: dict[str, str]) -> int | str:
        """Keep the call where it is processed; returns what to do about it."""
        body = json.loads(raw)
        with self.taking:
            does = self.behave(body)
            if does == RESET_AFTERWARDS or (isinstance(does, int) and does < 300):
                self.calls.append(body)
                self.bodies.append(raw)
                self.headers.append(headers)
        return does

    def __enter__(self) -> Self:
        self.come()
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        does = self.receiver.process(raw, headers)
        if isinstance(does, int):
            self.answer(does)
        elif does == RESET_AFTERWARDS:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close_connection = True
        elif does == DRIP:
            # A header that never ends, a byte now and then: each read succeeds in time.
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
            while not self.receiver.released.wait(0.02):
                self.wfile.write(b"x")

    def answer(self, status: int) -> None:
        body = b"" if status == 204 else self.receiver.answer_body
        self.send_response(status)
        for name, value in self.receiver.answer_headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:  # whoever called has left
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Quiet."""
