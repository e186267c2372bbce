"""Calling addresses that strangers chose: what is refused, and where calls really go."""

import socket
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

import pytest

from api.callbacks.reaching import (
    BROKEN_OFF,
    FORBIDDEN_ADDRESS,
    NO_CONNECTION,
    TIMEOUT,
    UNKNOWN_NAME,
    Caller,
    CallFailed,
    Network,
    Resolver,
    is_public,
    require_reachable,
    require_url,
    resolved,
    wish,
)
from efile.kernel.errors import Invalid
from tests.api.callbacks.receiving import DRIP, RESET_AFTERWARDS, Receiver, always

LOOPBACK = (ip_network("127.0.0.0/8"),)
PUBLIC = "93.184.215.14"


def names(*addresses: str) -> Resolver:
    """Every name has these addresses."""
    return lambda _name, _port: addresses


def rule(url: str, resolve: Resolver | None = None) -> str:
    """The rule that ``url`` breaks; "" where it breaks none."""
    try:
        require_reachable(url, resolve=resolve or names(PUBLIC))
    except Invalid as refusal:
        (fault,) = refusal.errors
        assert fault.pointer == "/url"
        return fault.rule
    return ""


class TestAUrl:
    @pytest.mark.parametrize(
        "url",
        [
            "https://portal.example.org/laufmappe?x=1",
            "https://portal.example.org:8443/",
            "https://PORTAL.example.org",
            "https://93.184.215.14/",
            "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
            "https://b_2.example.org/%2e%2e",
        ],
    )
    def test_may_be_any_of_the_internet(self, url: str) -> None:
        assert rule(url) == ""

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "portal.example.org",
            "//portal.example.org/",
            "ftp://portal.example.org/",
            "file:///etc/passwd",
            "gopher://portal.example.org/",
            "https:///x",
            "https://user:secret@portal.example.org/",
            "https://portal.example.org@127.0.0.1/",
            "https://@portal.example.org/",
            "https://portal.example.org/#x",
            "https://portal.example.org\\@127.0.0.1/",
            "https://portal.example.org /",
            "https://portal.example.org/\r\nX: y",
            "https://portal.example.org\t/",
            "https://portal.example.org./",
            "https://.example.org/",
            "https://a..b/",
            "https://127%2e0%2e0%2e1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "https://127.0.0.1./",
            "https://127.0.0.01/",
            "https://１２７.0.0.1/",
            "https://ⓛocalhost/",
            "https://[::ffff:7f00:1%25eth0]/",
            "https://[0:0:0:0:0:0:0:1]/",
            "https://portal.example.org:0/",
            "https://portal.example.org:99999/",
            "https://portal.example.org:x/",
            "https://" + "a" * 64 + ".example.org/",
            "https://portal.example.org/" + "a" * 2000,
        ],
    )
    def test_is_refused_by_its_form(self, url: str) -> None:
        assert rule(url, resolve=resolved) == "callback_url"

    @pytest.mark.parametrize(
        "url",
        [
            "http://portal.example.org/",
            "https://portal.example.org:22/",
            "https://portal.example.org:8080/",
        ],
    )
    def test_is_of_tls_and_a_usual_port(self, url: str) -> None:
        assert rule(url) == "callback_address"


INSIDE = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "203.0.113.1"),
    *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "192.88.99.1"),
    *("::", "::1", "fe80::1", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:93.184.215.14", "::127.0.0.1", "::ffff:0:127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "100::1"),
]


class TestAnAddress:
    @pytest.mark.parametrize("address", INSIDE)
    def test_that_leads_inside_is_none_to_call(self, address: str) -> None:
        assert not is_public(ip_address(address))
        assert rule("https://portal.example.org/", names(address)) == "callback_address"

    @pytest.mark.parametrize("address", INSIDE)
    def test_of_many_makes_all_of_them_none(self, address: str) -> None:
        assert rule("https://portal.example.org/", names(PUBLIC, address)) == "callback_address"

    def test_written_as_a_url_is_checked_as_well(self) -> None:
        for host in ("127.0.0.1", "[::1]", "[::ffff:7f00:1]", "169.254.169.254", "localhost"):
            assert rule(f"https://{host}/", resolved) == "callback_address"

    def test_with_a_zone_is_none(self) -> None:
        url = "https://portal.example.org/"
        assert rule(url, names("fe80::1%eth0")) == "callback_unknown_name"

    def test_that_cannot_be_found_is_told_apart(self) -> None:
        def unknown(_name: str, _port: int) -> Sequence[str]:
            raise socket.gaierror

        assert rule("https://portal.example.org/", unknown) == "callback_unknown_name"
        assert rule("https://portal.example.org/", names()) == "callback_unknown_name"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def called(
    url: str,
    resolve: Resolver = resolved,
    allowed: Sequence[Network] = LOOPBACK,
    timeout: float = 5.0,
) -> int | str:
    """The status of the answer, or the failure."""
    caller = Caller(timeout=timeout, allowed=allowed, resolve=resolve)
    try:
        return caller.post(url, b'{"x":1}', {"callback-timestamp": "1"}).status
    except CallFailed as failed:
        return failed.failure
    finally:
        caller.close()


