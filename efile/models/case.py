"""Case files (Akten) and cases (Vorgänge), and who may see one beside the rule."""

from typing import ClassVar

from django.db import models
from django.db.models import F, GeneratedField, Q
from django.db.models.functions import Cast, Concat
from guardian.models import UserObjectPermissionBase

from efile.kernel.ids import uuid7
from efile.kernel.models import Tenant, Unit, User
from efile.models.file_plan import AccessClass, DisposalCode, FilePlanPosition


class CaseFile(models.Model):
    """A file: everything about one matter, one applicant or one object."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    position = models.ForeignKey(
        FilePlanPosition, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    reference = models.CharField(max_length=60)
    subject = models.CharField(max_length=500)
    # Whose file it is (keyed hash of a bPK2) or what it is about; empty for a file of one case.
    holder = models.CharField(max_length=64, blank=True, default="")
    object_key = models.CharField(max_length=200, blank=True, default="")
    cases = models.IntegerField(default=1)
    opened_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="file_of_tenant"),
            models.UniqueConstraint(
                fields=["tenant", "reference"], name="file_reference_is_unique"
            ),
            models.UniqueConstraint(
                fields=["tenant", "position", "holder"],
                condition=~Q(holder=""),
                name="one_file_per_applicant",
            ),
            models.UniqueConstraint(
                fields=["tenant", "position", "object_key"],
                condition=~Q(object_key=""),
                name="one_file_per_object",
            ),
        ]
        # Its keys are time-ordered: the newest files of a position without sorting.
        indexes: ClassVar = [models.Index(fields=["position", "id"], name="files_of_position")]


class Case(models.Model):
    """A case: one transaction inside a file, the smallest unit that is closed."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    case_file = models.ForeignKey(
        CaseFile, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    number = models.IntegerField()
    reference = models.CharField(max_length=70)
    subject = models.CharField(max_length=500)
    # The applicant's name as lists show it; parties hold the authoritative one.
    applicant = models.CharField(max_length=610, blank=True, default="")
    lead_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    access_class = models.CharField(max_length=20, choices=AccessClass.choices)
    # What the permission predicate compares: one column, one index, no join.
    scope: GeneratedField = GeneratedField(
        expression=Concat(
            Cast(F("lead_unit_id"), models.TextField()), models.Value(":"), F("access_class")
        ),
        output_field=models.CharField(max_length=40),
        db_persist=True,
    )
    # Receipt is the moment of arrival at the authority, opening that of filing.
    received_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    retention_years = models.IntegerField()
    disposal_code = models.CharField(max_length=1, choices=DisposalCode.choices)
    # From closing: kept to the end of this day, disposable from the next (31 December).
    retained_until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="case_of_tenant"),
            models.UniqueConstraint(fields=["tenant", "id", "scope"], name="case_with_scope"),
            models.UniqueConstraint(
                fields=["tenant", "reference"], name="case_reference_is_unique"
            ),
            models.UniqueConstraint(fields=["case_file", "number"], name="case_number_in_file"),
            models.CheckConstraint(
                name="case_class_is_known", condition=Q(access_class__in=AccessClass.values)
            ),
            models.CheckConstraint(
                name="retention_starts_with_closing",
                condition=Q(closed_at__isnull=True, retained_until__isnull=True)
                | Q(closed_at__isnull=False, retained_until__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            # Counting what somebody sees costs what they see, not what there is.
            models.Index(fields=["scope", "case_file"], name="cases_of_scope"),
            models.Index(
                fields=["scope", "reference", "id"],
                condition=Q(closed_at__isnull=True),
                name="open_cases_by_reference",
            ),
        ]

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class CaseGrant(UserObjectPermissionBase):
    """A single case shared with one person beside the rule, for a time and a reason."""

    id = models.BigAutoField(primary_key=True)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_constraint=False)
    content_object = models.ForeignKey(
        Case, models.CASCADE, related_name="grants", db_constraint=False
    )
    reason = models.CharField(max_length=300)
    until = models.DateTimeField()
    granted_by = models.CharField(max_length=200)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False


class CaseDenial(models.Model):
    """One named colleague does not see this case (bias, §§ 20, 21 VwVfG NRW)."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+", db_constraint=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_constraint=False)
    reason = models.CharField(max_length=300)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "user", "case"], name="one_denial_each")
        ]
