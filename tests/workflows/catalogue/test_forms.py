"""A form is answered with every fault, named by pointer and rule, and without what was sent."""

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.catalogue.forms import MAX_DEPTH, FormValidator, fields, rule_of
from workflows.catalogue.messages import MESSAGES

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["plate", "people"],
    "properties": {
        "plate": {"type": "string", "pattern": "^[A-Z]+-[0-9]+$", "examples": ["D-12"]},
        "size": {"type": "string", "enum": ["small", "large"], "default": "small"},
        "since": {"type": "string", "format": "date"},
        "amount": {"type": "number", "minimum": 1, "maximum": 5, "multipleOf": 0.5},
        "people": {
            "type": "array",
            "minItems": 1,
            "maxItems": 12,
            "uniqueItems": True,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "minLength": 2, "maxLength": 20},
                    "adult": {"type": "boolean", "default": True},
                },
            },
        },
        "place": {
            "type": "object",
            "required": ["street"],
            "properties": {
                "street": {"type": "string"},
                "floor": {"type": "integer", "default": 0},
            },
        },
    },
    "allOf": [
        {
            "if": {"properties": {"size": {"const": "large"}}, "required": ["size"]},
            "then": {"required": ["amount"]},
        }
    ],
}


@pytest.fixture(scope="module")
def validator() -> FormValidator:
    return FormValidator(SCHEMA)


def named(faults: Any) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.rule) for fault in faults]


class TestErrors:
    def test_are_none_for_a_valid_form(self, validator: FormValidator) -> None:
        assert validator.errors({"plate": "D-1", "people": [{"name": "Đorđe"}]}) == []

    def test_are_all_there_and_in_order(self, validator: FormValidator) -> None:
        people: list[Any] = [{"name": "Ann"} for _ in range(11)]
        people = [{**person, "name": f"Ann {i}"} for i, person in enumerate(people)]
        people[2] = {"name": "A", "age": 3}
        people[10] = {}
        form = {"plate": 7, "size": "large", "since": "2026-02-30", "people": people, "x/y": 1}
        assert named(validator.errors(form)) == [
            ("/form/amount", "required"),
            ("/form/people/2/age", "additional_properties"),
            ("/form/people/2/name", "min_length"),
            ("/form/people/10/name", "required"),
            ("/form/plate", "type"),
            ("/form/since", "format"),
            ("/form/x~1y", "additional_properties"),
        ]

    @pytest.mark.parametrize(
        ("part", "pointer", "rule", "facts"),
        [
            (
                {"plate": "d 1"},
                "/plate",
                "pattern",
                {"pattern": "^[A-Z]+-[0-9]+$", "example": "D-12"},
            ),
            ({"plate": 1}, "/plate", "type", {"expected": ["string"]}),
            ({"size": "huge"}, "/size", "enum", {"allowed": ["small", "large"]}),
            ({"since": "gestern"}, "/since", "format", {"format": "date"}),
            ({"amount": 0}, "/amount", "minimum", {"limit": 1}),
            ({"amount": 9}, "/amount", "maximum", {"limit": 5}),
            ({"amount": 1.2}, "/amount", "multiple_of", {"limit": 0.5}),
            ({"people": []}, "/people", "min_items", {"limit": 1}),
            ({"people": [{"name": "Al"}, {"name": "Al"}]}, "/people", "unique_items", {}),
            ({"people": [{"name": "A" * 21}]}, "/people/0/name", "max_length", {"limit": 20}),
            ({"place": {}}, "/place/street", "required", {}),
            ({"place": 3}, "/place", "type", {"expected": ["object"]}),
        ],
    )
    def test_carry_the_schema_s_limits(
        self, validator: FormValidator, part: dict[str, Any], pointer: str, rule: str, facts: Any
    ) -> None:
        [fault] = validator.errors({"plate": "D-1", "people": [{"name": "Ann"}]} | part, base="")
        assert (fault.pointer, fault.rule, dict(fault.facts)) == (pointer, rule, facts)

    @pytest.mark.parametrize("form", [None, [], "text", 3])
    def test_name_the_whole_where_it_is_no_form(self, validator: FormValidator, form: Any) -> None:
        assert named(validator.errors(form)) == [("/form", "type")]

    @pytest.mark.parametrize(
        ("form", "pointer", "rule"),
        [
            ({"plate": "D-1\x00"}, "/form/plate", "characters"),
            ({"plate": "\ud800"}, "/form/plate", "characters"),
            ({"\udfff": 1}, "/form", "characters"),
            ({"amount": float("nan")}, "/form/amount", "not_finite"),
            ({"amount": float("inf")}, "/form/amount", "not_finite"),
        ],
    )
    def test_name_what_cannot_be_kept(
        self, validator: FormValidator, form: Any, pointer: str, rule: str
    ) -> None:
        assert named(validator.errors(form)) == [(pointer, rule)]

    def test_stop_where_data_are_nested_without_end(self, validator: FormValidator) -> None:
        bottomless: list[Any] = []
        for _ in range(50_000):
            bottomless = [bottomless]
        [fault] = validator.errors({"people": bottomless})
        assert (fault.rule, fault.facts) == ("too_deep", {"limit": MAX_DEPTH})

    def test_never_repeat_what_was_sent(self, validator: FormValidator) -> None:
        secret = "Geheimnis-4711"
        form = {"plate": secret, "size": secret, "since": secret, "people": secret, "place": secret}
        told = json.dumps([dict(fault.facts) for fault in validator.errors(form)])
        assert len(validator.errors(form)) == 5
        assert secret not in told

    def test_end_soon_for_a_pattern_that_backtracks(self) -> None:
        evil = FormValidator({"properties": {"x": {"pattern": "^(a+)+(?=b)$"}}})
        assert named(evil.errors({"x": "a" * 5_000})) == [("/form/x", "pattern")]


