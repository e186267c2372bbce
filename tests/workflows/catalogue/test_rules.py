"""Rules are checked against the form when they are written and never fail when they run."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.catalogue.parts import Check, Text
from workflows.catalogue.rules import FACTS, SOURCES, RuleError, Rules

TEXT = {"x-labels": {"de": "x", "en": "x"}}
FORM: dict[str, Any] = {
    "type": "object",
    "required": ["zone", "count", "items"],
    "properties": {
        "zone": {"type": "string"},
        "count": {"type": "integer"},
        "weight": {"type": "number", "default": 1},
        "note": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"kind": {"type": "string"}, "size": {"type": "number"}},
            },
        },
        "place": {
            "type": "object",
            "required": ["street"],
            "properties": {"street": {"type": "string"}, "lift": {"type": "boolean"}},
        },
    },
}
POPULATION = {"found": True, "blocked": False, "main_residence": True, "parking_zone": "A4"}

RULES = Rules(FORM)


@pytest.fixture
def rules() -> Rules:
    return RULES


def check(expression: str, about: str = "form") -> Check:
    text = Text({"de": "x", "en": "x"})
    return Check("c", text, about, expression, "§ 1", "person", text)


def bound(rules: Rules, **form: Any) -> Mapping[str, Any]:
    return rules.bind(form={"zone": "A4", "count": 2, "items": []} | form)


class TestCompiling:
    @pytest.mark.parametrize(
        "expression",
        [
            "form.zone == 'A4'",
            "form.count > 1 && form.weight < 2.5",
            "form.items.exists(i, i.kind == 'x')",
            "form.tags.exists(t, t == 'x')",
            "given.note && form.note != ''",
            "given.place && form.place.street == 'x' && given.place.lift && form.place.lift",
            "registers.population.parking_zone == form.zone",
            "today >= '2026-01-01'",
            "sum(form.items.map(i, i.size)) <= 5.0",
        ],
    )
    def test_accepts_what_the_form_and_the_table_declare(
        self, rules: Rules, expression: str
    ) -> None:
        assert rules.compile(expression, "check").expression == expression

    @pytest.mark.parametrize(
        ("expression", "rule"),
        [
            ("form.zone ==", "rule_syntax"),
            ("form.zonne == 'A4'", "rule_variable"),
            ("applicant.income > 3", "rule_variable"),
            ("given.zone", "rule_variable"),  # a required field is always given
            ("given.weight", "rule_variable"),  # and so is one with a default
            ("form.place == 'x'", "rule_variable"),  # a group is no value
            ("form.count == '2'", "rule_type"),
            ("form.zone > 3", "rule_type"),
            ("form.weight <= 5", "rule_type"),
            ("form.zone && true", "rule_type"),
            ("form.count", "rule_result"),
            ("[form.zone]", "rule_result"),
        ],
    )
    def test_names_what_is_wrong(self, rules: Rules, expression: str, rule: str) -> None:
        with pytest.raises(RuleError) as caught:
            rules.compile(expression, "check")
        assert caught.value.rule == rule
        assert "<input>" not in caught.value.detail

    @pytest.mark.parametrize(
        "name", ["registers.vehicle.found", "standing.active_permits", "today"]
    )
    def test_lets_fees_and_proofs_read_the_form_alone(self, rules: Rules, name: str) -> None:
        assert name in rules.variables("check")
        assert name not in rules.variables("form")
        with pytest.raises(RuleError):
            rules.compile(f"{name} == {name}", "form")

    def test_gives_numbers_where_numbers_are_asked(self, rules: Rules) -> None:
        assert rules.compile("form.count * 12", "form", "INT").value(bound(rules)) == 24


class TestEvaluating:
    @pytest.mark.parametrize(
        ("expression", "outcome"),
        [
            ("form.zone == 'A4'", "passed"),
            ("form.zone == 'A5'", "failed"),
            ("form.weight == 1.0", "passed"),
            ("!given.note", "passed"),
            ("given.note && form.note == 'x'", "failed"),
            ("given.place && form.place.lift", "failed"),
            ("sum(form.items.map(i, i.size)) == 0.0", "passed"),
        ],
    )
    def test_decides(self, rules: Rules, expression: str, outcome: str) -> None:
        found = rules.evaluate(check(expression), bound(rules))
        assert (found.outcome, found.error) == (outcome, None)

    @pytest.mark.parametrize(
        ("expression", "form"),
        [
            ("form.note == 'x'", {}),  # not filled in
            ("10 / form.count > 1", {"count": 0}),
            ("form.count == 1", {"count": 2**70}),
            ("form.count == 1", {"count": "two"}),
            ("form.items.exists(i, i.kind == 'x')", {"items": [{"size": 1}]}),
            ("form.items[3].kind == 'x'", {"items": []}),
            ("form.zone == 'A4'", {"zone": "A4\0B"}),  # CEL would see A4 alone
            ("form.zone == 'A4'", {"zone": "\ud800"}),
            ("form.zone == 'A4'", {"zone": None}),
            ("sum(form.items.map(i, i.kind)) > 0.0", {"items": [{"kind": "x"}]}),
            ("sum(form.items) > 0.0", {"items": [{"kind": "x"}]}),
        ],
    )
    def test_leaves_open_what_fails_on_the_values(
        self, rules: Rules, expression: str, form: dict[str, Any]
    ) -> None:
        found = rules.evaluate(check(expression), bound(rules, **form))
        assert (found.outcome, found.error) == ("not_evaluated", "not_evaluable")

    @pytest.mark.parametrize(
        "expression",
        [
            "registers.population.main_residence",
            "registers.population.main_residence && form.zone == 'A4'",
            # CEL itself would let the applicant's word decide these:
            "registers.population.main_residence || form.zone == 'A4'",
            "form.zone == 'B1' && registers.population.main_residence",
        ],
    )
    @pytest.mark.parametrize("answer", [None, {}, {"found": True}])
    def test_leaves_open_what_a_silent_register_would_have_to_say(
        self, rules: Rules, expression: str, answer: dict[str, Any] | None
    ) -> None:
        form = {"zone": "A4", "count": 1, "items": []}
        data = rules.bind(form=form, registers={"population": answer})
        found = rules.evaluate(check(expression, "residence"), data)
        assert (found.outcome, found.error) == ("not_evaluated", "register_unavailable")
        assert found.missing == ("registers.population.main_residence",)

    def test_leaves_open_what_our_own_files_were_not_asked(self, rules: Rules) -> None:
        found = rules.evaluate(check("standing.active_permits == 0", "permits"), bound(rules))
        assert (found.outcome, found.error) == ("not_evaluated", "fact_missing")

    def test_fails_where_the_register_knows_nobody(self, rules: Rules) -> None:
        data = rules.bind(
            form={"zone": "A4", "count": 1, "items": []}, registers={"population": {"found": False}}
        )
        expression = "registers.population.main_residence && registers.population.found"
        assert rules.evaluate(check(expression, "residence"), data).outcome == "failed"

    def test_keeps_exactly_what_was_read(self, rules: Rules) -> None:
        data = rules.bind(
            form={"zone": "A4", "count": 1, "items": [], "note": "private"},
            applicant={"kind": "person", "birth_date": "1981-04-02"},
            registers={"population": POPULATION},
            today=date(2026, 1, 2),
        )
        expression = "registers.population.parking_zone == form.zone"
        found = rules.evaluate(check(expression, "residence"), data)
        assert found.outcome == "passed"
        assert found.expression == expression
        assert found.inputs == {"form.zone": "A4", "registers.population.parking_zone": "A4"}

    @settings(deadline=None)
    @given(
        st.fixed_dictionaries(
            {},
            optional={
                "zone": st.text(st.characters()) | st.none() | st.integers(),
                "count": st.integers() | st.floats() | st.text(),
                "note": st.text(st.characters()),
                "items": st.lists(
                    st.dictionaries(st.text(st.characters()), st.floats() | st.text() | st.none())
                    | st.none()
                    | st.integers()
                ),
                "tags": st.lists(st.text(st.characters())) | st.dictionaries(st.text(), st.text()),
                "place": st.none() | st.text() | st.dictionaries(st.text(), st.text()),
            },
        ),
        st.none()
        | st.dictionaries(st.sampled_from(["found", "parking_zone"]), st.integers() | st.text()),
    )
    def test_never_raises_whatever_the_values_are(
        self, form: dict[str, Any], answer: dict[str, Any] | None
    ) -> None:
        data = RULES.bind(form=form, registers={"population": answer})
        for expression in (
            "form.zone == 'A4' && form.note.size() > 2",
            "10 / form.count > 1",
            "sum(form.items.map(i, i.size)) > 1.0",
            "form.tags.exists(t, t.startsWith('x'))",
            "form.place.street == form.zone",
            "registers.population.parking_zone == form.zone",
        ):
            found = RULES.evaluate(check(expression), data)
            assert (found.error is None) == (found.outcome != "not_evaluated")


class TestBinding:
    def test_takes_numbers_as_the_form_means_them(self, rules: Rules) -> None:
        data = bound(rules, count=2.0, weight=3, items=[{"size": 2}])
        assert type(data["form.count"]) is int
        assert type(data["form.weight"]) is float
        assert type(data["form.items"][0]["size"]) is float

    def test_leaves_out_what_the_table_does_not_know(self, rules: Rules) -> None:
        data = rules.bind(form={"secret": 1}, applicant={"kind": "person", "income": 3})
        assert "form.secret" not in data
        assert "applicant.income" not in data

    def test_says_of_optional_fields_whether_they_were_given(self, rules: Rules) -> None:
        data = bound(rules, place={"street": "Lindenstraße"})
        given = {name: value for name, value in data.items() if name.startswith("given.")}
        assert given == {
            "given.note": False,
            "given.tags": False,
            "given.place": True,
            "given.place.street": True,
            "given.place.lift": False,
        }


@settings(deadline=None)
@given(st.lists(st.integers(1, 60).map(lambda tenths: tenths / 10), max_size=20))
def test_a_sum_is_that_of_the_decimals(volumes: list[float]) -> None:
    data = RULES.bind(form={"items": [{"size": volume} for volume in volumes]})
    exact = sum(round(volume * 10) for volume in volumes)
    limit = RULES.compile("sum(form.items.map(i, i.size)) <= 5.0", "form").value(data)
    assert limit is (exact <= 50)


def test_every_source_a_check_can_need_has_variables() -> None:
    for about, prefix in SOURCES.items():
        assert about == "form" or any(name.startswith(prefix) for name in FACTS)
