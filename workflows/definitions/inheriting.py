"""Definitions that a city has from another one: taken over, overlaid, brought up to date or not."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from efile.kernel.actors import Actor
from efile.kernel.errors import Invalid, NotFound
from efile.kernel.journal import record
from efile.kernel.models import Tenant
from efile.kernel.verbs import verb
from workflows import facts
from workflows.catalogue.definition import Definition
from workflows.catalogue.pointers import follow
from workflows.definitions.administrators import names_of, require_administrator
from workflows.definitions.differences import Difference, differences
from workflows.definitions.documents import Document, definition_in, document_of
from workflows.definitions.drafts import DraftChanged, DraftExists, ServiceExists
from workflows.definitions.overlays import faults_of_overlay, merged, speaks_of
from workflows.definitions.publishing import Published, publish_definition, require_sound
from workflows.models import DefinitionDraft, Inheritance, Service, ServiceVersion
from workflows.offers import definition_of


@dataclass(frozen=True, slots=True)
class Inheritable:
    """A definition that another city has in force, and so can be taken over."""

    tenant: str
    city: str
    key: str
    title: str
    number: int
    sha256: str


@dataclass(frozen=True, slots=True)
class UpstreamRow:
    """One thing that upstream changed; ``own`` is what our overlay says there instead.

    ``clashes``: both changed it, and ours goes on counting unless the overlay is changed.
    """

    difference: Difference
    own: Any
    clashes: bool


@dataclass(frozen=True, slots=True)
class UpstreamChange:
    """A newer version upstream, row by row, and what our definition would be with it."""

    number: int
    in_force_from: date
    rows: tuple[UpstreamRow, ...]
    document: Document


@dataclass(frozen=True, slots=True)
class Inherited:
    """A service inherited from ``tenant`` in its version ``number``.

    ``document`` is ``base`` with ``overlay`` on top: what is published. ``upstream`` is there
    where a newer version waits to be accepted.
    """

    service: str
    tenant: str
    city: str
    number: int
    revision: int
    base: Document
    overlay: Mapping[str, Any]
    document: Document
    upstream: UpstreamChange | None


def inheritable(*, by: Actor) -> tuple[Inheritable, ...]:
    """What other cities offer at present, by city and title; nothing else of them is told.

    Refuses: ActionNotGranted.
    """
    require_administrator(by)
    services = (
        Service.objects.exclude(tenant_id=by.tenant_id)
        .filter(current__isnull=False, withdrawn_at__isnull=True)
        .select_related("tenant", "current")
        .defer("current__definition")
    )
    found = [
        Inheritable(
            tenant=service.tenant.key,
            city=service.tenant.name,
            key=service.key,
            title=definition_of(service.current).title.in_("de"),
            number=service.current.number,
            sha256=service.current.sha256,
        )
        for service in services
        if service.current
    ]
    return tuple(sorted(found, key=lambda one: (one.city, one.title.lower())))


def find_inherited(*, by: Actor) -> tuple[Inherited, ...]:
    """Every service that the tenant inherits, by key. Refuses: ActionNotGranted."""
    require_administrator(by)
    rows = Inheritance.objects.filter(tenant_id=by.tenant_id).order_by("service_key")
    return tuple(_shown(row) for row in rows)


def get_inherited(service: str, *, by: Actor) -> Inherited:
    """The inherited ``service``. Refuses: ActionNotGranted, NotFound."""
    require_administrator(by)
    return _shown(_found(service, by))


def upstream_change(service: str, *, by: Actor) -> UpstreamChange | None:
    """What upstream has in force beyond what was taken over; None where that is up to date.

    Refuses: ActionNotGranted, NotFound.
    """
    return get_inherited(service, by=by).upstream


@verb
def inherit(tenant: str, key: str, *, by: Actor, at: datetime) -> Inherited:
    """Take over the definition that ``tenant`` has in force as ``key``; nothing is published yet.

    Refuses: ActionNotGranted, NotFound, ServiceExists, DraftExists.
    """
    require_administrator(by)
    version = _upstream(tenant, key)
    if version is None or version.tenant_id == by.tenant_id:
        raise NotFound
    if ServiceVersion.objects.filter(tenant_id=by.tenant_id, service__key=key).exists():
        raise ServiceExists(service=key)
    if DefinitionDraft.objects.filter(tenant_id=by.tenant_id, service_key=key).exists():
        raise DraftExists(service=key)
    row, is_new = Inheritance.objects.get_or_create(
        tenant_id=by.tenant_id,
        service_key=key,
        defaults={
            "upstream_tenant": tenant,
            "upstream_key": key,
            "upstream_number": version.number,
            "base": version.definition,
            "accepted_at": at,
            "accepted_by": by.key,
        },
    )
    if not is_new:
        raise ServiceExists(service=key)
    _tell(row, "begun", by, at)
    return _shown(row)


@verb
def set_overlay(
    service: str, overlay: Mapping[str, Any], *, revision: int, by: Actor, at: datetime
) -> Inherited:
    """Let ``overlay`` be what is our own; publishing it is another step.

    Refuses: ActionNotGranted, NotFound, DraftChanged, Invalid (overlay_not_allowed).
    """
    row = _locked(service, revision, by)
    if faults := faults_of_overlay(overlay):
        raise Invalid(faults)
    row.overlay = json.dumps(overlay, ensure_ascii=False)
    row.revision += 1
    row.save(update_fields=["overlay", "revision"])
    _tell(row, "overlay", by, at)
    return _shown(row)


def publish_inherited(
    service: str, from_on: date, *, revision: int, by: Actor, at: datetime
) -> Published:
    """Publish what was taken over with our overlay, in force ``from_on``.

    Refuses: ActionNotGranted, NotFound, DraftChanged, Invalid (all that is unsound), DayIsPast,
    PlaceUnknown.
    """
    inherited = get_inherited(service, by=by)
    if inherited.revision == revision:  # another one is refused below
        require_sound(inherited.document, by=by, at=at)
    return _publish(service, from_on, revision, by=by, at=at)


@verb
def _publish(service: str, from_on: date, revision: int, *, by: Actor, at: datetime) -> Published:
    row = _locked(service, revision, by)
    definition = definition_in(_shown(row).document)
    return publish_definition(definition, from_on, by=by, at=at)


def accept_upstream(
    service: str, number: int, from_on: date, *, revision: int, by: Actor, at: datetime
) -> Published:
    """Take over version ``number`` of upstream under our overlay, and publish it.

    Refuses: as ``publish_inherited``; NotFound where upstream has another one in force by now.
    """
    change = upstream_change(service, by=by)
    if change is None or change.number != number:
        raise NotFound
    if get_inherited(service, by=by).revision == revision:
        require_sound(change.document, by=by, at=at)
    return _accept(service, number, from_on, revision, by=by, at=at)


@verb
def _accept(
    service: str, number: int, from_on: date, revision: int, *, by: Actor, at: datetime
) -> Published:
    row = _locked(service, revision, by)
    version = _upstream(row.upstream_tenant, row.upstream_key)
    if version is None or version.number != number:
        raise NotFound
    row.base, row.upstream_number = version.definition, number
    row.accepted_at, row.accepted_by = at, by.key
    row.revision += 1
    row.save(update_fields=["base", "upstream_number", "accepted_at", "accepted_by", "revision"])
    _tell(row, "accepted", by, at)
    return publish_definition(definition_in(_shown(row).document), from_on, by=by, at=at)


@verb
def let_go(service: str, *, revision: int, by: Actor, at: datetime) -> None:
    """From now on the definition is our own: upstream is followed no longer.

    What was published stays; a draft can be begun from it. Refuses: ActionNotGranted, NotFound,
    DraftChanged.
    """
    row = _locked(service, revision, by)
    _tell(row, "let_go", by, at)
    row.delete()


def _shown(row: Inheritance) -> Inherited:
    base = _document(row.base)
    overlay = json.loads(row.overlay)
    city = Tenant.objects.filter(key=row.upstream_tenant).values_list("name", flat=True).first()
    return Inherited(
        service=row.service_key,
        tenant=row.upstream_tenant,
        city=city or row.upstream_tenant,
        number=row.upstream_number,
        revision=row.revision,
        base=base,
        overlay=overlay,
        document=merged(base, overlay),
        upstream=_change(row, base, overlay),
    )


def _change(row: Inheritance, base: Document, overlay: Mapping[str, Any]) -> UpstreamChange | None:
    version = _upstream(row.upstream_tenant, row.upstream_key)
    if version is None or version.number == row.upstream_number:
        return None
    now = document_of(definition_of(version))
    return UpstreamChange(
        number=version.number,
        in_force_from=version.in_force_from,
        rows=tuple(
            UpstreamRow(one, follow(overlay, one.pointer), clashes=speaks_of(overlay, one.pointer))
            for one in differences(base, now)
        ),
        document=merged(now, overlay),
    )


def _document(text: str) -> Document:
    return document_of(Definition.from_json(json.loads(text)))


def _upstream(tenant: str, key: str) -> ServiceVersion | None:
    """What the other city has in force: the one thing that one tenant may read of another.

    A definition is public anyway (``GET services``): no case, person or file is reached from here.
    """
    service = (
        Service.objects.select_related("current")
        .filter(tenant__key=tenant, key=key, current__isnull=False)
        .first()
    )
    return service.current if service else None


def _found(service: str, by: Actor) -> Inheritance:
    row = Inheritance.objects.filter(tenant_id=by.tenant_id, service_key=service).first()
    if row is None:
        raise NotFound
    return row


def _locked(service: str, revision: int, by: Actor) -> Inheritance:
    require_administrator(by)
    row = (
        Inheritance.objects.select_for_update()
        .filter(tenant_id=by.tenant_id, service_key=service)
        .first()
    )
    if row is None:
        raise NotFound
    if row.revision != revision:
        saved_by = names_of([row.accepted_by], by=by).get(row.accepted_by, "")
        raise DraftChanged(saved_by=saved_by, revision=row.revision)
    return row


def _tell(row: Inheritance, what: str, by: Actor, at: datetime) -> None:
    said = {
        "service": row.service_key,
        "from": f"{row.upstream_tenant}/{row.upstream_key}/{row.upstream_number}",
        "what": what,
    }
    record(facts.DefinitionInherited(case_id=None, facts=said), by=by, at=at)
