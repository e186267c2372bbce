"""What was asked, kept in the session under a key that says nothing.

Names do not belong into addresses: those end up in histories, bookmarks and logs.
"""

from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Any, Final

from django.contrib.sessions.backends.base import SessionBase

from efile.kernel.errors import NotFound

# The last few of each kind; whoever comes back later asks again.
KEPT: Final = 20


def keep(session: SessionBase, kind: str, asked: Any) -> str:
    """Remember ``asked`` (JSON) and return its key; asked again, it keeps the one it had."""
    kept: Mapping[str, Any] = session.get(kind, {})
    key = next((known for known, same in kept.items() if same == asked), token_urlsafe(9))
    later = {known: same for known, same in kept.items() if known != key}
    session[kind] = dict([*later.items(), (key, asked)][-KEPT:])
    return key


def kept(session: SessionBase, kind: str, key: str) -> Any:
    """What was asked under ``key``. Refuses: NotFound (somebody else's, or long ago)."""
    asked = session.get(kind, {})
    if key not in asked:
        raise NotFound
    return asked[key]
