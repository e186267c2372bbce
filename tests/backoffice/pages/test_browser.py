"""The pages in a real browser: by mouse, by keys, on a small screen, for everybody."""

from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from efile.kernel.models import User
from efile.models import Document
from tests.backoffice.pages.browsing import LANGUAGES, Desk, desk, violations, window
from tests.factories import AT, body, colleague, drained, portal, renewed, submit, submitted
from workflows.assignment import assign
from workflows.correspondence import write_to_office
from workflows.decisions import decide
from workflows.machine import Step
from workflows.models import InboxItem, Process, Question, State
from workflows.notes import leave_note
from workflows.questions import answer, ask_applicant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

__all__ = ["desk", "window"]


def worked_on() -> Process:
    """A case with everything on it: checks, a question, an answer, a message, a note."""
    process, by, sender = submitted(), colleague(), portal()
    drained()
    assert process.submission is not None
    assign(process.case_id, by.user_id, by=by, at=AT)
    question = ask_applicant(
        process.case_id, text="Warum?", proofs=["use-certificate"], days=14, by=by, at=AT
    )
    answer(
        process.submission,
        question=question.id,
        text="Deshalb.",
        form=None,
        attachments=[],
        key=None,
        by=sender,
        at=AT,
    )
    write_to_office(process.submission, "Wann ist es so weit?", key=None, by=sender, at=AT)
    leave_note(process.case_id, "Rückruf am Montag.", by=by, at=AT)
    return process


class TestTheWayOfACase:
    def test_leads_from_the_list_over_a_question_to_a_grant(self, desk: Desk) -> None:
        process, page = submitted(), desk.page
        drained()

        desk.open("/")
        page.click("a.lm-open")
        page.click("text=Unterlagen nachfordern oder fragen")
        page.check("text=Bescheinigung, dass Sie das Auto dauerhaft nutzen")
        page.fill("#f-request_proof-text", "Bitte die Bescheinigung Ihres Arbeitgebers.")
        page.click("#a-request_proof button[type=submit]")
        page.wait_for_url("**/?view=team*")
        expect(page.locator(".lm-notice--success")).to_contain_text("Rückfrage")

        question = Question.objects.get(case_id=process.case_id)
        assert process.submission is not None
        answer(
            process.submission,
            question=question.id,
            text="Anbei.",
            form=None,
            attachments=[],
            key=None,
            by=portal(),
            at=AT,
        )
        desk.open(f"/cases/{process.case_id}")
        expect(page.locator(".lm-case-head")).to_contain_text("In Prüfung")

        page.click("summary:has-text('Bewilligen')")
        page.fill("#f-grant-reasons", "Die Bescheinigung liegt jetzt vor.")
        page.click("#a-grant button[type=submit]")
        expect(page.locator(".lm-notice--success")).to_contain_text("Bewilligt.")
        assert renewed(process).state == State.DECIDED

        drained()
        desk.open(f"/cases/{process.case_id}")
        expect(page.locator(".lm-pane--documents")).to_contain_text("Bewohnerparkausweis")

    def test_keeps_what_was_typed_when_a_form_is_refused(self, desk: Desk) -> None:
        process, page = submitted(), desk.page
        desk.open(f"/cases/{process.case_id}")
        page.click("text=Unterlagen nachfordern oder fragen")
        page.fill("#f-request_proof-text", "Bitte nachreichen.")
        page.fill("#f-request_proof-days", "365")
        page.click("#a-request_proof button[type=submit]")

        expect(page.locator("#f-request_proof-text")).to_have_value("Bitte nachreichen.")
        expect(page.locator("[data-errors]")).to_be_focused()
        page.click("[data-errors] a")
        expect(page.locator("#f-request_proof-days")).to_be_focused()

    def test_is_sent_once_however_often_it_is_clicked(self, desk: Desk) -> None:
        process, page = submitted(), desk.page
        desk.open(f"/cases/{process.case_id}")
        page.keyboard.press("c")
        page.fill("#f-note-text", "Einmal.")
        page.dblclick("#a-note button[type=submit]")
        expect(page.locator(".lm-notice--success")).to_be_visible()

        assert page.locator("article.lm-box", has_text="Einmal.").count() == 1


class TestTheKeys:
    def test_move_open_and_lead_back_to_the_same_row(self, desk: Desk) -> None:
        first, second = submitted(), submitted()
        page = desk.page
        desk.open("/")
        page.keyboard.press("j")
        expect(page.locator(f"#row-{first.case_id}")).to_be_focused()
        page.keyboard.press("j")
        expect(page.locator(f"#row-{second.case_id}")).to_be_focused()
        page.keyboard.press("k")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/cases/{second.case_id}")

        page.keyboard.press("u")
        page.wait_for_url("**/?view=team#*")
        expect(page.locator(f"#row-{second.case_id}")).to_be_focused()

    def test_do_nothing_once_they_are_switched_off(self, desk: Desk) -> None:
        User.objects.filter(username="a.lopes").update(keys_enabled=False)
        submitted()
        desk.open("/")
        desk.page.keyboard.press("n")
        desk.page.keyboard.press("j")

        assert desk.page.url == f"{desk.site}/"
        expect(desk.page.locator("body")).to_be_focused()

    def test_can_be_switched_off_in_the_menu(self, desk: Desk) -> None:
        page = desk.page
        page.click(".lm-menu summary")
        with page.expect_response("**/profile"):
            page.click("button[name=keys][value=off]")

        assert not User.objects.get(username="a.lopes").keys_enabled
        assert page.get_attribute("html", "data-keys") == "off"


