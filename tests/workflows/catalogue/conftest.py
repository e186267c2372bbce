"""The shipped definitions, as records and as JSON to take apart."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.workflows.definitions.shipped import SHIPPED
from workflows.catalogue import Definition

Change = Callable[[str, Any], None]


@pytest.fixture(scope="session")
def shipped() -> dict[str, Definition]:
    return {definition.key: definition for definition in SHIPPED}


@pytest.fixture
def permit(shipped: dict[str, Definition]) -> Definition:
    return shipped["resident-parking"]


@pytest.fixture
def collection(shipped: dict[str, Definition]) -> Definition:
    return shipped["bulky-waste"]


@pytest.fixture
def permit_submission(permit: Definition) -> dict[str, Any]:
    return deepcopy(dict(permit.example))


@pytest.fixture
def collection_submission(collection: Definition) -> dict[str, Any]:
    return deepcopy(dict(collection.example))
