"""The office a desk belongs to: what it is called and on which days it works."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from efile.kernel.errors import NotFound
from efile.kernel.models import Tenant
from workflows.calendar import OfficeCalendar, working_days_between
from workflows.case_deadlines import office_calendar


@dataclass(frozen=True, slots=True)
class Office:
    """A tenant as its people see it."""

    name: str
    calendar: OfficeCalendar
    # What stands at the head of its paper (efile.letters).
    letterhead: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, tenant: Tenant) -> "Office":
        """The office of a tenant that is loaded already."""
        return cls(tenant.name, office_calendar(tenant), tenant.letterhead)

    def working_days_left(self, day: date, *, today: date) -> int:
        """How many working days remain until ``day``; negative: so many have passed since."""
        return working_days_between(today, day, self.calendar)


def office_of(tenant_id: int) -> Office:
    """The office of a tenant. One statement. Refuses: NotFound."""
    tenant = Tenant.objects.filter(id=tenant_id).first()
    if tenant is None:
        raise NotFound
    return Office.of(tenant)
