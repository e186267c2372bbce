"""The services of a tenant in the version in force, compiled and at hand; publishing a new one."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from efile.kernel.actors import Actor, system
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict, NotFound
from efile.kernel.events import Event
from efile.kernel.journal import record
from efile.kernel.models import Unit
from efile.kernel.verbs import verb
from efile.models import FilePlanPosition
from workflows import facts
from workflows.catalogue.definition import Definition, compiled
from workflows.models import Service, ServiceVersion, TakenBackVersion

JOB = "services"


@dataclass(frozen=True, slots=True)
class Offer:
    """A service as it is offered right now: the version, its definition, the tenant's basis."""

    version: ServiceVersion
    definition: Definition
    automation_basis: str


class PlaceUnknown(Conflict):
    """The definition names a unit or a file plan position that this tenant does not have."""

    code = "place_unknown"


class DayIsPast(Conflict):
    """A version comes into force today or later: nobody was told of it before."""

    code = "day_is_past"


class AlreadyInForce(Conflict):
    """The day of the version has come: it can be replaced by another one, not taken back."""

    code = "already_in_force"


# Everything about a version but its text, which a process reads once and keeps compiled.
_LOOKED_UP = (
    Service.objects.select_related("current__position", "current__tenant")
    .defer("current__definition")
    .filter(current__isnull=False)
)
_OFFERED = _LOOKED_UP.filter(withdrawn_at__isnull=True)


def current_offer(tenant_id: int, key: str) -> Offer:
    """The service ``key`` in its current version. One statement. Refuses: NotFound.

    A withdrawn service is not offered; neither is one whose first version is still to come.
    """
    service = _OFFERED.filter(tenant_id=tenant_id, key=key).first()
    if service is None or service.current is None:
        raise NotFound
    return Offer(service.current, definition_of(service.current), service.automation_basis)


def current_offers(tenant_id: int) -> list[Offer]:
    """All services that people can apply for, in their current versions, by key. One statement."""
    return _offers(_OFFERED, tenant_id)


def known_offers(tenant_id: int) -> list[Offer]:
    """The same with those that are withdrawn: what cases of the tenant may be about."""
    return _offers(_LOOKED_UP, tenant_id)


def _offers(services: QuerySet[Service], tenant_id: int) -> list[Offer]:
    return [
        Offer(service.current, definition_of(service.current), service.automation_basis)
        for service in services.filter(tenant_id=tenant_id).order_by("key")
        if service.current
    ]


def definition_of(version: ServiceVersion) -> Definition:
    """The compiled definition of ``version``; read from the database once per process."""
    return compiled(version.sha256, lambda: json.loads(version.definition))


def standing_versions(on: date) -> QuerySet[ServiceVersion]:
    """The versions whose day has come ``on`` that day, the one that counts first per service.

    Of two with the same first day the later published one counts.
    """
    return _not_taken_back().filter(in_force_from__lte=on).order_by("-in_force_from", "-number")


def scheduled_versions(on: date) -> QuerySet[ServiceVersion]:
    """The versions whose day comes after ``on``, the nearest first."""
    return _not_taken_back().filter(in_force_from__gt=on).order_by("in_force_from", "number")


def _not_taken_back() -> QuerySet[ServiceVersion]:
    return ServiceVersion.objects.filter(
        ~Exists(TakenBackVersion.objects.filter(version_id=OuterRef("pk")))
    )


@verb
def publish(
    definition: Definition, *, by: Actor, at: datetime, from_on: date | None = None
) -> ServiceVersion:
    """Publish ``definition`` as the next version of its service, in force ``from_on`` (today).

    What is in force on that day anyway is published no second time. Running cases keep their
    version. Rights are the caller's. Refuses: PlaceUnknown, DayIsPast.
    """
    today = local_date(at)
    first_day = from_on or today
    if first_day < today:
        raise DayIsPast(today=today.isoformat())
    service, _ = Service.objects.select_for_update().get_or_create(
        tenant_id=by.tenant_id, key=definition.key
    )
    unit, position = _place(definition, by.tenant_id)
    standing = standing_versions(first_day).filter(service=service).first()
    if standing and (standing.sha256, standing.unit_id, standing.position_id) == (
        definition.sha256,
        unit.pk,
        position.pk,
    ):
        return standing
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
        in_force_from=first_day,
    )
    said = {"service": service.key, "version": version.number, "sha256": version.sha256}
    later = {"from": first_day.isoformat()} if first_day > today else {}
    record(facts.ServicePublished(case_id=None, facts=said | later), by=by, at=at)
    _put_in_force(service, today)
    return version


