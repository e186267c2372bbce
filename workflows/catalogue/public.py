"""A service as portals see it (``GET services/{key}``)."""

from collections.abc import Mapping
from typing import Any

from workflows.catalogue.definition import Definition
from workflows.catalogue.money import FeeTable
from workflows.catalogue.parts import Proof, Text


def public_service(definition: Definition, language: str, *, version: int) -> dict[str, Any]:
    """The published shape of a service, its texts in ``language`` (German where there is none)."""
    spoken = _spoken(definition, language)
    return {
        "key": definition.key,
        "version": version,
        "title": definition.title.in_(spoken),
        "summary": definition.summary.in_(spoken),
        "language": spoken,
        "languages": list(definition.languages),
        "form_schema": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": definition.title.in_(spoken),
            **_localised(definition.form, spoken),
        },
        "proofs": [_proof(proof, spoken) for proof in definition.proofs],
        "fee": _fee(definition.fee, spoken),
        "processing_days": definition.processing_days,
        "assurance_level": definition.assurance_level,
        "automation": {
            "level": definition.automation.level,
            "legal_basis": definition.automation.legal_basis,
            "note": definition.automation.note.in_(spoken),
        },
        "example": definition.as_json()["example"],
    }


def _spoken(definition: Definition, language: str) -> str:
    """The service's own language nearest to the one asked for."""
    known = {tag.lower(): tag for tag in definition.languages}
    asked = language.lower()
    return known.get(asked) or known.get(asked.split("-")[0]) or "de"


def _localised(schema: Mapping[str, Any], language: str) -> dict[str, Any]:
    """``schema`` with ``title`` and ``description`` in one language beside the texts in all."""
    shown = dict(schema)
    if "x-labels" in schema:
        shown["title"] = Text(schema["x-labels"]).in_(language)
    if "x-help" in schema:
        shown["description"] = Text(schema["x-help"]).in_(language)
    if "properties" in schema:
        inner = schema["properties"]
        shown["properties"] = {name: _localised(field, language) for name, field in inner.items()}
    if "items" in schema:
        shown["items"] = _localised(schema["items"], language)
    return shown


def _proof(proof: Proof, language: str) -> dict[str, Any]:
    """``required`` is true for a proof that is always needed; otherwise ``required_if`` tells."""
    return {
        "key": proof.key,
        "title": proof.title.in_(language),
        "required": proof.required is True,
        "required_if": proof.required if isinstance(proof.required, str) else None,
        "media_types": list(proof.media_types),
        "max_bytes": proof.max_bytes,
    }


def _fee(table: FeeTable | None, language: str) -> dict[str, Any] | None:
    """All periods with their positions: a portal can name the fee of any day. None: free."""
    if table is None:
        return None
    return {
        "currency": table.currency,
        "legal_basis": table.legal_basis,
        "periods": [
            {
                "valid_from": period.valid_from.isoformat(),
                "valid_until": period.valid_until and period.valid_until.isoformat(),
                "positions": [
                    {
                        "key": position.key,
                        "title": position.title.in_(language),
                        "cents": position.cents,
                        "amount": position.amount,
                        "percent": position.percent,
                        "of": position.of,
                        "when": position.when,
                        "quantity": position.quantity,
                    }
                    for position in period.positions
                ],
            }
            for period in table.periods
        ],
    }
