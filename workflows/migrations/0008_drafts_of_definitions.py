"""Definitions in the making, versions from a day on, inherited ones."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import efile.kernel.ids
from efile.kernel.schema import APPEND_ONLY, FULL, application_may, tenant_key

# Until now every version was in force from the moment it was published.
SINCE_PUBLISHED = """
UPDATE workflows_serviceversion
   SET in_force_from = (published_at AT TIME ZONE 'Europe/Berlin')::date
 WHERE in_force_from IS NULL
"""


def _tenant() -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="kernel.tenant",
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("workflows", "0007_appointments_and_payments")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="service",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="serviceversion",
            name="in_force_from",
            field=models.DateField(null=True),
        ),
        migrations.RunSQL(SINCE_PUBLISHED, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="serviceversion",
            name="in_force_from",
            field=models.DateField(),
        ),
        migrations.AddIndex(
            model_name="serviceversion",
            index=models.Index(fields=["in_force_from", "service"], name="versions_by_first_day"),
        ),
        migrations.CreateModel(
            name="TakenBackVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("tenant", _tenant()),
                (
                    "version",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflows.serviceversion",
                    ),
                ),
                ("taken_back_at", models.DateTimeField()),
                ("taken_back_by", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["tenant", "id"], name="taken_back_version_of_tenant"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="DefinitionDraft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("tenant", _tenant()),
                ("service_key", models.SlugField(max_length=60)),
                ("document", models.TextField()),
                (
                    "based_on",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflows.serviceversion",
                    ),
                ),
                ("revision", models.IntegerField(default=1)),
                ("started_at", models.DateTimeField()),
                ("started_by", models.CharField(max_length=200)),
                ("saved_at", models.DateTimeField()),
                ("saved_by", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["tenant", "id"], name="definition_draft_of_tenant"
                    ),
                    models.UniqueConstraint(
                        fields=["tenant", "service_key"], name="one_definition_draft_per_service"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Inheritance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("tenant", _tenant()),
                ("service_key", models.SlugField(max_length=60)),
                ("upstream_tenant", models.SlugField()),
                ("upstream_key", models.SlugField(max_length=60)),
                ("upstream_number", models.IntegerField()),
                ("base", models.TextField()),
                ("overlay", models.TextField(default="{}")),
                ("revision", models.IntegerField(default=1)),
                ("accepted_at", models.DateTimeField()),
                ("accepted_by", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["tenant", "id"], name="inheritance_of_tenant"),
                    models.UniqueConstraint(
                        fields=["tenant", "service_key"], name="a_service_is_inherited_once"
                    ),
                ]
            },
        ),
        tenant_key("workflows_takenbackversion", "version_id", "workflows_serviceversion"),
        tenant_key("workflows_definitiondraft", "based_on_id", "workflows_serviceversion"),
        application_may(APPEND_ONLY, "workflows_takenbackversion"),
        application_may(FULL, "workflows_definitiondraft", "workflows_inheritance"),
    ]
