"""Standing matters: what goes on after the decision."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from workflows.models.process import CaseRow


class StandingMatter(CaseRow):
    """A permit, a registration, a place: what a grant brought into the world."""

    kind = models.CharField(max_length=30)
    number = models.CharField(max_length=40)
    service_key = models.SlugField(max_length=60)
    # Keyed hash of the holder's bPK2; empty when the holder did not sign in.
    holder = models.CharField(max_length=64, blank=True, default="")
    data = models.JSONField(default=dict)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    # What the code on the printed permit leads to: random, says nothing, is never reused.
    public_key = models.CharField(max_length=32, blank=True, default="")

    class Meta(CaseRow.Meta):
        constraints: ClassVar = [
            *CaseRow.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "number"], name="matter_number_is_unique"),
            models.CheckConstraint(
                name="matter_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "service_key", "holder"],
                condition=~Q(holder=""),
                name="matters_of_holder",
            ),
            models.Index(
                fields=["public_key"], condition=~Q(public_key=""), name="matters_by_public_key"
            ),
        ]

    @property
    def watched(self) -> list[Any]:
        """What the journal watches of it."""
        return [self.number, self.valid_from, self.valid_to, self.ended_on]
