"""Whoever calls is told where the case stands; nothing that only its reader may know."""

from datetime import date
from typing import Any

import pytest

from efile.grants import bar_colleague
from efile.kernel.errors import Invalid
from efile.models import Case
from efile.policy import ActionNotGranted
from tests.efile.cases import neighbour, user_id
from tests.factories import AT, body, colleague, portal, submitted
from tests.workflows.working import recorded, statements
from workflows.endings import withdraw
from workflows.enquiry import Asked, Told, enquire
from workflows.models import Process
from workflows.questions import ask_applicant

pytestmark = pytest.mark.django_db

BORN = date(1981, 4, 2)
# A caseworker of another office: sees none of these cases.
ANYBODY = "j.kessler"


def told(*, who: str = ANYBODY, **asked: Any) -> list[Told]:
    return enquire(Asked(**asked), by=colleague(who), at=AT)


def applied(**changes: Any) -> Process:
    return submitted(parties=[body()["parties"][0] | changes])


class TestAnEnquiry:
    def test_by_reference_tells_state_next_step_and_whom_to_ask(self) -> None:
        process = submitted()
        (one,) = told(reference=process.case.reference)
        assert (one.case_id, one.state) == (process.case_id, "received")
        assert one.service.in_("de") == "Bewohnerparkausweis"
        assert one.next_step == "Ihr Antrag ist bei uns angekommen. Wir prüfen ihn jetzt."
        assert (one.unit, one.phone) == (process.case.lead_unit.name, "02999 12-0")
        assert (one.due_on, one.missing, one.has_question) == (None, [], False)

    def test_tells_until_when_an_answer_is_awaited_and_of_what_kind(self) -> None:
        process = submitted()
        for text, proofs in (("Wem gehört das Auto?", []), ("", ["use-certificate"])):
            ask_applicant(process.case_id, text=text, proofs=proofs, days=14, by=colleague(), at=AT)
        (one,) = told(reference=process.case.reference)
        assert one.due_on == date(2026, 3, 24)
        assert [title.in_("en") for title in one.missing] == [
            "Certificate that you use the car permanently"
        ]
        assert one.has_question
        assert "24.03.2026" in one.next_step

    def test_tells_nothing_of_what_was_applied_for_or_by_whom(self) -> None:
        process = submitted()
        ask_applicant(
            process.case_id, text="Wem gehört D-LM 123?", proofs=[], days=14, by=colleague(), at=AT
        )
        (one,) = told(reference=process.case.reference)
        said = repr(one)
        for secret in ("Yılmaz", "Đorđe", "1981-04-02", "D-LM", "Zone", "Lindenstraße", "gehört"):
            assert secret not in said

    def test_says_whether_the_reader_may_open_the_case(self) -> None:
        reference = submitted().case.reference
        assert not told(reference=reference)[0].is_seen
        assert told(reference=reference, who="a.lopes")[0].is_seen

    def test_by_the_reference_of_a_file_tells_of_its_cases(self) -> None:
        process = submitted()
        assert [one.case_id for one in told(reference="32.2-000001/26")] == [process.case_id]

    @pytest.mark.parametrize("name", ["Yılmaz", "yilmaz", " YILMAZ "])
    def test_by_name_and_birthday_finds_in_any_spelling(self, name: str) -> None:
        process = submitted()
        found = told(family_name=name, birth_date=BORN)
        assert [one.case_id for one in found] == [process.case_id]

    @pytest.mark.parametrize(
        "asked",
        [
            {"reference": "32.2-000009/26-01"},
            {"reference": "000001"},
            {"reference": "%"},
            {"family_name": "Yılmaz", "birth_date": date(1981, 4, 3)},
            {"family_name": "Meier", "birth_date": BORN},
            # What is named besides has to fit: a wrong name is no caller to be answered.
            {"reference": "32.2-000001/26-01", "family_name": "Meier"},
            {"reference": "32.2-000001/26-01", "birth_date": date(1981, 4, 3)},
        ],
    )
    def test_that_does_not_fit_tells_nothing(self, asked: dict[str, Any]) -> None:
        assert submitted().case.reference == "32.2-000001/26-01"
        assert told(**asked) == []

    def test_checks_the_caller_against_the_reference(self) -> None:
        submitted()
        assert told(reference="32.2-000001/26-01", family_name="yilmaz", birth_date=BORN)

    @pytest.mark.parametrize(
        ("asked", "missing"),
        [
            ({}, "/reference"),
            ({"family_name": "Yılmaz"}, "/birth_date"),
            ({"birth_date": BORN}, "/family_name"),
        ],
    )
    def test_names_what_is_missing(self, asked: dict[str, Any], missing: str) -> None:
        with pytest.raises(Invalid) as refusal:
            told(**asked)
        assert [(one.pointer, one.rule) for one in refusal.value.errors] == [(missing, "required")]

    def test_is_remembered_with_every_case_that_was_told_of(self) -> None:
        asked_for, other = submitted(), applied(birth_date="1990-01-01")
        told(family_name="Yılmaz", birth_date=BORN)
        assert recorded(asked_for.case_id)[-1] == "case.enquired"
        assert "case.enquired" not in recorded(other.case_id)

    def test_still_tells_of_what_is_over(self) -> None:
        process = submitted()
        withdraw(process.case_id, reason="Umzug", by=colleague(), at=AT)
        assert told(reference=process.case.reference)[0].state == "withdrawn"


class TestWhatIsSecret:
    @pytest.mark.parametrize("access_class", ["social", "tax", "youth", "foreigners"])
    def test_is_told_to_nobody_on_the_phone(self, access_class: str) -> None:
        process = submitted()
        Case.objects.filter(id=process.case_id).update(access_class=access_class)
        for who in (ANYBODY, "r.sandmann", "b.voss"):
            assert told(reference=process.case.reference, who=who) == []
            assert told(family_name="Yılmaz", birth_date=BORN, who=who) == []

    def test_is_what_is_closed_to_the_one_who_asks(self) -> None:
        process = submitted()
        head = colleague("t.oyelaran")
        bar_colleague(process.case_id, user_id(ANYBODY), reason="§ 20", by=head, at=AT)
        assert told(reference=process.case.reference) == []
        assert told(reference=process.case.reference, who="d.yilmaz")

    def test_is_what_lies_in_another_city(self) -> None:
        process = submitted()
        assert enquire(Asked(reference=process.case.reference), by=neighbour(), at=AT) == []


class TestWhoMayEnquire:
    @pytest.mark.parametrize("who", ["o.kruse", "v.nightingale"])
    def test_is_not_who_has_no_cases_to_work_on(self, who: str) -> None:
        with pytest.raises(ActionNotGranted):
            told(reference="32.2-000001/26-01", who=who)

    def test_is_no_portal(self) -> None:
        with pytest.raises(ActionNotGranted):
            enquire(Asked(reference="32.2-000001/26-01"), by=portal(), at=AT)


def test_one_statement_finds_however_many_there_are() -> None:
    submitted()
    by = colleague(ANYBODY)

    def looked() -> list[str]:
        asked = Asked(family_name="Yılmaz", birth_date=BORN)
        return [one for one in statements(lambda: enquire(asked, by=by, at=AT)) if "FROM (" in one]

    with_one = looked()
    for _ in range(4):
        submitted()
    assert len(looked()) == len(with_one) == 1