class TestALongList:
    def test_loads_more_and_goes_on_there(self, desk: Desk) -> None:
        for _ in range(52):
            submitted()
        page = desk.page
        desk.open("/")
        expect(page.locator("[data-row]")).to_have_count(50)
        page.click("text=Weitere laden")
        expect(page.locator("[data-row]")).to_have_count(52)

        expect(page.locator("a.lm-open").nth(50)).to_be_focused()
        expect(page.locator("text=Weitere laden")).to_have_count(0)


class TestADocument:
    def test_is_chosen_beside_the_case_without_leaving_it(self, desk: Desk) -> None:
        process, page = submitted(), desk.page
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        drained()
        desk.open(f"/cases/{process.case_id}")
        # Before htmx has seen the link, the key follows it like any other: that leaves the page.
        expect(page.locator(".lm-documents a").nth(1)).to_have_attribute(
            "data-htmx-powered", "true"
        )
        page.keyboard.press(".")

        expect(page.locator(".lm-documents a").nth(1)).to_have_attribute("aria-current", "true")
        expect(page.locator(".lm-document h3")).to_contain_text("Bewohnerparkausweis")
        assert page.url == f"{desk.site}/cases/{process.case_id}"


class TestEveryPage:
    @pytest.fixture
    def addresses(self) -> list[str]:
        """One address of each page, all of them with something on it."""
        process = worked_on()
        submit(body(form={"plate": "ohne", "zone": "A4"}, on_invalid="clarify"))
        item: UUID = InboxItem.objects.get().id
        submitted()
        drained()
        document = Document.objects.filter(case_id=process.case_id).earliest("filed_at").id
        return [
            "/",
            "/?view=today",
            "/?view=mine&service=bulky-waste",
            "/follow-ups",
            f"/cases/{process.case_id}",
            f"/cases/{process.case_id}/assign",
            f"/cases/{process.case_id}/decide/refuse",
            f"/cases/{process.case_id}/decide/request_proof",
            f"/cases/{process.case_id}/journal",
            f"/cases/{process.case_id}/person",
            f"/files/{process.case.case_file_id}",
            f"/documents/{document}/view",
            f"/documents/{document}/text",
            "/inbox",
            f"/inbox/{item}",
            "/counter",
            "/counter/resident-parking",
            "/enquiry",
            "/post",
            "/file-plan",
            "/search",
            "/nowhere",
        ]

    # Contrast depends on the colours alone, words on the language alone: two pairs show all.
    @pytest.mark.parametrize(("scheme", "language"), [("light", "de"), ("dark", "en")])
    def test_can_be_used_by_everybody(
        self,
        browser: Browser,
        live_server: LiveServer,
        addresses: list[str],
        language: str,
        scheme: str,
    ) -> None:
        window = browser.new_context(
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": 1440, "height": 900},
        )
        User.objects.filter(username="a.lopes").update(language=language)
        found = {}
        with window:
            desk = Desk(window, live_server.url)
            desk.open("/login")
            found["/login"] = violations(desk.page)
            desk.sign_in()
            for address in [*addresses, searched(desk)]:
                desk.open(address)
                for opened in desk.page.locator("main details").all():
                    opened.evaluate("element => { element.name = ''; element.open = true }")
                found[address] = violations(desk.page)
                assert desk.page.get_attribute("html", "lang") == language
            found["refused"] = violations(refused(desk, addresses[4]))

        assert {page: rules for page, rules in found.items() if rules} == {}
        assert desk.complaints == []

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_fits_a_small_screen(
        self, browser: Browser, live_server: LiveServer, addresses: list[str], language: str
    ) -> None:
        User.objects.filter(username="a.lopes").update(language=language)
        with browser.new_context(viewport={"width": 320, "height": 640}) as window:
            desk = Desk(window, live_server.url)
            desk.sign_in()
            too_wide = []
            for address in [*addresses, searched(desk)]:
                desk.open(address)
                if desk.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    too_wide.append(address)

        assert too_wide == []


def test_axe_finds_what_is_wrong(desk: Desk) -> None:
    desk.page.evaluate("document.querySelector('h1').innerHTML = '<img src=x>'")

    assert any(found.startswith("image-alt") for found in violations(desk.page))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_dispatch_list_can_be_used_by_everybody(
    window: BrowserContext, live_server: LiveServer, language: str
) -> None:
    User.objects.filter(username="j.kessler").update(language=language)
    day = submit(body("bulky-waste"))["appointment"]["date"]
    desk = Desk(window, live_server.url)
    desk.sign_in("j.kessler")
    desk.open(f"/dispatch?day={day}")

    expect(desk.page.locator("[data-row]")).to_have_count(1)
    assert violations(desk.page) == []
    desk.page.set_viewport_size({"width": 320, "height": 640})
    assert not desk.page.evaluate("document.documentElement.scrollWidth > innerWidth")


def searched(desk: Desk) -> str:
    """The address of a search that finds something."""
    desk.page.fill("#q", "Yılmaz")
    desk.page.press("#q", "Enter")
    desk.page.wait_for_url("**/search/*")
    expect(desk.page.locator("[data-row]").first).to_be_visible()
    return desk.page.url.removeprefix(desk.site)


def refused(desk: Desk, case: str) -> Page:
    """A case whose form was refused."""
    desk.open(case)
    desk.page.keyboard.press("d")
    desk.page.fill("#f-refuse-reasons", "")
    desk.page.click("#a-refuse button[type=submit]")
    expect(desk.page.locator("[data-errors]")).to_be_visible()
    return desk.page
