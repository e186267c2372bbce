"""What becomes of a file, whatever it is: each gets a clear answer."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings

from efile.models import Content, Upload
from efile.picture_sizes import pixels_of
from tests.api.calling import Portal
from tests.api.endpoints import files
from tests.efile.eicar import EICAR
from tests.efile.storing import files_in
from tests.environment import clamd_url

pytestmark = pytest.mark.django_db

Made = bytes | Callable[[], bytes]
PDF, PNG, JPEG, TIFF = "application/pdf", "image/png", "image/jpeg", "image/tiff"
HUGE = (30_000, 10_000)
HTML = b"<html><script>alert(1)</script></html>"


@pytest.fixture(autouse=True)
def places(settings: Settings, tmp_path: Any) -> Any:
    """A store and a cache of its own for each test."""
    settings.STORAGE_ROOT = tmp_path / "storage"
    settings.VIEWS_ROOT = tmp_path / "views"
    return settings.STORAGE_ROOT


def of(made: Made) -> bytes:
    return made() if callable(made) else made


@pytest.mark.parametrize(
    ("made", "media_type", "rule"),
    [
        pytest.param(b"", PDF, "empty_file", id="nothing"),
        pytest.param(lambda: files.pdf("geheim"), PDF, "encrypted_pdf", id="locked PDF"),
        pytest.param(files.swollen, files.DOCX, "archive_bomb", id="bomb"),
        pytest.param(files.overlapping, files.DOCX, "archive_bomb", id="overlapping entries"),
        pytest.param(
            lambda: files.docx(word__media__more_zip=b"PK"),
            files.DOCX,
            "archive_bomb",
            id="ZIP in it",
        ),
        pytest.param(
            lambda: files.docx(word__embeddings__a_xlsx=files.swollen()),
            files.DOCX,
            "archive_bomb",
            id="bomb in a sheet in it",
        ),
        pytest.param(
            lambda: files.docx(a_docx=files.docx(b_docx=files.docx())),
            files.DOCX,
            "archive_bomb",
            id="too deep",
        ),
        pytest.param(lambda: files.png(*HUGE), PNG, "image_too_large", id="large PNG"),
        pytest.param(lambda: files.jpeg_of(*HUGE), JPEG, "image_too_large", id="large JPEG"),
        pytest.param(lambda: files.tiff_of(*HUGE), TIFF, "image_too_large", id="large page"),
        pytest.param(
            lambda: files.webp_of(*HUGE), "image/webp", "image_too_large", id="large WebP"
        ),
        pytest.param(
            lambda: files.heic_of(*HUGE), "image/heic", "image_too_large", id="large HEIC"
        ),
        pytest.param(
            lambda: files.pdf() + files.packed({"a.class": b"x"}), PDF, "polyglot", id="PDF and JAR"
        ),
        pytest.param(
            lambda: files.picture("PNG") + files.packed({"a": b"x"}),
            PNG,
            "polyglot",
            id="PNG and ZIP",
        ),
        pytest.param(
            lambda: files.picture("JPEG") + files.packed({}),
            JPEG,
            "polyglot",
            id="and an empty ZIP",
        ),
        pytest.param(lambda: b"<note>" + files.pdf(), PDF, "polyglot", id="markup before a PDF"),
        pytest.param(
            lambda: files.picture("JPEG")[:20] + files.pdf(), JPEG, "polyglot", id="PDF in a JPEG"
        ),
        pytest.param(lambda: HTML + files.pdf(), PDF, "media_type", id="page before a PDF"),
    ],
)
def test_is_refused(portal: Portal, places: Any, made: Made, media_type: str, rule: str) -> None:
    answer = portal.send_file(of(made), media_type)
    assert (answer.status, answer.faults) == (422, {("", rule)})
    assert not Upload.objects.exists()
    assert files_in(places) == []


@pytest.mark.parametrize(
    ("made", "media_type", "notices"),
    [
        pytest.param(files.pdf, PDF, [], id="PDF"),
        pytest.param(files.printable_only, PDF, [], id="PDF that forbids changes"),
        pytest.param(lambda: b"\r\n\r\n" + files.pdf(), PDF, [], id="PDF after empty lines"),
        pytest.param(lambda: files.pdf()[:-200], PDF, [], id="PDF that was cut off"),
        pytest.param(b"%PDF-1.7\nkaputt", PDF, ["broken_pdf"], id="broken PDF"),
        pytest.param(files.docx, files.DOCX, [], id="Word"),
        pytest.param(
            lambda: files.docx(word__embeddings__a_xlsx=files.docx()),
            files.DOCX,
            [],
            id="sheet in it",
        ),
        pytest.param(lambda: files.docx()[:-30], files.DOCX, ["broken_archive"], id="broken Word"),
        pytest.param(lambda: files.picture("PNG"), PNG, [], id="PNG"),
        pytest.param(lambda: files.picture("JPEG"), JPEG, [], id="JPEG"),
        pytest.param(lambda: files.picture("TIFF"), TIFF, [], id="TIFF"),
        pytest.param(lambda: files.picture("WEBP"), "image/webp", [], id="WebP"),
        pytest.param(lambda: files.png(14_000, 10_000), PNG, [], id="plan"),
    ],
)
def test_is_taken(portal: Portal, made: Made, media_type: str, notices: list[str]) -> None:
    answer = portal.send_file(of(made), media_type)
    assert answer.status == 201
    assert [one["rule"] for one in answer.json["notices"]] == notices
    assert Content.objects.get().flaw == "".join(notices)


def test_is_told_in_the_callers_language(db: None) -> None:
    broken = b"%PDF-1.7\nkaputt"
    for language, word in (("de", "öffnen"), ("en", "opened")):
        told = Portal(language=language).send_file(broken, PDF).json["notices"]
        assert word in told[0]["detail"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("C%3A%5CTemp%5CNachweis.pdf", "Nachweis.pdf"),
        ("x" * 296 + ".pdf", "x" * 116 + ".pdf"),
        ("%E2%80%AEfdp.exe", "fdp.exe"),
        ("CON.pdf", "_CON.pdf"),
        ("", "datei"),
    ],
)
def test_is_kept_under_a_name_that_is_told(portal: Portal, name: str, kept: str) -> None:
    assert portal.send_file(b"Guten Tag", "text/plain", name).json["filename"] == kept


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_pictures_are_measured_by_their_header(kind: str) -> None:
    content = files.picture(kind, 123, 45)
    assert pixels_of(io.BytesIO(content), f"image/{kind.lower()}") == 123 * 45
    for length in range(0, len(content), 7):
        assert pixels_of(io.BytesIO(content[:length]), f"image/{kind.lower()}") >= 0


class TestTheScan:
    @pytest.mark.requires("clamd")
    def test_refuses_malware_and_keeps_no_byte_of_it(
        self, portal: Portal, places: Any, settings: Settings
    ) -> None:
        settings.CLAMD_URL = clamd_url()
        answer = portal.send_file(EICAR, "text/plain")
        assert (answer.status, answer.faults) == (422, {("", "malware")})
        assert files_in(places) == []
        assert portal.send_file(b"Guten Tag", "text/plain").json["scan"] == "clean"

    def test_is_made_up_for_while_the_scanner_is_away(
        self, portal: Portal, settings: Settings
    ) -> None:
        settings.CLAMD_URL = "tcp://127.0.0.1:1"
        body = portal.application()
        upload = body["attachments"][0]["upload"]
        assert portal.get(f"uploads/{upload}").json["scan"] == "pending"

        receipt = portal.submit(body).json

        [document] = portal.get(f"submissions/{receipt['id']}").json["documents"]
        address = f"submissions/{receipt['id']}/documents/{document['id']}"
        assert (portal.get(address).status, portal.get(address).code) == (409, "not_yet_scanned")
        Content.objects.update(scan="clean", scanned_at=receipt["received_at"])
        assert portal.get(address).status == 200
        Content.objects.update(scan="infected")
        assert portal.get(address).code == "infected"

    def test_found_malware_in_an_upload_that_waited(
        self, portal: Portal, settings: Settings
    ) -> None:
        settings.CLAMD_URL = "tcp://127.0.0.1:1"
        for on_invalid in ("reject", "clarify"):
            body = portal.application(on_invalid=on_invalid)
            Content.objects.update(scan="infected", scanned_at="2026-03-10T12:00:00Z")
            answer = portal.submit(body)
            assert answer.faults == {("/attachments/0/upload", "malware")}

    def test_is_none_where_there_is_no_scanner(self, portal: Portal) -> None:
        assert portal.send_file(b"Guten Tag", "text/plain").json["scan"] == "none"
