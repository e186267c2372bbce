"""Who gets in, and as whom."""

import pytest
from django.db import connection
from django.test import Client

from api.models import PortalClient
from tests.api.calling import Portal, token_for

UNKNOWN = "01890000-0000-7000-8000-000000000001"

pytestmark = pytest.mark.django_db


class TestACall:
    @pytest.mark.parametrize(
        ("header", "code"),
        [
            (None, "not_authenticated"),
            ("Bearer nonsense", "token_invalid"),
            ("Bearer", "token_invalid"),
            ("Bearer a b", "token_invalid"),
            ("Bearer ä\x00", "token_invalid"),
            ("Basic Zm9vOmJhcg==", "token_invalid"),
            ("", "token_invalid"),
        ],
    )
    def test_needs_a_token_we_gave(self, header: str | None, code: str) -> None:
        headers = {} if header is None else {"Authorization": header}
        response = Client().get("/api/v1/services", headers=headers)
        assert (response.status_code, response.json()["code"]) == (401, code)
        assert response["WWW-Authenticate"].startswith('Bearer realm="laufmappe"')
        assert ("invalid_token" in response["WWW-Authenticate"]) is (header is not None)

    def test_needs_a_token_that_has_not_expired(self, portal: Portal) -> None:
        spent = token_for(portal.client_id, seconds=-1)
        response = Client().get("/api/v1/services", headers={"Authorization": f"Bearer {spent}"})
        assert response.status_code == 401

    def test_does_not_take_a_token_from_the_address(self, portal: Portal) -> None:
        token = token_for(portal.client_id)
        assert Client().get("/api/v1/services", {"access_token": token}).status_code == 401

    def test_may_write_bearer_in_any_case(self, portal: Portal) -> None:
        headers = {"Authorization": f"bEaReR {token_for(portal.client_id)}"}
        assert Client().get("/api/v1/services", headers=headers).status_code == 200

    @pytest.mark.parametrize(
        ("scopes", "method", "path", "missing"),
        [
            ("read answer", "POST", "submissions", "submit"),
            ("read answer", "POST", "uploads", "submit"),
            ("read answer", "GET", "services/bulky-waste/slots", "submit"),
            ("submit answer", "GET", "events", "read"),
            ("submit answer", "GET", f"submissions/{UNKNOWN}", "read"),
            ("submit answer", "GET", f"submissions/{UNKNOWN}/documents/{UNKNOWN}", "read"),
            ("submit answer", "GET", f"submissions/{UNKNOWN}/messages", "read"),
            ("submit read", "POST", f"submissions/{UNKNOWN}/messages", "answer"),
            ("submit read", "PUT", f"submissions/{UNKNOWN}/messages/{UNKNOWN}/read", "answer"),
            ("submit read", "POST", f"submissions/{UNKNOWN}/answers", "answer"),
            ("submit read", "POST", f"submissions/{UNKNOWN}/withdrawal", "answer"),
        ],
    )
    def test_needs_its_scope(self, scopes: str, method: str, path: str, missing: str) -> None:
        answer = Portal(scopes).call(method, path)
        assert (answer.status, answer.code) == (403, "scope_missing")
        assert answer.headers["WWW-Authenticate"] == (
            f'Bearer error="insufficient_scope", scope="{missing}"'
        )

    def test_gets_no_scope_that_the_client_has_lost(self, portal: Portal) -> None:
        PortalClient.objects.filter(client_id=portal.client_id).update(allowed_scopes="submit")
        assert portal.get("events").status == 403

    def test_works_for_the_tenant_of_its_client(self, portal: Portal) -> None:
        portal.get("services")
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('laufmappe.tenant')::int")
            [tenant] = cursor.fetchone()
        assert tenant == PortalClient.objects.get(client_id=portal.client_id).tenant_id


class TestWhatAnotherPortalSent:
    def test_is_not_there(self, portal: Portal) -> None:
        receipt = portal.submitted()
        here = f"submissions/{receipt['id']}"
        document = receipt["attachments"][0]["document"]
        other = Portal()
        absent = other.get(f"submissions/{UNKNOWN}")
        answers = [
            other.get(here),
            other.get(f"{here}/documents/{document}"),
            other.get(f"{here}/messages"),
            other.post(f"{here}/messages", {"text": "Hallo"}),
            other.post(f"{here}/answers", {"question": UNKNOWN, "text": "ja"}),
            other.post(f"{here}/withdrawal", {}),
            other.call("PUT", f"{here}/messages/{UNKNOWN}/read"),
        ]
        assert {answer.bytes for answer in answers} == {absent.bytes}
        assert {answer.status for answer in answers} == {404}

    def test_stays_out_of_the_feed(self, portal: Portal) -> None:
        portal.submitted()
        assert Portal().get("events").json["events"] == []

    def test_leaves_its_keys_and_uploads_to_it(self, portal: Portal) -> None:
        body = portal.application()
        assert portal.submit(body, "the-same-key").status == 201
        other = Portal()
        answer = other.submit(body, "the-same-key")
        assert answer.faults == {("/attachments/0/upload", "upload_not_available")}

    def test_is_the_same_portals_with_another_token(self, portal: Portal) -> None:
        receipt = portal.submitted()
        renewed = Portal(client_id=portal.client_id)
        assert renewed.get(f"submissions/{receipt['id']}").status == 200


@pytest.mark.usefixtures("collection_days")
class TestWhatIsGrantedForOneService:
    def test_leaves_the_rest_out_of_the_feed_without_a_gap(self, portal: Portal) -> None:
        receipts = [portal.submitted(one) for one in ("bulky-waste", "resident-parking")]
        everything = portal.get("events").json["events"]
        narrow = Portal("read:bulky-waste", client_id=portal.client_id)
        page = narrow.get("events").json
        wanted = [one for one in everything if one["submission"] == receipts[0]["id"]]
        assert wanted
        assert page["events"] == wanted
        assert narrow.get("events", query={"after": page["next"]}).json["events"] == []

    def test_keeps_the_answer_to_what_was_handed_in_before(self, portal: Portal) -> None:
        body = portal.application("bulky-waste")
        first = portal.submit(body, "a-key")
        narrow = Portal("submit:resident-parking", client_id=portal.client_id)
        assert narrow.submit(body, "a-key").bytes == first.bytes
        assert narrow.submit(body, "another").code == "service_not_granted"

    def test_shows_all_services_to_everybody(self, portal: Portal) -> None:
        narrow = Portal("submit:resident-parking", client_id=portal.client_id)
        assert narrow.get("services").bytes == portal.get("services").bytes
        assert narrow.get("services/bulky-waste/slots").status == 200
