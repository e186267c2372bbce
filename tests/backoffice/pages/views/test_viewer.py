"""Tests of backoffice.pages.views.viewer: pages for those who may see them, and nothing else."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backoffice.pages.presenters.documents import evidence_of
from backoffice.pages.rows import TextPage, ViewerPage
from efile.filing import NewDocument, content_for, file_documents
from efile.kernel.ids import uuid7
from efile.kernel.models import JournalEntry
from efile.storage import default_store
from tests.backoffice.pages.conftest import SignedIn
from tests.efile.cases import opened
from tests.efile.viewing.files import letter, locked, photograph, picture
from tests.factories import (
    AT,
    body,
    colleague,
    drained,
    machine,
    portal,
    submit,
    submitted,
    uploaded,
)
from workflows.application import Application
from workflows.dossier import open_dossier
from workflows.models import InboxItem, Process

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
SIGNED_IN = 3


def filed(
    content: bytes,
    media_type: str = "application/pdf",
    *,
    process: Process | None = None,
    case: UUID | None = None,
    filename: str = "Schein.pdf",
) -> UUID:
    """A document that came to a case, of resident parking if none is named."""
    by = machine()
    if case is None:
        case = (process or submitted()).case_id
    stored = default_store().write([content], max_bytes=len(content) or 1)
    new = NewDocument(
        id=uuid7(),
        kind="proof",
        title=filename,
        content_id=content_for(by.tenant_id, stored, media_type, at=AT),
        sha256=stored.sha256,
        filename=filename,
    )
    file_documents(case, [new], by=by, at=AT)
    return new.id


def view(client: Client, document: UUID, query: str = "", **posted: str) -> ViewerPage:
    address = f"/documents/{document}/view{query}"
    response = client.post(address, posted) if posted else client.get(address)
    assert response.status_code == 200
    page = response.context["page"]
    assert isinstance(page, ViewerPage)
    return page


class TestTheViewer:
    def test_shows_pages_that_take_their_room_before_they_come(self, desk: Client) -> None:
        page = view(desk, filed(letter(3)))

        assert [sheet.number for sheet in page.sheets] == [1, 2, 3]
        assert (page.sheets[0].width, page.sheets[0].height) == (793, 1122)
        assert page.sheets[2].label == "Seite 3 von 3"
        assert page.problem is None

    def test_comes_into_the_pane_or_as_a_page_of_its_own(self, desk: Client) -> None:
        address = f"/documents/{filed(letter())}/view"
        alone = desk.get(address).content.decode()
        part = desk.get(address, headers=HTMX).content.decode()

        assert "<html" in alone
        assert "Zum Vorgang" in alone
        assert "<html" not in part
        assert part.strip().startswith('<div class="lm-viewer')

    def test_names_every_page_s_picture_in_all_its_widths(self, desk: Client) -> None:
        (sheet,) = view(desk, filed(letter())).sheets
        addresses = [each.split()[0] for each in sheet.srcset.split(", ")]

        for address in [*addresses, sheet.image_url, sheet.thumb_url]:
            assert desk.get(address).status_code == 200

    def test_says_that_it_shows_the_first_pages_only(self, desk: Client) -> None:
        page = view(desk, filed(letter(201)))

        assert len(page.sheets) == 200
        assert page.notice == "Gezeigt werden die ersten 200 von 201 Seiten."

    def test_is_enlarged_and_turned_by_links(self, desk: Client) -> None:
        document = filed(letter())
        page = view(desk, document, "?zoom=100")
        assert page.larger is not None
        assert page.smaller is not None
        assert (page.smaller.label, page.larger.label) == ("75 %", "125 %")
        assert desk.get(page.larger.url).context["page"].zoom.value == "125"

        turned = desk.get(page.turn_url).context["page"]
        assert turned.sheets[0].width > turned.sheets[0].height
        assert turned.zoom.value == "100"
        assert desk.get(turned.sheets[0].image_url).status_code == 200

    @pytest.mark.parametrize("query", ["?zoom=9999&turn=45", "?zoom=x&turn=x&mark=" + "x" * 999])
    def test_does_not_hear_what_it_does_not_know(self, desk: Client, query: str) -> None:
        page = view(desk, filed(letter()), query)

        assert page.zoom is not None
        assert page.zoom.value == "fit"

    def test_shows_what_is_nothing_but_text_as_text(self, desk: Client) -> None:
        document = filed("Straße;Größe\n<script>1</script>".encode(), "text/csv")
        written = desk.get(f"/documents/{document}/view").content.decode()

        assert "Straße;Größe\n&lt;script&gt;1&lt;/script&gt;" in written

    def test_shows_the_beginning_of_a_long_text(self, desk: Client) -> None:
        page = view(desk, filed("ä".encode() * 200_000, "text/plain"))

        assert page.text == "ä" * (128 * 1024)
        assert page.notice.startswith("Gezeigt wird der Anfang")

    def test_offers_what_it_cannot_show_for_taking_along(self, desk: Client) -> None:
        page = view(desk, filed(b"PK\x03\x04 a zip", "application/zip"))

        assert page.problem is not None
        assert page.problem.text == "Dateien dieser Art werden hier nicht angezeigt."
        assert desk.get(page.download_url).status_code == 200
        assert page.again is None

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (locked("geheim"), "Die Datei ist mit einem Kennwort geschützt."),
            (b"%PDF-1.7 nichts", "Die Datei ist beschädigt und lässt sich nicht anzeigen."),
        ],
    )
    def test_says_why_it_shows_nothing_and_leads_to_asking_again(
        self, desk: Client, content: bytes, says: str
    ) -> None:
        process = submitted()
        page = view(desk, filed(content, process=process))

        assert page.problem is not None
        assert page.problem.text == says
        assert page.again is not None
        assert page.again.url == f"/cases/{process.case_id}#a-request_proof"

    def test_is_there_for_inbox_items_too(self, desk: Client) -> None:
        sent = body(form={}, on_invalid="clarify")
        sent["attachments"] = [
            sent["attachments"][0] | {"upload": uploaded(portal(), letter())},
        ]
        submit(sent)
        item = InboxItem.objects.get()
        page = desk.get(f"/inbox/{item.id}/files/0/view").context["page"]
        (sheet,) = page.sheets

        assert desk.get(sheet.image_url).headers["Content-Type"] == "image/png"
        assert desk.get(sheet.layer_url).status_code == 200
        assert desk.get(page.text_url).context["page"].sections[0].text.startswith("Amtliches")
        assert desk.get(f"/inbox/{item.id}").context["page"].attachments[0].selected

    def test_is_refused_alike_for_what_is_foreign_and_what_is_absent(
        self, signed_in: SignedIn
    ) -> None:
        document, stranger = filed(letter()), signed_in("j.kessler")
        answers = [
            stranger.get(f"/documents/{key}{what}")
            for key in (document, uuid4())
            for what in ("/view", "/text", "/pages/1.png?w=800", "/pages/1.svg")
        ]

        assert {answer.status_code for answer in answers} == {404}
        assert len({without_numbers(answer) for answer in answers}) == 1

    def test_costs_the_same_for_one_page_and_for_many(self, desk: Client) -> None:
        process = submitted()
        drained()
        costs = []
        for content in (letter(1), letter(60)):
            document = filed(content, process=process)
            drained()
            with CaptureQueriesContext(connection) as captured:
                desk.get(f"/documents/{document}/view", headers=HTMX)
            costs.append(len(captured) - SIGNED_IN)

        # The document, what the checks go by (2), and a verb's savepoint, which only tests have.
        assert costs[0] == costs[1] <= 5


def without_numbers(response: Any) -> str:
    return re.sub(r"[0-9a-f-]{8,}|\s+", " ", response.content.decode())


class TestAPicture:
    @pytest.mark.parametrize(
        ("content", "media_type"),
        [(letter(), "image/png"), (photograph((900, 600)), "image/jpeg")],
        ids=["grey", "photograph"],
    )
    def test_is_merely_seen(self, desk: Client, content: bytes, media_type: str) -> None:
        headers = desk.get(f"/documents/{filed(content)}/pages/1.png?w=800").headers

        assert headers["Content-Type"] == media_type
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "private, no-store"

    @pytest.mark.parametrize("query", ["w=801", "w=99999", "w=-1", "w=x", "w=800&turn=45"])
    def test_comes_in_no_other_shape(self, desk: Client, query: str) -> None:
        assert desk.get(f"/documents/{filed(letter())}/pages/1.png?{query}").status_code == 404

    @pytest.mark.parametrize("page", ["0", "2", "201", "999999"])
    def test_of_a_page_there_is_not_is_not_found(self, desk: Client, page: str) -> None:
        document = filed(letter())

        assert desk.get(f"/documents/{document}/pages/{page}.png?w=400").status_code == 404
        assert desk.get(f"/documents/{document}/pages/{page}.svg").status_code == 404

    def test_of_what_cannot_be_drawn_is_none(self, desk: Client) -> None:
        document = filed(locked("geheim"))

        assert desk.get(f"/documents/{document}/pages/1.png?w=400").status_code == 422
        assert desk.get(f"/documents/{document}/pages/1.svg").status_code == 422
        assert desk.get(f"/documents/{document}/pages/1.svg", headers=HTMX).status_code == 204

    def test_without_its_content_says_that_it_is_out_of_order(self, desk: Client) -> None:
        content = letter(7)
        document = filed(content)
        stored = default_store().write([content], max_bytes=len(content))
        default_store().delete(stored.sha256)

        assert desk.get(f"/documents/{document}/pages/1.png?w=400").status_code == 503

    def test_is_no_way_around_the_rights(self, desk: Client, signed_in: SignedIn) -> None:
        address = f"/documents/{filed(letter())}/pages/1.png?w=400"
        assert desk.get(address).status_code == 200

        assert signed_in("j.kessler").get(address).status_code == 404


class TestTheText:
    def test_lies_over_the_picture(self, desk: Client) -> None:
        document = filed(letter(text="<b>Müller</b> & Söhne"))
        response = desk.get(f"/documents/{document}/pages/1.svg", headers=HTMX)
        layer = response.content.decode()

        assert "&lt;b&gt;Müller&lt;/b&gt;" in layer
        assert "<image" not in layer
        assert re.search(r'<tspan x="[\d.]+" textLength="[\d.]+"', layer)
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")

    def test_opened_by_itself_brings_its_picture(self, desk: Client) -> None:
        response = desk.get(f"/documents/{filed(letter())}/pages/1.svg")
        (image,) = re.findall(r'<image href="([^"]+)"', response.content.decode())

        assert response.headers["Content-Type"].startswith("image/svg+xml")
        assert desk.get(image).status_code == 200

    def test_writes_numbers_as_svg_does_in_any_language(self, desk: Client) -> None:
        layer = desk.get(f"/documents/{filed(letter())}/pages/1.svg?turn=90").content.decode()

        assert 'viewBox="0 0 842.0 595.0"' in layer
        assert 'transform="matrix(0 1 -1 0 842.0 0)"' in layer

    def test_can_be_read_page_by_page(self, desk: Client) -> None:
        page = desk.get(f"/documents/{filed(letter(2))}/text").context["page"]

        assert isinstance(page, TextPage)
        assert [section.heading for section in page.sections] == ["Seite 1", "Seite 2"]
        assert page.sections[1].text == "Amtliches Kennzeichen MS-AB 123, Seite 2"

    def test_of_a_scan_says_that_there_is_none(self, desk: Client) -> None:
        document = filed(picture("PNG", (600, 800)), "image/png")

        assert "kein Text zu lesen" in desk.get(f"/documents/{document}/text").content.decode()


class TestASearch:
    def test_finds_and_counts_in_any_spelling(self, desk: Client) -> None:
        document = filed(letter(3, text="Frau MÜLLER-Groß"))
        page = view(desk, document, q="mueller gross")

        assert page.search.summary == "3 Treffer"
        assert [hit.url for hit in page.search.hits] == ["#hit-1", "#hit-2", "#hit-3"]
        assert [len(sheet.marks) for sheet in page.sheets] == [1, 1, 1]
        assert page.go == "hit-1"

    def test_frames_what_it_found(self, desk: Client) -> None:
        (sheet,) = view(desk, filed(letter()), q="kennzeichen").sheets
        (mark,) = sheet.marks
        (box,) = mark.boxes

        assert 145 < float(box.x) < 160
        assert float(box.y) < 842 - 742 < float(box.y) + float(box.height)

    def test_says_when_there_is_nothing(self, desk: Client) -> None:
        assert view(desk, filed(letter()), q="Elefant").search.summary == "Kein Treffer"

    @pytest.mark.parametrize("query", ["", "a", "  ", "."])
    def test_for_nothing_looks_for_nothing(self, desk: Client, query: str) -> None:
        assert view(desk, filed(letter()), q=query).search.query == ""

    def test_leaves_no_name_in_an_address(self, desk: Client) -> None:
        page = view(desk, filed(letter(text="Müller")), q="Müller")

        assert "ller" not in page.url + page.turn_url + page.sheets[0].layer_url


class TestEvidence:
    def test_is_outlined_and_can_be_led_to(self, desk: Client) -> None:
        process = submitted()
        drained()
        plate = Application.of(process).form["plate"]
        document = filed(letter(2, text=f"Kennzeichen {plate}"), process=process)
        drained()
        page = view(desk, document, "?mark=keeper")

        assert page.go == "mark-keeper-1"
        chosen = [mark for sheet in page.sheets for mark in sheet.marks if mark.is_chosen]
        assert [mark.label for mark in chosen] == [f"Fundstelle: {plate}"] * 2

    def test_leads_to_the_page_that_says_most(self, desk: Client) -> None:
        process = submitted()
        application = Application.of(process)
        name, plate = application.applicant["family_name"], application.form["plate"]
        filed(letter(text=f"Frau {name}"), process=process)
        best = filed(letter(text=f"{name}, {plate.replace('-', ' ')}"), process=process)
        assert evidence_of(open_dossier(process.case_id, by=colleague())) == {}

        drained()
        found = evidence_of(open_dossier(process.case_id, by=colleague()))["keeper"]
        assert (found.document, found.page) == (str(best), 1)
        assert desk.get(found.url).context["page"].go == found.anchor

    def test_is_not_read_for_a_page_that_nobody_asked_to_be_marked(self, desk: Client) -> None:
        process = submitted()
        drained()
        page = view(desk, filed(letter(), process=process))

        assert page.sheets[0].marks == ()


class TestWhoLookedIsKept:
    def test_once_for_a_reading_however_many_pages(self, signed_in: SignedIn) -> None:
        case = opened(unit="jugendamt", access_class="youth")
        document = filed(letter(3), case=case.id)
        desk = signed_in("y.demir")
        for address in ("pages/1.png?w=400", "pages/2.png?w=400", "pages/1.svg", "text"):
            assert desk.get(f"/documents/{document}/{address}").status_code == 200
        readings = JournalEntry.objects.filter(
            chain_id=case.id, kind="document.fetched", actor=colleague("y.demir").key
        )

        assert readings.count() == 1
