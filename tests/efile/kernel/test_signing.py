"""Signing keys: published before they sign, checked by anybody, kept for ever."""

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from joserfc import jws
from joserfc.jwk import KeySet
from pytest_django import Settings

from efile.kernel import signing

PAYLOAD = b'{"what":"was received"}'


@pytest.fixture
def file(settings: Settings, tmp_path: Path) -> Path:
    settings.SIGNING_KEYS = tmp_path / "signing-keys.json"
    return tmp_path / "signing-keys.json"


def checked(signature: str) -> bytes:
    """The payload, as somebody finds it who has nothing but the published keys."""
    keys = KeySet.import_key_set(signing.published())  # type: ignore[arg-type]
    return jws.deserialize_compact(signature, keys, algorithms=["EdDSA"]).payload


def test_without_keys_nothing_is_signed_and_the_message_says_what_to_do(file: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="signing_keys create"):
        signing.sign(PAYLOAD, kind="test")


def test_a_first_key_signs_at_once_and_is_made_once(file: Path) -> None:
    assert signing.create()
    assert not signing.create()

    signature = signing.sign(PAYLOAD, kind="test")

    assert checked(signature) == PAYLOAD
    header = jws.extract_compact(signature.encode()).headers()
    assert header == {"alg": "EdDSA", "kid": signing.every_key()[0].kid, "typ": "test"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_nothing_private_is_published(file: Path) -> None:
    signing.create()
    signing.rotate()

    keys = signing.published()["keys"]

    assert len(keys) == 2
    assert all(set(key) == {"kty", "crv", "x", "kid", "alg", "use"} for key in keys)


def test_a_rotated_key_is_published_first_and_signs_later(file: Path) -> None:
    signing.create()
    first = jws.extract_compact(signing.sign(PAYLOAD, kind="test").encode()).headers()["kid"]

    new = signing.rotate(after=timedelta(hours=1))

    assert new.kid in {key["kid"] for key in signing.published()["keys"]}
    still = jws.extract_compact(signing.sign(PAYLOAD, kind="test").encode()).headers()["kid"]
    assert still == first


def test_what_a_retired_key_signed_can_be_checked_for_ever(file: Path) -> None:
    signing.create()
    old = signing.sign(PAYLOAD, kind="test")
    for _ in range(3):
        # The clock of a file system may stand still between two writings: the file is another.
        signing.rotate(after=timedelta())

    fresh = signing.sign(PAYLOAD, kind="test")

    # Only the key in force before the last rotation and the new one can still sign.
    assert [key.is_retired for key in signing.every_key()] == [True, True, False, False]
    assert checked(old) == checked(fresh) == PAYLOAD
    private = [entry for entry in json.loads(file.read_text())["keys"] if "d" in entry]
    assert len(private) == 2


def test_a_key_whose_time_has_not_come_does_not_sign(file: Path) -> None:
    key = signing.SigningKey.new(datetime.now(UTC) + timedelta(hours=1))
    told = key.jwk | {"signs_from": key.signs_from.isoformat()}
    file.write_text(json.dumps({"keys": [told]}))

    with pytest.raises(ImproperlyConfigured, match="none of the keys"):
        signing.sign(PAYLOAD, kind="test")
