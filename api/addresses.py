"""Where a call comes from, and how that is counted without being kept."""

import hmac
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: behind our proxy what it wrote down last, else the peer."""
    behind_proxy: object = settings.SECURE_PROXY_SSL_HEADER
    told = request.headers.get("X-Forwarded-For", "") if behind_proxy else ""
    return told.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def address_key(request: HttpRequest) -> str:
    """The address under a key of ours: it can be counted and not be read."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, b"address:" + address_of(request).encode(), sha256).hexdigest()[:32]
