"""The delivery service (Zustelldienst) as we call it: Submission API v2 over OAuth 2.0.

The client authenticates with ``client_secret_post``, names itself in ``User-Agent``, asks for no
scopes, and leaves the service alone for as long as its headers want it to.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from time import monotonic
from typing import Any, Final
from uuid import UUID

import httpx
import structlog
from django.conf import settings
from joserfc.jwk import RSAKey

from api.fit_connect.configuration import Configuration
from api.fit_connect.keys import OPENS, SIGNS, as_public_key

log = structlog.get_logger()

USER_AGENT: Final = "Laufmappe/1.0 (subscriber)"
PATHS: Final[Mapping[str, str]] = {
    "keys": "/.well-known/jwks.json",
    "destination": "/v2/destinations/{destination}",
    "key": "/v2/destinations/{destination}/keys/{key}",
    "submissions": "/v2/submissions",
    "submission": "/v2/submissions/{id}",
    "submission_attachment": "/v2/submissions/{id}/attachments/{attachment}",
    "events": "/v2/cases/{case}/events",
    # Not verified: the paths of replies, and which members list them, are not in any document
    # that this was written from. They follow the submissions; whoever knows better mends them
    # here, and in the double (backoffice/demo/fit_connect_service.py).
    "replies": "/v2/replies",
    "reply": "/v2/replies/{id}",
    "reply_attachment": "/v2/replies/{id}/attachments/{attachment}",
}
PAGE: Final = 100
# Longer than any wait that a service asks for with reason.
LONGEST_WAIT: Final = 3600.0
# What is fetched whole: metadata and data, encrypted, and lists.
_MOST_BYTES: Final = 32 * 1024 * 1024
# A token is renewed before its last moments, so that no call is late with it.
_MARGIN: Final = 60.0
_PIECE: Final = 256 * 1024

Json = dict[str, Any]


class DeliveryServiceUnavailable(Exception):
    """The delivery service does not answer, or not as agreed upon (``failure``).

    ``wait``: for so many seconds it wants to be left alone.
    """

    def __init__(self, failure: str, wait: float = 0.0) -> None:
        super().__init__(failure)
        self.failure = failure
        self.wait = min(wait, LONGEST_WAIT)


class NotThere(Exception):
    """The delivery service has no such thing (any more)."""


class Unheard(Exception):
    """The delivery service will not take what it was told, however often (``status``)."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something to be picked up, and the procedure that it belongs to."""

    id: UUID
    case_id: UUID


