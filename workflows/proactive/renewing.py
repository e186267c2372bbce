"""Which matter a case goes on with that an accepted offer opened."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from workflows.models import ProactiveOffer


def renewed_by(case_id: UUID) -> QuerySet[ProactiveOffer, dict[str, Any] | Any]:
    """The ids of the matters that the case renews, as part of a statement."""
    offers = ProactiveOffer.objects.filter(case_id=case_id, matter__isnull=False)
    return offers.values("matter_id")
