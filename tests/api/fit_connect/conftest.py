"""A destination of Musterstadt at a delivery service that runs beside the tests."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from api.fit_connect import client
from backoffice.demo.fit_connect_service import CLIENT, DESTINATION, DeliveryService
from tests.api.fit_connect.sending import IDENTIFIER, REGION, the_keys


@pytest.fixture(scope="session")
def signing() -> RSAKey:
    """With what the delivery service signs; reading a private key takes half a second."""
    return RSAKey.import_key(the_keys()["service"])


@pytest.fixture(scope="session")
def our_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of our keys."""
    path = tmp_path_factory.mktemp("fit-connect") / "keys.json"
    path.write_text(json.dumps({"keys": the_keys()["keys"]}), encoding="utf-8")
    return path


@pytest.fixture
def service(signing: RSAKey) -> Iterator[DeliveryService]:
    """The delivery service, and what our destination publishes there."""
    offered = [
        {
            "identifier": IDENTIFIER,
            "regions": [REGION],
            "submissionSchemas": [],
        }
    ]
    with DeliveryService(the_keys()["keys"], signing, services=offered) as running:
        yield running


@pytest.fixture
def destination(
    service: DeliveryService, settings: Any, our_keys: Path, db: None
) -> DeliveryService:
    """The service, with us as its subscriber."""
    settings.FITCONNECT_TOKEN_URL = f"{service.url}/token"
    settings.FITCONNECT_API_URL = service.url
    settings.FITCONNECT_CLIENT_ID, settings.FITCONNECT_CLIENT_SECRET = CLIENT
    settings.FITCONNECT_DESTINATION = str(DESTINATION)
    settings.FITCONNECT_KEYS = str(our_keys)
    settings.FITCONNECT_TENANT = "musterstadt"
    settings.FITCONNECT_CALLBACK_SECRET = "a secret of the tests"
    client._TOKENS.clear()
    return service
