"""Our keys at the destination: which open what was sent, and which signs what we answer.

They lie in a file (setting ``FITCONNECT_KEYS``), a JWK set with private members. Several keys may
open: a new one is published while the old one is still needed. The first that signs is the one
that does.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

# What FIT-Connect prescribes for encrypting and for signing.
OPENS: Final = "RSA-OAEP-256"
SIGNS: Final = "PS512"
SMALLEST: Final = 4096
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth"})

Jwk = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Keys:
    """``opening`` by key id, and the one that signs."""

    opening: dict[str, RSAKey]
    signing: RSAKey

    @property
    def signing_kid(self) -> str:
        return str(self.signing.kid)


# The keys as last read, under the state of the file: checking their numbers takes a second each.
_known: dict[tuple[str, int, int], Keys] = {}


def load(path: Path) -> Keys:
    """The keys in the file, read anew when it has changed. Raises ImproperlyConfigured."""
    if not path.exists():
        raise ImproperlyConfigured(f"FITCONNECT_KEYS: there is no {path}")
    found = path.stat()
    state = (str(path), found.st_mtime_ns, found.st_ino)
    if state not in _known:
        fresh = _loaded(path)
        _known.clear()
        _known[state] = fresh
    return _known[state]


def _loaded(path: Path) -> Keys:
    found = read(path)
    opening = {str(jwk["kid"]): _usable(jwk) for jwk in found if jwk.get("alg") == OPENS}
    signing = [_usable(jwk) for jwk in found if jwk.get("alg") == SIGNS]
    if not opening or not signing:
        raise ImproperlyConfigured(f"{path}: a key for {OPENS} and one for {SIGNS} are needed")
    return Keys(opening, signing[0])


def read(path: Path) -> list[Jwk]:
    """The keys as they are written down; [] where there is no file yet."""
    if not path.exists():
        return []
    try:
        keys: list[Jwk] = json.loads(path.read_text(encoding="utf-8"))["keys"]
    except (OSError, ValueError, KeyError, TypeError):
        raise ImproperlyConfigured(f"{path} is not a JWK set") from None
    return keys


def add(path: Path) -> list[Jwk]:
    """Put a fresh pair before the others, so that it signs from now on; the public halves.

    Publish them at the destination before anything is encrypted for them.
    """
    made = [_made(OPENS, "unwrapKey"), _made(SIGNS, "sign")]
    beside = path.with_name(f"{path.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"keys": [*made, *read(path)]}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return [public(jwk) for jwk in made]


def public(jwk: Jwk) -> Jwk:
    """The half of ``jwk`` that the destination publishes."""
    operation = {OPENS: "wrapKey", SIGNS: "verify"}[jwk["alg"]]
    shown = {name: value for name, value in jwk.items() if name not in _PRIVATE}
    return shown | {"key_ops": [operation]}


def as_public_key(jwk: Jwk, algorithm: str) -> RSAKey:
    """A key of somebody else's. ValueError for one that must not be used for ``algorithm``."""
    bare: dict[str, Any] = {name: jwk[name] for name in ("kty", "n", "e", "kid") if name in jwk}
    if jwk.get("kty") != "RSA" or jwk.get("alg", algorithm) != algorithm:
        raise ValueError("algorithm")
    try:
        key = RSAKey.import_key(bare)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise ValueError("key") from error
    if key.public_key.key_size < SMALLEST:
        raise ValueError("key_size")
    return key


def _usable(jwk: Jwk) -> RSAKey:
    wanted = f"FITCONNECT_KEYS: private RSA keys with a kid and {SMALLEST} bits are needed"
    try:
        key = RSAKey.import_key({name: value for name, value in jwk.items() if name != "key_ops"})
    except (JoseError, ValueError, KeyError, TypeError):
        raise ImproperlyConfigured(wanted) from None
    if not key.is_private or key.public_key.key_size < SMALLEST or not jwk.get("kid"):
        raise ImproperlyConfigured(wanted)
    return key


def _made(algorithm: str, operation: str) -> Jwk:
    key = RSAKey.generate_key(SMALLEST, auto_kid=True).as_dict(private=True)
    return {**key, "alg": algorithm, "key_ops": [operation]}
