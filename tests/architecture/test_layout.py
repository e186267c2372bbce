"""Where files lie, what they are called and how long they are."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT, files, modules, own_files

pytestmark = pytest.mark.static

TOP_LEVEL = {*PACKAGES, "tests", "docs", "requirements", ".ci"}
# Names that say nothing: such a file takes whatever is left over.
FORBIDDEN_MODULES = {
    "base",
    "common",
    "helpers",
    "lib",
    "managers",
    "misc",
    "services",
    "signals",
    "util",
    "utils",
}
FORBIDDEN_CLASSES = re.compile(r"(Manager|Helper|Handler|Base)$")
LONGEST_FILE = 400


def test_a_new_top_level_folder_declares_itself() -> None:
    found = {path.parts[0] for path in files() if len(path.parts) > 1}

    assert found <= TOP_LEVEL, f"add to TOP_LEVEL what belongs there: {found - TOP_LEVEL}"


def test_every_package_stands_under_the_import_contracts() -> None:
    packages = {path.parts[0] for path in files() if path.name == "__init__.py"} - {"tests"}

    assert packages == set(PACKAGES)


def test_no_module_is_a_drawer() -> None:
    drawers = [
        path
        for path in own_files(".py")
        # A command is called what an operator types.
        if (path.stem in FORBIDDEN_MODULES and path.parts[-2] != "commands")
        or FORBIDDEN_MODULES.intersection(path.parts[:-1])
    ]

    assert drawers == []


def test_no_class_is_named_after_its_kind() -> None:
    named = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and FORBIDDEN_CLASSES.search(node.name)
    ]

    assert named == []


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = {
        str(path): lines
        for path in own_files(".py", ".html", ".css", ".js")
        if "migrations" not in path.parts
        and (lines := (ROOT / path).read_text(encoding="utf-8").count("\n")) > LONGEST_FILE
    }

    assert long == {}


def test_every_module_says_what_it_answers_for() -> None:
    silent = [
        path
        for path, tree in modules(*PACKAGES, "tests")
        if tree.body and "migrations" not in path.parts and not ast.get_docstring(tree)
    ]

    assert silent == []


def test_migrations_have_names() -> None:
    names = [path.stem for path in own_files(".py") if path.parent.name == "migrations"]
    nameless = [
        name
        for name in names
        if name != "__init__" and ("_auto_" in name or not re.fullmatch(r"\d{4}_[a-z0-9_]+", name))
    ]

    assert nameless == []


def test_nothing_speaks_of_the_machine_it_was_written_on() -> None:
    a_machines_path = re.compile(r"(?<![\w.:/$}>-])/(Users|home|root|tmp|work)/[\w.-]")
    mentions = [
        f"{path}: {found[0]}"
        for path in files()
        if (text := _text(path)) and (found := a_machines_path.search(text))
    ]

    assert mentions == []


def _text(path: Path) -> str:
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
