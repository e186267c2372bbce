"""Documents: the skeleton, the way to a definition and back, changes, YAML."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efile.kernel.errors import Invalid
from tests.workflows.definitions.shipped import SHIPPED
from workflows.catalogue.definition import Definition
from workflows.catalogue.loading import faults_in, parse
from workflows.catalogue.source import read
from workflows.definitions.documents import (
    REMOVE,
    as_text,
    changed,
    definition_in,
    document_of,
    field_names,
    in_file_order,
    moved_item,
    skeleton,
)
from workflows.definitions.yaml_text import as_yaml

FESTIVAL = skeleton("street-festival", "Anwohnerfest anmelden", unit="ordnung", position="32.1")

# What JSON holds and YAML likes to take for something else.
TRICKY = ["", "~", "null", "yes", "07:00", "1e3", "0x1f", "1_000", "2026-03-10", "- x", "a: b"]
words = st.sampled_from(TRICKY) | st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufeff"), max_size=40
)
values = st.recursive(
    words
    | st.booleans()
    | st.none()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(-1e9, 1e9).map(lambda number: round(number, 4))
    | words.map(lambda text: f"{text}\nund\n  mehr"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)


class TestTheSkeleton:
    def test_is_sound_as_it_stands(self) -> None:
        assert faults_in(FESTIVAL) == []
        assert definition_in(FESTIVAL).title.in_("en") == "Anwohnerfest anmelden"

    def test_of_two_services_shares_nothing(self) -> None:
        other = skeleton("other", "Anderes", unit="ordnung", position="32.1")
        other["form"]["properties"].clear()
        assert FESTIVAL["form"]["properties"]


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda one: one.key)
class TestEveryShippedDefinition:
    def test_comes_back_to_the_digest(self, shipped: Definition) -> None:
        assert definition_in(document_of(shipped)).sha256 == shipped.sha256

    def test_is_the_same_as_yaml(self, shipped: Definition) -> None:
        text = as_yaml(document_of(shipped))
        again = parse(text, source="again")
        assert again.sha256 == shipped.sha256
        assert as_yaml(document_of(again)) == text

    def test_keeps_the_fields_in_order_without_numbering_them(self, shipped: Definition) -> None:
        document = document_of(shipped)
        assert field_names(document) == [field.name for field in shipped.validator.fields]
        assert "x-order" not in as_text(document)


class TestYaml:
    @settings(max_examples=60)
    @given(values)
    def test_reads_back_as_the_same_json(self, value: Any) -> None:
        assert read(as_yaml({"key": value})).document == {"key": value}

    def test_keeps_numbers_that_are_no_plain_count(self) -> None:
        document = changed(FESTIVAL, "/form/properties/concern/x-order", 7)
        definition = definition_in(document)
        assert parse(as_yaml(document_of(definition)), source="").sha256 == definition.sha256


class TestAChange:
    def test_puts_a_value_where_the_pointer_leads(self) -> None:
        document = changed(FESTIVAL, "/title/de", "Fest")
        assert (document["title"]["de"], FESTIVAL["title"]["de"]) == (
            "Fest",
            "Anwohnerfest anmelden",
        )

    def test_appends_and_takes_away(self) -> None:
        more = changed(FESTIVAL, "/legal_bases/-", "§ 1")
        assert more["legal_bases"] == ["§ 10 VwVfG NRW", "§ 1"]
        assert changed(more, "/legal_bases/0", REMOVE)["legal_bases"] == ["§ 1"]
        assert "fee" not in changed(FESTIVAL, "/fee", REMOVE)

    @pytest.mark.parametrize(
        "pointer", ["", "/nothing/here", "/title/de/x", "/legal_bases/9", "/legal_bases/x"]
    )
    def test_that_leads_nowhere_is_refused(self, pointer: str) -> None:
        with pytest.raises(Invalid) as refusal:
            changed(FESTIVAL, pointer, "x")
        assert [error.rule for error in refusal.value.errors] == ["pointer_unknown"]

    @settings(max_examples=60)
    @given(st.text("/~-019abdekltxy", max_size=20), values)
    def test_never_reaches_the_document_it_began_from(self, pointer: str, value: Any) -> None:
        before = as_text(FESTIVAL)
        with suppress(Invalid):
            changed(FESTIVAL, pointer, value)
        assert as_text(FESTIVAL) == before


class TestMoving:
    def test_a_field_changes_what_people_see_first(self) -> None:
        field = FESTIVAL["form"]["properties"]["concern"]
        wider = changed(FESTIVAL, "/form/properties/day", field)
        moved = moved_item(wider, "/form/properties/day", 0)
        assert field_names(moved) == ["day", "concern"]
        assert definition_in(moved).sha256 != definition_in(wider).sha256

    def test_an_item_keeps_the_others_in_order(self) -> None:
        moved = moved_item(FESTIVAL, "/steps/0", 99)
        assert [step["key"] for step in moved["steps"]][-2:] == ["reopen", "examine"]

    def test_what_is_not_there_is_refused(self) -> None:
        with pytest.raises(Invalid):
            moved_item(FESTIVAL, "/steps/99", 0)


def test_the_order_of_a_file_is_that_of_the_schema_whatever_was_typed() -> None:
    shuffled = dict(reversed(FESTIVAL.items()))
    assert list(in_file_order(shuffled))[:4] == ["key", "title", "summary", "leika_key"]
