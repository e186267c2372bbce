"""Calling addresses that strangers chose, without being led into one's own network.

A name is resolved here, every address it has is checked, and the connection goes to exactly the
address that was checked: a name that resolves differently a moment later leads nowhere else. Host
header, SNI and certificate go by the name. Redirects are not followed, proxies not asked.
"""

import re
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as ResolvingTooSlow
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from time import monotonic
from typing import Any, Final

import httpcore
import httpx
from django.conf import settings

from efile.kernel.errors import FieldError, Invalid

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
# The addresses of a name and port; OSError: it has none.
Resolver = Callable[[str, int], Sequence[str]]

LONGEST_URL: Final = 2000
PORTS: Final = frozenset({443, 8443})
# Nobody needs to answer more to a callback.
MOST_READ: Final = 4096

# Beyond what Python calls global: what wraps IPv4 addresses up, and what leads to a relay.
_WRAPPED: Final[tuple[Network, ...]] = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",  # this host (RFC 1122)
        "100.64.0.0/10",  # shared by a provider's customers (RFC 6598)
        "192.0.0.0/24",  # protocol assignments (RFC 6890)
        "192.88.99.0/24",  # relays of 6to4 (RFC 7526)
        "198.18.0.0/15",  # benchmarks (RFC 2544)
        "240.0.0.0/4",  # reserved (RFC 1112)
        "::/96",  # IPv4-compatible (RFC 4291)
        "::ffff:0:0/96",  # IPv4-mapped (RFC 4291)
        "::ffff:0:0:0/96",  # IPv4-translated (RFC 2765)
        "64:ff9b::/96",  # NAT64 (RFC 6052)
        "64:ff9b:1::/48",  # NAT64 of one's own (RFC 8215)
        "100::/64",  # to be thrown away (RFC 6666)
        "2001::/23",  # Teredo and other protocols (RFC 2928)
        "2001:db8::/32",  # examples (RFC 3849)
        "2002::/16",  # 6to4 (RFC 3056)
        "fec0::/10",  # site-local (RFC 3879)
    )
)


class CallFailed(Exception):
    """No answer came: ``failure`` says why, in one of the words of ``FAILURES``."""

    def __init__(self, failure: str) -> None:
        super().__init__(failure)
        self.failure = failure


UNKNOWN_NAME: Final = "unknown_name"
FORBIDDEN_ADDRESS: Final = "forbidden_address"
TIMEOUT: Final = "timeout"
NO_CONNECTION: Final = "no_connection"
BROKEN_OFF: Final = "broken_off"
FAILURES: Final = (UNKNOWN_NAME, FORBIDDEN_ADDRESS, TIMEOUT, NO_CONNECTION, BROKEN_OFF)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver answered; ``retry_after`` in seconds or as a moment, where it said so."""

    status: int
    retry_after: str = ""


def wish(retry_after: str, at: datetime) -> timedelta | None:
    """For how long a receiver wants to be left alone (RFC 9110, 10.2.3); None: it does not say."""
    said = retry_after.strip()
    if said.isascii() and said.isdecimal() and len(said) < 10:
        return timedelta(seconds=int(said))
    try:
        return max(parsedate_to_datetime(said) - at, timedelta(0)) if said else None
    except (TypeError, ValueError):
        return None


def require_url(url: str) -> httpx.URL:
    """``url`` as an address that could be called, by its form alone.

    Refuses: Invalid (pointer /url: callback_url).
    """
    fault = Invalid([FieldError("/url", "callback_url")])
    if len(url) > LONGEST_URL or not re.fullmatch(r"[!-\[\]-~]+", url):
        raise fault
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError):
        raise fault from None
    is_complete = parsed.scheme in {"http", "https"} and not parsed.userinfo and not parsed.fragment
    is_port = parsed.port is None or 0 < parsed.port < 2**16
    if not is_complete or not is_port or set("@#") & set(url) or not _is_host(parsed.host):
        raise fault
    return parsed


def _is_host(host: str) -> bool:
    """A name, or an address in its one canonical spelling: no 127.1, 0x7f000001, 2130706433."""
    try:
        return str(ip_address(host)) == host and "%" not in host
    except ValueError:
        pass
    labels = host.split(".")
    ends_in_number = re.fullmatch("[0-9]+|0x[0-9a-f]*", labels[-1])
    is_name = all(re.fullmatch(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", one) for one in labels)
    return is_name and not ends_in_number and len(host) <= 253


def is_ordinary(url: httpx.URL) -> bool:
    """Whether anybody may be called there: over TLS and at a usual port."""
    return url.scheme == "https" and (url.port is None or url.port in PORTS)


def require_reachable(url: str, *, resolve: Resolver | None = None) -> str:
    """``url``, if it is one that we would call just now.

    Refuses: Invalid (pointer /url: callback_url, callback_unknown_name, callback_address).
    """
    parsed = require_url(url)
    checker = Checker(resolve or resolved, allowed_networks())
    port = parsed.port or (443 if parsed.scheme == "https" else 80)
    try:
        checker.address(parsed.host, port, inside_only=not is_ordinary(parsed), patience=5.0)
    except CallFailed as failed:
        known = failed.failure == FORBIDDEN_ADDRESS
        rule = "callback_address" if known else "callback_unknown_name"
        raise Invalid([FieldError("/url", rule)]) from None
    return url


def allowed_networks() -> tuple[Network, ...]:
    """The inner networks that may be called all the same, also without TLS."""
    return tuple(ip_network(one) for one in settings.CALLBACK_ALLOWED_NETWORKS)


def is_public(address: Address) -> bool:
    """Whether ``address`` is one machine of the internet and nothing that leads back to us."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(address in network for network in _WRAPPED)


