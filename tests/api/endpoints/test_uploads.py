"""What may be handed in as a file."""

import hashlib
import io
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from efile.kernel.clock import real_now
from efile.models import Upload
from efile.storage import default_store
from tests.api.calling import PDF, Portal, token_for

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
JPEG = b"\xff\xd8\xff\xe0" + bytes(32)


def zipped(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "x")
    return buffer.getvalue()


def arriving(portal: Portal, **environment: Any) -> Any:
    """The answer to a PDF that reaches the application in this WSGI environment."""
    headers = {"Authorization": f"Bearer {token_for(portal.client_id)}"}
    environment["wsgi.input"] = io.BytesIO(PDF)
    return Client().generic("POST", "/api/v1/uploads", headers=headers, **environment)


class TestAFile:
    def test_is_kept_until_it_expires(self, portal: Portal, settings: LazySettings) -> None:
        told = portal.send_file(PDF, "application/pdf", "F%C3%BChrerschein.pdf").json
        assert told["sha256"] == hashlib.sha256(PDF).hexdigest()
        assert (told["size"], told["media_type"]) == (len(PDF), "application/pdf")
        assert told["filename"] == "Führerschein.pdf"
        lifetime = datetime.fromisoformat(told["expires_at"]) - real_now()
        assert timedelta(hours=settings.UPLOAD_LIFETIME_HOURS - 1) < lifetime
        with default_store().open(told["sha256"]) as kept:
            assert kept.read() == PDF

    @pytest.mark.parametrize(
        ("content", "declared", "media_type"),
        [
            (PDF, "application/pdf", "application/pdf"),
            (PDF, "Application/PDF; charset=binary", "application/pdf"),
            (PDF, "application/octet-stream", "application/pdf"),
            (PDF, "", "application/pdf"),
            (PNG, "image/png", "image/png"),
            (JPEG, "image/jpg", "image/jpeg"),
            (b"a;b\n1;2\n", "text/csv", "text/csv"),
            ("Grüße".encode(), "text/plain; charset=utf-8", "text/plain"),
        ],
    )
    def test_is_what_its_bytes_are(
        self, portal: Portal, content: bytes, declared: str, media_type: str
    ) -> None:
        assert portal.send_file(content, declared).json["media_type"] == media_type

    @pytest.mark.parametrize(
        ("content", "declared", "rule"),
        [
            (b"", "application/pdf", "empty_file"),
            (PNG, "application/pdf", "media_type_mismatch"),
            (PDF, "image/png", "media_type_mismatch"),
            (b"<html><script>alert(1)</script>", "text/html", "media_type"),
            (b"<html><script>alert(1)</script>", "application/pdf", "media_type"),
            (b"<!-- x --><svg onload='alert(1)'>", "image/svg+xml", "media_type"),
            (b"MZ\x90\x00" + bytes(64), "application/pdf", "media_type"),
            (b"\x7fELF" + bytes(64), "application/octet-stream", "media_type"),
            (b"#!/bin/sh\nrm -rf /\n", "text/plain", "media_type"),
            (zipped("virus.exe"), "application/zip", "media_type"),
            (zipped("virus.exe"), "application/pdf", "media_type"),
            (bytes(range(256)) * 4, "application/pdf", "media_type"),
            (b"%!PS-Adobe-3.0", "application/postscript", "media_type"),
        ],
    )
    def test_is_refused_where_it_is_something_else(
        self, portal: Portal, content: bytes, declared: str, rule: str
    ) -> None:
        answer = portal.send_file(content, declared)
        assert (answer.status, answer.faults) == (422, {("", rule)})
        assert not Upload.objects.exists()

    def test_is_refused_where_its_digest_is_another(self, portal: Portal) -> None:
        other = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"
        answer = portal.send_file(PDF, "application/pdf", Content_Digest=other)
        [fault] = answer.json["errors"]
        assert (answer.status, answer.code) == (400, "malformed")
        assert (fault["header"], fault["rule"]) == ("Content-Digest", "content_digest")

    def test_may_come_without_a_digest(self, portal: Portal) -> None:
        answer = portal.send_file(PDF, "application/pdf", Content_Digest="sha-512=:AA==:")
        assert answer.status == 201

    def test_has_a_limit(self, portal: Portal, settings: LazySettings) -> None:
        settings.UPLOAD_MAX_BYTES = len(PDF)
        assert portal.send_file(PDF, "application/pdf").status == 201
        answer = portal.send_file(PDF + b"\n", "application/pdf")
        assert (answer.status, answer.code) == (413, "too_large")

    def test_must_arrive_as_a_whole(self, portal: Portal) -> None:
        response = arriving(portal, CONTENT_LENGTH="900")
        assert response.status_code == 400
        assert response.json()["errors"][0]["rule"] == "content_length"

    def test_may_come_in_chunks(self, portal: Portal) -> None:
        chunks = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
        assert arriving(portal, **chunks).json()["size"] == len(PDF)

    def test_needs_a_length_where_the_server_cannot_tell_its_end(self, portal: Portal) -> None:
        answer = portal.send_file(PDF, "application/pdf", Transfer_Encoding="chunked")
        assert (answer.status, answer.code) == (411, "length_required")

    def test_waits_while_the_disk_is_away(self, portal: Portal, settings: LazySettings) -> None:
        settings.STORAGE_ROOT = "/dev/null/storage"
        answer = portal.send_file(PDF, "application/pdf")
        assert (answer.status, answer.code) == (503, "storage_unavailable")
        assert answer.headers["Retry-After"] == "5"


class TestAnUpload:
    def test_is_used_once(self, portal: Portal) -> None:
        body = portal.application()
        assert portal.submit(body).status == 201
        again = portal.submit(body)
        assert again.status == 422
        assert again.faults == {("/attachments/0/upload", "upload_not_available")}

    def test_is_gone_once_it_has_expired(self, portal: Portal) -> None:
        body = portal.application()
        Upload.objects.update(expires_at=real_now() - timedelta(seconds=1))
        assert portal.submit(body).faults == {("/attachments/0/upload", "upload_not_available")}

    def test_must_be_what_the_proof_allows(self, portal: Portal) -> None:
        body = portal.application()
        sent = portal.send_file(b"a;b\n", "text/csv").json
        body["attachments"][0]["upload"] = sent["id"]
        assert portal.submit(body).faults == {("/attachments/0/upload", "media_type")}
