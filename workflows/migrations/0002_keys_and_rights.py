"""Keys that include the tenant, and what the application's role may do."""

from django.db import migrations

from efile.kernel.schema import APPEND_ONLY, FULL, application_may, tenant_key

OF_A_CASE = [
    "workflows_question",
    "workflows_task",
    "workflows_deadline",
    "workflows_checkresult",
    "workflows_decision",
    "workflows_standingmatter",
    "workflows_booking",
    "workflows_publicevent",
    "workflows_registerquery",
    "workflows_submission",
    "workflows_inboxitem",
]

# The process carries the case's scope, so that lists filter and sort on one table; the key keeps
# it equal whatever happens to the case.
SCOPE_FOLLOWS = """
ALTER TABLE workflows_process ADD CONSTRAINT workflows_process_scope_tenant_fk
  FOREIGN KEY (tenant_id, case_id, scope) REFERENCES efile_case (tenant_id, id, scope)
  ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED
"""


class Migration(migrations.Migration):
    dependencies = [
        ("workflows", "0001_tables"),
        ("efile", "0002_keys_rights_and_guards"),
    ]

    operations = [
        tenant_key("workflows_service", "current_id", "workflows_serviceversion"),
        tenant_key("workflows_serviceversion", "service_id", "workflows_service"),
        tenant_key("workflows_serviceversion", "unit_id", "kernel_unit"),
        tenant_key("workflows_serviceversion", "position_id", "efile_fileplanposition"),
        migrations.RunSQL(
            SCOPE_FOLLOWS,
            "ALTER TABLE workflows_process DROP CONSTRAINT workflows_process_scope_tenant_fk",
        ),
        tenant_key("workflows_process", "version_id", "workflows_serviceversion"),
        tenant_key("workflows_process", "assignee_id", "kernel_user"),
        *[tenant_key(table, "case_id", "efile_case") for table in OF_A_CASE],
        tenant_key("workflows_task", "question_id", "workflows_question"),
        tenant_key("workflows_booking", "slot_id", "workflows_slotday"),
        tenant_key("workflows_inboxitem", "submission_id", "workflows_submission"),
        application_may(
            FULL,
            *[table for table in OF_A_CASE if table != "workflows_submission"],
            "workflows_service",
            "workflows_process",
            "workflows_slotday",
            "workflows_streetrange",
            "workflows_idempotencykey",
        ),
        application_may(APPEND_ONLY, "workflows_serviceversion"),
        # What was sent stays as it was sent; only the case it became is noted later.
        application_may(("SELECT", "INSERT", "UPDATE (case_id)"), "workflows_submission"),
    ]
