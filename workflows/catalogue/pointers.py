"""JSON pointers (RFC 6901): written, read and followed."""

from collections.abc import Mapping, Sequence
from typing import Any


def join(base: str, *tokens: str | int) -> str:
    """``base`` extended by ``tokens``: ``join("/form", "items", 0)`` is ``/form/items/0``."""
    return base + "".join("/" + str(t).replace("~", "~0").replace("/", "~1") for t in tokens)


def split(pointer: str) -> list[str]:
    """The tokens of ``pointer``; the empty pointer names the whole document and has none."""
    return [t.replace("~1", "/").replace("~0", "~") for t in pointer.split("/")[1:]]


def follow(document: Any, pointer: str) -> Any:
    """What ``pointer`` names in ``document``, or None where nothing is there."""
    found = document
    for token in split(pointer):
        if isinstance(found, Mapping):
            found = found.get(token)
        elif isinstance(found, Sequence) and not isinstance(found, str):
            found = found[int(token)] if token.isdecimal() and int(token) < len(found) else None
        else:
            return None
    return found


def within(base: str, pointer: str) -> bool:
    """Whether ``pointer`` names what ``base`` does, or something inside it."""
    return pointer == base or pointer.startswith(f"{base}/")


def sort_key(pointer: str) -> list[tuple[int, str]]:
    """Orders pointers as people read: item 10 comes after item 9."""
    return [(int(t), "") if t.isdecimal() and len(t) < 10 else (-1, t) for t in split(pointer)]
