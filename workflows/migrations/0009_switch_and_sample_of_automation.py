"""Automation switched off at once, and the sample a person looks at."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import efile.kernel.ids
from efile.kernel.schema import FULL, application_may, tenant_key


def _key() -> Any:
    return models.UUIDField(default=efile.kernel.ids.uuid7, primary_key=True, serialize=False)


def _to(table: str, **more: Any) -> Any:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=table, **more
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("workflows", "0008_drafts_of_definitions")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="AutomationStop",
            fields=[
                ("id", _key()),
                ("stopped_at", models.DateTimeField()),
                ("stopped_by", models.CharField(max_length=200)),
                ("reason", models.CharField(max_length=300)),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_by", models.CharField(blank=True, default="", max_length=200)),
                ("lifted_because", models.CharField(blank=True, default="", max_length=300)),
                ("service", _to("workflows.service", db_constraint=False)),
                ("tenant", _to("kernel.tenant", db_index=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "id"), name="automation_stop_of_tenant"
                    ),
                    models.UniqueConstraint(
                        condition=Q(lifted_at__isnull=True),
                        fields=("service",),
                        name="automation_is_stopped_once",
                    ),
                    models.CheckConstraint(
                        condition=Q(lifted_at__isnull=True) | Q(lifted_at__gte=F("stopped_at")),
                        name="automation_is_lifted_after_it_was_stopped",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SampledCase",
            fields=[
                ("id", _key()),
                ("service_key", models.SlugField(max_length=60)),
                ("drawn_at", models.DateTimeField()),
                ("proposal", models.CharField(max_length=20)),
                ("decided", models.CharField(blank=True, default="", max_length=20)),
                ("decided_at", models.DateTimeField(null=True)),
                ("case", _to("efile.case", db_constraint=False)),
                ("tenant", _to("kernel.tenant", db_index=False)),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["tenant", "drawn_at"], name="samples_by_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="sampledcase_of_tenant"),
                    models.UniqueConstraint(fields=("case",), name="case_is_sampled_once"),
                    models.CheckConstraint(
                        condition=Q(proposal__in=["granted", "refused"]),
                        name="sampled_proposal_is_known",
                    ),
                ],
            },
        ),
        migrations.AddField("service", "sample_percent", models.SmallIntegerField(null=True)),
        tenant_key("workflows_automationstop", "service_id", "workflows_service"),
        tenant_key("workflows_sampledcase", "case_id", "efile_case"),
        application_may(FULL, "workflows_automationstop", "workflows_sampledcase"),
    ]
