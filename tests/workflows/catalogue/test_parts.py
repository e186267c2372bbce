"""The parts of a definition: texts, placeholders, evidence, and JSON turned into records."""

from dataclasses import FrozenInstanceError

import pytest

from workflows.catalogue import Definition
from workflows.catalogue.parts import Text, filled, placeholders


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Antrag"),
        ("de-AT", "Antrag"),
        ("de-x-leicht", "Sie wollen etwas."),
        ("DE-X-LEICHT", "Sie wollen etwas."),
        ("en", "Application"),
        ("en-GB", "Application"),
        ("tr", "Antrag"),
        ("", "Antrag"),
    ],
)
def test_a_text_is_given_in_the_nearest_language(language: str, text: str) -> None:
    texts = Text({"de": "Antrag", "en": "Application", "de-x-leicht": "Sie wollen etwas."})
    assert texts.in_(language) == text


def test_placeholders_are_found_and_filled_once() -> None:
    template = "{pickup.street} {number}, {unknown} {Not} {}"
    values = {"pickup.street": "{number}", "number": "1a"}
    assert placeholders(template) == ["pickup.street", "number", "unknown"]
    assert filled(template, values) == "{number} 1a,  {Not} {}"


@pytest.mark.parametrize(
    ("key", "evidence"),
    [
        ("residence", "register"),
        ("keeper", "register"),
        ("vehicle", "register"),
        ("zone", "records"),
        ("single-permit", "records"),
        ("start", "statement"),
    ],
)
def test_a_check_knows_on_what_it_rests(permit: Definition, key: str, evidence: str) -> None:
    check = permit.check(key)
    assert check is not None
    assert check.evidence == evidence


def test_a_definition_cannot_be_changed(permit: Definition) -> None:
    with pytest.raises(FrozenInstanceError):
        permit.unit = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        permit.decisions["granted"] = None  # type: ignore[index]
