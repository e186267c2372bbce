"""Where a service can belong: the units and the file plan positions of the administrator's city."""

from dataclasses import dataclass

from efile.kernel.actors import Actor
from efile.kernel.models import Unit
from efile.models import FilePlan, FilePlanPosition
from workflows.definitions.administrators import require_administrator


@dataclass(frozen=True, slots=True)
class PlanPlace:
    """A position that files can lie below, with the retention that the file plan suggests."""

    code: str
    title: str
    retention_years: int
    disposal_code: str
    access_class: str


@dataclass(frozen=True, slots=True)
class Places:
    """``units`` are key and name, in the order of the tree; ``positions`` by code."""

    units: tuple[tuple[str, str], ...]
    positions: tuple[PlanPlace, ...]


def places(*, by: Actor) -> Places:
    """Every unit and every leaf of the newest file plan. Refuses: ActionNotGranted."""
    require_administrator(by)
    units = Unit.objects.filter(tenant_id=by.tenant_id).order_by("path")
    newest = FilePlan.objects.filter(tenant_id=by.tenant_id).order_by("-version").values("id")[:1]
    leaves = FilePlanPosition.objects.filter(plan_id__in=newest, is_leaf=True)
    found = [
        PlanPlace(one.code, one.title, one.retention_years, one.disposal_code, one.access_class)
        for one in leaves
    ]
    found.sort(
        key=lambda one: [int(part) if part.isdecimal() else 0 for part in one.code.split(".")]
    )
    return Places(tuple(units.values_list("key", "name")), tuple(found))
