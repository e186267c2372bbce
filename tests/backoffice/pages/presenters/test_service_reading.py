"""Tests of backoffice.pages.presenters.service_reading: a page of the editor, read back."""

from typing import Any

import pytest
from django.template.loader import render_to_string

from backoffice.pages.presenters.service_changes import done
from backoffice.pages.presenters.service_editor import Bench
from backoffice.pages.presenters.service_fields import shown_parts
from backoffice.pages.presenters.service_letters import letter_kinds, letter_parts
from backoffice.pages.presenters.service_parts import Part
from backoffice.pages.presenters.service_reading import new_key, read_parts
from backoffice.pages.presenters.service_sections import SECTIONS, section_of
from efile.kernel.errors import NotFound
from tests.backoffice.pages.controls import posted_by
from tests.factories import AT
from tests.workflows.definitions.shipped import SHIPPED
from workflows.catalogue.loading import definition_schema
from workflows.definitions.documents import changed, document_of
from workflows.definitions.drafts import Draft
from workflows.definitions.places import Places

DOCUMENTS = {one.key: document_of(one) for one in SHIPPED}
Document = dict[str, Any]


def bench(document: Document) -> Bench:
    """A draft on the table in which nobody has looked for faults."""
    units = ((str(document["unit"]), "Amt"),)
    draft = Draft("x", document, None, 1, AT, AT, "")
    found = Bench(draft, Places(units, ()), 1, AT)
    found.__dict__["faults"] = ()
    return found


def shown(document: Document, parts: tuple[Part, ...]) -> str:
    fields = shown_parts(parts, "", document, bench(document).ground())
    return "".join(render_to_string("pages/_service_field.html", {"field": one}) for one in fields)


def after(document: Document, section: str, **said: list[str]) -> Document:
    """The document once its page was posted as it stands, but for what is ``said``."""
    parts = SECTIONS[section].parts
    posted = posted_by(shown(document, parts)) | {f"/{k}": v for k, v in said.items()}
    return read_parts(parts, posted, "", document, bench(document).ground())


class TestAPageThatIsSentAsItStands:
    @pytest.mark.parametrize("service", DOCUMENTS)
    def test_changes_nothing(self, service: str) -> None:
        document = DOCUMENTS[service]
        for section, known in SECTIONS.items():
            if known.parts:
                assert after(document, section) == document, section

    def test_changes_no_letter(self) -> None:
        for service in ("resident-parking", "dog-tax", "defect-report"):
            document = DOCUMENTS[service]
            for kind in letter_kinds(document):
                parts = letter_parts(kind)
                posted = posted_by(shown(document, parts))
                again = read_parts(parts, posted, "", document, bench(document).ground())
                assert again == {"letters": {}} | document, (service, kind)


class TestWhatIsTyped:
    DOCUMENT = DOCUMENTS["resident-parking"]

    def test_stays_where_it_makes_no_sense(self) -> None:
        said = after(self.DOCUMENT, "filing", **{"retention/years": ["viele"]})

        assert said["retention"]["years"] == "viele"
        assert 'value="viele"' in shown(said, SECTIONS["filing"].parts)

    @pytest.mark.parametrize(
        ("typed", "cents"), [("25", 2500), ("1.025,5", 102550), ("0,07", 7), ("umsonst", "umsonst")]
    )
    def test_is_money_where_it_can_be(self, typed: str, cents: Any) -> None:
        at = "fee/periods/0/positions/0/cents"
        said = after(self.DOCUMENT, "fee", **{at: [typed]})

        assert said["fee"]["periods"][0]["positions"][0]["cents"] == cents

    def test_is_gone_where_it_was_taken_out(self) -> None:
        said = after(self.DOCUMENT, "general", **{"title/en": [""], "leika_key": [" "]})

        assert said["title"] == {"de": "Bewohnerparkausweis"}
        assert said["leika_key"] is None

    def test_makes_a_check_ask_the_registers_that_it_reads(self) -> None:
        rule = "registers.business.found && registers.population.found"
        said = after(self.DOCUMENT, "checks", **{"checks/5/expression": [rule]})

        asked = said["checks"][5]["registers"]
        assert [one["register"] for one in asked] == ["business", "population"]
        assert asked[0]["purpose"].startswith("Gewünschter Beginn liegt nicht zurück, § 45")

    def test_names_what_is_new_by_its_title(self) -> None:
        document, row = done(self.DOCUMENT, SECTIONS["proofs"].parts, "add:/proofs")
        said = after(document, "proofs", **{f"{row[1:]}/title/de": ["Übersicht, Größe & Maß"]})

        assert row == "/proofs/2"
        assert said["proofs"][2]["key"] == "uebersicht-groesse-mass"


class TestAButton:
    DOCUMENT = DOCUMENTS["resident-parking"]

    def test_moves_and_takes_away(self) -> None:
        parts = SECTIONS["checks"].parts
        keys = [one["key"] for one in self.DOCUMENT["checks"]]
        moved, row = done(self.DOCUMENT, parts, "down:/checks/0")
        gone, around = done(moved, parts, "remove:/checks/1")

        assert (row, around) == ("/checks/1", "/checks")
        assert [one["key"] for one in moved["checks"]] == [keys[1], keys[0], *keys[2:]]
        assert [one["key"] for one in gone["checks"]] == keys[1:]

    def test_begins_and_ends_what_a_service_may_have(self) -> None:
        parts = SECTIONS["automation"].parts
        begun, _ = done(self.DOCUMENT, parts, "add:/discretion")
        ended, _ = done(begun, parts, "remove:/discretion")

        assert begun["discretion"] == {}
        assert ended["discretion"] is None

    def test_continues_a_table_from_a_day(self) -> None:
        parts = SECTIONS["fee"].parts
        said, row = done(self.DOCUMENT, parts, "table:/fee/periods", "2027-07-01")
        last, new = said["fee"]["periods"][-2:]

        assert row == f"/fee/periods/{len(said['fee']['periods']) - 1}"
        assert (last["valid_until"], new["valid_from"]) == ("2027-06-30", "2027-07-01")
        assert new["positions"] == last["positions"]

    @pytest.mark.parametrize(
        "what",
        ["add:/key", "remove:/title", "up:/checks/99", "drop:/checks/0", "table:/fee/periods"],
    )
    def test_does_nothing_else(self, what: str) -> None:
        with pytest.raises(NotFound):
            done(self.DOCUMENT, SECTIONS["checks"].parts + SECTIONS["fee"].parts, what)


def test_every_part_of_a_definition_has_its_page() -> None:
    known = {pointer for one in SECTIONS.values() for pointer in one.holds}
    assert {f"/{name}" for name in definition_schema()["properties"]} == known
    assert section_of("/fee/periods/0/cents") == "fee"


def test_a_draft_may_be_broken_everywhere() -> None:
    broken: Any = dict.fromkeys(DOCUMENTS["dog-tax"], 3)
    for pointer in ("", "/parties"):
        document = changed(broken, pointer, [1, None, {}]) if pointer else broken
        for known in SECTIONS.values():
            assert shown(document, known.parts) is not None


def test_new_names_differ_from_those_that_are_taken() -> None:
    assert new_key({"de": "2 Äpfel!"}, [], "x") == "aepfel"
    assert new_key({"de": "Äpfel"}, ["aepfel", "aepfel-2"], "x") == "aepfel-3"
    assert new_key("中文", ["x"], "x", mark="_") == "x_2"
