"""Calls that arrive: tokens renewed, faults of the way outlasted, refusals told."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from threading import Event, Lock
from typing import Any

import httpx

Json = dict[str, Any]

_LONGEST_PAUSE = 30.0
# To wait for it is to pause.
_NEVER = Event()


class Refused(Exception):
    """The API said no for good: ``status`` 4xx and the problem (RFC 9457) it gave."""

    def __init__(self, status: int, problem: Json) -> None:
        super().__init__(f"{status} {problem.get('code', '')}")
        self.status = status
        self.problem = problem


class Unreachable(Exception):
    """No usable answer after the last attempt."""


class Damaged(Exception):
    """Bytes are not those of the SHA-256 that was told of them."""


class Line:
    """A line to the city under one identity; several threads may use it.

    Every call is repeated on network errors, 5xx and 429, up to ``attempts`` times with pauses
    that double or are as long as the server asks (``Retry-After`` in seconds); then Unreachable.
    """

    def __init__(
        self,
        base_url: str,
        client_id: str,
        client_secret: str,
        *,
        token_url: str = "",
        language: str = "",
        attempts: int = 8,
        pause: Callable[[float], object] = _NEVER.wait,
        timeout: float = 30.0,
    ) -> None:
        root = base_url.rstrip("/")
        self._http = httpx.Client(
            base_url=f"{root}/api/v1/",
            headers={"Accept-Language": language} if language else None,
            timeout=timeout,
        )
        self._token_url = token_url or f"{root}/api/v1/oauth/token"
        self._credentials = httpx.BasicAuth(client_id, client_secret)
        self._attempts = attempts
        self.pause = pause
        self._token = ""
        self._renewal = Lock()

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def json(self, method: str, path: str, **request: Any) -> Any:
        """The JSON of the answer; None where it has none. Raises Refused, Unreachable."""
        response = accepted(self.call(method, path, **request))
        return response.json() if response.content else None

    def call(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **request: Any
    ) -> httpx.Response:
        """The first answer that is neither a fault nor a call for patience."""
        reason = ""
        for attempt in range(self._attempts):
            pause = min(0.25 * 2**attempt, _LONGEST_PAUSE)
            try:
                response = self.once(method, path, headers, **request)
            except httpx.TransportError as error:
                reason = type(error).__name__
            else:
                if not is_passing(response):
                    return response
                reason = str(response.status_code)
                pause = _retry_after(response) or pause
            self.pause(pause)
        raise Unreachable(f"{method} {path}: {reason}")

    def once(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **request: Any
    ) -> httpx.Response:
        """One request; with a new token where there was none or it was spent."""
        token = self._token
        if token:
            response = self._request(method, path, headers or {}, request)
            if response.status_code != HTTPStatus.UNAUTHORIZED:
                return response
        refusal = self._renew(token)
        if refusal is not None:
            return refusal
        return self._request(method, path, headers or {}, request)

    def _request(
        self, method: str, path: str, headers: Mapping[str, str], request: Mapping[str, Any]
    ) -> httpx.Response:
        authorized = {**headers, "Authorization": f"Bearer {self._token}"}
        return self._http.request(method, path, headers=authorized, **request)

    def _renew(self, spent: str) -> httpx.Response | None:
        """Fetch a token in place of ``spent``, once for all threads; gives back a refusal."""
        with self._renewal:
            if self._token != spent:
                return None
            response = self._http.post(
                self._token_url,
                auth=self._credentials,
                data={"grant_type": "client_credentials"},
            )
            if response.status_code != HTTPStatus.OK:
                return response
            self._token = response.json()["access_token"]
            return None


def is_passing(response: httpx.Response) -> bool:
    """Whether the same request may succeed later."""
    return (
        response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
        or response.status_code == HTTPStatus.TOO_MANY_REQUESTS
    )


def accepted(response: httpx.Response) -> httpx.Response:
    """``response``, unless it is a refusal: Refused."""
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        raise Refused(response.status_code, content(response))
    return response


def content(response: httpx.Response) -> Json:
    """The JSON of an answer; nothing where a proxy answered in its own words."""
    is_json = "json" in response.headers.get("Content-Type", "")
    return dict(response.json()) if is_json else {}


def _retry_after(response: httpx.Response) -> float:
    """Seconds the server asks to wait, 0 where it says nothing or names a date."""
    told = response.headers.get("Retry-After", "")
    return min(float(told), _LONGEST_PAUSE) if told.isdecimal() else 0.0
