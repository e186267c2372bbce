"""Tests of backoffice.pages.presenters.service_rules: a rule in words, and back again."""

from typing import Any

import pytest

from backoffice.pages.presenters.service_rules import (
    Clause,
    Vocabulary,
    clauses_of,
    expression_of,
    registers_in,
)
from workflows.catalogue.rules import Rules


def field(kind: str, label: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "x-labels": {"de": label, "en": label}, **more}


FORM: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["day", "guests", "music"],
    "properties": {
        "day": field("string", "Tag", format="date"),
        "until": field("string", "Bis", format="date"),
        "guests": field("integer", "Gäste"),
        "music": field("boolean", "Musik"),
        "kind": field(
            "string",
            "Art",
            enum=["live", "tape"],
            **{"x-options": {"live": {"de": "Live"}, "tape": {"de": "Anlage"}}},
        ),
    },
}
WORDS = Vocabulary.of(FORM)

SAID = [
    (Clause("form.guests", "at_least", "200"), "form.guests >= 200"),
    (Clause("form.music", "holds"), "form.music"),
    (Clause("form.music", "fails"), "!form.music"),
    (Clause("form.day", "more", "heute"), "form.day > today"),
    (Clause("form.day", "less", "24.12.2026"), "form.day < '2026-12-24'"),
    (Clause("form.day", "days_ahead", "14"), "days(today, form.day) >= 14"),
    (Clause("form.until", "given"), "given.until"),
    (Clause("form.until", "lacking"), "!given.until"),
    (Clause("form.kind", "is", "Live"), "(!given.kind || form.kind == 'live')"),
    (
        Clause("form.until", "at_least", "Formular: Tag"),
        "(!given.until || form.until >= form.day)",
    ),
    (Clause("address.known", "holds"), "address.known"),
    (
        Clause("registers.population.main_residence", "is", "ja"),
        "registers.population.main_residence == true",
    ),
    (Clause("standing.active_permits", "is", "0"), "standing.active_permits == 0"),
    (Clause("applicant.birth_date", "aged", "18"), "age(applicant.birth_date, today) >= 18"),
]


class TestConditions:
    @pytest.mark.parametrize(("clause", "expression"), SAID, ids=str)
    def test_become_a_rule_and_come_back(self, clause: Clause, expression: str) -> None:
        assert expression_of([clause], WORDS) == expression
        assert clauses_of(expression, WORDS) == (clause,)
        Rules(FORM).compile(expression, "check")

    def test_all_have_to_hold(self) -> None:
        clauses, expressions = zip(*SAID[:3], strict=True)
        whole = expression_of([*clauses, Clause("", "is")], WORDS)

        assert whole == " && ".join(expressions)
        assert clauses_of(whole, WORDS) == clauses

    @pytest.mark.parametrize(
        "expression",
        [
            "form.guests > 3 || form.music",
            "form.guests * 2 > 3",
            "(form.music && form.guests > 1)",
            "['a'].exists(x, x == form.kind)",
            "form.guests",
        ],
    )
    def test_are_not_made_of_more_than_conditions(self, expression: str) -> None:
        assert clauses_of(expression, WORDS) is None

    def test_cannot_break_out_of_a_text(self) -> None:
        rule = expression_of([Clause("form.kind", "is", "x' || true || 'y\\")], WORDS)

        assert clauses_of(rule, WORDS) is not None
        assert Rules(FORM).compile(rule, "check").reads == {"form.kind", "given.kind"}


def test_the_registers_of_a_rule_are_named_once() -> None:
    rule = "registers.vehicle.found && registers.population.found && registers.vehicle.admitted"
    assert registers_in(rule) == ["vehicle", "population"]


def test_a_broken_form_leaves_only_the_facts() -> None:
    assert "today" not in dict(Vocabulary.of({"properties": 3}).variables("check"))
