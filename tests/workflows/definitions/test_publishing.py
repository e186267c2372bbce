"""From a draft to an offer: sound, from a day on, taken back, withdrawn."""

from datetime import date
from typing import Any

import pytest

from efile.kernel.errors import Invalid, NotFound
from efile.kernel.journal import tenant_chain
from efile.policy import ActionNotGranted
from tests.crowd import together
from tests.factories import AT, DAY, city, colleague, renewed, submitted
from tests.workflows.definitions.test_drafts import FESTIVAL, PERMIT, administrator, begun, changed
from tests.workflows.working import recorded, refused, statements
from workflows.definitions import drafts, publishing
from workflows.definitions.documents import definition_in, document_of
from workflows.definitions.drafts import Draft
from workflows.definitions.publishing import Published
from workflows.models import DefinitionDraft, ServiceVersion
from workflows.offers import (
    AlreadyInForce,
    DayIsPast,
    current_offer,
    current_offers,
    known_offers,
    put_due_in_force,
)

pytestmark = pytest.mark.django_db

TODAY = AT.date()
MAY = date(2026, 5, 1)


def dearer(cents: int = 3000) -> Draft:
    """The permit's draft at another price."""
    draft = drafts.start_from_version(PERMIT, by=administrator(), at=AT)
    return changed(draft, "/fee/periods/0/positions/0/cents", cents)


def publish(draft: Draft, from_on: date = TODAY) -> Published:
    return publishing.publish_draft(
        draft.service, from_on, revision=draft.revision, by=administrator(), at=AT
    )


def priced(cents: int, from_on: date) -> Published:
    """The permit at another price, published without a draft."""
    document = document_of(current_offer(city().pk, PERMIT).definition)
    document["fee"]["periods"][0]["positions"][0]["cents"] = cents
    return publishing.publish_definition(
        definition_in(document), from_on, by=administrator(), at=AT
    )


def fee() -> int:
    offer = current_offer(city().pk, PERMIT)
    return offer.definition.fee_for({"plate": "D-LM 1", "zone": "A4"}, TODAY).cents


class TestPublishing:
    def test_a_new_service_lets_people_apply(self) -> None:
        published = publish(begun())
        assert published == Published(FESTIVAL, 1, TODAY, True, True)
        assert not DefinitionDraft.objects.exists()
        assert submitted(FESTIVAL).version.number == 1

    def test_is_refused_with_everything_that_is_unsound(self) -> None:
        draft = changed(begun(), "/unit", "nirgendwo")
        draft = changed(draft, "/steps/7/roles", ["portal"])
        with pytest.raises(Invalid) as refusal:
            publish(draft)
        assert {(e.pointer, e.rule) for e in refusal.value.errors} >= {
            ("/unit", "unit_unknown"),
            ("/steps/7/roles", "step_for_nobody"),
        }
        assert drafts.get_draft(FESTIVAL, by=administrator()) == draft

    def test_of_a_draft_seen_earlier_is_refused(self) -> None:
        seen = begun()
        changed(seen, "/summary/de", "Neu.")
        with pytest.raises(drafts.DraftChanged):
            publish(seen)

    def test_for_a_day_that_is_past_is_refused(self) -> None:
        with pytest.raises(DayIsPast):
            publish(begun(), TODAY - DAY)
        assert not ServiceVersion.objects.filter(service__key=FESTIVAL).exists()

    def test_is_the_administrators(self) -> None:
        begun()
        with pytest.raises(ActionNotGranted):
            publishing.publish_draft(FESTIVAL, TODAY, revision=1, by=colleague(), at=AT)


