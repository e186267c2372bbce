"""A form says what was filled in: every valid application survives the way over the page."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from backoffice.pages.presenters.schema_forms import Filled, every_field, schema_fields
from backoffice.pages.schema_reading import ROW, read, written
from tests.backoffice.pages.controls import Controls, posted_by, torture
from tests.workflows.definitions.shipped import SHIPPED
from workflows.catalogue.forms import FormValidator, with_defaults

DEFINITIONS = {one.key: one for one in SHIPPED}
SCHEMAS = {key: one.form for key, one in DEFINITIONS.items()} | {"torture": torture()}
VALIDATORS = {key: FormValidator(schema) for key, schema in SCHEMAS.items()}

# What people can type: no control characters, nothing around it.
TYPED = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"))
WORDS: Mapping[str, st.SearchStrategy[str]] = {
    "date": st.dates().map(lambda day: day.isoformat()),
    "date-time": st.just("2026-03-10T11:00:00+01:00"),
    "email": st.sampled_from(["a@example.org", "ä.b@example.org", "x+y@sub.example.org"]),
    "uuid": st.uuids().map(str),
    "uri": st.just("https://example.org/a?b=c&d"),
}


def values(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Values of ``schema`` as somebody could fill them in, most of them valid."""
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema["type"]:
        case "object":
            fields = {name: values(one) for name, one in schema["properties"].items()}
            needed = {name: fields.pop(name) for name in schema.get("required", ())}
            return st.fixed_dictionaries(needed, optional=fields)
        case "array":
            least, most = schema.get("minItems", 0), min(schema["maxItems"], 3)
            return st.lists(values(schema["items"]), min_size=max(least, 1), max_size=most)
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(schema.get("minimum", -99), schema.get("maximum", 9999))
        case "number":
            least, most = schema.get("minimum", 0), schema.get("maximum", 100)
            return st.floats(least, most) | st.integers(int(least), int(most))
        case _:
            return texts(schema)


def texts(schema: Mapping[str, Any]) -> st.SearchStrategy[str]:
    if schema.get("format") in WORDS:
        return WORDS[schema["format"]]
    if "pattern" in schema:
        shaped = re.compile(schema["pattern"].replace("$", r"\Z"), re.ASCII)
        return st.from_regex(shaped).filter(lambda text: text == text.strip())
    lines = st.text(TYPED, min_size=1, max_size=min(schema["maxLength"], 40))
    if schema["maxLength"] > 200:
        lines = st.lists(lines, min_size=1, max_size=3).map("\n".join)
    return lines.map(str.strip).filter(bool)


def over_the_page(schema: Mapping[str, Any], value: Any) -> Any:
    """``value`` as it comes back when its form is shown and posted as it is."""
    filled = Filled(posted=written(schema, value, "/form"))
    return read(schema, posted_by(page(schema, filled)), "/form", needed=True)


def page(schema: Mapping[str, Any], filled: Filled) -> str:
    return "".join(
        render_to_string("pages/_schema_field.html", {"field": field})
        for field in schema_fields(schema, filled, "/form")
    )


@pytest.mark.parametrize("key", SCHEMAS)
class TestEveryValidForm:
    @given(data=st.data())
    @settings(
        max_examples=10,
        deadline=None,
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
    )
    def test_comes_back_as_it_was(self, key: str, data: st.DataObject) -> None:
        schema = SCHEMAS[key]
        value = data.draw(values(schema))
        assume(VALIDATORS[key].errors(value) == [])
        back = over_the_page(schema, value)
        assert with_defaults(schema, back) == with_defaults(schema, value)

    def test_that_is_shipped_is_one_of_them(self, key: str) -> None:
        if key in DEFINITIONS:
            form = DEFINITIONS[key].example["form"]
            said = written(SCHEMAS[key], form, "/form")
            assert read(SCHEMAS[key], said, "/form", needed=True) == dict(form)

    def test_has_an_element_of_its_own_for_every_field(self, key: str) -> None:
        fields = schema_fields(SCHEMAS[key], Filled(), "/form")
        shown = Controls(page(SCHEMAS[key], Filled()))
        assert len(shown.ids) == len(set(shown.ids))
        assert {one.id for one in every_field(fields) if one.label} <= set(shown.ids)


class TestABlankForm:
    def test_says_the_defaults_and_nothing_else(self) -> None:
        schema = SCHEMAS["resident-parking"]
        said = read(schema, posted_by(page(schema, Filled())), "/form", needed=True)
        assert said == {"duration_years": 1, "keeper": "self", "issue": "digital"}

    def test_leaves_out_groups_that_nobody_began(self) -> None:
        said = read(torture(), posted_by(page(torture(), Filled())), "/form", needed=True)
        assert said.keys() == {"mood", "wanted", "usual", "place", "people"}
        assert said["place"] == {"rooms": 3}
        assert said["people"] == []


class TestWhatIsTyped:
    @pytest.mark.parametrize(
        ("kind", "typed", "meant"),
        [
            ("integer", "12", 12),
            ("integer", "-3", -3),
            ("integer", "1.000", 1000),
            ("integer", "1.000.000", 1_000_000),
            ("integer", "12,5", "12,5"),
            ("integer", "1.00", "1.00"),
            ("integer", "9007199254740993", "9007199254740993"),
            ("integer", "9" * 5000, "9" * 5000),
            ("integer", "zwölf", "zwölf"),
            ("integer", "١٢", "١٢"),
            ("number", "1,5", 1.5),
            ("number", "1.5", 1.5),
            ("number", "1.234,5", 1234.5),
            ("number", "3", 3),
            # A thousand, or one and nothing? Whoever takes it down has to say.
            ("number", "1.000", "1.000"),
            ("number", "0.125", "0.125"),
            ("number", "1e999", "1e999"),
            ("number", "nan", "nan"),
            ("string", "  Đorđe \r\n Yılmaz ", "Đorđe \n Yılmaz"),
            ("string", "a\0b", "ab"),
            ("string", "   ", None),
            ("boolean", "ja", "ja"),
            ("boolean", "true", True),
        ],
    )
    def test_is_read_as_people_mean_it_or_left_to_be_refused(
        self, kind: str, typed: str, meant: Any
    ) -> None:
        said = read({"type": kind}, {"/x": [typed]}, "/x")
        assert (said, type(said)) == (meant, type(meant))

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("2026-03-10", "2026-03-10"),
            ("10.3.2026", "2026-03-10"),
            ("31.02.2026", "2026-02-31"),
            ("morgen", "morgen"),
        ],
    )
    def test_as_a_day_is_one_in_either_spelling(self, typed: str, meant: str) -> None:
        assert read({"type": "string", "format": "date"}, {"": [typed]}, "") == meant

    def test_in_a_row_that_was_left_blank_is_no_row(self) -> None:
        schema = torture()["properties"]["people"]
        posted = {
            "/p": [ROW] * 3,
            "/p/1/who": ["Anna"],
            "/p/1/ill": ["false"],
            "/p/2/ill": ["false"],
        }
        assert read(schema, posted, "/p") == [{"who": "Anna", "ill": False}]

    def test_without_its_row_is_not_there(self) -> None:
        schema = torture()["properties"]["people"]
        assert read(schema, {"/p/0/who": ["Anna"]}, "/p") is None
