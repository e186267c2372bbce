"""A definition that the next city has from Musterstadt: overlaid, brought up to date, let go."""

from typing import Any

import pytest

from efile.kernel.actors import Actor
from efile.kernel.errors import Invalid, NotFound
from efile.kernel.models import Membership, User
from efile.policy import ActionNotGranted, person
from tests.efile.cases import neighbour
from tests.factories import AT, city, colleague
from tests.workflows.definitions.test_drafts import PERMIT, administrator
from tests.workflows.working import published
from workflows.definitions import drafts, inheriting
from workflows.definitions.inheriting import Inherited
from workflows.models import Inheritance, ServiceVersion
from workflows.offers import current_offer

pytestmark = pytest.mark.django_db

TODAY = AT.date()
OWN = {"fee": {"legal_basis": "Satzung der Nachbarstadt"}, "title": {"de": "Anwohnerparken"}}


@pytest.fixture
def next_city() -> Actor:
    """The administrator of the next city, whose only office has the key of the permit's."""
    by = neighbour()
    user = User.objects.get(username="n.bar")
    membership = Membership.objects.get(user=user)
    Membership.objects.create(
        tenant_id=by.tenant_id,
        user=user,
        unit=membership.unit,
        role="administrator",
        access_classes=["general"],
    )
    return person(user)


def begun(by: Actor, overlay: Any = OWN) -> Inherited:
    started = inheriting.inherit("musterstadt", PERMIT, by=by, at=AT)
    return inheriting.set_overlay(PERMIT, overlay, revision=started.revision, by=by, at=AT)


def dearer(document: dict[str, Any]) -> None:
    document["fee"]["legal_basis"] = "Neue Gebührensatzung"
    document["retention"]["years"] = 4


class TestInheriting:
    def test_finds_what_other_cities_have_in_force(self, next_city: Actor) -> None:
        offered = inheriting.inheritable(by=next_city)
        assert (PERMIT, "musterstadt") in [(one.key, one.tenant) for one in offered]
        assert inheriting.inheritable(by=administrator()) == ()

    def test_publishes_what_was_taken_over_with_our_own_on_top(self, next_city: Actor) -> None:
        inherited = begun(next_city)
        done = inheriting.publish_inherited(
            PERMIT, TODAY, revision=inherited.revision, by=next_city, at=AT
        )
        assert (done.number, done.is_in_force) == (1, True)
        ours = current_offer(next_city.tenant_id, PERMIT).definition
        theirs = current_offer(city().pk, PERMIT).definition
        assert ours.title.in_("de") == "Anwohnerparken"
        assert ours.title.in_("en") == theirs.title.in_("en")
        assert ours.form == theirs.form

    def test_lets_nothing_differ_but_fees_competence_and_texts(self, next_city: Actor) -> None:
        inherited = begun(next_city)
        with pytest.raises(Invalid) as refusal:
            inheriting.set_overlay(
                PERMIT, {"checks": []}, revision=inherited.revision, by=next_city, at=AT
            )
        assert [error.rule for error in refusal.value.errors] == ["overlay_not_allowed"]
        assert inheriting.get_inherited(PERMIT, by=next_city).overlay == OWN

    def test_is_validated_like_any_other(self, next_city: Actor) -> None:
        inherited = begun(next_city, {"unit": "nirgendwo"})
        with pytest.raises(Invalid) as refusal:
            inheriting.publish_inherited(
                PERMIT, TODAY, revision=inherited.revision, by=next_city, at=AT
            )
        assert [error.rule for error in refusal.value.errors] == ["unit_unknown"]

    def test_of_what_is_ours_already_or_not_there_is_refused(self, next_city: Actor) -> None:
        begun(next_city)
        with pytest.raises(drafts.ServiceExists):
            inheriting.inherit("musterstadt", PERMIT, by=next_city, at=AT)
        for tenant, key in (("musterstadt", "nothing"), ("nachbarstadt", PERMIT), ("x", PERMIT)):
            with pytest.raises(NotFound):
                inheriting.inherit(tenant, key, by=next_city, at=AT)
        with pytest.raises(drafts.IsInherited):
            drafts.start_new(PERMIT, "Parken", by=next_city, at=AT)
        with pytest.raises(ActionNotGranted):
            inheriting.inherit("musterstadt", PERMIT, by=colleague(), at=AT)


class TestAChangeUpstream:
    def test_waits_to_be_accepted_and_names_what_clashes(self, next_city: Actor) -> None:
        inherited = begun(next_city)
        assert inherited.upstream is None
        published(PERMIT, dearer)
        change = inheriting.upstream_change(PERMIT, by=next_city)
        assert change is not None
        rows = {row.difference.pointer: (row.own, row.clashes) for row in change.rows}
        assert rows == {
            "/fee/legal_basis": ("Satzung der Nachbarstadt", True),
            "/retention/years": (None, False),
        }
        assert not ServiceVersion.objects.filter(tenant_id=next_city.tenant_id).exists()

    def test_is_published_once_it_is_accepted_and_ours_stays(self, next_city: Actor) -> None:
        inherited = begun(next_city)
        published(PERMIT, dearer)
        with pytest.raises(NotFound):
            inheriting.accept_upstream(
                PERMIT, 7, TODAY, revision=inherited.revision, by=next_city, at=AT
            )
        inheriting.accept_upstream(
            PERMIT, 2, TODAY, revision=inherited.revision, by=next_city, at=AT
        )
        ours = current_offer(next_city.tenant_id, PERMIT).definition
        assert ours.retention.years == 4
        assert ours.fee is not None
        assert ours.fee.legal_basis == "Satzung der Nachbarstadt"
        assert inheriting.get_inherited(PERMIT, by=next_city).upstream is None

    def test_seen_by_two_is_accepted_by_one(self, next_city: Actor) -> None:
        inherited = begun(next_city)
        published(PERMIT, dearer)
        inheriting.set_overlay(PERMIT, {}, revision=inherited.revision, by=next_city, at=AT)
        with pytest.raises(drafts.DraftChanged):
            inheriting.accept_upstream(
                PERMIT, 2, TODAY, revision=inherited.revision, by=next_city, at=AT
            )

    def test_is_nobodys_affair_once_let_go(self, next_city: Actor) -> None:
        inherited = begun(next_city)
        inheriting.let_go(PERMIT, revision=inherited.revision, by=next_city, at=AT)
        assert not Inheritance.objects.exists()
        assert inheriting.find_inherited(by=next_city) == ()
