"""Secrets at rest: to be read with SECRET_KEY, and not with the database alone."""

import base64
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE: Final = 12
_PURPOSE: Final = b"laufmappe: callback secrets"


class Unsealable(Exception):
    """Sealed under another SECRET_KEY, for something else, or not by us."""


def sealed(secret: str, context: str) -> str:
    """``secret`` under AES-256-GCM; it opens in the same ``context`` only."""
    nonce = os.urandom(_NONCE)
    locked = AESGCM(_key(settings.SECRET_KEY)).encrypt(nonce, secret.encode(), context.encode())
    return base64.b64encode(nonce + locked).decode()


def unsealed(text: str, context: str) -> str:
    """What ``sealed`` was given, also under a key of SECRET_KEY_FALLBACKS. Unsealable otherwise."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            bytes_ = base64.b64decode(text, validate=True)
            opened = AESGCM(_key(key)).decrypt(bytes_[:_NONCE], bytes_[_NONCE:], context.encode())
        except (InvalidTag, ValueError):
            continue
        return opened.decode()
    raise Unsealable


def _key(secret_key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret_key.encode())
