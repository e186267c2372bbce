"""Tests of backoffice.pages.views.counter: the portal's form, filled in for somebody."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backoffice.pages.rows.counter import CounterForm
from efile.models import Case, Document, Upload
from tests.backoffice.pages.conftest import SignedIn
from tests.backoffice.pages.controls import Controls, posted_by, torture
from tests.backoffice.pages.test_statements import cost
from tests.factories import AT, submitted
from tests.workflows.working import published
from workflows.models import InboxItem, Service, Submission

pytestmark = pytest.mark.django_db

PERMIT = "/counter/resident-parking"
PERSON = "/parties/applicant/0"
FILLED = {
    "channel": "counter",
    "sight": "document",
    f"{PERSON}/given_names": "Đorđe",
    f"{PERSON}/family_name": "Yılmaz",
    f"{PERSON}/birth_date": "02.04.1981",
    f"{PERSON}/address/street": "Lindenstraße",
    f"{PERSON}/address/number": "1a",
    f"{PERSON}/address/postcode": "40764",
    f"{PERSON}/address/city": "Musterstadt",
    "/form/plate": "D-LM 123",
    "/form/zone": "A4",
    "/form/declaration/complete_and_true": "true",
}
HOSTILE = "\u202e<b>&\"'😀" + "x" * 10_000


def begun(client: Client, address: str = PERMIT) -> dict[str, Any]:
    """What an untouched form posts."""
    return dict(posted_by(client.get(address).content.decode()))


def filled(client: Client, **changes: Any) -> dict[str, Any]:
    return begun(client) | FILLED | changes


def scan(name: str = "Schein.pdf", content: bytes = b"%PDF-1.7\n%%EOF\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def page(response: Any) -> CounterForm:
    shown: CounterForm = response.context["page"]
    return shown


def problems(response: Any) -> dict[str, str]:
    """Where each problem leads, and what it says; every link has its target on the page."""
    found = {one.field: one.message for one in page(response).problems}
    targets = set(Controls(response.content.decode()).ids)
    assert {field for field in found if field} <= targets
    return found


STREETS = ["/counter/no-stopping", "/counter/trade-parking"]


class TestTheList:
    def test_offers_what_one_may_take_down(self, desk: Client, signed_in: SignedIn) -> None:
        for client, services in ((desk, [PERMIT]), (signed_in("s.nguyen"), STREETS)):
            shown = client.get("/counter").context["page"]
            assert [row.url for row in shown.services] == services
            assert shown.empty is None

    def test_says_so_where_nothing_is_offered(self, signed_in: SignedIn) -> None:
        Service.objects.filter(key__in=["no-stopping", "trade-parking"]).update(withdrawn_at=AT)
        shown = signed_in("s.nguyen").get("/counter").context["page"]
        assert (shown.services, shown.empty is None) == ((), False)

    def test_is_in_the_navigation_of_whom_it_is_for(
        self, desk: Client, signed_in: SignedIn
    ) -> None:
        for client, there in ((desk, True), (signed_in("v.nightingale"), False)):
            groups = client.get("/").context["shell"].nav
            assert ("/counter" in [item.url for one in groups for item in one.items]) is there


class TestTheForm:
    def test_opens_a_case_and_offers_its_receipt(self, desk: Client) -> None:
        response = desk.post(PERMIT, filled(desk), follow=True)
        case = Case.objects.get()
        assert response.redirect_chain == [(f"/cases/{case.id}", 302)]
        assert (case.applicant, case.subject) == ("Yılmaz, Đorđe", "Bewohnerparkausweis, Zone A4")
        html = response.content.decode()
        assert case.reference in html
        assert "Eingangsbestätigung drucken</a>" in html

    def test_shows_every_fault_at_its_field_and_keeps_the_rest(self, desk: Client) -> None:
        wrong = {"/form/plate": "falsch", f"{PERSON}/family_name": "", "sight": ""}
        response = desk.post(PERMIT, filled(desk, **wrong))
        assert response.status_code == 422
        found = problems(response)
        assert list(found) == [
            "f-parties-applicant-0-family_name",
            "f-taken-sight",
            "f-form-plate",
        ]
        assert found["f-parties-applicant-0-family_name"] == "Familienname: Pflichtfeld fehlt."
        shown = Controls(response.content.decode())
        plate = shown.elements["f-form-plate"]
        assert (plate["value"], plate["aria-invalid"]) == ("falsch", "true")
        assert "f-form-plate-e" in (plate["aria-describedby"] or "")
        assert shown.elements["f-form-plate-e"]
        assert shown.posted[f"{PERSON}/address/city"] == ["Musterstadt"]
        assert not Case.objects.exists()

    def test_says_what_is_needed_once_the_answer_is_known(self, desk: Client) -> None:
        def keeper_name(response: Any) -> Any:
            (found,) = (f for f in page(response).fields if f.name == "/form/keeper_name")
            return found

        blank = keeper_name(desk.get(PERMIT))
        assert not blank.required
        assert blank.when == (
            "Nötig, wenn bei „Auf wen ist das Auto zugelassen?“ etwas anderes als „auf mich“ steht."
        )
        response = desk.post(PERMIT, filled(desk, **{"/form/keeper": "family"}))
        assert keeper_name(response).required
        assert "f-form-keeper_name" in problems(response)

    def test_sent_twice_opens_one_case(self, desk: Client) -> None:
        said = filled(desk)
        first, second = (desk.post(PERMIT, said) for _ in range(2))
        assert first.headers["Location"] == second.headers["Location"]
        assert Case.objects.count() == 1

    def test_sent_again_with_something_else_is_told_so(self, desk: Client) -> None:
        said = filled(desk)
        desk.post(PERMIT, said)
        response = desk.post(PERMIT, said | {"/form/zone": "B1"})
        assert response.status_code == 409
        assert page(response).said.startswith("Unter derselben Kennung")
        assert Case.objects.count() == 1

    def test_of_another_office_is_closed(self, signed_in: SignedIn) -> None:
        client = signed_in("j.kessler")
        for response in (client.get(PERMIT), client.post(PERMIT, FILLED)):
            assert response.status_code == 403
        assert client.get("/counter/none").status_code == 404

    def test_survives_hostile_text(self, desk: Client) -> None:
        response = desk.post(PERMIT, filled(desk, **{"/form/zone": HOSTILE, "channel": HOSTILE}))
        assert response.status_code == 422
        html = response.content.decode()
        assert "<b>&" not in html
        assert Controls(html).posted["/form/zone"] == [HOSTILE]

    def test_takes_no_notice_of_what_it_did_not_ask(self, desk: Client) -> None:
        strange = {f"{PERSON}/identity/bpk2": "x", "/form/__class__": "x", "/parties/x": "row"}
        desk.post(PERMIT, filled(desk, **strange))
        assert "bpk2" not in Submission.objects.get().envelope

    def test_has_room_for_the_torture_form(self, desk: Client) -> None:
        published("resident-parking", _tortured)
        response = desk.post(PERMIT, begun(desk) | FILLED)
        assert response.status_code == 422
        assert "f-form-people" in problems(response)


def _tortured(document: dict[str, Any]) -> None:
    """The torture form in the place of the permit's, and nothing that leans on the old one."""
    document["form"] = torture() | {"additionalProperties": False}
    document["form"]["properties"] |= {
        name: {"type": "string", "maxLength": 20, "x-labels": {"de": name, "en": name}}
        for name in ("plate_", "zone_")
    }
    document["file"]["subject"] = "Ausweis"
    document["proofs"] = document["checks"] = []
    document["standing_matter"] = document["fee"] = None
    document["proactive"] = []
    document["automation"] |= {"level": "none"}
    for texts in (document["public_texts"]["states"], document["public_texts"]["events"]):
        for key, text in texts.items():
            texts[key] = dict.fromkeys(text, "Text.")
    for text in document["decisions"].values():
        for part in text:
            text[part] = dict.fromkeys(text[part], "Text.")
    for key in ("text_blocks", "permit", "letters"):
        document.pop(key, None)
    document["example"] |= {"form": _example(), "attachments": []}


