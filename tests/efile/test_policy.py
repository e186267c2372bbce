"""Who may see and do what: the published matrix, and one predicate in every form it takes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backoffice.demo.city import EMPLOYEES, UNITS, Employee
from efile.grants import bar_colleague, share_case
from efile.kernel.actors import Actor
from efile.kernel.clock import real_now
from efile.kernel.ids import uuid7
from efile.kernel.models import Membership, Role, Unit, User
from efile.models import Case, CaseGrant, Party
from efile.policy import (
    MATRIX,
    Action,
    ActionNotGranted,
    may,
    may_anywhere,
    person,
    require,
    search_terms,
    visible_to,
)
from tests.efile.cases import neighbour, opened, user_id
from tests.factories import DAY, city, colleague, machine, portal

# Who may do what with a case that lies in their unit or below, in an access class they hold.
# "System" is the application at work on its own, "Portal" the sender of the submission.
PUBLISHED = """
Handlung                        | Sachb. | Leitung | Registr. | Admin. | Revision | System | Portal
--------------------------------|--------|---------|----------|--------|----------|--------|-------
view: den Vorgang sehen         |   ja   |    ja   |    ja    |        |    ja    |        |
examine: prüfen                 |   ja   |    ja   |          |        |          |   ja   |
assign: übernehmen, zuweisen    |   ja   |    ja   |          |        |          |        |
request_proof: nachfordern      |   ja   |    ja   |          |        |          |        |
receive_answer: Antwort nehmen  |   ja   |    ja   |          |        |          |   ja   |   ja
decide: bewilligen, ablehnen    |   ja   |    ja   |          |        |          |   ja   |
notify: Bekanntgabe vermerken   |   ja   |    ja   |          |        |          |   ja   |
recall: Fremdes zurückholen      |        |    ja   |          |        |          |        |
forward: abgeben                |   ja   |    ja   |          |        |          |        |
withdraw: Rücknahme vermerken   |   ja   |    ja   |          |        |          |        |   ja
close: abschließen (zdA)        |   ja   |    ja   |    ja    |        |          |   ja   |
reopen: wiederaufnehmen         |        |    ja   |    ja    |        |          |        |
write_note: Vermerk schreiben   |   ja   |    ja   |    ja    |        |          |        |
follow_up: Wiedervorlage setzen |   ja   |    ja   |    ja    |        |          |        |
take_down: Antrag aufnehmen     |   ja   |    ja   |          |        |          |        |
clarify: Eingang klären         |   ja   |    ja   |    ja    |        |          |        |
enquire: Auskunft am Telefon    |   ja   |    ja   |    ja    |        |          |        |
share: freigeben, ausschließen  |        |    ja   |          |        |          |        |
dispatch: Tagesliste abrufen    |   ja   |    ja   |          |        |          |        |
post: Postausgang führen        |   ja   |    ja   |          |        |          |        |
revoke: Bewilligtes widerrufen  |   ja   |    ja   |          |        |          |        |
allot: Plätze vergeben          |        |    ja   |          |        |          |        |
answer_place: Platz beantworten |   ja   |    ja   |          |        |          |   ja   |   ja
appoint: Termin verlegen        |   ja   |    ja   |          |        |          |        |   ja
cash: Zahlung eintragen         |   ja   |    ja   |          |        |          |        |
control_automation: abschalten  |        |    ja   |          |        |          |        |
oversee: Auslastung sehen       |        |    ja   |          |        |          |        |
administer: Leistungen pflegen  |        |         |          |   ja   |          |        |
read_journal: Protokoll lesen   |   ja   |    ja   |    ja    |        |    ja    |        |
"""
COLUMNS = [*Role.values, "system", "portal"]

# One case that is shared with some and closed to others, or both.
SPECIAL = "Ein Vorgang unter Verwandten"
SHARED_WITH = ("f.okonkwo", "o.kruse", "h.quast")
BARRED = ("a.lopes", "r.sandmann", "h.quast")

HERE = "7:general"
ELSEWHERE = "8:general"


def published() -> dict[str, set[str]]:
    """Action → the roles that have it."""
    _heading, _line, *rows = PUBLISHED.strip().splitlines()
    table = {}
    for row in rows:
        action, *marks = (cell.strip() for cell in row.split("|"))
        granted = zip(COLUMNS, marks, strict=True)
        table[action.partition(":")[0]] = {role for role, mark in granted if mark == "ja"}
    return table


def holding(role: str, scope: str = HERE, **beside: Any) -> Actor:
    """Somebody who holds ``role`` in ``scope`` and nothing else."""
    kind: Any = role if role in ("system", "portal") else "user"
    reach = {role: frozenset({scope})} if kind == "user" else {}
    return Actor(tenant_id=1, kind=kind, key=f"{kind}:1", reach=reach, **beside)


class TestTheMatrix:
    def test_has_a_row_for_every_action(self) -> None:
        assert published().keys() == {action.value for action in Action} == MATRIX.keys()

    @pytest.mark.parametrize("role", COLUMNS)
    @pytest.mark.parametrize("action", Action)
    def test_is_what_was_published(self, action: Action, role: str) -> None:
        allowed = role in published()[action]
        assert may(action, uuid7(), HERE, by=holding(role)) is allowed
        assert may_anywhere(action, by=holding(role)) is allowed

    @pytest.mark.parametrize("action", Action)
    def test_counts_only_where_the_role_is_held(self, action: Action) -> None:
        for role in Role.values:
            assert not may(action, uuid7(), ELSEWHERE, by=holding(role))

    def test_makes_a_refusal_name_the_action(self) -> None:
        with pytest.raises(ActionNotGranted) as refusal:
            require(Action.SHARE, uuid7(), HERE, by=holding("caseworker"))
        assert refusal.value.facts == {"action": "share"}


class TestAShare:
    @pytest.mark.parametrize("action", Action)
    def test_lets_a_stranger_read_and_leave_notes_and_nothing_else(self, action: Action) -> None:
        case = uuid7()
        guest = holding("caseworker", ELSEWHERE, granted=(case,))
        allowed = action in {Action.VIEW, Action.READ_JOURNAL, Action.WRITE_NOTE}
        assert may(action, case, HERE, by=guest) is allowed
        assert not may(action, uuid7(), HERE, by=guest)

    def test_takes_nothing_from_whoever_has_more(self) -> None:
        case = uuid7()
        assert may(Action.DECIDE, case, HERE, by=holding("head", granted=(case,)))


class TestADenial:
    @pytest.mark.parametrize("action", Action)
    def test_beats_role_and_share(self, action: Action) -> None:
        case = uuid7()
        for role in Role.values:
            barred = holding(role, granted=(case,), denied=(case,))
            assert not may(action, case, HERE, by=barred)

    def test_is_about_one_case(self) -> None:
        assert may(Action.VIEW, uuid7(), HERE, by=holding("head", denied=(uuid7(),)))


@pytest.mark.django_db
class TestSeeing:
    def sees(self, username: str, case: Case) -> bool:
        return seen_by(colleague(username)) == {case.id}

    @pytest.mark.parametrize(
        ("username", "unit", "access_class", "sees"),
        [
            ("a.lopes", "buergerservice-parken", "general", True),
            ("t.oyelaran", "buergerservice-parken", "general", True),
            # the head of the office above, not that of another one
            ("b.voss", "buergerservice-parken", "general", True),
            ("r.aydin", "buergerservice-parken", "general", False),
            # nobody from the team beside, nobody from below
            ("s.nguyen", "buergerservice-parken", "general", False),
            ("t.oyelaran", "amt-32", "general", False),
            # only whoever holds the access class
            ("a.lopes", "buergerservice-parken", "social", False),
            ("b.voss", "auslaenderbehoerde", "foreigners", True),
            ("b.voss", "auslaenderbehoerde", "social", False),
            ("c.overbeck", "sozialamt", "social", True),
            ("c.overbeck", "sozialamt", "personnel", False),
            # registry and auditors: everything; administrators: nothing
            ("r.sandmann", "sozialamt", "personnel", True),
            ("v.nightingale", "steueramt", "tax", True),
            ("o.kruse", "hauptamt", "general", False),
        ],
    )
    def test_follows_unit_and_access_class(
        self, username: str, unit: str, access_class: str, *, sees: bool
    ) -> None:
        assert self.sees(username, opened(unit=unit, access_class=access_class)) is sees

    def test_needs_no_class_but_that_of_the_same_membership(self) -> None:
        """Social data there and tax data here are not tax data there."""
        user = User.objects.get(username="f.okonkwo")
        steueramt = Unit.objects.get(key="steueramt")
        Membership.objects.create(
            tenant=city(), user=user, unit=steueramt, role="caseworker", access_classes=["tax"]
        )
        opened(unit="sozialamt", access_class="tax")
        assert seen_by(person(user)) == set()
        both = {
            opened(unit="sozialamt", access_class="social").id,
            opened(unit="steueramt", access_class="tax").id,
        }
        assert seen_by(person(user)) == both

    def test_is_not_doing_where_another_role_is_held(self) -> None:
        registrar = colleague("r.sandmann")
        there, at_home = opened(), opened(unit="registratur", position="10.3")
        assert not may(Action.ASSIGN, there.id, there.scope, by=registrar)
        assert may(Action.ASSIGN, at_home.id, at_home.scope, by=registrar)

    def test_never_reaches_another_city(self) -> None:
        head = neighbour()
        ours, theirs = opened(), opened(by=head)
        assert seen_by(head) == {theirs.id}
        assert seen_by(machine()) == {ours.id}
        for employee in EMPLOYEES:
            assert theirs.id not in seen_by(colleague(employee.username))

    def test_is_nothing_for_portals(self) -> None:
        opened(by=portal())
        assert seen_by(portal()) == set()

    def test_includes_what_is_shared_until_the_share_ends(self) -> None:
        case = opened()
        share(case, "f.okonkwo")
        assert self.sees("f.okonkwo", case)
        CaseGrant.objects.update(until=real_now() - DAY)
        assert not self.sees("f.okonkwo", case)

    def test_excludes_whoever_is_barred_even_where_it_is_shared(self) -> None:
        case = opened()
        for username in ("a.lopes", "f.okonkwo", "v.nightingale"):
            share(case, username)
            bar(case, username)
            assert not self.sees(username, case)
        assert self.sees("d.yilmaz", case)


@pytest.mark.django_db
class TestEveryFormOfThePredicate:
    """SQL on cases, SQL from beside, search terms and ``may`` say what the city's plan says."""

    @pytest.fixture
    def cases(self) -> Mapping[UUID, Case]:
        """A case in every unit, one of every class, one abroad; one shared, one closed to some."""
        units = [opened(unit=unit.key) for unit in UNITS]
        classes = {post.access_classes for one in EMPLOYEES for post in one.posts}
        secret = [
            opened(unit=unit, access_class=access_class)
            for unit in ("stadtverwaltung", "amt-32", "sozialamt", "jugendamt")
            for access_class in sorted(set().union(*classes) - {"general"})
        ]
        special = opened(subject=SPECIAL)
        for username in SHARED_WITH:
            share(special, username)
        for username in BARRED:
            bar(special, username)
        abroad = opened(by=neighbour())
        return {case.id: case for case in [*units, *secret, special, abroad]}

    def test_agrees_for_everybody(self, cases: Mapping[UUID, Case]) -> None:
        actors = {one.username: colleague(one.username) for one in EMPLOYEES}
        expected = {
            one.username: {id_ for id_, case in cases.items() if sees_by_plan(one, case)}
            for one in EMPLOYEES
        }
        assert {name: seen_by(actor) for name, actor in actors.items()} == expected
        assert {name: seen_from_beside(actor) for name, actor in actors.items()} == expected
        assert {name: viewable(actor, cases) for name, actor in actors.items()} == expected
        assert {name: found_by(actor, cases) for name, actor in actors.items()} == expected