class TestAVersionFromADayOn:
    def test_waits_for_its_day_and_leaves_running_cases_alone(self) -> None:
        running = submitted()
        published = priced(3000, MAY)
        assert (published.is_in_force, fee()) == (False, 2500)
        assert put_due_in_force(at=AT) == 0
        assert put_due_in_force(at=AT + 60 * DAY) == 1
        assert (fee(), renewed(running).version.number) == (3000, 1)
        assert recorded(tenant_chain(city().pk))[-1] == "service.version_in_force"
        assert put_due_in_force(at=AT + 60 * DAY) == 0

    def test_can_be_taken_back_before_it_but_not_after(self) -> None:
        priced(3000, MAY)
        with pytest.raises(AlreadyInForce):
            publishing.take_back(PERMIT, 1, by=administrator(), at=AT)
        with pytest.raises(NotFound):
            publishing.take_back(PERMIT, 9, by=administrator(), at=AT)
        for _ in range(2):
            publishing.take_back(PERMIT, 2, by=administrator(), at=AT)
        assert put_due_in_force(at=AT + 60 * DAY) == 0
        states = [row.state for row in publishing.versions_of(PERMIT, by=administrator(), at=AT)]
        assert states == ["taken_back", "in_force"]
        assert recorded(tenant_chain(city().pk)).count("service.version_taken_back") == 1

    def test_of_two_days_each_has_its_own(self) -> None:
        priced(3000, MAY)
        priced(2800, TODAY)
        assert fee() == 2800
        put_due_in_force(at=AT + 60 * DAY)
        assert fee() == 3000

    def test_costs_the_job_one_statement_while_nothing_is_due(self) -> None:
        priced(3000, MAY)
        assert len(statements(lambda: put_due_in_force(at=AT))) == 1


class TestAWithdrawnService:
    def test_takes_no_applications_but_its_cases_go_on(self) -> None:
        running = submitted()
        publishing.withdraw_service(PERMIT, by=administrator(), at=AT)
        with pytest.raises(NotFound):
            current_offer(city().pk, PERMIT)
        assert put_due_in_force(at=AT + DAY) == 0
        assert renewed(running).version.number == 1
        assert PERMIT in [one.definition.key for one in known_offers(city().pk)]

    def test_is_offered_again_in_the_version_of_the_day(self) -> None:
        priced(3000, MAY)
        publishing.withdraw_service(PERMIT, by=administrator(), at=AT)
        put_due_in_force(at=AT + 60 * DAY)
        with pytest.raises(NotFound):
            current_offer(city().pk, PERMIT)
        publishing.offer_again(PERMIT, by=administrator(), at=AT + 60 * DAY)
        assert fee() == 3000
        kinds = recorded(tenant_chain(city().pk))
        assert kinds[-3:] == [
            "service.withdrawn",
            "service.version_in_force",
            "service.offered_again",
        ]


class TestTheListOfServices:
    def test_tells_where_each_stands(self) -> None:
        begun()
        priced(3000, MAY)
        submitted()
        rows = {row.key: row for row in publishing.services_of(by=administrator(), at=AT)}
        festival, permit = rows[FESTIVAL], rows[PERMIT]
        assert (festival.state, festival.number, festival.title) == (
            "draft",
            None,
            "Anwohnerfest anmelden",
        )
        assert (permit.state, permit.number, permit.running) == ("offered", 1, 1)
        assert [one.in_force_from for one in permit.scheduled] == [MAY]
        assert permit.scheduled[0].published_by == administrator().label
        assert len(rows) == len(current_offers(city().pk)) + 1

    def test_costs_as_much_for_many_as_for_few(self) -> None:
        def shown() -> Any:
            return publishing.services_of(by=by, at=AT)

        by = administrator()
        priced(3000, MAY)
        begun()
        shown()
        before = len(statements(shown))
        dearer(2800)
        shown()
        assert len(statements(shown)) == before


@pytest.mark.django_db(transaction=True)
def test_of_two_publishing_at_once_one_publishes() -> None:
    draft, by = dearer(), administrator()

    def act(_: int) -> Published:
        return publishing.publish_draft(PERMIT, TODAY, revision=draft.revision, by=by, at=AT)

    answers = together(2, act)
    assert len(refused(answers)) == 1
    assert isinstance(refused(answers)[0], NotFound)  # there is no draft any more
    assert ServiceVersion.objects.filter(service__key=PERMIT).count() == 2
