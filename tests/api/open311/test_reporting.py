"""A report over Open311 becomes a case beside the rest, once."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from api.models import Open311Key
from api.open311.arguments import Arguments
from api.open311.faults import Fault
from api.open311.keys import revoke_keys
from api.open311.offered import find_reportable
from api.open311.reporting import WINDOW, envelope_of, take_in
from efile.kernel.actors import Actor
from efile.models import Party
from tests.api.open311.app import SAID, App
from tests.factories import city
from workflows.models import Process, Submission

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
NOWHERE = {name: SAID[name] for name in ("service_code", "description")}


def sent(report: str) -> dict[str, Any]:
    """The application that was kept of it."""
    kept: dict[str, Any] = json.loads(Submission.objects.get(id=UUID(report)).envelope)
    return kept


def placed(**said: str) -> dict[str, Any]:
    """The place in the form of a report that says this of it."""
    one = find_reportable(city().pk, "defect-report.tree")
    arguments = Arguments({name: [text] for name, text in (NOWHERE | said).items()})
    place: dict[str, Any] = envelope_of(one, arguments).data["form"]["place"]
    return place


class TestAReport:
    def test_becomes_a_case_beside_the_rest(self, app: App) -> None:
        report = app.report()
        process = Process.objects.select_related("case").get(submission=UUID(report))
        assert (process.service_key, process.source) == ("defect-report", "open311:klarer-blick")
        assert process.case.subject.startswith("Mangel, Schlagloch")
        submission = Submission.objects.get(id=UUID(report))
        assert (submission.channel, submission.source) == ("open311", "open311:klarer-blick")
        party = Party.objects.get(case_id=process.case_id)
        assert (party.given_names, party.family_name) == ("Quirina", "Zwanziger")
        assert (party.email, party.phone) == (SAID["email"], SAID["phone"])

    def test_is_kept_as_it_was_sent_but_for_the_key(self, app: App) -> None:
        kept = sent(app.report())
        assert kept["form"] == {
            "category": "pothole",
            "description": SAID["description"],
            "picture": SAID["media_url"],
            "danger": True,
            "seen_on": "2026-03-08",
            "place": {
                "street": "Lindenstr.",
                "number": "5a",
                "detail": SAID["address_string"],
                "latitude": 51.1088334455,
                "longitude": 6.9412345678,
            },
        }
        assert kept["open311"] == {name: [text] for name, text in SAID.items()}
        assert app.key not in json.dumps(kept)

    def test_needs_no_name(self, app: App) -> None:
        report = app.report(NOWHERE | {"address_string": "Lindenstraße 5"})
        assert sent(report)["parties"] == []

    def test_may_be_signed_with_an_address_alone(self, app: App) -> None:
        report = app.report(NOWHERE | {"address_string": "Am Markt", "email": "a@example.org"})
        (party,) = sent(report)["parties"]
        assert (party["family_name"], party["email"]) == ("a@example.org", "a@example.org")

    @pytest.mark.parametrize(
        ("said", "place"),
        [
            (
                {"lat": "51.1", "long": "-6.9"},
                {"street": "51.1, -6.9", "latitude": 51.1, "longitude": -6.9},
            ),
            ({"address_id": "A-17"}, {"street": "Adresse A-17"}),
            ({"address_string": "Am Markt"}, {"street": "Am Markt"}),
            (
                {"address_string": "40999 Musterstadt, Lindenstraße 12 B"},
                {
                    "street": "Lindenstraße",
                    "number": "12 b",
                    "detail": "40999 Musterstadt, Lindenstraße 12 B",
                },
            ),
        ],
    )
    def test_may_say_where_in_three_ways(
        self, app: App, said: dict[str, str], place: dict[str, Any]
    ) -> None:
        assert placed(**said) == place


class TestTheSameReport:
    def test_is_one_case_within_minutes(self, app: App) -> None:
        assert app.report() == app.report()
        assert app.report() != app.report(description="Noch ein Schlagloch")
        assert Submission.objects.filter(channel="open311").count() == 2

    def test_is_another_one_later(self, app: App) -> None:
        one = find_reportable(city().pk, SAID["service_code"])
        arguments = Arguments({name: [text] for name, text in SAID.items()})
        by = Actor(
            tenant_id=city().pk, kind="portal", key="open311:x", permissions=frozenset({"submit"})
        )
        made = [
            take_in(one, arguments, key=None, by=by, at=NOON + timedelta(seconds=seconds))
            for seconds in (0, WINDOW, 3 * WINDOW)
        ]
        assert made[0] == made[1] != made[2]

    def test_goes_by_the_senders_key_where_there_is_one(self, app: App) -> None:
        first = json.loads(app.post(SAID, key="one").content)
        assert json.loads(app.post(SAID, key="one").content) == first
        assert json.loads(app.post(SAID, key="two").content) != first
        other = app.post(SAID | {"description": "etwas anderes"}, key="one")
        assert other.status_code == 409
        assert app.post(SAID, key="a b").status_code == 400

    def test_of_another_program_is_another_one(self, app: App) -> None:
        assert app.report() != App("Andere App").report()


class TestAReportThatCannotBeTaken:
    @pytest.mark.parametrize(
        ("without", "changes", "status", "told"),
        [
            ("service_code", {}, 400, "service_code: not given."),
            ("", {"service_code": "defect-report.ufo"}, 404, "There is no such service_code."),
            ("", {"api_key": "guessed"}, 403, "api_key: missing or not valid."),
            ("", {"jurisdiction_id": "other"}, 404, "There is no such jurisdiction_id."),
            ("lat", {}, 400, "lat, long: one needs the other."),
            ("", {"lat": "NaN"}, 400, "lat: a number of degrees (WGS 84) is needed."),
            ("", {"lat": "1"}, 400, "lat: The smallest allowed value is 47."),
            ("description", {}, 400, "description: This field is required."),
            ("", {"description": "x" * 4001}, 400, "description: At most 4000 characters allowed."),
            ("", {"email": "no address"}, 400, "email: Expected: an e-mail address."),
            ("", {"attribute[danger]": "maybe"}, 400, "attribute[danger]: Expected: yes or no."),
            ("", {"phone": "\0"}, 400, "The arguments hold characters that no text has."),
        ],
    )
    def test_is_told_why(
        self, app: App, without: str, changes: dict[str, str], status: int, told: str
    ) -> None:
        assert app.faults(without, **changes) == (status, [told])
        assert not Submission.objects.filter(channel="open311").exists()
        assert not [word for word in ("Zwanziger", "no address") if word in "".join(app.seen)]

    def test_needs_a_place(self, app: App) -> None:
        with pytest.raises(Fault, match="Where is it"):
            placed()

    @pytest.mark.parametrize(
        ("content", "media_type", "status"),
        [
            (b"description=%ff", "application/x-www-form-urlencoded", 400),
            (b"description=\xff", "application/x-www-form-urlencoded", 400),
            (b"&".join([b"a=1"] * 201), "application/x-www-form-urlencoded", 400),
            (b"service_code=a&service_code=b", "application/x-www-form-urlencoded", 403),
            (b"jurisdiction_id=a&jurisdiction_id=b", "application/x-www-form-urlencoded", 400),
            (b"{}", "application/json", 415),
            (b"a=" + b"x" * 1_100_000, "application/x-www-form-urlencoded", 400),
        ],
    )
    def test_is_read_to_the_letter_or_not_at_all(
        self, app: App, content: bytes, media_type: str, status: int
    ) -> None:
        refused = app.post(content, media_type=media_type)
        assert refused.status_code == status
        assert {one["code"] for one in json.loads(refused.content)} == {status}

    def test_comes_with_a_key_out_of_use(self, app: App) -> None:
        assert revoke_keys(city(), app.client) == 1
        assert app.faults() == (403, ["api_key: missing or not valid."])
        assert not Open311Key.objects.filter(key_sha256=app.key).exists()
