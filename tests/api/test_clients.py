"""Portals as clients: made once, then fetching tokens."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from joserfc.jwk import OKPKey
from oauth2_provider.models import AccessToken

from api.clients import create_client
from api.jobs import clear_tokens
from api.models import PortalClient
from tests import factories
from tests.api.calling import token_for

pytestmark = pytest.mark.django_db
TOKEN = "/api/v1/oauth/token"
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def credentials() -> tuple[str, str]:
    return create_client(factories.city(), "Serviceportal", ["submit", "read"])


def basic(client_id: str, secret: str) -> dict[str, str]:
    written = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {written}"}


def post(form: dict[str, str], headers: dict[str, str] | None = None) -> Any:
    return Client().post(TOKEN, form, headers=headers or {})


class TestAClient:
    def test_has_a_secret_that_nobody_can_read(self, credentials: tuple[str, str]) -> None:
        client_id, secret = credentials
        assert secret not in PortalClient.objects.get(client_id=client_id).client_secret

    def test_cannot_have_a_scope_that_is_none(self) -> None:
        with pytest.raises(ValueError, match="everything"):
            create_client(factories.city(), "Serviceportal", ["everything"])

    def test_can_be_made_on_the_command_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        arguments = ["--tenant", "musterstadt", "--name", "Portal", "--scopes", "read", "--json"]
        call_command("portal_client", "create", *arguments)
        made = json.loads(capsys.readouterr().out)
        response = post(GRANT, basic(made["client_id"], made["client_secret"]))
        assert response.json()["scope"] == "read"

    @pytest.mark.parametrize("scope", ["read:no-such-service", "occasions:dog-tax", "read:"])
    def test_cannot_have_a_service_that_is_none(self, scope: str) -> None:
        with pytest.raises(ValueError, match=scope):
            create_client(factories.city(), "Serviceportal", ["submit", scope])

    def test_is_seen_given_secrets_and_keys_and_shut_out_there_too(
        self, credentials: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def told(action: str, *arguments: str) -> Any:
            call_command("portal_client", action, "--tenant", "musterstadt", "--json", *arguments)
            return json.loads(capsys.readouterr().out)

        client_id, secret = credentials
        new = told("rotate", client_id, "--days", "0")["client_secret"]
        assert post(GRANT, basic(client_id, secret)).status_code == 401
        assert post(GRANT, basic(client_id, new)).status_code == 200
        key = OKPKey.generate_key("Ed25519", auto_kid=True)
        keys = tmp_path / "keys.json"
        keys.write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
        assert told("keys", client_id, "--jwks", str(keys))["auth_method"] == "private_key_jwt"
        assert post(GRANT, basic(client_id, new)).status_code == 401
        told("keys", client_id)
        told("deactivate", client_id)
        [row] = [one for one in told("list") if one["client_id"] == client_id]
        assert (row["scopes"], row["state"]) == ("submit read", "deactivated")
        told("reactivate", client_id)
        assert post(GRANT, basic(client_id, new)).status_code == 200
        with pytest.raises(CommandError, match="not_found"):
            told("rotate", "nobody")

    def test_belongs_to_a_tenant_that_exists(self) -> None:
        with pytest.raises(CommandError, match="nirgendwo"):
            call_command("portal_client", "create", "--tenant", "nirgendwo", "--name", "Portal")


class TestAToken:
    def test_is_given_for_basic_credentials(self, credentials: tuple[str, str]) -> None:
        response = post(GRANT, basic(*credentials))
        told = response.json()
        assert (response.status_code, told["token_type"]) == (200, "Bearer")
        assert told["expires_in"] == 3600
        assert set(told["scope"].split()) == {"submit", "read"}
        assert response["Cache-Control"] == "no-store"

    @pytest.mark.parametrize(
        ("asked", "given"),
        [
            ("", "submit:dog-tax read"),
            ("submit", "submit:dog-tax"),
            ("read:dog-tax submit", "submit:dog-tax read:dog-tax"),
            ("submit:bulky-waste", None),
            ("answer", None),
        ],
    )
    def test_says_what_it_is_good_for(self, asked: str, given: str | None) -> None:
        scopes = ["submit:dog-tax", "read"]
        credentials = create_client(factories.city(), "Serviceportal", scopes)
        told = post(GRANT | ({"scope": asked} if asked else {}), basic(*credentials)).json()
        assert told.get("scope") == given
        assert ("error" in told) is (given is None)

    def test_is_given_for_credentials_in_the_body(self, credentials: tuple[str, str]) -> None:
        client_id, secret = credentials
        form = GRANT | {"client_id": client_id, "client_secret": secret, "scope": "read"}
        assert post(form).json()["scope"] == "read"

    def test_opens_the_api(self, credentials: tuple[str, str]) -> None:
        token = post(GRANT, basic(*credentials)).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        assert Client().get("/api/v1/services", headers=headers).status_code == 200

    def test_is_not_in_the_database(self, credentials: tuple[str, str]) -> None:
        token = post(GRANT, basic(*credentials)).json()["access_token"]
        assert token not in str(AccessToken.objects.values().get())

    @pytest.mark.parametrize(
        ("form", "status", "error"),
        [
            ({"grant_type": "client_credentials", "scope": "answer"}, 400, "invalid_scope"),
            ({"grant_type": "password", "username": "a"}, 400, "unsupported_grant_type"),
            ({"grant_type": "authorization_code"}, 400, "unsupported_grant_type"),
            ({"grant_type": "refresh_token"}, 400, "unsupported_grant_type"),
            (
                {"grant_type": "urn:ietf:params:oauth:grant-type:device_code"},
                400,
                "unsupported_grant_type",
            ),
            ({}, 400, "invalid_request"),
        ],
    )
    def test_is_refused_in_the_words_of_rfc_6749(
        self, credentials: tuple[str, str], form: dict[str, str], status: int, error: str
    ) -> None:
        response = post(form, basic(*credentials))
        assert (response.status_code, response.json()["error"]) == (status, error)

    @pytest.mark.parametrize(
        ("client_id", "secret"), [("", ""), ("unknown", "x"), ("a\x00b", "x"), ("ä", "ü")]
    )
    def test_is_not_given_to_strangers(self, client_id: str, secret: str) -> None:
        for response in (
            post(GRANT, basic(client_id, secret)),
            post(GRANT | {"client_id": client_id, "client_secret": secret}),
        ):
            assert response.status_code in {400, 401}
            assert response.json()["error"] in {"invalid_client", "invalid_request"}

    def test_is_not_given_for_another_secret(self, credentials: tuple[str, str]) -> None:
        response = post(GRANT, basic(credentials[0], "guessed"))
        assert (response.status_code, response.json()["error"]) == (401, "invalid_client")

    def test_is_cleared_away_once_expired(self, credentials: tuple[str, str]) -> None:
        token_for(credentials[0], seconds=-1)
        token_for(credentials[0])
        clear_tokens()
        assert AccessToken.objects.count() == 1
