"""Tests of efile.reading: documents are read by those who see their case, and some with a trace."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from efile.filing import file_documents
from efile.kernel.errors import NotFound
from efile.models import Case
from efile.reading import ONE_READING, look_at_document, note_reading, read_document
from tests.efile.cases import PARKING, new_document, opened, recorded
from tests.factories import AT, colleague, machine

pytestmark = pytest.mark.django_db

READING = "document.fetched"


class TestReadDocument:
    def test_says_what_it_is_and_where_its_bytes_lie(self) -> None:
        case = opened()
        document = new_document()
        file_documents(case.id, [document], by=machine(), at=AT)
        read = read_document(document.id, by=colleague(), at=AT)

        assert (read.id, read.case_id, read.sha256) == (document.id, case.id, document.sha256)
        assert (read.title, read.filename) == ("Nachweis", "Nachweis.txt")
        assert (read.media_type, read.size) == ("text/plain", len(b"Ein Nachweis"))

    @pytest.mark.parametrize(
        ("access_class", "unit", "reader"),
        [
            ("social", "sozialamt", "f.okonkwo"),
            ("tax", "steueramt", "h.quast"),
            ("youth", "jugendamt", "y.demir"),
        ],
    )
    def test_of_a_protected_class_names_the_reader(
        self, access_class: str, unit: str, reader: str
    ) -> None:
        case, document = _filed(unit=unit, access_class=access_class)
        read_document(document, by=colleague(reader), at=AT)

        assert recorded(case).count(READING) == 1

    def test_of_no_particular_secrecy_leaves_no_trace(self) -> None:
        case, document = _filed(unit=PARKING, access_class="general")
        read_document(document, by=colleague(), at=AT)

        assert READING not in recorded(case)

    def test_of_somebody_else_s_looks_like_none(self) -> None:
        _, document = _filed(unit=PARKING, access_class="general")
        for document_id, by in ((document, colleague("j.kessler")), (uuid4(), colleague())):
            with pytest.raises(NotFound):
                read_document(document_id, by=by, at=AT)


class TestLookAtDocument:
    def test_says_the_same_as_reading_it(self) -> None:
        _, document = _filed(unit=PARKING, access_class="general")
        by = colleague()

        assert look_at_document(document, by=by, at=AT) == read_document(document, by=by, at=AT)

    def test_names_the_reader_once_for_all_pages(self) -> None:
        case, document = _filed(unit="sozialamt", access_class="social")
        by = colleague("f.okonkwo")
        for at in (AT, AT, AT + ONE_READING / 2):
            look_at_document(document, by=by, at=at)
        assert recorded(case).count(READING) == 1

        look_at_document(document, by=by, at=AT + ONE_READING)
        assert recorded(case).count(READING) == 2

    def test_names_each_reader_and_each_document(self) -> None:
        case, document = _filed(unit="sozialamt", access_class="social")
        other = new_document()
        file_documents(case.id, [other], by=machine(), at=AT)
        for each in (document, other.id):
            look_at_document(each, by=colleague("f.okonkwo"), at=AT)
            look_at_document(each, by=machine(), at=AT)

        assert recorded(case).count(READING) == 4

    def test_of_somebody_else_s_looks_like_none(self) -> None:
        _, document = _filed(unit=PARKING, access_class="general")
        for document_id, by in ((document, colleague("j.kessler")), (uuid4(), colleague())):
            with pytest.raises(NotFound):
                look_at_document(document_id, by=by, at=AT)


class TestNoteReading:
    def test_names_the_reader_of_what_is_not_on_file(self) -> None:
        case, _ = _filed(unit="sozialamt", access_class="social")
        note_reading(case.id, "Eingangsbestätigung", by=colleague("f.okonkwo"), at=AT)

        assert recorded(case).count(READING) == 1

    def test_of_no_particular_secrecy_leaves_no_trace(self) -> None:
        case, _ = _filed(unit=PARKING, access_class="general")
        note_reading(case.id, "Eingangsbestätigung", by=colleague(), at=AT)

        assert READING not in recorded(case)

    def test_of_somebody_else_s_looks_like_none(self) -> None:
        case, _ = _filed(unit=PARKING, access_class="general")
        for case_id, by in ((case.id, colleague("j.kessler")), (uuid4(), colleague())):
            with pytest.raises(NotFound):
                note_reading(case_id, "Eingangsbestätigung", by=by, at=AT)


def _filed(**changes: Any) -> tuple[Case, UUID]:
    case = opened(**changes)
    document = new_document()
    file_documents(case.id, [document], by=machine(), at=AT)
    return case, document.id
