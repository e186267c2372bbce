"""Receipts and callbacks are believed for their signatures, and for nothing else."""

import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import rfc8785
from pytest_django import Settings

from api.client import Listener, NotGenuine, check_callback, check_receipt
from api.client.shapes import Receipt
from efile.kernel import signing
from workflows.receipt_signature import content_sha256, signed

SENT = {"service": "dog-tax", "form": {"name": "Đorđe"}}
BARE: dict[str, Any] = {
    "id": "01968f3e-7c00-7abc-8def-0123456789ab",
    "case_reference": "22.1-000001/26-01",
    "file_reference": "22.1-000001/26",
    "received_at": "2026-03-02T09:15:27+00:00",
    "state": "received",
    "service": "dog-tax",
    "attachments": [{"upload": "u", "document": "d", "sha256": "0" * 64}],
}


@pytest.fixture
def receipt(settings: Settings, tmp_path: Path) -> Receipt:
    settings.SIGNING_KEYS = tmp_path / "signing-keys.json"
    signing.create()
    return cast("Receipt", signed(BARE, content_sha256(SENT), source="portal:p"))


class TestAReceipt:
    def test_is_the_citys_and_for_what_was_sent(self, receipt: Receipt) -> None:
        check_receipt(receipt, dict(reversed(SENT.items())), signing.published())

    @pytest.mark.parametrize(
        ("member", "value"),
        [
            ("id", "01968f3e-7c00-7abc-8def-000000000000"),
            ("case_reference", "22.1-000002/26-01"),
            ("file_reference", None),
            ("received_at", "2026-03-01T09:15:27+00:00"),
            ("state", "in_clarification"),
            ("service", "resident-parking"),
            ("attachments", []),
        ],
    )
    def test_that_was_changed_is_none(self, receipt: Receipt, member: str, value: Any) -> None:
        changed = cast("Receipt", {**receipt, member: value})
        with pytest.raises(NotGenuine):
            check_receipt(changed, SENT, signing.published())

    def test_for_another_application_is_none(self, receipt: Receipt) -> None:
        with pytest.raises(NotGenuine, match="another application"):
            check_receipt(receipt, SENT | {"form": {}}, signing.published())

    def test_by_another_city_is_none(self, receipt: Receipt) -> None:
        foreign = signing.published()
        foreign["keys"][0]["x"] = "A" * 43
        no_keys: dict[str, Any] = {"keys": []}
        for keys in (foreign, no_keys):
            with pytest.raises(NotGenuine, match="not signed by this city"):
                check_receipt(receipt, SENT, keys)

    def test_something_else_the_city_signed_is_none(self, receipt: Receipt) -> None:
        other = signing.sign(rfc8785.dumps(dict(BARE) | {"sub": BARE["id"]}), kind="JWT")
        with pytest.raises(NotGenuine, match="not the signature of a receipt"):
            check_receipt(
                cast("Receipt", {**receipt, "signature": other}), SENT, signing.published()
            )

    @pytest.mark.parametrize("signature", ["", "a.b", "a.b.c", "…", "e30.e30.e30"])
    def test_without_a_sound_signature_is_none(self, receipt: Receipt, signature: str) -> None:
        with pytest.raises(NotGenuine):
            check_receipt(
                cast("Receipt", {**receipt, "signature": signature}), SENT, signing.published()
            )


VECTORS = json.loads(
    (
        Path(__file__).parents[2] / "data" / "fit-connect" / "callback_hmac_test_vectors.json"
    ).read_text("utf-8")
)
SENT_AT = datetime.fromtimestamp(int(VECTORS["timestamp"]), UTC)


def headers(body: bytes, *, secret: str = VECTORS["secret"]) -> dict[str, str]:
    stamp = VECTORS["timestamp"]
    made = hmac.new(secret.encode(), stamp.encode() + b"." + body, "sha512").hexdigest()
    return {"callback-timestamp": stamp, "callback-authentication": made}


class TestACallback:
    @pytest.mark.parametrize("vector", VECTORS["cases"], ids=["short", "long"])
    def test_is_signed_as_fit_connect_does(self, vector: dict[str, str]) -> None:
        told = {
            "callback-timestamp": VECTORS["timestamp"],
            "callback-authentication": vector["expected_hex"],
        }
        check_callback(told, vector["body"].encode(), [VECTORS["secret"]], at=SENT_AT)

    def test_is_believed_under_either_secret_of_a_rotation(self) -> None:
        old = headers(b"{}", secret="old")
        check_callback(old, b"{}", ["new", "old"], at=SENT_AT + timedelta(minutes=5))

    def test_is_believed_by_whoever_has_only_the_old_secret_yet(self) -> None:
        old = headers(b"{}", secret="old")["callback-authentication"]
        both = headers(b"{}", secret="new") | {"callback-authentication-previous": old}
        check_callback(both, b"{}", ["old"], at=SENT_AT)

    @pytest.mark.parametrize(
        ("told", "body", "later"),
        [
            (headers(b"{}"), b"{ }", 0),
            (headers(b"{}"), b"{}", 301),
            (headers(b"{}"), b"{}", -301),
            (headers(b"{}", secret="guess"), b"{}", 0),
            (headers(b"{}") | {"callback-timestamp": "1672527600"}, b"{}", 0),
            (headers(b"{}") | {"callback-timestamp": "²"}, b"{}", 0),
            (headers(b"{}") | {"callback-authentication": "é"}, b"{}", 0),
            ({}, b"{}", 0),
        ],
        ids=["changed", "old", "early", "guessed", "restamped", "odd stamp", "odd proof", "bare"],
    )
    def test_of_anybody_else_is_not(self, told: dict[str, str], body: bytes, later: int) -> None:
        with pytest.raises(NotGenuine):
            check_callback(told, body, [VECTORS["secret"]], at=SENT_AT + timedelta(seconds=later))


class TestAListener:
    PING = b'{"type": "urn:laufmappe:callbacks:ping"}'

    def test_answers_the_first_call_which_comes_before_it_knows_the_secret(self) -> None:
        with Listener(print) as listener:
            assert listener.answer({}, self.PING) == 204
            assert listener.answer({}, b'{"type": "urn:laufmappe:callbacks:new-events"}') == 401
            assert listener.answer({}, b"no JSON") == 401

    def test_believes_nothing_unsigned_once_it_knows_it(self) -> None:
        with Listener(print, secrets=["secret"]) as listener:
            assert listener.answer({}, self.PING) == 401
