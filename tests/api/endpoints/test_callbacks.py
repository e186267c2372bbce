"""Where a portal is called back, over HTTP."""

from collections.abc import Iterator

import pytest

from api.callbacks.pushing import PING
from api.callbacks.signature import AUTHENTICATION, TIMESTAMP, is_genuine
from api.models import CallbackTarget
from efile.kernel.clock import real_now
from tests.api.callbacks.receiving import Receiver, always
from tests.api.calling import Answer, Portal

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver(settings: object) -> Iterator[Receiver]:
    settings.CALLBACK_ALLOWED_NETWORKS = ["127.0.0.0/8"]  # type: ignore[attr-defined]
    with Receiver() as running:
        yield running


def put(portal: Portal, body: bytes) -> Answer:
    return portal.call("PUT", "callback", body)


def set_to(portal: Portal, url: str, more: str = "") -> Answer:
    return put(portal, f'{{"url": "{url}"{more}}}'.encode())


class TestACallback:
    def test_is_set_with_a_secret_that_is_told_once(
        self, portal: Portal, receiver: Receiver
    ) -> None:
        told = set_to(portal, receiver.url)
        assert told.status == 200
        assert (told.json["state"], told.json["ping"], told.json["undelivered"]) == ("ok", "", 0)
        assert len(told.json["secret"]) == 64
        again = set_to(portal, receiver.url)
        assert "secret" not in again.json
        assert "secret" not in portal.get("callback").json
        kept = CallbackTarget.objects.get()
        assert told.json["secret"] not in str(vars(kept))

    def test_is_tried_with_a_signed_ping(self, portal: Portal, receiver: Receiver) -> None:
        secret = set_to(portal, receiver.url).json["secret"]
        (call,), (headers,), (raw,) = receiver.calls, receiver.headers, receiver.bodies
        assert call == {"type": PING, "client": portal.client_id}
        proof = {"authentication": headers[AUTHENTICATION], "timestamp": headers[TIMESTAMP]}
        assert is_genuine(raw, secrets=[secret], at=real_now(), **proof)

    def test_is_kept_although_the_ping_failed(self, portal: Portal, receiver: Receiver) -> None:
        receiver.behave = always(401)
        told = set_to(portal, receiver.url)
        assert (told.status, told.json["ping"]) == (200, "http_401")
        assert portal.get("callback").json["url"] == receiver.url

    def test_gets_a_new_secret_when_asked_to(self, portal: Portal, receiver: Receiver) -> None:
        first = set_to(portal, receiver.url).json
        second = set_to(portal, receiver.url, ', "rotate": true').json
        assert second["secret"] not in {"", first["secret"]}
        assert first["previous_secret_until"] is None
        assert second["previous_secret_until"]

    def test_is_removed(self, portal: Portal, receiver: Receiver) -> None:
        set_to(portal, receiver.url)
        assert portal.call("DELETE", "callback").status == 204
        assert portal.get("callback").status == 404
        assert portal.call("DELETE", "callback").status == 404

    def test_is_of_one_portal_alone(self, portal: Portal, receiver: Receiver) -> None:
        set_to(portal, receiver.url)
        assert Portal().get("callback").status == 404
        assert Portal("submit").get("callback").status == 403

    @pytest.mark.parametrize(
        ("body", "status", "fault"),
        [
            (b"{}", 400, ("/url", "required")),
            (b'{"url": "https://x.example", "secret": "mine"}', 400, None),
            (b'{"url": "https://x.example", "after": "-1"}', 400, ("/after", "pattern")),
            (b'{"url": "https://u:p@x.example"}', 422, ("/url", "callback_url")),
            (b'{"url": "https://192.168.0.1/"}', 422, ("/url", "callback_address")),
            (b'{"url": "https://[::1]/"}', 422, ("/url", "callback_address")),
        ],
    )
    def test_is_an_address_of_the_internet(
        self, portal: Portal, body: bytes, status: int, fault: tuple[str, str] | None
    ) -> None:
        answer = put(portal, body)
        assert answer.status == status
        assert fault is None or answer.faults == {fault}
        assert not CallbackTarget.objects.exists()
