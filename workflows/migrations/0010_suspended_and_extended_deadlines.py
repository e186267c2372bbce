"""Deadlines that pause, get longer, warn and are told to the head."""

from datetime import UTC, datetime
from typing import ClassVar

from django.db import migrations, models
from django.db.models.deletion import PROTECT

from efile.kernel.ids import uuid7
from efile.kernel.schema import APPEND_ONLY, application_may, tenant_key


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("kernel", "0002_keys_and_rights"),
        ("workflows", "0009_switch_and_sample_of_automation"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="DeadlineList",
            fields=[
                ("id", models.UUIDField(default=uuid7, primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("rows", models.JSONField(default=list)),
                ("sha256", models.CharField(max_length=64)),
                ("signed_at", models.DateTimeField()),
                ("signed_by", models.CharField(max_length=200)),
                ("signer", models.CharField(max_length=200)),
                ("note", models.CharField(blank=True, default="", max_length=300)),
            ],
        ),
        migrations.AddField(
            model_name="deadline",
            name="calendar",
            field=models.CharField(blank=True, default="", max_length=16),
        ),
        migrations.AddField(
            model_name="deadline",
            name="escalate_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="deadline",
            name="escalated_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="deadline",
            name="event",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AddField(
            model_name="deadline",
            name="is_paused",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="deadline",
            name="over_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="deadline",
            name="over_because",
            field=models.CharField(blank=True, default="", max_length=12),
        ),
        migrations.AddField(
            model_name="deadline",
            name="set_at",
            field=models.DateTimeField(default=datetime(2026, 1, 1, tzinfo=UTC)),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="deadline",
            name="set_by",
            field=models.CharField(default="system:founding", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="deadline",
            name="turns",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="deadline",
            name="warn_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="deadline",
            name="warned_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="deadline",
            name="derivation",
            field=models.JSONField(default=list),
        ),
        # What was over before this was noted, on the day it was to end.
        migrations.RunSQL(
            "UPDATE workflows_deadline SET over_at = ends_on, over_because = 'met'"
            " WHERE NOT is_running",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("warn_on__isnull", False)),
                fields=["warn_on"],
                name="deadlines_to_warn",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("escalate_on__isnull", False)),
                fields=["escalate_on"],
                name="deadlines_to_escalate",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(
                    ("is_paused", False), ("is_running", True), ("warned_at__isnull", False)
                ),
                fields=["tenant", "case"],
                name="warned_deadlines",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(
                    ("escalated_at__isnull", False), ("is_paused", False), ("is_running", True)
                ),
                fields=["tenant", "case"],
                name="escalated_deadlines",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(fields=["tenant", "set_at"], name="deadlines_entered"),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("is_paused", False), ("is_running", True)),
                fields=["tenant", "ends_on"],
                name="deadlines_running",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("over_at__isnull", False)),
                fields=["tenant", "over_at"],
                name="deadlines_over",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("is_running", True), models.Q(("calendar", ""), _negated=True)),
                fields=["tenant", "calendar"],
                name="deadlines_by_calendar",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_running", True)),
                fields=("case", "key"),
                name="one_running_deadline",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_running", True), ("over_at__isnull", True)),
                    models.Q(("is_running", False), ("over_at__isnull", False)),
                    _connector="OR",
                ),
                name="deadline_is_over_once_it_does_not_run",
            ),
        ),
        migrations.AddField(
            model_name="deadlinelist",
            name="tenant",
            field=models.ForeignKey(
                db_index=False, on_delete=PROTECT, related_name="+", to="kernel.tenant"
            ),
        ),
        migrations.AddField(
            model_name="deadlinelist",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False, on_delete=PROTECT, related_name="+", to="kernel.unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="deadlinelist",
            constraint=models.UniqueConstraint(
                fields=("tenant", "id"), name="deadline_list_of_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="deadlinelist",
            constraint=models.UniqueConstraint(
                fields=("tenant", "unit", "day"), name="deadline_list_is_signed_once"
            ),
        ),
        tenant_key("workflows_deadlinelist", "unit_id", "kernel_unit"),
        # What was signed stays signed.
        application_may(APPEND_ONLY, "workflows_deadlinelist"),
    ]
