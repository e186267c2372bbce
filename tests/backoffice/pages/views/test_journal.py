"""Tests of backoffice.pages.views.journal: what happened, in words, provable, as a table."""

import csv
from io import StringIO
from uuid import uuid4

import pytest
from django.test import Client

from backoffice.pages.rows import JournalPage
from efile import grants
from efile.filing import file_documents, write_note
from efile.kernel.erasure import erase_values
from efile.models import Case
from efile.reading import read_document
from tests.backoffice.pages.conftest import SignedIn
from tests.efile.cases import by_the_owner, closed, new_document, opened, user_id
from tests.factories import AT, colleague, machine, submitted
from workflows.assignment import assign
from workflows.journal_view import PAGE

pytestmark = pytest.mark.django_db


def page(client: Client, case: Case, query: str = "") -> JournalPage:
    response = client.get(f"/cases/{case.id}/journal{query}")
    assert response.status_code == 200
    shown: JournalPage = response.context["page"]
    return shown


def verified(client: Client, case: Case) -> JournalPage:
    response = client.post(f"/cases/{case.id}/journal/verify")
    assert response.status_code == 200
    shown: JournalPage = response.context["page"]
    return shown


def table(client: Client, case: Case, query: str = "") -> list[list[str]]:
    response = client.get(f"/cases/{case.id}/journal.csv{query}")
    assert response.status_code == 200
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


class TestTheJournal:
    def test_tells_who_did_what_and_what_it_changed(self, desk: Client) -> None:
        process = submitted()
        assign(process.case_id, user_id("d.yilmaz"), by=colleague(), at=AT)
        rows = page(desk, process.case).rows
        assigned = next(row for row in rows if row.text == "Zuständigkeit geändert")

        assert (assigned.actor, assigned.at) == ("Ana Lopes", AT)
        assert [(one.label, one.before, one.after) for one in assigned.changes] == [
            ("Zuständig", "", "Deniz Yılmaz")
        ]

    def test_writes_codes_and_keys_as_words(self, desk: Client) -> None:
        rows = page(desk, closed()).rows
        told = {one.label: (one.before, one.after) for row in rows for one in row.changes}

        assert told["Federführung"] == ("", "Amt 32.2 Bürgerservice Parken")
        assert told["Zugang"] == ("", "allgemein")
        assert told["Eingang"] == ("", "10.03.2026 12:00")
        assert told["Aufzubewahren bis"] == ("", "31.12.2029")
        assert told["Beteiligte"][1].startswith("Prüfsumme ")

    @pytest.mark.parametrize("subject", ["x" * 64, "2026-Planung", "<b>fett</b>", "\u202eRTL"])
    def test_leaves_text_as_it_was_written(self, desk: Client, subject: str) -> None:
        (row,) = page(desk, opened(subject=subject)).rows

        assert ("Betreff", subject) in [(one.label, one.after) for one in row.changes]

    def test_names_whom_it_was_closed_to_and_why(self, desk: Client) -> None:
        case = opened()
        head = colleague("t.oyelaran")
        grants.bar_colleague(case.id, user_id("d.yilmaz"), reason="Nachbarn", by=head, at=AT)
        row = page(desk, case).rows[0]

        assert (row.text, row.detail) == ("Vorgang für eine Person gesperrt", "Nachbarn")
        assert [(one.label, one.after) for one in row.changes] == [("Sperre „Deniz Yılmaz“", "ja")]

    def test_tells_that_values_were_erased(self, desk: Client) -> None:
        case = opened()
        erase_values(case.id, basis="Art. 17 DSGVO", by=machine(), at=AT)
        newest, first = page(desk, case).rows

        assert (newest.detail, newest.is_erased) == ("Art. 17 DSGVO", False)
        assert (first.text, first.is_erased, first.changes) == ("Vorgang angelegt", True, ())
        assert table(desk, case)[1][-1] == "gelöscht"

    def test_shows_one_kind_and_either_order(self, desk: Client) -> None:
        case = opened()
        write_note(case.id, "Anruf", by=colleague(), at=AT)
        one_kind = page(desk, case, "?kind=note.written")

        assert [row.text for row in one_kind.rows] == ["Notiz geschrieben"]
        assert [option.label for option in one_kind.kinds] == [
            "alle",
            "Notiz geschrieben (1)",
            "Vorgang angelegt (1)",
        ]
        assert [row.seq for row in page(desk, case, "?order=oldest").rows] == [1, 2]

    def test_says_who_has_read_where_that_is_kept(self, desk: Client, signed_in: SignedIn) -> None:
        assert page(desk, opened()).reading.startswith("Wer Dokumente nur liest, steht hier nicht")
        case = opened(access_class="social", unit="sozialamt", position="50.1")
        file_documents(case.id, [new := new_document()], by=machine(), at=AT)
        read_document(new.id, by=colleague("f.okonkwo"), at=AT)
        shown = page(signed_in("f.okonkwo"), case, "?kind=document.fetched")

        assert [(row.actor, row.text, row.detail) for row in shown.rows] == [
            ("Folake Okonkwo", "Dokument gelesen", "Nachweis")
        ]
        assert shown.kinds[1].label == "Dokument gelesen (1)"

    def test_goes_on_on_the_next_page(self, desk: Client) -> None:
        case = opened()
        for number in range(PAGE):
            write_note(case.id, f"Notiz {number}", by=colleague(), at=AT)
        first = page(desk, case)
        rest: JournalPage = desk.get(first.more_url).context["page"]

        assert [row.seq for row in rest.rows] == [1]
        assert (first.summary, rest.more_url) == (f"{PAGE + 1} Einträge", "")

    def test_says_so_when_there_is_nothing_of_a_kind(self, desk: Client) -> None:
        response = desk.get(f"/cases/{opened().id}/journal?kind=unheard.of")

        assert "Dazu steht nichts im Protokoll." in response.content.decode()

    @pytest.mark.parametrize("query", ["after=x", "after=99999999999", f"kind={'x' * 61}"])
    def test_refuses_an_address_that_means_nothing(self, desk: Client, query: str) -> None:
        assert desk.get(f"/cases/{opened().id}/journal?{query}").status_code == 422


