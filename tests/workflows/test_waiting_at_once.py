"""Waiting lists under many hands: one allocation at a time, and no place given twice."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.crowd import together
from tests.factories import AT, colleague, portal
from tests.workflows.waiting_city import (
    FROM,
    LIST,
    carried_out,
    founded,
    free,
    head,
    offered,
    waiting,
)
from tests.workflows.working import answered, refused
from workflows.endings import withdraw
from workflows.models import PlaceOffer
from workflows.waiting.answers import answer_submission, lapse_places
from workflows.waiting.rounds import carry_out, draw_round, preview

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]


class TestAtOnce:
    def test_two_rounds_never_give_a_place_twice(self) -> None:
        founded({"sonne": 2})
        children = [waiting("sonne") for _ in range(4)]
        drawn = draw_round(LIST, FROM, by=head(), at=AT)
        by, seen = head(), preview(drawn.id, by=head()).digest
        results = together(4, lambda _: carry_out(drawn.id, seen, by=by, at=AT))
        assert len(refused(results)) == 3
        assert free("sonne") == 0
        assert offered(children).count("sonne") == 2

    def test_acceptance_and_lapse_come_to_one_of_both(self) -> None:
        founded({"sonne": 1})
        first, second = waiting("sonne", siblings=1), waiting("sonne")
        carried_out()
        PlaceOffer.objects.update(due_on=AT.date() - timedelta(days=1))
        late = AT

        def act(number: int) -> object:
            if number % 2:
                return lapse_places(at=late)
            # Yesterday evening's click, still on its way.
            assert first.submission
            moment = late - timedelta(days=1)
            return answer_submission(first.submission, "accept", key=None, by=portal(), at=moment)

        results = together(4, act)
        states = sorted(PlaceOffer.objects.values_list("state", flat=True))
        assert states in (["accepted"], ["lapsed", "open"])
        assert len(answered([one for one in results if not isinstance(one, Exception)])) >= 1
        assert free("sonne") == 0
        assert offered([first, second]).count("sonne") == 1

    def test_two_who_leave_at_once_give_each_place_on(self) -> None:
        founded({"sonne": 2})
        children = [waiting("sonne", siblings=n) for n in (4, 3, 2, 1)]
        carried_out()
        ids: list[UUID] = [child.case_id for child in children[:2]]
        by = colleague()
        answered(together(2, lambda n: withdraw(ids[n], reason="", by=by, at=AT)))
        assert offered(children) == [None, None, "sonne", "sonne"]
        assert free("sonne") == 0
