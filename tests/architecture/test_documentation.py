"""What the documentation claims about the code is true."""

import ast
import re

import pytest

from tests.architecture.tree import ROOT, modules, parsed

pytestmark = pytest.mark.static

README = ROOT / "README.md"
OPERATORS = ROOT / "docs" / "operators.md"


def answers() -> list[str]:
    """The places named in the README's "Where does …?" table."""
    section = README.read_text(encoding="utf-8").partition("Where does")[2]
    rows = re.findall(r"^\|[^|]+\|(.+)\|\s*$", section.partition("\n## ")[0], re.MULTILINE)
    return [place for row in rows for place in re.findall(r"`([^`]+)`", row)]


def defined(tree: ast.Module) -> set[str]:
    """Names a module defines: ``name`` at its top level and ``Class.name`` one below."""
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{name}" for name in defined(ast.Module(node.body, []))}
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def settings_read() -> set[str]:
    """Names of the environment variables that the settings read."""
    return {
        call.args[0].value
        for path, tree in modules("backoffice")
        if path.parts[:3] == ("backoffice", "config", "settings")
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).partition(".")[0] == "env"
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def test_the_readme_answers_where_things_happen() -> None:
    assert len(answers()) >= 8


def test_what_the_readme_points_at_exists() -> None:
    wrong = []
    for place in answers():
        path, _, name = place.partition(":")
        exists = (ROOT / path).exists()
        if not exists or (name and name not in defined(parsed((ROOT / path).relative_to(ROOT)))):
            wrong.append(place)

    assert wrong == []


def test_every_setting_stands_in_the_operators_table() -> None:
    rows = re.findall(r"^\|\s*`([A-Z0-9_]+)`", OPERATORS.read_text(encoding="utf-8"), re.MULTILINE)

    assert settings_read(), "the settings read nothing any more?"
    assert settings_read() - set(rows) == set()