@pytest.mark.django_db
class TestTheStatement:
    def test_stays_the_same_whoever_asks(self) -> None:
        """Prepared once per connection: no list of places in it whose length varies."""
        asked = {
            str(Case.objects.filter(visible_to(colleague(name))).query.sql_with_params()[0])
            for name in ("a.lopes", "r.sandmann", "o.kruse")
        }
        assert len(asked) == 1

    def test_that_finds_a_person_s_reach_is_one(self) -> None:
        user = User.objects.get(username="r.sandmann")
        with CaptureQueriesContext(connection) as queries:
            person(user)
        assert len(queries) == 1


def share(case: Case, username: str) -> None:
    by, now = system_as_head(case), real_now()
    share_case(case.id, user_id(username), until=now + DAY, reason="Vertretung", by=by, at=now)


def bar(case: Case, username: str) -> None:
    by, now = system_as_head(case), real_now()
    bar_colleague(case.id, user_id(username), reason="Befangenheit", by=by, at=now)


def system_as_head(case: Case) -> Actor:
    """A head where the case lies."""
    reach = {"head": frozenset({case.scope})}
    return Actor(tenant_id=case.tenant_id, kind="user", key="user:0", reach=reach)


def seen_by(actor: Actor) -> set[UUID]:
    return set(Case.objects.filter(visible_to(actor)).values_list("id", flat=True))


