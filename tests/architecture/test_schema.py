"""What stands in PostgreSQL: the tenant in every key, and an application role that may little."""

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import ForeignKey, Model

from tests.architecture.tree import own_keys, own_models

pytestmark = pytest.mark.django_db

# What is not a municipality's own: the list of municipalities, and what this database is.
WITHOUT_TENANT = {"kernel.Installation", "kernel.Tenant"}

FOREIGN_KEYS = """
SELECT source.relname, target.relname, array_agg(own.attname::text)
FROM pg_constraint key
JOIN pg_class source ON source.oid = key.conrelid
JOIN pg_class target ON target.oid = key.confrelid
JOIN pg_attribute own ON own.attrelid = source.oid AND own.attnum = ANY (key.conkey)
WHERE key.contype = 'f'
GROUP BY key.oid, source.relname, target.relname
"""


def select(query: str, *parameters: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def business_models() -> list[type[Model]]:
    return [model for model in own_models() if model._meta.label not in WITHOUT_TENANT]


class TestEveryBusinessTable:
    def test_names_its_tenant(self) -> None:
        required = select(
            "SELECT attrelid::regclass::text FROM pg_attribute "
            "WHERE attname = 'tenant_id' AND attnotnull"
        )
        nameless = {model._meta.db_table for model in business_models()} - {
            table for (table,) in required
        }

        assert nameless == set()

    def test_points_at_others_through_the_tenant(self) -> None:
        """A key without the tenant could point into another municipality's rows."""
        keys = select(FOREIGN_KEYS)
        loose = [
            f"{model._meta.db_table}.{field.column}"
            for model in business_models()
            for field, target in own_keys(model)
            if isinstance(field, ForeignKey)
            and not any(
                {"tenant_id", field.column} <= set(columns)
                for source, pointed_at, columns in keys
                if (source, pointed_at) == (model._meta.db_table, target._meta.db_table)
            )
        ]

        assert loose == []


class TestTheApplicationsRole:
    def test_is_the_one_the_tests_run_under(self) -> None:
        assert select("SELECT current_user") == [(settings.DATABASE_APP_ROLE,)]

    def test_owns_nothing_and_may_not_log_in(self) -> None:
        role = settings.DATABASE_APP_ROLE
        owned = select("SELECT relname FROM pg_class WHERE relowner = %s::regrole", role)

        assert owned == []
        assert select(
            "SELECT rolcanlogin, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles "
            "WHERE rolname = %s",
            role,
        ) == [(False, False, False, False)]

    def test_creates_no_tables(self) -> None:
        assert select("SELECT has_schema_privilege('public', 'CREATE')") == [(False,)]

    def test_truncates_nothing(self) -> None:
        truncatable = select(
            "SELECT relname FROM pg_class WHERE relkind = 'r' "
            "AND relnamespace = 'public'::regnamespace AND has_table_privilege(oid, 'TRUNCATE')"
        )

        assert truncatable == []

    @pytest.mark.parametrize("right", ["UPDATE", "DELETE"])
    def test_cannot_rewrite_the_journal(self, right: str) -> None:
        entries = "kernel_journalentry"

        assert select("SELECT has_table_privilege(%s, 'INSERT')", entries) == [(True,)]
        assert select("SELECT has_table_privilege(%s, %s)", entries, right) == [(False,)]
