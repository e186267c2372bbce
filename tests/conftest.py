"""What every test may ask for: a database, a cluster of its own, a browser, a service."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from tests import database
from tests.environment import chromium, missing

# Programs that tests start choose their settings themselves, as in production.
os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose service is missing; under REQUIRE=all let it fail."""
    needed = [str(name) for mark in item.iter_markers("requires") for name in mark.args]
    if item.get_closest_marker("browser"):
        needed.append("chromium")
    for service in needed:
        _need(service)


def _need(service: str) -> None:
    reason = missing(service)
    if reason and os.environ.get("REQUIRE") == "all":
        pytest.fail(f"{service}: {reason}", pytrace=False)
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A database cloned from the migrated template, used under the application's role.

    A test that commits (``transaction=True``) gets its successors a fresh clone: the role may not
    truncate, and truncating would also take what the migrations wrote.
    """
    _need("postgres")
    database.make()
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr(TransactionTestCase, "_fixture_teardown", _renew)
        yield
        connections.close_all()
    database.drop()


def _renew(_test: TransactionTestCase) -> None:
    connections.close_all()
    database.renew()


@pytest.fixture
def cluster_of_its_own(tmp_path: Path) -> Iterator[str]:
    """Address of a migrated database on a PostgreSQL that this test may do anything to.

    Always the embedded one. Programs under test get it as ``DATABASE_URL``.
    """
    with database.own_cluster(tmp_path / "postgres") as server:
        yield server.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive the machine's own Chromium, which as root only starts without its sandbox."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    quiet = ["--disable-background-networking", "--disable-sync", "--no-first-run"]
    return browser_type_launch_args | {
        "executable_path": chromium(),
        "args": [*sandbox, *quiet],
    }
