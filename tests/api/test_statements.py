"""How many statements a request costs, BEGIN, COMMIT and the token included."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.calling import Portal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def warm() -> Portal:
    """A portal whose services this process has compiled, as it has after the first request."""
    portal = Portal()
    portal.submitted()
    return portal


def test_an_intake_costs_at_most_20(warm: Portal) -> None:
    body = warm.application()
    body["parties"][0]["identity"]["bpk2"] = "a pseudonym"
    with CaptureQueriesContext(connection) as statements:
        assert warm.submit(body).status == 201
    assert statements[2]["sql"] == "BEGIN"
    assert len(statements) <= 20


def test_a_status_costs_2(warm: Portal) -> None:
    receipt = warm.submitted()
    with CaptureQueriesContext(connection) as statements:
        warm.get(f"submissions/{receipt['id']}")
    assert len(statements) == 2


def test_an_upload_costs_at_most_5(warm: Portal) -> None:
    with CaptureQueriesContext(connection) as statements:
        warm.upload()
    assert len(statements) <= 5


def test_a_list_of_services_costs_3(warm: Portal) -> None:
    warm.get("services")
    with CaptureQueriesContext(connection) as statements:
        warm.get("services")
    assert len(statements) == 3