def _example() -> dict[str, Any]:
    return {
        "name": "Anna",
        "many": 1,
        "grade": 1,
        "agreed": True,
        "place": {"street": "Weg", "kind": "home"},
        "people": [{"who": "Otto"}],
    }


class TestTheCost:
    def test_is_the_same_for_every_form(self, desk: Client) -> None:
        assert cost(desk, "/counter") <= 3
        assert cost(desk, PERMIT) <= 2
        assert cost(desk, f"{PERMIT}?from={submitted().case_id}") <= 3

    def test_does_not_grow_with_the_files(self, desk: Client) -> None:
        def sent(count: int) -> int:
            files = [scan(f"{number}.pdf") for number in range(count)]
            said = filled(desk, **{"/form/plate": ""}) | {"/attachments/-": files}
            shown = posted_by(desk.post(PERMIT, said).content.decode())
            assert len(shown["/attachments/-/kept"]) == count
            with CaptureQueriesContext(connection) as captured:
                desk.post(PERMIT, shown)
            return len(captured)

        assert sent(1) == sent(6)


class TestRows:
    @pytest.fixture
    def waste(self, signed_in: SignedIn) -> Client:
        return signed_in("j.kessler")

    def rows(self, response: Any) -> int:
        (items,) = (f for f in page(response).fields if f.name == "/form/items")
        return len(items.rows)

    def test_are_added_and_removed_without_a_script(self, waste: Client) -> None:
        address = "/counter/bulky-waste"
        said = begun(waste, address) | {"/form/items/0/count": "2"}
        response = waste.post(address, said | {"add": "/form/items"})
        assert (response.status_code, self.rows(response), page(response).problems) == (200, 2, ())
        shown = Controls(response.content.decode())
        assert shown.posted["/form/items/0/count"] == ["2"]
        assert "autofocus" in shown.elements["f-form-items-1-category"]
        said = shown.posted | {"/form/items/1/count": "7"}
        response = waste.post(address, said | {"remove": "/form/items/0"})
        assert self.rows(response) == 1
        assert posted_by(response.content.decode())["/form/items/0/count"] == ["7"]

    def test_are_no_more_than_fit(self, waste: Client) -> None:
        rows = {f"/form/items/{number}/count": "1" for number in range(20)}
        said = begun(waste, "/counter/bulky-waste") | rows | {"/form/items": ["row"] * 20}
        response = waste.post("/counter/bulky-waste", said | {"add": "/form/items"})
        assert self.rows(response) == 20
        (items,) = (f for f in page(response).fields if f.name == "/form/items")
        assert items.add == ""

    def test_bring_in_a_representative(self, desk: Client) -> None:
        response = desk.post(PERMIT, begun(desk) | {"add": "/parties/representative"})
        _applicant, representative = page(response).parties
        assert len(representative.rows) == 1
        firm = "/parties/representative/0"
        said = posted_by(response.content.decode()) | FILLED
        said |= {f"{firm}/kind": "organisation", f"{firm}/organisation": "Anwältinnen GbR"}
        response = desk.post(PERMIT, said)
        assert problems(response) == {
            "f-parties-representative-0-address": "Anschrift: Pflichtfeld fehlt."
        }
        gone = posted_by(response.content.decode()) | {"remove": firm}
        _applicant, representative = page(desk.post(PERMIT, gone)).parties
        assert representative.rows == ()


