"""Putting things on file: uploads are claimed once, what is filed stays as it was."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, transaction

from efile.filing import (
    Claimed,
    TextIsEmpty,
    claim_uploads,
    content_for,
    file_documents,
    receive_upload,
    write_message,
    write_note,
)
from efile.kernel.actors import Actor
from efile.kernel.clock import real_now
from efile.kernel.errors import Conflict, FieldError, Invalid, Refusal
from efile.kernel.ids import uuid7
from efile.kernel.verbs import verb
from efile.models import Content, Document, DocumentVersion, Message, Note, Upload
from efile.storage import Stored, default_store
from tests.crowd import together
from tests.efile.cases import by_hand, neighbour, new_document, opened, recorded
from tests.factories import AT, DAY, city, machine, portal, uploaded

pytestmark = pytest.mark.django_db

POINTER = "/attachments/0/upload"


def keep(content: bytes = b"Ein Nachweis") -> Stored:
    return default_store().write([content], max_bytes=len(content))


def claimed(upload: UUID, by: Actor) -> dict[UUID, Claimed]:
    return claim_uploads({upload: POINTER}, by=by)


class TestContentFor:
    def test_keeps_the_same_bytes_once_for_a_city(self) -> None:
        first, again = (content_for(city().pk, keep(), "text/plain", at=AT) for _ in range(2))
        assert first == again

    def test_tells_different_bytes_apart(self) -> None:
        first = content_for(city().pk, keep(), "text/plain", at=AT)
        assert content_for(city().pk, keep(b"Ein anderer"), "text/plain", at=AT) != first

    def test_shares_no_row_among_cities(self) -> None:
        stored = keep()
        ours = content_for(city().pk, stored, "text/plain", at=AT)
        theirs = content_for(neighbour().tenant_id, stored, "text/plain", at=AT)
        assert ours != theirs

    def test_remembers_when_the_bytes_came_first(self) -> None:
        content_for(city().pk, keep(), "text/plain", at=AT)
        content_for(city().pk, keep(), "text/plain", at=AT + DAY)
        assert Content.objects.get(sha256=keep().sha256).stored_at == AT


class TestReceiveUpload:
    def test_keeps_an_upload_for_as_long_as_the_settings_say(self, settings: Any) -> None:
        settings.UPLOAD_LIFETIME_HOURS = 2
        upload = receive_upload(
            keep(), media_type="text/plain", filename="Nachweis.txt", by=portal(), at=AT
        )
        assert upload.expires_at == AT + timedelta(hours=2)
        assert upload.source == "portal:portal"


def unknown() -> UUID:
    return uuid7()


def used() -> UUID:
    upload = UUID(uploaded(portal()))
    claimed(upload, portal())
    return upload


def expired() -> UUID:
    upload = UUID(uploaded(portal()))
    Upload.objects.filter(id=upload).update(expires_at=real_now() - timedelta(seconds=1))
    return upload


def of_another_portal() -> UUID:
    return UUID(uploaded(portal("another")))


def of_another_city() -> UUID:
    abroad = Actor(tenant_id=neighbour().tenant_id, kind="portal", key=portal().key)
    return UUID(uploaded(abroad))


class TestClaimUploads:
    def test_hands_over_what_was_uploaded(self) -> None:
        upload = receive_upload(
            keep(), media_type="text/plain", filename="Wärme.txt", by=portal(), at=real_now()
        )
        (taken,) = claimed(upload.id, portal()).values()
        assert taken == Claimed(
            upload.id,
            upload.content_id,
            keep().sha256,
            len(b"Ein Nachweis"),
            "text/plain",
            "Wärme.txt",
        )

    def test_asks_for_nothing_when_nothing_was_named(self) -> None:
        assert claim_uploads({}, by=portal()) == {}

    @pytest.mark.parametrize(
        "unavailable", [unknown, used, expired, of_another_portal, of_another_city]
    )
    def test_refuses_all_that_is_not_available_in_the_same_words(
        self, unavailable: Callable[[], UUID]
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            claimed(unavailable(), portal())
        assert refusal.value.errors == (FieldError(POINTER, "upload_not_available"),)
        assert refusal.value.facts == {}

    def test_names_every_one_that_is_missing_and_claims_none(self) -> None:
        there = UUID(uploaded(portal()))
        pointers = {uuid7(): "/attachments/0", there: "/attachments/1", uuid7(): "/attachments/2"}
        with pytest.raises(Invalid) as refusal, transaction.atomic():
            claim_uploads(pointers, by=portal())
        assert [error.pointer for error in refusal.value.errors] == [
            "/attachments/0",
            "/attachments/2",
        ]
        assert claimed(there, portal())

    def test_gives_the_upload_back_when_the_filing_is_refused(self) -> None:
        upload = UUID(uploaded(portal()))

        @verb
        def claim_and_refuse() -> None:
            claimed(upload, portal())
            raise Conflict

        with pytest.raises(Conflict):
            claim_and_refuse()
        assert claimed(upload, portal())

    @pytest.mark.django_db(transaction=True)
    def test_lets_one_of_many_have_it(self) -> None:
        upload = UUID(uploaded(portal()))
        answers = together(4, lambda _: claimed(upload, portal()))
        assert len([answer for answer in answers if isinstance(answer, Refusal)]) == 3


class TestFileDocuments:
    def test_puts_documents_on_the_case(self) -> None:
        case, document = opened(), new_document()
        file_documents(case.id, [document], by=machine(), at=AT)
        filed = Document.objects.get(case=case)
        version = DocumentVersion.objects.get(document=filed)
        assert (filed.id, filed.title, filed.filed_at) == (document.id, "Nachweis", AT)
        assert (version.number, version.content_id) == (1, document.content_id)
        assert (version.filename, version.made_by) == ("Nachweis.txt", machine().key)
        assert recorded(case) == ["case.opened", "documents.filed"]

    def test_records_nothing_where_nothing_was_filed(self) -> None:
        case = opened()
        file_documents(case.id, [], by=machine(), at=AT)
        assert recorded(case) == ["case.opened"]

    @pytest.mark.parametrize(
        "statement",
        ["UPDATE efile_documentversion SET number = 2", "DELETE FROM efile_documentversion"],
    )
    def test_leaves_versions_that_nobody_can_change(self, statement: str) -> None:
        file_documents(opened().id, [new_document()], by=machine(), at=AT)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            by_hand(statement)


class TestWriteMessage:
    def test_keeps_what_was_written_to_the_letter(self) -> None:
        case = opened()
        write_message(case.id, "  Bitte um Rückruf.\n", direction="in", by=portal(), at=AT)
        message = Message.objects.get(case=case)
        assert (message.text, message.direction) == ("  Bitte um Rückruf.\n", "in")
        assert (message.author, message.written_at) == (portal().key, AT)
        assert recorded(case)[-1] == "message.written"

    @pytest.mark.parametrize("text", ["", " \n\t "])
    def test_refuses_an_empty_one(self, text: str) -> None:
        case = opened()
        with pytest.raises(TextIsEmpty):
            write_message(case.id, text, direction="out", by=machine(), at=AT)
        assert recorded(case) == ["case.opened"]


class TestWriteNote:
    def test_keeps_what_was_written(self) -> None:
        case = opened()
        write_note(case.id, "Rückruf erbeten.", by=machine(), at=AT)
        note = Note.objects.get(case=case)
        assert (note.text, note.author) == ("Rückruf erbeten.", machine().key)
        assert recorded(case)[-1] == "note.written"

    @pytest.mark.parametrize("text", ["", " \n\t "])
    def test_refuses_an_empty_one(self, text: str) -> None:
        with pytest.raises(TextIsEmpty):
            write_note(opened().id, text, by=machine(), at=AT)
