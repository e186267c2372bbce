"""Portals in the browser: let in, granted, given keys, shut out, and how they fare."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from joserfc.jwk import OKPKey

from api.clients import create_client
from api.figures import GATHERED
from api.models import PortalClient
from efile.kernel.clock import real_now
from efile.kernel.models import JournalEntry
from tests.backoffice.pages.conftest import SignedIn
from tests.backoffice.pages.test_statements import cost
from tests.efile.cases import neighbour
from tests.factories import city

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(signed_in: SignedIn) -> Client:
    """The browser of an administrator."""
    return signed_in("o.kruse")


@pytest.fixture
def known() -> PortalClient:
    client_id, _ = create_client(city(), "Serviceportal")
    return the(client_id)


def the(client_id: str) -> PortalClient:
    found: PortalClient = PortalClient.objects.get(client_id=client_id)
    return found


def facts() -> list[str]:
    return list(
        JournalEntry.objects.filter(kind__startswith="portal.")
        .order_by("id")
        .values_list("kind", flat=True)
    )


def ticks(page: str) -> set[str]:
    """What is ticked in the table of rights."""
    boxes = re.findall(r'<input type="checkbox"\s+name="scopes"[^>]*>', page)
    assert len(boxes) > 50
    return {
        box.split('value="')[1].split('"')[0]
        for box in boxes
        if box.rstrip(">").endswith("checked")
    }


class TestLettingIn:
    def test_shows_the_credentials_once(self, desk: Client) -> None:
        answer = desk.post("/portals/new", {"name": "Bürgerportal", "scopes": ["read", "submit"]})
        client_id, secret = re.findall(r"<dd>\s*<code>(\w+)</code>", answer.content.decode())[:2]
        assert answer.status_code == 200
        form = {"grant_type": "client_credentials", "client_id": client_id}
        token = Client().post("/api/v1/oauth/token", form | {"client_secret": secret})
        assert token.json()["scope"] == "submit read"
        assert secret not in desk.get(f"/portals/{client_id}").content.decode()
        assert "Bürgerportal" in desk.get("/portals").content.decode()
        assert facts() == ["portal.admitted"]

    @pytest.mark.parametrize(
        "form",
        [{"name": "", "scopes": ["read"]}, {"name": "Portal"}, {"name": "P", "scopes": ["x"]}],
    )
    def test_says_what_is_missing(self, desk: Client, form: dict[str, Any]) -> None:
        answer = desk.post("/portals/new", form)
        assert answer.status_code == 422
        assert not PortalClient.objects.exists()


class TestGranting:
    def test_is_by_service_and_operation(self, desk: Client, known: PortalClient) -> None:
        here = f"/portals/{known.client_id}"
        page = desk.get(here).content.decode()
        assert ticks(page) == {"submit", "read", "answer"}
        ticked = ["read", "submit:dog-tax", "read:dog-tax"]
        assert desk.post(f"{here}/scopes", {"scopes": ticked}).status_code == 302
        assert the(known.client_id).allowed_scopes == "submit:dog-tax read"
        assert ticks(desk.get(here).content.decode()) == {"submit:dog-tax", "read"}
        assert facts()[-1] == "portal.changed"

    def test_of_nothing_is_refused(self, desk: Client, known: PortalClient) -> None:
        answer = desk.post(f"/portals/{known.client_id}/scopes", {"scopes": []})
        assert answer.status_code == 422
        assert "Sperren Sie es lieber" in answer.content.decode()


class TestASecret:
    def test_is_rotated_and_the_one_before_ended(self, desk: Client, known: PortalClient) -> None:
        here = f"/portals/{known.client_id}"
        assert "client_secret" in desk.post(f"{here}/secret", {"days": "3"}).content.decode()
        assert the(known.client_id).previous_expires_at is not None
        assert "gilt noch bis" in desk.get(here).content.decode()
        desk.post(f"{here}/secret/end")
        assert the(known.client_id).previous_expires_at is None
        assert facts()[-2:] == ["portal.secret_rotated", "portal.secret_ended"]


class TestKeys:
    def test_are_taken_and_may_be_the_only_way_in(self, desk: Client, known: PortalClient) -> None:
        key = OKPKey.generate_key("Ed25519", auto_kid=True)
        text = json.dumps({"keys": [dict(key.as_dict(private=False))]})
        here = f"/portals/{known.client_id}"
        desk.post(f"{here}/keys", {"keys": text, "signed": "on"})
        assert the(known.client_id).auth_method == "private_key_jwt"
        assert "Signatur (private_key_jwt)" in desk.get(here).content.decode()

    @pytest.mark.parametrize("text", ["{", "[]", '{"keys": [{"kty": "oct", "k": "AA"}]}'])
    def test_come_back_when_they_are_none(
        self, desk: Client, known: PortalClient, text: str
    ) -> None:
        answer = desk.post(f"/portals/{known.client_id}/keys", {"keys": text})
        assert answer.status_code == 422
        assert the(known.client_id).jwks == {}


class TestShuttingOut:
    def test_is_told_and_undone(self, desk: Client, known: PortalClient) -> None:
        here = f"/portals/{known.client_id}"
        desk.post(f"{here}/deactivate")
        assert "gesperrt" in desk.get("/portals").content.decode()
        desk.post(f"{here}/reactivate")
        assert the(known.client_id).deactivated_at is None
        assert facts()[-2:] == ["portal.deactivated", "portal.reactivated"]

    def test_comes_after_braking(self, desk: Client, known: PortalClient) -> None:
        here = f"/portals/{known.client_id}"
        assert desk.post(f"{here}/limit", {"limit": "120"}).status_code == 302
        assert the(known.client_id).rate_limit == 120
        assert desk.post(f"{here}/limit", {"limit": "0"}).status_code == 422
        desk.post(f"{here}/limit", {"limit": ""})
        assert the(known.client_id).rate_limit is None


class TestThePages:
    def test_are_for_administrators_of_the_city(
        self, signed_in: SignedIn, known: PortalClient
    ) -> None:
        caseworker = signed_in("a.lopes")
        assert caseworker.get("/portals").status_code == 403
        assert caseworker.post(f"/portals/{known.client_id}/deactivate").status_code == 403
        other = type(city()).objects.get(id=neighbour().tenant_id)
        abroad, _ = create_client(other, "Aus der Nachbarstadt")
        administrator = signed_in("o.kruse")
        assert administrator.get(f"/portals/{abroad}").status_code == 404
        assert administrator.post(f"/portals/{abroad}/deactivate").status_code == 404
        assert "Nachbarstadt" not in administrator.get("/portals").content.decode()

    def test_tell_what_a_portal_does(self, desk: Client, known: PortalClient) -> None:
        caller = (known.tenant_id, known.pk)
        GATHERED.note(caller, "submit", 201, at=real_now(), seconds=0.08)
        GATHERED.note(caller, "submit", 429, at=real_now())
        GATHERED.write()
        page = desk.get(f"/portals/{known.client_id}").content.decode()
        assert "bis 100 ms" in page
        assert "heute gebremst" in page

    def test_cost_the_same_for_one_and_for_many(self, desk: Client, known: PortalClient) -> None:
        here = f"/portals/{known.client_id}"
        desk.get("/portals")
        with_one = [cost(desk, "/portals"), cost(desk, here)]
        for number in range(8):
            client_id, _ = create_client(city(), f"Portal {number}")
            caller = (known.tenant_id, the(client_id).pk)
            for operation in ("submit", "listEvents"):
                GATHERED.note(caller, operation, 200, at=real_now())
                GATHERED.note((known.tenant_id, known.pk), operation, 200, at=real_now())
        GATHERED.write()
        assert [cost(desk, "/portals"), cost(desk, here)] == with_one == [3, 5]
