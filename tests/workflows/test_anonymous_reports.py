"""Whoever reports something need not say who they are: nothing is written to nobody."""

import pytest

from tests.factories import AT, colleague, drained, submitted
from workflows.endings import forward, settle
from workflows.models import Letter, PublicEvent, State
from workflows.questions import ask_applicant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_a_report_without_a_name_is_asked_and_settled_without_letters() -> None:
    process = submitted("defect-report", parties=[], consents={"electronic_delivery": False})
    drained()
    by = colleague("u.thalmann")
    ask_applicant(process.case_id, text="Wo genau?", proofs=["photo"], days=14, by=by, at=AT)
    settle(process.case_id, outcome="repaired", by=by, at=AT)
    drained()
    process.refresh_from_db(fields=["decision"])
    assert process.decision == "none"
    assert not Letter.objects.filter(case_id=process.case_id).exists()
    told = PublicEvent.objects.filter(case_id=process.case_id).values_list("kind", flat=True)
    assert {"question_asked", "settled"} <= set(told)


def test_a_report_without_a_name_is_passed_on_without_a_letter() -> None:
    process = submitted("defect-report", parties=[], consents={"electronic_delivery": False})
    forward(process.case_id, to="Straßen.NRW", by=colleague("u.thalmann"), at=AT)
    drained()
    process = type(process).objects.get(case_id=process.case_id)
    assert process.state == State.FORWARDED
    assert not Letter.objects.filter(case_id=process.case_id).exists()