def seen_from_beside(actor: Actor) -> set[UUID]:
    parties = Party.objects.filter(visible_to(actor, "case__"))
    return set(parties.values_list("case_id", flat=True))


def viewable(actor: Actor, cases: Mapping[UUID, Case]) -> set[UUID]:
    """The cases of the actor's city that ``may`` lets them view."""
    return {
        id_
        for id_, case in cases.items()
        if case.tenant_id == actor.tenant_id and may(Action.VIEW, id_, case.scope, by=actor)
    }


def found_by(actor: Actor, cases: Mapping[UUID, Case]) -> set[UUID]:
    """What a search engine makes of the terms."""
    terms = search_terms(actor)
    return {
        id_
        for id_, case in cases.items()
        if case.tenant_id == terms["tenant"]
        and str(id_) not in terms["denied"]
        and (case.scope in terms["scopes"] or str(id_) in terms["granted"])
    }


def sees_by_plan(employee: Employee, case: Case) -> bool:
    """The rule in its own words, read off the city's organisation chart."""
    special = case.subject == SPECIAL
    if case.tenant_id != city().pk or (special and employee.username in BARRED):
        return False
    unit = Unit.objects.get(id=case.lead_unit_id).key
    return (special and employee.username in SHARED_WITH) or any(
        post.role != "administrator"
        and post.unit in upwards(unit)
        and case.access_class in post.access_classes
        for post in employee.posts
    )


def upwards(unit: str | None) -> list[str]:
    """The unit and everything above it."""
    parents = {one.key: one.parent for one in UNITS}
    return [unit, *upwards(parents[unit])] if unit else []
