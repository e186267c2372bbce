"""What a page weighs when it is opened for the first time: HTML, style sheets, scripts, fonts."""

import gzip
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from backoffice.config.bench.weight import first_load
from efile import filing
from tests.efile.cases import opened
from tests.factories import AT, colleague, drained, submitted
from workflows.questions import ask_applicant

pytestmark = pytest.mark.django_db

KB = 1024
HTML, ALL = 40 * KB, 250 * KB


def static(address: str) -> tuple[int, bytes]:
    """A static file, and its size as it is sent: fonts are compressed already."""
    path = finders.find(address.removeprefix(f"/{settings.STATIC_URL.strip('/')}/"))
    assert path, address
    content = Path(path).read_bytes()
    is_text = path.endswith((".css", ".js"))
    return len(gzip.compress(content) if is_text else content), content


def html_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def pages(desk: Client) -> dict[str, str]:
    """The pages of a caseworker's day as she finds them after a while."""
    process = submitted()
    for _ in range(50):
        submitted()
    for number in range(20):
        filing.write_note(process.case_id, f"Notiz {number}. " * 20, by=colleague(), at=AT)
    question = "Bitte senden Sie uns den Fahrzeugschein. " * 5
    ask_applicant(process.case_id, text=question, proofs=[], days=14, by=colleague(), at=AT)
    drained()
    addresses = {
        "work list": "/",
        "case": f"/cases/{process.case_id}",
        "file plan": "/file-plan?unfold=1",
        "case file": f"/files/{opened().case_file_id}",
        "journal": f"/cases/{process.case_id}/journal",
    }
    return {name: html_of(desk, address) for name, address in addresses.items()}


class TestThePages:
    def test_weigh_little(self, pages: dict[str, str]) -> None:
        heavy = {}
        for name, html in pages.items():
            page = len(gzip.compress(html.encode(), compresslevel=6))
            whole = page + sum(size for _, size in first_load(html, static))
            if page > HTML or whole > ALL:
                heavy[name] = (page / KB, whole / KB)

        assert heavy == {}

    def test_are_weighed_with_all_they_load(self, pages: dict[str, str]) -> None:
        names = {name.rpartition("/")[2] for name, _ in first_load(pages["case"], static)}

        assert {"kern.min.css", "laufmappe.css", "laufmappe.js", "htmx.min.js"} <= names
        assert {"fira-sans-400.woff2", "noto-sans-latin-400.woff2"} <= names
        assert "noto-sans-greek-cyrillic-400.woff2" not in names


class TestWhatIsSent:
    def test_is_compressed_where_it_is_a_page(self, desk: Client) -> None:
        response = desk.get("/file-plan", headers={"Accept-Encoding": "gzip, br"})

        assert response.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in response.headers["Vary"]
        assert "Aktenplan" in gzip.decompress(response.content).decode()

    def test_is_plain_for_those_who_cannot_read_it_otherwise(self, desk: Client) -> None:
        assert "Content-Encoding" not in desk.get("/file-plan").headers

    def test_has_a_length_that_betrays_nothing(self, desk: Client) -> None:
        sizes = {
            len(desk.get("/file-plan", headers={"Accept-Encoding": "gzip"}).content)
            for _ in range(8)
        }

        assert len(sizes) > 1

    def test_is_left_alone_where_it_is_no_page(self, desk: Client) -> None:
        process = submitted()
        drained()
        asked = {"Accept-Encoding": "gzip"}
        table = desk.get(f"/cases/{process.case_id}/journal.csv", headers=asked)
        openapi = desk.get("/api/v1/openapi.json", headers=asked)

        assert "Content-Encoding" not in table.headers
        assert "Content-Encoding" not in openapi.headers

    def test_lies_compressed_on_disk_where_it_is_a_style_sheet(self) -> None:
        from backoffice.config import settings as running

        kind = running.STORAGES["staticfiles"]["BACKEND"]
        assert kind == "whitenoise.storage.CompressedManifestStaticFilesStorage"
