"""A bad definition is refused with every problem: the file, the place in it, and the rule."""
# ruff: noqa: E501 - a row of a table stays a row

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efile.kernel.errors import Invalid
from workflows.catalogue import Definition, load_catalogue, parse
from workflows.catalogue.loading import SHIPPED, definition_schema, faults_in, problems
from workflows.catalogue.messages import MESSAGES, PROBLEMS, message
from workflows.catalogue.pointers import split

GONE: Any = object()
TEXT = {"de": "Text", "en": "Text"}
CHECK = {
    "key": "extra",
    "title": TEXT,
    "about": "form",
    "expression": "true",
    "paragraph": "§ 1 X",
    "on_failure": "person",
    "reason": TEXT,
}


def change(document: dict[str, Any], pointer: str, value: Any) -> None:
    """Put ``value`` at ``pointer``; GONE takes away, "-" as last token appends."""
    *path, last = split(pointer)
    inner: Any = document
    for token in path:
        inner = inner[int(token)] if isinstance(inner, list) else inner[token]
    if last == "-":
        inner.append(value)
    elif value is GONE:
        del inner[int(last) if isinstance(inner, list) else last]
    else:
        inner[int(last) if isinstance(inner, list) else last] = value


def refused(document: Any) -> list[tuple[str, str]]:
    found = faults_in(document)
    for problem in found:
        assert problem.rule in MESSAGES.keys() | PROBLEMS.keys()
        assert "?" not in message(problem.rule, problem.facts, "de")
    return [(problem.pointer, problem.rule) for problem in found]


FEE = "/fee/periods/0"
PLATE = "/form/properties/plate"

