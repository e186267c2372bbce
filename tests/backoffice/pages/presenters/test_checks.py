"""Tests of backoffice.pages.presenters.checks: every silence of a check has words."""

from backoffice.pages.presenters.checks import SILENCES


def test_there_are_words_for_every_reason_to_say_nothing() -> None:
    assert SILENCES.keys() == {"register_unavailable", "fact_missing", "not_evaluable"}
