"""Is the work manageable: every figure against the list of what it counts."""

from dataclasses import replace

import pytest

from efile.kernel.actors import Actor
from efile.policy import ActionNotGranted
from tests.factories import AT, DAY, colleague, submitted
from tests.workflows.working import copies, statements
from tests.workflows.world import TODAY, world
from workflows.desk import whole_list
from workflows.endings import forward, withdraw
from workflows.machine import Step, fire
from workflows.overview import (
    FIGURES,
    FLOWS,
    LATELY,
    WEEKS,
    Figure,
    lately,
    overview,
    weeks_until,
)
from workflows.wanted import Filter, Period, View

pytestmark = pytest.mark.django_db


def listed(wanted: Filter, by: Actor) -> int:
    return sum(1 for _ in whole_list(wanted, by=by, today=TODAY))


class TestEveryFigure:
    @pytest.mark.parametrize("who", ["t.oyelaran", "w.feldkamp", "b.voss"])
    def test_is_the_length_of_its_list(self, who: str) -> None:
        of = world(who=who)
        found = overview(by=of.by, today=TODAY)
        counted = 0
        for line in found.lines:
            place = Filter(service=line.service_key, units=(line.unit_id,))
            for figure, wanted in FIGURES.items():
                here = replace(wanted, service=place.service, units=place.units)
                assert line.figures[figure] == listed(here, of.by), (line, figure)
                counted += line.figures[figure]
            for view in FLOWS:
                for number, week in enumerate(found.weeks):
                    here = replace(place, view=view, period=week)
                    assert line.flows[view][number] == listed(here, of.by), (line, view, week)
        assert counted > 30

    def test_adds_up_to_what_lies_in_its_units(self) -> None:
        of = world(who="t.oyelaran")
        found = overview(by=of.by, today=TODAY)
        for figure, wanted in FIGURES.items():
            whole = replace(wanted, units=tuple(found.units))
            assert sum(line.figures[figure] for line in found.lines) == listed(whole, of.by)

    def test_of_the_oldest_is_the_first_of_its_list(self) -> None:
        of = world(who="t.oyelaran")
        for line in overview(by=of.by, today=TODAY).lines:
            wanted = Filter(View.ALL, line.service_key, (line.unit_id,))
            received = [one.received_at for one in whole_list(wanted, by=of.by, today=TODAY)]
            assert line.oldest == min(received)


class TestInflowAndOutflow:
    def test_follow_a_case_in_and_out_and_in_again(self) -> None:
        by = colleague("t.oyelaran")
        gone, back = submitted(at=AT - 14 * DAY), submitted(at=AT - 14 * DAY)
        forward(gone.case_id, to="Kreis", by=by, at=AT - 7 * DAY)
        withdraw(back.case_id, reason="", by=by, at=AT)
        fire(back.case_id, Step.CLOSE, by=by, at=AT)
        assert flows(by) == {View.ARRIVED: [2, 0, 0], View.DONE: [0, 1, 1]}
        fire(back.case_id, Step.REOPEN, by=by, at=AT)
        assert flows(by) == {View.ARRIVED: [2, 0, 0], View.DONE: [0, 1, 0]}

    def test_are_of_twelve_weeks_and_lately_of_four(self) -> None:
        weeks = weeks_until(TODAY)
        assert len(weeks) == WEEKS
        assert weeks[-1] == Period.week_of(TODAY)
        assert (lately(weeks).last - lately(weeks).first).days == 7 * LATELY - 1


def flows(by: Actor) -> dict[View, list[int]]:
    """What came and went in the last three weeks."""
    (line,) = overview(by=by, today=TODAY).lines
    return {view: list(line.flows[view][-3:]) for view in FLOWS}


class TestTheOverview:
    def test_is_for_heads(self) -> None:
        for who in ("a.lopes", "v.nightingale", "o.kruse"):
            with pytest.raises(ActionNotGranted):
                overview(by=colleague(who), today=TODAY)

    def test_stays_in_the_units_one_is_head_of(self) -> None:
        submitted()
        registrar = colleague("r.sandmann")
        assert listed(Filter(View.ALL), registrar) == 1
        assert overview(by=registrar, today=TODAY).lines == ()

    def test_takes_three_statements_with_one_case_and_with_many(self) -> None:
        process, by = submitted(), colleague("t.oyelaran")
        assert len(statements(lambda: overview(by=by, today=TODAY))) == 3
        copies(process, 200, days=9)
        many = statements(lambda: overview(by=by, today=TODAY))
        assert len(many) == 3
        (line,) = overview(by=by, today=TODAY).lines
        assert line.figures[Figure.IN_HAND] == 201
