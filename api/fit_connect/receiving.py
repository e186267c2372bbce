"""What a submission is checked for before it is taken, in the standard's order, and no more.

Everything here can be done again: nothing is written but bytes to the store, which are collected
unless somebody refers to them.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from api.fit_connect.application import contradicts, schema_uri, service_for
from api.fit_connect.attachments import Fetched, fetch_all, joined
from api.fit_connect.client import DeliveryService, Waiting
from api.fit_connect.configuration import Configuration
from api.fit_connect.events import Event, EventLog, InvalidEvent, verified
from api.fit_connect.jwe import NotOpened, opened, tag_of
from api.fit_connect.keys import Keys
from api.fit_connect.metadata import Listed, Metadata, read_metadata
from api.fit_connect.problems import Faulty, Problem, faulty
from workflows.offers import Offer

_MOST_METADATA: Final = 1024 * 1024

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Files:
    """The attachments in the order of the metadata, each with its bytes in the store."""

    listed: Sequence[Listed]
    fetched: Mapping[UUID, Fetched]


@dataclass(frozen=True, slots=True)
class Received:
    """A formally correct submission or reply. ``tags`` is what its acceptance has to repeat."""

    at: datetime
    tags: Json
    metadata: Metadata
    data: bytes
    files: Files
    # The service that it is about, and how the sender named it; None for a reply, or for none
    # of ours.
    offer: Offer | None
    identifier: str


@dataclass(frozen=True, slots=True)
class Reception:
    """Where is received, and with which keys."""

    configuration: Configuration
    service: DeliveryService
    keys: Keys

    def log_of(self, case_id: UUID) -> EventLog:
        """The verified event log of a procedure. Refuses: InvalidEvent."""
        return verified(
            self.service.events(case_id),
            case_id,
            key_of=self.service.verifying_key,
            service=self.configuration.issuer,
        )

    def submission(self, waiting: Waiting) -> Received:
        """The submission, checked. Refuses: Faulty, NotThere, DeliveryServiceUnavailable."""
        return self._received("submission", waiting)

    def reply(self, waiting: Waiting) -> Received:
        """A reply of the sender's, checked. Refuses: as ``submission``."""
        return self._received("reply", waiting)

    def _received(self, what: str, waiting: Waiting) -> Received:
        sent = self.service.fetch(what, waiting.id)
        submitted = self._submitted(f"{what}:{waiting.id}", waiting.case_id)
        tags = _tags(sent, submitted)
        metadata_text, data = self._opened(sent, "metadata"), self._opened(sent, "data")
        fetched = fetch_all(
            self.service, what, waiting.id, _announced(sent), tags["attachments"], self.keys.opening
        )
        metadata = read_metadata(metadata_text)
        identifier = str((sent.get("publicService") or {}).get("identifier") or "")
        offer = self._service(sent, metadata, identifier) if what == "submission" else None
        files = Files(metadata.attachments, fetched)
        _require_hashes(metadata, data, files)
        return Received(submitted.at, tags, metadata, data, _complete(files), offer, identifier)

    def _submitted(self, subject: str, case_id: UUID) -> Event:
        try:
            return self.log_of(case_id).submitted(subject)
        except InvalidEvent:
            raise faulty("invalid-event-log") from None

    def _opened(self, sent: Json, instance: str) -> bytes:
        limit = _MOST_METADATA if instance == "metadata" else settings.FITCONNECT_DATA_MAX_BYTES
        try:
            return opened(_sealed(sent, instance), self.keys.opening, limit=limit)
        except NotOpened as error:
            raise faulty(error.problem, instance) from None

    def _service(self, sent: Json, metadata: Metadata, identifier: str) -> Offer | None:
        """The service, which has to be the one announced, under a schema that is taken for it."""
        region = str(sent.get("region") or "")
        taken = _taken(self.service.destination(), identifier)
        offer = service_for(self.configuration.tenant.pk, identifier, metadata.schema_uri)
        is_ours = offer and metadata.schema_uri == schema_uri(offer.definition.key)
        if taken is None:
            raise faulty("unsupported-service")
        if metadata.service not in ("", identifier) or not _covers(taken, region):
            raise faulty("service-mismatch")
        if offer and is_ours and contradicts(offer.definition, identifier):
            raise faulty("service-mismatch")
        schemas = [one.get("schemaUri") for one in taken.get("submissionSchemas") or []]
        if not is_ours and schemas and metadata.schema_uri not in schemas:
            raise faulty("unsupported-data-schema", "data")
        return offer


def _sealed(sent: Json, instance: str) -> str:
    found = sent.get({"metadata": "encryptedMetadata", "data": "encryptedData"}[instance])
    if not isinstance(found, str) or not found:
        raise faulty("missing-data" if instance == "data" else "encryption-issue", instance)
    return found


def _tags(sent: Json, submitted: Event) -> Json:
    """The authentication tags in the event; those of metadata and data must be what was sent."""
    tags = submitted.told.get("authenticationTags")
    if not isinstance(tags, dict) or not isinstance(tags.get("attachments") or {}, dict):
        raise faulty("invalid-event-log")
    wrong = [
        Problem("incorrect-authentication-tag", instance)
        for instance in ("metadata", "data")
        if tags.get(instance) != tag_of(_sealed(sent, instance))
    ]
    if wrong:
        raise Faulty(wrong)
    attachments = tags.get("attachments") or {}
    return {"metadata": tags["metadata"], "data": tags["data"], "attachments": attachments}


def _announced(sent: Json) -> list[UUID]:
    """The attachments that the delivery service holds, by what it says."""
    listed = sent.get("attachments") or []
    return [UUID(one if isinstance(one, str) else one["attachmentId"]) for one in listed]


def _taken(destination: Json, identifier: str) -> Json | None:
    """What the destination publishes of the service; None where it does not take it.

    A destination that lists nothing takes everything: the delivery service knows what it lets in.
    """
    listed = destination.get("publicServices") or destination.get("services") or []
    if not listed:
        return {}
    return next((one for one in listed if one.get("identifier") == identifier), None)


def _covers(taken: Json, region: str) -> bool:
    """Whether the region lies in one that the destination serves (regional keys are nested)."""
    regions = taken.get("regions") or []
    return not region or not regions or any(region.startswith(str(one)) for one in regions)


def _require_hashes(metadata: Metadata, data: bytes, files: Files) -> None:
    wrong = [] if hashlib.sha512(data).hexdigest() == metadata.sha512 else ["data"]
    for one in files.listed:
        if all(part in files.fetched for part in one.parts):
            whole = joined(one, files.fetched)
            wrong += [] if whole.sha512 == one.sha512 else [one.instance]
    if wrong:
        raise Faulty([Problem("hash-mismatch", instance) for instance in wrong])


def _complete(files: Files) -> Files:
    """The files whole, if exactly those came that the metadata list. Refuses: Faulty."""
    parts = [part for one in files.listed for part in one.parts]
    if len(set(parts)) != len(parts) or set(parts) != set(files.fetched):
        raise faulty("attachments-mismatch")
    return Files(files.listed, {one.id: joined(one, files.fetched) for one in files.listed})
