"""A simulated delivery service of FIT-Connect: a real HTTP server with real cryptography.

Run by ``python -m backoffice.demo.fit_connect_service --port 8013 --keys keys.json``.

OAuth 2.0 (``client_secret_post``, a User-Agent is needed), one destination with the public halves
of ``keys``, submissions, replies, event logs. It signs what it did, verifies what the destination
says it did, and forgets a submission that was accepted or rejected. ``upset`` tells it to fail.
What a sender does with it is in ``backoffice.demo.fit_connect_sender``.
"""

import argparse
import json
import re
import signal
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from backoffice.demo.fit_connect_tokens import (
    EVENTS,
    SCHEMA,
    bare,
    claims,
    is_sound,
    public,
    registry,
    tag,
)
from efile.kernel.clock import real_now
from efile.kernel.ids import uuid7

Json = dict[str, Any]
Answer = tuple[int, Any]

CLIENT: Final = ("subscriber", "subscriber-secret")
DESTINATION: Final = UUID("d12caea8-f372-4eb1-b102-b0a228253a11")


@dataclass
class Held:
    """A submission or a reply that the service holds; ``what`` is which of the two."""

    what: str
    id: UUID
    case_id: UUID
    announced: list[str]
    service: Json
    region: str = ""
    to: str = str(DESTINATION)
    sent: Json = field(default_factory=dict)
    attachments: dict[str, str] = field(default_factory=dict)
    is_submitted: bool = False
    is_gone: bool = False

    @property
    def subject(self) -> str:
        return f"{self.what}:{self.id}"


