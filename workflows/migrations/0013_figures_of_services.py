"""How long services take, and when the next appointment is free."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models import F, Q

from efile.kernel.schema import FULL, application_may, tenant_key


def _key() -> Any:
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def _tenant() -> Any:
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="kernel.tenant",
    )


def _service() -> Any:
    return models.OneToOneField(
        db_constraint=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="workflows.service",
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("workflows", "0012_further_channels")]

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="ServiceFigures",
            fields=[
                ("id", _key()),
                ("cases", models.IntegerField()),
                ("median_days", models.IntegerField()),
                ("within_days_80", models.IntegerField()),
                ("as_of", models.DateField()),
                ("service", _service()),
                ("tenant", _tenant()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "id"), name="service_figures_of_tenant"
                    ),
                    models.CheckConstraint(
                        condition=Q(cases__gte=5), name="figures_tell_of_no_person"
                    ),
                    models.CheckConstraint(
                        condition=Q(median_days__gte=0, median_days__lte=F("within_days_80")),
                        name="the_middle_is_not_above_four_fifths",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EarliestTime",
            fields=[
                ("id", _key()),
                ("day", models.DateField()),
                ("starts", models.TimeField()),
                ("asked_at", models.DateTimeField()),
                ("service", _service()),
                ("tenant", _tenant()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="earliest_time_of_tenant")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["decided_at"], name="decisions_by_day"),
        ),
        migrations.AddIndex(
            model_name="process",
            index=models.Index(condition=~Q(outcome=""), fields=["done_at"], name="settled_by_day"),
        ),
        migrations.AddIndex(
            model_name="slotday",
            index=models.Index(fields=["tenant", "calendar", "day", "starts"], name="slots_by_day"),
        ),
        tenant_key("workflows_servicefigures", "service_id", "workflows_service"),
        tenant_key("workflows_earliesttime", "service_id", "workflows_service"),
        application_may(FULL, "workflows_servicefigures", "workflows_earliesttime"),
    ]
