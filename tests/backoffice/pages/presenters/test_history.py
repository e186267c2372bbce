"""Tests of backoffice.pages.presenters.history: everything that can happen has words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from django.utils import translation

from backoffice.pages.presenters.history import KINDS, STEPS, actor_text, history_rows
from efile import facts as file_facts
from efile.kernel import erasure
from efile.kernel.events import Event
from workflows import facts as work_facts
from workflows.dossier import Dossier, HistoryEntry
from workflows.machine import Step

AT = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)


class Told:
    """As much of a dossier as the history needs."""

    def __init__(self, *history: HistoryEntry) -> None:
        self.history = history


def text(
    kind: type[Event],
    *,
    facts: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
) -> str:
    entry = HistoryEntry(kind.name, "user:1", "Ana Lopes", AT, changes or {}, facts or {})
    (row,) = history_rows(cast(Dossier, Told(entry)))
    return f"{row.text} · {row.detail}" if row.detail else row.text


class TestEveryEvent:
    def test_has_words(self) -> None:
        modules = (erasure, file_facts, work_facts)
        named = [one for module in modules for one in vars(module).values()]
        shipped = {one for one in named if isinstance(one, type) and issubclass(one, Event)}

        assert KINDS.keys() == shipped - {Event}

    @pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
    def test_can_be_told_once_its_values_are_erased(self, kind: type[Event]) -> None:
        assert text(kind)

    def test_is_told_in_english_too(self) -> None:
        with translation.override("en"):
            assert text(work_facts.QuestionAnswered) == "Answer received"


class TestEveryStep:
    def test_has_words(self) -> None:
        assert STEPS.keys() == set(Step)

    def test_is_told_instead_of_a_change_of_state(self) -> None:
        assert text(work_facts.StateChanged, facts={"step": "grant"}) == "Bewilligt"


class TestAnEntry:
    @pytest.mark.parametrize(
        ("kind", "facts", "changes", "told"),
        [
            (
                work_facts.StateChanged,
                {"step": "forward", "to": "Stadt Nebenan"},
                {},
                "An eine andere Stelle weitergeleitet · Stadt Nebenan",
            ),
            (
                work_facts.ChecksRun,
                {"residence": "passed", "keeper": "failed"},
                {},
                "Prüfungen ausgewertet · 1 von 2 erfüllt",
            ),
            (
                work_facts.QuestionAsked,
                {"due_on": "2026-03-24"},
                {},
                "Frage gestellt · Antwort bis 24.03.2026",
            ),
            (
                work_facts.Decided,
                {"automated": True, "legal_basis": "§ 35a VwVfG NRW", "fee_cents": 2500},
                {},
                "Entscheidung festgehalten · automatisch, § 35a VwVfG NRW, Gebühr 25,00 €",
            ),
            (
                work_facts.Notified,
                {"notified_on": "2026-03-14", "channel": "post"},
                {},
                "Bekanntgabe festgehalten · 14.03.2026, per Post",
            ),
            (
                work_facts.MatterBegan,
                {},
                {"matter.1": [None, ["BPA-26-000001", "2026-03-10", "2027-03-09", None]]},
                "Dauerhafte Berechtigung begonnen · BPA-26-000001",
            ),
            (
                work_facts.SlotBooked,
                {"day": "2026-03-12", "kind": "standard", "district": "4"},
                {},
                "Termin gebucht · 12.03.2026, Bezirk 4",
            ),
            (
                file_facts.DocumentsFiled,
                {},
                {"document.1": [None, "ab"], "document.2": [None, "cd"]},
                "Dokumente zur Akte genommen · 2 Dokumente",
            ),
            (
                file_facts.MessageWritten,
                {"direction": "in"},
                {},
                "Nachricht geschrieben · eingegangen",
            ),
            (
                work_facts.Assigned,
                {},
                {"process.assignee": [3, None]},
                "Zuständigkeit geändert · niemand zuständig",
            ),
        ],
        ids=lambda one: getattr(one, "name", ""),
    )
    def test_says_what_matters_of_it(
        self, kind: type[Event], facts: dict[str, Any], changes: dict[str, Any], told: str
    ) -> None:
        with translation.override("de"):
            assert text(kind, facts=facts, changes=changes) == told


class TestWhoDidIt:
    @pytest.mark.parametrize(
        ("key", "name", "told"),
        [
            ("user:1", "Ana Lopes", "Ana Lopes"),
            ("user:1", "", "nicht mehr bekannt"),
            ("portal:serviceportal", "", "Portal"),
            ("system:checks", "", "Laufmappe, automatisch"),
        ],
    )
    def test_is_named(self, key: str, name: str, told: str) -> None:
        with translation.override("de"):
            assert actor_text(key, name) == told