def resolved(name: str, port: int) -> Sequence[str]:
    """Every address the system knows for ``name``."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@cache
def _resolvers() -> ThreadPoolExecutor:
    """A slow name server holds these up, and not whoever waits for the answer."""
    return ThreadPoolExecutor(8, thread_name_prefix="resolver")


@dataclass(frozen=True, slots=True)
class Checker:
    """Turns names into the address to connect to, or refuses."""

    resolve: Resolver
    allowed: Sequence[Network]

    def address(self, name: str, port: int, *, inside_only: bool, patience: float) -> str:
        """An address of ``name``; CallFailed where even one of them may not be called.

        ``inside_only``: what is not ordinary is called inside the allowed networks alone.
        """
        asked = _resolvers().submit(self.resolve, name, port)
        try:
            found = [_plain(one) for one in asked.result(patience)]
        except ResolvingTooSlow:
            raise CallFailed(TIMEOUT) from None
        except (OSError, UnicodeError, ValueError):
            raise CallFailed(UNKNOWN_NAME) from None
        if not found:
            raise CallFailed(UNKNOWN_NAME)
        if not all(self._may(one, inside_only=inside_only) for one in found):
            raise CallFailed(FORBIDDEN_ADDRESS)
        return str(found[0])

    def _may(self, address: Address, *, inside_only: bool) -> bool:
        if any(address in network for network in self.allowed):
            return True
        return not inside_only and is_public(address)


def _plain(text: str) -> Address:
    """The address; one with a zone leads into the neighbourhood and is no address for us."""
    address = ip_address(text)
    if isinstance(address, IPv6Address) and address.scope_id:
        raise ValueError(text)
    return address


# When the call under way must be over (monotonic); each call runs in one thread.
_deadline: ContextVar[float] = ContextVar("deadline")


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    token = _deadline.set(monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def _left(own: float | None, error: type[Exception]) -> float:
    """How long one step may take: who sends a byte now and then does not get to stay for ever."""
    left = _deadline.get() - monotonic()
    if left <= 0:
        raise error
    return left if own is None else min(own, left)


class _Stream(httpcore.NetworkStream):
    """A connection whose every step ends with the call."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Connecting(httpcore.NetworkBackend):
    """Connects to addresses that were checked, and to nothing else."""

    def __init__(self, checker: Checker, *, inside_only: bool) -> None:
        self._checker = checker
        self._inside_only = inside_only
        self._system = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        patience = _left(timeout, httpcore.ConnectTimeout)
        address = self._checker.address(
            host, port, inside_only=self._inside_only, patience=patience
        )
        left = _left(timeout, httpcore.ConnectTimeout)
        stream = self._system.connect_tcp(address, port, left, local_address, socket_options)
        return _Stream(stream)


class Caller:
    """Posts to receivers; keeps connections open between calls. For many threads at once."""

    def __init__(
        self,
        *,
        timeout: float,
        allowed: Sequence[Network] = (),
        resolve: Resolver = resolved,
        trust: Any = None,
    ) -> None:
        self._timeout = timeout
        checker = Checker(resolve, allowed)
        certificates = trust or httpx.create_ssl_context(trust_env=False)
        self._ordinary, self._inside = (
            httpcore.ConnectionPool(
                ssl_context=certificates,
                network_backend=_Connecting(checker, inside_only=inside_only),
                max_connections=64,
                max_keepalive_connections=16,
                keepalive_expiry=4.0,
            )
            for inside_only in (False, True)
        )

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post JSON and say how it was answered, all within the timeout. Refuses: CallFailed."""
        try:
            parsed = require_url(url)
        except Invalid:
            raise CallFailed(FORBIDDEN_ADDRESS) from None
        pool = self._ordinary if is_ordinary(parsed) else self._inside
        sent = {
            "Host": parsed.netloc.decode("ascii"),
            "User-Agent": "Laufmappe",
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **headers,
        }
        raw = [(name.encode(), value.encode()) for name, value in sent.items()]
        timeouts = httpx.Timeout(self._timeout).as_dict()
        try:
            with (
                _within(self._timeout),
                pool.stream(
                    "POST",
                    _address(parsed),
                    headers=raw,
                    content=body,
                    extensions={"timeout": timeouts},
                ) as response,
            ):
                _skim(response)
                told = {name.lower(): value for name, value in response.headers}
                return Answer(response.status, told.get(b"retry-after", b"").decode("latin-1"))
        except httpcore.TimeoutException:
            raise CallFailed(TIMEOUT) from None
        except httpcore.ConnectError:
            raise CallFailed(NO_CONNECTION) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
            raise CallFailed(BROKEN_OFF) from None

    def close(self) -> None:
        """Let go of every connection."""
        self._ordinary.close()
        self._inside.close()


def _address(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )


def _skim(response: httpcore.Response) -> None:
    """Read a short body, so that the connection can be used again; a long one is cut off."""
    read = 0
    for chunk in response.iter_stream():
        read += len(chunk)
        if read > MOST_READ:
            return
