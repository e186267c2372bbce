"""The file plan (Aktenplan): where a file belongs and what that means for its life."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from efile.kernel.models import Tenant


class AccessClass(models.TextChoices):
    """Which secrecy governs a record (§ 35 SGB I, § 30 AO, §§ 61 ff. PStG)."""

    GENERAL = "general"
    SOCIAL = "social"
    TAX = "tax"
    YOUTH = "youth"
    CIVIL_STATUS = "civil_status"
    FOREIGNERS = "foreigners"
    PERSONNEL = "personnel"


class DisposalCode(models.TextChoices):
    """xdomea Aussonderungsart: archive, appraise, destroy."""

    ARCHIVE = "A"
    APPRAISE = "B"
    DESTROY = "V"


class FilePlan(models.Model):
    """One version of a tenant's file plan."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    version = models.IntegerField()
    valid_from = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="file_plan_of_tenant"),
            models.UniqueConstraint(fields=["tenant", "version"], name="file_plan_versions"),
        ]


class FilePlanPosition(models.Model):
    """A node of the plan (Aktenplaneinheit); files lie only below leaves."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    plan = models.ForeignKey(FilePlan, models.PROTECT, related_name="+", db_constraint=False)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    code = models.CharField(max_length=30)
    title = models.CharField(max_length=200)
    is_leaf = models.BooleanField(default=True)
    retention_years = models.IntegerField()
    disposal_code = models.CharField(max_length=1, choices=DisposalCode.choices)
    access_class = models.CharField(max_length=20, choices=AccessClass.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="position_of_tenant"),
            models.UniqueConstraint(fields=["plan", "code"], name="position_code_is_unique"),
            models.CheckConstraint(
                name="position_disposal_is_known",
                condition=Q(disposal_code__in=DisposalCode.values),
            ),
            models.CheckConstraint(
                name="position_class_is_known", condition=Q(access_class__in=AccessClass.values)
            ),
        ]
