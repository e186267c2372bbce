"""Events pushed to the portals."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

import efile.kernel.ids
from efile.kernel.schema import FULL, application_may, tenant_key


def _tenant() -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="kernel.tenant",
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("api", "0003_rights_limits_and_figures_of_clients")]

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="CallbackTarget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("tenant", _tenant()),
                (
                    "client",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="api.portalclient",
                    ),
                ),
                ("source", models.CharField(max_length=270)),
                ("url", models.CharField(max_length=2000)),
                ("secret", models.TextField()),
                ("previous_secret", models.TextField(blank=True, default="")),
                ("previous_until", models.DateTimeField(null=True)),
                ("set_at", models.DateTimeField()),
                ("collected", models.BigIntegerField(default=0)),
                ("paused_by", models.CharField(blank=True, default="", max_length=200)),
                ("failures", models.IntegerField(default=0)),
                ("failed_lane", models.UUIDField(null=True)),
                ("failing_since", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField(null=True)),
                ("open_until", models.DateTimeField(null=True)),
                ("probes", models.IntegerField(default=0)),
                ("last_success_at", models.DateTimeField(null=True)),
                ("last_failure_at", models.DateTimeField(null=True)),
                ("last_failure", models.CharField(blank=True, default="", max_length=40)),
                ("is_late", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["tenant", "id"], name="callback_target_of_tenant"
                    ),
                    models.UniqueConstraint(
                        fields=["tenant", "source"], name="one_callback_target_per_source"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(opened_at__isnull=True, open_until__isnull=True),
                            models.Q(opened_at__isnull=False, open_until__isnull=False),
                            _connector="OR",
                        ),
                        name="an_open_circuit_says_until_when",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="CallbackLane",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("tenant", _tenant()),
                (
                    "target",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="api.callbacktarget",
                    ),
                ),
                ("submission", models.UUIDField()),
                ("delivered", models.BigIntegerField()),
                ("collected", models.BigIntegerField()),
                ("pending", models.IntegerField()),
                ("waiting_since", models.DateTimeField()),
                ("attempts", models.IntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
                ("last_failure", models.CharField(blank=True, default="", max_length=40)),
                ("due_at", models.DateTimeField(null=True)),
                ("given_up_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(given_up_at__isnull=True),
                        fields=["target", "due_at"],
                        name="callback_lanes_due",
                    ),
                    models.Index(fields=["target", "waiting_since"], name="callback_lanes_by_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["tenant", "id"], name="callback_lane_of_tenant"
                    ),
                    models.UniqueConstraint(
                        fields=["target", "submission"], name="one_callback_lane_per_submission"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(due_at__isnull=True, given_up_at__isnull=False),
                            models.Q(due_at__isnull=False, given_up_at__isnull=True),
                            _connector="OR",
                        ),
                        name="a_callback_lane_is_due_or_given_up",
                    ),
                ],
            },
        ),
        tenant_key("api_callbacktarget", "client_id", "api_portalclient", on_delete="CASCADE"),
        tenant_key("api_callbacklane", "target_id", "api_callbacktarget", on_delete="CASCADE"),
        application_may(FULL, "api_callbacktarget", "api_callbacklane"),
    ]
