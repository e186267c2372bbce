"""The pages of waiting lists: order and reasons, places, rounds, one case, and offers."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from efile.kernel.clock import real_now
from tests.backoffice.pages.conftest import SignedIn
from tests.backoffice.pages.test_statements import cost
from tests.factories import submitted
from tests.workflows.test_proactive import permitted
from tests.workflows.waiting_city import FROM, HOUSES, LIST, carried_out, founded, head, waiting
from workflows.models import AllocationRound, PlaceOffer, Process
from workflows.proactive.making import offer_renewals
from workflows.waiting.entries import prefer
from workflows.waiting.rounds import draw_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def heads_desk(signed_in: SignedIn) -> Client:
    return signed_in("t.oyelaran")


@pytest.fixture
def elsewhere(signed_in: SignedIn) -> Client:
    """Somebody who sees no case of this list."""
    return signed_in("r.aydin")


def now() -> datetime:
    return real_now()


def drawn() -> AllocationRound:
    return draw_round(LIST, FROM, by=head(), at=now())


class TestTheList:
    def test_says_who_comes_when_and_why(self, desk: Client) -> None:
        founded({"sonne": 1})
        waiting("sonne", siblings=1)
        child = waiting("wald", "sonne", siblings=2)
        prefer(child.case_id, "wald", "Härte", by=head(), at=now())
        page = desk.get(f"/waiting/{LIST}").context["page"]
        assert page.summary == "2 Personen warten"
        first = page.rows[0]
        assert (first.rank, first.points, first.wishes) == (
            1,
            20,
            (HOUSES["wald"], HOUSES["sonne"]),
        )
        assert first.reasons == ("20 Geschwister in der Kita (Nr. 2.1 der Vergaberichtlinie)",)
        assert first.notes == ("Ausnahme (Kita Waldrand): Härte",)

    def test_narrows_to_a_house(self, desk: Client) -> None:
        founded({"sonne": 1, "wald": 1})
        waiting("sonne")
        child = waiting("wald")
        rows = desk.get(f"/waiting/{LIST}?facility=wald&group=ue3").context["page"].rows
        assert [row.key for row in rows] == [str(child.case_id)]
        assert desk.get(f"/waiting/{LIST}?group=u3").context["page"].rows == ()

    def test_is_absent_to_who_sees_no_case_of_it(self, elsewhere: Client, desk: Client) -> None:
        founded({"sonne": 1})
        child, one = waiting("sonne"), drawn()
        for address in (
            f"/waiting/{LIST}",
            f"/waiting/{LIST}/places",
            f"/waiting/{LIST}/rounds",
            f"/rounds/{one.id}",
            f"/rounds/{one.id}.csv",
            f"/rounds/{one.id}.pdf",
            f"/cases/{child.case_id}/waiting",
        ):
            assert elsewhere.get(address).status_code == 404
            assert desk.get(address).status_code == 200
        assert desk.get("/waiting").headers["Location"] == f"/waiting/{LIST}"
        assert elsewhere.get("/waiting").status_code == 404

    def test_costs_the_same_for_one_and_for_many(self, desk: Client) -> None:
        founded({"sonne": 1})
        waiting("sonne")
        with_one = cost(desk, f"/waiting/{LIST}")
        for _ in range(8):
            waiting("sonne", "wald")
        assert cost(desk, f"/waiting/{LIST}") == with_one <= 6


class TestPlaces:
    def test_are_counted_by_the_head(self, heads_desk: Client, desk: Client) -> None:
        founded({"sonne": 2})
        waiting("sonne")
        (row,) = heads_desk.get(f"/waiting/{LIST}/places").context["page"].rows
        assert (row.places, row.free, row.wanted) == (2, 2, 1)
        assert heads_desk.post(row.action.url, {"places": "5"}).status_code == 302
        (row,) = desk.get(f"/waiting/{LIST}/places").context["page"].rows
        assert (row.places, row.action) == (5, None)

    def test_are_laid_out_with_a_new_house(self, heads_desk: Client, desk: Client) -> None:
        founded({})
        new = {"facility": "berg", "title": "Kita am Berg", "group": "u3", "places": "4"}
        address = f"/waiting/{LIST}/places/new"
        body = new | {"first": "2026-08-01", "last": "2027-07-31"}
        assert desk.post(address, body).status_code == 403
        assert heads_desk.post(address, new).status_code == 422
        assert heads_desk.post(address, body).status_code == 302
        (row,) = heads_desk.get(f"/waiting/{LIST}/places").context["page"].rows
        assert (row.title, row.group, row.free) == ("Kita am Berg", "u3", 4)

    def test_say_why_they_cannot_be_fewer(self, heads_desk: Client) -> None:
        founded({"sonne": 2})
        waiting("sonne"), waiting("sonne")
        carried_out(at=now())
        (row,) = heads_desk.get(f"/waiting/{LIST}/places").context["page"].rows
        response = heads_desk.post(row.action.url, {"places": "1"})
        assert response.status_code == 409
        assert "schon 2" in response.content.decode()


class TestARound:
    def test_is_drawn_looked_at_and_carried_out(self, heads_desk: Client) -> None:
        founded({"sonne": 1})
        first, _second = waiting("sonne", siblings=2), waiting("sonne")
        response = heads_desk.post(f"/waiting/{LIST}/rounds", {"from_on": FROM.isoformat()})
        address = response.headers["Location"]
        page = heads_desk.get(address).context["page"]
        assert [row.place for row in page.rows] == ["Kita Sonnenhügel (ue3)", ""]
        assert page.rows[1].why == (
            "Wunsch 1, Kita Sonnenhügel (ue3): Rang 2 von 2, freie Plätze: 1 – alle Plätze gehen "
            "an Personen davor",
        )
        act = next(one for one in page.actions if one.key == "carry_out")
        assert heads_desk.post(act.url, {"version": act.version}).status_code == 302
        done = heads_desk.get(address).context["page"]
        assert (done.state.text, done.actions) == ("ausgeführt", ())
        assert done.rows[0].state.text == "angeboten"
        assert PlaceOffer.objects.get().case_id == first.case_id

    def test_asks_to_look_again_when_somebody_joined(self, heads_desk: Client) -> None:
        founded({"sonne": 1})
        waiting("sonne")
        one = drawn()
        page = heads_desk.get(f"/rounds/{one.id}").context["page"]
        act = next(row for row in page.actions if row.key == "carry_out")
        waiting("sonne", siblings=4)
        response = heads_desk.post(act.url, {"version": act.version})
        assert response.status_code == 409
        again = next(r for r in response.context["page"].actions if r.key == "carry_out")
        assert again.problems
        assert again.version != act.version

    def test_is_nothing_a_caseworker_does(self, desk: Client) -> None:
        founded({"sonne": 1})
        one = drawn()
        assert desk.get(f"/rounds/{one.id}").context["page"].actions == ()
        assert desk.post(f"/rounds/{one.id}/carry-out", {"version": "x"}).status_code == 403
        answer = desk.post(f"/waiting/{LIST}/rounds", {"from_on": FROM.isoformat()})
        assert answer.status_code == 403

    def test_is_given_up_for_a_reason(self, heads_desk: Client) -> None:
        founded({"sonne": 1})
        one = drawn()
        assert heads_desk.post(f"/rounds/{one.id}/give-up", {"reason": ""}).status_code == 422
        assert heads_desk.post(f"/rounds/{one.id}/give-up", {"reason": "Irrtum"}).status_code == 302
        page = heads_desk.get(f"/waiting/{LIST}/rounds").context["page"]
        assert [row.state.text for row in page.rows] == ["verworfen"]

    def test_can_be_taken_along(self, heads_desk: Client) -> None:
        founded({"sonne": 1})
        child, one = waiting("sonne"), carried_out(at=now())
        table = heads_desk.get(f"/rounds/{one.id}.csv").content.decode("utf-8-sig")
        assert child.case.reference in table
        assert "Wunsch 1, Kita Sonnenhügel (ue3): Rang 1 von 1" in table
        sheet = heads_desk.get(f"/rounds/{one.id}.pdf")
        assert sheet.content.startswith(b"%PDF-")

    def test_costs_the_same_for_one_and_for_many(self, heads_desk: Client) -> None:
        founded({"sonne": 2})
        waiting("sonne")
        one = drawn()
        with_one = cost(heads_desk, f"/rounds/{one.id}")
        for _ in range(6):
            waiting("sonne")
        assert cost(heads_desk, f"/rounds/{one.id}") == with_one <= 9


class TestACase:
    def offered(self) -> Process:
        founded({"sonne": 1})
        child = waiting("sonne", siblings=1)
        carried_out(at=now())
        return child

    def test_shows_its_place_its_round_and_takes_the_answer(self, desk: Client) -> None:
        child = self.offered()
        page = desk.get(f"/cases/{child.case_id}/waiting").context["page"]
        assert page.standing == "Rang 1 von 1, 10 Punkte"
        assert page.rounds[0].why[0].startswith("Wunsch 1, Kita Sonnenhügel: Rang 1 von 1")
        (act,) = page.actions
        empty = desk.post(act.url, {"answer": "accept", "note": ""})
        assert empty.status_code == 422
        assert desk.post(act.url, {"answer": "accept", "note": "Telefon"}).status_code == 302
        after = desk.get(f"/cases/{child.case_id}/waiting").context["page"]
        assert (after.offers[0].state.text, after.actions) == ("angenommen", ())
        assert after.standing == "Platz angenommen"

    def test_leads_there_from_its_page(self, desk: Client) -> None:
        child = self.offered()
        header = desk.get(f"/cases/{child.case_id}").context["page"].header
        assert f"/cases/{child.case_id}/waiting" in [link.url for link in header.links]

    def test_takes_an_exception_of_the_head(self, heads_desk: Client, desk: Client) -> None:
        founded({"sonne": 1})
        child = waiting("sonne")
        address = f"/cases/{child.case_id}/waiting"
        body = {"facility": "sonne", "reason": "Alleinerziehend"}
        assert desk.post(f"{address}/exceptions", body).status_code == 403
        assert heads_desk.post(f"{address}/exceptions", body | {"reason": ""}).status_code == 422
        assert heads_desk.post(f"{address}/exceptions", body).status_code == 302
        actions = heads_desk.get(address).context["page"].actions
        end = next(one for one in actions if one.key.startswith("end-"))
        assert heads_desk.post(end.url).status_code == 302
        assert heads_desk.get(address).context["page"].waiter.notes == ()

    def test_without_a_list_has_no_such_page(self, desk: Client) -> None:
        assert desk.get(f"/cases/{submitted().case_id}/waiting").status_code == 404


class TestOffers:
    def test_are_counted_for_the_head_alone(self, heads_desk: Client, desk: Client) -> None:
        assert heads_desk.get("/offers").context["page"].rows == ()
        at = now()
        matter = permitted(at=at)
        assert matter.valid_to
        offer_renewals(at=at + (matter.valid_to - at.date() - timedelta(days=9)))
        (row,) = heads_desk.get("/offers").context["page"].rows
        assert (row.made, row.waiting, row.accepted, row.share) == (1, 1, 0, "–")
        assert desk.get("/offers").status_code == 403
