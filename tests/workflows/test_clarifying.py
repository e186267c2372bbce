"""Tests of workflows.clarifying: what lies in the inbox, for those who may settle it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from efile.kernel.errors import NotFound
from tests.factories import AT, body, colleague, submit
from workflows.clarifying import kept_attachment, open_item, open_items
from workflows.inbox import ItemIsSettled
from workflows.intake import assign_to_service
from workflows.models import InboxItem

pytestmark = pytest.mark.django_db


def kept(days: int = 0) -> InboxItem:
    submit(body(form={}, on_invalid="clarify"), at=AT + timedelta(days=days))
    return InboxItem.objects.latest("id")


class TestOpenItems:
    def test_come_oldest_first_a_page_at_a_time(self) -> None:
        late, early, middle = kept(2), kept(0), kept(1)
        first, total = open_items(by=colleague(), limit=2)
        second, _ = open_items(by=colleague(), offset=2, limit=2)

        assert total == 3
        assert [item.id for item in (*first, *second)] == [early.id, middle.id, late.id]

    def test_are_none_beyond_the_last(self) -> None:
        kept()

        assert open_items(by=colleague(), offset=5) == ([], 0)

    def test_leave_out_what_is_settled(self) -> None:
        assign_to_service(kept().id, "resident-parking", by=colleague(), at=AT)

        assert open_items(by=colleague()) == ([], 0)

    def test_are_not_shown_to_those_who_clarify_nothing(self) -> None:
        kept()

        assert open_items(by=colleague("o.kruse")) == ([], 0)


class TestOpenItem:
    def test_has_the_faults_as_they_were_found(self) -> None:
        item = open_item(kept().id, by=colleague())

        assert {(error.pointer, error.rule) for error in item.errors} == {
            ("/form/plate", "required"),
            ("/form/zone", "required"),
        }
        assert item.applicant == "Yılmaz, Đorđe"

    def test_is_refused_once_it_is_settled(self) -> None:
        item = kept()
        assign_to_service(item.id, "resident-parking", by=colleague(), at=AT)

        with pytest.raises(ItemIsSettled):
            open_item(item.id, by=colleague())

    def test_of_somebody_else_looks_like_none(self) -> None:
        for item_id, by in ((kept().id, colleague("j.kessler")), (uuid4(), colleague())):
            with pytest.raises(NotFound):
                open_item(item_id, by=by)


class TestKeptAttachment:
    def test_is_one_of_the_files_that_came_along(self) -> None:
        item = kept()

        assert kept_attachment(item.id, 0, by=colleague()).media_type == "application/pdf"
        with pytest.raises(NotFound):
            kept_attachment(item.id, 1, by=colleague())
