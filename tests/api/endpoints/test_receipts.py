"""The receipt of a submission as a PDF."""

import hashlib

import pytest

from efile.kernel.ids import uuid7
from tests.api.calling import Portal

pytestmark = pytest.mark.django_db


def test_it_is_a_pdf_known_by_its_digest(portal: Portal) -> None:
    receipt = portal.submit(portal.application()).json
    answer = portal.get(f"submissions/{receipt['id']}/receipt", {"Accept": "application/pdf"})
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.bytes).hexdigest()}"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_it_is_among_the_documents_once_it_was_fetched(portal: Portal) -> None:
    receipt = portal.submit(portal.application()).json
    address = f"submissions/{receipt['id']}"
    pdf = portal.get(f"{address}/receipt").bytes
    documents = portal.get(address).json["documents"]
    [listed] = [one for one in documents if one["kind"] == "receipt"]
    assert listed["sha256"] == hashlib.sha256(pdf).hexdigest()
    assert portal.get(f"{address}/documents/{listed['id']}").bytes == pdf


def test_it_is_there_for_what_is_no_case_yet(portal: Portal) -> None:
    body = portal.application() | {"on_invalid": "clarify", "service": "no-such-service"}
    receipt = portal.submit(body).json
    assert portal.get(f"submissions/{receipt['id']}/receipt").status == 200


def test_another_senders_is_an_absent_one(portal: Portal) -> None:
    another = Portal()
    receipt = portal.submit(portal.application()).json
    foreign = another.get(f"submissions/{receipt['id']}/receipt")
    absent = another.get(f"submissions/{uuid7()}/receipt")
    assert (foreign.status, foreign.bytes) == (absent.status, absent.bytes)
    assert foreign.status == 404
