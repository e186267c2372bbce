"""Tests of backoffice.pages.presenters.bars: where the bars of a chart stand."""

from itertools import pairwise

import pytest

from backoffice.pages.presenters.bars import bars_of_weeks
from backoffice.pages.rows import Bar, Chart, FigureLink, WeekRow


def chart(*values: tuple[int, int]) -> Chart:
    weeks = tuple(
        WeekRow(
            label=f"KW {number}",
            days="",
            arrived=FigureLink(value=str(arrived), label="Eingang", url="/a"),
            done=FigureLink(value=str(done), label="Erledigt", url="/d"),
        )
        for number, (arrived, done) in enumerate(values)
    )
    return bars_of_weeks([one for one, _ in values], [two for _, two in values], weeks, "So.")


def foot(bar: Bar) -> float:
    return float(bar.y) + float(bar.height)


class TestBars:
    def test_stand_on_one_line_as_high_as_what_they_count(self) -> None:
        shown = chart((4, 2), (0, 3))
        heights = [float(bar.height) for bar in shown.bars]

        assert len({foot(bar) for bar in shown.bars}) == 1
        assert heights[0] == 2 * heights[1]
        assert heights[2] == 0

    def test_do_not_overlap_and_stay_in_the_picture(self) -> None:
        shown = chart(*[(7, 5)] * 12)
        spans = [(float(bar.x), float(bar.x) + float(bar.width)) for bar in shown.bars]

        assert all(end <= start for (_, end), (start, _) in pairwise(spans))
        assert spans[-1][1] <= shown.width

    @pytest.mark.parametrize("most", [0, 1, 4, 5, 19, 21, 80, 81, 333, 12_345])
    def test_are_measured_by_whole_numbers(self, most: int) -> None:
        shown = chart((most, 0))
        scale = [int(mark.text) for mark in shown.scale]

        assert scale[0] == 0
        assert scale[-1] >= most
        assert len(scale) == 5
        assert min(float(bar.y) for bar in shown.bars) >= 0

    def test_lead_to_their_cases(self) -> None:
        shown = chart((4, 2))

        assert [(bar.url, bar.label) for bar in shown.bars] == [
            ("/a", "Eingang: 4"),
            ("/d", "Erledigt: 2"),
        ]
