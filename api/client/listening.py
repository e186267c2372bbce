"""Where callbacks arrive: a small server that believes only what is signed, and answers at once."""

import json
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from api.client.proving import NotGenuine, check_callback

# No callback is longer; whoever sends more is not the city.
LONGEST = 4 * 1024 * 1024
PING = "urn:laufmappe:callbacks:ping"

Take = Callable[[dict[str, Any]], object]


class Listener:
    """A server for callbacks at ``port`` (0: any), running from entry to leaving.

    ``take`` is handed each callback's body once its signature is proven; when it returns, the
    callback is answered with 204 and counts as delivered, when it raises with 500 and comes
    again. Callbacks come at least once: know events by their id. ``secrets`` are those in force,
    ``now`` tells the true time.
    """

    def __init__(
        self,
        take: Take,
        *,
        secrets: Sequence[str] = (),
        host: str = "127.0.0.1",
        port: int = 0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.secrets = secrets
        self._take = take
        self._now = now
        self._server = ThreadingHTTPServer((host, port), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """The address to register."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, headers: dict[str, str], body: bytes) -> HTTPStatus:
        """What a callback is answered with."""
        if not self.secrets and _is_ping(body):
            return HTTPStatus.NO_CONTENT
        try:
            check_callback(headers, body, self.secrets, at=self._now())
        except NotGenuine:
            return HTTPStatus.UNAUTHORIZED
        self._take(json.loads(body))
        return HTTPStatus.NO_CONTENT


def _is_ping(body: bytes) -> bool:
    """The first call comes before anybody knows the secret, and says nothing."""
    try:
        said = json.loads(body)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("type") == PING


def _handler(listener: Listener) -> type[BaseHTTPRequestHandler]:
    class Callback(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            try:
                if not length.isdecimal() or int(length) > LONGEST:
                    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
                    return
                headers = {name.lower(): value for name, value in self.headers.items()}
                status = listener.answer(headers, self.rfile.read(int(length)))
            finally:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing: what is pushed concerns people."""

    return Callback
