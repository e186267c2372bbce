"""What is looked at before a document can be published, and that looking never fails."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from efile.kernel.errors import Invalid
from tests.factories import AT, city
from tests.workflows.definitions.shipped import PERMIT, SHIPPED
from workflows.catalogue.pointers import join
from workflows.definitions.documents import (
    REMOVE,
    Document,
    changed,
    definition_in,
    document_of,
    skeleton,
)
from workflows.definitions.sample_letters import letter_pdf, sample_letters
from workflows.definitions.validation import SECTIONS, Validation, validate

pytestmark = pytest.mark.django_db

FESTIVAL = skeleton(
    "street-festival", "Anwohnerfest", unit="buergerservice-parken", position="32.2"
)


def looked_at(document: Any, *, letters: bool = False) -> Validation:
    return validate(document, tenant_id=city().pk, at=AT, letters=letters)


def found(document: Document) -> set[tuple[str, str, str]]:
    return {(one.section, one.pointer, one.rule) for one in looked_at(document).findings}


def steps(*without: str) -> list[Any]:
    return [step for step in FESTIVAL["steps"] if step["key"] not in without]


class TestASoundDocument:
    def test_passes_every_section_and_tells_what_was_seen(self) -> None:
        validation = looked_at(PERMIT, letters=True)
        assert [section.key for section in validation.sections] == list(SECTIONS)
        assert validation.is_sound
        assert validation.sha256 == definition_in(PERMIT).sha256
        seen = {section.key: section.examined for section in validation.sections}
        assert [one.what for one in seen["letters"]] == [
            f"{one.kind} · {one.language}" for one in sample_letters(definition_in(PERMIT))
        ]
        assert seen["fee"][0].shown == "25,00\xa0€"
        assert {one.shown for one in seen["example"]} == {"passed"}
        assert ("processing", "24.03.2026") in [(one.what, one.shown) for one in seen["deadlines"]]

    def test_without_its_letters_is_not_sound_yet(self) -> None:
        assert not looked_at(PERMIT).is_sound
        assert looked_at(PERMIT).errors == ()

    @pytest.mark.parametrize("shipped", SHIPPED, ids=lambda one: one.key)
    def test_is_every_shipped_definition(self, shipped: Any) -> None:
        assert looked_at(document_of(shipped)).errors == ()


class TestTheProcedure:
    def test_without_a_decision_never_ends(self) -> None:
        document = changed(FESTIVAL, "/steps", steps("grant", "refuse"))
        assert ("procedure", "/steps", "state_unreachable") in found(document)
        assert "step_unreachable" in {rule for _, _, rule in found(document)}

    def test_names_the_state_out_of_which_nothing_leads(self) -> None:
        document = changed(FESTIVAL, "/steps", steps("close"))
        ends = [one for one in looked_at(document).findings if one.rule == "state_dead_end"]
        assert {one.facts["state"] for one in ends} >= {"notified", "withdrawn", "forwarded"}

    def test_asks_only_where_an_answer_can_come(self) -> None:
        document = changed(FESTIVAL, "/steps", steps("receive_answer"))
        assert ("procedure", "/steps/1", "step_without_other") in found(document)

    def test_gives_steps_to_those_who_may_take_them(self) -> None:
        document = changed(FESTIVAL, "/steps/3/roles", ["portal"])
        assert ("procedure", "/steps/3/roles", "step_for_nobody") in found(document)
        hint = changed(FESTIVAL, "/steps/3/roles", ["caseworker", "portal"])
        [one] = looked_at(hint).findings
        assert (one.rule, one.weight, looked_at(hint).errors) == (
            "role_without_right",
            "hint",
            (),
        )


@pytest.mark.parametrize(
    ("pointer", "value", "section", "rule"),
    [
        ("/unit", "nirgendwo", "place", "unit_unknown"),
        ("/file/position", "99.9", "place", "position_unknown"),
        ("/checks/0/expression", "form.zonk == 1", "rules", "rule_variable"),
        ("/checks/0/expression", "form.zone == 'A4'", "rules", "evidence_missing"),
        ("/fee/periods/1/valid_until", "2026-01-31", "fee", "fee_undetermined"),
        ("/example/form/zone", REMOVE, "example", "required"),
        ("/title", 7, "shape", "type"),
    ],
)
def test_what_is_wrong_is_told_where_it_belongs(
    pointer: str, value: Any, section: str, rule: str
) -> None:
    if section == "fee":
        periods = [{**PERMIT["fee"]["periods"][-1], "valid_until": "2026-01-31"}]
        document = changed(PERMIT, "/fee/periods", periods)
    else:
        document = changed(PERMIT, pointer, value)
    assert (section, rule) in {(one.section, one.rule) for one in looked_at(document).findings}


def test_a_check_that_the_example_never_passes_is_named() -> None:
    document = changed(
        PERMIT, "/checks/0/expression", "registers.population.found && form.zone == 'Z9'"
    )
    [one] = [one for one in looked_at(document).findings if one.rule == "example_fails_check"]
    assert one.pointer == "/checks/0/expression"
    assert "residence" in one.words()
    assert one.words("en") != one.words()


class TestASampleLetter:
    def test_is_a_pdf_of_the_kind_in_the_language(self) -> None:
        definition = definition_in(FESTIVAL)
        pdf = letter_pdf(definition, "refused", "en", tenant_id=city().pk, at=AT)
        assert pdf.startswith(b"%PDF-")

    def test_of_a_kind_that_the_service_has_not_is_refused(self) -> None:
        with pytest.raises(Invalid):
            letter_pdf(definition_in(FESTIVAL), "permit", "de", tenant_id=city().pk, at=AT)


def places(value: Any, here: str = "") -> Iterator[str]:
    """Every pointer into ``value``."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for name, one in inner:
        yield join(here, name)
        if isinstance(one, (dict, list)):
            yield from places(one, join(here, name))


PLACES = sorted(places(PERMIT))
STRANGE = [REMOVE, None, "", "x", 0, -1, 1.5, True, [], {}, ["x"], {"de": "x"}, "{x}", "/form/x"]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(STRANGE)), max_size=3))
def test_looking_never_fails_and_changes_nothing(changes: list[tuple[str, Any]]) -> None:
    document = deepcopy(PERMIT)
    for pointer, value in changes:
        try:
            document = changed(document, pointer, value)
        except Invalid:
            continue
    before = json.dumps(document)
    validation = looked_at(document)
    assert json.dumps(document) == before
    assert all(one.words() and one.words("en") for one in validation.findings)


@pytest.mark.parametrize("document", [None, [], "x", 7, {}, {"key": None}])
def test_what_is_no_definition_at_all_is_told_as_such(document: Any) -> None:
    validation = looked_at(document)
    assert [one.state for one in validation.sections][:2] == ["failed", "not_examined"]
