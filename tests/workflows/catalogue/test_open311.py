"""What a definition says of reports over Open311, and what it gets wrong."""

from collections.abc import Callable
from typing import Any

import pytest

from workflows.catalogue import Definition
from workflows.catalogue.loading import faults_in
from workflows.catalogue.open311 import attributes, options

TEXT = {"de": "x", "en": "x", "de-x-leicht": "x"}


def field(**schema: Any) -> dict[str, Any]:
    return {**schema, "x-labels": TEXT}


def document(shipped: dict[str, Definition], change: Callable[[dict[str, Any]], object]) -> Any:
    data = shipped["defect-report"].as_json()
    change(data)
    return data


def with_fields(*required: str, **schemas: Any) -> Callable[[dict[str, Any]], object]:
    def change(data: dict[str, Any]) -> None:
        data["form"]["properties"] |= schemas
        data["form"]["required"] += required
        data["example"]["form"] |= {"who": {"name": "x"}} if "who" in required else {}

    return change


def test_categories_stand_in_the_order_of_the_form(shipped: dict[str, Definition]) -> None:
    definition = shipped["defect-report"]
    assert list(options(definition)) == definition.form["properties"]["category"]["enum"]


def test_others_are_not_taken_this_way(shipped: dict[str, Definition]) -> None:
    assert options(shipped["dog-tax"]) == {}
    assert attributes(shipped["dog-tax"]) == []


@pytest.mark.parametrize(
    ("schema", "datatype", "values"),
    [
        ({"type": "string", "maxLength": 60}, "string", []),
        ({"type": "string", "maxLength": 201}, "text", []),
        ({"type": "string", "format": "date-time"}, "datetime", []),
        ({"type": "integer"}, "number", []),
        ({"type": "boolean"}, "singlevaluelist", ["true", "false"]),
        (
            {"type": "string", "enum": ["b", "a"], "x-options": {"a": TEXT, "b": TEXT}},
            "singlevaluelist",
            ["b", "a"],
        ),
        (
            {
                "type": "array",
                "maxItems": 2,
                "items": {"type": "string", "enum": ["a"], "x-options": {"a": TEXT}},
            },
            "multivaluelist",
            ["a"],
        ),
    ],
)
def test_questions_have_the_type_of_their_field(
    shipped: dict[str, Definition], schema: dict[str, Any], datatype: str, values: list[str]
) -> None:
    data = document(shipped, with_fields(more=field(**schema)))
    assert faults_in(data) == []
    (asked,) = (one for one in attributes(Definition.from_json(data)) if one.code == "more")
    assert (asked.datatype, list(asked.values), asked.required) == (datatype, values, False)


@pytest.mark.parametrize(
    ("change", "pointer", "rule"),
    [
        (
            lambda data: data.update(access_class="social"),
            "/open311",
            "open311_not_public",
        ),
        (
            lambda data: data["open311"].update(category="/form/description"),
            "/open311/category",
            "open311_without_options",
        ),
        (
            lambda data: data["open311"].update(latitude="/form/description"),
            "/open311/latitude",
            "pointer_type",
        ),
        (
            lambda data: data["open311"].update(street="/form/nowhere"),
            "/open311/street",
            "pointer_unknown",
        ),
        (
            lambda data: data["open311"].pop("description"),
            "/open311/description",
            "required",
        ),
        (
            lambda data: data["form"]["properties"]["place"]["required"].append("district"),
            "/open311",
            "open311_cannot_ask",
        ),
        (
            with_fields(
                "who",
                who=field(
                    type="object",
                    additionalProperties=False,
                    properties={"name": field(type="string", maxLength=9)},
                ),
            ),
            "/open311",
            "open311_cannot_ask",
        ),
    ],
)
def test_what_cannot_work_is_named(
    shipped: dict[str, Definition],
    change: Callable[[dict[str, Any]], object],
    pointer: str,
    rule: str,
) -> None:
    found = {(fault.pointer, fault.rule) for fault in faults_in(document(shipped, change))}
    assert (pointer, rule) in found