class TestFiles:
    def test_are_filed_with_the_case(self, desk: Client) -> None:
        files = {
            "/attachments/registration-certificate": [scan(), scan("Rückseite.pdf", b"%PDF-2")]
        }
        desk.post(PERMIT, filled(desk) | files)
        assert Document.objects.filter(proof="registration-certificate").count() == 2

    def test_survive_a_refusal(self, desk: Client) -> None:
        said = filled(desk, **{"/form/plate": ""})
        response = desk.post(PERMIT, said | {"/attachments/-": scan()})
        assert response.status_code == 422
        shown = posted_by(response.content.decode())
        assert len(shown["/attachments/-/kept"]) == 1
        assert Upload.objects.count() == 1
        desk.post(PERMIT, shown | {"/form/plate": "D-LM 123"})
        assert Document.objects.get().title == "Schein.pdf"

    def test_can_be_taken_away_again(self, desk: Client) -> None:
        response = desk.post(
            PERMIT, filled(desk, **{"/form/plate": ""}) | {"/attachments/-": scan()}
        )
        shown = posted_by(response.content.decode())
        (kept,) = shown["/attachments/-/kept"]
        response = desk.post(PERMIT, shown | {"remove": f"/attachments/-/{kept}"})
        assert "/attachments/-/kept" not in posted_by(response.content.decode())

    def test_that_are_none_are_told_where_they_were_chosen(self, desk: Client) -> None:
        program = scan("Nachweis.pdf", b"MZ\x90 program\x00")
        said = filled(desk) | {"/attachments/registration-certificate": program}
        response = desk.post(PERMIT, said)
        assert problems(response) == {
            "f-attachments-registration--certificate": "Zulassungsbescheinigung Teil I "
            "(Fahrzeugschein): Diese Art von Datei ist hier nicht vorgesehen."
        }
        assert not Case.objects.exists()

    def test_that_are_missing_are_told_by_their_name(self, desk: Client) -> None:
        said = filled(desk, **{"/form/keeper": "family", "/form/keeper_name": "E. Groß"})
        response = desk.post(PERMIT, said)
        assert list(problems(response)) == ["f-attachments-use--certificate"]

    def test_of_somebody_else_are_not_there(self, desk: Client, head: Client) -> None:
        response = desk.post(
            PERMIT, filled(desk, **{"/form/plate": ""}) | {"/attachments/-": scan()}
        )
        kept = posted_by(response.content.decode())["/attachments/-/kept"]
        response = head.post(
            PERMIT, filled(head, **{"/form/plate": "", "/attachments/-/kept": kept})
        )
        assert "/attachments/-/kept" not in posted_by(response.content.decode())


