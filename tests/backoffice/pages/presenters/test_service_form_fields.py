"""Tests of backoffice.pages.presenters.service_form_fields: a field opened, edited and closed."""

import json
from typing import Any, ClassVar

import pytest

from backoffice.pages.presenters.service_form_fields import (
    added,
    closed,
    every_field,
    moved,
    opened,
    removed,
)
from backoffice.pages.presenters.service_form_kinds import KINDS, kind_of
from tests.backoffice.pages.controls import torture
from tests.workflows.definitions.shipped import SHIPPED
from workflows.catalogue.forms import FormValidator
from workflows.definitions.documents import document_of

EMPTY: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": {}}


def with_field(kind: str, *, needed: bool = True) -> tuple[dict[str, Any], str]:
    return added(EMPTY, "/form", kind, {"de": "Wie viele Gäste?", "en": "How many?"}, needed=needed)


class TestANewField:
    @pytest.mark.parametrize("kind", KINDS)
    def test_is_of_the_kind_that_was_chosen(self, kind: str) -> None:
        form, pointer = with_field(kind)

        assert pointer == "/form/properties/wie_viele_gaeste"
        assert form["required"] == ["wie_viele_gaeste"]
        assert kind_of(form["properties"]["wie_viele_gaeste"]) == kind
        if kind not in ("choice", "several"):  # those are still without choices
            FormValidator(form)

    def test_has_a_name_of_its_own(self) -> None:
        form, _ = with_field("text")
        form, pointer = added(form, "/form", "text", {"de": "Wie viele Gäste?"}, needed=False)

        assert pointer == "/form/properties/wie_viele_gaeste_2"
        assert form["required"] == ["wie_viele_gaeste"]

    def test_can_stand_in_a_group(self) -> None:
        form, group = with_field("table")
        form, pointer = added(form, f"{group}/items", "date", {"de": "Tag"}, needed=True)

        assert pointer == f"{group}/items/properties/tag"
        assert [one.depth for one in every_field(form)] == [0, 1]


class TestAFieldThatIsOnlyLookedAt:
    FORMS: ClassVar = [torture(), *(document_of(one)["form"] for one in SHIPPED)]

    def test_stays_as_it_was(self) -> None:
        for form in self.FORMS:
            for one in every_field(form):
                again = closed(form, one.pointer, opened(form, one.pointer))
                assert json.dumps(again) == json.dumps(form), one.pointer


class TestACondition:
    def test_makes_a_field_needed_only_sometimes(self) -> None:
        form, _ = added(EMPTY, "/form", "yes_no", {"de": "Musik"}, needed=True)
        form, pointer = added(form, "/form", "text", {"de": "Welche"}, needed=True)
        said = {"needed": "when", "when_field": "musik", "when_is": "is", "when_value": "ja"}
        form = closed(form, pointer, opened(form, pointer) | said)

        assert form["required"] == ["musik"]
        valid = FormValidator(form)
        assert valid.errors({"musik": False}) == []
        assert [one.pointer for one in valid.errors({"musik": True})] == ["/form/welche"]
        assert opened(form, pointer).items() >= said.items()

    def test_goes_with_its_field(self) -> None:
        form, _ = added(EMPTY, "/form", "yes_no", {"de": "Musik"}, needed=True)
        form, pointer = added(form, "/form", "text", {"de": "Welche"}, needed=False)
        said = {"needed": "when", "when_field": "musik", "when_is": "is_not", "when_value": "ja"}
        form = removed(closed(form, pointer, opened(form, pointer) | said), pointer)

        assert "allOf" not in form
        assert [*form["properties"]] == ["musik"]


class TestChoices:
    def test_get_their_names_from_what_they_are_called(self) -> None:
        form, pointer = with_field("choice")
        options = [{"text": {"de": "Groß"}}, {"text": {"de": "Klein"}, "value": "small"}]
        form = closed(form, pointer, opened(form, pointer) | {"options": options})

        schema = form["properties"]["wie_viele_gaeste"]
        assert schema["enum"] == ["gross", "small"]
        assert schema["x-options"]["gross"] == {"de": "Groß"}

    def test_are_unnamed_until_somebody_calls_them_something(self) -> None:
        form, pointer = with_field("several")
        form = closed(form, pointer, opened(form, pointer) | {"options": [{}]})

        assert opened(form, pointer)["options"] == [{"text": {}}]


def test_a_field_moves_among_those_beside_it() -> None:
    form, last = EMPTY, ""
    for label in ("Eins", "Zwei", "Drei"):
        form, last = added(form, "/form", "text", {"de": label}, needed=False)

    assert [*moved(form, last, -1)["properties"]] == ["eins", "drei", "zwei"]
    assert [*moved(form, last, -9)["properties"]] == ["drei", "eins", "zwei"]
    assert [*moved(form, last, 1)["properties"]] == ["eins", "zwei", "drei"]