@verb
def take_back(key: str, number: int, *, by: Actor, at: datetime) -> None:
    """Take back version ``number``, whose day has not come; twice is once.

    Rights are the caller's. Refuses: NotFound, AlreadyInForce.
    """
    service = _locked(key, by)
    version = ServiceVersion.objects.filter(service=service, number=number).first()
    if version is None:
        raise NotFound
    if version.in_force_from <= local_date(at):
        raise AlreadyInForce(version=number)
    _, is_new = TakenBackVersion.objects.get_or_create(
        version=version,
        defaults={
            "tenant_id": by.tenant_id,
            "taken_back_at": at,
            "taken_back_by": by.key,
        },
    )
    if is_new:
        _tell(facts.VersionTakenBack, service, by, at, version=number)


@verb
def withdraw(key: str, *, by: Actor, at: datetime) -> None:
    """Nobody can apply for ``key`` any more, whatever is published; running cases go on.

    Rights are the caller's. Refuses: NotFound.
    """
    service = _locked(key, by)
    if service.withdrawn_at is None:
        service.withdrawn_at = at
        service.save(update_fields=["withdrawn_at"])
        _tell(facts.ServiceWithdrawn, service, by, at)


@verb
def offer_again(key: str, *, by: Actor, at: datetime) -> None:
    """People can apply for ``key`` again, in the version that counts today.

    Rights are the caller's. Refuses: NotFound.
    """
    service = _locked(key, by)
    if service.withdrawn_at is not None:
        service.withdrawn_at = None
        service.save(update_fields=["withdrawn_at"])
        _tell(facts.ServiceOfferedAgain, service, by, at)


def put_due_in_force(*, at: datetime) -> int:
    """Put in force every version whose day has come; how many there were. A job: run at any time.

    One statement where nothing is due, however many services there are.
    """
    counting = standing_versions(local_date(at)).filter(service_id=OuterRef("pk")).values("pk")[:1]
    due = (
        Service.objects.annotate(counting=Subquery(counting))
        .filter(counting__isnull=False)
        .filter(Q(current__isnull=True) | ~Q(current_id=F("counting")))
        .values_list("tenant_id", "key")
    )
    return sum(_come_into_force(key, by=system(tenant, JOB), at=at) for tenant, key in list(due))


@verb
def _come_into_force(key: str, *, by: Actor, at: datetime) -> bool:
    service = _locked(key, by)
    version = _put_in_force(service, local_date(at))
    if version:
        _tell(facts.VersionInForce, service, by, at, version=version.number)
    return version is not None


def _put_in_force(service: Service, on: date) -> ServiceVersion | None:
    """Let ``service`` (locked) have the version that counts ``on`` that day.

    The version, where it was another one before.
    """
    version = standing_versions(on).filter(service=service).first()
    if version is None or service.current_id == version.pk:
        return None
    service.current = version
    service.save(update_fields=["current"])
    return version


def _place(definition: Definition, tenant_id: int) -> tuple[Unit, FilePlanPosition]:
    """The unit and the file plan position that ``definition`` names. Refuses: PlaceUnknown."""
    unit, position = find_place(tenant_id, definition.unit, definition.file.position)
    if unit is None or position is None:
        raise PlaceUnknown(unit=definition.unit, position=definition.file.position)
    return unit, position


def find_place(
    tenant_id: int, unit: str, position: str
) -> tuple[Unit | None, FilePlanPosition | None]:
    """The unit of that key, and the position of that code in the newest file plan; a leaf."""
    codes = FilePlanPosition.objects.filter(tenant_id=tenant_id, code=position, is_leaf=True)
    return (
        Unit.objects.filter(tenant_id=tenant_id, key=unit).first(),
        codes.order_by("-plan__version").first(),
    )


def _locked(key: str, by: Actor) -> Service:
    service = Service.objects.select_for_update().filter(tenant_id=by.tenant_id, key=key).first()
    if service is None:
        raise NotFound
    return service


def _tell(event: type[Event], service: Service, by: Actor, at: datetime, **more: object) -> None:
    record(event(case_id=None, facts={"service": service.key, **more}), by=by, at=at)


@verb
def name_automation_basis(key: str, basis: str, *, by: Actor, at: datetime) -> None:
    """Name the legal basis on which ``key`` may be decided by checks alone; "" withdraws it.

    § 35a VwVfG NRW. Rights are the caller's. Refuses: NotFound.
    """
    service = _locked(key, by)
    before, service.automation_basis = service.automation_basis, basis
    service.save(update_fields=["automation_basis"])
    record(
        facts.AutomationChanged(case_id=None, facts={"service": key, "from": before, "to": basis}),
        by=by,
        at=at,
    )