# What is changed in resident-parking, and the problem that must be found: place and rule.
SHAPE: list[tuple[str, Any, str, str]] = [
    ("/unit", GONE, "/unit", "required"),
    ("/colour", "red", "/colour", "additional_properties"),
    ("/key", "Resident Parking", "/key", "pattern"),
    ("/unit", "Bürgerservice Parken!", "/unit", "pattern"),
    ("/leika_key", "4711", "/leika_key", "pattern"),
    ("/languages", ["de"], "/languages", "contains"),
    ("/assurance_level", "normal", "/assurance_level", "enum"),
    ("/access_class", "secret", "/access_class", "enum"),
    ("/title/en", GONE, "/title/en", "required"),
    ("/title/de", " ", "/title/de", "pattern"),
    ("/file/position", "A.1", "/file/position", "pattern"),
    ("/file/grouping", "per_object", "/file/object", "required"),
    ("/file/object", "/form/plate", "/file/object", "false_schema"),
    ("/parties/0/kinds", [], "/parties/0/kinds", "min_items"),
    ("/parties/0/fields/-", "shoe_size", "/parties/0/fields/3", "enum"),
    ("/form/additionalProperties", True, "/form/additionalProperties", "const"),
    (f"{PLATE}/x-labels", GONE, f"{PLATE}/x-labels", "required"),
    (f"{PLATE}/x-labels/en", GONE, f"{PLATE}/x-labels/en", "required"),
    (f"{PLATE}/type", "text", f"{PLATE}/type", "enum"),
    (f"{PLATE}/format", "plate", f"{PLATE}/format", "enum"),
    (f"{PLATE}/maxLength", GONE, f"{PLATE}/maxLength", "required"),
    (f"{PLATE}/$ref", "http://example.org", f"{PLATE}/$ref", "unevaluated_properties"),
    ("/form/properties/keeper/x-options", GONE, "/form/properties/keeper/x-options", "required"),
    ("/form/properties/Plate", {"type": "boolean", "x-labels": TEXT}, "/form/properties/Plate", "property_names"),
    ("/proofs/0/media_types/-", "text/html", "/proofs/0/media_types/3", "enum"),
    ("/proofs/0/required", 1, "/proofs/0/required", "type"),
    ("/checks/0/about", "weather", "/checks/0/about", "enum"),
    ("/checks/0/paragraph", GONE, "/checks/0/paragraph", "required"),
    ("/checks/0/on_failure", "grant", "/checks/0/on_failure", "enum"),
    ("/checks/0/registers/0/register", "credit", "/checks/0/registers/0/register", "enum"),
    ("/steps/0/key", "celebrate", "/steps/0/key", "enum"),
    ("/steps/0/roles/-", "mayor", "/steps/0/roles/3", "enum"),
    ("/deadlines/0/event", "full_moon", "/deadlines/0/event", "enum"),
    ("/deadlines/2/rule", "soon", "/deadlines/2/rule", "enum"),
    ("/deadlines/0/months", 3, "/deadlines/0", "one_of"),
    (f"{FEE}/valid_from", "2026-02-30", f"{FEE}/valid_from", "format"),
    (f"{FEE}/positions/0/cents", 25.5, f"{FEE}/positions/0/cents", "type"),
    ("/fee/currency", "DM", "/fee/currency", "const"),
    ("/remedy/body", GONE, "/remedy/body", "required"),
    ("/remedy/kind", "none", "/remedy/body", "false_schema"),
    ("/retention/disposal_code", "X", "/retention/disposal_code", "enum"),
    ("/automation/level", "full", "/automation/legal_basis", "type"),
    ("/standing_matter/number_prefix", "bpa", "/standing_matter/number_prefix", "pattern"),
    ("/public_texts/states/decided", GONE, "/public_texts/states/decided", "required"),
    ("/public_texts/events/exploded", TEXT, "/public_texts/events/exploded", "additional_properties"),
    ("/decisions/refused", GONE, "/decisions/refused", "decision_text_missing"),
    ("/guidance/steps/celebrate", TEXT, "/guidance/steps/celebrate", "property_names"),
    ("/example/form", GONE, "/example/form", "required"),
]  # fmt: skip
SENSE: list[tuple[str, Any, str, str]] = [
    # Names used twice, and languages that are missing
    ("/checks/1/key", "residence", "/checks/1/key", "duplicate"),
    ("/proofs/1/key", "registration-certificate", "/proofs/1/key", "duplicate"),
    ("/steps/1/key", "examine", "/steps/1/key", "duplicate"),
    ("/deadlines/1/key", "processing", "/deadlines/1/key", "duplicate"),
    ("/parties/1/role", "applicant", "/parties/1/role", "duplicate"),
    (f"{FEE}/positions/1/key", "one-year", f"{FEE}/positions/1/key", "duplicate"),
    # The form
    (f"{PLATE}/pattern", "([A-Z", f"{PLATE}/pattern", "form_schema"),
    (f"{PLATE}/examples", ["LM123"], f"{PLATE}/examples", "example_invalid"),
    ("/form/properties/keeper/default", "nobody", "/form/properties/keeper/default", "default_invalid"),
    ("/form/properties/keeper/enum/-", "leasing", "/form/properties/keeper/x-options", "label_missing"),
    ("/form/required/-", "colour", "/form/required/2", "field_unknown"),
    ("/form/allOf/0/then/required/0", "keeper_nam", "/form/allOf/0/then/required/0", "field_unknown"),
    ("/form/allOf/0/if/properties", {"kepper": {}}, "/form/allOf/0/if/properties/kepper", "field_unknown"),
    ("/form/properties/declaration/required/-", "x", "/form/properties/declaration/required/1", "field_unknown"),
    # Places in the submission
    ("/address", "/applicant/home", "/address", "pointer_unknown"),
    ("/address", "/form/plate", "/address", "pointer_type"),
    ("/standing_matter/data/plate", "/form/plates", "/standing_matter/data/plate", "pointer_unknown"),
    ("/standing_matter/valid_from", "/form/plate", "/standing_matter/valid_from", "pointer_type"),
    ("/checks/0/registers/0/input/street", "/applicant/adress/street", "/checks/0/registers/0/input/street", "pointer_unknown"),
    # Placeholders
    ("/file/subject", "Zone {area}", "/file/subject", "placeholder_unknown"),
    ("/decisions/granted/body/en", "Valid {until}", "/decisions/granted/body/en", "placeholder_unknown"),
    ("/public_texts/states/received/de", "{reasons}", "/public_texts/states/received/de", "placeholder_unknown"),
    ("/checks/0/reason/de", "Zone {area}", "/checks/0/reason/de", "placeholder_unknown"),
    ("/remedy/instruction/de", "Klage vor {court}", "/remedy/instruction/de", "placeholder_unknown"),
    # Steps, decisions and automation
    ("/steps/-", {"key": "grant_in_part", "roles": ["head"]}, "/decisions/granted_in_part", "decision_text_missing"),
    ("/guidance/steps/grant_in_part", TEXT, "/guidance/steps/grant_in_part", "step_unknown"),
    ("/steps/3/roles", ["head"], "/steps", "automation_without_step"),
    ("/checks", [], "/checks", "automation_without_checks"),
    ("/deadlines/0/event", "complete", "/deadlines", "processing_deadline_missing"),
    # Fees
    (f"{FEE}/valid_until", "2023-01-01", f"{FEE}/valid_until", "fee_period_reversed"),
    # Rules
    ("/checks/0/proof", "passport", "/checks/0/proof", "proof_unknown"),
    ("/checks/5/expression", "form.valid_from >=", "/checks/5/expression", "rule_syntax"),
    ("/checks/5/expression", "form.validfrom == ''", "/checks/5/expression", "rule_variable"),
    ("/checks/5/expression", "form.zone == 4", "/checks/5/expression", "rule_type"),
    ("/checks/5/expression", "form.zone", "/checks/5/expression", "rule_result"),
    ("/proofs/1/required", "form.keeper", "/proofs/1/required", "rule_result"),
    ("/proofs/1/required", "registers.vehicle.found", "/proofs/1/required", "rule_variable"),
    (f"{FEE}/positions/0/when", "today > ''", f"{FEE}/positions/0/when", "rule_variable"),
    (f"{FEE}/positions/0/quantity", "form.zone", f"{FEE}/positions/0/quantity", "rule_result"),
    ("/standing_matter/months", "12.0", "/standing_matter/months", "rule_result"),
    # Evidence: what applicants say of themselves fulfils no check on residence or keeper
    ("/checks/2/expression", "form.keeper == 'self'", "/checks/2/expression", "evidence_missing"),
    ("/checks/2/expression", "registers.vehicle.is_keeper || form.keeper == 'self'", "/checks/2/expression", "evidence_missing"),
    ("/checks/0/expression", "registers.population.found ? true : form.zone == 'A4'", "/checks/0/expression", "evidence_missing"),
    ("/checks/0/expression", "applicant.city == 'Musterstadt'", "/checks/0/expression", "evidence_missing"),
    ("/checks/4/expression", "given.renewal_of || standing.active_permits == 0", "/checks/4/expression", "evidence_missing"),
    ("/checks/1/expression", "form.zone != ''", "/checks/1/expression", "evidence_missing"),
    ("/checks/0/registers", GONE, "/checks/0/registers", "register_not_asked"),
    ("/checks/1/registers", [{"register": "vehicle", "purpose": "Neugier", "input": {"plate": "/form/plate"}}], "/checks/1/registers/0", "register_not_read"),
    # The example
    ("/example/service", "dog-tax", "/example/service", "const"),
    ("/example/language", "tr", "/example/language", "enum"),
    ("/example/form/zone", "Nordstadt", "/example/form/zone", "pattern"),
    ("/example/parties", [], "/example/parties", "party_missing"),
    ("/example/parties", "nobody", "/example", "shape"),
    ("/example/attachments/0/proof", "passport", "/example/attachments/0/proof", "proof_unknown"),
    (f"{FEE}/positions/0/when", "form.make == 'x'", f"{FEE}/positions/0/when", "rule_fails_on_example"),
    ("/standing_matter/months", "12 / (form.duration_years - 1)", "/standing_matter/months", "rule_fails_on_example"),
]  # fmt: skip


