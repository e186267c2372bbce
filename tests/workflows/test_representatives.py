"""Whoever acts for somebody else: authority with scope and end, and letters that go to them."""

from datetime import date
from typing import Any

import pytest

from efile.models import Document
from tests.factories import AT, city, colleague, drained, submitted
from workflows.application import Application
from workflows.catalogue.definition import Definition
from workflows.catalogue.submission import errors_in, representative_of
from workflows.decisions import decide
from workflows.letters.writing import recipient_of
from workflows.machine import Step
from workflows.models import Process
from workflows.offers import current_offer

ON = date(2026, 3, 10)
LAWYER = {
    "role": "representative",
    "kind": "person",
    "family_name": "Łukasiewicz",
    "address": {"street": "Ring", "number": "3", "postcode": "40999", "city": "Musterstadt"},
}


def parties(authority: dict[str, Any] | None, role: str = "representative") -> list[dict[str, Any]]:
    applicant = current_offer(city().pk, "resident-parking").definition.example["parties"][0]
    lawyer = LAWYER | ({"authority": authority} if authority is not None else {})
    if role == "applicant":
        return [applicant | {"authority": authority}]
    return [applicant, lawyer]


def faults(authority: dict[str, Any], role: str = "representative") -> set[tuple[str, str]]:
    definition: Definition = current_offer(city().pk, "resident-parking").definition
    example = dict(definition.example) | {"parties": parties(authority, role)}
    return {(fault.pointer, fault.rule) for fault in errors_in(definition, example)}


@pytest.mark.django_db
class TestAuthority:
    def test_of_known_scope_is_accepted(self) -> None:
        assert faults({"scope": ["application", "receipt"], "until": "2026-12-31"}) == set()

    @pytest.mark.parametrize(
        ("authority", "fault"),
        [
            ({}, ("/parties/1/authority/scope", "required")),
            ({"scope": []}, ("/parties/1/authority/scope", "min_items")),
            ({"scope": ["everything"]}, ("/parties/1/authority/scope/0", "enum")),
            ({"scope": ["receipt"], "until": "soon"}, ("/parties/1/authority/until", "format")),
        ],
    )
    def test_of_another_shape_is_refused(
        self, authority: dict[str, Any], fault: tuple[str, str]
    ) -> None:
        assert faults(authority) == {fault}

    def test_belongs_to_representatives_alone(self) -> None:
        expected = {("/parties/0/authority", "additional_properties")}
        assert faults({"scope": ["receipt"]}, role="applicant") == expected


class TestWhoReceives:
    @pytest.mark.parametrize(
        ("authority", "name"),
        [
            ({"scope": ["receipt"]}, "Łukasiewicz"),
            ({"scope": ["receipt"], "until": "2026-03-10"}, "Łukasiewicz"),
            ({"scope": ["receipt"], "until": "2026-03-09"}, ""),
            ({"scope": ["application"]}, ""),
            (None, ""),
        ],
    )
    def test_is_whoever_is_authorised_to_on_that_day(
        self, authority: dict[str, Any] | None, name: str
    ) -> None:
        lawyer = LAWYER | ({"authority": authority} if authority else {})
        found = representative_of({"parties": [lawyer]}, "receipt", ON)
        assert found.get("family_name", "") == name

    @pytest.mark.django_db
    def test_is_written_to_with_the_applicants_name_in_the_title(self) -> None:
        process = submitted(parties=parties({"scope": ["receipt"]}), consents={})
        process = Process.objects.select_related("version").get(case_id=process.case_id)
        recipient = recipient_of(process, Application.of(process), on=ON)
        assert recipient.lines == ("Łukasiewicz", "Ring 3", "40999 Musterstadt")
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        drained()
        titles = Document.objects.filter(case_id=process.case_id, kind="decision")
        assert titles.get().title.endswith(" – für Đorđe Yılmaz")
