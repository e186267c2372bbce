"""What was picked up from FIT-Connect, and what was answered."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models import Q

from efile.kernel.schema import FULL, application_may, tenant_key

STAGES = ["seen", "filed", "refused", "accepted", "rejected", "gone"]


def _id() -> tuple[str, Any]:
    return "id", models.BigAutoField(primary_key=True, serialize=False)


def _tenant() -> tuple[str, Any]:
    return "tenant", models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="kernel.tenant",
    )


def _of_a_submission() -> tuple[str, Any]:
    return "submission", models.ForeignKey(
        db_constraint=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="api.fitconnectsubmission",
    )


def _attempts() -> list[tuple[str, Any]]:
    return [
        ("due_at", models.DateTimeField(null=True)),
        ("attempts", models.IntegerField(default=0)),
        ("failure", models.CharField(blank=True, default="", max_length=60)),
    ]


def _pickup() -> list[tuple[str, Any]]:
    stages = [(stage, stage.title()) for stage in STAGES]
    return [
        _id(),
        _tenant(),
        ("case_id", models.UUIDField()),
        ("stage", models.CharField(choices=stages, default="seen", max_length=10)),
        ("seen_at", models.DateTimeField()),
        *_attempts(),
        ("problems", models.JSONField(default=list)),
        ("answer", models.TextField(blank=True, default="")),
    ]


def _where(column: str, name: str) -> models.Index:
    return models.Index(fields=[column], condition=Q(**{f"{column}__isnull": False}), name=name)


def _unique(name: str, *columns: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=columns, name=name)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("api", "0004_callbacks")]

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="FitConnectSubmission",
            fields=[
                *_pickup(),
                ("destination", models.UUIDField()),
                ("submission_id", models.UUIDField()),
                ("submission", models.UUIDField(null=True)),
                ("reply_channel", models.JSONField(default=dict)),
                ("status_monitor", models.UUIDField(null=True)),
                ("news_at", models.DateTimeField(null=True)),
                ("look_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    _unique("fit_connect_of_tenant", "tenant", "id"),
                    _unique("fit_connect_submission_is_seen_once", "destination", "submission_id"),
                    models.CheckConstraint(
                        name="fit_connect_filed_names_ours",
                        condition=~Q(stage__in=["filed", "accepted"]) | Q(submission__isnull=False),
                    ),
                ],
                "indexes": [
                    _where("due_at", "fit_connect_due"),
                    _where("look_at", "fit_connect_news"),
                    _where("submission", "fit_connect_by_ours"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FitConnectReply",
            fields=[*_pickup(), _of_a_submission(), ("reply_id", models.UUIDField())],
            options={
                "constraints": [
                    _unique("fit_connect_reply_of_tenant", "tenant", "id"),
                    _unique("fit_connect_reply_is_seen_once", "tenant", "reply_id"),
                ],
                "indexes": [_where("due_at", "fit_connect_reply_due")],
            },
        ),
        migrations.CreateModel(
            name="FitConnectNotice",
            fields=[
                _id(),
                _tenant(),
                _of_a_submission(),
                ("kind", models.CharField(max_length=10)),
                ("items", models.JSONField()),
                ("made_at", models.DateTimeField()),
                ("announced_as", models.UUIDField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                *_attempts(),
            ],
            options={
                "constraints": [
                    _unique("fit_connect_notice_of_tenant", "tenant", "id"),
                    models.CheckConstraint(
                        name="fit_connect_notice_kind_is_known",
                        condition=Q(kind__in=["reply", "message", "status"]),
                    ),
                ],
                "indexes": [_where("due_at", "fit_connect_to_tell")],
            },
        ),
        migrations.CreateModel(
            name="FitConnectDestination",
            fields=[
                _id(),
                _tenant(),
                ("destination", models.UUIDField(unique=True)),
                ("heard", models.BigIntegerField(default=0)),
                ("called_at", models.DateTimeField(null=True)),
                ("polled_at", models.DateTimeField(null=True)),
                ("quiet_until", models.DateTimeField(null=True)),
                ("failure", models.CharField(blank=True, default="", max_length=60)),
            ],
            options={"constraints": [_unique("fit_connect_destination_tenant", "tenant", "id")]},
        ),
        tenant_key("api_fitconnectreply", "submission_id", "api_fitconnectsubmission"),
        tenant_key("api_fitconnectnotice", "submission_id", "api_fitconnectsubmission"),
        application_may(
            FULL,
            "api_fitconnectsubmission",
            "api_fitconnectreply",
            "api_fitconnectnotice",
            "api_fitconnectdestination",
        ),
    ]
