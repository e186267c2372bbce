"""The shipped services decide as the law and the city's rules have it, and find their place."""
# ruff: noqa: E501 - a row of a table stays a row

from datetime import date
from typing import Any

import pytest

from backoffice.demo.city import EMPLOYEES, FILE_PLAN, UNITS
from workflows.catalogue import Definition
from workflows.catalogue.loading import SHIPPED, definition_schema
from workflows.deadlines.rules import RULES

RESIDENT = {"found": True, "blocked": False, "main_residence": True, "parking_zone": "A4"}
CAR = {"found": True, "admitted": True, "is_keeper": True, "vehicle_class": "M1"}
CLEAN = {"active_permits": 0, "active_for_object": 0}
HOME = {"known": True, "district": "Nord", "parking_zone": "A4"}


def outcomes(definition: Definition, form: dict[str, Any], **facts: Any) -> dict[str, str]:
    known: dict[str, Any] = {
        "applicant": {"kind": "person"},
        "registers": {"population": RESIDENT, "vehicle": CAR},
        "standing": CLEAN,
        "address": HOME,
        "today": date(2026, 3, 2),
    }
    data = definition.rules.bind(form=form, **(known | facts))
    return {
        check.key: found.outcome
        for check in definition.checks
        if (found := definition.rules.evaluate(check, data)).outcome != "passed"
    }


class TestResidentParking:
    FORM = {"plate": "D-LM 123", "zone": "A4"}  # noqa: RUF012

    def test_passes_where_both_registers_confirm(self, permit: Definition) -> None:
        assert outcomes(permit, self.FORM) == {}

    @pytest.mark.parametrize(
        ("facts", "open_or_failed"),
        [
            ({"registers": {"population": RESIDENT | {"main_residence": False}, "vehicle": CAR}}, {"residence": "failed"}),
            ({"registers": {"population": RESIDENT | {"parking_zone": "B2"}, "vehicle": CAR}}, {"residence": "failed"}),
            ({"registers": {"population": {"found": False}, "vehicle": CAR}}, {"residence": "failed"}),
            ({"registers": {"population": None, "vehicle": CAR}}, {"residence": "not_evaluated"}),
            ({"registers": {"population": RESIDENT, "vehicle": CAR | {"is_keeper": False}}}, {"keeper": "failed"}),
            ({"registers": {"population": RESIDENT, "vehicle": CAR | {"vehicle_class": "N1"}}}, {"vehicle": "failed"}),
            ({"registers": {"population": RESIDENT, "vehicle": CAR | {"admitted": False}}}, {"vehicle": "failed"}),
            ({"registers": {"population": RESIDENT, "vehicle": {"found": False}}}, {"keeper": "failed", "vehicle": "failed"}),
            ({"registers": {"population": RESIDENT}}, {"keeper": "not_evaluated", "vehicle": "not_evaluated"}),
            ({"standing": {"active_permits": 1, "active_for_object": 0}}, {"single-permit": "failed"}),
            ({"standing": {"active_permits": 0, "active_for_object": 1}}, {"single-permit": "failed"}),
            ({"standing": None}, {"single-permit": "not_evaluated"}),
            ({"address": {"known": True, "district": "Nord", "parking_zone": "B2"}}, {"zone": "failed"}),
            ({"address": {"known": False, "district": "", "parking_zone": ""}}, {"zone": "failed"}),
        ],
    )  # fmt: skip
    def test_stops_at_what_is_missing(
        self, permit: Definition, facts: dict[str, Any], open_or_failed: dict[str, str]
    ) -> None:
        assert outcomes(permit, self.FORM, **facts) == open_or_failed

    def test_does_not_believe_applicants_about_themselves(self, permit: Definition) -> None:
        claims = self.FORM | {"keeper": "self", "declaration": {"complete_and_true": True}}
        nothing = {"population": {"found": False}, "vehicle": {"found": False}}
        failed = outcomes(permit, claims, registers=nothing)
        assert failed == {"residence": "failed", "keeper": "failed", "vehicle": "failed"}

    @pytest.mark.parametrize(
        ("day", "failed"),
        [("2026-03-01", {"start": "failed"}), ("2026-03-02", {}), ("2026-12-31", {})],
    )
    def test_begins_today_at_the_earliest(
        self, permit: Definition, day: str, failed: dict[str, str]
    ) -> None:
        assert outcomes(permit, self.FORM | {"valid_from": day}) == failed

    def test_sends_every_doubt_to_a_person(self, permit: Definition) -> None:
        assert {check.on_failure for check in permit.checks} == {"person"}
        assert "system" not in permit.roles_for("refuse")

    def test_grants_alone_only_on_a_basis_the_city_names(self, permit: Definition) -> None:
        assert not permit.automation.decides(None)
        assert permit.automation.decides("§ 4 Gebührenordnung")

    def test_asks_for_the_use_certificate_where_someone_else_is_the_keeper(
        self, permit: Definition
    ) -> None:
        keeper = permit.check("keeper")
        assert keeper is not None
        assert keeper.proof == "use-certificate"


