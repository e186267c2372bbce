"""Every rule that is broken somewhere has its words."""

import ast
from collections.abc import Iterator
from pathlib import Path

from api.problem_words import PROBLEMS
from api.problems import every_code
from api.words import RULES, rule_text
from workflows.catalogue.messages import MESSAGES
from workflows.catalogue.messages import PROBLEMS as DEFINITION_PROBLEMS

ROOT = Path(__file__).parents[2]


def rules_in(folder: str) -> Iterator[tuple[str, str]]:
    """The rules that the code of ``folder`` names in a FieldError, with where it does."""
    for file in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "FieldError":
                for rule in spelled_out(node.args[1]) if len(node.args) > 1 else ():
                    yield rule, f"{file.relative_to(ROOT)}:{node.lineno}"


def spelled_out(expression: ast.expr) -> Iterator[str]:
    """The rules an expression names literally: one, or either of two."""
    if isinstance(expression, ast.IfExp):
        yield from spelled_out(expression.body)
        yield from spelled_out(expression.orelse)
    elif isinstance(expression, ast.Constant):
        yield str(expression.value)


def test_every_rule_of_the_code_has_words() -> None:
    known = RULES.keys() | MESSAGES.keys() | DEFINITION_PROBLEMS.keys()
    found = [*rules_in("api"), *rules_in("efile"), *rules_in("workflows")]
    assert len(found) > 30
    assert not [where for rule, where in found if rule not in known]


def test_no_words_are_left_over() -> None:
    assert PROBLEMS.keys() == every_code().keys()


def test_facts_are_part_of_the_words() -> None:
    facts = {"allowed": ["application/pdf", "image/png"]}
    assert rule_text("media_type", facts, "en").endswith("Allowed: application/pdf, image/png.")
    assert rule_text("date_span", {"limit": 366}, "de") == "Höchstens 366 Tage auf einmal."


def test_rules_of_forms_are_worded_with_the_forms() -> None:
    assert rule_text("required", {}, "de") == MESSAGES["required"][0]
