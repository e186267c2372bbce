"""Signatures of callbacks: FIT-Connect's own vectors, and everything that is not genuine."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.callbacks.signature import PREVIOUS, is_genuine, signature, signed_headers

DATA = Path(__file__).parents[2] / "data" / "fit-connect"
VECTORS = json.loads((DATA / "callback_hmac_test_vectors.json").read_text())
SECRET, STAMP = VECTORS["secret"], VECTORS["timestamp"]
SENT = datetime.fromtimestamp(int(STAMP), UTC)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=["one", "with submissions"])
def test_is_the_standards_own(case: dict[str, str]) -> None:
    body = case["body"].encode()
    assert signature(body, secret=SECRET, timestamp=int(STAMP)) == case["expected_hex"]
    given = {"authentication": case["expected_hex"], "timestamp": STAMP}
    assert is_genuine(body, secrets=[SECRET], at=SENT, **given)


class TestGenuine:
    BODY = b'{"type":"x"}'
    GOOD = signature(BODY, secret="s3cret", timestamp=int(STAMP))

    def found(
        self,
        body: bytes = BODY,
        authentication: str = GOOD,
        timestamp: str = STAMP,
        secrets: tuple[str, ...] = ("s3cret",),
        late: float = 0.0,
    ) -> bool:
        at = SENT + timedelta(seconds=late)
        return is_genuine(
            body, authentication=authentication, timestamp=timestamp, secrets=secrets, at=at
        )

    def test_is_what_one_of_the_secrets_signed(self) -> None:
        assert self.found()
        assert self.found(secrets=("other", "s3cret"))

    @pytest.mark.parametrize("late", [-300.0, 300.0])
    def test_is_believed_for_five_minutes(self, late: float) -> None:
        assert self.found(late=late)
        assert not self.found(late=late * 1.01)

    def test_is_nothing_else(self) -> None:
        assert not self.found(body=self.BODY + b" ")
        assert not self.found(secrets=("other",))
        assert not self.found(secrets=())
        assert not self.found(authentication=self.GOOD.upper())
        assert not self.found(timestamp=str(int(STAMP) + 1))

    @pytest.mark.parametrize(
        "odd", ["", "é", "-1", "1e9", "１６７２５２７５９９", "9" * 40, STAMP + " "]
    )
    def test_takes_odd_headers_for_what_they_are(self, odd: str) -> None:
        assert not self.found(timestamp=odd)
        assert not self.found(authentication=odd)


def test_the_replaced_secret_signs_beside_the_new_one() -> None:
    assert PREVIOUS not in signed_headers(b"{}", secret="new", at=SENT)
    headers = signed_headers(b"{}", secret="new", previous="old", at=SENT)
    stamp = headers["callback-timestamp"]
    for name, secret in (("callback-authentication", "new"), (PREVIOUS, "old")):
        given = headers[name]
        assert is_genuine(b"{}", authentication=given, timestamp=stamp, secrets=[secret], at=SENT)
