"""Tests of backoffice.pages.views.matter_pages: the list, one matter, and what begins there."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from backoffice.pages.rows.matters import MatterListPage, MatterPage
from tests.backoffice.pages.conftest import SignedIn
from tests.backoffice.pages.test_statements import cost
from tests.factories import AT
from tests.workflows.conftest import clock
from tests.workflows.standing import applied, granted, lived, matter_of
from tests.workflows.working import copies
from workflows.models import MatterDuty, Process, StandingMatter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
__all__ = ["clock"]


@pytest.fixture
def process() -> Process:
    """A case that began a taxed matter with duties."""
    lived()
    return granted(applied(on="2026-01-01"))


def listed(client: Client, query: str = "") -> MatterListPage:
    page: MatterListPage = client.get(f"/matters{query}").context["page"]
    return page


def shown(client: Client, matter: StandingMatter) -> MatterPage:
    page: MatterPage = client.get(f"/matters/{matter.id}").context["page"]
    return page


def more(process: Process, count: int) -> None:
    """``count`` more matters like that of the case, each with a duty of the last quarter."""
    matter = matter_of(process)
    for number, other in enumerate(copies(process, count)):
        made = StandingMatter.objects.create(
            tenant_id=matter.tenant_id,
            case_id=other.case_id,
            kind="dog" if number % 2 else "permit",
            number=f"BPA-25-{number:06d}",
            service_key=matter.service_key,
            valid_from=date(2025, 1, 1),
            ended_on=date(2025, 12, 31) if number % 3 == 0 else None,
        )
        MatterDuty.objects.create(
            tenant_id=matter.tenant_id,
            case_id=other.case_id,
            matter=made,
            key="quarterly",
            kind="return",
            period_from=date(2025, 10, 1),
            period_to=date(2025, 12, 31),
            due_on=date(2026, 1, 15),
        )


class TestTheList:
    def test_names_what_runs_and_what_is_owed(self, desk: Client, process: Process) -> None:
        (row,) = listed(desk).rows
        assert row.number == matter_of(process).number
        assert (row.state.text, row.due_on) == ("läuft", date(2026, 4, 15))

    def test_is_narrowed(self, desk: Client, process: Process) -> None:
        more(process, 6)
        found = {
            query: len(listed(desk, query).rows)
            for query in (
                "",
                "?standing=ended",
                "?standing=running",
                "?kind=dog",
                "?due=overdue",
                "?service=dog-tax",
                "?service=resident-parking&kind=permit&standing=running&due=overdue",
            )
        }
        assert [*found.values()] == [7, 2, 5, 3, 6, 0, 2]
        assert listed(desk, "?service=dog-tax").empty
        assert [chip.label for chip in listed(desk, "?kind=dog&due=overdue").chips] == [
            "Hund",
            "nur überfällige",
        ]

    def test_goes_on(self, desk: Client, process: Process) -> None:
        more(process, 60)
        first = listed(desk)
        rest: MatterListPage = desk.get(first.more_url).context["page"]
        keys = {row.key for row in (*first.rows, *rest.rows)}
        assert (len(first.rows), len(keys), rest.more_url) == (50, 61, "")

    def test_costs_the_same_for_many(self, desk: Client, process: Process) -> None:
        few = cost(desk, "/matters")
        more(process, 20)
        assert cost(desk, "/matters") == few <= 4

    def test_shows_nothing_of_other_offices(self, signed_in: SignedIn, process: Process) -> None:
        assert listed(signed_in("j.kessler")).rows == ()


class TestOne:
    def test_shows_cases_duties_and_amounts(self, desk: Client, process: Process) -> None:
        july = datetime(2026, 7, 6, 10, tzinfo=UTC)
        matter = matter_of(process)
        granted(applied("change", matter.number, nights=1, on="2026-07-01", at=july), at=july)
        page = shown(desk, matter)
        assert [case.effect for case in page.cases] == ["geändert", "begonnen"]
        assert {duty.title for duty in page.duties} == {"Quartalserklärung", "Überprüfung"}
        now, before = page.assessments
        assert (now.state.text, now.total) == ("gilt", "123,00 €")
        assert before.state.text == "ersetzt"
        assert [line.amount for line in now.lines if line.amount] == [
            "48,00 €",
            "75,00 €",
        ]
        assert {row.label for row in page.stated} >= {"Kennzeichen"}

    def test_offers_what_can_be_taken_down(
        self, desk: Client, signed_in: SignedIn, process: Process
    ) -> None:
        matter = matter_of(process)
        assert [act.label for act in shown(desk, matter).acts] == [
            "Änderung aufnehmen",
            "Erklärung aufnehmen",
            "Ende aufnehmen",
            "Zurückfordern",
        ]
        assert shown(signed_in("v.nightingale"), matter).acts == ()

    def test_leads_to_a_form_that_is_filled_in(self, desk: Client, process: Process) -> None:
        matter = matter_of(process)
        response = desk.get(f"/matters/{matter.id}/end", follow=True)
        html = response.content.decode()
        assert response.redirect_chain[0][0].startswith("/counter/resident-parking?from=")
        assert matter.number in html
        assert 'value="end"' in html

    def test_is_not_there_for_other_offices(self, signed_in: SignedIn, process: Process) -> None:
        client, matter = signed_in("j.kessler"), matter_of(process)
        for address in (f"/matters/{matter.id}", f"/matters/{matter.id}/end"):
            assert client.get(address).status_code == 404

    def test_knows_no_other_acts(self, desk: Client, process: Process) -> None:
        assert desk.get(f"/matters/{matter_of(process).id}/begin").status_code == 404

    def test_is_reached_from_the_case_and_the_person(self, desk: Client, process: Process) -> None:
        address = f"/matters/{matter_of(process).id}"
        for page in (f"/cases/{process.case_id}", f"/cases/{process.case_id}/person"):
            assert address in desk.get(page).content.decode()

    def test_costs_the_same_for_many(self, desk: Client, process: Process) -> None:
        matter = matter_of(process)
        few = cost(desk, f"/matters/{matter.id}")
        for number in range(1, 6):
            granted(applied("change", matter.number, make=f"Marke {number}"), at=AT)
        assert cost(desk, f"/matters/{matter.id}") == few <= 9
