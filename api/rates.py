"""How often somebody may call in a minute: counted in PostgreSQL, so that every process knows.

Clients have a limit of their own; whoever shows no valid credentials is counted by address. The
count is part of the statement that looks the token up, and that statement is a transaction: the
row is locked for as long as it takes to add one, and nothing of it waits for a disk (UNLOGGED).
The headers are those of draft-ietf-httpapi-ratelimit-headers, in its form with three fields.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from rest_framework.exceptions import Throttled

from api.addresses import address_key
from efile.kernel.clock import real_now

WINDOW: Final = 60
_KEPT: Final = "laufmappe.rate"


@dataclass(frozen=True, slots=True)
class Rate:
    """Where a caller stands: ``calls`` of ``limit`` made, ``reset`` seconds to the next window."""

    limit: int
    calls: int
    reset: int

    @property
    def is_exceeded(self) -> bool:
        return self.calls > self.limit

    @property
    def headers(self) -> dict[str, str]:
        """What every answer to the caller says of it."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(0, self.limit - self.calls)),
            "RateLimit-Reset": str(self.reset),
            "RateLimit-Policy": f"{self.limit};w={WINDOW}",
        }


def minute_of(moment: datetime) -> int:
    """The number of the window in which ``moment`` lies."""
    return int(moment.timestamp()) // WINDOW


def rate(limit: int, calls: int, moment: datetime) -> Rate:
    """Where somebody stands at ``moment`` after so many ``calls``."""
    return Rate(limit, calls, math.ceil(WINDOW - moment.timestamp() % WINDOW))


# To be put behind what names the ``subject``: counts one call in the window of a minute.
COUNT: Final = """
ON CONFLICT (subject, minute) DO UPDATE SET calls = w.calls + 1
RETURNING calls
"""

_STRANGER: Final = f"""
INSERT INTO api_ratewindow AS w (subject, minute, calls) VALUES (%s, %s, 1) {COUNT}
"""  # noqa: S608 - put together from constants alone


def count_stranger(request: HttpRequest) -> Rate:
    """Count a call of somebody who has yet to say who it is. One statement."""
    moment = real_now()
    with connection.cursor() as cursor:
        cursor.execute(_STRANGER, [stranger(request), minute_of(moment)])
        (calls,) = cursor.fetchone()
    return rate(settings.STRANGER_LIMIT_PER_MINUTE, calls, moment)


def stranger(request: HttpRequest) -> str:
    """What whoever shows no valid credentials is counted as."""
    return f"address:{address_key(request)}"


def require_within(known: Rate) -> None:
    """Refuse with Throttled whoever called too often."""
    if known.is_exceeded:
        raise Throttled(wait=known.reset)


def remember(request: HttpRequest, known: Rate) -> None:
    """Keep it with the request, for the headers of its answer."""
    request.META[_KEPT] = known


def tell(request: HttpRequest, response: HttpResponseBase) -> None:
    """Put the headers on the answer to a caller who is counted."""
    known = request.META.get(_KEPT)
    if isinstance(known, Rate):
        for name, value in known.headers.items():
            response[name] = value


def forget_windows() -> None:
    """Remove windows that are over. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM api_ratewindow WHERE minute < %s", [minute_of(real_now()) - 1])
