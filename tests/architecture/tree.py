"""The repository as the architecture tests see it: its files, its modules, its models."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from django.apps import apps
from django.db.models import Field, ManyToManyField, Model

ROOT = Path(__file__).resolve().parents[2]

Key: TypeAlias = "Field[Any, Any] | ManyToManyField[Any, Any]"

# Lower floors first. Imports and foreign keys point down.
FLOORS = ("kernel", "efile", "workflows", "search", "api", "pages", "demo", "config")
PACKAGES = ("api", "backoffice", "efile", "search", "workflows")
# Files that came as they are and stay so.
FOREIGN = ("backoffice/pages/static/pages/htmx/", "backoffice/pages/static/pages/kern/")


@cache
def files() -> list[Path]:
    """Every file of the repository, relative to its root: committed, or new and not ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    names = sorted(set(listed.split("\0")) - {""})
    return [Path(name) for name in names if (ROOT / name).is_file()]


def own_files(*suffixes: str) -> list[Path]:
    """Files with one of these suffixes that were written here."""
    return [
        path for path in files() if path.suffix in suffixes and not str(path).startswith(FOREIGN)
    ]


def modules(*packages: str) -> Iterator[tuple[Path, ast.Module]]:
    """Path and syntax tree of every Python file in ``packages`` (all of the application's)."""
    for path in own_files(".py"):
        if path.parts[0] in (packages or PACKAGES):
            yield path, parsed(path)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), str(path))


def imported(tree: ast.Module) -> set[str]:
    """Dotted names a module imports: both ``a.b`` and ``a.b.c`` for ``from a.b import c``."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def is_ours(thing: type) -> bool:
    """Whether a class is defined in one of the application's packages."""
    return thing.__module__.partition(".")[0] in PACKAGES


def own_models() -> list[type[Model]]:
    """The application's own tables."""
    return [model for model in apps.get_models() if is_ours(model) and model._meta.managed]


def own_keys(model: type[Model]) -> list[tuple[Key, type[Model]]]:
    """Foreign keys (and many-to-many fields) of ``model`` with their targets.

    Without those that came with a foreign abstract model, of guardian or of the OAuth toolkit.
    """
    foreign = [base for base in model.__mro__ if issubclass(base, Model) and not is_ours(base)]
    inherited = {
        field.name for base in foreign if base is not Model for field in base._meta.get_fields()
    }
    return [
        (field, field.related_model)
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if field.is_relation
        and field.name not in inherited
        and isinstance(field.related_model, type)
    ]
