"""The bytes of a document, whole or in part."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from efile.kernel.ids import uuid7
from efile.models import Document, DocumentVersion
from tests.api.calling import PDF, Portal

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed(portal: Portal) -> tuple[str, dict[str, Any]]:
    """The address of a document on file, and what the status says of it."""
    body = portal.application()
    body["attachments"][0]["upload"] = portal.upload(PDF, "%C3%84pfel.pdf")
    receipt = portal.submit(body).json
    [document] = portal.get(f"submissions/{receipt['id']}").json["documents"]
    return f"submissions/{receipt['id']}/documents/{document['id']}", document


def test_it_is_what_was_sent(portal: Portal, filed: tuple[str, dict[str, Any]]) -> None:
    address, document = filed
    answer = portal.get(address, {"Accept": "application/pdf"})
    assert (answer.status, answer.bytes) == (200, PDF)
    assert answer.headers["Content-Type"] == document["media_type"] == "application/pdf"
    assert answer.headers["Content-Length"] == str(document["size"])
    assert answer.headers["ETag"] == f'"{document["sha256"]}"'


def test_it_never_runs_in_a_browser(portal: Portal, filed: tuple[str, dict[str, Any]]) -> None:
    headers = portal.get(filed[0]).headers
    assert headers["Content-Disposition"] == "attachment; filename*=utf-8''%C3%84pfel.pdf"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("asked", "part", "told"),
    [
        ("bytes=0-3", PDF[:4], f"bytes 0-3/{len(PDF)}"),
        ("bytes=4-", PDF[4:], f"bytes 4-{len(PDF) - 1}/{len(PDF)}"),
        ("bytes=-5", PDF[-5:], f"bytes {len(PDF) - 5}-{len(PDF) - 1}/{len(PDF)}"),
    ],
)
def test_it_comes_in_parts(
    portal: Portal, filed: tuple[str, dict[str, Any]], asked: str, part: bytes, told: str
) -> None:
    answer = portal.get(filed[0], {"Range": asked})
    assert (answer.status, answer.bytes) == (206, part)
    assert answer.headers["Content-Range"] == told
    assert answer.headers["Content-Length"] == str(len(part))


def test_it_ends_where_it_ends(portal: Portal, filed: tuple[str, dict[str, Any]]) -> None:
    answer = portal.get(filed[0], {"Range": "bytes=1000-"})
    assert (answer.status, answer.code) == (416, "range_not_satisfiable")
    assert answer.headers["Content-Range"] == f"bytes */{len(PDF)}"


def test_it_comes_whole_where_the_part_is_of_another_state(
    portal: Portal, filed: tuple[str, dict[str, Any]]
) -> None:
    answer = portal.get(filed[0], {"Range": "bytes=0-3", "If-Range": '"other"'})
    assert (answer.status, answer.bytes) == (200, PDF)


def test_looking_is_not_fetching(portal: Portal, filed: tuple[str, dict[str, Any]]) -> None:
    assert portal.call("HEAD", filed[0]).status == 405


def test_it_is_not_there_where_it_is_not_for_the_applicant(
    portal: Portal, filed: tuple[str, dict[str, Any]]
) -> None:
    Document.objects.update(is_public=False)
    assert portal.get(filed[0]).status == 404
    assert portal.get(f"{filed[0].rpartition('/')[0]}/{uuid7()}").status == 404


def test_it_is_the_latest_version(portal: Portal, filed: tuple[str, dict[str, Any]]) -> None:
    address, document = filed
    first = DocumentVersion.objects.get(document_id=document["id"])
    newer = portal.submitted()["attachments"][0]
    content = DocumentVersion.objects.get(document_id=newer["document"]).content_id
    DocumentVersion.objects.create(
        tenant_id=first.tenant_id,
        document_id=first.document_id,
        number=2,
        content_id=content,
        filename="neu.pdf",
        made_at=first.made_at,
        made_by=first.made_by,
    )
    assert portal.get(address).headers["ETag"] == f'"{newer["sha256"]}"'


@pytest.mark.parametrize("damage", ["altered", "missing"])
def test_it_is_not_handed_out_when_damaged(
    portal: Portal, filed: tuple[str, dict[str, Any]], settings: LazySettings, damage: str
) -> None:
    sha256 = filed[1]["sha256"]
    path = Path(settings.STORAGE_ROOT, sha256[:2], sha256[2:4], sha256)
    kept = path.read_bytes()
    path.unlink()
    if damage == "altered":
        path.write_bytes(kept.replace(b"1 0 obj", b"2 0 obj"))
    try:
        answer = portal.get(filed[0])
    finally:
        path.write_bytes(kept)
    assert (answer.status, answer.code) == (503, f"content_{damage}")
