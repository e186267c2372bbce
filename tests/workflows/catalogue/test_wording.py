"""Everything a rule may read has a name that people understand."""

import pytest

from workflows.catalogue.definition import Definition
from workflows.catalogue.rules import FACTS
from workflows.catalogue.wording import source_name, variable_name

FORM = {"plate": {"x-labels": {"de": "Kennzeichen", "en": "Number plate"}}}


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_has_a_name_in_both_languages(name: str) -> None:
    german, english = (variable_name(name, FORM, language) for language in ("de", "en"))
    assert german != english
    assert name not in (german, english)


def test_a_field_is_called_what_the_form_calls_it() -> None:
    assert variable_name("form.plate", FORM, "de") == "Kennzeichen"
    assert variable_name("given.plate", FORM, "en") == "Number plate: stated"
    assert variable_name("form.unnamed", FORM, "de") == "unnamed"


def test_a_source_is_the_registers_asked_or_whose_word_it_is(permit: Definition) -> None:
    names = {check.key: source_name(check, "de") for check in permit.checks}
    assert names["residence"] == "Melderegister"
    assert names["single-permit"] == "Eigene Verzeichnisse"
    assert names["start"] == "Angaben im Antrag"
