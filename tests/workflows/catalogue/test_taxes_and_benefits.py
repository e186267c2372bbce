"""Taxes and benefits: amounts, effects and checks as the law has them."""

from datetime import date
from typing import Any, ClassVar

import pytest

from tests.workflows.catalogue.answering import MARCH, MINE, RESIDENT, euros, failing, form_of
from workflows.catalogue import Definition

KEYS = (
    "dog-tax",
    "accommodation-tax",
    "advance-maintenance",
    "parental-allowance",
    "childcare-place",
)


@pytest.mark.parametrize("key", KEYS)
def test_the_example_passes_every_check(shipped: dict[str, Definition], key: str) -> None:
    assert failing(shipped[key], form_of(shipped[key])) - {"in-time"} == set()


@pytest.mark.parametrize("key", KEYS)
def test_somebody_elses_matter_is_for_a_person(shipped: dict[str, Definition], key: str) -> None:
    definition = shipped[key]
    matter = definition.standing_matter
    assert matter is not None
    number = f"{matter.number_prefix}-26-000001"
    concerns = definition.form["properties"]["concern"]["enum"][1:]
    for concern in concerns:
        form = form_of(definition, concern=concern, number=number)
        stranger = failing(definition, form, matter=MINE | {"is_holder": False})
        assert "own-matter" in stranger, concern
        assert "own-matter" not in failing(definition, form), concern


@pytest.mark.parametrize(
    ("key", "concern", "effect", "letter"),
    [
        ("dog-tax", "register", "begin", "granted"),
        ("dog-tax", "change", "change", "changed"),
        ("dog-tax", "deregister", "end", "ended"),
        ("accommodation-tax", "register", "begin", "granted"),
        ("accommodation-tax", "return", "return", "returned"),
        ("accommodation-tax", "deregister", "end", "ended"),
        ("advance-maintenance", "apply", "begin", "granted"),
        ("advance-maintenance", "review", "review", "reviewed"),
        ("advance-maintenance", "recover", "recover", "recovered"),
        ("parental-allowance", "final", "review", "reviewed"),
        ("parental-allowance", "end", "end", "ended"),
        ("childcare-place", "leave", "end", "ended"),
    ],
)
def test_a_concern_says_what_a_grant_does_and_in_which_words(
    shipped: dict[str, Definition], key: str, concern: str, effect: str, letter: str
) -> None:
    form = form_of(shipped[key], concern=concern)
    assert shipped[key].effect_of(form) == effect
    assert shipped[key].letter_kind("granted", form) == letter
    assert shipped[key].letter_kind("refused", form) == "refused"


class TestDogTax:
    @pytest.mark.parametrize(
        ("dogs", "kind", "relief", "tax"),
        [
            (1, "large", "none", 96),
            (2, "small", "none", 150),
            (3, "small", "none", 180),
            (1, "dangerous", "none", 600),
            (2, "dangerous", "none", 900),
            (5, "dangerous", "none", 1200),
            (1, "small", "basic_security", 48),
            (2, "small", "basic_security", 150),
            (1, "small", "shelter_dog", 0),
            (1, "dangerous", "basic_security", 600),
            (1, "dangerous", "assistance_dog", 600),
        ],
    )
    def test_rises_with_the_dogs_and_falls_with_relief(
        self, shipped: dict[str, Definition], dogs: int, kind: str, relief: str, tax: float
    ) -> None:
        form = form_of(shipped["dog-tax"], household_dogs=dogs, dog={"kind": kind}, relief=relief)
        assert euros(shipped["dog-tax"], form) == tax

    def test_is_fixed_alone_but_for_relief_and_dangerous_dogs(
        self, shipped: dict[str, Definition]
    ) -> None:
        definition = shipped["dog-tax"]
        assert definition.automation.decides(None)
        assert failing(definition, form_of(definition, relief="shelter_dog")) == {"relief"}
        assert failing(definition, form_of(definition, dog={"kind": "dangerous"})) == {
            "classification"
        }
        assert failing(definition, form_of(definition, effective_on="2026-03-11")) == {"date"}
        assert definition.required_proofs(form_of(definition, relief="shelter_dog")) == [
            "relief-proof"
        ]