class TestACall:
    def test_arrives_with_its_headers_and_the_name_it_was_for(self, receiver: Receiver) -> None:
        url = f"http://portal.test:{receiver.port}/a?b=c"
        assert called(url, names("127.0.0.1")) == 204
        assert receiver.calls == [{"x": 1}]
        (headers,) = receiver.headers
        assert headers["host"] == f"portal.test:{receiver.port}"
        assert headers["callback-timestamp"] == "1"
        assert headers["content-type"] == "application/json"

    def test_goes_nowhere_inside_unless_it_is_allowed(self, receiver: Receiver) -> None:
        assert called(receiver.url, allowed=()) == FORBIDDEN_ADDRESS
        assert called(f"https://localhost:{receiver.port}/", allowed=()) == FORBIDDEN_ADDRESS
        assert receiver.calls == []

    def test_is_checked_at_every_connection_and_goes_where_it_was_checked(
        self, receiver: Receiver
    ) -> None:
        """DNS rebinding: the name is asked once per connection, and its answer is what counts."""
        asked: list[str] = []

        def rebinding(name: str, _port: int) -> Sequence[str]:
            asked.append(name)
            return ["127.0.0.1"] if len(asked) > 1 else [PUBLIC]

        url = "https://rebinding.test/"
        assert rule(url, rebinding) == ""
        assert called(url, rebinding, allowed=()) == FORBIDDEN_ADDRESS
        assert asked == ["rebinding.test"] * 2
        assert receiver.calls == []

    def test_without_tls_never_leaves_the_allowed_networks(self) -> None:
        assert called("http://portal.test/", names(PUBLIC)) == FORBIDDEN_ADDRESS

    def test_follows_no_redirect(self, receiver: Receiver) -> None:
        receiver.behave = always(307)
        receiver.answer_headers = {"Location": receiver.url}
        assert called(receiver.url) == 307
        assert receiver.calls == []

    def test_asks_no_proxy(self, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        assert called(receiver.url) == 204

    def test_says_why_there_was_no_answer(self, receiver: Receiver) -> None:
        receiver.behave = always(500)
        assert called(receiver.url) == 500
        receiver.behave = lambda _body: RESET_AFTERWARDS
        assert called(receiver.url) == BROKEN_OFF
        receiver.leave()
        assert called(receiver.url) == NO_CONNECTION
        assert called("https://portal.test/", names()) == UNKNOWN_NAME

    def test_ends_in_time_however_slowly_it_is_answered(self, receiver: Receiver) -> None:
        receiver.behave = lambda _body: DRIP
        assert called(receiver.url, timeout=0.2) == TIMEOUT

    def test_believes_no_certificate_but_that_of_the_name(self, receiver: Receiver) -> None:
        assert called(f"https://portal.test:{receiver.port}/", names("127.0.0.1")) in {
            NO_CONNECTION,
            BROKEN_OFF,
        }
        assert receiver.calls == []

    def test_reads_no_more_of_an_answer_than_it_needs(self, receiver: Receiver) -> None:
        receiver.behave = always(200)
        receiver.answer_body = b"x" * 5_000_000
        assert called(receiver.url, timeout=2.0) == 200

    def test_is_one_connection_for_many(self, receiver: Receiver) -> None:
        asked: list[str] = []

        def counting(name: str, port: int) -> Sequence[str]:
            asked.append(name)
            return resolved(name, port)

        caller = Caller(timeout=5.0, allowed=LOOPBACK, resolve=counting)
        assert [caller.post(receiver.url, b"{}", {}).status for _ in range(3)] == [204] * 3
        assert asked == ["127.0.0.1"]
        caller.close()


class TestAWish:
    AT = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("said", "seconds"),
        [
            ("120", 120),
            (" 0 ", 0),
            ("Tue, 10 Mar 2026 11:02:00 GMT", 120),
            ("Tue, 10 Mar 2026 10:00:00 GMT", 0),
        ],
    )
    def test_is_read_in_both_forms(self, said: str, seconds: int) -> None:
        assert wish(said, self.AT) == timedelta(seconds=seconds)

    @pytest.mark.parametrize("said", ["", "soon", "-1", "1e9", "9" * 30, "Tue, 10 Mar 2026 11:02"])
    def test_is_none_where_nothing_sensible_is_said(self, said: str) -> None:
        assert wish(said, self.AT) is None


def test_a_name_of_another_script_is_called_by_its_ascii_form() -> None:
    with pytest.raises(Invalid):
        require_url("https://bücher.example/")
