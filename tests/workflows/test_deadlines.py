"""Tests of workflows.deadlines: what the law says, by properties and by its readings."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.calendar import NRW, HolidayCalendar, OfficeCalendar
from workflows.deadlines import (
    DEFAULT_LAW,
    RULES,
    DeadlineLaw,
    Period,
    Regime,
    StepKind,
    Unit,
    age,
    objection_after_notification,
    objection_after_post,
    parental_allowance,
    period_set_by_authority,
    processing_target,
)
from workflows.deadlines.periods import day_completed, end_after

POST = "delivery_fiction_post+objection_1_month"
RETRIEVAL = "retrieval_VwVfG_41_2a"

days = st.dates(date(1995, 1, 1), date(2090, 12, 31))
regimes = st.sampled_from(list(Regime))

# Rule → how its one day is called. What depends on nothing else is tested alike.
SHIFTING = {
    "post_abroad_AO_1_month": "posted",
    "mailbox_OZG_9": "provided",
    "retrieval_SGBX_37_2a": "notice_sent",
    "missing_instruction_1_year": "notified",
    "authority_period_2_weeks": "notified",
    "approval_fiction_3_months": "complete",
    "gdpr_1_month": "received",
}
COUNTING = SHIFTING | {
    "public_notice_two_weeks": "published",
    "inactivity_3_months": "filed",
    "uvg_retroactive": "received",
    "no_stopping_signs_3_full_days": "sign_set_up",
    "fitconnect_timers": "submitted",
}


def ask(rule: str, law: DeadlineLaw = DEFAULT_LAW, /, **given: Any) -> dict[str, Any]:
    """The rule's answer, days of the question handed over as ISO dates."""
    plain = {name: str(it) if isinstance(it, date) else it for name, it in given.items()}
    return RULES[rule](plain, law)


class TestAPeriod:
    @given(days, st.integers(0, 400))
    def test_of_months_ends_on_the_same_number_or_the_last_of_the_month(
        self, event: date, months: int
    ) -> None:
        end = end_after(event, Period(months, Unit.MONTHS))
        assert (end.year - event.year) * 12 + end.month - event.month == months
        assert end.day == event.day or (end.day < event.day and (end + timedelta(days=1)).day == 1)

    @given(days, st.integers(0, 30))
    def test_of_years_is_one_of_twelve_times_the_months(self, event: date, years: int) -> None:
        assert end_after(event, Period(years, Unit.YEARS)) == end_after(
            event, Period(12 * years, Unit.MONTHS)
        )

    @given(st.integers(0, 25))
    def test_over_leap_years_comes_back_to_the_leap_day(self, leaps: int) -> None:
        leap_day = date(1996, 2, 29)
        period = Period(4 * leaps, Unit.YEARS)
        assert end_after(leap_day, period) == day_completed(leap_day, period)
        assert end_after(leap_day, period) == date(1996 + 4 * leaps, 2, 29)

    @given(days, st.integers(0, 60))
    def test_of_weeks_ends_on_the_same_weekday(self, event: date, weeks: int) -> None:
        end = end_after(event, Period(weeks, Unit.WEEKS))
        assert end.weekday() == event.weekday()
        assert (end - event).days == 7 * weeks


class TestADeadline:
    @pytest.mark.parametrize("rule", SHIFTING)
    @given(start=days)
    def test_ends_on_no_day_off_and_passes_over_no_working_day(
        self, rule: str, start: date
    ) -> None:
        answer = ask(rule, **{SHIFTING[rule]: start})
        assert_shifted(answer["raw_end"], answer["end"])

    @given(days, regimes)
    def test_after_post_ends_on_no_day_off_either(self, posted: date, regime: Regime) -> None:
        answer = ask(POST, posted=posted, regime=regime)
        assert_shifted(answer["raw_end"], answer["end"])

    @pytest.mark.parametrize("rule", COUNTING)
    @given(start=days, later=st.integers(0, 40))
    def test_never_comes_earlier_for_a_later_start(
        self, rule: str, start: date, later: int
    ) -> None:
        one = ask(rule, **{COUNTING[rule]: start})
        other = ask(rule, **{COUNTING[rule]: start + timedelta(days=later)})
        assert all(one[key] <= other[key] for key in one)

    @given(days, st.integers(0, 40), regimes)
    def test_after_post_never_comes_earlier_for_a_later_posting(
        self, posted: date, later: int, regime: Regime
    ) -> None:
        one = ask(POST, posted=posted, regime=regime)
        other = ask(POST, posted=posted + timedelta(days=later), regime=regime)
        assert all(one[key] <= other[key] for key in one)

    def test_takes_no_moment_for_a_day(self) -> None:
        with pytest.raises(TypeError, match="local date"):
            age(datetime(2008, 3, 1, 23, 30, tzinfo=UTC), 18)


