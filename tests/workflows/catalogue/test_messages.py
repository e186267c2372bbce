"""Every rule has a clear sentence in both languages, whatever its facts are."""
# ruff: noqa: E501 - a row of a table stays a row

import string
from typing import Any

import pytest

from workflows.catalogue.loading import definition_schema
from workflows.catalogue.messages import MESSAGES, PROBLEMS, WORDS, message

ALL = {**MESSAGES, **PROBLEMS}


@pytest.mark.parametrize("rule", ALL)
def test_every_rule_is_a_sentence_in_german_and_in_english(rule: str) -> None:
    german, english = ALL[rule]
    assert german.endswith(".")
    assert english.endswith(".")
    assert german != english
    named = [[field for _, field, _, _ in string.Formatter().parse(t) if field] for t in ALL[rule]]
    assert sorted(named[0]) == sorted(named[1])


def test_no_rule_has_two_texts() -> None:
    assert not MESSAGES.keys() & PROBLEMS.keys()


@pytest.mark.parametrize(
    ("rule", "facts", "german", "english"),
    [
        ("required", {}, "Pflichtfeld fehlt.", "This field is required."),
        ("type", {"expected": ["integer"]}, "Erwartet wird: eine ganze Zahl.", "Expected: a whole number."),
        ("enum", {"allowed": [1, 2]}, "Erlaubt ist nur: 1, 2.", "Only these are allowed: 1, 2."),
        ("const", {"allowed": [True]}, "Erlaubt ist nur: ja.", "Only this is allowed: yes."),
        ("multiple_of", {"limit": 0.5}, "Nur Vielfache von 0,5 sind erlaubt.", "Only multiples of 0.5."),
        (
            "pattern",
            {"pattern": "^[A-Z]$", "example": "D-LM 123"},
            "Die Schreibweise stimmt nicht. Zum Beispiel: D-LM 123",
            "This is not written as it should be. For example: D-LM 123",
        ),
        (
            "format",
            {"format": "date"},
            "Erwartet wird: ein Datum als JJJJ-MM-TT.",
            "Expected: a date as YYYY-MM-DD.",
        ),
        (
            "assurance_too_low",
            {"minimum": "substantial"},
            "Die Anmeldung braucht mindestens das Vertrauensniveau substanziell.",
            "Signing in needs at least the assurance level substantial.",
        ),
    ],
)  # fmt: skip
def test_facts_are_put_into_words(rule: str, facts: Any, german: str, english: str) -> None:
    assert message(rule, facts, "de") == message(rule, facts, "de-x-leicht") == german
    assert message(rule, facts, "en") == message(rule, facts, "en-GB") == english


def test_an_unknown_rule_still_says_something() -> None:
    assert message("no_such_rule", {"limit": 3}, "de") == "Die Angabe ist ungültig."


@pytest.mark.parametrize("language", ["tr", "", "EN"])
def test_another_language_gets_german_and_case_does_not_matter(language: str) -> None:
    assert message("required", {}, language) == MESSAGES["required"][language == "EN"]


def test_missing_facts_and_braces_break_nothing() -> None:
    assert message("minimum", {}, "de") == "Der kleinste erlaubte Wert ist ?."
    assert message("const", {"allowed": ["{limit}"]}, "en") == "Only this is allowed: {limit}."


def test_every_type_and_format_a_form_may_use_has_words() -> None:
    keywords = definition_schema()["$defs"]["keywords"]["properties"]
    assert {*keywords["type"]["enum"], *keywords["format"]["enum"]} <= WORDS.keys()
