"""A small API that misbehaves on demand, for the simulated portal to push against."""

import base64
import contextlib
import hashlib
import json
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "Basic " + base64.b64encode(b"portal:s3cret").decode()
DOCUMENT = "Bescheid für Ștefănescu".encode()


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    content: bytes

    @property
    def body(self) -> Any:
        """The JSON sent."""
        return json.loads(self.content)


@dataclass(slots=True)
class Double:
    """What the API will do next, and what it saw.

    ``faults`` are taken first, one per call to the API: a status with headers, or "drop" to close
    the connection without an answer. ``verdicts`` are the statuses of submissions, 201 when empty.
    """

    url: str = ""
    faults: deque[tuple[int, dict[str, str]] | str] = field(default_factory=deque)
    verdicts: deque[int] = field(default_factory=deque)
    calls: list[Call] = field(default_factory=list)
    tokens: int = 0
    questions: list[dict[str, Any]] = field(default_factory=list)
    document: bytes = DOCUMENT
    receipts: dict[str, bytes] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def called(self, path: str) -> list[Call]:
        """The calls to ``path``, in order."""
        return [call for call in self.calls if call.path.split("?")[0] == f"/api/v1/{path}"]

    def spend_token(self) -> None:
        """The token in use is worth nothing from now on."""
        self.tokens += 1


@contextlib.contextmanager
def serving() -> Iterator[Double]:
    """The API on a free port of this machine."""
    double = Double()

    class Exchange(_Exchange):
        state = double

    with ThreadingHTTPServer(("127.0.0.1", 0), Exchange) as server:
        double.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield double
        server.shutdown()


class _Exchange(BaseHTTPRequestHandler):
    state: Double
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Silence."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        call = Call(self.command, self.path, dict(self.headers.items()), content)
        with self.state.lock:
            status, headers, answer = self._answer(call)
        if status == 0:
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _answer(self, call: Call) -> tuple[int, dict[str, str], bytes]:
        state = self.state
        if call.path == "/api/v1/oauth/token":
            return self._token(call)
        state.calls.append(call)
        if call.headers.get("Authorization") != f"Bearer token-{state.tokens}":
            return _problem(401, "unauthenticated")
        if state.faults:
            fault = state.faults.popleft()
            return (0, {}, b"") if isinstance(fault, str) else (*fault, b"busy")
        return self._resource(call, call.path.removeprefix("/api/v1/").split("?")[0])

    def _token(self, call: Call) -> tuple[int, dict[str, str], bytes]:
        if call.headers.get("Authorization") != SECRET:
            return _problem(401, "invalid_client")
        assert call.content == b"grant_type=client_credentials"
        self.state.tokens += 1
        return _json(200, {"access_token": f"token-{self.state.tokens}", "token_type": "Bearer"})

    def _resource(self, call: Call, path: str) -> tuple[int, dict[str, str], bytes]:
        state = self.state
        match path.split("/"):
            case ["uploads"]:
                return _json(201, {"id": f"upload-{len(state.called('uploads'))}"})
            case ["submissions"]:
                return self._submission(call)
            case ["submissions", submission]:
                listed = {"id": "letter", "sha256": hashlib.sha256(DOCUMENT).hexdigest()}
                found = {"id": submission, "open_questions": state.questions, "documents": [listed]}
                return _json(200, found)
            case ["submissions", _, "documents", "letter"]:
                return 200, {"Content-Type": "application/pdf"}, state.document
            case ["submissions", _, "answers"]:
                state.questions = []
                return _json(201, {})
            case ["services", *rest] if rest in ([], ["bulky-waste", "slots"]):
                return _json(200, {"services": [{"key": "resident-parking"}], "slots": []})
            case ["events"]:
                return self._events(call)
            case _:
                return _problem(404, "not_found")

    def _submission(self, call: Call) -> tuple[int, dict[str, str], bytes]:
        key, state = call.headers["Idempotency-Key"], self.state
        if key in state.receipts:
            headers = {"Content-Type": "application/json", "Idempotent-Replayed": "true"}
            return 200, headers, state.receipts[key]
        verdict = state.verdicts.popleft() if state.verdicts else 201
        if verdict >= 400:
            return _problem(verdict, "invalid")
        _, headers, receipt = _json(verdict, {"id": f"submission-{len(state.receipts) + 1}"})
        state.receipts[key] = receipt
        return verdict, headers, receipt

    def _events(self, call: Call) -> tuple[int, dict[str, str], bytes]:
        """One event per submission, two to a page."""
        after = int(call.path.partition("after=")[2].split("&")[0] or 0)
        known = [f"submission-{number + 1}" for number in range(len(self.state.receipts))]
        page = [{"submission": each} for each in known[after : after + 2]]
        return _json(200, {"events": page, "next": str(after + len(page)) if page else None})


def _json(status: int, body: object) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "application/json"}, json.dumps(body).encode()


def _problem(status: int, code: str) -> tuple[int, dict[str, str], bytes]:
    body = {"type": "about:blank", "title": code, "status": status, "code": code}
    return status, {"Content-Type": "application/problem+json"}, json.dumps(body).encode()
