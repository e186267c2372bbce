"""The services on offer: published in immutable versions, of which running cases keep theirs."""

import json
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from efile.kernel.errors import NotFound
from efile.kernel.journal import tenant_chain
from efile.kernel.models import JournalEntry, Unit
from efile.models import FilePlanPosition
from tests.crowd import together
from tests.factories import AT, DAY, city, machine, renewed, submitted
from tests.workflows.working import answered, last_values, published, statements
from workflows.catalogue.definition import Definition
from workflows.models import ServiceVersion
from workflows.offers import (
    PlaceUnknown,
    current_offer,
    current_offers,
    definition_of,
    name_automation_basis,
    publish,
    withdraw,
)

pytestmark = pytest.mark.django_db

PERMIT = "resident-parking"


def permit() -> Definition:
    return current_offer(city().pk, PERMIT).definition


def dearer() -> ServiceVersion:
    """The permit at another price."""

    def change(document: dict[str, Any]) -> None:
        document["fee"]["periods"][0]["positions"][0]["cents"] = 3000

    return published(PERMIT, change)


class TestPublishing:
    def test_puts_the_next_version_in_force(self) -> None:
        before = current_offer(city().pk, PERMIT)
        version = dearer()
        after = current_offer(city().pk, PERMIT)
        assert (before.version.number, version.number) == (1, 2)
        assert after.version == version
        assert after.definition.sha256 == version.sha256 != before.definition.sha256
        assert (version.published_at, version.published_by) == (AT, "system:founding")

    def test_keeps_the_definition_word_for_word(self) -> None:
        version = ServiceVersion.objects.get(service__key=PERMIT)
        assert json.loads(version.definition) == permit().as_json()

    def test_of_the_same_definition_changes_nothing(self) -> None:
        before = ServiceVersion.objects.count(), JournalEntry.objects.count()
        again = publish(permit(), by=machine(), at=AT + DAY)
        assert again == current_offer(city().pk, PERMIT).version
        assert (ServiceVersion.objects.count(), JournalEntry.objects.count()) == before

    def test_of_an_earlier_definition_is_a_new_version(self) -> None:
        first = permit()
        dearer()
        assert publish(first, by=machine(), at=AT).number == 3
        assert permit() == first

    def test_of_the_same_definition_for_another_unit_is_a_new_version(self) -> None:
        parking = Unit.objects.get(key="buergerservice-parken")
        Unit.objects.filter(id=parking.pk).update(key="buergerservice-parken-alt")
        moved = Unit.objects.create(
            tenant=city(), parent=parking.parent, key=parking.key, name="Parken", path="/x/"
        )
        version = publish(permit(), by=machine(), at=AT)
        assert (version.number, version.unit_id) == (2, moved.pk)

    def test_is_recorded_in_the_tenants_journal(self) -> None:
        version = dearer()
        values = json.loads(last_values(tenant_chain(city().pk)))
        assert values["facts"] == {
            "service": PERMIT,
            "version": 2,
            "sha256": version.sha256,
        }

    def test_leaves_running_cases_their_version(self) -> None:
        process = submitted()
        dearer()
        running = renewed(process)
        assert running.version.number == 1
        fee = definition_of(running.version).fee_for({"plate": "D-LM 1", "zone": "A4"}, AT.date())
        assert fee.cents == 2500
        assert submitted().version.number == 2

    @pytest.mark.parametrize("column", ["definition", "sha256", "number"])
    def test_is_final(self, column: str) -> None:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            ServiceVersion.objects.update(**{column: 7})

    def test_is_refused_for_a_place_the_city_does_not_have(self) -> None:
        definition = permit()
        Unit.objects.filter(key=definition.unit).update(key="anderswo")
        with pytest.raises(PlaceUnknown) as refusal:
            publish(definition, by=machine(), at=AT)
        assert refusal.value.facts == {"unit": "buergerservice-parken", "position": "32.2"}

    def test_is_refused_for_a_position_that_has_others_below_it(self) -> None:
        FilePlanPosition.objects.filter(code="32.2").update(is_leaf=False)
        with pytest.raises(PlaceUnknown):
            publish(permit(), by=machine(), at=AT)


class TestTheCurrentOffer:
    def test_of_a_service_nobody_offers_is_not_found(self) -> None:
        for tenant, key in ((city().pk, "no-such-service"), (city().pk + 1, PERMIT)):
            with pytest.raises(NotFound):
                current_offer(tenant, key)

    def test_of_a_service_withdrawn_from_the_public_is_not_found(self) -> None:
        withdraw(PERMIT, by=machine(), at=AT)
        with pytest.raises(NotFound):
            current_offer(city().pk, PERMIT)
        assert PERMIT not in [offer.definition.key for offer in current_offers(city().pk)]

    def test_takes_one_statement_once_the_version_is_known(self) -> None:
        tenant = city().pk
        current_offers(tenant)
        assert len(statements(lambda: current_offer(tenant, PERMIT))) == 1
        assert len(statements(lambda: current_offers(tenant))) == 1

    def test_lists_all_by_key(self) -> None:
        keys = [offer.definition.key for offer in current_offers(city().pk)]
        assert keys == sorted(keys)
        assert {"bulky-waste", PERMIT} <= {*keys}


class TestTheAutomationBasis:
    def test_is_named_and_taken_back(self) -> None:
        for basis in ("§ 35a VwVfG NRW, Satzung vom 1.4.2026", ""):
            name_automation_basis(PERMIT, basis, by=machine(), at=AT)
            assert current_offer(city().pk, PERMIT).automation_basis == basis

    def test_is_recorded_with_what_it_was(self) -> None:
        name_automation_basis(PERMIT, "erste", by=machine(), at=AT)
        name_automation_basis(PERMIT, "zweite", by=machine(), at=AT)
        assert json.loads(last_values(tenant_chain(city().pk)))["facts"] == {
            "service": PERMIT,
            "from": "erste",
            "to": "zweite",
        }

    def test_of_an_unknown_service_is_refused(self) -> None:
        with pytest.raises(NotFound):
            name_automation_basis("no-such-service", "§ 1", by=machine(), at=AT)


@pytest.mark.django_db(transaction=True)
def test_ten_publishing_the_same_at_once_make_one_version() -> None:
    document = permit().as_json()
    document["retention"]["years"] = 4
    definition, by = Definition.from_json(document), machine()
    versions = answered(together(10, lambda _: publish(definition, by=by, at=AT)))
    assert {version.number for version in versions} == {2}
    assert ServiceVersion.objects.filter(service__key=PERMIT).count() == 2
