"""What stands on: duties of matters, cases linked to them, assessments."""

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.models import PROTECT, F, Q

from efile.kernel.ids import uuid7
from efile.kernel.schema import FULL, application_may, tenant_key

CASE = "efile.case"


def to(target: str, **more: Any) -> Any:
    """A key that the tenant keys below hold in the database."""
    return models.ForeignKey(target, PROTECT, related_name="+", db_constraint=False, **more)


def of_a_case() -> list[tuple[str, Any]]:
    """What every row about a case has."""
    tenant = models.ForeignKey("kernel.tenant", PROTECT, related_name="+", db_index=False)
    return [
        ("id", models.UUIDField(default=uuid7, primary_key=True, serialize=False)),
        ("tenant", tenant),
        ("case", to(CASE)),
    ]


def known(name: str, field: str, *values: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": [*values]}))


def of_tenant(table: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=["tenant", "id"], name=f"{table}_of_tenant")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("workflows", "0004_keys_and_rights_of_desk_and_post")]

    operations: ClassVar = [
        migrations.AddField("decision", "fixes_amount", models.BooleanField(default=False)),
        migrations.AddField("standingmatter", "duties_from", models.DateField(null=True)),
        migrations.AddIndex(
            "standingmatter",
            models.Index(
                fields=["duties_from"],
                condition=Q(duties_from__isnull=False),
                name="matters_with_duties_to_come",
            ),
        ),
        migrations.CreateModel(
            "MatterCase",
            fields=[
                *of_a_case(),
                ("matter", to("workflows.standingmatter")),
                ("effect", models.CharField(max_length=10)),
                ("done_at", models.DateTimeField()),
                ("done_by", models.CharField(max_length=200)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    of_tenant("mattercase"),
                    models.UniqueConstraint(
                        fields=["tenant", "case"],
                        condition=Q(undone_at__isnull=True),
                        name="one_effect_of_a_case",
                    ),
                    known(
                        "matter_effect_is_known",
                        "effect",
                        *("begin", "change", "end", "return", "review", "recover"),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "MatterDuty",
            fields=[
                *of_a_case(),
                ("matter", to("workflows.standingmatter")),
                ("key", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=10)),
                ("period_from", models.DateField()),
                ("period_to", models.DateField()),
                ("due_on", models.DateField()),
                ("remind_on", models.DateField(null=True)),
                ("warn_on", models.DateField(null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
                ("warned_at", models.DateTimeField(null=True)),
                ("office_case", to(CASE, null=True, db_index=False)),
                ("done_by_case", to(CASE, null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("dropped_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    of_tenant("matterduty"),
                    models.UniqueConstraint(
                        fields=["tenant", "matter", "key", "period_from"],
                        name="one_duty_for_each_period",
                    ),
                    known("duty_kind_is_known", "kind", "return", "review"),
                    models.CheckConstraint(
                        name="duty_period_is_sound",
                        condition=Q(period_to__gt=F("period_from")),
                    ),
                ],
                "indexes": [
                    models.Index(
                        fields=["tenant", "due_on"],
                        condition=Q(done_at__isnull=True, dropped_at__isnull=True),
                        name="open_duties",
                    ),
                    models.Index(
                        fields=["remind_on"],
                        condition=Q(remind_on__isnull=False),
                        name="duties_to_remind",
                    ),
                    models.Index(
                        fields=["warn_on"],
                        condition=Q(warn_on__isnull=False),
                        name="duties_to_warn",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "Assessment",
            fields=[
                *of_a_case(),
                ("matter", to("workflows.standingmatter", null=True)),
                ("duty", to("workflows.matterduty", null=True)),
                ("kind", models.CharField(max_length=12)),
                ("interval", models.CharField(max_length=8)),
                ("cents", models.BigIntegerField()),
                ("total_cents", models.BigIntegerField()),
                ("legal_basis", models.CharField(max_length=300)),
                ("lines", models.JSONField(default=list)),
                ("instalments", models.JSONField(default=list)),
                ("from_on", models.DateField()),
                ("to_on", models.DateField(null=True)),
                ("planned_to", models.DateField()),
                ("is_estimated", models.BooleanField(default=False)),
                ("is_in_force", models.BooleanField(default=True)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    of_tenant("assessment"),
                    known(
                        "assessment_kind_is_known",
                        "kind",
                        *("tax", "contribution", "benefit", "recovery"),
                    ),
                    known(
                        "assessment_interval_is_known",
                        "interval",
                        *("once", "month", "quarter", "year"),
                    ),
                ],
                "indexes": [
                    models.Index(
                        fields=["planned_to"],
                        condition=Q(is_in_force=True, to_on__isnull=True),
                        name="assessments_to_go_on",
                    ),
                ],
            },
        ),
        # The office opens cases by itself: a review that is due, a return that nobody handed in.
        migrations.RemoveConstraint("submission", "submission_channel_is_known"),
        migrations.AddConstraint(
            "submission",
            known(
                "submission_channel_is_known",
                "channel",
                *("portal", "counter", "phone", "paper", "visit", "office"),
            ),
        ),
        *[
            tenant_key(f"workflows_{table}", "case_id", "efile_case")
            for table in ("mattercase", "matterduty", "assessment")
        ],
        *[
            tenant_key(f"workflows_{table}", "matter_id", "workflows_standingmatter")
            for table in ("mattercase", "matterduty", "assessment")
        ],
        tenant_key("workflows_matterduty", "office_case_id", "efile_case"),
        tenant_key("workflows_matterduty", "done_by_case_id", "efile_case"),
        tenant_key("workflows_assessment", "duty_id", "workflows_matterduty"),
        application_may(
            FULL, "workflows_mattercase", "workflows_matterduty", "workflows_assessment"
        ),
    ]
