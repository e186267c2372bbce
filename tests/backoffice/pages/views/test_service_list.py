"""Tests of backoffice.pages.views.service_list and its neighbours: who may, and who was faster."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client

from backoffice.pages.presenters.service_sections import SECTIONS
from efile.kernel.actors import Actor
from efile.kernel.clock import local_date, now
from tests.backoffice.pages.conftest import SignedIn
from tests.backoffice.pages.controls import posted_by
from tests.backoffice.pages.test_statements import cost
from tests.factories import colleague, drained, submitted
from tests.workflows.definitions.test_inheriting import next_city
from workflows.definitions.drafts import change_draft, get_draft, start_from_version, start_new
from workflows.definitions.inheriting import get_inherited
from workflows.definitions.publishing import publish_draft
from workflows.models import Process

pytestmark = pytest.mark.django_db

__all__ = ["next_city"]

DRAFT = "/services/resident-parking/draft"


@pytest.fixture
def admin(signed_in: SignedIn) -> Client:
    return signed_in("o.kruse")


@pytest.fixture
def draft(admin: Client) -> Client:
    """The administrator's browser, with a draft of resident parking."""
    start_from_version("resident-parking", by=colleague("o.kruse"), at=now())
    return admin


def typed(client: Client, page: str, said: Mapping[str, str]) -> dict[str, list[str]]:
    html = client.get(f"{DRAFT}/{page}").content.decode()
    form = html.split('<form class="lm-bench-form"')[1].split("</form>")[0]
    return posted_by(form) | {name: [value] for name, value in said.items()}


class TestTheServices:
    def test_are_for_administrators_alone(self, desk: Client, draft: Client) -> None:
        for address in ("", "/new", "/import", "/inherit", "/resident-parking/about"):
            assert desk.get(f"/services{address}").status_code == 403, address
        assert desk.get(f"{DRAFT}/general").status_code == 403
        assert desk.post(f"{DRAFT}/form/preview").status_code == 403
        assert 'href="/services"' not in desk.get("/").content.decode()
        assert 'href="/services"' in draft.get("/services").content.decode()

    def test_cost_the_same_for_few_drafts_and_for_many(self, admin: Client) -> None:
        by = colleague("o.kruse")
        start_new("eins", "Eins", by=by, at=now())
        with_one = cost(admin, "/services")
        for number in range(6):
            start_new(f"dienst-{number}", f"Dienst {number}", by=by, at=now())

        assert cost(admin, "/services") == with_one <= 12

    def test_that_nobody_has_are_not_found(self, admin: Client) -> None:
        for address in ("none/about", "none/draft/general", "none/check", "none.yaml"):
            assert admin.get(f"/services/{address}").status_code == 404, address
        assert admin.get(f"{DRAFT}/general").status_code == 404

    def test_come_and_go_as_files(self, draft: Client) -> None:
        file = draft.get("/services/resident-parking.yaml?draft").content.decode()
        assert draft.post("/services/resident-parking/discard").status_code == 302
        wrong = draft.post("/services/import", {"text": file.replace("fee:", "fees:")})
        assert wrong.status_code == 422
        assert "Zeile " in wrong.content.decode()

        done = draft.post("/services/import", {"text": file})

        assert done.headers["Location"] == "/services/resident-parking/about"
        assert draft.get("/services/resident-parking.yaml?draft").content.decode() == file

    def test_are_withdrawn_and_offered_again(self, admin: Client) -> None:
        about = "/services/resident-parking"
        assert admin.post(f"{about}/withdraw").status_code == 302
        assert "Nicht mehr angeboten" in admin.get(f"{about}/about").content.decode()
        assert admin.post(f"{about}/offer").status_code == 302
        assert "Angeboten" in admin.get(f"{about}/about").content.decode()


class TestAPageOfADraft:
    def test_costs_at_most_twelve(self, draft: Client) -> None:
        for section in ("general", "checks", "form", "example"):
            assert cost(draft, f"{DRAFT}/{section}") <= 12, section

    def test_names_what_is_open_where_it_is(self, draft: Client) -> None:
        said = typed(draft, "filing", {"/retention/years": "viele", "/file/subject": "Akte {x}"})
        assert draft.post(f"{DRAFT}/filing", said).status_code == 302

        page = draft.get(f"{DRAFT}/filing").context["page"]
        fields = {one.name: one for group in page.fields for one in group.fields}
        assert fields["/retention/years"].value == "viele"
        assert "ganze Zahl" in fields["/retention/years"].error
        assert [one.field for one in page.problems] == [fields["/retention/years"].id]
        assert {one.label: one.faults for one in page.frame.parts if one.faults} == {
            "Ablage und Aufbewahrung": 1
        }

    def test_loses_nothing_when_somebody_was_faster(self, draft: Client) -> None:
        mine = typed(draft, "general", {"/title/de": "Meiner"})
        theirs = typed(draft, "general", {"/title/de": "Deiner"})
        assert draft.post(f"{DRAFT}/general", theirs).status_code == 302

        refused = draft.post(f"{DRAFT}/general", mine)

        html = refused.content.decode()
        assert refused.status_code == 409
        assert "Ole Kruse hat den Entwurf inzwischen geändert." in html
        assert 'value="Meiner"' in html
        assert "Deiner" in html
        again = posted_by(html.split('<form class="lm-bench-form"')[1].split("</form>")[0])
        assert draft.post(f"{DRAFT}/general", again).status_code == 302
        title = get_draft("resident-parking", by=colleague("o.kruse")).document["title"]
        assert title["de"] == "Meiner"

    def test_is_shown_however_broken_the_draft_is(self, draft: Client) -> None:
        by = colleague("o.kruse")
        revision = get_draft("resident-parking", by=by).revision
        for pointer in ("/form", "/parties", "/example", "/checks", "/fee", "/letters"):
            revision = change_draft(
                "resident-parking", pointer, ["?"], revision=revision, by=by, at=now()
            ).revision

        for section in SECTIONS:
            assert draft.get(f"{DRAFT}/{section}").status_code == 200, section
        for page in ("check", "trial", "compare", "publish"):
            assert draft.get(f"/services/resident-parking/{page}").status_code == 200, page


