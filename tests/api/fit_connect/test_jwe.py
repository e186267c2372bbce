"""What is encrypted opens piece by piece, and only as a whole."""

import tracemalloc
from collections.abc import Iterator

import pytest
from joserfc.jwk import RSAKey

from api.fit_connect.jwe import NotOpened, Sealed, opened, sealed, tag_of
from api.fit_connect.keys import as_public_key
from backoffice.demo.fit_connect_sender import encrypted
from backoffice.demo.fit_connect_tokens import bare
from tests.api.fit_connect.sending import the_keys

JWK = the_keys()["keys"][0]
KID = JWK["kid"]
MB = 1024 * 1024


@pytest.fixture(scope="module")
def keys() -> dict[str, RSAKey]:
    return {KID: RSAKey.import_key({k: v for k, v in JWK.items() if k != "key_ops"})}


def compact(content: bytes, *, deflate: bool = False) -> str:
    return encrypted(content, RSAKey.import_key(bare(JWK)), KID, deflate)


def in_pieces(text: str, size: int) -> Iterator[bytes]:
    raw = text.encode()
    return (raw[at : at + size] for at in range(0, len(raw), size))


@pytest.mark.parametrize("deflate", [False, True])
@pytest.mark.parametrize("size", [1, 7, 1000, 10**9])
@pytest.mark.parametrize("length", [0, 1, 2, 3, 4, 5000])
def test_it_opens_however_it_arrives(
    keys: dict[str, RSAKey], deflate: bool, size: int, length: int
) -> None:
    content = bytes(range(256)) * 20
    text = compact(content[:length], deflate=deflate)
    found = b"".join(Sealed(in_pieces(text, size), keys).opened(tag=tag_of(text)))
    assert found == content[:length]


def test_what_we_seal_opens(keys: dict[str, RSAKey]) -> None:
    public = as_public_key(bare(JWK), "RSA-OAEP-256")
    text = sealed(b"Bescheid", public, kid=KID, media_type="text/plain")
    assert opened(text, keys, limit=100) == b"Bescheid"


@pytest.mark.parametrize("segment", range(5))
def test_one_that_was_altered_anywhere_does_not_open(keys: dict[str, RSAKey], segment: int) -> None:
    parts = compact(b"x" * 1000).split(".")
    changed = "A" if parts[segment][9] != "A" else "B"
    parts[segment] = parts[segment][:9] + changed + parts[segment][10:]
    text = ".".join(parts)
    with pytest.raises(NotOpened):
        opened(text, keys, limit=MB)


@pytest.mark.parametrize("text", ["", "a", "a.b", "a.b.c", "a.b.c.d", "a.b.c.d.e", "." * 9, "é"])
def test_what_is_none_does_not_open(keys: dict[str, RSAKey], text: str) -> None:
    with pytest.raises(NotOpened):
        opened(text, keys, limit=MB)


def test_more_than_can_be_taken_does_not_open(keys: dict[str, RSAKey]) -> None:
    bomb = compact(bytes(8 * MB), deflate=True)
    assert len(bomb) < 64 * 1024
    with pytest.raises(NotOpened) as refusal:
        opened(bomb, keys, limit=MB)
    assert refusal.value.problem == "technical-error"


def test_a_large_one_needs_no_more_memory_than_a_small_one(keys: dict[str, RSAKey]) -> None:
    text = compact(bytes(24 * MB))
    tag, pieces = tag_of(text), list(in_pieces(text, 256 * 1024))
    tracemalloc.start()
    length = sum(map(len, Sealed(pieces, keys).opened(tag=tag)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert length == 24 * MB
    assert peak < 4 * MB


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        {"kty": "EC", "crv": "P-256"},
        bare(JWK) | {"alg": "PS512"},
        bare(JWK) | {"n": "AQAB"},
        {"kty": "RSA", "n": 7, "e": "AQAB"},
    ],
)
def test_a_weak_or_strange_key_of_others_is_not_used(jwk: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"key|algorithm"):
        as_public_key(jwk, "RSA-OAEP-256")
