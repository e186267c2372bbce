"""Public keys with which a portal proves who it is: which kinds we take, and how they are kept.

Algorithms follow BSI TR-02102-1: EdDSA (Ed25519), ECDSA on P-256 with SHA-256, RSASSA-PSS with
SHA-256 and keys of at least 3000 bits. RS256 is refused: for signatures with RSA the guideline
names PSS, and PKCS #1 v1.5 would be the only scheme here without a proof of security.
"""

from binascii import Error as NotBase64
from collections.abc import Mapping
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from efile.kernel.errors import FieldError, Invalid

Json = dict[str, Any]

# RFC 9864 calls EdDSA with Ed25519 by that name; libraries still write the older one.
ALGORITHMS: Final = ("EdDSA", "Ed25519", "ES256", "PS256")
MOST_KEYS: Final = 10
SHORTEST_RSA: Final = 3000
LONGEST_RSA: Final = 16_384
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
# What is kept of a key: nothing that we do not check.
_MEMBERS: Final = ("kty", "crv", "x", "y", "n", "e")


def read_key(jwk: Mapping[str, Any]) -> tuple[Key, str]:
    """The key and what it signs with; "EdDSA" goes by two names.

    ValueError: not a key that we take.
    """
    public = _public(jwk)
    try:
        match jwk.get("kty"), jwk.get("crv"):
            case "OKP", "Ed25519":
                return OKPKey.import_key(public), "EdDSA"
            case "EC", "P-256":
                return ECKey.import_key(public), "ES256"
            case "RSA", _:
                key = RSAKey.import_key(public)
                if not SHORTEST_RSA <= key.public_key.key_size <= LONGEST_RSA:
                    raise ValueError("too short")
                return key, "PS256"
    except (JoseError, NotBase64, TypeError) as error:
        raise ValueError("not a key") from error
    raise ValueError("not a kind of key that we take")


def checked_keys(jwks: object) -> Json:
    """``jwks`` (RFC 7517) as it is kept: public members, a kid each, and the algorithm.

    Refuses: Invalid, each fault at the key it is in.
    """
    keys = jwks.get("keys") if isinstance(jwks, Mapping) else None
    if not isinstance(keys, list) or len(keys) > MOST_KEYS:
        raise Invalid([FieldError("/keys", "jwks", {"limit": MOST_KEYS})])
    kept: list[Json] = []
    for number, jwk in enumerate(keys):
        found = _kept(jwk, f"/keys/{number}")
        if any(found["kid"] == other["kid"] for other in kept):
            raise Invalid([FieldError(f"/keys/{number}/kid", "jwk_twice")])
        kept.append(found)
    return {"keys": kept}


def _kept(jwk: object, pointer: str) -> Json:
    """Refuses: Invalid."""
    if not isinstance(jwk, Mapping):
        raise Invalid([FieldError(pointer, "jwk")])
    if _PRIVATE & jwk.keys():
        raise Invalid([FieldError(pointer, "jwk_private")])
    try:
        key, algorithm = read_key(jwk)
    except ValueError:
        raise Invalid([FieldError(pointer, "jwk")]) from None
    if jwk.get("use", "sig") != "sig" or jwk.get("alg", algorithm) not in _names(algorithm):
        raise Invalid([FieldError(pointer, "jwk")])
    kid = jwk.get("kid") or key.thumbprint()
    if not isinstance(kid, str) or len(kid) > 200 or not kid.isprintable():
        raise Invalid([FieldError(f"{pointer}/kid", "jwk")])
    return _public(jwk) | {"kid": kid, "alg": algorithm, "use": "sig"}


def _public(jwk: Mapping[str, Any]) -> Json:
    return {name: jwk[name] for name in _MEMBERS if name in jwk}


def _names(algorithm: str) -> tuple[str, ...]:
    return ("EdDSA", "Ed25519") if algorithm == "EdDSA" else (algorithm,)
