"""What everybody may read of reports, and what nobody."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from efile.kernel.clock import now
from efile.models import Case
from tests.api.open311.app import SAID, SECRETS, App
from tests.factories import body, colleague, drained, submit
from tests.workflows.working import published
from workflows.corrections import correct
from workflows.endings import settle
from workflows.models import Process, Submission
from workflows.questions import ask_applicant

pytestmark = pytest.mark.django_db


def case_of(report: str) -> UUID:
    return Process.objects.get(submission=UUID(report)).case_id


def settled(report: str, outcome: str = "repaired") -> None:
    by = colleague("u.thalmann")
    settle(case_of(report), outcome=outcome, text="Danke, Frau Zwanziger!", by=by, at=now())


class TestAReport:
    def test_is_told_without_whoever_reported(self, app: App) -> None:
        report = app.report()
        (told,) = app.get(f"requests/{report}")
        assert told["service_request_id"] == report
        assert told["status"] == "open"
        assert told["status_notes"] == "Ihre Meldung ist bei uns angekommen. Vielen Dank!"
        assert told["service_code"] == "defect-report.pothole"
        assert told["agency_responsible"] == "Amt 66 Tiefbau und Straßenunterhaltung"
        assert (told["address"], told["lat"], told["long"]) == ("Lindenstraße 5a", 51.1088, 6.9412)
        assert told["description"] is None
        assert told["media_url"] is None
        assert told["requested_datetime"] < told["expected_datetime"]
        assert app.get(f"tokens/{report}") == [{"service_request_id": report, "token": report}]

    def test_is_closed_with_the_words_of_its_outcome(self, app: App) -> None:
        report = app.report()
        settled(report)
        (told,) = app.get(f"requests/{report}")
        assert told["status"] == "closed"
        assert told["status_notes"] == (
            "Der Mangel ist behoben: Schlagloch oder Schaden in der Fahrbahn, Lindenstraße. "
            "Vielen Dank für Ihren Hinweis."
        )

    def test_that_waits_says_until_when(self, app: App) -> None:
        report, by = app.report(), colleague("u.thalmann")
        ask_applicant(case_of(report), text="Frau Zwanziger?", proofs=[], days=14, by=by, at=now())
        (told,) = app.get(f"requests/{report}")
        assert told["status"] == "open"
        assert told["status_notes"].startswith(
            "Wir haben eine Frage an Sie. Bitte antworten Sie bis"
        )

    def test_has_no_address_that_is_not_the_citys(self, app: App) -> None:
        report = app.report(address_string="Zwanzigers Garage 5a")
        settled(report)
        (told,) = app.get(f"requests/{report}")
        assert told["address"] is None
        assert "Fahrbahn, ohne Anschrift." in told["status_notes"]

    def test_counts_as_it_was_corrected(self, app: App) -> None:
        report, by = app.report(), colleague("u.thalmann")
        correct(case_of(report), "/form/category", "drain", "verwechselt", by=by, at=now())
        assert app.get("requests", service_code="defect-report.pothole") == []
        (told,) = app.get("requests", service_code="defect-report.drain,defect-report.tree")
        assert told["service_name"] == "Gully oder Entwässerung"

    def test_of_the_portal_is_public_beside_the_others(self, app: App) -> None:
        receipt = submit(body("defect-report"), at=now())
        (told,) = app.get("requests")
        assert told["service_request_id"] == receipt["id"]
        assert receipt["case_reference"] not in "".join(app.seen)


class TestNobodyIsTold:
    def test_a_word_of_whoever_reported(self, app: App) -> None:
        report = app.report()
        drained()
        for status in ("open", "closed"):
            for path in ("requests", f"requests/{report}", f"tokens/{report}", "services"):
                app.get(path)
            app.get("requests", service_code=SAID["service_code"], status=status)
            app.get("requests", service_request_id=report)
            settled(report) if status == "open" else None
        app.faults(email="quirina.zwanziger", lat="Zwanziger")
        app.faults("service_code")
        app.faults(**{"attribute[danger]": "Zwanziger", "last_name": " " * 301 + "Zwanziger"})
        app.ask("requests", status="Zwanziger", start_date="Zwanziger")
        app.ask("requests/Zwanziger", jurisdiction_id="Zwanziger")
        reference = Case.objects.get(id=case_of(report)).reference
        whole = "".join(app.seen)
        assert len(app.seen) > 25
        assert [secret for secret in (*SECRETS, reference, app.key) if secret in whole] == []

    def test_of_a_case_of_another_class(self, app: App) -> None:
        report = app.report()
        Case.objects.filter(id=case_of(report)).update(access_class="social")
        assert app.get("requests") == app.get("requests", service_request_id=report) == []
        assert app.ask(f"requests/{report}")[0] == app.ask(f"tokens/{report}")[0] == 404

    def test_of_what_was_filed_before_it_was_public(self, app: App) -> None:
        version = published("defect-report", lambda document: document.pop("open311"))
        receipt = submit(body("defect-report"), at=now())
        taken = {"category": "/form/category", "street": "/form/place/street"}
        taken |= {"description": "/form/description"}
        published("defect-report", lambda document: document.update(open311=taken))
        assert Process.objects.get(submission=UUID(receipt["id"])).version_id == version.pk
        assert app.get("requests") == []
        assert app.ask(f"requests/{receipt['id']}")[0] == 404

    def test_of_another_service(self, app: App) -> None:
        receipt = submit(body("resident-parking"), at=now())
        assert app.ask(f"requests/{receipt['id']}")[0] == 404

    def test_what_was_written_unless_the_city_says_so(self, app: App) -> None:
        def publish_all(document: dict[str, Any]) -> None:
            document["open311"]["publish_description"] = True

        published("defect-report", publish_all)
        (told,) = app.get(f"requests/{app.report()}")
        assert told["description"] == SAID["description"]


class TestTheList:
    def test_is_the_newest_first_by_pages(self, app: App) -> None:
        made = [app.report(description=f"Schlagloch Nummer {n}") for n in range(3)]
        for days, report in enumerate(reversed(made)):
            received = now() - timedelta(days=days)
            Process.objects.filter(submission=UUID(report)).update(received_at=received)
        ids = [one["service_request_id"] for one in app.get("requests")]
        assert ids == made[::-1]
        pages = [app.get("requests", page_size="2", page=page) for page in "123"]
        assert [[one["service_request_id"] for one in page] for page in pages] == [
            made[:0:-1],
            made[:1],
            [],
        ]

    def test_goes_90_days_back(self, app: App) -> None:
        old = app.report()
        long_ago = now() - timedelta(days=91)
        Process.objects.filter(submission=UUID(old)).update(received_at=long_ago)
        assert app.get("requests") == []
        since = (long_ago - timedelta(days=1)).isoformat()
        until = (long_ago + timedelta(days=1)).isoformat()
        assert len(app.get("requests", start_date=since)) == 1
        assert len(app.get("requests", end_date=until)) == 1
        assert len(app.get("requests", start_date=since.replace("+", " "), end_date=until)) == 1
        assert app.get("requests", start_date=until) == []

    def test_is_of_one_status_or_both(self, app: App) -> None:
        open_one, closed_one = app.report(), app.report(description="Ein anderes Loch")
        settled(closed_one, "duplicate")
        found = {
            status: [one["service_request_id"] for one in app.get("requests", status=status)]
            for status in ("open", "closed", "open,closed")
        }
        assert found == {
            "open": [open_one],
            "closed": [closed_one],
            "open,closed": [closed_one, open_one],
        }

    def test_of_ids_overrides_everything_else(self, app: App) -> None:
        report = app.report()
        ids = f"nonsense,{report}"
        assert len(app.get("requests", service_request_id=ids, status="x", page="x")) == 1

    @pytest.mark.parametrize(
        "query",
        [
            {"status": "half"},
            {"start_date": "yesterday"},
            {"start_date": "0001-01-01T00:00:00+14:00"},
            {"start_date": "2026-01-02T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
            {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-30T00:00:00Z"},
            {"page": "0"},
            {"page_size": "1001"},
            {"page": "²"},
        ],
    )
    def test_is_refused_what_makes_no_sense(self, app: App, query: dict[str, str]) -> None:
        status, faults = app.ask("requests", **query)
        assert (status, len(faults)) == (400, 1)

    def test_costs_as_many_statements_for_one_as_for_many(self, app: App) -> None:
        def statements() -> int:
            with CaptureQueriesContext(connection) as found:
                app.get("requests", service_code="defect-report.pothole")
            return len(found)

        app.report()
        app.get("requests")  # compiles the definition
        for_one = statements()
        for number in range(12):
            app.report(description=f"Schlagloch Nummer {number}")
        # Who calls, what is offered, the reports, their streets; in two formats.
        assert for_one == statements() == 2 * 4
        assert Submission.objects.filter(channel="open311").count() == 13