@pytest.mark.parametrize(("pointer", "value", "where", "rule"), SHAPE + SENSE)
def test_a_bad_definition_names_place_and_rule(
    permit: Definition, pointer: str, value: Any, where: str, rule: str
) -> None:
    document = permit.as_json()
    change(document, pointer, value)
    found = refused(document)
    assert (where, rule) in found
    assert len({place for place, _ in found}) <= 4  # one mistake is not reported all over


@pytest.mark.parametrize(
    ("pointer", "value", "where", "rule"),
    [
        ("/slots/kind", "/form/kind", "/slots/kind", "pointer_unknown"),
        ("/slots/strict", "/form/wish_date", "/slots/strict", "pointer_type"),
        ("/slots/kinds/1/key", "overnight", "/slots/kinds", "slot_kinds_differ"),
        ("/slots/kinds/1/key", "standard", "/slots/kinds/1/key", "duplicate"),
        ("/fee/periods/1/valid_from", "2026-01-02", "/fee/periods/1/valid_from", "fee_periods_gap"),
        ("/fee/periods/1/valid_from", "2025-12-31", "/fee/periods/1/valid_from", "fee_periods_overlap"),
        ("/fee/periods/0/valid_until", GONE, "/fee/periods/1/valid_from", "fee_periods_overlap"),
        ("/address", None, "/address", "slots_without_address"),
        ("/steps/4/roles", ["head"], "/steps", "automation_without_step"),
        ("/form/properties/items/maxItems", GONE, "/form/properties/items/maxItems", "required"),
        ("/form/properties/items/items/required/-", "weight", "/form/properties/items/items/required/3", "field_unknown"),
        ("/form/properties/items/items/properties/category/enum/-", "piano", "/form/properties/items/items/properties/category/x-options", "label_missing"),
    ],
)  # fmt: skip
def test_a_bad_calendar_fee_or_list_names_place_and_rule(
    collection: Definition, pointer: str, value: Any, where: str, rule: str
) -> None:
    document = collection.as_json()
    change(document, pointer, value)
    assert (where, rule) in refused(document)


