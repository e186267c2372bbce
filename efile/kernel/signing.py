"""Signatures others can check: Ed25519 keys in a file, one of them signs, all are published.

The file (setting ``SIGNING_KEYS``) is a JWK set with private members, readable by our account
alone. A key is published before it signs, so that whoever keeps the set for an hour knows it in
time; one that no longer signs loses its private half and stays published for ever, because what
it signed is kept for ever.
"""

import json
import os
import warnings
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import OKPKey

from efile.kernel.clock import real_now

ALGORITHM: Final = "EdDSA"
# How long others may keep the published set; a new key signs only after it.
PUBLISHED_FOR: Final = timedelta(hours=1)

# RFC 9864 would rather call it Ed25519; what checks our receipts knows it by the older name.
warnings.filterwarnings("ignore", "EdDSA is deprecated", SecurityWarning)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key of the set; ``signs_from`` is its first moment, ``jwk`` without ``d`` retired."""

    signs_from: datetime
    jwk: Json

    @classmethod
    def new(cls, signs_from: datetime) -> "SigningKey":
        """A fresh key, named by its thumbprint (RFC 7638)."""
        made = OKPKey.generate_key("Ed25519", auto_kid=True).as_dict(private=True)
        return cls(signs_from, dict(made) | {"alg": ALGORITHM, "use": "sig"})

    @property
    def kid(self) -> str:
        return str(self.jwk["kid"])

    @property
    def is_retired(self) -> bool:
        return "d" not in self.jwk

    @property
    def public(self) -> Json:
        """The half that everybody may see."""
        return {name: value for name, value in self.jwk.items() if name != "d"}


def sign(payload: bytes, *, kind: str) -> str:
    """``payload`` as a compact JWS (RFC 7515) by the key in force; ``kind`` becomes its ``typ``."""
    key = _in_force(_known())
    header = {"alg": ALGORITHM, "kid": key.kid, "typ": kind}
    private = OKPKey.import_key(key.jwk)
    return jws.serialize_compact(header, payload, private, algorithms=[ALGORITHM])


def published() -> Json:
    """Every key that ever signed or will, as a JWK set (RFC 7517) without private members."""
    return {"keys": [key.public for key in _known()]}


def every_key() -> list[SigningKey]:
    """The keys, oldest first."""
    return list(_read())


def create() -> bool:
    """Make the file with a first key, which signs at once; False when there is one already."""
    if _path().exists():
        return False
    _write([SigningKey.new(real_now())])
    return True


def rotate(*, after: timedelta = PUBLISHED_FOR) -> SigningKey:
    """Publish a new key that signs ``after`` from now on; what signs no longer is retired."""
    known, now = _read(), real_now()
    current = _in_force(known)
    kept = [
        key if key.signs_from >= current.signs_from else SigningKey(key.signs_from, key.public)
        for key in known
    ]
    new = SigningKey.new(now + after)
    _write([*kept, new])
    return new


def _in_force(known: list[SigningKey]) -> SigningKey:
    """The youngest key whose time has come."""
    now = real_now()
    ready = [key for key in known if key.signs_from <= now and not key.is_retired]
    if not ready:
        raise ImproperlyConfigured("SIGNING_KEYS: none of the keys signs yet")
    return max(ready, key=lambda key: key.signs_from)


# The keys as last read, under the state of the file they were read from.
_cache: dict[tuple[str, int, int], list[SigningKey]] = {}


def _known() -> list[SigningKey]:
    """The keys, read anew when the file has changed: a rotation needs no restart."""
    try:
        found = _path().stat()
    except FileNotFoundError:
        return _read()
    state = (str(_path()), found.st_mtime_ns, found.st_ino)
    if state not in _cache:
        fresh = _read()
        _cache.clear()
        _cache[state] = fresh
    return _cache[state]


def _read() -> list[SigningKey]:
    try:
        text = _path().read_text(encoding="utf-8")
    except FileNotFoundError:
        advice = "SIGNING_KEYS names no file: manage.py signing_keys create"
        raise ImproperlyConfigured(advice) from None
    return [
        SigningKey(datetime.fromisoformat(entry.pop("signs_from")), entry)
        for entry in json.loads(text)["keys"]
    ]


def _write(known: list[SigningKey]) -> None:
    """Replace the file as a whole, on the disk before it counts."""
    told = [key.jwk | {"signs_from": key.signs_from.isoformat()} for key in known]
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"keys": told}, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _path() -> Path:
    return Path(settings.SIGNING_KEYS)
