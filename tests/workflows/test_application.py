"""What was applied for, as far as it can be relied on."""

from datetime import date
from typing import Any

import pytest

from efile.lifecycle import holder_of
from tests.factories import body, city, submitted
from tests.workflows.working import statements
from workflows.application import Application, named
from workflows.models import Process
from workflows.offers import current_offer

pytestmark = pytest.mark.django_db


def read(sent: dict[str, Any], service: str = "resident-parking") -> Application:
    return Application.read(current_offer(city().pk, service).definition, sent)


class TestAnApplication:
    def test_is_what_was_sent(self) -> None:
        found = read(body())
        assert found.form == {"plate": "D-LM 123", "zone": "A4"}
        assert found.faults == ()
        assert found.applicant["family_name"] == "Yılmaz"
        assert (found.electronic, found.language) == (True, "de")
        assert found.subject == "Bewohnerparkausweis, Zone A4"

    def test_of_a_case_is_read_in_one_statement(self) -> None:
        process = Process.objects.select_related("version").get(case_id=submitted().case_id)
        Application.of(process)
        assert len(statements(lambda: Application.of(process))) == 1

    def test_of_a_case_that_nobody_sent_is_empty(self) -> None:
        process = submitted()
        process.submission = None
        found = Application.of(process)
        assert (found.form, found.applicant, found.holder) == ({}, {}, "")
        assert found.faults

    @pytest.mark.parametrize(
        ("form", "reliable"),
        [
            ({"plate": "falsch", "zone": "A4"}, {"zone": "A4"}),
            ({"plate": "D-LM 1", "zone": "A4", "extra": 1}, {"plate": "D-LM 1", "zone": "A4"}),
            ({"plate": "D-LM 1"}, {"plate": "D-LM 1"}),
            ("kein Formular", {}),
            (None, {}),
            ([], {}),
        ],
    )
    def test_keeps_of_a_faulty_form_what_is_sound(self, form: Any, reliable: Any) -> None:
        found = read({"form": form})
        assert found.form == reliable
        assert found.faults
        assert found.subject == "Bewohnerparkausweis"

    def test_leaves_out_a_group_with_a_fault_anywhere_inside(self) -> None:
        sent = body("bulky-waste")
        sent["form"]["items"][1]["count"] = 0
        found = read(sent, "bulky-waste")
        assert [fault.pointer for fault in found.faults] == ["/form/items/1/count"]
        assert found.form.keys() == {"pickup"}

    @pytest.mark.parametrize("consents", [None, {}, {"electronic_delivery": False}])
    def test_goes_by_post_without_consent(self, consents: Any) -> None:
        assert not read(body() | {"consents": consents}).electronic


class TestNamed:
    def test_says_what_there_is_in_german(self) -> None:
        assert named(
            "de",
            case_reference="32.2-000001/26-01",
            unit="Parken",
            deadline=date(2026, 3, 4),
            appointment={"date": "2026-03-05", "start": "07:00:00", "end": "16:00:00"},
            matter={"number": "BPA-1", "valid_from": "2026-03-06", "valid_to": "2027-03-05"},
        ) == {
            "case_reference": "32.2-000001/26-01",
            "unit": "Parken",
            "deadline": "04.03.2026",
            "slot_date": "05.03.2026",
            "slot_window": "07:00–16:00 Uhr",
            "matter_number": "BPA-1",
            "valid_from": "06.03.2026",
            "valid_until": "05.03.2027",
        }

    def test_says_days_and_hours_as_the_english_do(self) -> None:
        found = named(
            "en-GB",
            case_reference="1",
            unit="x",
            deadline=date(2026, 3, 4),
            appointment={"date": "2026-03-05", "start": "07:00", "end": "16:00"},
        )
        assert found["deadline"] == "04 March 2026"
        assert found["slot_window"] == "07:00–16:00"

    def test_says_nothing_of_what_there_is_not(self) -> None:
        endless = {"number": "1", "valid_from": "2026-03-06", "valid_to": ""}
        found = named("de", case_reference="1", unit="x", matter=endless)
        assert found.keys() == {"case_reference", "unit", "matter_number", "valid_from"}


class TestTheHolder:
    def test_is_known_by_a_keyed_hash_of_the_pseudonym(self) -> None:
        assert holder_of(city().pk, "eins") != holder_of(city().pk, "zwei")
        assert holder_of(city().pk, "eins") != holder_of(city().pk + 1, "eins")
        assert holder_of(city().pk, "") == ""
