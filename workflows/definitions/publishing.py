"""From a draft to what people can apply for: published from a day on, taken back, withdrawn."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.db.models import Count

from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import Invalid
from efile.kernel.verbs import verb
from workflows import offers
from workflows.catalogue.definition import Definition
from workflows.definitions.administrators import names_of, require_administrator
from workflows.definitions.documents import definition_in
from workflows.definitions.drafts import (
    Draft,
    IsInherited,
    find_drafts,
    get_draft,
    taken_draft,
)
from workflows.definitions.validation import validate
from workflows.models import Inheritance, Process, Service, ServiceVersion, TakenBackVersion
from workflows.models.process import AT_WORK
from workflows.offers import definition_of

VersionState = Literal["in_force", "past", "scheduled", "taken_back"]
ServiceState = Literal["offered", "withdrawn", "scheduled", "draft"]


@dataclass(frozen=True, slots=True)
class Published:
    """A version as it was published; not ``is_new`` where the same counts on that day anyway."""

    service: str
    number: int
    from_on: date
    is_in_force: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a service in a list; ``published_by`` is a name, "" for the system."""

    number: int
    sha256: str
    in_force_from: date
    published_at: datetime
    published_by: str
    state: VersionState


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service in the list of administrators, whatever there is of it.

    ``upstream`` is the key of the city that it is inherited from, "" where it is our own;
    ``running`` counts its cases at work.
    """

    key: str
    title: str
    summary: str
    state: ServiceState
    number: int | None
    in_force_from: date | None
    scheduled: tuple[VersionRow, ...]
    draft: Draft | None
    upstream: str
    running: int
    automation_basis: str


def publish_draft(
    service: str, from_on: date, *, revision: int, by: Actor, at: datetime
) -> Published:
    """Publish the draft as it was seen, in force ``from_on``; afterwards there is no draft.

    Everything is looked at before the transaction, its letters rendered. Refuses:
    ActionNotGranted, NotFound, DraftChanged, Invalid (all that is unsound), DayIsPast,
    PlaceUnknown, IsInherited.
    """
    draft = get_draft(service, by=by)
    if draft.revision == revision:  # another one is refused below
        require_sound(draft.document, by=by, at=at)
    return _publish_as_seen(service, from_on, revision=revision, by=by, at=at)


@verb
def _publish_as_seen(
    service: str, from_on: date, *, revision: int, by: Actor, at: datetime
) -> Published:
    row = taken_draft(service, revision=revision, by=by)
    if Inheritance.objects.filter(tenant_id=by.tenant_id, service_key=service).exists():
        raise IsInherited(service=service)
    definition = definition_in(json.loads(row.document))
    published = publish_definition(definition, from_on, by=by, at=at)
    row.delete()
    return published


def require_sound(document: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Refuse with Invalid, naming everything, a document that cannot be published."""
    found = validate(document, tenant_id=by.tenant_id, at=at)
    if found.errors:
        raise Invalid(found.errors)


@verb
def publish_definition(
    definition: Definition, from_on: date, *, by: Actor, at: datetime
) -> Published:
    """``offers.publish`` told as a record. Rights and soundness are the caller's.

    Refuses: DayIsPast, PlaceUnknown.
    """
    versions = ServiceVersion.objects.filter(tenant_id=by.tenant_id, service__key=definition.key)
    before = set(versions.values_list("number", flat=True))
    version = offers.publish(definition, by=by, at=at, from_on=from_on)
    return Published(
        service=definition.key,
        number=version.number,
        from_on=version.in_force_from,
        is_in_force=version.in_force_from <= local_date(at),
        is_new=version.number not in before,
    )


def take_back(service: str, number: int, *, by: Actor, at: datetime) -> None:
    """Take back a version whose day has not come.

    Refuses: ActionNotGranted, NotFound, AlreadyInForce.
    """
    require_administrator(by)
    offers.take_back(service, number, by=by, at=at)


def withdraw_service(service: str, *, by: Actor, at: datetime) -> None:
    """Nobody can apply any more; running cases go on. Refuses: ActionNotGranted, NotFound."""
    require_administrator(by)
    offers.withdraw(service, by=by, at=at)


def offer_again(service: str, *, by: Actor, at: datetime) -> None:
    """People can apply again, in the version that counts today.

    Refuses: ActionNotGranted, NotFound.
    """
    require_administrator(by)
    offers.offer_again(service, by=by, at=at)


def put_due_in_force(*, at: datetime) -> int:
    """The job of ``offers.put_due_in_force``."""
    return offers.put_due_in_force(at=at)


