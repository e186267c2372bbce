"""Offers unasked: made once, for law or consent, taken with one call by their holder alone."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from efile.kernel.actors import Actor
from efile.kernel.errors import Invalid, NotFound
from efile.kernel.ids import uuid7
from tests.crowd import together
from tests.factories import AT, DAY, body, city, colleague, portal, submit, uploaded
from tests.workflows.working import published, recorded, refused, told
from workflows.application import Application
from workflows.checks import _standing
from workflows.decisions import decide
from workflows.machine import Step
from workflows.matters import revoke_matter
from workflows.models import OfferState, ProactiveOffer, Process, StandingMatter
from workflows.proactive.answering import (
    NotTheHolder,
    OfferHasLapsed,
    OfferIsOvertaken,
    OfferIsSettled,
    accept_offer,
    decline_offer,
    lapse_offers,
    withdraw_overtaken,
)
from workflows.proactive.making import offer_renewals
from workflows.proactive.occasions import report
from workflows.proactive.told import list_offers, offers_of_person
from workflows.public import public_status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

PERSON = "AGYwTg8Xxk7ZPzZcJ8v1uA=="
IDENTITY = {"source": "bundid", "assurance": "substantial", "bpk2": PERSON}


def permitted(bpk2: str = PERSON, at: datetime = AT, **consents: bool) -> StandingMatter:
    """A permit of somebody who signed in, granted ``at`` a moment."""
    sent = body()
    if bpk2:
        sent["parties"][0]["identity"]["bpk2"] = bpk2
    sent["consents"] |= consents
    receipt = submit(sent, at=at)
    case_id = Process.objects.values_list("case_id", flat=True).get(submission=receipt["id"])
    decide(case_id, Step.GRANT, by=colleague(), at=at)
    return StandingMatter.objects.get(case_id=case_id)


def near(matter: StandingMatter) -> Any:
    """A moment at which it is about to end."""
    assert matter.valid_to
    return AT + (matter.valid_to - AT.date() - timedelta(days=20))


def offer() -> ProactiveOffer:
    return ProactiveOffer.objects.select_related("matter").get()


def said(by: Actor | None = None, **more: Any) -> dict[str, Any]:
    attachment = {"upload": uploaded(by or portal()), "proof": "registration-certificate"}
    return {"identity": IDENTITY, "attachments": [attachment]} | more


def accepted(at: Any, key: str = "", by: Actor | None = None, **more: Any) -> tuple[str, bool]:
    by = by or portal()
    return accept_offer(offer().id, said(by, **more), key=key or str(uuid7()), by=by, at=at)


def needing_consent(document: dict[str, Any]) -> None:
    document["proactive"][0] |= {"needs_consent": True, "legal_basis": None}


class TestAMatterThatEnds:
    def test_is_offered_again_once_when_its_time_has_come(self) -> None:
        matter = permitted()
        assert matter.valid_to
        assert offer_renewals(at=AT) == 0
        assert offer_renewals(at=near(matter)) == 1
        assert offer_renewals(at=near(matter) + DAY) == 0
        made = offer()
        assert made.form["plate"] == "D-LM 123"
        assert made.form["valid_from"] == (matter.valid_to + timedelta(days=1)).isoformat()
        assert (made.missing, made.basis, made.submission is None) == ([], "law", False)
        assert told(matter.case_id)[-1] == "offer_made"
        assert "offer.made" in recorded(matter.case_id)
        status = public_status(UUID(str(made.submission)), by=portal())
        assert status["offers"][0]["id"] == str(made.id)
        assert f"{made.valid_until:%d.%m.%Y}" in status["events"][-1]["text"]

    def test_of_nobody_who_signed_in_is_not_offered(self) -> None:
        assert offer_renewals(at=near(permitted(bpk2=""))) == 0

    def test_is_not_offered_when_it_is_revoked_or_renewed_already(self) -> None:
        matter = permitted()
        at = near(matter)
        later = StandingMatter.objects.get(id=matter.id)
        later.id, later.number = uuid7(), "BPA-27-000001"
        later.valid_to = later.valid_to + timedelta(days=365) if later.valid_to else None
        later.save(force_insert=True)
        assert offer_renewals(at=at) == 0
        StandingMatter.objects.filter(id=later.id).delete()
        revoke_matter(matter.case_id, matter.id, "Weggezogen", by=colleague(), at=AT)
        assert offer_renewals(at=at) == 0

    def test_needs_the_consent_given_last_where_no_law_allows_it(self) -> None:
        published("resident-parking", needing_consent)
        at = near(permitted())
        assert offer_renewals(at=at) == 0
        permitted(proactive_offers=True)
        assert offer_renewals(at=at) == 2
        assert {one.basis for one in ProactiveOffer.objects.all()} == {"consent"}

    def test_costs_the_same_for_one_and_for_many(self) -> None:
        def count(at: Any) -> int:
            with CaptureQueriesContext(connection) as captured:
                offer_renewals(at=at)
            return len(captured)

        matter = permitted("one")
        at = near(matter)
        few = count(at)
        for number in range(4):
            permitted(f"person {number}")
        assert count(at) == few


class TestAcceptance:
    def test_files_the_case_with_one_call_and_the_same_receipt_again(self) -> None:
        matter = permitted()
        at = near(matter)
        offer_renewals(at=at)
        by, what = portal(), said()
        first = accept_offer(offer().id, what, key="k", by=by, at=at)
        again = accept_offer(offer().id, what, key="k", by=by, at=at + DAY)
        assert (first[1], again[1], first[0] == again[0]) == (False, True, True)
        made = offer()
        assert made.state == OfferState.ACCEPTED
        assert made.case_id
        process = Process.objects.get(case_id=made.case_id)
        assert (process.service_key, process.source) == ("resident-parking", by.key)
        assert recorded(process.case_id)[-1] == "offer.settled"
        with pytest.raises(OfferIsSettled):
            accepted(at)

    def test_completes_what_is_missing_and_refuses_what_is_wrong(self) -> None:
        matter = permitted()
        at = near(matter)
        offer_renewals(at=at)
        with pytest.raises(Invalid) as refusal:
            accepted(at, form={"plate": "falsch"})
        assert [fault.pointer for fault in refusal.value.errors] == ["/form/plate"]
        assert offer().state == OfferState.OPEN
        accepted(at, form={"duration_years": 2})
        assert offer().state == OfferState.ACCEPTED

    def test_is_the_holders_alone_and_unknown_to_another_portal(self) -> None:
        matter = permitted()
        at = near(matter)
        offer_renewals(at=at)
        stranger = {"identity": IDENTITY | {"bpk2": "someone else"}}
        with pytest.raises(NotTheHolder):
            accept_offer(offer().id, said() | stranger, key="a", by=portal(), at=at)
        other = portal("other")
        with pytest.raises(NotFound):
            accept_offer(offer().id, said(other), key="a", by=other, at=at)
        with pytest.raises(NotFound):
            accept_offer(uuid7(), said(), key="a", by=portal(), at=at)
        assert offer().state == OfferState.OPEN

    def test_is_refused_when_the_matter_ended_meanwhile(self) -> None:
        matter = permitted()
        at = near(matter)
        offer_renewals(at=at)
        revoke_matter(matter.case_id, matter.id, "Weggezogen", by=colleague(), at=at)
        before = Process.objects.count()
        with pytest.raises(OfferIsOvertaken) as refusal:
            accepted(at)
        assert refusal.value.facts == {"reason": "matter_ended"}
        assert Process.objects.count() == before
        assert withdraw_overtaken(at=at) == 1
        assert (offer().state, offer().reason) == (OfferState.WITHDRAWN, "matter_ended")
        with pytest.raises(OfferIsSettled):
            accepted(at)

    def test_is_possible_until_the_last_day_and_not_after(self) -> None:
        at = near(permitted())
        offer_renewals(at=at)
        last = at + timedelta(days=28)
        with pytest.raises(OfferHasLapsed):
            accepted(last + DAY)
        assert lapse_offers(at=last) == 0
        assert lapse_offers(at=last + DAY) == 1
        assert lapse_offers(at=last + DAY) == 0
        assert offer().state == OfferState.LAPSED

    def test_may_be_declined_instead(self) -> None:
        at = near(permitted())
        offer_renewals(at=at)
        with pytest.raises(NotTheHolder):
            decline_offer(offer().id, {"bpk2": "x"}, key=None, by=portal(), at=at)
        decline_offer(offer().id, IDENTITY, key=None, by=portal(), at=at)
        with pytest.raises(OfferIsSettled):
            decline_offer(offer().id, IDENTITY, key=None, by=portal(), at=at)
        assert offer().state == OfferState.DECLINED

    def test_renews_so_that_the_old_permit_is_no_second_one(self) -> None:
        at = near(permitted())
        offer_renewals(at=at)
        accepted(at)
        case_id = offer().case_id
        assert case_id
        process = Process.objects.select_related("version").get(case_id=case_id)
        assert _standing(process, Application.of(process), at)["active_permits"] == 0


def register() -> Actor:
    return Actor(
        tenant_id=city().pk,
        kind="portal",
        key="portal:register",
        permissions=frozenset({"occasions"}),
    )


def serving() -> Actor:
    """A portal that also answers for what registers report."""
    scopes = frozenset({"submit", "read", "answer", "offers"})
    return Actor(tenant_id=city().pk, kind="portal", key="portal:city", permissions=scopes)


def on_moving_in(document: dict[str, Any]) -> None:
    document["proactive"].append(
        document["proactive"][0]
        | {
            "key": "newcomer",
            "occasion": "moved_in",
            "needs_consent": True,
            "legal_basis": None,
            "prefill": {"zone": "/occasion/zone", "plate": "/occasion/plate"},
        }
    )


def moved(**more: Any) -> dict[str, Any]:
    return {
        "kind": "moved_in",
        "occurred_on": AT.date().isoformat(),
        "person": {"bpk2": PERSON},
        "data": {"zone": "A4", "plate": "nonsense"},
    } | more


class TestAnOccasion:
    def test_is_offered_for_with_consent_and_hashes_the_person(self) -> None:
        published("resident-parking", on_moving_in)
        agreed = moved(consents={"proactive_offers": True})
        text, _ = report(agreed, key="a", by=register(), at=AT)
        again, replayed = report(agreed, key="a", by=register(), at=AT + DAY)
        assert (replayed, again == text) == (True, True)
        made = ProactiveOffer.objects.get(service_key="resident-parking")
        # What is wrong is never offered, and said to be missing.
        assert (made.form, made.missing) == ({"zone": "A4"}, ["/form/plate"])
        assert PERSON not in text
        assert made.holder
        assert made.holder != PERSON

    def test_is_nothing_without_consent_where_no_law_allows_it(self) -> None:
        published("resident-parking", on_moving_in)
        for key, consents in (("a", {}), ("b", {"proactive_offers": False})):
            report(moved(consents=consents), key=key, by=register(), at=AT)
        assert not ProactiveOffer.objects.filter(service_key="resident-parking").exists()
        permitted(proactive_offers=True)
        report(moved(), key="c", by=register(), at=AT)
        assert ProactiveOffer.objects.filter(service_key="resident-parking").count() == 1

    @pytest.mark.parametrize("day", [AT.date() + timedelta(days=1), date(2025, 1, 1)])
    def test_lies_in_the_past_year(self, day: date) -> None:
        with pytest.raises(Invalid):
            report(moved(occurred_on=day.isoformat()), key="a", by=register(), at=AT)

    def test_is_found_and_taken_by_the_portal_that_may(self) -> None:
        published("resident-parking", on_moving_in)
        agreed = moved(consents={"proactive_offers": True})
        report(agreed, key="a", by=register(), at=AT)
        assert list_offers(by=portal(), language="de").offers == []
        by = serving()
        found = offers_of_person(PERSON, by=by, language="en")
        mine = [one for one in found if one["service"] == "resident-parking"]
        assert mine[0]["title"] == "Your resident parking permit is about to expire"
        assert offers_of_person("other", by=by, language="en") == []
        page = list_offers(by=by, language="de", limit=1, service_key="resident-parking")
        assert (len(page.offers), page.next) == (1, "")
        parties = body(by=by)["parties"]
        what = said(by, form={"plate": "D-LM 123"}, parties=parties)
        with pytest.raises(Invalid):
            accept_offer(UUID(mine[0]["id"]), what | {"parties": []}, key="k", by=by, at=AT)
        accept_offer(UUID(mine[0]["id"]), what, key="k", by=by, at=AT)
        assert ProactiveOffer.objects.get(id=mine[0]["id"]).state == OfferState.ACCEPTED


@pytest.mark.django_db(transaction=True)
def test_an_offer_is_accepted_once_however_many_try() -> None:
    at = near(permitted())
    offer_renewals(at=at)
    by, one = portal(), offer()
    bodies = [said(by) for _ in range(3)]

    def act(number: int) -> object:
        return accept_offer(one.id, bodies[number], key=f"k{number}", by=by, at=at)

    before = Process.objects.count()
    results = together(3, act)
    assert len(refused(results)) == 2
    assert Process.objects.count() == before + 1
