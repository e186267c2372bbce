"""Tests of backoffice.pages.presenters.values: values as people read them, whatever was sent."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from backoffice.pages.presenters.values import day_text, euros, field_text, plain_text

OPTIONS = {"x-options": {"1": {"de": "1 Jahr", "en": "1 year"}}}


class TestAFieldsValue:
    @pytest.mark.parametrize(
        ("schema", "value", "text"),
        [
            (OPTIONS, 1, "1 Jahr"),
            (OPTIONS, 7, "7"),
            ({"format": "date"}, "2026-03-10", "10.03.2026"),
            ({"format": "date"}, "kein Tag", "kein Tag"),
            ({"format": "date"}, 3, "3"),
            ({}, True, "ja"),
            ({}, 2.5, "2,5"),
            ({}, None, "–"),
            ({}, "", "–"),
            ({}, ["a", 1], "a, 1"),
            ({}, {"a": False}, "a: nein"),
        ],
    )
    def test_is_what_people_read(self, schema: dict[str, Any], value: Any, text: str) -> None:
        with translation.override("de"):
            assert field_text(schema, value) == text

    def test_is_in_the_reader_s_language(self) -> None:
        with translation.override("en"):
            assert field_text(OPTIONS, 1) == "1 year"
            assert plain_text(2.5) == "2.5"


class TestADay:
    def test_is_written_the_german_way(self) -> None:
        assert day_text(date(2026, 3, 1)) == "01.03.2026"


class TestMoney:
    def test_has_two_decimals(self) -> None:
        with translation.override("de"):
            assert euros(123450) == "1.234,50 €"
