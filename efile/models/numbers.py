"""Where the last number of each series is kept."""

from typing import ClassVar

from django.db import models

from efile.kernel.models import Tenant


class NumberScope(models.Model):
    """A gapless series: a file plan position in a year, the permits of a kind."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    series = models.CharField(max_length=80)
    last = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "series"], name="one_counter_per_series")
        ]
