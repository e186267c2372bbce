"""Tests of workflows.deadlines by worked examples: the published ones and more by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from workflows.deadlines import RULES, compute

VECTORS_FILE = Path(__file__).parents[1] / "data" / "deadlines" / "deadline_test_vectors.json"
VECTORS: list[dict[str, Any]] = json.loads(VECTORS_FILE.read_text())["vectors"]

POST = "delivery_fiction_post+objection_1_month"
RETRIEVAL = "retrieval_VwVfG_41_2a"
BEEG = "beeg_retroactive_3_life_months"
SERVE_AGAIN = "end provision, serve again"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_the_published_example_holds(vector: dict[str, Any]) -> None:
    computed = compute(vector)
    assert {key: computed[key] for key in vector["expected"]} == vector["expected"]


# Worked by hand from the law: rule, input, everything computed.
EXAMPLES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "first day of the four-day rule, a Sunday stands": (
        POST,
        {"regime": "VwVfG", "posted": "2025-01-01"},
        {"notified": "2025-01-05", "raw_end": "2025-02-05", "end": "2025-02-05"},
    ),
    "AO: fiction on Good Friday moves behind Easter, and the month starts there": (
        POST,
        {"regime": "AO", "posted": "2026-03-30"},
        {"notified": "2026-04-07", "raw_end": "2026-05-07", "end": "2026-05-07"},
    ),
    "AO: fiction on Christmas Day moves over two holidays and a weekend": (
        POST,
        {"regime": "AO", "posted": "2025-12-21"},
        {"notified": "2025-12-29", "raw_end": "2026-01-29", "end": "2026-01-29"},
    ),
    "SGB X: fiction on Christmas Day stands": (
        POST,
        {"regime": "SGB_X", "posted": "2025-12-21"},
        {"notified": "2025-12-25", "raw_end": "2026-01-25", "end": "2026-01-26"},
    ),
    "leap year: 31 January and a month is 29 February": (
        POST,
        {"regime": "VwVfG", "posted": "2028-01-27"},
        {"notified": "2028-01-31", "raw_end": "2028-02-29", "end": "2028-02-29"},
    ),
    "abroad: a month clipped to a Saturday, which AO moves": (
        "post_abroad_AO_1_month",
        {"posted": "2026-01-31"},
        {"notified": "2026-03-02", "raw_end": "2026-04-02", "end": "2026-04-02"},
    ),
    "abroad: notified behind Christmas": (
        "post_abroad_AO_1_month",
        {"posted": "2025-11-25"},
        {"notified": "2025-12-29", "raw_end": "2026-01-29", "end": "2026-01-29"},
    ),
    "mailbox: the third day also since 2025, a Saturday stands": (
        "mailbox_OZG_9",
        {"provided": "2026-04-01"},
        {"notified": "2026-04-04", "raw_end": "2026-05-04", "end": "2026-05-04"},
    ),
    "mailbox: ends on Labour Day, a Friday": (
        "mailbox_OZG_9",
        {"provided": "2026-03-29"},
        {"notified": "2026-04-01", "raw_end": "2026-05-01", "end": "2026-05-04"},
    ),
    "retrieved: the day after; ends on Whit Sunday": (
        RETRIEVAL,
        {"notice_sent": "2025-05-05", "retrieved": "2025-05-07"},
        {"notified": "2025-05-08", "end": "2025-06-10"},
    ),
    "retrieved on the tenth day": (
        RETRIEVAL,
        {"notice_sent": "2025-05-05", "retrieved": "2025-05-15"},
        {"notified": "2025-05-16", "end": "2025-06-16"},
    ),
    "retrieved on the eleventh day, too late": (
        RETRIEVAL,
        {"notice_sent": "2025-05-05", "retrieved": "2025-05-16"},
        {"notified": None, "last_retrieval_day": "2025-05-15", "action": SERVE_AGAIN},
    ),
    "retrieved on a Friday before the end of a long month": (
        RETRIEVAL,
        {"notice_sent": "2026-01-28", "retrieved": "2026-01-30"},
        {"notified": "2026-01-31", "end": "2026-03-02"},
    ),
    "SGB X portal: three days until the end of 2024": (
        "retrieval_SGBX_37_2a",
        {"notice_sent": "2024-12-31"},
        {"notified": "2025-01-03", "raw_end": "2025-02-03", "end": "2025-02-03"},
    ),
    "SGB X portal: four days since 2025, a Sunday stands": (
        "retrieval_SGBX_37_2a",
        {"notice_sent": "2025-01-01"},
        {"notified": "2025-01-05", "raw_end": "2025-02-05", "end": "2025-02-05"},
    ),
    "public notice: effective on a holiday, ends on a Monday": (
        "public_notice_two_weeks",
        {"published": "2026-04-17"},
        {"notified": "2026-05-01", "end": "2026-06-01"},
    ),
    "a year from 29 February": (
        "missing_instruction_1_year",
        {"notified": "2024-02-29"},
        {"raw_end": "2025-02-28", "end": "2025-02-28"},
    ),
    "a year to Good Friday ends on Tuesday": (
        "missing_instruction_1_year",
        {"notified": "2025-04-03"},
        {"raw_end": "2026-04-03", "end": "2026-04-07"},
    ),
    "two weeks to Whit Monday": (
        "authority_period_2_weeks",
        {"notified": "2026-05-11"},
        {"raw_end": "2026-05-25", "end": "2026-05-26"},
    ),
    "a named Saturday under SGB X stands": (
        "fixed_day_with_notice",
        {"fixed_day": "2026-05-02", "regime": "SGB_X"},
        {"end": "2026-05-02"},
    ),
    "a named Saturday under AO moves": (
        "fixed_day_with_notice",
        {"fixed_day": "2026-05-02", "regime": "AO"},
        {"end": "2026-05-04"},
    ),
    "a named working day under AO stands": (
        "fixed_day_with_notice",
        {"fixed_day": "2026-05-05", "regime": "AO"},
        {"end": "2026-05-05"},
    ),
    "approval: three months to a leap day": (
        "approval_fiction_3_months",
        {"complete": "2027-11-30"},
        {"raw_end": "2028-02-29", "end": "2028-02-29"},
    ),
    "inactivity: no weekend prolongs the wait": (
        "inactivity_3_months",
        {"filed": "2025-11-30"},
        {"earliest_action_after": "2026-02-28"},
    ),
    "GDPR: the extension counts from receipt and moves as well": (
        "gdpr_1_month",
        {"received": "2025-11-30"},
        {"raw_end": "2025-12-30", "end": "2025-12-30", "extended_end": "2026-03-02"},
    ),
    "retention: closed on the last day of a year": (
        "retention",
        {"closed": "2025-12-31", "years": 0},
        {"end": "2025-12-31", "disposable_from": "2026-01-01"},
    ),
    "retention: closed on 29 February": (
        "retention",
        {"closed": "2024-02-29", "years": 5},
        {"end": "2029-12-31", "disposable_from": "2030-01-01"},
    ),
    "of age, born on 29 February": (
        "age",
        {"born": "2008-02-29", "years": 18},
        {"reached_on": "2026-03-01"},
    ),
    "twenty, born on 29 February": (
        "age",
        {"born": "2008-02-29", "years": 20},
        {"reached_on": "2028-02-29"},
    ),
    "advance: received in January": (
        "uvg_retroactive",
        {"received": "2026-01-31"},
        {"earliest_month": "2025-12"},
    ),
    "allowance: life months of a child of the 31st": (
        BEEG,
        {"born": "2025-10-31", "received": "2026-03-15"},
        {"payable_from": "2025-12-01", "current_life_month_start": "2026-03-01"},
    ),
    "allowance: last day of the fourth life month of a child of the 31st": (
        BEEG,
        {"born": "2025-10-31", "received": "2026-02-28"},
        {"payable_from": "2025-10-31", "current_life_month_start": "2026-01-31"},
    ),
    "allowance: born on 29 February": (
        BEEG,
        {"born": "2024-02-29", "received": "2025-03-01"},
        {"payable_from": "2024-11-29", "current_life_month_start": "2025-03-01"},
    ),
    "allowance: received on the day of birth": (
        BEEG,
        {"born": "2026-05-05", "received": "2026-05-05"},
        {"payable_from": "2026-05-05", "current_life_month_start": "2026-05-05"},
    ),
    "signs over the turn of the year": (
        "no_stopping_signs_3_full_days",
        {"sign_set_up": "2024-12-30"},
        {"full_days": ["2024-12-31", "2025-01-01", "2025-01-02"], "costs_from": "2025-01-03"},
    ),
    "transport timers over a leap day": (
        "fitconnect_timers",
        {"submitted": "2028-02-20"},
        {
            "reminders": ["2028-02-23", "2028-02-29"],
            "auto_reject": "2028-03-05",
            "deletion": "2028-03-12",
        },
    ),
}


@pytest.mark.parametrize(("rule", "question", "answer"), EXAMPLES.values(), ids=EXAMPLES)
def test_the_law_says(rule: str, question: dict[str, Any], answer: dict[str, Any]) -> None:
    assert RULES[rule](question) == answer


def test_every_rule_has_an_example_by_hand_or_published() -> None:
    assert {rule for rule, *_ in EXAMPLES.values()} | {v["rule"] for v in VECTORS} == set(RULES)
