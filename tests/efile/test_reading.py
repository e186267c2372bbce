"""Tests of efile.reading: documents are read by those who see their case, and some with a trace."""

from uuid import uuid4

import pytest

from efile.kernel.errors import NotFound
from efile.kernel.models import JournalEntry
from efile.models import Case, Document
from efile.reading import read_document
from tests.factories import AT, colleague, submitted

pytestmark = pytest.mark.django_db


def document() -> Document:
    return Document.objects.get(case_id=submitted().case_id)


def readings(case_id: object) -> int:
    return JournalEntry.objects.filter(chain_id=case_id, kind="document.fetched").count()


class TestReadDocument:
    def test_gives_the_latest_version(self) -> None:
        one = document()
        read = read_document(one.id, by=colleague(), at=AT)

        assert (read.case_id, read.media_type) == (one.case_id, "application/pdf")
        assert len(read.sha256) == 64

    def test_leaves_no_trace_for_what_everybody_in_the_unit_reads(self) -> None:
        one = document()
        read_document(one.id, by=colleague(), at=AT)

        assert readings(one.case_id) == 0

    def test_names_the_reader_of_a_protected_case(self) -> None:
        one = document()
        Case.objects.filter(id=one.case_id).update(access_class="social")
        read_document(one.id, by=colleague("r.sandmann"), at=AT)

        assert readings(one.case_id) == 1

    def test_of_somebody_else_s_looks_like_none(self) -> None:
        one = document()
        for document_id, by in ((one.id, colleague("j.kessler")), (uuid4(), colleague())):
            with pytest.raises(NotFound):
                read_document(document_id, by=by, at=AT)