class TestThePostingFiction:
    @given(days, st.sampled_from([Regime.VWVFG, Regime.SGB_X]))
    def test_is_the_third_day_before_2025_and_the_fourth_since(
        self, posted: date, regime: Regime
    ) -> None:
        wait = 4 if posted >= date(2025, 1, 1) else 3
        answer = ask(POST, posted=posted, regime=regime)
        assert answer["notified"] == str(posted + timedelta(days=wait))

    @given(days)
    def test_falls_on_a_working_day_under_tax_law(self, posted: date) -> None:
        wait = 4 if posted >= date(2025, 1, 1) else 3
        notified = ask(POST, posted=posted, regime="AO")["notified"]
        assert_shifted(str(posted + timedelta(days=wait)), notified)


class TestAPortalRetrieval:
    @given(days, st.integers(0, 20))
    def test_notifies_the_day_after_or_not_at_all(self, notice_sent: date, waited: int) -> None:
        retrieved = notice_sent + timedelta(days=waited)
        answer = ask(RETRIEVAL, notice_sent=notice_sent, retrieved=retrieved)
        notified = str(retrieved + timedelta(days=1)) if waited <= 10 else None
        assert answer["notified"] == notified


class TestAnAge:
    @given(days, st.integers(1, 99))
    def test_is_reached_on_the_birthday_or_on_1_march(self, born: date, years: int) -> None:
        reached = age(born, years).day("reached_on")
        assert (reached.month, reached.day) == (born.month, born.day) or (
            (born.month, born.day) == (2, 29) and (reached.month, reached.day) == (3, 1)
        )


class TestParentalAllowance:
    @given(days, st.integers(0, 1200))
    def test_counts_life_months_without_gap_or_overlap(self, born: date, waited: int) -> None:
        received = born + timedelta(days=waited)
        current = parental_allowance(born, received).day("current_life_month_start")
        next_day = parental_allowance(born, received + timedelta(days=1))
        following = next_day.day("current_life_month_start")
        assert current <= received
        assert following in (current, received + timedelta(days=1))
        assert (received - current).days <= 30

    @given(days, st.integers(0, 1200))
    def test_goes_back_three_life_months_but_never_before_birth(
        self, born: date, waited: int
    ) -> None:
        received = born + timedelta(days=waited)
        reckoning = parental_allowance(born, received)
        payable, current = reckoning.day("payable_from"), reckoning.day("current_life_month_start")
        months = (current.year - payable.year) * 12 + current.month - payable.month
        assert payable >= born
        assert payable == born or 2 <= months <= 4
        # asked on its own first day, the month payable from is a life month of its own
        assert parental_allowance(born, payable).day("current_life_month_start") == payable


class TestAReadingOfTheLaw:
    def test_may_shift_the_fiction_of_general_law(self) -> None:
        law = DeadlineLaw(fiction_shifts=frozenset({Regime.AO, Regime.VWVFG}))
        saturday = ask(POST, law, regime="VwVfG", posted="2025-01-28")
        assert saturday == {"notified": "2025-02-03", "raw_end": "2025-03-03", "end": "2025-03-03"}
        assert ask("public_notice_two_weeks", law, published="2026-04-17") == {
            "notified": "2026-05-04",
            "end": "2026-06-05",
        }

    def test_may_leave_social_portals_at_three_days(self) -> None:
        law = DeadlineLaw(sgb_x_portal_days=3)
        answer = ask("retrieval_SGBX_37_2a", law, notice_sent="2025-05-05")
        assert answer["notified"] == "2025-05-08"

    def test_may_change_days_and_shift_of_the_mailbox(self) -> None:
        law = DeadlineLaw(ozg_mailbox_days=4, ozg_mailbox_shifts=True)
        assert ask("mailbox_OZG_9", law, provided="2026-04-01")["notified"] == "2026-04-07"

    def test_may_prolong_the_ten_days_over_a_weekend(self) -> None:
        # 9 May 2026 is a Saturday
        question = {"notice_sent": "2026-04-29", "retrieved": "2026-05-11"}
        law = DeadlineLaw(retrieval_period_shifts=True)
        assert ask(RETRIEVAL, **question)["last_retrieval_day"] == "2026-05-09"
        assert ask(RETRIEVAL, law, **question)["notified"] == "2026-05-12"

    def test_may_let_an_approval_count_on_a_saturday(self) -> None:
        law = DeadlineLaw(approval_fiction_shifts=False)
        answer = ask("approval_fiction_3_months", law, complete="2025-11-30")
        assert answer == {"raw_end": "2026-02-28", "end": "2026-02-28"}

    def test_follows_the_holidays_of_the_state(self) -> None:
        law = DeadlineLaw(calendar=HolidayCalendar("BY"))
        answer = ask("authority_period_2_weeks", law, notified="2025-12-23")
        assert answer == {"raw_end": "2026-01-06", "end": "2026-01-07"}


