"""Tests of backoffice.pages.views.checking: putting values right and settling checks."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from backoffice.pages.rows import CasePage, CheckRow, FieldRow
from tests.backoffice.pages.conftest import SignedIn
from tests.factories import AT, colleague, drained, submitted
from workflows.checks import run_again
from workflows.corrections import correct
from workflows.models import CheckResult, Correction, Process, Verdict
from workflows.verdicts import judge

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
PLATE = "/form/plate"
WRONG_START = {"plate": "D-LM 123", "zone": "A4", "valid_from": "2020-01-01"}


def address(process: Process, tail: str = "") -> str:
    return f"/cases/{process.case_id}{tail}"


def rows(page: CasePage) -> dict[str, FieldRow]:
    groups = [group.rows + group.silent for group in page.groups]
    parties = [party.details + party.silent for party in page.parties]
    return {row.label: row for some in (*groups, *parties) for row in some}


def field(response: Any, label: str) -> FieldRow:
    return rows(response.context["page"])[label]


def checks(response: Any) -> dict[str, CheckRow]:
    return {row.key: row for row in response.context["page"].checks}


def typed(pointer: str, value: str) -> dict[str, Any]:
    return {pointer: value}


def put_right(
    client: Client, process: Process, pointer: str = PLATE, *, htmx: bool = False, **said: Any
) -> Any:
    sent = {"at": pointer, "reason": "Tippfehler", "version": "0"} | said
    return client.post(address(process, "/corrections"), sent, headers=HTMX if htmx else {})


def checked() -> Process:
    """A case on which one check failed and others wait for a register."""
    process = submitted(form=WRONG_START)
    drained()
    return process


def settle(
    client: Client, process: Process, key: str = "start", *, htmx: bool = False, **said: str
) -> Any:
    sent = {"outcome": "passed", "reason": "Ausnahme", "version": "0"} | said
    return client.post(address(process, f"/checks/{key}"), sent, headers=HTMX if htmx else {})


class TestTheForm:
    def test_stands_in_the_place_of_the_value(self, desk: Client) -> None:
        response = desk.get(address(submitted(), "/corrections"), {"at": PLATE})
        edit = field(response, "Kennzeichen").edit
        assert edit
        assert (edit.field.kind, edit.field.value) == ("text", "D-LM 123")
        assert edit.field.autofocus
        assert "Zum Beispiel" in edit.field.hint
        assert field(response, "Bewohnerparkzone").edit is None
        assert b"<!DOCTYPE html>" in response.content

    def test_comes_alone_for_a_page_that_stays(self, desk: Client) -> None:
        response = desk.get(address(submitted(), "/corrections"), {"at": PLATE}, headers=HTMX)
        assert b"<!DOCTYPE html>" not in response.content
        assert b'id="d-form-plate"' in response.content

    @pytest.mark.parametrize(
        ("label", "pointer", "kind"),
        [
            ("Form des Ausweises", "/form/issue", "radios"),
            ("Gültig ab", "/form/valid_from", "date"),
            ("Anschrift", "/parties/0/address", "group"),
            ("E-Mail", "/parties/0/email", "email"),
        ],
    )
    def test_has_the_inputs_of_the_schema(
        self, desk: Client, label: str, pointer: str, kind: str
    ) -> None:
        response = desk.get(address(checked(), "/corrections"), {"at": pointer})
        edit = field(response, label).edit
        assert edit
        assert edit.field.kind == kind

    def test_is_left_with_the_focus_where_it_was(self, desk: Client) -> None:
        response = desk.get(address(submitted(), "/corrections"), {"left": PLATE}, headers=HTMX)
        row = field(response, "Kennzeichen")
        assert (row.edit, row.focused) == (None, True)

    def test_is_offered_for_what_nobody_stated(self, desk: Client) -> None:
        response = desk.get(address(submitted()))
        group = response.context["page"].groups[0]
        assert "Marke des Autos" in {row.label for row in group.silent}
        asked = desk.get(address(submitted(), "/corrections"), {"at": "/form/make"})
        assert field(asked, "Marke des Autos").edit

    def test_is_offered_to_nobody_who_may_not_examine(self, signed_in: SignedIn) -> None:
        response = signed_in("v.nightingale").get(address(submitted()))
        assert {row.edit_url for row in rows(response.context["page"]).values()} == {""}
        assert all(row.judge is None for row in response.context["page"].checks)
        assert response.context["page"].again_url == ""


class TestPuttingRight:
    def test_leads_back_to_the_value(self, desk: Client) -> None:
        process = submitted()
        response = put_right(desk, process, **typed(PLATE, "D-LM 124"))
        assert response.status_code == 302
        assert response.headers["Location"] == address(process, "#d-form-plate")
        assert "Berichtigt" in str(next(iter(get_messages(response.wsgi_request))))
        row = field(desk.get(address(process)), "Kennzeichen")
        assert row.value == "D-LM 124"
        assert row.corrected
        assert (row.corrected.sent, row.corrected.author, row.corrected.reason) == (
            "D-LM 123",
            "Ana Lopes",
            "Tippfehler",
        )

    def test_answers_a_page_that_stays_with_the_focused_pencil(self, desk: Client) -> None:
        response = put_right(desk, submitted(), htmx=True, **typed(PLATE, "D-LM 124"))
        assert response.status_code == 200
        assert field(response, "Kennzeichen").focused
        text = response.content.decode()
        assert 'hx-swap-oob="innerHTML"' in text
        assert 'data-version="1"' in text

    def test_reads_values_as_the_schema_says(self, desk: Client) -> None:
        process = submitted()
        put_right(desk, process, "/form/duration_years", **typed("/form/duration_years", "2"))
        put_right(
            desk, process, "/form/valid_from", version="1", **typed("/form/valid_from", "1.5.2026")
        )
        place = {"street": "Am Markt", "number": "5", "postcode": "40764", "city": "Musterstadt"}
        named: dict[str, Any] = {
            f"/parties/0/address/{name}": value for name, value in place.items()
        }
        put_right(desk, process, "/parties/0/address", version="2", **named)
        values = dict(Correction.objects.values_list("pointer", "value"))
        assert values == {
            "/form/duration_years": 2,
            "/form/valid_from": "2026-05-01",
            "/parties/0/address": place,
        }

    @pytest.mark.parametrize("htmx", [False, True])
    def test_shows_what_is_wrong_beside_what_was_typed(self, desk: Client, htmx: bool) -> None:
        response = put_right(desk, submitted(), htmx=htmx, reason="", **typed(PLATE, "falsch"))
        assert response.status_code == 422
        edit = field(response, "Kennzeichen").edit
        assert edit
        assert edit.field.value == "falsch"
        assert edit.field.error.startswith("Die Schreibweise stimmt nicht.")
        assert edit.reason.error == "Nennen Sie einen Grund; er bleibt in der Akte stehen."
        assert b'aria-invalid="true"' in response.content
        assert not Correction.objects.exists()

    def test_names_the_field_that_would_no_longer_fit(self, desk: Client) -> None:
        response = put_right(desk, submitted(), "/form/keeper", **typed("/form/keeper", "family"))
        edit = field(response, "Auf wen ist das Auto zugelassen?").edit
        assert edit
        assert [one.message for one in edit.problems] == [
            "Name der Halterin oder des Halters: Pflichtfeld fehlt."
        ]

    @pytest.mark.parametrize(("htmx", "status"), [(False, 409), (True, 422)])
    def test_tells_who_was_faster(self, desk: Client, htmx: bool, status: int) -> None:
        process = submitted()
        correct(process.case_id, PLATE, "D-LM 125", "Tippfehler", by=colleague("d.yilmaz"), at=AT)
        response = put_right(desk, process, htmx=htmx, **typed(PLATE, "D-LM 124"))
        assert response.status_code == status
        edit = field(response, "Kennzeichen").edit
        assert edit
        assert edit.field.value == "D-LM 124"
        assert edit.version == "1"
        assert "Angabe berichtigt" in edit.problems[0].message

    def test_knows_no_other_fields(self, desk: Client) -> None:
        response = put_right(desk, submitted(), "/consents/electronic_delivery")
        assert response.status_code == 422
        assert not Correction.objects.exists()

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_of_an_unseen_case_is_not_there(self, signed_in: SignedIn, method: str) -> None:
        stranger = signed_in("j.kessler")
        for case in (submitted().case_id, uuid4()):
            send = getattr(stranger, method)
            assert send(f"/cases/{case}/corrections", {"at": PLATE}).status_code == 404


class TestHostileText:
    @pytest.mark.parametrize(
        "text",
        ["\u202egnuz\u202c", "<b>fett</b>", "👩‍💻👨‍👩‍👧", "x" * 60],
        ids=["rtl", "tag", "emoji", "long"],
    )
    def test_is_shown_as_text(self, desk: Client, text: str) -> None:
        process = submitted()
        put_right(desk, process, "/form/make", **typed("/form/make", text), reason=text)
        response = desk.get(address(process))
        assert field(response, "Marke des Autos").value == text
        assert b"<b>fett" not in response.content


class TestTheChecks:
    def test_wait_for_a_person_one_after_the_other(self, desk: Client) -> None:
        found = checks(desk.get(address(checked())))
        waiting = [key for key, row in found.items() if row.judge or row.judge_url]
        assert waiting[0] == "residence"
        assert found["residence"].judge
        assert [key for key, row in found.items() if row.judge] == ["residence"]
        assert found["start"].judge_url.startswith("/cases/")
        assert found["start"].source == "Angaben im Antrag"
        assert found["residence"].source == "Melderegister"

    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_are_taken_in_the_order_one_likes(self, desk: Client, headers: dict[str, str]) -> None:
        response = desk.get(address(checked()), {"check": "start"}, headers=headers)
        judged = [key for key, row in checks(response).items() if row.judge]
        assert judged == ["start"]

    def test_that_have_not_run_wait_for_the_machine(self, desk: Client) -> None:
        found = checks(desk.get(address(submitted())))
        assert {row.outcome.text for row in found.values()} == {"Offen"}
        assert not any(row.judge or row.judge_url for row in found.values())


class TestSettling:
    def test_counts_from_then_on(self, desk: Client) -> None:
        process = checked()
        before = desk.get(address(process)).context["page"].checks_summary
        response = settle(desk, process)
        assert response.headers["Location"] == address(process, "#checks")
        after = desk.get(address(process))
        row = checks(after)["start"]
        assert row.outcome.text == "Erfüllt"
        assert row.verdict
        assert (row.verdict.author, row.verdict.text, row.verdict.reason) == (
            "Ana Lopes",
            "erfüllt",
            "Ausnahme",
        )
        assert int(after.context["page"].checks_summary[0]) == int(before[0]) + 1

    def test_gives_the_focus_to_the_next_one(self, desk: Client) -> None:
        response = settle(desk, checked(), "residence", htmx=True, outcome="failed")
        focused = [row.key for row in checks(response).values() if row.judge and row.judge.focused]
        assert len(focused) == 1
        assert focused != ["residence"]

    def test_gives_it_to_the_heading_after_the_last(self, desk: Client) -> None:
        process = checked()
        waiting = [row.key for row in desk.get(address(process)).context["page"].checks]
        failed = CheckResult.objects.filter(case_id=process.case_id).exclude(outcome="passed")
        *others, last = [key for key in waiting if failed.filter(key=key).exists()]
        for key in others:
            judge(process.case_id, key, "passed", "Gesehen", by=colleague(), at=AT)
        response = settle(desk, process, last, htmx=True, version=str(len(others)))
        assert response.context["page"].checks_focused
        assert not any(row.judge for row in response.context["page"].checks)

    @pytest.mark.parametrize("htmx", [False, True])
    def test_needs_a_reason_and_an_answer(self, desk: Client, htmx: bool) -> None:
        response = settle(desk, checked(), htmx=htmx, outcome="", reason=" ")
        assert response.status_code == 422
        form = checks(response)["start"].judge
        assert form
        assert form.reason.error == "Nennen Sie einen Grund; er bleibt in der Akte stehen."
        assert form.problems[0].message == "Ist die Prüfung erfüllt oder nicht erfüllt?"
        assert not Verdict.objects.exists()

    def test_says_when_nothing_is_left_to_settle(self, desk: Client) -> None:
        process = submitted()
        drained()
        response = settle(desk, process, "start")
        assert response.status_code == 409
        assert "Diese Prüfung ist inzwischen erfüllt." in response.content.decode()

    def test_leads_to_the_case_when_it_is_merely_opened(self, desk: Client) -> None:
        process = checked()
        response = desk.get(address(process, "/checks/start"))
        assert (response.status_code, response.headers["Location"]) == (302, address(process))

    def test_once_overtaken_is_still_told(self, desk: Client) -> None:
        process = checked()
        settle(desk, process)
        put_right(
            desk,
            process,
            "/form/valid_from",
            version="1",
            **typed("/form/valid_from", "2021-01-01"),
        )
        assert desk.get(address(process)).context["page"].outdated
        drained()
        row = checks(desk.get(address(process)))["start"]
        assert row.verdict
        assert row.verdict.overtaken
        assert row.outcome.text == "Nicht erfüllt"


class TestARunThatWasNotSeen:
    @pytest.mark.parametrize(("htmx", "status"), [(False, 409), (True, 422)])
    def test_asks_to_look_again(self, desk: Client, htmx: bool, status: int) -> None:
        process = checked()
        seen = checks(desk.get(address(process), {"check": "start"}))["start"].judge
        assert seen
        assert f'name="run" value="{seen.run}"' in desk.get(address(process)).content.decode()
        run_again(process.case_id, by=colleague(), at=AT)
        drained()
        response = settle(desk, process, htmx=htmx, run=seen.run)
        assert response.status_code == status
        again = checks(response)["start"].judge
        assert again
        assert again.reason.value == "Ausnahme"
        assert "Die Prüfung ist inzwischen neu gelaufen" in again.problems[0].message
        assert not Verdict.objects.exists()
        # Sent once more from the page that came back, it is a verdict on what is seen now.
        settle(desk, process, htmx=htmx, run=again.run)
        assert Verdict.objects.get().key == "start"


class TestCheckingAgain:
    def test_asks_once_more(self, desk: Client) -> None:
        process = checked()
        assert desk.post(address(process, "/checks/run")).status_code == 302
        drained()
        assert set(CheckResult.objects.values_list("run", flat=True)) == {1, 2}

    def test_is_not_for_the_registry(self, signed_in: SignedIn) -> None:
        response = signed_in("r.sandmann").post(address(checked(), "/checks/run"))
        assert response.status_code == 403
