"""Tests of backoffice.pages.presenters.refusals: whatever says no is explained to people."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from django.utils import translation

from backoffice.pages.errors import status_of
from backoffice.pages.presenters.refusals import REFUSALS, told
from efile.kernel.errors import Refusal
from workflows.machine import RemedyPeriodRuns, StepNotPossible

TEMPLATES = Path(__file__).parents[4] / "backoffice" / "pages" / "templates"


def below(family: type[Refusal]) -> Iterator[type[Refusal]]:
    for kind in family.__subclasses__():
        yield kind
        yield from below(kind)


def refusals() -> list[type[Refusal]]:
    """Every refusal below the edges."""
    packages = ("efile", "search", "workflows")
    for name in packages:
        for module in walk_packages(import_module(name).__path__, f"{name}."):
            if not {"migrations", "commands"} & set(module.name.split(".")):
                import_module(module.name)
    found = {kind for kind in below(Refusal) if kind.__module__.partition(".")[0] in packages}
    return sorted(found, key=lambda kind: kind.code)


class TestEveryRefusal:
    @pytest.mark.parametrize("refusal", refusals(), ids=lambda refusal: refusal.code)
    def test_has_a_page(self, refusal: type[Refusal]) -> None:
        assert (TEMPLATES / f"{status_of(refusal)}.html").is_file()

    @pytest.mark.parametrize("refusal", refusals(), ids=lambda refusal: refusal.code)
    def test_has_words_unless_its_status_says_enough(self, refusal: type[Refusal]) -> None:
        speaks_for_itself = {
            "not_found",
            "not_allowed",
            "action_not_granted",
            "conflict",
            "invalid",
            "unavailable",
        }
        # Resumable uploads and a person's own cases: no page leads there.
        of_portals_alone = {
            "checksum_mismatch",
            "dashboard_not_offered",
            "too_large",
            "upload_is_used",
            "upload_locked",
            "wrong_offset",
        }

        told_otherwise = speaks_for_itself | of_portals_alone
        assert (refusal.code in REFUSALS) != (refusal.code in told_otherwise)

    def test_has_no_words_left_over(self) -> None:
        assert REFUSALS.keys() - {refusal.code for refusal in refusals()} == set()

    @pytest.mark.parametrize("language", ["de", "en"])
    @pytest.mark.parametrize("refusal", refusals(), ids=lambda refusal: refusal.code)
    def test_can_be_told_without_its_facts(self, refusal: type[Refusal], language: str) -> None:
        with translation.override(language):
            title, text = told(refusal())

        assert "%" not in title + text


class TestTheWords:
    def test_name_states_as_the_desk_does(self) -> None:
        with translation.override("de"):
            _, text = told(StepNotPossible(step="grant", state="waiting_for_applicant"))

        assert text == "Im Stand „Wartet auf Antwort“ geht dieser Schritt nicht."

    def test_write_days_as_people_do(self) -> None:
        with translation.override("en"):
            _, text = told(RemedyPeriodRuns(ends_on="2026-04-14"))

        assert "14.04.2026" in text