class TestBulkyWaste:
    @staticmethod
    def form(*items: tuple[str, float], **more: Any) -> dict[str, Any]:
        listed = [{"category": kind, "count": 1, "volume_m3": volume} for kind, volume in items]
        return {"pickup": {"street": "Lindenstraße", "number": "1"}, "items": listed, **more}

    @pytest.mark.parametrize(
        ("items", "failed"),
        [
            ([("furniture", 5)], {}),
            ([("furniture", 4.9), ("metal", 0.1)], {}),
            ([("furniture", 4.9), ("metal", 0.2)], {"volume": "failed"}),
            ([("mattress", 0.1)] * 20, {}),
            ([("hazardous", 0.1)], {"hazardous": "failed"}),
            ([("furniture", 1), ("tyres", 0.4)], {"hazardous": "failed"}),
            ([("rubble", 6)], {"hazardous": "failed", "volume": "failed"}),
        ],
    )
    def test_takes_five_cubic_metres_of_bulky_waste(
        self, collection: Definition, items: list[tuple[str, float]], failed: dict[str, str]
    ) -> None:
        assert outcomes(collection, self.form(*items)) == failed

    def test_refuses_alone_what_it_may_not_take(self, collection: Definition) -> None:
        on_failure = {check.key: check.on_failure for check in collection.checks}
        assert on_failure == {"address": "person", "hazardous": "refuse", "volume": "refuse"}
        assert collection.automation.decides(None)

    @pytest.mark.parametrize(
        ("address", "outcome"),
        [
            ({"known": True, "district": "Nord"}, {}),
            ({"known": False, "district": ""}, {"address": "failed"}),
            (None, {"address": "not_evaluated"}),
        ],
    )
    def test_asks_a_person_about_an_unknown_street(
        self, collection: Definition, address: dict[str, Any] | None, outcome: dict[str, str]
    ) -> None:
        assert outcomes(collection, self.form(("metal", 1)), address=address) == outcome

    def test_needs_no_register(self, collection: Definition) -> None:
        assert collection.register_queries() == []
        assert outcomes(collection, self.form(("metal", 1)), registers=None) == {}


def test_every_deadline_rule_a_definition_may_name_can_be_computed() -> None:
    named = definition_schema()["properties"]["deadlines"]["items"]["properties"]["rule"]["enum"]
    assert set(named) <= RULES.keys()


def test_nothing_but_definitions_is_shipped_as_yaml(shipped: dict[str, Definition]) -> None:
    files = {f.name.removesuffix(".yaml") for f in SHIPPED.iterdir() if f.name.endswith(".yaml")}
    assert files == shipped.keys() >= {"resident-parking", "bulky-waste"}


def test_every_service_finds_its_people_and_its_place_in_the_sample_city(
    shipped: dict[str, Definition],
) -> None:
    plan = {position.code: position for position in FILE_PLAN}
    above = {unit.key: unit.parent for unit in UNITS}
    for definition in shipped.values():
        place = plan[definition.file.position]
        assert (place.retention_years, place.disposal_code, place.access_class) == (
            definition.retention.years,
            definition.retention.disposal_code,
            definition.access_class,
        ), definition.key
        posts = [
            (post.unit, post.role)
            for employee in EMPLOYEES
            for post in employee.posts
            if definition.access_class in post.access_classes
        ]
        assert (definition.unit, "caseworker") in posts, definition.key
        heads = {unit for unit, role in posts if role == "head"}
        assert {definition.unit, above[definition.unit]} & heads, definition.key
