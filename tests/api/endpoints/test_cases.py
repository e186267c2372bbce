"""A person's cases over all channels, for the portal where they are signed in."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.clients import create_client
from efile.kernel.clock import now
from efile.models import Case
from tests import factories
from tests.api.calling import Answer, Portal
from workflows.endings import close, withdraw
from workflows.models import Process
from workflows.persons_cases import offer_dashboard
from workflows.questions import ask_applicant

Json = dict[str, Any]
ME = "bpk2-of-mine"

pytestmark = pytest.mark.django_db


@pytest.fixture
def dashboard(db: None) -> Portal:
    """A portal that may list cases, in a city that lets it."""
    offer_dashboard(offered=True, by=factories.machine(), at=now())
    client_id, _ = create_client(factories.city(), "Dashboard", ["cases", "submit", "read"])
    return Portal("cases submit read", client_id=client_id, language="en")


def asked(portal: Portal, bpk2: str = ME, assurance: str = "substantial", **more: Any) -> Answer:
    identity = {"source": "bundid", "assurance": assurance, "bpk2": bpk2}
    return portal.post("cases/query", {"identity": identity, **more})


def applied(portal: Portal, service: str = "resident-parking", bpk2: str = ME) -> str:
    """Hand in an application of this person; the case's reference."""
    body = portal.application(service)
    body["parties"][0]["identity"] = {"source": "bundid", "assurance": "high", "bpk2": bpk2}
    return str(portal.submit(body).json["case_reference"])


class TestTheCasesOfAPerson:
    def test_are_listed_latest_first_in_public_words(self, dashboard: Portal) -> None:
        first, second = applied(dashboard), applied(dashboard)
        told = asked(dashboard).json
        assert [one["case_reference"] for one in told["cases"]] == [second, first]
        status = dashboard.get(f"submissions/{told['cases'][0]['submission']}").json
        latest = told["cases"][0]
        assert (latest["state"], latest["decision"]) == ("received", "none")
        assert latest["title"] == "Resident parking permit"
        assert latest["next_step"]
        # The submission speaks the language it was handed in in, the list that of who asks.
        assert latest["next_step"] != status["next_step"]
        assert (latest["documents"], told["next"]) == (len(status["documents"]), None)

    def test_come_from_every_channel_but_name_only_own_submissions(self, dashboard: Portal) -> None:
        elsewhere = applied(Portal())
        [told] = asked(dashboard).json["cases"]
        assert (told["case_reference"], told["submission"]) == (elsewhere, None)

    def test_show_what_is_asked(self, dashboard: Portal) -> None:
        case = Case.objects.get(reference=applied(dashboard))
        question = ask_applicant(
            case.id, text="Seit wann?", proofs=[], days=14, by=factories.colleague(), at=now()
        )
        [told] = asked(dashboard).json["cases"]
        assert told["state"] == "waiting_for_you"
        assert [one["id"] for one in told["open_questions"]] == [str(question.id)]

    def test_are_nobody_elses(self, dashboard: Portal) -> None:
        applied(dashboard, bpk2="somebody else")
        assert asked(dashboard).json == {"cases": [], "next": None}

    def test_come_in_pages(self, dashboard: Portal) -> None:
        references = [applied(dashboard) for _ in range(3)]
        found: list[str] = []
        page = asked(dashboard, limit=2).json
        found += [one["case_reference"] for one in page["cases"]]
        page = asked(dashboard, limit=2, cursor=page["next"]).json
        found += [one["case_reference"] for one in page["cases"]]
        assert (found, page["next"]) == (references[::-1], None)

    def test_are_shown_for_two_years_after_their_end(self, dashboard: Portal) -> None:
        case = Case.objects.get(reference=applied(dashboard))
        withdraw(case.id, reason="", by=factories.colleague(), at=now())
        close(case.id, by=factories.colleague(), at=now())
        assert [one["state"] for one in asked(dashboard).json["cases"]] == ["closed"]
        long_ago = now() - timedelta(days=732)
        Process.objects.filter(case_id=case.id).update(state_since=long_ago)
        assert asked(dashboard).json["cases"] == []

    def test_under_a_special_secrecy_need_the_highest_level(self, dashboard: Portal) -> None:
        applied(dashboard, "dog-tax")
        assert asked(dashboard).json["cases"] == []
        assert [one["service"] for one in asked(dashboard, assurance="high").json["cases"]] == [
            "dog-tax"
        ]


class TestAskingForThem:
    @pytest.mark.parametrize("assurance", ["none", "basic"])
    def test_needs_to_know_who_asks(self, dashboard: Portal, assurance: str) -> None:
        answer = asked(dashboard, assurance=assurance)
        fault = ("/identity/assurance", "assurance_too_low")
        assert (answer.status, answer.faults) == (422, {fault})

    def test_is_the_citys_to_allow(self, dashboard: Portal) -> None:
        offer_dashboard(offered=False, by=factories.machine(), at=now())
        answer = asked(dashboard)
        assert (answer.status, answer.code) == (403, "dashboard_not_offered")

    def test_needs_its_scope(self, portal: Portal) -> None:
        assert asked(portal).status == 403

    def test_leaves_the_pseudonym_nowhere(
        self, dashboard: Portal, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as statements:
            asked(dashboard)
        assert not [one for one in statements if ME in one["sql"]]
        assert ME not in caplog.text

    def test_costs_two_statements_beside_the_token_however_many(self, dashboard: Portal) -> None:
        def statements() -> int:
            with CaptureQueriesContext(connection) as seen:
                asked(dashboard)
            return len(seen)

        applied(dashboard)
        asked(dashboard)
        one = statements()
        for _ in range(4):
            applied(dashboard)
        assert (one, statements()) == (3, 3)
