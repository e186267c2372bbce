"""What can be reported, and where Open311 is at all."""

from typing import Any

import pytest
from django.test import Client

from tests.api.open311.app import App
from tests.workflows.working import published

pytestmark = pytest.mark.django_db


class TestDiscovery:
    def test_says_where_and_in_which_formats(self, app: App) -> None:
        (endpoint,) = app.get("discovery")["endpoints"]
        assert endpoint["url"].endswith("/open311/v2")
        assert endpoint["formats"] == ["text/xml", "application/json"]
        assert endpoint["type"] == "production"


class TestServices:
    def test_are_the_categories_of_what_the_definition_opens(self, app: App) -> None:
        found = app.get("services")
        assert {one["group"] for one in found} == {"defect-report"}
        assert found[0] == {
            "service_code": "defect-report.pothole",
            "service_name": "Schlagloch oder Schaden in der Fahrbahn",
            "description": "Schlagloch, kaputte Laterne, wilder Müll? Sagen Sie uns, wo und was. "
            "Ihren Namen brauchen wir nicht.",
            "metadata": True,
            "type": "realtime",
            "keywords": "Schlagloch oder Schaden in der Fahrbahn,pothole or damaged road,"
            "Loch in der Straße",
            "group": "defect-report",
        }

    def test_ask_what_the_form_asks_beside_place_and_description(self, app: App) -> None:
        definition = app.get("services/defect-report.pothole")
        assert definition["service_code"] == "defect-report.pothole"
        danger, seen_on = definition["attributes"]
        assert (danger["code"], danger["datatype"]) == ("danger", "singlevaluelist")
        assert [one["key"] for one in danger["values"]] == ["true", "false"]
        assert (seen_on["code"], seen_on["datatype"], seen_on["order"]) == (
            "seen_on",
            "datetime",
            2,
        )

    def test_that_are_unknown_are_not_there(self, app: App) -> None:
        for code in ("pothole", "defect-report", "dog-tax.large", "defect-report.<x>"):
            status, faults = app.ask(f"services/{code}")
            assert status == 404
            assert faults == [{"code": 404, "description": "There is no such service_code."}]

    def test_are_none_where_no_definition_opens_them(self, app: App) -> None:
        published("defect-report", lambda document: document.pop("open311"))
        assert app.get("services") == []


class TestOpen311:
    @pytest.mark.parametrize("path", ["discovery", "services", "requests", "tokens/x", "nothing"])
    def test_is_off_unless_a_city_switched_it_on(self, app: App, settings: Any, path: str) -> None:
        settings.OPEN311_TENANT = ""
        status, faults = app.ask(path)
        assert (status, faults[0]["code"]) == (404, 404)
        assert app.faults()[0] == 404

    def test_knows_the_city_by_its_key_alone(self, app: App) -> None:
        assert app.ask("services", jurisdiction_id="musterstadt")[0] == 200
        assert app.ask("services", jurisdiction_id="elsewhere.example")[0] == 404

    def test_answers_what_is_no_address_of_it(self, app: App) -> None:
        web = Client()
        assert web.get("/open311/v2/services").content.startswith(b"<?xml")
        assert web.get("/open311/v3/services.json").json() == [
            {"code": 404, "description": "There is nothing at this address."}
        ]
        refused = web.post("/open311/v2/services.json", "", content_type="text/plain")
        assert refused.status_code == 415
        refused = web.delete("/open311/v2/requests.json")
        assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD, POST")

    def test_counts_the_calls_of_a_minute(self, app: App, settings: Any) -> None:
        settings.OPEN311_LIMIT_PER_MINUTE = 2
        web = Client()
        answers = [web.get("/open311/v2/services.json") for _ in range(3)]
        if len({one["RateLimit-Remaining"] for one in answers}) < 3:  # a new minute had begun
            answers += [web.get("/open311/v2/services.json") for _ in range(2)]
        assert answers[-1].status_code == 429
        assert int(answers[-1]["Retry-After"]) >= 1
        assert app.post({"service_code": "x"}).status_code == 404