class TestAccommodationTax:
    QUARTER: ClassVar[dict[str, Any]] = {
        "year": 2025,
        "quarter": 4,
        "nights": 412,
        "turnover": 28430.5,
    }
    RETURN: ClassVar[dict[str, Any]] = {
        "concern": "return",
        "number": "BHA-26-000001",
        "quarterly": QUARTER,
    }

    def test_is_seven_and_a_half_percent_of_the_return(
        self, shipped: dict[str, Definition]
    ) -> None:
        definition = shipped["accommodation-tax"]
        form = form_of(definition, **self.RETURN)
        (line,) = definition.assessed(form, MARCH).positions
        assert (line.of_cents, line.cents) == (2_843_050, 213_228)
        exempt = form_of(
            definition, **self.RETURN | {"quarterly": {**self.QUARTER, "exempt": 430.5}}
        )
        assert euros(definition, exempt) == 2100
        assert failing(definition, exempt) == {"plain-return"}
        assert euros(definition, form_of(definition)) == 0

    @pytest.mark.parametrize(
        ("change", "failed"),
        [
            ({}, set()),
            ({"year": 2026, "quarter": 1}, {"quarter"}),
            ({"basis": "corrected"}, {"plain-return"}),
            ({"nights": 0, "turnover": 0}, set()),
            ({"nights": 0}, {"plausible"}),
            ({"nights": 10}, {"plausible"}),
        ],
    )
    def test_is_fixed_alone_for_a_plain_return(
        self, shipped: dict[str, Definition], change: dict[str, Any], failed: set[str]
    ) -> None:
        definition = shipped["accommodation-tax"]
        quarterly = {**self.QUARTER, **change}
        form = form_of(definition, **self.RETURN | {"quarterly": quarterly})
        assert failing(definition, form) == failed

    def test_needs_no_trade_for_private_letting(self, shipped: dict[str, Definition]) -> None:
        definition = shipped["accommodation-tax"]
        silent = {"registers": {"business": {"found": False}}}
        assert failing(definition, form_of(definition), **silent) == {"business"}
        assert failing(definition, form_of(definition, kind="private_room"), **silent) == set()


class TestAdvanceMaintenance:
    @pytest.mark.parametrize(
        ("born", "on", "paid", "benefit"),
        [
            ("2020-03-31", date(2026, 2, 1), 0, 227),
            # the higher rate from the first of the month of the birthday (§ 1612a (3) BGB)
            ("2020-03-31", date(2026, 3, 1), 0, 299),
            ("2014-03-15", date(2026, 2, 28), 0, 299),
            ("2014-03-15", date(2026, 3, 1), 0, 394),
            ("2022-01-01", date(2026, 3, 1), 100.55, 126.45),
            ("2022-01-01", date(2026, 3, 1), 300, 0),
            ("2008-03-01", date(2026, 3, 1), 0, 0),
        ],
    )
    def test_follows_the_age_less_what_is_paid(
        self, shipped: dict[str, Definition], born: str, on: date, paid: float, benefit: float
    ) -> None:
        definition = shipped["advance-maintenance"]
        form = form_of(definition, child={"birth_date": born}, maintenance={"paid": paid})
        assert euros(definition, form, on) == benefit

    def test_counts_half_of_the_income_of_an_apprentice(
        self, shipped: dict[str, Definition]
    ) -> None:
        definition = shipped["advance-maintenance"]
        child = {"birth_date": "2010-01-01", "schooling": "training", "own_income": 500}
        form = form_of(definition, child=child, maintenance={"paid": 0})
        assert euros(definition, form) == 144
        form["child"]["own_income"] = 2000
        assert euros(definition, form) == 0
        assert "schooling" in failing(definition, form)

    @pytest.mark.parametrize(
        ("change", "failed"),
        [
            ({"effective_on": "2026-02-01"}, set()),
            ({"effective_on": "2026-01-31"}, {"retroactive"}),
            ({"family_status": "married"}, {"single-parent"}),
            ({"child": {"care_by_other_parent": "much"}}, {"single-parent"}),
            ({"other_parent": {"lives_with_applicant": True}}, {"single-parent"}),
            ({"maintenance": {"paid": 299}}, {"maintenance"}),
            (
                {
                    "child": {"birth_date": "2013-01-01"},
                    "benefits": {"kind": "sgb2", "gross_income": 599},
                },
                {"twelve-and-older"},
            ),
            (
                {
                    "child": {"birth_date": "2013-01-01"},
                    "benefits": {"kind": "sgb2", "gross_income": 600},
                },
                set(),
            ),
            ({"child": {"birth_date": "2008-03-10"}}, {"age", "schooling"}),
        ],
    )
    def test_is_for_single_parents_and_reaches_back_one_month(
        self, shipped: dict[str, Definition], change: dict[str, Any], failed: set[str]
    ) -> None:
        definition = shipped["advance-maintenance"]
        assert failing(definition, form_of(definition, **change)) == failed

    def test_claims_back_what_was_paid_too_much(self, shipped: dict[str, Definition]) -> None:
        definition = shipped["advance-maintenance"]
        form = form_of(definition, concern="recover", number="UVG-26-000001", overpaid=681)
        assert euros(definition, form) == 681


