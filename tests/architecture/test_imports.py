"""What import-linter cannot see: parts of foreign packages, tests, signals, overridden saves."""

import inspect
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core import signals as core_signals
from django.db.models import signals as model_signals
from django.dispatch import Signal

from tests.architecture.tree import PACKAGES, imported, modules, own_models

pytestmark = pytest.mark.static

BELOW_THE_EDGES = ("efile", "search", "workflows")
OF_THE_WEB = (
    "django.contrib.messages",
    "django.core.handlers",
    "django.forms",
    "django.http",
    "django.shortcuts",
    "django.template",
    "django.urls",
    "django.views",
    "rest_framework",
)


def uses(names: set[str], *modules: str) -> set[str]:
    return {
        name
        for name in names
        for module in modules
        if name == module or name.startswith(f"{module}.")
    }


def test_nothing_below_the_edges_knows_the_web() -> None:
    found = {
        str(path): known
        for path, tree in modules(*BELOW_THE_EDGES)
        if (known := uses(imported(tree), *OF_THE_WEB))
    }

    assert found == {}


def test_nothing_of_ours_is_mocked() -> None:
    found = [path for path, tree in modules("tests") if uses(imported(tree), "unittest.mock")]

    assert found == []


def test_no_test_sleeps() -> None:
    found = [
        path
        for path, tree in modules("tests")
        if uses(imported(tree), "time") and path != Path("tests/eventually.py")
    ]

    assert found == []


def test_nothing_of_ours_listens_to_signals() -> None:
    assert [f"{name}: {receiver}" for name, receiver in _receivers()] == []


def test_saving_and_deleting_mean_what_django_says() -> None:
    overridden = {
        f"{owner.__module__}.{owner.__qualname__}.{name}"
        for model in own_models()
        for owner in model.__mro__
        if owner.__module__.partition(".")[0] in PACKAGES
        for name in ("delete", "full_clean", "save", "save_base")
        if name in vars(owner)
    }

    assert overridden == set()


def _receivers() -> Iterator[tuple[str, str]]:
    """Name of the signal and of the receiver, for receivers defined in our packages."""
    for module in (core_signals, model_signals):
        for name, signal in inspect.getmembers(module, lambda value: isinstance(value, Signal)):
            for _key, reference, *_rest in signal.receivers:
                is_weak = isinstance(reference, weakref.ReferenceType)
                receiver = reference() if is_weak else reference
                defined_in = getattr(receiver, "__module__", "") or ""
                if defined_in.partition(".")[0] in PACKAGES:
                    yield name, f"{defined_in}.{getattr(receiver, '__qualname__', receiver)}"