class TestAlternatives:
    CONTACT = FormValidator({"anyOf": [{"required": ["email"]}, {"required": ["phone", "hours"]}]})
    PAYMENT = FormValidator(
        {
            "oneOf": [
                {
                    "required": ["kind", "iban"],
                    "properties": {"kind": {"const": "debit"}, "iban": {"maxLength": 5}},
                },
                {
                    "required": ["kind", "limit"],
                    "properties": {"kind": {"const": "card"}, "limit": {"type": "integer"}},
                },
            ]
        }
    )

    def test_of_which_none_was_begun_are_listed(self) -> None:
        [fault] = self.CONTACT.errors({})
        assert (fault.pointer, fault.rule) == ("/form", "any_of")
        assert fault.facts == {"alternatives": [["/form/email"], ["/form/phone", "/form/hours"]]}

    def test_are_answered_with_the_faults_of_the_one_that_was_meant(self) -> None:
        form = {"kind": "debit", "iban": "DE12345"}
        assert named(self.PAYMENT.errors(form)) == [("/form/iban", "max_length")]

    def test_are_a_fault_of_the_whole_where_none_was_meant(self) -> None:
        assert named(self.PAYMENT.errors({"kind": "cash"})) == [("/form", "one_of")]

    def test_may_not_be_mixed_where_one_is_wanted(self) -> None:
        either = FormValidator({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]})
        assert named(either.errors({"a": 1, "b": 2})) == [("/form", "one_of")]


class TestDefaults:
    def test_fill_what_is_absent_and_leave_the_sent_form_alone(
        self, validator: FormValidator
    ) -> None:
        sent = {"plate": "D-1", "people": [{"name": "Ann"}, {"name": "Bo", "adult": False}]}
        whole = validator.apply_defaults(sent)
        assert whole == {
            "plate": "D-1",
            "size": "small",
            "people": [{"name": "Ann", "adult": True}, {"name": "Bo", "adult": False}],
        }
        assert "size" not in sent
        assert "adult" not in sent["people"][0]  # type: ignore[operator]

    def test_reach_into_a_group_only_where_it_was_begun(self, validator: FormValidator) -> None:
        assert "place" not in validator.apply_defaults({})
        assert validator.apply_defaults({"place": {}}) == {"size": "small", "place": {"floor": 0}}

    @settings(deadline=None)
    @given(st.dictionaries(st.sampled_from(["plate", "size", "place", "x"]), st.text()))
    def test_change_nothing_the_second_time(self, form: dict[str, str]) -> None:
        validator = FormValidator(SCHEMA)
        once = validator.apply_defaults(form)
        assert validator.apply_defaults(once) == once
        assert once.items() >= form.items()


def test_a_field_is_optional_where_it_or_its_group_may_lack() -> None:
    optional = {field.name: field.optional for field in fields(SCHEMA)}
    assert optional == {
        "plate": False,
        "size": False,
        "since": True,
        "amount": True,
        "people": False,
        "place": True,
        "place.street": True,
        "place.floor": True,
    }


KEYWORDS: list[tuple[dict[str, Any], Any]] = [
    ({"type": "string"}, 1),
    ({"enum": [1]}, 2),
    ({"const": 1}, 2),
    ({"pattern": "a"}, "b"),
    ({"format": "date"}, "b"),
    ({"minLength": 2}, "b"),
    ({"maxLength": 0}, "b"),
    ({"minimum": 2}, 1),
    ({"maximum": 0}, 1),
    ({"exclusiveMinimum": 1}, 1),
    ({"exclusiveMaximum": 1}, 1),
    ({"multipleOf": 2}, 1),
    ({"minItems": 1}, []),
    ({"maxItems": 0}, [1]),
    ({"uniqueItems": True}, [1, 1]),
    ({"contains": {"const": 1}}, [2]),
    ({"prefixItems": [{}], "items": False}, [1, 2]),
    ({"unevaluatedItems": False}, [1]),
    ({"required": ["a"]}, {}),
    ({"additionalProperties": False}, {"a": 1}),
    ({"unevaluatedProperties": False}, {"a": 1}),
    ({"propertyNames": {"maxLength": 1}}, {"ab": 1}),
    ({"minProperties": 1}, {}),
    ({"maxProperties": 0}, {"a": 1}),
    ({"dependentRequired": {"a": ["b"]}}, {"a": 1}),
    ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 1),
    ({"oneOf": [{"type": "string"}, {"type": "null"}]}, 1),
    ({"oneOf": [{"type": "integer"}, {"minimum": 0}]}, 1),
    ({"not": {"type": "integer"}}, 1),
    ({"properties": {"a": False}}, {"a": 1}),
]


@pytest.mark.parametrize(("schema", "instance"), KEYWORDS)
def test_every_keyword_breaks_as_a_rule_with_a_message(
    schema: dict[str, Any], instance: Any
) -> None:
    faults = FormValidator(schema).errors(instance)
    assert faults
    assert {fault.rule for fault in faults} <= MESSAGES.keys()


def test_every_kind_of_error_the_validator_knows_has_a_message() -> None:
    kinds = [name for name in dir(jsonschema_rs.ValidationErrorKind) if name[0].isupper()]
    assert {rule_of(kind) for kind in kinds} <= MESSAGES.keys()
    assert len(kinds) >= 36


def test_a_schema_that_would_be_fetched_is_refused() -> None:
    with pytest.raises(jsonschema_rs.ValidationError):
        FormValidator({"$ref": "http://127.0.0.1:9/schema.json"})
