"""Tests of backoffice.pages.presenters.desk: whatever is open on a case has words."""

import re

import pytest
from django.db import connection

from backoffice.pages.presenters.desk import REASONS, TASKS
from backoffice.pages.presenters.inbox import EXPLANATIONS
from backoffice.pages.presenters.inbox import REASONS as UNCLEAR

pytestmark = pytest.mark.django_db


def allowed(constraint: str) -> set[str]:
    """The values a check constraint of the database allows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [constraint]
        )
        (definition,) = cursor.fetchone()
    return set(re.findall(r"'([a-z_]+)'", definition))


class TestTheWords:
    def test_are_there_for_every_kind_of_task(self) -> None:
        assert TASKS.keys() == allowed("task_kind_is_known")

    def test_are_there_for_every_reason_to_ask_a_person(self) -> None:
        assert REASONS.keys() == {
            "form_is_faulty",
            "no_legal_basis",
            "checks_not_passed",
            "person_at_work",
            "free_text",
            "automation_is_off",
            "sample",
            "opened_by_office",
            "appointment_missed",
            "appointment_failed",
            "payment_overdue",
            "payment_refused",
            "reopened",
            "not_retrieved",
        }

    def test_are_there_for_everything_that_can_be_unclear(self) -> None:
        assert UNCLEAR.keys() == EXPLANATIONS.keys() == allowed("inbox_reason_is_known")
