"""The data document: an application in our own schema, one for each service, for anybody to read.

Its form is the service's; beside it stand the parties as at the portal API, and which attachment
is which proof. What follows another schema is not understood here: a person looks at it.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from api.fit_connect.metadata import Json, sound_json
from api.fit_connect.problems import faulty
from api.schemas import ref, resolved
from api.schemas.parts import LANGUAGE, Schema, closed, listed, text
from api.schemas.parts import UUID as UUID_SCHEMA
from workflows.catalogue.definition import Definition
from workflows.catalogue.forms import FormValidator
from workflows.offers import Offer, current_offers

_IDENTIFIER: Final = "urn:de:fim:leika:leistung:"


def schema_uri(service: str) -> str:
    """Under which name, and at which address, the schema of ``service`` is known."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/api/v1/services/{service}/schema"


def data_schema(definition: Definition) -> Schema:
    """The schema of a service's data documents."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": schema_uri(definition.key),
        "title": definition.title.in_("de"),
        **_document(dict(definition.form)),
    }


def service_for(tenant_id: int, identifier: str, uri: str) -> Offer | None:
    """The service that a submission is about: whose schema it follows, else of that LeiKa key."""
    offers = current_offers(tenant_id)
    named = [one for one in offers if schema_uri(one.definition.key) == uri]
    wanted = identifier.removeprefix(_IDENTIFIER)
    about = [one for one in offers if one.definition.leika_key == wanted]
    return next(iter([*named, *about]), None)


def contradicts(definition: Definition, identifier: str) -> bool:
    """Whether ``identifier`` is the name of another service than the one of the schema."""
    return bool(definition.leika_key) and identifier != f"{_IDENTIFIER}{definition.leika_key}"


def read_application(content: bytes) -> Json:
    """The application in a data document of our schema. Refuses: Faulty.

    Only its shape is looked at; a form that breaks the rules of its service is an application.
    """
    found = sound_json(content, "data")
    if _shape().errors(found, ""):
        raise faulty("schema-violation", "data")
    return found


def proofs_in(application: Mapping[str, Any]) -> dict[UUID, str]:
    """Which attachment the application names as which proof."""
    return dict(_proofs(application))


def _proofs(application: Mapping[str, Any]) -> Iterator[tuple[UUID, str]]:
    for one in application.get("attachments") or []:
        yield UUID(one["attachment"]), one["proof"]


@cache
def _shape() -> FormValidator:
    return FormValidator(_document({"type": "object"}))


def _document(form: Schema) -> Schema:
    named = closed({"attachment": UUID_SCHEMA, "proof": text(60)}, ["attachment", "proof"])
    return closed(
        {
            "language": {**LANGUAGE, "default": "de"},
            "form": form,
            "parties": listed(resolved(ref("Party")), 100),
            "attachments": listed(named, 100),
        },
        ["form"],
    )
