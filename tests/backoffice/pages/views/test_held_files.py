"""Files that wait for the scanner, or hold malware: shown with a mark, and never opened."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from efile.models import Content, Document
from tests import factories
from tests.factories import AT, colleague, submitted
from workflows.clarifying import open_items

pytestmark = pytest.mark.django_db

PENDING, INFECTED = "wird auf Schadprogramme geprüft", "enthält ein Schadprogramm"


@pytest.fixture(autouse=True)
def scanner(settings: Settings) -> None:
    """One that is away."""
    settings.CLAMD_URL = "tcp://127.0.0.1:1"


def infect() -> None:
    Content.objects.update(scan="infected", scanned_at=AT)


def clear() -> None:
    Content.objects.update(scan="clean", scanned_at=AT)


def text(desk: Client, address: str) -> str:
    return desk.get(address).content.decode()


class TestADocument:
    def test_is_marked_in_its_case_and_opened_by_nobody(self, desk: Client) -> None:
        case = submitted().case_id
        document = Document.objects.get(case_id=case)
        addresses = [
            f"/documents/{document.id}",
            f"/documents/{document.id}/download",
            f"/documents/{document.id}/view",
            f"/documents/{document.id}/text",
            f"/documents/{document.id}/pages/1.png",
        ]

        page = text(desk, f"/cases/{case}")
        assert PENDING in page
        assert f'hx-get="/documents/{document.id}/view"' not in page
        for address in addresses:
            response = desk.get(address)
            assert response.status_code == 409, address
            assert "Wird noch geprüft" in response.content.decode()

        infect()
        assert INFECTED in text(desk, f"/cases/{case}")
        assert {desk.get(address).status_code for address in addresses} == {409}

        clear()
        page = text(desk, f"/cases/{case}")
        assert PENDING not in page
        assert INFECTED not in page
        assert f'hx-get="/documents/{document.id}/view"' in page
        assert desk.get(addresses[0]).status_code == 200

    def test_is_marked_in_its_file(self, desk: Client) -> None:
        process = submitted()
        document = Document.objects.get(case_id=process.case_id)
        address = f"/files/{process.case.case_file_id}"
        page = text(desk, address)
        assert PENDING in page
        assert f'href="/documents/{document.id}"' not in page
        clear()
        page = text(desk, address)
        assert PENDING not in page
        assert f'href="/documents/{document.id}"' in page

    def test_is_marked_where_it_is_damaged(self, desk: Client) -> None:
        case = submitted().case_id
        Content.objects.update(scan="clean", scanned_at=AT, flaw="broken_pdf")
        assert "beschädigtes PDF" in text(desk, f"/cases/{case}")


class TestAnAttachmentInTheInbox:
    def test_is_marked_and_opened_by_nobody(self, desk: Client) -> None:
        factories.submit(factories.body(form={}, on_invalid="clarify"))
        items, _ = open_items(by=colleague())
        address = f"/inbox/{items[0].id}"
        opening: list[Any] = [f"{address}/files/0", f"{address}/files/0/view"]
        assert PENDING in text(desk, address)
        assert {desk.get(one).status_code for one in opening} == {409}
        clear()
        assert PENDING not in text(desk, address)
        assert desk.get(opening[0]).status_code == 200
