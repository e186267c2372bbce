"""Drafts of definitions: begun, changed by several people, discarded; one per service."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict, FieldError, Invalid, NotFound
from efile.kernel.journal import record
from efile.kernel.models import Unit
from efile.kernel.verbs import verb
from efile.models import FilePlanPosition
from workflows import facts
from workflows.catalogue.forms import FormValidator
from workflows.catalogue.loading import definition_schema, parse
from workflows.catalogue.source import MAX_CHARACTERS
from workflows.definitions import documents
from workflows.definitions.administrators import names_of, require_administrator
from workflows.definitions.documents import Document
from workflows.definitions.yaml_text import as_yaml
from workflows.models import DefinitionDraft, Inheritance, ServiceVersion
from workflows.offers import definition_of, standing_versions

LONGEST_KEY: Final = 60
LONGEST_TITLE: Final = 120
# Whatever can be stored: no half characters, no infinities, not nested without end.
_STORABLE: Final = FormValidator({})


class DraftExists(Conflict):
    """The service is being worked on already (``saved_by``); there is one draft per service."""

    code = "draft_exists"


class DraftChanged(Conflict):
    """Somebody (``saved_by``) changed the draft since it was shown."""

    code = "draft_changed"


class ServiceExists(Conflict):
    """There is a service of that name already."""

    code = "service_exists"


class IsInherited(Conflict):
    """The definition is another city's: what differs here is its overlay."""

    code = "is_inherited"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it stands: ``based_on`` is the number of the version that it began from.

    ``saved_by`` is the name of whoever changed it last.
    """

    service: str
    document: Document
    based_on: int | None
    revision: int
    started_at: datetime
    saved_at: datetime
    saved_by: str

    @property
    def title(self) -> str:
        """The German title; the service's key where there is none."""
        title = self.document.get("title")
        return str(title["de"]) if isinstance(title, dict) and title.get("de") else self.service


def find_drafts(*, by: Actor) -> tuple[Draft, ...]:
    """Every draft of the tenant, the one changed last first. Refuses: ActionNotGranted."""
    require_administrator(by)
    rows = list(_drafts(by).order_by("-saved_at", "service_key"))
    names = names_of((row.saved_by for row in rows), by=by)
    return tuple(_shown(row, names) for row in rows)


def find_draft(service: str, *, by: Actor) -> Draft | None:
    """The draft of ``service``, if there is one. Refuses: ActionNotGranted."""
    require_administrator(by)
    row = _drafts(by).filter(service_key=service).first()
    return row and _shown(row, names_of([row.saved_by], by=by))


def get_draft(service: str, *, by: Actor) -> Draft:
    """The draft of ``service``. Refuses: ActionNotGranted, NotFound."""
    draft = find_draft(service, by=by)
    if draft is None:
        raise NotFound
    return draft


@verb
def start_new(
    service: str, title: str, *, by: Actor, at: datetime, unit: str = "", position: str = ""
) -> Draft:
    """Begin a service from nothing: the skeleton of ``catalogue/shared/skeleton.yaml``.

    Unit and position are those of what the city published last, unless said. Refuses:
    ActionNotGranted, Invalid (/service, /title), ServiceExists, DraftExists, IsInherited.
    """
    require_administrator(by)
    service, title = service.strip(), title.strip()
    _require_names(service, title)
    if ServiceVersion.objects.filter(tenant_id=by.tenant_id, service__key=service).exists():
        raise ServiceExists(service=service)
    unit, position = unit or _usual_unit(by), position or _usual_position(by)
    document = documents.skeleton(
        service, title, unit=unit, position=position, remedy=_usual_remedy(by, at)
    )
    return _start(service, document, None, by, at)


@verb
def start_from_version(
    service: str, number: int | None = None, *, by: Actor, at: datetime
) -> Draft:
    """Begin from version ``number``, unless said from the one that counts today.

    Refuses: ActionNotGranted, NotFound, DraftExists, IsInherited.
    """
    require_administrator(by)
    version = get_version(service, number, by=by, at=at)
    return _start(service, documents.document_of(definition_of(version)), version, by, at)


