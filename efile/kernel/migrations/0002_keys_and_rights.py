"""Keys that include the tenant, and what the application's role may do."""

from django.db import migrations

from efile.kernel.schema import (
    APPEND_ONLY,
    ERASABLE,
    FULL,
    READ_ONLY,
    application_may,
    create_application_role,
    tenant_key,
)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_tables")]

    operations = [
        create_application_role(),
        tenant_key("kernel_unit", "parent_id", "kernel_unit"),
        tenant_key("kernel_membership", "user_id", "kernel_user", on_delete="CASCADE"),
        tenant_key("kernel_membership", "unit_id", "kernel_unit"),
        tenant_key("kernel_journalentry", "chain_id", "kernel_journalchain"),
        tenant_key("kernel_journalsealmember", "seal_id", "kernel_journalseal"),
        application_may(
            FULL,
            "kernel_tenant",
            "kernel_unit",
            "kernel_user",
            "kernel_membership",
            "kernel_delivery",
        ),
        application_may(("SELECT", "INSERT", "UPDATE"), "kernel_journalchain"),
        application_may(
            APPEND_ONLY, "kernel_journalentry", "kernel_journalseal", "kernel_journalsealmember"
        ),
        application_may(ERASABLE, "kernel_journalvalues"),
        # Only the owner can declare a database to be a demo.
        application_may(READ_ONLY, "kernel_installation"),
    ]
