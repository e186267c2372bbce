"""References: drawn without gaps, unique per tenant, never changed afterwards."""

from datetime import datetime

from django.db import connection

from efile.kernel.clock import local_date

_DRAW = """
INSERT INTO efile_numberscope (tenant_id, series, last) VALUES (%s, %s, 1)
ON CONFLICT (tenant_id, series) DO UPDATE SET last = efile_numberscope.last + 1
RETURNING last
"""


def draw(tenant_id: int, series: str) -> int:
    """The next number of ``series``: 1, 2, 3 … without gaps.

    The series stays locked until the transaction ends, so draw as late in it as possible; a
    transaction that rolls back returns its number.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, [tenant_id, series])
        (number,) = cursor.fetchone()
    return int(number)


def draw_file_reference(tenant_id: int, position: str, at: datetime) -> str:
    """A file reference (Aktenzeichen) below ``position``: ``32.2-000123/26``."""
    year = f"{local_date(at):%y}"
    return f"{position}-{draw(tenant_id, f'{position}/{year}'):06d}/{year}"


def case_reference(file_reference: str, number: int) -> str:
    """A case reference (Geschäftszeichen) inside its file: ``32.2-000123/26-01``."""
    return f"{file_reference}-{number:02d}"