class DeliveryService:
    """The delivery service for one run: what it publishes is asked for once in it."""

    def __init__(self, configuration: Configuration) -> None:
        self._at = configuration
        self._keys: dict[tuple[str, str], RSAKey | None] = {}
        self._published: list[Json] | None = None
        self._quiet_until = 0.0

    def destination(self) -> Json:
        """What our destination publishes of itself."""
        return self._get("destination", destination=self._at.destination)

    def waiting(self, what: str) -> Iterator[Waiting]:
        """The ``submissions`` or ``replies`` that wait to be picked up, page by page."""
        member = {"submissions": "submissionId", "replies": "replyId"}[what]
        offset = 0
        while True:
            query = {"destinationId": str(self._at.destination), "limit": PAGE, "offset": offset}
            page = self._json(self._call("GET", self._url(what), params=query))
            listed = page.get(what)
            if not isinstance(listed, list):
                raise DeliveryServiceUnavailable("no_list")
            for one in listed:
                yield Waiting(_uuid(one, member), _uuid(one, "caseId"))
            offset += len(listed)
            if len(listed) < PAGE:
                return

    def fetch(self, what: str, key: UUID) -> Json:
        """The ``submission`` or ``reply`` as it was sent. Refuses: NotThere."""
        return self._get(what, id=key)

    @contextmanager
    def attachment(self, what: str, key: UUID, attachment: UUID) -> Iterator[Iterator[bytes]]:
        """The encrypted bytes of an attachment, piece by piece. Refuses: NotThere."""
        url = self._url(f"{what}_attachment", id=key, attachment=attachment)
        with self._streamed("GET", url) as response:
            self._require(response)
            yield self._pieces(response)

    def events(self, case_id: UUID) -> list[str]:
        """The event log of a procedure, as it lies there."""
        log_ = self._get("events", case=case_id).get("eventLog")
        if not isinstance(log_, list) or not all(isinstance(one, str) for one in log_):
            raise DeliveryServiceUnavailable("no_event_log")
        return log_

    def tell(self, case_id: UUID, token: str) -> None:
        """Append a signed event to the log. Refuses: Unheard."""
        url = self._url("events", case=case_id)
        headers = {"Content-Type": "application/jose"}
        self._json(self._call("POST", url, content=token.encode(), headers=headers))

    def announce(self, what: str, body: Mapping[str, Any]) -> Json:
        """Begin a new one of the ``replies`` or ``submissions``. Refuses: Unheard."""
        return self._json(self._call("POST", self._url(what), json=dict(body)))

    def put_attachment(self, what: str, key: UUID, attachment: UUID, sealed: str) -> None:
        """Put an encrypted attachment that was announced. Refuses: Unheard."""
        url = self._url(f"{what}_attachment", id=key, attachment=attachment)
        headers = {"Content-Type": "application/jose"}
        self._json(self._call("PUT", url, content=sealed.encode(), headers=headers))

    def send(self, what: str, key: UUID, body: Mapping[str, Any]) -> None:
        """Finish what was announced: from here on it is on its way. Refuses: Unheard."""
        self._json(self._call("PUT", self._url(what, id=key), json=dict(body)))

    def verifying_key(self, issuer: str, kid: str) -> RSAKey | None:
        """The key ``kid`` with which ``issuer`` signs; None where it has none."""
        if (issuer, kid) not in self._keys:
            found = self._published_key(issuer, kid)
            try:
                self._keys[issuer, kid] = as_public_key(found, SIGNS) if found else None
            except ValueError:
                self._keys[issuer, kid] = None
        return self._keys[issuer, kid]

    def encrypting_key(self, destination: UUID) -> tuple[RSAKey, str]:
        """The key for what is sent to another ``destination``, and its id."""
        told = self._get("destination", destination=destination)
        kid = str(told.get("encryptionKid"))
        try:
            return as_public_key(self._get("key", destination=destination, key=kid), OPENS), kid
        except ValueError as error:
            raise DeliveryServiceUnavailable("key") from error

    def _published_key(self, issuer: str, kid: str) -> Json | None:
        if not issuer.startswith("http"):
            try:
                return self._get("key", destination=issuer, key=kid)
            except NotThere:
                return None
        if self._published is None:
            keys = self._get("keys").get("keys")
            self._published = keys if isinstance(keys, list) else []
        return next((one for one in self._published if one.get("kid") == kid), None)

    def _get(self, path: str, **parts: object) -> Json:
        return self._json(self._call("GET", self._url(path, **parts)))

    def _url(self, path: str, **parts: object) -> str:
        named = {name: _as_segment(str(part)) for name, part in parts.items()}
        return self._at.api_url + PATHS[path].format(**named)

    def _call(self, method: str, url: str, **more: Any) -> httpx.Response:
        with self._streamed(method, url, **more) as response:
            body = b"".join(self._pieces(response, _MOST_BYTES))
            self._require(response)
            return httpx.Response(response.status_code, content=body)

    @contextmanager
    def _streamed(self, method: str, url: str, **more: Any) -> Iterator[httpx.Response]:
        """One call; a token that the service no longer takes is renewed once."""
        headers = dict(more.pop("headers", {}))
        for is_last in (False, True):
            self._require_welcome()
            token = self._token(fresh=is_last)
            headers |= {"Authorization": f"Bearer {token}", "User-Agent": USER_AGENT}
            try:
                with _client().stream(
                    method, url, headers=headers, timeout=settings.FITCONNECT_TIMEOUT, **more
                ) as response:
                    self._note_limits(response)
                    if response.status_code == 401 and not is_last:
                        continue
                    yield response
                    return
            except httpx.HTTPError as error:
                raise DeliveryServiceUnavailable(type(error).__name__) from None

    def _pieces(self, response: httpx.Response, most: int | None = None) -> Iterator[bytes]:
        read = 0
        for piece in response.iter_bytes(_PIECE):
            read += len(piece)
            if most is not None and read > most:
                raise DeliveryServiceUnavailable("too_large")
            yield piece

    def _require(self, response: httpx.Response) -> None:
        status = response.status_code
        if status < 300:
            return
        log.warning("delivery_service_refused", status=status)
        if status in (404, 410):
            raise NotThere
        if status in (401, 403, 408, 425, 429) or status >= 500 or status < 400:
            raise DeliveryServiceUnavailable(str(status), _seconds(response, "Retry-After"))
        raise Unheard(status)

    def _note_limits(self, response: httpx.Response) -> None:
        """With no call left, none is made until there is one again."""
        for prefix in ("RateLimit", "X-RateLimit"):
            if response.headers.get(f"{prefix}-Remaining") == "0":
                wait = min(_seconds(response, f"{prefix}-Reset"), LONGEST_WAIT)
                self._quiet_until = monotonic() + wait

    def _require_welcome(self) -> None:
        wait = self._quiet_until - monotonic()
        if wait > 0:
            raise DeliveryServiceUnavailable("rate_limit", wait)

    def _json(self, response: httpx.Response) -> Json:
        if not response.content:
            return {}
        try:
            found = response.json()
        except ValueError:
            raise DeliveryServiceUnavailable("no_json") from None
        if not isinstance(found, dict):
            raise DeliveryServiceUnavailable("no_json")
        return found

    def _token(self, *, fresh: bool) -> str:
        owner = (self._at.token_url, self._at.client_id, self._at.client_secret)
        token, until = _TOKENS.get(owner, ("", 0.0))
        if token and not fresh and monotonic() < until:
            return token
        try:
            response = _client().post(
                self._at.token_url,
                # In the body: with Basic the service answers invalid_client.
                data={
                    "grant_type": "client_credentials",
                    "client_id": self._at.client_id,
                    "client_secret": self._at.client_secret,
                },
                headers={"User-Agent": USER_AGENT},
                timeout=settings.FITCONNECT_TIMEOUT,
            )
            if response.is_error:
                wait = _seconds(response, "Retry-After")
                raise DeliveryServiceUnavailable(f"token_{response.status_code}", wait)
            said = response.json()
            token, lasts = str(said["access_token"]), float(said.get("expires_in", 0))
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise DeliveryServiceUnavailable(f"token_{type(error).__name__}") from None
        _TOKENS[owner] = token, monotonic() + max(lasts - _MARGIN, lasts / 2)
        return token


# Tokens by whom they are for, and until when (of the monotonic clock): one per process.
_TOKENS: Final[dict[tuple[str, str, str], tuple[str, float]]] = {}


@cache
def _client() -> httpx.Client:
    """One per process: reading the certificates again for each call costs more than calling."""
    return httpx.Client()


def _seconds(response: httpx.Response, header: str) -> float:
    try:
        return max(0.0, float(response.headers.get(header, "")))
    except ValueError:
        return 0.0


def _uuid(told: Any, member: str) -> UUID:
    try:
        return UUID(told[member])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise DeliveryServiceUnavailable("no_id") from None


def _as_segment(part: str) -> str:
    """A part of a path; a key id comes from whoever sent the event."""
    if not re.fullmatch(r"[A-Za-z0-9._~-]{1,200}", part) or part in (".", ".."):
        raise NotThere
    return part