class TestClarifying:
    def test_is_offered_after_a_refusal_and_keeps_everything(self, desk: Client) -> None:
        assert not page(desk.get(PERMIT)).clarify
        said = filled(desk, **{"/form/plate": "unleserlich", "channel": "phone", "sight": ""})
        response = desk.post(PERMIT, said)
        assert page(response).clarify
        response = desk.post(PERMIT, posted_by(response.content.decode()) | {"clarify": "on"})
        item = InboxItem.objects.select_related("submission").get()
        assert response.headers["Location"] == f"/inbox/{item.id}"
        assert item.submission is not None
        assert "unleserlich" in item.submission.envelope


class TestAnOrigin:
    def test_fills_in_the_person(self, desk: Client) -> None:
        case = submitted().case_id
        response = desk.get(f"{PERMIT}?from={case}")
        shown = posted_by(response.content.decode())
        assert shown[f"{PERSON}/family_name"] == ["Yılmaz"]
        assert shown[f"{PERSON}/birth_date"] == ["1981-04-02"]
        assert shown["sight"] == [""]
        response = desk.post(page(response).url, shown | {"/form/plate": ""})
        assert page(response).origin == page(desk.get(f"{PERMIT}?from={case}")).origin

    @pytest.mark.parametrize("origin", ["x", "00000000-0000-7000-8000-000000000000"])
    def test_that_is_none_is_not_found(self, desk: Client, origin: str) -> None:
        assert desk.get(f"{PERMIT}?from={origin}").status_code == 404

    def test_that_is_unseen_is_not_found(self, signed_in: SignedIn) -> None:
        case = submitted().case_id
        address = f"/counter/bulky-waste?from={case}"
        assert signed_in("j.kessler").get(address).status_code == 404
