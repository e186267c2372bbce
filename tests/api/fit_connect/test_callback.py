"""The delivery service calls, and the worker pulls; nobody else is believed."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from api.callbacks.signature import signed_headers
from api.fit_connect.polling import poll_if_due
from api.models import FitConnectDestination
from backoffice.demo.fit_connect_sender import hand_in
from backoffice.demo.fit_connect_service import DeliveryService
from efile.kernel.clock import real_now
from tests.api.fit_connect.sending import parcel

pytestmark = pytest.mark.django_db

PATH = "/api/v1/fit-connect/callback"
BODY = json.dumps(
    {"type": "https://schema.fitko.de/fit-connect/submission-api/callbacks/new-submissions"}
).encode()
SECRET = "a secret of the tests"


def called(secret: str = SECRET, *, age: int = 0, body: bytes = BODY, sent: bytes = BODY) -> int:
    at = real_now() - timedelta(seconds=age)
    headers = dict(signed_headers(body, secret=secret, at=at))
    return Client().post(PATH, sent, "application/json", headers=headers).status_code


class TestACall:
    def test_is_answered_at_once_and_causes_a_round(self, destination: DeliveryService) -> None:
        poll_if_due(at=real_now())
        hand_in(parcel(), destination)
        assert poll_if_due(at=real_now()) == 0
        assert called() == 204
        assert poll_if_due(at=real_now()) == 1

    @pytest.mark.parametrize(
        "options",
        [{"secret": "another"}, {"age": 301}, {"age": -301}, {"sent": BODY + b" "}],
    )
    def test_by_anybody_else_is_refused(
        self, destination: DeliveryService, options: dict[str, object]
    ) -> None:
        assert called(**options) == 401  # type: ignore[arg-type]
        assert not FitConnectDestination.objects.filter(called_at__isnull=False).exists()

    def test_without_a_signature_is_refused(self, destination: DeliveryService) -> None:
        assert Client().post(PATH, BODY, "application/json").status_code == 401

    def test_that_is_repeated_causes_a_round_that_finds_nothing(
        self, destination: DeliveryService
    ) -> None:
        hand_in(parcel(), destination)
        assert called() == 204
        assert poll_if_due(at=real_now()) == 1
        assert called() == 204
        assert poll_if_due(at=real_now()) == 0

    def test_reaches_nobody_where_it_is_off(self, db: None) -> None:
        assert called() == 404


class TestTheSchemas:
    def test_are_there_for_anybody(self, destination: DeliveryService) -> None:
        for path in ("services/resident-parking", "fit-connect/reply", "fit-connect/notice"):
            found = Client().get(f"/api/v1/{path}/schema")
            assert found.json()["$id"].endswith(f"/api/v1/{path}/schema")

    @pytest.mark.parametrize("path", ["services/none", "fit-connect/none"])
    def test_of_nothing_are_not_found(self, destination: DeliveryService, path: str) -> None:
        assert Client().get(f"/api/v1/{path}/schema").status_code == 404

    def test_are_not_there_where_it_is_off(self, db: None) -> None:
        assert Client().get("/api/v1/services/resident-parking/schema").status_code == 404