@verb
def import_draft(
    text: str, *, source: str, by: Actor, at: datetime, revision: int | None = None
) -> Draft:
    """Take over the YAML ``text`` as a draft, or in place of the draft seen at ``revision``.

    Refuses: ActionNotGranted, Invalid (every problem, with file and line among its facts),
    DraftExists, DraftChanged, IsInherited.
    """
    require_administrator(by)
    document = documents.document_of(parse(text, source=source))
    service = document["key"]
    _require_names(service, document["title"]["de"])
    row = _drafts(by).select_for_update(of=("self",)).filter(service_key=service).first()
    if row is not None and revision is not None:
        return _save(row, document, revision, by, at, "imported")
    versions = ServiceVersion.objects.filter(tenant_id=by.tenant_id, service__key=service)
    based_on = versions.order_by("-number").first()
    return _start(service, document, based_on, by, at)


@verb
def change_draft(
    service: str, pointer: str, value: Any, *, revision: int, by: Actor, at: datetime
) -> Draft:
    """Put ``value`` at ``pointer``, or take away what is there (``REMOVE``).

    What stands there need not be sound. Refuses: ActionNotGranted, NotFound, DraftChanged,
    Invalid (pointer_unknown, const for another key, what cannot be stored).
    """
    row = _locked(service, by)
    changed = documents.changed(json.loads(row.document), pointer, value)
    return _save(row, changed, revision, by, at, pointer)


@verb
def replace_draft(
    service: str, document: Mapping[str, Any], *, revision: int, by: Actor, at: datetime
) -> Draft:
    """Put ``document`` in place of the draft. Refuses: as ``change_draft``."""
    return _save(_locked(service, by), dict(document), revision, by, at, "")


@verb
def discard_draft(service: str, *, revision: int, by: Actor, at: datetime) -> None:
    """Throw the draft away. Refuses: ActionNotGranted, NotFound, DraftChanged."""
    row = _locked(service, by)
    require_seen(row, revision, by)
    row.delete()
    _tell(service, row.revision, "discarded", by, at)


def export_draft(service: str, *, by: Actor) -> str:
    """The draft as YAML. Refuses: ActionNotGranted, NotFound."""
    return as_yaml(get_draft(service, by=by).document)


def export_version(service: str, number: int | None = None, *, by: Actor, at: datetime) -> str:
    """A version as YAML, unless said the one that counts today: it reads back to the same digest.

    Refuses: ActionNotGranted, NotFound.
    """
    return as_yaml(version_document(service, number, by=by, at=at))


def version_document(
    service: str, number: int | None = None, *, by: Actor, at: datetime
) -> Document:
    """A version as a document. Refuses: ActionNotGranted, NotFound."""
    require_administrator(by)
    return documents.document_of(definition_of(get_version(service, number, by=by, at=at)))


def get_version(service: str, number: int | None, *, by: Actor, at: datetime) -> ServiceVersion:
    """The version of that number, without one that which counts today. Refuses: NotFound."""
    if number is None:
        versions = standing_versions(local_date(at))
    else:
        versions = ServiceVersion.objects.filter(number=number)
    found = versions.filter(tenant_id=by.tenant_id, service__key=service).first()
    if found is None:
        raise NotFound
    return found


def taken_draft(service: str, *, revision: int, by: Actor) -> DefinitionDraft:
    """The draft, locked, as it was seen: for the verb that makes a version of it.

    Refuses: ActionNotGranted, NotFound, DraftChanged.
    """
    row = _locked(service, by)
    require_seen(row, revision, by)
    return row


def require_seen(row: DefinitionDraft, revision: int, by: Actor) -> None:
    """Refuse with DraftChanged where somebody changed ``row`` since ``revision``."""
    if row.revision != revision:
        saved_by = names_of([row.saved_by], by=by).get(row.saved_by, "")
        raise DraftChanged(saved_by=saved_by, revision=row.revision)


def _drafts(by: Actor) -> Any:
    return DefinitionDraft.objects.select_related("based_on").filter(tenant_id=by.tenant_id)


def _locked(service: str, by: Actor) -> DefinitionDraft:
    require_administrator(by)
    row: DefinitionDraft | None = (
        _drafts(by).select_for_update(of=("self",)).filter(service_key=service).first()
    )
    if row is None:
        raise NotFound
    return row


