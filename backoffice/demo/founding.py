"""Founding Musterstadt: the sample city as rows, its services published, its calendar open."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from backoffice.demo.city import (
    CLOSING_DAYS,
    EMPLOYEES,
    FILE_PLAN,
    TENANT,
    UNITS,
    TenantSettings,
)
from backoffice.demo.houses import LIST, SERVICE_OF_HOUSES, TITLE, houses
from backoffice.demo.streets import STREETS
from efile.kernel.actors import Actor, system
from efile.kernel.models import Membership, Tenant, Unit, User
from efile.models import FilePlan, FilePlanPosition
from workflows.case_deadlines import office_calendar
from workflows.catalogue.loading import load_catalogue
from workflows.models import StreetRange
from workflows.offers import current_offer, definition_of, name_automation_basis, publish
from workflows.slots import lay_out
from workflows.streets import fold
from workflows.waiting.places import set_up

PASSWORD = "musterstadt-demo"  # noqa: S105 - an invented city has no secrets
# § 35a VwVfG NRW: where a definition leaves it to the city, this is what the city has named.
AUTOMATION_BASES: Mapping[str, str] = {
    "resident-parking": (
        "§ 35a VwVfG NRW, § 6a Abs. 5a StVG, Satzung der Stadt Musterstadt vom 12.02.2026"
    ),
    "social-pass": (
        "§ 35a VwVfG NRW, § 7 der Satzung der Stadt Musterstadt über den Sozialpass vom 12.02.2026"
    ),
}
CALENDAR = "bulky-waste"
CAPACITY: Mapping[str, int] = {"standard": 14, "express": 2}
DISTRICTS = tuple(str(number) for number in range(1, 7))
CALENDAR_DAYS = 550
# Appointments to sign in person: an hour each, on the mornings and one afternoon, two desks.
OFFICE = "foreigners-office"
DESKS = 2
OFFICE_HOURS = (8, 9, 10, 11)
LATE_HOURS = (14, 15, 16, 17)
THURSDAY = 3


@transaction.atomic
def found_city(*, at: datetime, settings: TenantSettings = TENANT) -> Tenant:
    """Everything the city needs before the first application; founded twice, it stays as it is."""
    tenant = Tenant.objects.filter(key=settings.key).first()
    if tenant is None:
        tenant = Tenant.objects.create(
            key=settings.key,
            name=settings.name,
            regional_key=settings.regional_key,
            letterhead=dict(settings.letterhead),
            closing_days=[closing.day for closing in CLOSING_DAYS],
        )
        _found_units(tenant)
        _found_people(tenant)
        _found_file_plan(tenant)
        _found_streets(tenant)
    by = system(tenant.pk, "founding")
    offer_services(by, at)
    open_calendars(tenant, at.date())
    open_houses(by, at)
    return tenant


def offer_services(by: Actor, at: datetime) -> None:
    """Publish the shipped definitions and name the bases on which the city decides alone."""
    for definition in load_catalogue():
        publish(definition, by=by, at=at)
    for service, basis in AUTOMATION_BASES.items():
        name_automation_basis(service, basis, by=by, at=at)


def open_houses(by: Actor, at: datetime) -> None:
    """The kindergartens, on the list of the service that gives their places."""
    version = current_offer(by.tenant_id, SERVICE_OF_HOUSES).version
    scope = f"{version.unit_id}:{definition_of(version).access_class}"
    set_up(LIST, TITLE, houses(at.date()), scope=scope, by=by, at=at)


def open_calendars(tenant: Tenant, first: date) -> None:
    """The collection days of bulky waste and the appointments of the foreigners' office."""
    calendar = office_calendar(tenant)
    days = [
        day
        for offset in range(CALENDAR_DAYS)
        if calendar.is_working_day(day := first + timedelta(days=offset))
    ]
    _open_collections(tenant, days)
    _open_office(tenant, days)


def _open_collections(tenant: Tenant, days: Sequence[date]) -> None:
    """Every working day serves two districts, express all."""
    for number, district in enumerate(DISTRICTS):
        rounds = [day for day in days if day.toordinal() % 3 == number % 3]
        for kind, capacity in CAPACITY.items():
            lay_out(
                tenant,
                CALENDAR,
                days=rounds if kind == "standard" else days,
                district=district,
                kind=kind,
                capacity=capacity,
                starts=time(7),
                ends=time(16),
            )


def _open_office(tenant: Tenant, days: Sequence[date]) -> None:
    """An hour for each appointment; on Thursdays in the afternoon, too."""
    for hour in (*OFFICE_HOURS, *LATE_HOURS):
        lay_out(
            tenant,
            OFFICE,
            days=[day for day in days if hour in OFFICE_HOURS or day.weekday() == THURSDAY],
            district="",
            kind="declaration",
            capacity=DESKS,
            starts=time(hour),
            ends=time(hour + 1),
        )


def _found_units(tenant: Tenant) -> None:
    known: dict[str, Unit] = {}
    for unit in UNITS:
        parent = known.get(unit.parent or "")
        row = Unit.objects.create(
            tenant=tenant, parent=parent, key=unit.key, name=unit.name, path=""
        )
        row.path = f"{parent.path if parent else '/'}{row.pk}/"
        row.save(update_fields=["path"])
        known[unit.key] = row


def _found_people(tenant: Tenant) -> None:
    units = {unit.key: unit for unit in Unit.objects.filter(tenant=tenant)}
    password = make_password(PASSWORD)
    for employee in EMPLOYEES:
        user = User.objects.create(
            tenant=tenant,
            username=employee.username,
            display_name=employee.name,
            password=password,
        )
        Membership.objects.bulk_create(
            Membership(
                tenant=tenant,
                user=user,
                unit=units[post.unit],
                role=post.role,
                access_classes=list(post.access_classes),
            )
            for post in employee.posts
        )


def _found_file_plan(tenant: Tenant) -> None:
    plan = FilePlan.objects.create(tenant=tenant, version=1, valid_from=date(2026, 1, 1))
    known: dict[str, FilePlanPosition] = {}
    parents = {position.parent for position in FILE_PLAN}
    for position in FILE_PLAN:
        known[position.code] = FilePlanPosition.objects.create(
            tenant=tenant,
            plan=plan,
            parent=known.get(position.parent or ""),
            code=position.code,
            title=position.title,
            is_leaf=position.code not in parents,
            retention_years=position.retention_years,
            disposal_code=position.disposal_code,
            access_class=position.access_class,
        )


def _found_streets(tenant: Tenant) -> None:
    StreetRange.objects.bulk_create(_stretches(tenant))


def _stretches(tenant: Tenant) -> Iterator[StreetRange]:
    for stretch in STREETS:
        yield StreetRange(
            tenant=tenant,
            street=stretch.street,
            key=fold(stretch.street),
            first=stretch.first,
            last=stretch.last,
            parity=stretch.parity,
            parking_zone=stretch.zone or "",
            waste_district=str(stretch.district),
        )
