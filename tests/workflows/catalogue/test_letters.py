"""Letters as data: the shared ones hold for every service, what a service changes is checked."""

from typing import Any

import pytest

from efile.letters.text import filled
from workflows.catalogue.definition import Definition
from workflows.catalogue.letters import KINDS, kinds_of, sample_values, shared_letters, texts_of
from workflows.catalogue.loading import SHIPPED, faults_in, parse, shared_faults

KEYS = sorted(f.name.removesuffix(".yaml") for f in SHIPPED.iterdir() if f.name.endswith(".yaml"))


def one_shipped(key: str) -> Definition:
    return parse((SHIPPED / f"{key}.yaml").read_text("utf-8"), source=key)


def changed(key: str, **letters: Any) -> list[tuple[str, str]]:
    """What is wrong with the shipped service once it says ``letters`` itself."""
    document = one_shipped(key).as_json() | {"letters": letters}
    return [(fault.pointer, fault.rule) for fault in faults_in(document)]


def both(text: str) -> dict[str, str]:
    return {"de": text, "en": text}


def test_the_shared_letters_hold() -> None:
    assert shared_faults() == []
    assert shared_letters().keys() == KINDS.keys()


@pytest.mark.parametrize("key", KEYS)
def test_every_letter_of_every_service_renders_with_its_example(
    key: str, shipped: dict[str, Definition]
) -> None:
    definition = shipped[key]
    for kind in kinds_of(definition):
        letter = definition.letter(kind)
        for _pointer, text in texts_of(letter):
            for language in definition.languages:
                said = filled(text.in_(language), sample_values(definition, language))
                assert not {"{", "}"} & set(said)


class TestALetterOfAService:
    def test_says_its_own_words_and_else_the_shared_ones(self) -> None:
        parking = one_shipped("resident-parking")
        granted = parking.letter("granted")
        assert granted.title.in_("de") == "Bewohnerparkausweis Zone {zone}"
        assert granted.summary.in_("de").startswith("Sie dürfen das Auto")
        shared = shared_letters()["message"]["title"]["de"]
        assert parking.letter("message").title.in_("de") == shared

    def test_may_replace_parts(self) -> None:
        assert changed("resident-parking", message={"title": both("Zone {zone}")}) == []

    def test_names_nothing_unknown(self) -> None:
        found = changed("resident-parking", message={"title": both("{zone} {nowhere}")})
        assert found == [
            ("/letters/message/title/de", "placeholder_unknown"),
            ("/letters/message/title/en", "placeholder_unknown"),
        ]

    def test_names_nothing_that_is_not_always_there(self) -> None:
        found = changed("resident-parking", message={"summary": both("Halter: {keeper_name}")})
        assert found == [
            ("/letters/message/summary/de", "placeholder_empty"),
            ("/letters/message/summary/en", "placeholder_empty"),
        ]

    def test_names_a_permit_only_where_there_is_one(self) -> None:
        found = changed("bulky-waste", granted={"summary": both("Nummer {matter_number}")})
        assert {rule for _pointer, rule in found} == {"placeholder_empty"}

    def test_is_of_a_known_kind(self) -> None:
        assert changed("bulky-waste", love={"title": both("Ja")}) == [
            ("/letters/love", "additional_properties")
        ]

    def test_of_a_decision_has_fixed_places_for_the_rest(self) -> None:
        found = changed("bulky-waste", granted={"closing": both("Tschüss")})
        assert found == [("/letters/granted/closing", "additional_properties")]


class TestTextBlocks:
    @pytest.fixture
    def document(self, collection: Definition) -> dict[str, Any]:
        return collection.as_json()

    def blocks(self, document: dict[str, Any], **change: Any) -> list[tuple[str, str]]:
        document["text_blocks"][0] |= change
        return [(fault.pointer, fault.rule) for fault in faults_in(document)]

    def test_are_shipped_for_everything_that_is_written(
        self, shipped: dict[str, Definition]
    ) -> None:
        for definition in shipped.values():
            uses = set().union(*(block.uses for block in definition.text_blocks))
            steps = {step.key for step in definition.steps}
            written = {"message"} | {"refuse", "grant_in_part", "request_proof"} & steps
            assert written | ({"discretion"} if definition.discretion else set()) <= uses

    def test_name_what_the_case_has(self, document: dict[str, Any]) -> None:
        assert self.blocks(document, text=both("{pickup.street} {unit}")) == []
        assert {rule for _pointer, rule in self.blocks(document, text=both("{fee}"))} == {
            "placeholder_unknown"
        }

    def test_have_names_of_their_own(self, document: dict[str, Any]) -> None:
        key = document["text_blocks"][1]["key"]
        assert self.blocks(document, key=key) == [("/text_blocks/1/key", "duplicate")]

    def test_belong_somewhere_known(self, document: dict[str, Any]) -> None:
        assert self.blocks(document, uses=["nowhere"]) == [("/text_blocks/0/uses/0", "enum")]


def test_the_rows_of_a_permit_name_fields_of_the_form() -> None:
    document = one_shipped("resident-parking").as_json()
    document["standing_matter"]["permit"]["rows"][0]["value"] = "{nowhere}"
    assert [(fault.pointer, fault.rule) for fault in faults_in(document)] == [
        ("/standing_matter/permit/rows/0/value", "placeholder_unknown")
    ]
