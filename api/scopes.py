"""What a portal may do: operations, each for all services or for some of them.

An entry is ``operation`` or ``operation:service-key``: "read", "submit:dog-tax". Clients have
them as ``allowed_scopes``, tokens as their scope (RFC 6749, section 3.3, allows the colon).
"""

import re
from collections.abc import Collection, Iterable
from typing import Final

from django.conf import settings

OPERATIONS: Final[tuple[str, ...]] = tuple(settings.OAUTH2_PROVIDER["SCOPES"])
# Those that are about submissions, and so about services.
BY_SERVICE: Final = ("submit", "read", "answer", "cases", "offers")
# What a portal needs; the rest is for whoever also serves registers, or is one.
OF_A_PORTAL: Final = ("submit", "read", "answer")
_SERVICE: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def is_entry(entry: str) -> bool:
    """Whether ``entry`` is of the shape that a scope has."""
    operation, colon, service = entry.partition(":")
    if not colon:
        return operation in OPERATIONS
    return operation in BY_SERVICE and bool(_SERVICE.fullmatch(service))


def within(entry: str, allowed: Collection[str]) -> frozenset[str]:
    """What of ``entry`` is allowed: itself, the services that it comes down to, or nothing."""
    operation, _, service = entry.partition(":")
    if entry in allowed or operation in allowed:
        return frozenset({entry})
    if service:
        return frozenset()
    return frozenset(one for one in allowed if one.startswith(f"{operation}:"))


def narrowed(wanted: Iterable[str], allowed: Collection[str]) -> frozenset[str]:
    """What of ``wanted`` is allowed."""
    return frozenset().union(*(within(entry, allowed) for entry in wanted))


def tidied(entries: Iterable[str]) -> list[str]:
    """The entries in a lasting order, without those that a wider one includes."""
    given = set(entries)
    kept = {one for one in given if ":" not in one or one.partition(":")[0] not in given}
    return sorted(kept, key=lambda one: (OPERATIONS.index(one.partition(":")[0]), one))
