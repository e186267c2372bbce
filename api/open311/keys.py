"""Keys (api_key) of programs that hand in reports: made once, kept hashed, put out of use."""

import hashlib
import secrets
from datetime import datetime
from typing import Final

from django.utils.text import slugify

from api.models import Open311Key
from efile.kernel.models import Tenant

_BYTES: Final = 24


def create_key(tenant: Tenant, name: str, *, at: datetime) -> tuple[str, str]:
    """Let the program called ``name`` report; returns (its client key, the api_key).

    The same name again is the same client with one more key, so that a key can be changed without
    a gap. The api_key is stored hashed and cannot be shown again. ValueError: the name has
    nothing of which a key can be made.
    """
    client = slugify(name)[:60]
    if not client:
        raise ValueError("the name needs letters or digits")
    key = secrets.token_urlsafe(_BYTES)
    Open311Key.objects.create(
        tenant=tenant, client=client, label=name[:100], key_sha256=hashed(key), created_at=at
    )
    return client, key


def revoke_keys(tenant: Tenant, client: str, *, keep_newest: bool = False) -> int:
    """Put the keys of ``client`` out of use; returns how many were in use. Reports stay.

    ``keep_newest`` leaves the last one: the program has changed over to it.
    """
    keys = Open311Key.objects.filter(tenant=tenant, client=client, is_active=True)
    if keep_newest and (newest := keys.order_by("-id").first()):
        keys = keys.exclude(id=newest.pk)
    return keys.update(is_active=False)


def hashed(key: str) -> str:
    """What is stored of a key: 192 random bits need no salt."""
    return hashlib.sha256(key.encode()).hexdigest()
