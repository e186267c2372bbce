"""A portal sees a service in its language, in the published shape, and can rely on it."""

import jsonschema_rs
import pytest

from workflows.catalogue import Definition
from workflows.catalogue.public import public_service
from workflows.catalogue.submission import errors_in

PROMISED = {
    "key", "version", "title", "summary", "language", "form_schema", "proofs", "fee",
    "processing_days", "assurance_level", "automation", "example",
}  # fmt: skip


def test_the_promised_names_are_all_there(shipped: dict[str, Definition]) -> None:
    for definition in shipped.values():
        shown = public_service(definition, "de", version=3)
        assert shown.keys() >= PROMISED
        assert (shown["key"], shown["version"]) == (definition.key, 3)
        for proof in shown["proofs"]:
            assert proof.keys() >= {"key", "title", "required", "media_types", "max_bytes"}


@pytest.mark.parametrize(
    ("asked", "spoken", "title", "field"),
    [
        ("de", "de", "Bewohnerparkausweis", "Kennzeichen"),
        ("en", "en", "Resident parking permit", "Number plate"),
        ("en-GB", "en", "Resident parking permit", "Number plate"),
        ("de-x-leicht", "de", "Bewohnerparkausweis", "Kennzeichen"),
        ("tr", "de", "Bewohnerparkausweis", "Kennzeichen"),
    ],
)
def test_the_texts_are_in_the_language_asked_for(
    permit: Definition, asked: str, spoken: str, title: str, field: str
) -> None:
    shown = public_service(permit, asked, version=1)
    assert (shown["language"], shown["title"]) == (spoken, title)
    assert shown["form_schema"]["title"] == title
    assert shown["form_schema"]["properties"]["plate"]["title"] == field


def test_the_form_schema_is_a_schema_that_accepts_the_example(
    shipped: dict[str, Definition],
) -> None:
    for definition in shipped.values():
        shown = public_service(definition, "en", version=1)
        jsonschema_rs.meta.validate(shown["form_schema"])
        validator = jsonschema_rs.Draft202012Validator(shown["form_schema"])
        assert validator.is_valid(shown["example"]["form"])
        assert not validator.is_valid({})
        assert errors_in(definition, shown["example"]) == []


def test_nested_fields_are_titled_too(collection: Definition) -> None:
    properties = public_service(collection, "en", version=1)["form_schema"]["properties"]
    assert properties["pickup"]["properties"]["street"]["title"] == "Street"
    assert properties["items"]["items"]["properties"]["volume_m3"]["description"].startswith("Len")


def test_a_proof_on_condition_is_not_called_required(permit: Definition) -> None:
    registration, use = public_service(permit, "de", version=1)["proofs"]
    assert (registration["required"], registration["required_if"]) == (False, None)
    assert (use["required"], use["required_if"]) == (False, "form.keeper != 'self'")


def test_the_fee_names_its_periods(collection: Definition) -> None:
    fee = public_service(collection, "en", version=1)["fee"]
    assert [(p["valid_from"], p["valid_until"]) for p in fee["periods"]] == [
        ("2024-01-01", "2025-12-31"),
        ("2026-01-01", None),
    ]
    assert fee["periods"][1]["positions"][0]["title"] == "Surcharge for express collection"


def test_a_free_service_has_no_fee(permit: Definition) -> None:
    free = Definition.from_json(permit.as_json() | {"fee": None})
    assert public_service(free, "de", version=1)["fee"] is None


def test_what_is_shown_can_be_changed_without_harm(permit: Definition) -> None:
    public_service(permit, "de", version=1)["form_schema"]["properties"].clear()
    public_service(permit, "de", version=1)["example"].clear()
    assert permit.form["properties"]
    assert permit.example