def test_a_promised_language_must_be_kept_everywhere(permit: Definition) -> None:
    document = permit.as_json()
    document["languages"].append("uk")
    document["title"]["uk"] = "Дозвіл на паркування"
    found = refused(document)
    assert {rule for _, rule in found} == {"language_missing"}
    assert ("/title", "language_missing") not in found
    assert ("/form/properties/plate/x-labels", "language_missing") in found
    assert ("/decisions/granted/body", "language_missing") in found


def test_all_problems_come_at_once(permit: Definition) -> None:
    document = permit.as_json()
    for pointer, value, _, _ in SENSE[:5]:
        change(document, pointer, value)
    found = refused(document)
    assert {(where, rule) for _, _, where, rule in SENSE[:5]} <= set(found)


def test_a_problem_names_the_line_in_the_file() -> None:
    text = (SHIPPED / "resident-parking.yaml").read_text("utf-8")
    line = text[: text.index("form.duration_years == 2")].count("\n") + 1
    [problem] = problems(text.replace("form.duration_years == 2", "form.years == 2"), source="x")
    assert problem.pointer == "/fee/periods/0/positions/1/when"
    assert (problem.rule, problem.facts["line"]) == ("rule_variable", line)


@pytest.mark.parametrize("text", ["", "3", "[]", "key: x", "{", "a: 1\na: 1"])
def test_what_is_no_definition_at_all_is_refused_too(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse(text, source="bad.yaml")
    assert all(error.facts["file"] == "bad.yaml" for error in caught.value.errors)


class TestCatalogue:
    def test_is_loaded_by_key(self, shipped: dict[str, Definition]) -> None:
        assert [*shipped] == sorted(shipped)
        assert shipped.keys() >= {"bulky-waste", "resident-parking"}

    def test_collects_the_problems_of_all_files(self, tmp_path: Path, permit: Definition) -> None:
        unnamed = permit.as_json()
        del unnamed["title"]
        (tmp_path / "a.yaml").write_text(json.dumps(unnamed), "utf-8")
        (tmp_path / "b.yaml").write_text(json.dumps(permit.as_json()), "utf-8")
        (tmp_path / "c.yaml").write_bytes(b"title: \xff")
        (tmp_path / "notes.txt").write_text("not a definition", "utf-8")
        with pytest.raises(Invalid) as caught:
            load_catalogue(tmp_path)
        found = [(e.facts["file"], e.pointer, e.rule) for e in caught.value.errors]
        assert found == [
            ("a.yaml", "/title", "required"),
            ("b.yaml", "/key", "const"),
            ("c.yaml", "", "encoding"),
        ]

    def test_may_be_another_city_s(self, tmp_path: Path, permit: Definition) -> None:
        (tmp_path / "resident-parking.yaml").write_text(json.dumps(permit.as_json()), "utf-8")
        assert load_catalogue(tmp_path) == [permit]


def paths(value: Any, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for name, inner in items:
        yield (*above, name)
        yield from paths(inner, (*above, name))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_damage_is_named_or_harmless_and_never_a_crash(data: st.DataObject) -> None:
    document = json.loads(DAMAGED)
    *path, last = data.draw(st.sampled_from(PLACES))
    inner: Any = document
    for token in path:
        inner = inner[token]
    inner[last] = data.draw(
        st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5)
        | st.just([]) | st.just({}) | st.just([{}]) | st.just({"de": "x", "en": "{x}"})
    )  # fmt: skip
    if not faults_in(document):
        assert Definition.from_json(document).as_json() == document


WASTE = parse((SHIPPED / "bulky-waste.yaml").read_text("utf-8"), source="bulky-waste.yaml")
DAMAGED = json.dumps(WASTE.as_json())
PLACES = list(paths(json.loads(DAMAGED)))


def test_the_schema_describes_itself_and_closes_every_object() -> None:
    schema = definition_schema()
    assert schema["additionalProperties"] is False
    open_objects = [
        path
        for path in paths(schema)
        if path[-1] != "example" and isinstance(node := at(schema, path), dict)
        and node.get("type") == "object" and "properties" in node
        and "additionalProperties" not in node and path[-1] != "keywords"
    ]  # fmt: skip
    assert open_objects == []


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    for token in path:
        value = value[token]
    return value
