"""Tests of backoffice.pages.presenters.application: nothing that was sent is left out."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backoffice.pages.presenters.application import field_groups
from backoffice.pages.presenters.form_words import label_at
from backoffice.pages.rows import FieldRow
from tests.workflows.definitions.shipped import SHIPPED
from workflows.application import Application

DEFINITIONS = {definition.key: definition for definition in SHIPPED}


def rows(service: str, form: Any) -> dict[str, FieldRow]:
    application = Application.read(DEFINITIONS[service], {"form": form})
    return {row.label: row for group in field_groups(application) for row in group.rows}


class TestTheFields:
    def test_stand_with_their_labels(self) -> None:
        shown = rows("resident-parking", {"plate": "D-LM 123", "zone": "A4", "keeper": "family"})

        assert shown["Kennzeichen"].value == "D-LM 123"
        assert shown["Auf wen ist das Auto zugelassen?"].value == "auf jemanden aus der Familie"

    def test_stand_in_groups_and_lists_of_their_own(self) -> None:
        definition = DEFINITIONS["bulky-waste"]
        form = definition.as_json()["example"]["form"]
        groups = field_groups(Application.read(definition, {"form": form}))

        titles = [group.title for group in groups]
        assert "Ort der Abholung" in titles
        assert "Gegenstände" in titles

    def test_that_are_missing_say_so(self) -> None:
        assert rows("resident-parking", {"plate": "D-LM 123"})["Bewohnerparkzone"].note == (
            "Pflichtfeld fehlt."
        )

    def test_that_nobody_asked_for_stand_there_all_the_same(self) -> None:
        row = rows("resident-parking", {"plate": "D-LM 123", "zone": "A4", "hund": "Bello"})["hund"]

        assert (row.value, row.note) == ("Bello", "Dieses Feld ist nicht vorgesehen.")

    @pytest.mark.parametrize("form", [None, [], "Text", 7, {"pickup": []}, {"items": {}}])
    @pytest.mark.parametrize("service", sorted(DEFINITIONS))
    def test_of_a_form_that_is_none_break_nothing(self, service: str, form: Any) -> None:
        assert isinstance(rows(service, form), dict)

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        form=st.dictionaries(
            st.sampled_from(["plate", "zone", "declaration", "valid_from", "keeper", "x"]),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.text(max_size=9),
                lambda inner: (
                    st.lists(inner, max_size=2)
                    | st.dictionaries(st.text(max_size=5), inner, max_size=2)
                ),
                max_leaves=5,
            ),
        )
    )
    def test_of_any_form_can_be_shown(self, form: dict[str, Any]) -> None:
        assert isinstance(rows("resident-parking", form), dict)


class TestTheLabelOfAPlace:
    @pytest.mark.parametrize(
        ("pointer", "label"),
        [
            ("/pickup/street", "Straße"),
            ("/items/0/count", "Anzahl"),
            ("/items", "Gegenstände"),
            ("/nowhere/at/all", ""),
            ("", ""),
        ],
    )
    def test_is_the_field_s(self, pointer: str, label: str) -> None:
        assert label_at(DEFINITIONS["bulky-waste"].form, pointer) == label