class DeliveryService(ThreadingHTTPServer):
    """Serves in the background inside a ``with``; ``keys`` is the destination's JWK set.

    ``upset`` maps a kind of call (token, list, one, attachment, events, tell …) to the status its
    next call is answered with; below zero it is done all the same. ``quiet``: the Retry-After.
    """

    daemon_threads = True

    def __init__(
        self,
        keys: Sequence[Json],
        signing: RSAKey,
        *,
        port: int = 0,
        services: Sequence[Json] = (),
        clock: Callable[[], datetime] = real_now,
    ) -> None:
        super().__init__(("127.0.0.1", port), _Exchange)
        self.keys = {jwk["kid"]: public(jwk) for jwk in keys}
        self.encryption_kid = next(k for k, jwk in self.keys.items() if jwk["alg"] != "PS512")
        self._signing = signing
        self.signing_jwk = public({**signing.as_dict(private=False), "alg": "PS512"})
        self.services = list(services)
        self.clock = clock
        self.stopping = threading.Event()
        self.held: dict[UUID, Held] = {}
        self.logs: dict[UUID, list[str]] = {}
        self.tokens: set[str] = set()
        self.upset: dict[str, int] = {}
        self.quiet = 0
        self.remaining = ""
        self.calls: Counter[str] = Counter()
        self.others: dict[str, Json] = {}  # public keys of other destinations

    @property
    def url(self) -> str:
        """Its address, without a trailing slash; also the issuer of its events."""
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()

    def log(self, what: str, held: Held, told: Json | None = None, **claims: Any) -> str:
        """Sign and write down that ``what`` happened; ``claims`` replace what it would say."""
        payload = {
            "$schema": SCHEMA,
            "jti": str(uuid7()),
            "iss": self.url,
            "iat": int(self.clock().timestamp()),
            "sub": held.subject,
            "txn": f"case:{held.case_id}",
            "events": {f"{EVENTS}{what}-{held.what}": told or {}},
        } | claims
        header = {"alg": "PS512", "typ": "secevent+jwt", "kid": self.signing_jwk["kid"]}
        token = jws.serialize_compact(
            header, json.dumps(payload), self._signing, algorithms=["PS512"], registry=registry()
        )
        self.logs.setdefault(held.case_id, []).append(token)
        return token

    def told(self, held: Held) -> list[tuple[str, Json]]:
        """What the log says of ``held``: (event, what it tells), in order."""
        events = []
        for token in self.logs.get(held.case_id, []):
            said = claims(token)
            if said["sub"] == held.subject:
                ((uri, told),) = said["events"].items()
                events.append((uri.removeprefix(EVENTS), told))
        return events

    def replies_to(self, held: Held) -> list[Held]:
        """What the destination sent back for ``held``'s procedure, and finished."""
        return [
            one
            for one in self.held.values()
            if one.what == "reply"
            and one.case_id == held.case_id
            and one.to == "sender"
            and one.is_submitted
        ]

    # --- the calls -------------------------------------------------------------------------------

    def answer(self, method: str, path: str, query: Json, headers: Any, body: bytes) -> Answer:
        """What the service answers to a call."""
        if not headers.get("User-Agent"):
            return HTTPStatus.FORBIDDEN, None
        for pattern, name, work in _ROUTES:
            found = re.fullmatch(pattern, path)
            if found and method in name:
                kind = name[method]
                self.calls[kind] += 1
                status = self.upset.pop(kind, 0)
                if status > 0:
                    return status, None
                token = headers.get("Authorization", "").removeprefix("Bearer ")
                if kind not in ("token", "keys") and token not in self.tokens:
                    return HTTPStatus.UNAUTHORIZED, None
                done = work(self, kind, query, body, *found.groups())
                return (-status, None) if status else done
        return HTTPStatus.NOT_FOUND, None

    def token(self, _kind: str, _query: Json, body: bytes) -> Answer:
        said = {name: value[0] for name, value in parse_qs(body.decode()).items()}
        if (said.get("client_id"), said.get("client_secret")) != CLIENT or "scope" in said:
            return HTTPStatus.UNAUTHORIZED, {"error": "invalid_client"}
        token = f"token-{uuid7()}"
        self.tokens.add(token)
        return HTTPStatus.OK, {"access_token": token, "expires_in": 1800, "token_type": "Bearer"}

    def published(self, *_: Any) -> Answer:
        return HTTPStatus.OK, {"keys": [self.signing_jwk]}

    def destination(self, _kind: str, _query: Json, _body: bytes, key: str) -> Answer:
        if key == str(DESTINATION):
            told = {"encryptionKid": self.encryption_kid, "publicServices": self.services}
        elif key in self.others:
            told = {"encryptionKid": self.others[key]["kid"]}
        else:
            return HTTPStatus.NOT_FOUND, None
        return HTTPStatus.OK, {"destinationId": key, "status": "active", **told}

    def key(self, _kind: str, _query: Json, _body: bytes, owner: str, kid: str) -> Answer:
        if owner == str(DESTINATION) and kid in self.keys:
            return HTTPStatus.OK, self.keys[kid]
        if owner in self.others and self.others[owner]["kid"] == kid:
            return HTTPStatus.OK, self.others[owner]
        return HTTPStatus.NOT_FOUND, None

    def listed(self, _kind: str, query: Json, _body: bytes, plural: str) -> Answer:
        what = {"submissions": "submission", "replies": "reply"}[plural]
        waiting = [
            one
            for one in self.held.values()
            if one.what == what
            and one.to == query["destinationId"]
            and one.is_submitted
            and not one.is_gone
        ]
        start, count = int(query["offset"]), int(query["limit"])
        page = [
            {f"{what}Id": str(one.id), "caseId": str(one.case_id)}
            for one in waiting[start : start + count]
        ]
        return HTTPStatus.OK, {plural: page, "totalCount": len(waiting)}

    def announced(self, _kind: str, _query: Json, body: bytes, plural: str) -> Answer:
        said = json.loads(body)
        if plural == "replies":
            held = self.announce("reply", UUID(said["caseId"]), said["announcedAttachments"], {})
            held.to = "sender"
            return HTTPStatus.CREATED, {"replyId": str(held.id)}
        held = self.announce(
            "submission", uuid7(), said["announcedAttachments"], said["publicService"]
        )
        held.to = said["destinationId"]
        return HTTPStatus.CREATED, {"submissionId": str(held.id), "caseId": str(held.case_id)}

    def one(self, kind: str, _query: Json, body: bytes, _plural: str, key: str) -> Answer:
        held = self.held.get(UUID(key))
        if held is None or held.is_gone:
            return HTTPStatus.NOT_FOUND, None
        if kind == "send":
            if held.is_submitted:
                return HTTPStatus.CONFLICT, None
            if set(held.announced) != set(held.attachments):
                return HTTPStatus.BAD_REQUEST, None
            held.sent = json.loads(body)
            self.finish(held)
            return HTTPStatus.OK, None
        return HTTPStatus.OK, {
            f"{held.what}Id": str(held.id),
            "caseId": str(held.case_id),
            "destinationId": str(DESTINATION),
            "publicService": held.service,
            "attachments": held.announced,
            **({"region": held.region} if held.region else {}),
            **held.sent,
        }

    def attachment(
        self, kind: str, _query: Json, body: bytes, _plural: str, key: str, one: str
    ) -> Answer:
        held = self.held.get(UUID(key))
        if held is None or held.is_gone:
            return HTTPStatus.NOT_FOUND, None
        if kind == "put_attachment":
            if held.is_submitted or one not in held.announced:
                return HTTPStatus.CONFLICT, None
            held.attachments[one] = body.decode()
            return HTTPStatus.NO_CONTENT, None
        found = held.attachments.get(one)
        return (HTTPStatus.OK, found) if found else (HTTPStatus.NOT_FOUND, None)

    def events(self, kind: str, _query: Json, body: bytes, case: str) -> Answer:
        case_id = UUID(case)
        if kind == "events":
            return HTTPStatus.OK, {"eventLog": self.logs.get(case_id, [])}
        return self._hear(case_id, body.decode())

    def announce(self, what: str, case_id: UUID, announced: list[str], service: Json) -> Held:
        """Begin a submission or reply, to be filled."""
        held = Held(what, uuid7(), case_id, list(announced), service)
        self.held[held.id] = held
        self.log("create", held)
        return held

    def finish(self, held: Held) -> None:
        """It is complete: sign that it was handed in."""
        held.is_submitted = True
        tags = {
            "metadata": tag(held.sent["encryptedMetadata"]),
            "data": tag(held.sent["encryptedData"]),
            "attachments": {key: tag(one) for key, one in held.attachments.items()},
        }
        self.log("submit", held, {"authenticationTags": tags})

    def _hear(self, case_id: UUID, token: str) -> Answer:
        """Verify what the destination says it did, as strictly as the live service."""
        try:
            header = jws.extract_compact(token.encode(), registry=registry()).headers()
            key = RSAKey.import_key(bare(self.keys[header["kid"]]))
            jws.deserialize_compact(token, key, algorithms=["PS512"], registry=registry())
            said = claims(token)
            ((uri, told),) = said["events"].items()
            kind, _, key_ = said["sub"].partition(":")
            held = self.held[UUID(key_)]
        except (JoseError, KeyError, ValueError):
            return HTTPStatus.BAD_REQUEST, None
        what = uri.removeprefix(EVENTS).removesuffix(f"-{kind}")
        sound = (
            header["typ"] == "secevent+jwt"
            and said["$schema"] == SCHEMA
            and said["iss"] == str(DESTINATION)
            and said["txn"] == f"case:{case_id}" == f"case:{held.case_id}"
            and str(UUID(said["jti"])) == said["jti"]
            and type(said["iat"]) is int
            and what in ("accept", "reject")
            and is_sound(what, told, self.told(held))
        )
        if not sound:
            return HTTPStatus.BAD_REQUEST, None
        if held.is_gone:
            return HTTPStatus.CONFLICT, None
        self.logs[case_id].append(token)
        held.is_gone = True
        held.attachments.clear()
        return HTTPStatus.NO_CONTENT, None