class TestParentalAllowance:
    @pytest.mark.parametrize(
        ("before", "after", "basis", "plus"),
        [
            (0, 0, 300, 150),
            (320, 0, 320, 160),
            # 100 percent at 340 euros, 0.1 points less for every 2 euros more (§ 2 (2) BEEG)
            (340, 0, 340, 170),
            (342, 0, 341.65, 170.82),
            (800, 0, 616, 308),
            (1000, 0, 670, 335),
            (1200, 0, 804, 402),
            (1220, 0, 805.2, 402.6),
            (1240, 0, 806, 403),
            (2000, 0, 1300, 650),
            (2770, 0, 1800, 900),
            (9000, 0, 1800, 900),
            (2000, 800, 780, 650),
            (2000, 1900, 300, 150),
        ],
    )
    def test_replaces_a_share_of_the_income_lost(
        self, shipped: dict[str, Definition], before: int, after: int, basis: float, plus: float
    ) -> None:
        definition = shipped["parental-allowance"]
        income = {"net_before": before, "net_after": after}
        assert euros(definition, form_of(definition, income=income)) == basis
        form = form_of(definition, income=income, months_basis=0, months_plus=24)
        assert euros(definition, form) == plus

    def test_changes_from_basis_to_plus_on_its_day(self, shipped: dict[str, Definition]) -> None:
        definition = shipped["parental-allowance"]
        form = form_of(definition, months_basis=6, months_plus=12, plus_from="2026-07-15")
        keys = {
            day: [line.key for line in definition.assessed(form, day).positions]
            for day in (date(2026, 7, 14), date(2026, 7, 15))
        }
        assert [*keys.values()] == [["basis"], ["plus"]]
        terms = definition.terms_for(form, {}, MARCH)
        assert terms is not None
        assert terms.months == 18

    def test_adds_for_siblings_and_twins(self, shipped: dict[str, Definition]) -> None:
        definition = shipped["parental-allowance"]
        form = form_of(
            definition, siblings_bonus=True, child={"born_together": 2}, income={"net_before": 2000}
        )
        assert euros(definition, form) == 1300 + 130 + 300
        form = form_of(definition, siblings_bonus=True, income={"net_before": 0})
        assert euros(definition, form) == 375

    @pytest.mark.parametrize(
        ("change", "failed"),
        [
            ({"months_basis": 13}, {"months"}),
            ({"months_basis": 13, "child": {"born_early_weeks": 6}}, set()),
            ({"months_basis": 14, "single_parent": True}, set()),
            ({"income": {"hours_after": 33}}, {"hours"}),
            ({"income": {"above_limit": True}}, {"income-limit"}),
            ({"benefit_from": "2025-12-01"}, {"retroactive"}),
            ({"child": {"lives_with_applicant": False}}, {"care"}),
        ],
    )
    def test_asks_a_person_about_what_the_law_limits(
        self, shipped: dict[str, Definition], change: dict[str, Any], failed: set[str]
    ) -> None:
        definition = shipped["parental-allowance"]
        assert failing(definition, form_of(definition, **change)) == failed

    def test_takes_the_registrys_word_for_the_birth_where_the_parent_agrees(
        self, shipped: dict[str, Definition]
    ) -> None:
        definition = shipped["parental-allowance"]
        assert "birth-certificate" in definition.required_proofs(form_of(definition))
        agreed = form_of(definition, consent_civil_status=True)
        assert "birth-certificate" not in definition.required_proofs(agreed)
        unknown = {"registers": {"population": RESIDENT, "civil_status": {"found": False}}}
        assert failing(definition, agreed, **unknown) == {"birth"}
