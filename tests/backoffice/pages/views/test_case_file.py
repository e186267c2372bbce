"""Tests of backoffice.pages.views.case_file: file, case, document, version."""

import pytest
from django.test import Client

from backoffice.pages.rows import CaseFilePage, FiledCaseRow
from efile import grants
from efile.models import Case
from tests.backoffice.pages.conftest import SignedIn
from tests.efile.cases import closed, opened, user_id
from tests.factories import AT, colleague, drained, submitted
from workflows.decisions import decide
from workflows.file_view import PAGE
from workflows.machine import Step

pytestmark = pytest.mark.django_db


def page(client: Client, case: Case) -> CaseFilePage:
    response = client.get(f"/files/{case.case_file_id}")
    assert response.status_code == 200
    shown: CaseFilePage = response.context["page"]
    return shown


def facts(case: FiledCaseRow) -> dict[str, tuple[str, str]]:
    return {row.label: (row.value, row.note) for row in case.facts}


class TestTheCaseFile:
    def test_says_what_kind_of_file_it_is(self, desk: Client) -> None:
        case = submitted().case
        shown = page(desk, case)
        told = {row.label: row.value for row in shown.facts}

        assert shown.reference == told["Aktenzeichen"] == case.case_file.reference
        assert told["Federführung"] == "Amt 32.2 Bürgerservice Parken"
        assert (told["Zugang"], told["Aufbewahrung"]) == ("allgemein", "3 Jahre, dann V vernichten")
        assert [link.text for link in shown.above] == ["Aktenplan", "32.2 Bewohnerparken"]

    def test_shows_each_case_with_its_documents(self, desk: Client) -> None:
        process = submitted()
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        drained()
        (case,) = page(desk, process.case).cases

        assert case.title == "Yılmaz, Đorđe: Bewohnerparkausweis, Zone A4"
        assert case.state is not None
        assert case.state.text == "Entschieden"
        assert facts(case)["Entschieden"] == ("10.03.2026, bewilligt", "")
        assert {one.kind for one in case.documents} >= {"Nachweis", "Bescheid"}
        (version,) = case.documents[0].versions
        assert (version.label, version.made_by, len(version.sha256)) == ("Version 1", "Portal", 64)
        assert desk.get(case.url).status_code == desk.get(case.journal_url).status_code == 200

    def test_says_until_when_a_closed_case_is_kept_and_what_then(self, desk: Client) -> None:
        (case,) = page(desk, closed()).cases

        assert facts(case)["Aufzubewahren"] == (
            "bis 31.12.2029",
            "3 Jahre, dann V vernichten; Aussonderung möglich ab 01.01.2030",
        )

    def test_says_that_an_open_case_is_not_counted_yet(self, desk: Client) -> None:
        (case,) = page(desk, opened()).cases

        assert facts(case)["Aufbewahrung"] == (
            "3 Jahre, dann V vernichten",
            "Die Frist beginnt mit dem Abschluss (zdA).",
        )

    def test_says_who_sees_it(self, desk: Client) -> None:
        case = opened()
        head = colleague("t.oyelaran")
        grants.bar_colleague(case.id, user_id("d.yilmaz"), reason="Nachbarn", by=head, at=AT)

        assert page(desk, case).audience == (
            "Sachbearbeitung in Amt 32.2 Bürgerservice Parken (3 Personen)",
            "Leitung in Amt 32 Ordnung, Amt 32.2 Bürgerservice Parken (2 Personen)",
            "Registratur in Stadtverwaltung Musterstadt (1 Person)",
            "Revision, Datenschutz in Stadtverwaltung Musterstadt (1 Person)",
            "Gesperrt ist mindestens ein Vorgang für 1 Person",
        )

    def test_goes_on_on_the_next_page(self, desk: Client) -> None:
        cases = [opened(bpk2="a") for _ in range(PAGE + 1)]
        first = page(desk, cases[0])
        rest = desk.get(first.more_url).context["page"]

        assert [one.is_open for one in first.cases].count(True) == 3
        assert [one.reference for one in rest.cases] == [cases[0].reference]
        assert first.summary == f"{PAGE + 1} Vorgänge"

    def test_is_not_there_for_those_who_see_none_of_its_cases(self, signed_in: SignedIn) -> None:
        case = opened()
        stranger = signed_in("r.aydin")

        assert stranger.get(f"/files/{case.case_file_id}").status_code == 404
        assert stranger.get(f"/files/{case.id}").status_code == 404

    def test_shows_hostile_text_as_text(self, desk: Client) -> None:
        case = opened(subject="<b>fett</b>", family_name="\u202e<script>")
        text = desk.get(f"/files/{case.case_file_id}").content.decode()

        assert "&lt;b&gt;fett&lt;/b&gt;" in text
        assert "<b>fett" not in text
