"""Drafts of definitions: one per service, shared, never lost to somebody else's change."""

from typing import Any

import pytest

from efile.kernel.actors import Actor
from efile.kernel.errors import Invalid, NotFound, Refusal
from efile.kernel.journal import tenant_chain
from efile.policy import ActionNotGranted
from tests.crowd import together
from tests.efile.cases import neighbour
from tests.factories import AT, DAY, city, colleague
from tests.workflows.working import answered, recorded, refused
from workflows.catalogue.loading import faults_in
from workflows.definitions import drafts
from workflows.definitions.documents import REMOVE, definition_in
from workflows.definitions.drafts import Draft
from workflows.models import DefinitionDraft
from workflows.offers import current_offer

pytestmark = pytest.mark.django_db

PERMIT, FESTIVAL = "resident-parking", "street-festival"


def administrator() -> Actor:
    return colleague("o.kruse")


def begun() -> Draft:
    return drafts.start_new(FESTIVAL, "Anwohnerfest anmelden", by=administrator(), at=AT)


def changed(draft: Draft, pointer: str, value: Any) -> Draft:
    return drafts.change_draft(
        draft.service, pointer, value, revision=draft.revision, by=administrator(), at=AT + DAY
    )


class TestADraft:
    def test_from_nothing_is_sound_at_a_place_that_the_city_has(self) -> None:
        draft = begun()
        assert faults_in(draft.document) == []
        assert (draft.title, draft.based_on, draft.revision) == ("Anwohnerfest anmelden", None, 1)
        assert draft.document["remedy"]["body"].startswith("Verwaltungsgericht ")
        assert drafts.find_drafts(by=administrator()) == (draft,)

    def test_from_the_version_in_force_is_that_version(self) -> None:
        draft = drafts.start_from_version(PERMIT, by=administrator(), at=AT)
        assert draft.based_on == 1
        offered = current_offer(city().pk, PERMIT).definition
        assert definition_in(draft.document).sha256 == offered.sha256

    @pytest.mark.parametrize(
        ("service", "title", "pointer", "rule"),
        [
            ("Anwohner Fest", "Fest", "/service", "pattern"),
            ("x" * 61, "Fest", "/service", "max_length"),
            (FESTIVAL, " ", "/title", "required"),
        ],
    )
    def test_needs_a_name(self, service: str, title: str, pointer: str, rule: str) -> None:
        with pytest.raises(Invalid) as refusal:
            drafts.start_new(service, title, by=administrator(), at=AT)
        assert [(e.pointer, e.rule) for e in refusal.value.errors] == [(pointer, rule)]

    def test_is_one_per_service(self) -> None:
        begun()
        with pytest.raises(drafts.DraftExists) as refusal:
            begun()
        assert refusal.value.facts["saved_by"] == administrator().label
        with pytest.raises(drafts.ServiceExists):
            drafts.start_new(PERMIT, "Parken", by=administrator(), at=AT)

    def test_changes_where_the_pointer_leads_and_keeps_the_order(self) -> None:
        field = {"type": "string", "format": "date", "x-labels": {"de": "Tag", "en": "Day"}}
        draft = changed(begun(), "/form/properties/day", field)
        draft = changed(draft, "/form/required/-", "day")
        assert list(draft.document["form"]["properties"]) == ["concern", "day"]
        assert (draft.revision, draft.saved_at) == (3, AT + DAY)
        assert changed(draft, "/form/required/1", REMOVE).document["form"]["required"] == [
            "concern"
        ]

    def test_may_be_unsound_but_stays_what_can_be_stored(self) -> None:
        draft = changed(begun(), "/title", 7)
        assert draft.title == FESTIVAL
        for pointer, value, rule in (
            ("/key", PERMIT, "const"),
            ("/summary/de", "\ud800", "characters"),
            ("/summary/de", "x" * 600_000, "yaml_too_large"),
        ):
            with pytest.raises(Invalid) as refusal:
                changed(draft, pointer, value)
            assert [error.rule for error in refusal.value.errors] == [rule]
        assert drafts.get_draft(FESTIVAL, by=administrator()) == draft

    def test_that_somebody_changed_meanwhile_is_refused_with_their_name(self) -> None:
        seen = begun()
        changed(seen, "/summary/de", "Neu.")
        for act in (
            lambda: changed(seen, "/summary/de", "Anders."),
            lambda: drafts.discard_draft(
                FESTIVAL, revision=seen.revision, by=administrator(), at=AT
            ),
        ):
            with pytest.raises(drafts.DraftChanged) as refusal:
                act()
            assert refusal.value.facts == {"saved_by": administrator().label, "revision": 2}

    def test_is_thrown_away_for_good(self) -> None:
        drafts.discard_draft(FESTIVAL, revision=begun().revision, by=administrator(), at=AT)
        with pytest.raises(NotFound):
            drafts.get_draft(FESTIVAL, by=administrator())
        assert recorded(tenant_chain(city().pk))[-2:] == ["definition.drafted"] * 2

    def test_is_the_administrators_alone(self) -> None:
        begun()
        for act in (
            lambda by: drafts.find_drafts(by=by),
            lambda by: drafts.get_draft(FESTIVAL, by=by),
            lambda by: drafts.export_version(PERMIT, by=by, at=AT),
            lambda by: drafts.discard_draft(FESTIVAL, revision=1, by=by, at=AT),
        ):
            with pytest.raises(ActionNotGranted):
                act(colleague("a.lopes"))

    def test_of_another_city_is_not_there(self) -> None:
        DefinitionDraft.objects.create(
            tenant_id=neighbour().tenant_id,
            service_key=FESTIVAL,
            document="{}",
            started_at=AT,
            started_by="user:1",
            saved_at=AT,
            saved_by="user:1",
        )
        assert drafts.find_drafts(by=administrator()) == ()
        with pytest.raises(NotFound):
            drafts.get_draft(FESTIVAL, by=administrator())


