"""Migration operations Django lacks: keys that include the tenant, and the application's rights."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.migrations.operations import RunPython, RunSQL
from django.db.migrations.operations.base import Operation

READ_ONLY = ("SELECT",)
APPEND_ONLY = ("SELECT", "INSERT")
ERASABLE = ("SELECT", "INSERT", "DELETE")
FULL = ("SELECT", "INSERT", "UPDATE", "DELETE")


def tenant_key(
    table: str, column: str, target: str, *, target_column: str = "id", on_delete: str = "NO ACTION"
) -> Operation:
    """A foreign key (tenant_id, ``column``) → ``target`` (tenant_id, ``target_column``).

    Django has no composite foreign keys; without the tenant in the key a row of one city could
    point into another. Deferred, so that a file's parts may be written before the file itself
    and its number be drawn last.
    """
    name = f"{table}_{column}_tenant_fk"
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (tenant_id, {column}) "
        f"REFERENCES {target} (tenant_id, {target_column}) ON DELETE {on_delete} "
        "DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def create_application_role() -> Operation:
    """The role under which web and worker run; created unless the operator already has."""

    def create(_apps: Any, schema_editor: Any) -> None:
        role = schema_editor.quote_name(settings.DATABASE_APP_ROLE)
        literal = "'" + settings.DATABASE_APP_ROLE.replace("'", "''") + "'"
        # Roles belong to the cluster: two databases migrating at once may both try.
        schema_editor.execute(
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {literal}) THEN "
            f"CREATE ROLE {role} NOLOGIN; END IF; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
        schema_editor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        # A login that is not a superuser must be a member to take the role on.
        schema_editor.execute(f"GRANT {role} TO CURRENT_USER")

    return RunPython(create, RunPython.noop)


def application_may(rights: Sequence[str], *tables: str) -> Operation:
    """Grant the application's role ``rights`` on ``tables`` and on the sequences they own."""

    def grant(_apps: Any, schema_editor: Any) -> None:
        role = schema_editor.quote_name(settings.DATABASE_APP_ROLE)
        for table in tables:
            name = schema_editor.quote_name(table)
            schema_editor.execute(f"REVOKE ALL ON {name} FROM {role}")
            schema_editor.execute(f"GRANT {', '.join(rights)} ON {name} TO {role}")
        schema_editor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")

    return RunPython(grant, RunPython.noop)
