"""Messages carry documents."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

from efile.kernel.schema import ERASABLE, application_may, tenant_key

# A message of a closed case stays as it was written, with all that it carries.
GUARD = """
CREATE TRIGGER closed_is_closed BEFORE INSERT OR UPDATE OR DELETE ON efile_messageattachment
  FOR EACH ROW EXECUTE FUNCTION efile_refuse_when_closed();
"""


def _to(model: str, **more: Any) -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model, **more
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("efile", "0004_scans_and_resumable_uploads")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="MessageAttachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.SmallIntegerField()),
                ("tenant", _to("kernel.tenant", db_index=False)),
                ("case", _to("efile.case", db_constraint=False)),
                ("message", _to("efile.message", db_constraint=False, db_index=False)),
                ("document", _to("efile.document", db_constraint=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["tenant", "id"], name="message_attachment_of_tenant"
                    ),
                    models.UniqueConstraint(
                        fields=["message", "document"], name="a_message_carries_a_document_once"
                    ),
                ]
            },
        ),
        tenant_key("efile_messageattachment", "case_id", "efile_case"),
        tenant_key("efile_messageattachment", "message_id", "efile_message"),
        tenant_key("efile_messageattachment", "document_id", "efile_document"),
        migrations.RunSQL(GUARD, "DROP TRIGGER closed_is_closed ON efile_messageattachment"),
        application_may(ERASABLE, "efile_messageattachment"),
    ]
