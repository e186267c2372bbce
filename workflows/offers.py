"""The services of a tenant in the version in force, compiled and at hand; publishing a new one."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from efile.kernel.actors import Actor
from efile.kernel.errors import Conflict, NotFound
from efile.kernel.journal import record
from efile.kernel.models import Unit
from efile.kernel.verbs import verb
from efile.models import FilePlanPosition
from workflows import facts
from workflows.catalogue.definition import Definition, compiled
from workflows.models import Service, ServiceVersion


@dataclass(frozen=True, slots=True)
class Offer:
    """A service as it is offered right now: the version, its definition, the tenant's basis."""

    version: ServiceVersion
    definition: Definition
    automation_basis: str


class PlaceUnknown(Conflict):
    """The definition names a unit or a file plan position that this tenant does not have."""

    code = "place_unknown"


# Everything about a version but its text, which a process reads once and keeps compiled.
_LOOKED_UP = Service.objects.select_related("current__position", "current__tenant").defer(
    "current__definition"
)


def current_offer(tenant_id: int, key: str) -> Offer:
    """The service ``key`` in its current version. One statement. Refuses: NotFound."""
    service = _LOOKED_UP.filter(tenant_id=tenant_id, key=key, current__isnull=False).first()
    if service is None or service.current is None:
        raise NotFound
    return Offer(service.current, definition_of(service.current), service.automation_basis)


def current_offers(tenant_id: int) -> list[Offer]:
    """All services of the tenant in their current versions, by key. One statement."""
    services = _LOOKED_UP.filter(tenant_id=tenant_id, current__isnull=False).order_by("key")
    return [
        Offer(service.current, definition_of(service.current), service.automation_basis)
        for service in services
        if service.current
    ]


def definition_of(version: ServiceVersion) -> Definition:
    """The compiled definition of ``version``; read from the database once per process."""
    return compiled(version.sha256, lambda: json.loads(version.definition))


@verb
def publish(definition: Definition, *, by: Actor, at: datetime) -> ServiceVersion:
    """Put ``definition`` in force as the next version of its service.

    The same definition again changes nothing. Running cases keep their version.
    Refuses: PlaceUnknown.
    """
    service, _ = Service.objects.select_for_update().get_or_create(
        tenant_id=by.tenant_id, key=definition.key
    )
    current = service.current
    unit = Unit.objects.filter(tenant_id=by.tenant_id, key=definition.unit).first()
    position = (
        FilePlanPosition.objects.filter(
            tenant_id=by.tenant_id, code=definition.file.position, is_leaf=True
        )
        .order_by("-plan__version")
        .first()
    )
    if unit is None or position is None:
        raise PlaceUnknown(unit=definition.unit, position=definition.file.position)
    if (
        current
        and current.sha256 == definition.sha256
        and (current.unit_id, current.position_id) == (unit.pk, position.pk)
    ):
        return current
    last = ServiceVersion.objects.filter(service=service).aggregate(n=Max("number"))["n"] or 0
    version = ServiceVersion.objects.create(
        tenant_id=by.tenant_id,
        service=service,
        number=last + 1,
        definition=definition.canonical.decode(),
        sha256=definition.sha256,
        unit=unit,
        position=position,
        published_at=at,
        published_by=by.key,
    )
    service.current = version
    service.save(update_fields=["current"])
    record(
        facts.ServicePublished(
            case_id=None,
            facts={
                "service": service.key,
                "version": version.number,
                "sha256": version.sha256,
            },
        ),
        by=by,
        at=at,
    )
    return version


@verb
def name_automation_basis(key: str, basis: str, *, by: Actor, at: datetime) -> None:
    """Name the legal basis on which ``key`` may be decided by checks alone; "" withdraws it.

    § 35a VwVfG NRW. Rights are the caller's. Refuses: NotFound.
    """
    service = Service.objects.select_for_update().filter(tenant_id=by.tenant_id, key=key).first()
    if service is None:
        raise NotFound
    before, service.automation_basis = service.automation_basis, basis
    service.save(update_fields=["automation_basis"])
    record(
        facts.AutomationChanged(case_id=None, facts={"service": key, "from": before, "to": basis}),
        by=by,
        at=at,
    )