def _start(
    service: str, document: Document, version: ServiceVersion | None, by: Actor, at: datetime
) -> Draft:
    if Inheritance.objects.filter(tenant_id=by.tenant_id, service_key=service).exists():
        raise IsInherited(service=service)
    row, is_new = DefinitionDraft.objects.get_or_create(
        tenant_id=by.tenant_id,
        service_key=service,
        defaults={
            "document": documents.as_text(document),
            "based_on": version,
            "started_at": at,
            "started_by": by.key,
            "saved_at": at,
            "saved_by": by.key,
        },
    )
    names = names_of([row.saved_by], by=by)
    if not is_new:
        raise DraftExists(service=service, saved_by=names.get(row.saved_by, ""))
    _tell(service, row.revision, "started", by, at)
    return _shown(row, names)


def _save(
    row: DefinitionDraft, document: Document, revision: int, by: Actor, at: datetime, what: str
) -> Draft:
    require_seen(row, revision, by)
    _require_storable(document, row.service_key)
    row.document = documents.as_text(document)
    row.revision += 1
    row.saved_at, row.saved_by = at, by.key
    row.save(update_fields=["document", "revision", "saved_at", "saved_by"])
    _tell(row.service_key, row.revision, what or "changed", by, at)
    return _shown(row, names_of([by.key], by=by))


def _require_storable(document: Document, service: str) -> None:
    faults = _STORABLE.errors(document, "")
    if not faults and len(documents.as_text(document)) > MAX_CHARACTERS:
        faults = [FieldError("", "yaml_too_large", {"limit": MAX_CHARACTERS})]
    if document.get("key") != service:
        faults.append(FieldError("/key", "const", {"allowed": [service]}))
    if faults:
        raise Invalid(faults)


def _require_names(service: str, title: str) -> None:
    key = FormValidator({**definition_schema()["$defs"]["key"], "maxLength": LONGEST_KEY})
    faults = key.errors(service, "/service")
    if not title:
        faults.append(FieldError("/title", "required"))
    elif len(title) > LONGEST_TITLE:
        faults.append(FieldError("/title", "max_length", {"limit": LONGEST_TITLE}))
    if faults:
        raise Invalid(faults)


def _usual_unit(by: Actor) -> str:
    versions = ServiceVersion.objects.filter(tenant_id=by.tenant_id).order_by("-published_at")
    units = Unit.objects.filter(tenant_id=by.tenant_id).order_by("path")
    found = versions.values_list("unit__key", flat=True).first()
    return found or units.values_list("key", flat=True).last() or "unit"


def _usual_position(by: Actor) -> str:
    versions = ServiceVersion.objects.filter(tenant_id=by.tenant_id).order_by("-published_at")
    leaves = FilePlanPosition.objects.filter(tenant_id=by.tenant_id, is_leaf=True).order_by("code")
    found = versions.values_list("position__code", flat=True).first()
    return found or leaves.values_list("code", flat=True).first() or "0"


def _usual_remedy(by: Actor, at: datetime) -> Mapping[str, Any] | None:
    """The remedy of another service here that is a plain action: the court of the city's seat."""
    for version in standing_versions(local_date(at)).filter(tenant_id=by.tenant_id):
        definition = definition_of(version)
        if (definition.remedy.kind, definition.remedy.regime) == ("action", "VwVfG"):
            remedy: Mapping[str, Any] = documents.document_of(definition)["remedy"]
            return remedy
    return None


def _shown(row: DefinitionDraft, names: Mapping[str, str]) -> Draft:
    return Draft(
        service=row.service_key,
        document=json.loads(row.document),
        based_on=row.based_on.number if row.based_on else None,
        revision=row.revision,
        started_at=row.started_at,
        saved_at=row.saved_at,
        saved_by=names.get(row.saved_by, ""),
    )


def _tell(service: str, revision: int, what: str, by: Actor, at: datetime) -> None:
    said = {"service": service, "revision": revision, "what": what}
    record(facts.DefinitionDrafted(case_id=None, facts=said), by=by, at=at)
