"""Tests of backoffice.pages.views.documents: looked at or taken along, by those who may."""

from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from efile.filing import NewDocument, content_for, file_documents
from efile.kernel.ids import uuid7
from efile.models import Document
from efile.storage import default_store
from tests.backoffice.pages.conftest import SignedIn
from tests.factories import AT, colleague, submitted

pytestmark = pytest.mark.django_db


def filed(data: bytes, media_type: str, filename: str) -> Document:
    """A document of a case, its bytes in the store."""
    process, by = submitted(), colleague()
    stored = default_store().write([data], max_bytes=len(data), expected_sha256=None)
    new = NewDocument(
        id=uuid7(),
        kind="attachment",
        title=filename,
        content_id=content_for(by.tenant_id, stored, media_type, at=AT),
        sha256=stored.sha256,
        filename=filename,
    )
    file_documents(process.case_id, [new], by=by, at=AT)
    return Document.objects.get(id=new.id)


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


class TestADocument:
    def test_is_shown_byte_for_byte(self, desk: Client) -> None:
        document = filed(b"%PDF-1.7 whatever", "application/pdf", "Schein.pdf")
        response = desk.get(f"/documents/{document.id}")

        assert body_of(response) == b"%PDF-1.7 whatever"
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["Content-Disposition"] == 'inline; filename="Schein.pdf"'
        assert response.headers["Content-Length"] == "17"

    def test_runs_nothing_and_belongs_to_no_site(self, desk: Client) -> None:
        document = filed(b"%PDF-1.7 whatever", "application/pdf", "Schein.pdf")
        headers = desk.get(f"/documents/{document.id}").headers

        assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "private, no-store"

    @pytest.mark.parametrize(
        ("media_type", "shown"),
        [
            ("application/pdf", True),
            ("image/png", True),
            ("image/jpeg", True),
            ("text/html", False),
            ("image/svg+xml", False),
            ("application/xml", False),
        ],
    )
    def test_is_shown_only_if_it_is_merely_looked_at(
        self, desk: Client, media_type: str, shown: bool
    ) -> None:
        document = filed(b"<svg onload='x()'>", media_type, "Datei")
        headers = desk.get(f"/documents/{document.id}").headers

        disposition = headers["Content-Disposition"].partition(";")[0]
        assert disposition == ("inline" if shown else "attachment")
        assert headers["Content-Type"] == (media_type if shown else "application/octet-stream")

    def test_is_taken_along_under_its_name(self, desk: Client) -> None:
        name = 'Bescheid "Đorđe"\r\nX: y.pdf'
        document = filed(b"%PDF-1.7 whatever", "application/pdf", name)
        disposition = desk.get(f"/documents/{document.id}/download").headers["Content-Disposition"]

        assert disposition.startswith("attachment; filename*=utf-8''")
        assert "\n" not in disposition

    def test_of_a_case_one_does_not_see_looks_like_none(self, signed_in: SignedIn) -> None:
        document = filed(b"%PDF-1.7 whatever", "application/pdf", "Schein.pdf")
        stranger = signed_in("j.kessler")

        assert stranger.get(f"/documents/{document.id}").status_code == 404
        assert stranger.get(f"/documents/{uuid4()}").status_code == 404

    def test_is_not_handed_out_without_its_content(self, desk: Client) -> None:
        document = filed(b"%PDF-1.7 gone", "application/pdf", "Schein.pdf")
        default_store().delete(sha256(b"%PDF-1.7 gone").hexdigest())
        response = desk.get(f"/documents/{document.id}")

        assert response.status_code == 503
        assert "Der Betrieb ist gefragt." in response.content.decode()