class TestThePreview:
    def test_shows_the_form_as_it_is_typed_and_saves_nothing(self, draft: Client) -> None:
        at = "/form/properties/zone"
        query = f"form?field={at}"
        said = typed(draft, query, {f"{at}/x-labels/de": "Welche Zone?", f"{at}/needed": "never"})
        shown = draft.post(f"{DRAFT}/form/preview?field={at}", said).content.decode()

        assert "Welche Zone?" in shown
        assert "Bewohnerparkzone" not in shown
        assert "Welche Zone?" not in draft.get(f"{DRAFT}/form").content.decode()

    def test_shows_the_form_in_another_language(self, draft: Client) -> None:
        page: Any = draft.get(f"{DRAFT}/form?lang=en").context["page"]
        assert page.form.fields[0].label == "Number plate"

    def test_shows_the_letter_as_it_is_typed(self, draft: Client) -> None:
        at = "letters?letter=refused"
        said = typed(draft, at, {"/decisions/refused/title/de": "Leider nein, {zone}"})
        address = f"{DRAFT}/letters/preview?letter=refused&lang=de"
        letter: Any = draft.post(address, said).context["letter"]

        assert "Leider nein, A4" in letter.pages[0].text
        assert letter.pages[0].url.startswith("data:image/png;base64,")
        assert [one.after for one in letter.changes] == ["Leider nein, {zone}"]
        picture = draft.get(f"{DRAFT}/letters/pages/1?letter=refused")
        assert picture.content.startswith(b"\x89PNG")

    def test_names_what_has_no_value(self, draft: Client) -> None:
        at = "letters?letter=refused"
        said = typed(draft, at, {"/decisions/refused/title/de": "Zone {zonne}"})
        address = f"{DRAFT}/letters/preview?letter=refused&lang=de"
        assert draft.post(address, said).context["letter"].gaps == ("zonne",)

    def test_says_why_there_is_no_letter(self, draft: Client) -> None:
        by = colleague("o.kruse")
        revision = get_draft("resident-parking", by=by).revision
        change_draft("resident-parking", "/form", [], revision=revision, by=by, at=now())

        letter: Any = draft.get(f"{DRAFT}/letters").context["page"].letter
        assert "Beispielantrag" in letter.denied


class TestARunningCase:
    def test_is_lifted_to_the_newer_version(self, desk: Client) -> None:
        process, by = submitted(at=now()), colleague("o.kruse")
        drained()
        address = f"/cases/{process.case_id}"
        assert "Auf neuere Fassung heben" not in desk.get(address).content.decode()
        _published(by)

        assert f'href="{address}/version"' in desk.get(address).content.decode()
        page = desk.get(f"{address}/version")
        assert [one.path for one in page.context["page"].changes] == [
            "Fristen › Bearbeitung › Arbeitstage"
        ]
        html = page.content.decode()
        said = posted_by(html.split('<form class="lm-bench-form"')[1].split("</form>")[0])
        assert (
            desk.post(f"{address}/version", said | {"reason": ["Neue Satzung"]}).status_code == 302
        )
        moved = Process.objects.select_related("version").get(case_id=process.case_id)
        assert moved.version.number == 2

    def test_is_nobody_elses_business(self, signed_in: SignedIn) -> None:
        process = submitted(at=now())
        address = f"/cases/{process.case_id}/version"
        assert signed_in("j.kessler").get(address).status_code == 404
        assert signed_in("j.kessler").post(address, {"number": "2"}).status_code == 404


class TestAnInheritedService:
    def test_is_our_own_in_what_may_differ(self, next_city: Actor, signed_in: SignedIn) -> None:
        client, overlay = signed_in("n.bar"), "/services/resident-parking/overlay"
        offered = client.get("/services/inherit").content.decode()
        assert "musterstadt:resident-parking" in offered
        taken = client.post("/services/inherit", {"what": "musterstadt:resident-parking"})
        assert taken.headers["Location"] == overlay

        html = client.get(overlay).content.decode()
        assert 'name="/form' not in html
        assert 'name="/checks' not in html
        said = posted_by(html.split('<form class="lm-bench-form"')[1].split("</form>")[0])
        said |= {"/fee/legal_basis": ["Satzung der Nachbarstadt"], "/title/de": ["Anwohnerparken"]}
        assert client.post(overlay, said).status_code == 302
        found = get_inherited("resident-parking", by=next_city)
        assert found.overlay == {
            "fee": {"legal_basis": "Satzung der Nachbarstadt"},
            "title": {"de": "Anwohnerparken"},
        }

        day = {"from_on": local_date(now()).isoformat(), "revision": str(found.revision)}
        assert client.post(f"{overlay}/publish", day).status_code == 302
        assert "Anwohnerparken" in client.get("/services").content.decode()
        assert client.post(f"{overlay}/let-go", day).status_code == 302
        assert client.get(overlay).status_code == 404


def _published(by: Any) -> None:
    draft = start_from_version("resident-parking", by=by, at=now())
    places = [one["key"] for one in draft.document["deadlines"]]
    pointer = f"/deadlines/{places.index('processing')}/working_days"
    draft = change_draft("resident-parking", pointer, 12, revision=draft.revision, by=by, at=now())
    publish_draft("resident-parking", now().date(), revision=draft.revision, by=by, at=now())
