"""Waiting lists: who is on them, what a round gives, and where a place goes that nobody takes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from efile.kernel.errors import Invalid, NotFound
from efile.models import Document
from efile.policy import ActionNotGranted
from tests.factories import AT, DAY, colleague, drained, portal, renewed
from tests.workflows.test_letters import read
from tests.workflows.waiting_city import (
    FROM,
    LIST,
    SERVICE,
    UNTIL,
    carried_out,
    founded,
    free,
    head,
    offered,
    waiting,
    with_waiting_list,
)
from tests.workflows.working import published, recorded, told
from workflows.corrections import correct
from workflows.decisions import decide
from workflows.endings import withdraw
from workflows.machine import Step
from workflows.models import (
    Deadline,
    PlaceOffer,
    Process,
    RoundOutcome,
    State,
    Task,
    WaitingEntry,
    WaitingPoints,
)
from workflows.public import public_status
from workflows.waiting.answers import (
    PlaceNotOffered,
    PlaceOfferLapsed,
    answer_submission,
    lapse_places,
    note_answer,
)
from workflows.waiting.entries import NotWaiting, end_preference, prefer
from workflows.waiting.places import PlacesAreTaken, count_places, lay_out_lists, seen_list
from workflows.waiting.rounds import (
    PlaceOffersAreOpen,
    RoundHasChanged,
    RoundIsDrawn,
    RoundIsSettled,
    carry_out,
    computed_again,
    draw_round,
    give_up,
    preview,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def entry(process: Process) -> WaitingEntry:
    return WaitingEntry.objects.get(case_id=process.case_id)


def answer(process: Process, what: str, at: object = AT) -> str:
    assert process.submission
    text, _ = answer_submission(process.submission, what, key=None, by=portal(), at=at)  # type: ignore[arg-type]
    return text


def place_of(process: Process) -> PlaceOffer:
    return PlaceOffer.objects.filter(case_id=process.case_id).latest("offered_at", "id")


class TestJoining:
    def test_comes_with_the_application_and_says_each_point(self) -> None:
        founded({"sonne": 1})
        child = waiting("sonne", "wald", siblings=2)
        found = entry(child)
        assert (found.wishes, found.group, found.points) == (["sonne", "wald"], "ue3", 20)
        rows = WaitingPoints.objects.filter(entry=found).values_list("criterion", "points")
        assert list(rows) == [("siblings", 20)]
        assert "waiting_listed" in told(child.case_id)

    def test_goes_by_the_criteria_in_force_on_the_day_of_application(self) -> None:
        founded({"sonne": 1})
        assert entry(waiting("sonne", at=AT - 20 * DAY)).points == 100

    def test_is_reckoned_anew_by_a_correction_and_keeps_what_was(self) -> None:
        founded({"sonne": 1})
        child = waiting("sonne", siblings=1)
        correct(child.case_id, "/form/siblings", 3, "Verlesen", by=colleague(), at=AT + DAY)
        assert entry(child).points == 30
        rows = WaitingPoints.objects.filter(entry=entry(child)).order_by("reckoned_at")
        assert [(row.points, row.replaced_at) for row in rows] == [(10, AT + DAY), (30, None)]
        assert "waiting.points_reckoned" in recorded(child.case_id)

    def test_ends_with_withdrawal_and_refusal_and_what_was_offered_goes_on(self) -> None:
        founded({"sonne": 1})
        first, second, third = (waiting("sonne", siblings=n) for n in (3, 2, 1))
        carried_out()
        withdraw(first.case_id, reason="", by=colleague(), at=AT)
        assert offered([first, second, third]) == [None, "sonne", None]
        decide(second.case_id, Step.REFUSE, by=colleague(), at=AT, reasons="Zieht weg.")
        assert offered([second, third]) == [None, "sonne"]
        assert entry(first).left_because == "withdrawn"
        assert entry(second).left_because == "refused"


class TestARound:
    def test_shows_first_and_offers_then(self) -> None:
        founded({"sonne": 1, "wald": 1})
        children = [waiting("sonne", "wald", siblings=n) for n in (1, 3, 2)]
        drawn = draw_round(LIST, FROM, by=head(), at=AT)
        seen = preview(drawn.id, by=head())
        assert offered(children) == [None, None, None]
        assert [one.position for one in seen.outcomes] == [1, 2, 3]
        carry_out(drawn.id, seen.digest, by=head(), at=AT)
        assert offered(children) == [None, "sonne", "wald"]
        assert "place_offered" in told(children[1].case_id)
        outcome = RoundOutcome.objects.get(case_id=children[0].case_id)
        assert [
            (wish["position"], wish["applicants"], wish["came"]) for wish in outcome.explanation
        ] == [(3, 3, "full"), (3, 3, "full")]

    def test_can_be_computed_again_from_what_is_stored(self) -> None:
        founded({"sonne": 2})
        for _ in range(4):
            waiting("sonne")
        done = carried_out()
        assert computed_again(done)
        done.seed = "00" * 32
        assert not computed_again(done)

    def test_is_refused_when_somebody_joined_since_the_preview(self) -> None:
        founded({"sonne": 1})
        waiting("sonne")
        drawn = draw_round(LIST, FROM, by=head(), at=AT)
        seen = preview(drawn.id, by=head()).digest
        waiting("sonne", siblings=5)
        with pytest.raises(RoundHasChanged):
            carry_out(drawn.id, seen, by=head(), at=AT)

    def test_waits_until_the_offers_of_the_last_one_are_answered(self) -> None:
        founded({"sonne": 1})
        child = waiting("sonne")
        carried_out()
        with pytest.raises(PlaceOffersAreOpen):
            carried_out()
        answer(child, "decline")
        with pytest.raises(RoundIsDrawn):
            draw_round(LIST, FROM, by=head(), at=AT)

    def test_is_settled_once_and_given_up_for_a_reason(self) -> None:
        founded({"sonne": 1})
        drawn = draw_round(LIST, FROM, by=head(), at=AT)
        with pytest.raises(Invalid):
            give_up(drawn.id, " ", by=head(), at=AT)
        give_up(drawn.id, "Plätze kommen später.", by=head(), at=AT)
        with pytest.raises(RoundIsSettled):
            carry_out(drawn.id, "", by=head(), at=AT)

    def test_is_the_heads_and_unseen_elsewhere(self) -> None:
        founded({"sonne": 1})
        with pytest.raises(ActionNotGranted):
            draw_round(LIST, FROM, by=colleague(), at=AT)
        with pytest.raises(NotFound):
            draw_round(LIST, FROM, by=colleague("r.aydin"), at=AT)
        drawn = draw_round(LIST, FROM, by=head(), at=AT)
        with pytest.raises(NotFound):
            preview(drawn.id, by=colleague("r.aydin"))
        with pytest.raises(Invalid):
            draw_round(LIST, UNTIL, by=head(), at=AT)

    def test_leaves_out_who_wants_a_place_only_later(self) -> None:
        founded({"sonne": 1})
        waiting("sonne", wish_from="2027-08-01")
        drawn = draw_round(LIST, FROM, by=head(), at=AT)
        assert preview(drawn.id, by=head()).outcomes == []


class TestAnException:
    def test_comes_first_for_a_reason_that_shows(self) -> None:
        founded({"sonne": 1})
        strong, hardship = waiting("sonne", siblings=9), waiting("sonne")
        with pytest.raises(Invalid):
            prefer(hardship.case_id, "sonne", "", by=head(), at=AT)
        with pytest.raises(Invalid):
            prefer(hardship.case_id, "fluss", "Härte", by=head(), at=AT)
        with pytest.raises(ActionNotGranted):
            prefer(hardship.case_id, "sonne", "Härte", by=colleague(), at=AT)
        prefer(hardship.case_id, "sonne", "Alleinerziehend in Klinik", by=head(), at=AT)
        carried_out()
        assert offered([strong, hardship]) == [None, "sonne"]
        outcome = RoundOutcome.objects.get(case_id=hardship.case_id)
        assert outcome.explanation[0]["exception"]
        assert "waiting.precedence_given" in recorded(hardship.case_id)

    def test_counts_no_longer_once_it_is_ended(self) -> None:
        founded({"sonne": 1})
        strong, hardship = waiting("sonne", siblings=9), waiting("sonne")
        made = prefer(hardship.case_id, "", "Härte", by=head(), at=AT)
        end_preference(hardship.case_id, made.id, by=head(), at=AT)
        with pytest.raises(NotFound):
            end_preference(hardship.case_id, made.id, by=head(), at=AT)
        carried_out()
        assert offered([strong, hardship]) == ["sonne", None]


class TestAnOfferedPlace:
    def test_is_a_letter_with_a_deadline_and_a_status(self) -> None:
        founded({"sonne": 1})
        child = waiting("sonne")
        assert child.submission
        before = public_status(child.submission, by=portal())
        assert before["next_step"] == "Sie stehen auf der Warteliste. Sie müssen nichts tun."
        assert "rank" not in before["waiting_list"]
        carried_out()
        drained()
        letter = Document.objects.get(case_id=child.case_id, kind="letter")
        assert "Kita Sonnenhügel, ab dem 01.08.2026" in read(letter)
        running = Deadline.objects.get(case_id=child.case_id, key="place_offer")
        assert (running.ends_on.isoformat(), running.is_running) == ("2026-03-24", True)
        status = public_status(child.submission, by=portal())
        assert status["place_offer"]["answer_until"] == "2026-03-24"
        assert status["place_offer"]["facility"]["key"] == "sonne"

    def test_is_granted_by_acceptance_with_the_house_in_the_letter(self) -> None:
        founded({"sonne": 1})
        child = waiting("sonne")
        carried_out()
        answer(child, "accept")
        drained()
        done = renewed(child)
        assert (done.state, done.decision) == (State.DECIDED, "granted")
        letter = Document.objects.get(case_id=child.case_id, kind="decision")
        assert "einen Platz: Kita Sonnenhügel" in " ".join(read(letter).split())
        assert entry(child).left_because == "placed"
        assert free("sonne") == 0
        with pytest.raises(PlaceNotOffered):
            answer(child, "decline")

    def test_is_accepted_though_a_person_has_to_grant_it(self) -> None:
        founded({"sonne": 1})
        child = waiting("sonne")
        carried_out()
        PlaceOffer.objects.update(offered_by="user:0")
        answer(child, "accept")
        assert renewed(child).state == State.RECEIVED
        assert Task.objects.filter(
            case_id=child.case_id, facts__reason="place_accepted", done_at=None
        ).exists()

    def test_goes_to_the_next_in_line_when_declined(self) -> None:
        founded({"sonne": 1})
        first, second = waiting("sonne", siblings=2), waiting("sonne")
        carried_out()
        answer(first, "decline")
        assert offered([first, second]) == [None, "sonne"]
        assert entry(first).left_at is None
        answer(second, "decline")
        assert offered([first, second]) == [None, None]

    def test_moves_up_who_wanted_more_before_anybody_behind_is_asked(self) -> None:
        founded({"sonne": 1, "wald": 1})
        first = waiting("sonne", siblings=3)
        second = waiting("sonne", "wald", siblings=2)
        third = waiting("sonne", "wald", siblings=1)
        carried_out()
        assert offered([first, second, third]) == ["sonne", "wald", None]
        answer(first, "decline")
        assert offered([first, second, third]) == [None, "sonne", "wald"]

    def test_lapses_after_its_last_day_and_not_on_it(self) -> None:
        founded({"sonne": 1})
        first, second = waiting("sonne", siblings=2), waiting("sonne")
        carried_out()
        assert lapse_places(at=AT + 14 * DAY) == 0
        with pytest.raises(PlaceOfferLapsed):
            answer(first, "accept", AT + 15 * DAY)
        assert lapse_places(at=AT + 15 * DAY) == 1
        assert place_of(first).state == "lapsed"
        assert offered([first, second]) == [None, "sonne"]
        assert lapse_places(at=AT + 15 * DAY) == 0

    def test_is_answered_by_the_office_with_a_note(self) -> None:
        founded({"sonne": 1})
        child = waiting("sonne")
        carried_out()
        with pytest.raises(Invalid):
            note_answer(child.case_id, "accept", " ", by=colleague(), at=AT)
        note_answer(child.case_id, "accept", "Am Telefon", by=colleague(), at=AT)
        assert place_of(child).note == "Am Telefon"
        assert renewed(child).decision == "granted"

    def test_is_said_once_for_one_key(self) -> None:
        founded({"sonne": 1})
        child = waiting("sonne")
        carried_out()
        assert child.submission
        answers = [
            answer_submission(child.submission, "accept", key="k", by=portal(), at=AT)
            for _ in range(2)
        ]
        assert [replayed for _, replayed in answers] == [False, True]
        assert answers[0][0] == answers[1][0]

    def test_is_nobodys_who_waits_no_more(self) -> None:
        founded({"sonne": 1})
        child = waiting("sonne")
        withdraw(child.case_id, reason="", by=colleague(), at=AT)
        with pytest.raises(NotWaiting):
            prefer(child.case_id, "", "Härte", by=head(), at=AT)
        carried_out()
        assert offered([child]) == [None]


class TestPlaces:
    def test_are_never_fewer_than_what_is_taken(self) -> None:
        founded({"sonne": 2})
        waiting("sonne"), waiting("sonne")
        carried_out()
        with pytest.raises(PlacesAreTaken):
            count_places(LIST, "sonne", "ue3", FROM, UNTIL, 1, by=head(), at=AT)
        count_places(LIST, "sonne", "ue3", FROM, UNTIL, 5, by=head(), at=AT)
        assert free("sonne") == 3
        with pytest.raises(NotFound):
            count_places(LIST, "keins", "ue3", FROM, UNTIL, 5, by=head(), at=AT)

    def test_have_a_list_as_soon_as_a_service_names_one(self) -> None:
        published(SERVICE, with_waiting_list)
        assert lay_out_lists() >= 1
        assert lay_out_lists() == 0
        assert seen_list(LIST, by=head()).scope == entry(waiting("sonne")).scope

    def test_tell_the_rank_where_the_city_lets_it_be_told(self) -> None:
        founded({"sonne": 1}, tells_rank=True)
        waiting("sonne", siblings=4)
        child = waiting("sonne")
        assert child.submission
        found = public_status(child.submission, by=portal())["waiting_list"]
        assert (found["rank"], found["of"]) == (2, 2)


def test_a_preview_takes_the_same_statements_for_one_and_for_many() -> None:
    founded({"sonne": 3})
    waiting("sonne")
    drawn = draw_round(LIST, FROM, by=head(), at=AT)
    by = head()

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            preview(drawn.id, by=by)
        return len(captured)

    few = count()
    for _ in range(5):
        waiting("sonne", "wald")
    assert count() == few <= 6
