"""A definition answers what a case under it costs, needs, is called and leaves behind."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.catalogue import Definition, compiled
from workflows.catalogue.definition import DefinitionAltered
from workflows.catalogue.money import FeeUndetermined

FORM = {"plate": "D-LM 123", "zone": "A4"}
WASTE = {
    "pickup": {"street": "Lindenstraße", "number": "1a"},
    "items": [{"category": "furniture", "count": 1, "volume_m3": 1}],
}


def changed(definition: Definition, **parts: Any) -> Definition:
    return Definition.from_json(definition.as_json() | parts)


class TestDigest:
    def test_survives_the_way_through_the_database(self, shipped: dict[str, Definition]) -> None:
        for definition in shipped.values():
            stored = json.loads(json.dumps(definition.as_json(), sort_keys=True))
            assert Definition.from_json(stored) == definition
            assert Definition.from_json(stored).sha256 == definition.sha256

    def test_does_not_depend_on_the_order_of_keys(self, permit: Definition) -> None:
        reversed_ = dict(reversed(permit.as_json().items()))
        assert Definition.from_json(reversed_).sha256 == permit.sha256

    def test_changes_with_any_change(self, permit: Definition) -> None:
        other = changed(permit, unit="anderswo")
        assert other != permit
        assert other.sha256 != permit.sha256
        assert len({permit, other, Definition.from_json(permit.as_json())}) == 2

    def test_is_that_of_the_canonical_json(self, permit: Definition) -> None:
        # RFC 8785 sorts by UTF-16 code units and writes no blanks.
        assert permit.canonical.startswith(b'{"access_class":"general","address":"/applicant/')

    def test_is_what_a_definition_is_shown_by(self, permit: Definition) -> None:
        assert repr(permit) == f"<Definition resident-parking {permit.sha256[:12]}>"

    def test_hands_out_json_that_can_be_changed_without_harm(self, permit: Definition) -> None:
        permit.as_json()["form"]["properties"].clear()
        assert "plate" in permit.as_json()["form"]["properties"]


class TestCompiled:
    def test_reads_the_json_once(self, permit: Definition) -> None:
        other = changed(permit, unit="einmal")
        reads: list[str] = []

        def read() -> Mapping[str, Any]:
            reads.append("read")
            return other.as_json()

        first = compiled(other.sha256, read)
        assert compiled(other.sha256, read) is first
        assert reads == ["read"]

    def test_refuses_a_version_that_was_altered(self, permit: Definition) -> None:
        altered = permit.as_json() | {"unit": "anderswo"}
        with pytest.raises(DefinitionAltered) as caught:
            compiled("0" * 64, lambda: altered)
        assert caught.value.facts["expected"] == "0" * 64

    def test_forgets_the_oldest_and_reads_it_again(self, permit: Definition) -> None:
        versions = [changed(permit, unit=f"unit-{number}") for number in range(70)]
        for version in versions:
            compiled(version.sha256, version.as_json)
        again: list[str] = []

        def read() -> Mapping[str, Any]:
            again.append("read")
            return versions[0].as_json()

        assert compiled(versions[0].sha256, read) == versions[0]
        assert again == ["read"]


class TestFee:
    @pytest.mark.parametrize(
        ("form", "cents"),
        [({}, 2500), ({"duration_years": 1}, 2500), ({"duration_years": 2}, 5000)],
    )
    def test_of_a_permit_goes_by_its_duration(
        self, permit: Definition, form: dict[str, Any], cents: int
    ) -> None:
        fee = permit.fee_for(FORM | form, date(2026, 1, 15))
        assert (fee.cents, fee.currency, len(fee.positions)) == (cents, "EUR", 1)

    @pytest.mark.parametrize(
        ("kind", "on", "cents"),
        [
            ("standard", date(2026, 1, 1), 0),
            ("express", date(2024, 1, 1), 4500),
            ("express", date(2025, 12, 31), 4500),
            ("express", date(2026, 1, 1), 4900),
            ("express", date(2040, 1, 1), 4900),
        ],
    )
    def test_is_that_of_the_day(
        self, collection: Definition, kind: str, on: date, cents: int
    ) -> None:
        assert collection.fee_for(WASTE | {"collection": kind}, on).cents == cents

    def test_is_refused_where_none_is_in_force(self, permit: Definition) -> None:
        with pytest.raises(FeeUndetermined) as caught:
            permit.fee_for(FORM, date(2023, 12, 31))
        assert caught.value.facts == {"service": "resident-parking", "on": "2023-12-31"}

    def test_multiplies_and_adds_positions(self, permit: Definition) -> None:
        title = {"de": "x", "en": "x"}
        positions = [
            {"key": "first", "title": title, "cents": 1500},
            {"key": "more", "title": title, "cents": 750, "quantity": "form.duration_years - 1"},
        ]
        periods = [{"valid_from": "2024-01-01", "positions": positions}]
        table = {"currency": "EUR", "legal_basis": "Satzung", "periods": periods}
        copies = changed(permit, fee=table)
        assert copies.fee_for(FORM, date(2026, 1, 1)).cents == 1500
        twice = copies.fee_for(FORM | {"duration_years": 2}, date(2026, 1, 1))
        assert [(line.key, line.quantity) for line in twice.positions] == [
            ("first", 1),
            ("more", 1),
        ]
        assert twice.cents == 2250

    def test_is_refused_where_its_rule_fails_on_the_form(self, permit: Definition) -> None:
        with pytest.raises(FeeUndetermined):
            permit.fee_for(FORM | {"duration_years": "x"}, date(2026, 1, 1))

    def test_is_nothing_for_a_free_service(self, permit: Definition) -> None:
        fee = changed(permit, fee=None).fee_for(FORM, date(1999, 1, 1))
        assert (fee.cents, fee.positions) == (0, ())

    @settings(deadline=None)
    @given(st.dates(date(2024, 1, 1), date(2100, 1, 1)))
    def test_is_told_for_every_day_from_the_first_on(
        self, shipped: dict[str, Definition], on: date
    ) -> None:
        for definition in shipped.values():
            assert definition.fee_for(definition.example["form"], on).cents >= 0


class TestSubject:
    def test_names_the_case_in_german(self, permit: Definition, collection: Definition) -> None:
        assert permit.subject_for(FORM) == "Bewohnerparkausweis, Zone A4"
        assert collection.subject_for(WASTE) == "Sperrmüll, Lindenstraße 1a"

    def test_shows_values_as_people_read_them(self, permit: Definition) -> None:
        form = FORM | {"valid_from": "2026-02-01", "duration_years": 2}
        german, english = permit.shown(form, "de"), permit.shown(form, "en")
        assert (german["valid_from"], english["valid_from"]) == ("01.02.2026", "01 February 2026")
        assert (german["duration_years"], english["duration_years"]) == ("2 Jahre", "2 years")
        assert german["keeper"] == "auf mich"
        assert "make" not in german

    def test_leaves_nothing_behind_for_what_is_not_said(self, permit: Definition) -> None:
        file = permit.as_json()["file"] | {"subject": "Parkausweis {zone} {make}"}
        assert changed(permit, file=file).subject_for(FORM) == "Parkausweis A4 "


class TestProofs:
    @pytest.mark.parametrize(
        ("keeper", "needed"), [(None, []), ("self", []), ("employer", ["use-certificate"])]
    )
    def test_depend_on_the_form(
        self, permit: Definition, keeper: str | None, needed: list[str]
    ) -> None:
        form = FORM | ({"keeper": keeper} if keeper else {})
        assert permit.required_proofs(form) == needed

    def test_whose_condition_cannot_be_told_are_needed(self, permit: Definition) -> None:
        assert permit.required_proofs(FORM | {"keeper": 7}) == ["use-certificate"]

    def test_are_found_by_key(self, permit: Definition) -> None:
        proof = permit.proof("use-certificate")
        assert proof is not None
        assert "application/pdf" in proof.media_types
        assert permit.proof("none") is None


class TestTerms:
    def test_run_from_the_decision(self, permit: Definition) -> None:
        terms = permit.terms_for(FORM, {}, date(2026, 3, 4))
        assert terms is not None
        assert (terms.valid_from, terms.months) == (date(2026, 3, 4), 12)
        assert terms.data == {"plate": "D-LM 123", "zone": "A4"}

    @settings(deadline=None)
    @given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(-400, 400))
    def test_begin_on_the_day_wished_for_but_never_before_the_decision(
        self, shipped: dict[str, Definition], decided_on: date, days: int
    ) -> None:
        wished = decided_on + timedelta(days=days)
        form = FORM | {"valid_from": wished.isoformat(), "duration_years": 2}
        terms = shipped["resident-parking"].terms_for(form, {}, decided_on)
        assert terms is not None
        assert (terms.valid_from, terms.months) == (max(wished, decided_on), 24)

    def test_are_none_where_nothing_stands(self, collection: Definition) -> None:
        assert collection.terms_for(WASTE, {}, date(2026, 3, 4)) is None


class TestSlots:
    def test_are_wished_for_in_the_form(self, collection: Definition) -> None:
        form = WASTE | {"collection": "express", "wish_date": "2026-05-04", "strict": True}
        wish = collection.slot_wish(form)
        assert wish is not None
        assert (wish.kind, wish.wish_date, wish.strict) == ("express", date(2026, 5, 4), True)

    def test_are_standard_and_any_day_unless_said(self, collection: Definition) -> None:
        wish = collection.slot_wish(WASTE)
        assert wish is not None
        assert (wish.kind, wish.wish_date, wish.strict) == ("standard", None, False)

    def test_are_none_for_a_permit(self, permit: Definition) -> None:
        assert permit.slot_wish(FORM) is None


class TestQuestions:
    def test_to_registers_are_asked_once(self, permit: Definition) -> None:
        asked = [query.register for query in permit.register_queries()]
        assert asked == ["population", "vehicle"]

    def test_carry_what_was_stated_and_no_more(self, permit: Definition) -> None:
        population, vehicle = permit.register_queries()
        applicant = {
            "given_names": "Đorđe",
            "family_name": "Yılmaz",
            "birth_date": "1981-04-02",
            "email": "x@example.org",
            "address": {"street": "Lindenstraße", "number": "1a"},
        }
        assert permit.input_for(population, FORM, applicant) == {
            "given_names": "Đorđe",
            "family_name": "Yılmaz",
            "birth_date": "1981-04-02",
            "street": "Lindenstraße",
            "number": "1a",
        }
        assert permit.input_for(vehicle, FORM, {}) == {"plate": "D-LM 123"}


class TestAddress:
    def test_is_the_one_the_service_is_about(
        self, permit: Definition, collection: Definition
    ) -> None:
        home = {"street": "Ahornweg", "number": "2"}
        assert permit.address_in(FORM, {"address": home}) == home
        assert collection.address_in(WASTE, {"address": home}) == WASTE["pickup"]
        assert changed(permit, address=None).address_in(FORM, {"address": home}) is None

    def test_of_an_object_is_what_the_file_is_kept_for(self, permit: Definition) -> None:
        file = permit.as_json()["file"] | {"grouping": "per_object", "object": "/form/plate"}
        assert permit.object_of(FORM, {}) is None
        assert changed(permit, file=file).object_of(FORM, {}) == "D-LM 123"


class TestAutomation:
    @pytest.mark.parametrize(
        ("level", "own", "tenants", "decides"),
        [
            ("checks", None, None, False),
            ("checks", None, " ", False),
            ("checks", None, "§ 1 Satzung", True),
            ("checks", "§ 2 Gesetz", None, True),
            ("full", "§ 2 Gesetz", None, True),
            ("none", None, "§ 1 Satzung", False),
        ],
    )
    def test_needs_a_legal_basis(
        self, permit: Definition, level: str, own: str | None, tenants: str | None, decides: bool
    ) -> None:
        automation = {**permit.as_json()["automation"], "level": level, "legal_basis": own}
        assert changed(permit, automation=automation).automation.decides(tenants) is decides


def test_steps_belong_to_roles(permit: Definition, collection: Definition) -> None:
    assert permit.roles_for("refuse") == {"caseworker", "head"}
    assert "system" in collection.roles_for("refuse")
    assert permit.roles_for("grant_in_part") == frozenset()


def test_processing_days_are_those_of_the_deadline(
    permit: Definition, collection: Definition
) -> None:
    assert (permit.processing_days, collection.processing_days) == (10, 1)
