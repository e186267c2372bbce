"""The stream of applications: the same every time, spread over twelve weeks, true to the forms."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backoffice.demo.applications import applications, by_day
from backoffice.demo.envelopes import Application
from backoffice.demo.everyday_cases import BULKY_WASTE, PARKING
from backoffice.demo.further_cases import KINDS, shipped
from backoffice.demo.names import HARD_NAMES
from backoffice.demo.people import residents
from workflows.catalogue.submission import errors_in

UNTIL = datetime(2026, 11, 22, 7, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
SAMPLE = list(applications(7, 300, until=UNTIL))


def as_sent(application: Application) -> dict[str, object]:
    """The submission with its attachments, as the portal will send it."""
    files = [{"upload": "…", "proof": file.proof} for file in application.enclosed]
    body: dict[str, object] = json.loads(json.dumps(application.body | {"attachments": files}))
    return body


class TestApplications:
    def test_are_the_same_for_the_same_seed(self) -> None:
        again = list(applications(7, 300, until=UNTIL))
        assert [(each.key, each.sent_at, as_sent(each)) for each in again] == [
            (each.key, each.sent_at, as_sent(each)) for each in SAMPLE
        ]
        assert [file.render() for file in again[0].enclosed] == [
            file.render() for file in SAMPLE[0].enclosed
        ]

    def test_have_keys_of_their_own(self) -> None:
        assert len({each.key for each in SAMPLE}) == len(SAMPLE)

    def test_come_in_order_within_twelve_weeks(self) -> None:
        times = [each.sent_at for each in SAMPLE]
        assert times == sorted(times)
        assert UNTIL - timedelta(weeks=12) <= times[0]
        assert times[-1] < UNTIL
        assert len({each.isocalendar().week for each in times}) >= 12

    def test_come_mostly_by_day_but_also_at_night_and_on_weekends(self) -> None:
        local = [each.sent_at.astimezone(BERLIN) for each in SAMPLE]
        office = sum(each.isoweekday() <= 5 and 8 <= each.hour < 17 for each in local)
        assert 0.35 < office / len(local) < 0.7
        assert any(each.hour < 6 for each in local)
        assert any(each.isoweekday() == 7 for each in local)

    def test_are_for_all_services_and_mostly_for_the_everyday_ones(self) -> None:
        services = Counter(each.body["service"] for each in SAMPLE)
        assert services.keys() >= {PARKING, BULKY_WASTE, *KINDS}
        assert 0.5 < (services[PARKING] + services[BULKY_WASTE]) / len(SAMPLE) < 0.62

    def test_are_only_for_what_the_city_offers(self) -> None:
        few = applications(7, 40, until=UNTIL, services=[BULKY_WASTE, "dog-tax", "unheard-of"])
        asked = {str(each.body["service"]).removesuffix("-2024") for each in few}
        assert asked == {BULKY_WASTE, "dog-tax"}

    def test_ask_for_a_report_without_saying_who_they_are(self) -> None:
        reports = [each for each in SAMPLE if each.body["service"] == "defect-report"]
        assert any(each.body["parties"] == [] for each in reports)
        assert any(each.body["parties"] for each in reports)

    @pytest.mark.parametrize("hardness", HARD_NAMES)
    def test_come_from_people_with_every_kind_of_hard_name(self, hardness: str) -> None:
        parties = [party for each in SAMPLE for party in each.body["parties"]]
        names = {(party.get("given_names", ""), party.get("family_name")) for party in parties}
        assert names & set(HARD_NAMES[hardness])

    def test_ask_for_one_permit_per_resident(self) -> None:
        persons = Counter(
            each.body["parties"][0]["identity"]["bpk2"]
            for each in SAMPLE
            if each.body["service"] == PARKING
        )
        assert persons.most_common(1)[0][1] == 1

    def test_begin_again_with_the_people_when_all_have_applied(self) -> None:
        assert len(list(applications(7, 80, until=UNTIL, people=150))) == 80

    def test_cannot_be_made_without_people(self) -> None:
        with pytest.raises(ValueError, match="too few people"):
            list(applications(7, 80, until=UNTIL, people=5))

    def test_mostly_pass_the_registers(self) -> None:
        registered = {one.bpk2: one for one in residents(7, 2000)}
        permits = [each for each in SAMPLE if each.body["service"] == PARKING]
        passing = 0
        for each in permits:
            one = registered[each.body["parties"][0]["identity"]["bpk2"]]
            form = each.body["form"]
            passing += (
                one.registered_at == one.address
                and not one.blocked
                and form.get("zone") == one.zone
                and form["plate"] in one.plates
            )
        assert 0.5 < passing / len(permits) < 0.85

    def test_are_answered_as_the_shipped_services_say(self) -> None:
        definitions = {key: shipped(key) for key in (PARKING, BULKY_WASTE, *KINDS)}
        for each in SAMPLE:
            service = str(each.body["service"])
            faults = (
                errors_in(definitions[service], as_sent(each)) if service in definitions else [1]
            )
            assert bool(faults) == (201 not in each.expected), (each.trait, faults)

    def test_include_every_way_to_be_turned_down_or_set_aside(self) -> None:
        traits = {each.trait for each in applications(7, 900, until=UNTIL)}
        assert traits >= {
            "wrong_zone",
            "outside_zones",
            "not_registered",
            "undeclared_keeper",
            "company_car",
            "proof_missing",
            "proof_missing_clarify",
            "form_invalid",
            "form_invalid_clarify",
            "service_unknown_clarify",
            "hazardous",
            "strict",
            "elsewhere",
        }

    def test_prove_with_files_that_the_service_asks_for(self) -> None:
        enclosed = [each for each in SAMPLE if each.body["service"] in KINDS and each.enclosed]
        assert enclosed
        for each in enclosed[:3]:
            assert all(file.render().startswith(b"%PDF-") for file in each.enclosed)


class TestByDay:
    def test_parcels_by_the_local_day_and_loses_nothing(self) -> None:
        parcels = list(by_day(SAMPLE))
        assert [each for _, parcel in parcels for each in parcel] == SAMPLE
        days = [day for day, _ in parcels]
        assert days == sorted(set(days))
        for day, parcel in parcels:
            assert {each.sent_at.astimezone(BERLIN).date() for each in parcel} == {day}
