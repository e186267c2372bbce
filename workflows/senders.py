"""What each sender handed in."""

from datetime import datetime
from typing import Final

from django.db import connection

from efile.kernel.actors import Actor
from efile.kernel.ids import first_uuid7

_SUBMITTED: Final = """
SELECT service_key, count(*) FROM workflows_submission
 WHERE id >= %s AND tenant_id = %s AND source = %s
 GROUP BY service_key ORDER BY count(*) DESC, service_key
"""


def submitted_since(source: str, since: datetime, *, by: Actor) -> list[tuple[str, int]]:
    """How many submissions the sender ``source`` handed in for each service, most first."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBMITTED, [first_uuid7(since), by.tenant_id, source])
        return [(service, count) for service, count in cursor.fetchall()]