class TestWhetherItIsProven:
    def test_is_asked_by_a_button(self, desk: Client) -> None:
        case = opened()
        write_note(case.id, "Anruf", by=colleague(), at=AT)
        proof = verified(desk, case).proof

        assert page(desk, case).proof is None
        assert proof is not None
        assert proof.text.startswith("Kette geprüft: vollständig. 2 Einträge")
        assert desk.get(f"/cases/{case.id}/journal/verify").status_code == 405

    def test_names_each_fault(self, desk: Client) -> None:
        case = opened()
        by_the_owner("UPDATE efile_case SET subject = 'Anderes' WHERE id = %s", case.id)
        by_the_owner("UPDATE kernel_journalvalues SET salt = '' WHERE chain = %s", case.id)
        proof = verified(desk, case).proof

        assert proof is not None
        assert proof.faults == (
            "Eintrag 1: Die Werte sind nicht die, die aufgezeichnet wurden. (values or salt)",
            "Eintrag 1: In der Akte steht etwas anderes, als das Protokoll sagt. (case.subject)",
        )
        assert proof.text.startswith("Kette geprüft: 2 Fehler.")


class TestTheTable:
    def test_has_every_entry_from_the_first_on(self, desk: Client) -> None:
        case = opened()
        for number in range(PAGE + 1):
            write_note(case.id, f"Notiz {number}", by=colleague(), at=AT)
        head, *rows = table(desk, case)

        assert head == ["Nr.", "Zeitpunkt", "Wer", "Kennung", "Was", "Einzelheiten", "Werte"]
        assert [row[0] for row in rows] == [str(seq) for seq in range(1, PAGE + 3)]
        assert rows[1][1:5] == [
            "10.03.2026 12:00:00",
            "Ana Lopes",
            f"user:{user_id('a.lopes')}",
            "Notiz geschrieben",
        ]
        assert "Zugang: – → allgemein" in rows[0][6]

    def test_has_what_the_page_was_filtered_by(self, desk: Client) -> None:
        case = opened()
        write_note(case.id, "Anruf", by=colleague(), at=AT)

        assert len(table(desk, case, "?kind=note.written")) == 2
        assert page(desk, case, "?kind=note.written").csv_url.endswith("?kind=note.written")

    def test_holds_no_formula_for_a_spreadsheet(self, desk: Client) -> None:
        case = opened()
        head = colleague("t.oyelaran")
        grants.bar_colleague(case.id, user_id("d.yilmaz"), reason="=HYPERLINK(1)", by=head, at=AT)
        text = desk.get(f"/cases/{case.id}/journal.csv").content.decode()

        assert "'=HYPERLINK(1)" in text
        assert ";=HYPERLINK" not in text

    def test_has_a_name_without_a_person_in_it(self, desk: Client) -> None:
        case = opened()
        response = desk.get(f"/cases/{case.id}/journal.csv")

        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert response.headers["Content-Disposition"] == (
            f'attachment; filename="Protokoll-{case.id}.csv"'
        )


class TestACaseThatIsNotOnes:
    @pytest.mark.parametrize("name", ["journal", "journal.csv", "journal/verify"])
    def test_has_no_journal(self, signed_in: SignedIn, name: str) -> None:
        stranger = signed_in("r.aydin")
        ask = stranger.post if name.endswith("verify") else stranger.get

        for key in (opened().id, uuid4()):
            assert ask(f"/cases/{key}/{name}").status_code == 404