class TestYaml:
    def test_goes_out_and_in_again_unchanged(self) -> None:
        text = drafts.export_version(PERMIT, by=administrator(), at=AT)
        draft = drafts.import_draft(text, source="p.yaml", by=administrator(), at=AT)
        assert draft.based_on == 1
        offered = current_offer(city().pk, PERMIT).definition
        assert definition_in(draft.document).sha256 == offered.sha256
        assert drafts.export_draft(PERMIT, by=administrator()) == text

    def test_takes_the_place_of_a_draft_only_as_it_was_seen(self) -> None:
        text = drafts.export_version(PERMIT, by=administrator(), at=AT)
        draft = drafts.import_draft(text, source="p.yaml", by=administrator(), at=AT)
        for revision, conflict in ((None, drafts.DraftExists), (7, drafts.DraftChanged)):
            with pytest.raises(conflict):
                drafts.import_draft(text, source="", by=administrator(), at=AT, revision=revision)
        again = drafts.import_draft(
            text, source="", by=administrator(), at=AT, revision=draft.revision
        )
        assert again.revision == draft.revision + 1

    @pytest.mark.parametrize(
        ("old", "new", "pointer", "rule"),
        [
            ("key: ", "key: [", "", "yaml_syntax"),
            ("unit: ", "unit: Ein Amt ", "/unit", "pattern"),
            ("form.zone", "form.zonk", "/checks/0/expression", "rule_variable"),
            ("cents: 2500", "cents: viel", "/fee/periods/0/positions/0/cents", "type"),
        ],
    )
    def test_that_is_bad_names_file_line_and_rule_and_changes_nothing(
        self, old: str, new: str, pointer: str, rule: str
    ) -> None:
        text = drafts.export_version(PERMIT, by=administrator(), at=AT).replace(old, new, 1)
        with pytest.raises(Invalid) as refusal:
            drafts.import_draft(text, source="p.yaml", by=administrator(), at=AT)
        first = refusal.value.errors[0]
        assert (first.pointer, first.rule, first.facts["file"]) == (pointer, rule, "p.yaml")
        line = text.splitlines()[first.facts["line"] - 1]
        assert rule == "yaml_syntax" or new.strip().split(" ")[-1] in line or "expression" in line
        assert not DefinitionDraft.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_five_changing_the_same_draft_at_once_one_is_heard() -> None:
    seen, by = begun(), administrator()

    def change(number: int) -> Draft | Refusal:
        return drafts.change_draft(
            FESTIVAL, "/summary/de", f"{number}.", revision=seen.revision, by=by, at=AT
        )

    answers = together(5, change)
    assert len(refused(answers)) == 4
    [heard] = answered([one for one in answers if isinstance(one, Draft)])
    assert drafts.get_draft(FESTIVAL, by=by).document == heard.document
