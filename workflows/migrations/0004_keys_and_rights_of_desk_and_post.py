"""Keys that include the tenant, and what the application's role may do with desk and post."""

from django.db import migrations

from efile.kernel.schema import APPEND_ONLY, FULL, application_may, tenant_key

OF_A_CASE = [
    "workflows_followup",
    "workflows_draft",
    "workflows_heldact",
    "workflows_correction",
    "workflows_verdict",
    "workflows_letter",
]


class Migration(migrations.Migration):
    dependencies = [
        ("workflows", "0003_desk_and_post"),
        ("efile", "0003_permits_and_indexes"),
    ]

    operations = [
        *[tenant_key(table, "case_id", "efile_case") for table in OF_A_CASE],
        tenant_key("workflows_followup", "user_id", "kernel_user"),
        tenant_key("workflows_draft", "user_id", "kernel_user"),
        tenant_key("workflows_heldact", "user_id", "kernel_user"),
        tenant_key("workflows_letter", "document", "efile_document"),
        tenant_key("workflows_letter", "batch_id", "workflows_printbatch"),
        tenant_key("workflows_printbatch", "unit_id", "kernel_unit"),
        application_may(
            FULL,
            "workflows_followup",
            "workflows_draft",
            "workflows_heldact",
            "workflows_letter",
            "workflows_printbatch",
        ),
        # What somebody put beside the application is never taken back, only superseded.
        application_may(APPEND_ONLY, "workflows_correction", "workflows_verdict"),
    ]