def services_of(*, by: Actor, at: datetime) -> tuple[ServiceRow, ...]:
    """Every service of the tenant: offered, withdrawn, to come, or only a draft yet; by title.

    As many statements for one service as for many. Refuses: ActionNotGranted.
    """
    drafts = {draft.service: draft for draft in find_drafts(by=by)}
    services = {one.key: one for one in Service.objects.filter(tenant_id=by.tenant_id)}
    versions = _versions(by)
    rows_of = _shown([one for group in versions.values() for one in group], by, at)
    upstream = dict(
        Inheritance.objects.filter(tenant_id=by.tenant_id).values_list(
            "service_key", "upstream_tenant"
        )
    )
    running = _running(by)
    rows = [
        _row(
            key,
            services.get(key),
            versions.get(key, []),
            rows_of.get(key, ()),
            drafts.get(key),
            upstream.get(key, ""),
            running.get(key, 0),
        )
        for key in {*services, *drafts, *upstream}
    ]
    return tuple(sorted(rows, key=lambda row: (row.title.lower(), row.key)))


def versions_of(service: str, *, by: Actor, at: datetime) -> tuple[VersionRow, ...]:
    """All versions of ``service``, the newest first; none where there is no such service.

    Refuses: ActionNotGranted.
    """
    require_administrator(by)
    return _shown(_versions(by, service).get(service, []), by, at).get(service, ())


def _versions(by: Actor, service: str = "") -> dict[str, list[ServiceVersion]]:
    """The versions per service, newest first, without their text."""
    found = ServiceVersion.objects.select_related("service").filter(tenant_id=by.tenant_id)
    if service:
        found = found.filter(service__key=service)
    grouped: dict[str, list[ServiceVersion]] = defaultdict(list)
    for version in found.defer("definition").order_by("-number"):
        grouped[version.service.key].append(version)
    return grouped


def _shown(
    versions: Sequence[ServiceVersion], by: Actor, at: datetime
) -> dict[str, tuple[VersionRow, ...]]:
    """The rows of these versions per service, in their order. Two statements."""
    gone = set(
        TakenBackVersion.objects.filter(tenant_id=by.tenant_id).values_list("version_id", flat=True)
    )
    names = names_of({one.published_by for one in versions}, by=by)
    today = local_date(at)
    standing: dict[str, ServiceVersion] = {}
    for one in sorted(versions, key=lambda one: (one.in_force_from, one.number)):
        if one.in_force_from <= today and one.pk not in gone:
            standing[one.service.key] = one
    grouped: dict[str, list[VersionRow]] = defaultdict(list)
    for one in versions:
        state: VersionState = "in_force" if standing.get(one.service.key) == one else "past"
        if one.pk in gone:
            state = "taken_back"
        elif one.in_force_from > today:
            state = "scheduled"
        grouped[one.service.key].append(
            VersionRow(
                number=one.number,
                sha256=one.sha256,
                in_force_from=one.in_force_from,
                published_at=one.published_at,
                published_by=names.get(one.published_by, ""),
                state=state,
            )
        )
    return {key: tuple(rows) for key, rows in grouped.items()}


def _row(
    key: str,
    service: Service | None,
    versions: Sequence[ServiceVersion],
    shown: Sequence[VersionRow],
    draft: Draft | None,
    upstream: str,
    running: int,
) -> ServiceRow:
    scheduled = tuple(row for row in shown if row.state == "scheduled")
    standing = next((row for row in shown if row.state == "in_force"), None)
    newest = standing or next(iter(scheduled), None)
    version = next((one for one in versions if newest and one.number == newest.number), None)
    definition = definition_of(version) if version else None
    state: ServiceState = "draft"
    if service and service.withdrawn_at:
        state = "withdrawn"
    elif newest:
        state = "offered" if standing else "scheduled"
    return ServiceRow(
        key=key,
        title=definition.title.in_("de") if definition else draft.title if draft else key,
        summary=definition.summary.in_("de") if definition else "",
        state=state,
        number=standing.number if standing else None,
        in_force_from=standing.in_force_from if standing else None,
        scheduled=scheduled,
        draft=draft,
        upstream=upstream,
        running=running,
        automation_basis=service.automation_basis if service else "",
    )


def _running(by: Actor) -> dict[str, int]:
    at_work = Process.objects.filter(tenant_id=by.tenant_id, state__in=AT_WORK)
    return dict(at_work.values_list("service_key").annotate(Count("case_id")).order_by())
