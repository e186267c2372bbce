"""The deadlines an administrator is shown are those that a case gets."""

from datetime import date

import pytest

from tests.factories import AT, city, submitted
from workflows.definitions.sample_deadlines import sample_deadlines
from workflows.models import Deadline
from workflows.offers import current_offer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("service", ["resident-parking", "defect-report", "parental-allowance"])
def test_are_those_of_a_case_received_on_that_day(service: str) -> None:
    definition = current_offer(city().pk, service).definition
    process = submitted(service)
    kept = dict(Deadline.objects.filter(case_id=process.case_id).values_list("key", "ends_on"))
    shown = {one.rule.key: one.ends_on for one in sample_deadlines(definition, city(), AT.date())}
    assert kept
    assert {key: shown[key] for key in kept} == kept


def test_of_the_law_move_off_a_day_off() -> None:
    definition = current_offer(city().pk, "resident-parking").definition
    # A month after notification on Friday, 30 January 2026, is a Saturday (§ 31 (3) VwVfG).
    shown = sample_deadlines(definition, city(), date(2026, 1, 26))
    remedy = next(one for one in shown if one.rule.key == "remedy")
    assert remedy.ends_on == date(2026, 3, 2)
