"""How the application and the owner of the schema reach PostgreSQL."""

from pathlib import Path
from typing import Any

import environ

from backoffice.config.embedded import url_for


def owner_database(url: str, var: Path) -> dict[str, Any]:
    """The connection that migrates. An empty ``url`` means the embedded server under ``var``."""
    address = url or url_for(var / "postgres", "laufmappe")
    database: dict[str, Any] = environ.Env.db_url_config(address)
    if database["ENGINE"] != "django.db.backends.postgresql":
        raise ValueError("DATABASE_URL must name a PostgreSQL database (postgresql://…)")
    database["OPTIONS"] = {**database.get("OPTIONS", {})}
    return database


def application_database(url: str, var: Path, *, role: str, pool_size: int) -> dict[str, Any]:
    """The connection of web and worker, which take on ``role``: no DDL, no rewriting the journal.

    ``pool_size`` 0 means one connection per thread without a pool, as the tests want it.
    """
    database = owner_database(url, var)
    database["CONN_MAX_AGE"] = 0
    database["DISABLE_SERVER_SIDE_CURSORS"] = False
    database["OPTIONS"] |= {
        # Not Django's assume_role: with a pool it asks the pool for a connection while making one.
        # Compiling a statement (jit) takes longer than any of ours runs.
        "options": f"-c role={role} -c jit=off -c statement_timeout=30s -c lock_timeout=20s",
        # Planning was most of a peer's time: statements are prepared once per connection.
        "prepare_threshold": 3,
        "server_side_binding": True,
    }
    if pool_size:
        database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 10}
    return database
