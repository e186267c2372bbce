"""Keys made before the row exists: UUIDs that sort by the time they were made."""

import os
import time
from datetime import datetime
from uuid import UUID


def uuid7() -> UUID:
    """A version 7 UUID (RFC 9562 § 5.7): 48 bits of milliseconds, then randomness.

    Made in Python, so that a whole file with its documents is known before the first
    statement, and ordered, so that new rows land on the last index page.
    """
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (1 << 48) - 1) << 80
    value |= 0x7 << 76
    value |= (random >> 68) << 64
    value |= 0b10 << 62
    value |= random & (1 << 62) - 1
    return UUID(int=value)


def first_uuid7(moment: datetime) -> UUID:
    """What sorts before every key made at ``moment`` or later: rows by age without an index."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
