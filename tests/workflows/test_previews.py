"""A letter before it is sent: what the real one would say, and nothing is written."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from efile.kernel.errors import Invalid, NotFound
from efile.kernel.ids import uuid7
from efile.kernel.verbs import unit_of_work
from efile.policy import ActionNotGranted
from tests.efile.letters.reading import words
from tests.factories import AT, body, colleague, drained, submit, submitted
from tests.workflows.test_letters import letters, read
from tests.workflows.working import published, with_partial_grants
from workflows.decisions import decide
from workflows.intake import assign_to_service
from workflows.letters import preview
from workflows.machine import Step
from workflows.models import Booking, InboxItem, Process
from workflows.slots import release

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def seen(process: Process, action: str, **said: Any) -> str:
    return words(preview(process.case_id, action, said, by=colleague(), at=AT))


class TestThePreview:
    def test_of_a_grant_says_what_the_letter_will_but_for_the_number(self) -> None:
        process = submitted()
        text = seen(process, "grant", clauses="Nur werktags.", discretion="Abgewogen.")
        for said in (
            "wird vergeben",
            "D-LM 123",
            "10.03.2026",
            "09.03.2027",
            "25,00 €",
            "Nur werktags.",
            "Abgewogen.",
            "Ana Lopes",
            "ENTWURF",
        ):
            assert said in text

    def test_says_the_same_as_the_letter(self) -> None:
        process = submitted()
        reasons, discretion = "Kein Hauptwohnsitz.", "Abgewogen."
        text = seen(process, "refuse", reasons=reasons, discretion=discretion)
        decide(
            process.case_id,
            Step.REFUSE,
            reasons=reasons,
            discretion=discretion,
            by=colleague(),
            at=AT,
        )
        drained()
        [letter] = letters(process)
        assert text.replace("ENTWURF", "").split() == read(letter).split()

    def test_writes_nothing(self) -> None:
        process = submitted()
        actions: dict[str, dict[str, Any]] = {
            "grant": {},
            "refuse": {"reasons": "Nein."},
            "request_proof": {"text": "Bitte.", "proofs": ["use-certificate"], "days": 14},
            "message": {"text": "Guten Tag."},
            "forward": {"to": "Kreis"},
        }
        for action, said in actions.items():
            with CaptureQueriesContext(connection) as captured:
                seen(process, action, **said)
            sent = [query["sql"].split()[0] for query in captured]
            assert set(sent) <= {"SELECT"}, action

    @pytest.mark.parametrize(
        ("action", "gap"),
        [
            ("refuse", "[fehlt: Gründe]"),
            ("message", "[fehlt: Text]"),
            ("forward", "[fehlt: zuständige Stelle]"),
            ("request_proof", "[fehlt: Frist]"),
        ],
    )
    def test_shows_what_is_missing(self, action: str, gap: str) -> None:
        assert gap in seen(submitted(), action)

    def test_of_a_request_lists_the_proofs_and_the_last_day(self) -> None:
        text = seen(submitted(), "request_proof", proofs=["use-certificate"], days=14)
        assert "Bescheinigung, dass Sie das Auto dauerhaft nutzen" in text
        assert "Bitte antworten Sie bis zum 24.03.2026." in text
        assert "[fehlt" not in text

    def test_of_a_partial_grant_gives_its_reasons(self) -> None:
        published("resident-parking", with_partial_grants)
        text = seen(submitted(), "grant_in_part", reasons="Nur ein Jahr.")
        assert "Nur ein Jahr." in text
        assert "teilweise Bewilligung" in text

    def test_of_a_collection_names_its_day_or_that_it_will_have_one(self) -> None:
        process = submitted("bulky-waste")
        by = colleague("j.kessler")
        slot = Booking.objects.select_related("slot").get().slot
        assert slot is not None
        day = slot.day
        shown = words(preview(process.case_id, "grant", {}, by=by, at=AT))
        assert f"Ihre Sperrmüllabholung am {day:%d.%m.%Y}" in shown
        with unit_of_work():
            release(process.case_id, by=by, at=AT)
        shown = words(preview(process.case_id, "grant", {}, by=by, at=AT))
        assert "Ihre Sperrmüllabholung am wird vergeben" in shown

    def test_of_a_faulty_form_can_be_seen_all_the_same(self) -> None:
        sent = body(on_invalid="clarify")
        del sent["form"]["zone"]
        submit(sent)
        item = InboxItem.objects.get()
        case = assign_to_service(item.id, "resident-parking", by=colleague(), at=AT)
        process = Process.objects.get(case_id=case.id)
        text = seen(process, "refuse", reasons="Nein.")
        assert "[fehlt: Bewohnerparkzone]" in text

    def test_takes_anything_typed(self) -> None:
        text = seen(submitted(), "refuse", reasons="<b>Nein</b> {zone} \u202e" + "x" * 4000)
        assert "<b>Nein</b> {zone}" in text

    def test_is_for_those_who_may_take_the_step(self) -> None:
        process = submitted()
        for action in ("grant", "refuse", "request_proof", "message", "forward"):
            with pytest.raises(ActionNotGranted):
                preview(process.case_id, action, {}, by=colleague("v.nightingale"), at=AT)
            for case in (process.case_id, uuid7()):
                with pytest.raises(NotFound):
                    preview(case, action, {}, by=colleague("r.aydin"), at=AT)

    def test_knows_the_acts_that_write_a_letter(self) -> None:
        with pytest.raises(Invalid):
            seen(submitted(), "close")
