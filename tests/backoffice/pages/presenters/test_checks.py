"""Tests of backoffice.pages.presenters.checks: everything a rule may read has a name."""

from backoffice.pages.presenters.checks import SILENCES, VARIABLES
from workflows.catalogue.rules import FACTS


class TestTheNames:
    def test_are_there_for_everything_beside_the_form(self) -> None:
        assert VARIABLES.keys() == FACTS.keys()

    def test_are_there_for_every_reason_to_say_nothing(self) -> None:
        assert SILENCES.keys() == {"register_unavailable", "fact_missing", "not_evaluable"}