class TestADerivation:
    def test_tells_each_step_with_its_paragraph_and_reason(self) -> None:
        reckoning = objection_after_post(date(2026, 1, 27), Regime.VWVFG, law=DEFAULT_LAW)
        saturday = {"on": "2026-01-31", "reason": "saturday", "holiday": ""}
        assert reckoning.steps_as_json() == [
            step("event", "2026-01-27", "§ 187 Abs. 1 BGB", event="act_posted"),
            step("fiction", "2026-01-31", "§ 41 Abs. 2 VwVfG", count=4, unit="days"),
            step(
                "not_shifted",
                "2026-01-31",
                "§ 31 Abs. 3 VwVfG",
                days_off=[saturday],
                because="fiction_is_no_period",
            ),
            step("period", "2026-02-28", "§ 70 Abs. 1, § 74 Abs. 1 VwGO", count=1, unit="months"),
            step("last_of_month", "2026-02-28", "§ 188 Abs. 3 BGB", missing_day=31),
            step(
                "shifted",
                "2026-03-02",
                "§ 57 Abs. 2 VwGO, § 222 Abs. 2 ZPO",
                days_off=[
                    {"on": "2026-02-28", "reason": "saturday", "holiday": ""},
                    {"on": "2026-03-01", "reason": "sunday", "holiday": ""},
                ],
            ),
        ]

    def test_names_the_holidays_passed_over(self) -> None:
        reckoning = period_set_by_authority(
            date(2026, 3, 20), Period(2, Unit.WEEKS), law=DEFAULT_LAW
        )
        passed = [off["holiday"] for off in reckoning.steps[-1].facts["days_off"]]
        assert passed == ["Karfreitag", "", "", "Ostermontag"]

    @pytest.mark.parametrize("rule", COUNTING)
    @given(start=days)
    def test_is_plain_data_that_begins_with_what_happened(self, rule: str, start: date) -> None:
        reckoning = RULES[rule].reckoning({COUNTING[rule]: str(start)})
        steps = json.loads(json.dumps(reckoning.steps_as_json()))
        assert steps[0]["kind"] == StepKind.EVENT
        assert steps[0]["on"] == str(start)

    @pytest.mark.parametrize("rule", sorted(set(SHIFTING) - {"gdpr_1_month"}))
    @given(start=days)
    def test_arrives_at_the_end(self, rule: str, start: date) -> None:
        reckoning = RULES[rule].reckoning({SHIFTING[rule]: str(start)})
        assert reckoning.steps[-1].on == reckoning.day("end")

    def test_yields_no_day_that_the_rule_does_not_compute(self) -> None:
        with pytest.raises(LookupError, match="'end'"):
            age(date(2008, 3, 1), 18).day("end")


class TestAnObjectionAfterProvenReceipt:
    @given(days, regimes)
    def test_runs_like_one_after_the_fiction(self, posted: date, regime: Regime) -> None:
        by_post = objection_after_post(posted, regime, law=DEFAULT_LAW)
        notified = by_post.day("notified")
        proven = objection_after_notification(notified, regime, law=DEFAULT_LAW)
        assert proven.day("end") == by_post.day("end")


class TestAProcessingTarget:
    CLOSED = date(2026, 6, 5)

    def test_counts_working_days_and_is_moved_by_closing_days(self) -> None:
        # Thu 4 June is Corpus Christi, Fri 5 June the office is closed
        office = OfficeCalendar(NRW, frozenset({self.CLOSED}))
        assert processing_target(date(2026, 6, 3), 1, office).day("end") == date(2026, 6, 8)

    def test_is_the_only_thing_closing_days_move(self) -> None:
        answer = ask("authority_period_2_weeks", notified="2026-05-22")
        assert answer["end"] == str(self.CLOSED)


def step(kind: str, on: str, paragraph: str, **facts: Any) -> dict[str, Any]:
    return {"kind": kind, "on": on, "paragraph": paragraph, "facts": facts}


def assert_shifted(raw_end: str, end: str) -> None:
    """``end`` is a working day, and every day from ``raw_end`` up to it is none."""
    first, last = date.fromisoformat(raw_end), date.fromisoformat(end)
    assert first <= last
    assert NRW.is_working_day(last)
    assert not any(
        NRW.is_working_day(first + timedelta(days=n)) for n in range((last - first).days)
    )
