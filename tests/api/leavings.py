"""What a call may have left behind: the rows of every table and the files in the store."""

from pathlib import Path

from django.conf import settings
from django.db import connection

# Counted on the way in, whatever becomes of the call.
FIGURES = frozenset({"api_portalfigure", "api_ratewindow"})
_TABLES = """
SELECT relname FROM pg_class
 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
   AND has_table_privilege(oid, 'SELECT')
"""


def rows() -> dict[str, int]:
    """How many rows each table has that the application may see; what counts calls is left out."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = [name for (name,) in cursor.fetchall() if name not in FIGURES]
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{one}', count(*) FROM \"{one}\"" for one in tables)
        )
        return dict(cursor.fetchall())


def files() -> set[str]:
    """Every file below the store, also those that are only on their way in."""
    root = Path(settings.STORAGE_ROOT)
    return {str(one.relative_to(root)) for one in root.rglob("*") if one.is_file()}