_ROUTES: Final[Sequence[tuple[str, Mapping[str, str], Callable[..., Answer]]]] = (
    (r"/token", {"POST": "token"}, DeliveryService.token),
    (r"/\.well-known/jwks\.json", {"GET": "keys"}, DeliveryService.published),
    (r"/v2/destinations/([^/]+)", {"GET": "destination"}, DeliveryService.destination),
    (r"/v2/destinations/([^/]+)/keys/([^/]+)", {"GET": "key"}, DeliveryService.key),
    (r"/v2/(submissions|replies)", {"GET": "list"}, DeliveryService.listed),
    (r"/v2/(submissions|replies)", {"POST": "announce"}, DeliveryService.announced),
    (
        r"/v2/(submissions|replies)/([0-9a-f-]{36})",
        {"GET": "one", "PUT": "send"},
        DeliveryService.one,
    ),
    (
        r"/v2/(submissions|replies)/([0-9a-f-]{36})/attachments/([0-9a-f-]{36})",
        {"GET": "attachment", "PUT": "put_attachment"},
        DeliveryService.attachment,
    ),
    (
        r"/v2/cases/([0-9a-f-]{36})/events",
        {"GET": "events", "POST": "tell"},
        DeliveryService.events,
    ),
)


class _Exchange(BaseHTTPRequestHandler):
    server: DeliveryService
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Silence: a double has no log of its own."""

    def _respond(self) -> None:
        asked = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        query = {name: value[0] for name, value in parse_qs(asked.query).items()}
        status, told = self.server.answer(self.command, asked.path, query, self.headers, body)
        content = told.encode() if isinstance(told, str) else b""
        if isinstance(told, dict):
            content = json.dumps(told).encode()
        self.send_response(status)
        if self.server.remaining:
            self.send_header("RateLimit-Remaining", self.server.remaining)
            self.send_header("RateLimit-Reset", "30")
        if status == HTTPStatus.TOO_MANY_REQUESTS and self.server.quiet:
            self.send_header("Retry-After", str(self.server.quiet))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = _respond  # noqa: N815 - names of the standard library


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m backoffice.demo.fit_connect_service")
    parser.add_argument("--port", type=int, default=8013, help="0 takes a free port")
    parser.add_argument("--keys", type=Path, required=True, help="the destination's JWK set")
    said = parser.parse_args(arguments)
    signing = RSAKey.generate_key(4096, auto_kid=True)
    keys = json.loads(said.keys.read_text(encoding="utf-8"))["keys"]
    service = DeliveryService(keys, signing, port=said.port)
    with service:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: service.stopping.set())
        print(json.dumps({"event": "listening", "url": service.url}), flush=True)
        service.stopping.wait()


if __name__ == "__main__":
    main()
