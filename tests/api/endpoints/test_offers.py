"""What a portal learns of services and slots."""

from datetime import date, timedelta
from typing import Any

import pytest

from efile.kernel.clock import local_date, real_now
from tests.api.calling import Portal
from workflows.models import Service, ServiceFigures

pytestmark = pytest.mark.django_db


class TestServices:
    def test_are_listed_in_short(self, portal: Portal) -> None:
        found = portal.get("services").json["services"]
        assert {one["key"] for one in found} >= {"resident-parking", "bulky-waste"}
        assert "form_schema" not in found[0]

    def test_are_told_in_full_one_by_one(self, portal: Portal) -> None:
        found = portal.get("services/resident-parking").json
        assert found["form_schema"]["properties"]["plate"]["title"] == "Kennzeichen"
        assert found["fee"]["currency"] == "EUR"

    @pytest.mark.parametrize(
        ("accepted", "language", "title"),
        [
            ("", "de", "Bewohnerparkausweis"),
            ("en", "en", "Resident parking permit"),
            ("fr, en-GB;q=0.5", "en", "Resident parking permit"),
            ("fr", "de", "Bewohnerparkausweis"),
            ("*", "de", "Bewohnerparkausweis"),
            ("x" * 5000, "de", "Bewohnerparkausweis"),
        ],
    )
    def test_speak_the_language_asked_for(
        self, portal: Portal, accepted: str, language: str, title: str
    ) -> None:
        found = portal.get("services/resident-parking", {"Accept-Language": accepted}).json
        assert (found["language"], found["title"]) == (language, title)

    def test_come_with_an_example_that_is_accepted(
        self, portal: Portal, collection_days: None
    ) -> None:
        for service in portal.get("services").json["services"]:
            assert portal.submit(portal.application(service["key"])).status == 201

    def test_say_how_long_they_take_and_what_is_free_next(
        self, portal: Portal, collection_days: None
    ) -> None:
        service = Service.objects.get(key="bulky-waste")
        today = local_date(real_now())
        ServiceFigures.objects.create(
            tenant_id=service.tenant_id,
            service=service,
            cases=5,
            median_days=3,
            within_days_80=8,
            as_of=today,
        )
        answer = portal.get("services")
        listed = {one["key"]: one for one in answer.json["services"]}
        found = listed["bulky-waste"]
        assert found["current_processing"] == {
            "median_days": 3,
            "within_days_80": 8,
            "as_of": today.isoformat(),
        }
        assert found["earliest_appointment"]["date"] > today.isoformat()
        assert found["earliest_appointment"]["start"] == "07:00"
        alone = portal.get("services/bulky-waste").json
        assert alone["current_processing"] == found["current_processing"]
        assert alone["earliest_appointment"] == found["earliest_appointment"]
        silent = listed["dog-tax"]
        assert silent["current_processing"] is silent["earliest_appointment"] is None
        assert answer.headers["Cache-Control"] == "private, max-age=60"

    @pytest.mark.parametrize("key", ["none", "a b", "%00", "ä", "x" * 300])
    def test_that_are_unknown_are_not_there(self, portal: Portal, key: str) -> None:
        assert portal.get(f"services/{key}").status == 404
        assert portal.get(f"services/{key}/slots").status == 404


class TestSlots:
    def slots(self, portal: Portal, **query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = portal.get("services/bulky-waste/slots", query=query).json[
            "slots"
        ]
        return found

    def test_are_those_of_the_next_month(self, portal: Portal, collection_days: None) -> None:
        today = local_date(real_now())
        days = {date.fromisoformat(slot["start"][:10]) for slot in self.slots(portal)}
        assert days
        assert min(days) >= today
        assert max(days) <= today + timedelta(days=30)

    def test_are_those_of_one_district_and_period(self, portal: Portal) -> None:
        found = self.slots(portal, **{"from": "2026-12-01", "to": "2026-12-03", "district": "2"})
        assert {slot["district"] for slot in found} == {"2"}
        assert {slot["start"][:10] for slot in found} <= {"2026-12-01", "2026-12-02", "2026-12-03"}

    def test_carry_the_hour_of_the_place(self, portal: Portal) -> None:
        summer = self.slots(portal, **{"from": "2027-06-01", "to": "2027-06-10"})[0]
        winter = self.slots(portal, **{"from": "2026-12-01", "to": "2026-12-10"})[0]
        assert (summer["start"][-6:], winter["start"][-6:]) == ("+02:00", "+01:00")

    def test_are_fewer_after_a_booking(self, portal: Portal, collection_days: None) -> None:
        booked = portal.submitted("bulky-waste")["appointment"]
        query = {"from": booked["date"], "to": booked["date"], "district": booked["district"]}
        [slot] = [one for one in self.slots(portal, **query) if one["id"] == booked["slot"]]
        assert slot["free"] == 13

    def test_are_none_where_a_service_has_no_appointments(self, portal: Portal) -> None:
        assert portal.get("services/resident-parking/slots").json["slots"] == []

    def test_end_with_the_calendar(self, portal: Portal) -> None:
        assert self.slots(portal, **{"from": "9999-12-31"}) == []

    @pytest.mark.parametrize(
        ("query", "parameter", "rule"),
        [
            ({"from": "tomorrow"}, "from", "date"),
            ({"to": "2026-02-30"}, "to", "date"),
            ({"from": "\x00"}, "from", "date"),
            ({"to": ""}, "to", "date"),
            ({"from": "2026-12-02", "to": "2026-12-01"}, "to", "date_order"),
            ({"from": "2026-01-01", "to": "2027-01-03"}, "to", "date_span"),
            ({"from": "0000-01-01"}, "from", "date"),
        ],
    )
    def test_need_days_that_make_sense(
        self, portal: Portal, query: dict[str, str], parameter: str, rule: str
    ) -> None:
        answer = portal.get("services/bulky-waste/slots", query=query)
        assert answer.status == 400
        [fault] = answer.json["errors"]
        assert (fault["parameter"], fault["rule"]) == (parameter, rule)
