"""What comes in by other ways and ends in other ways, in a real browser."""

import pytest
from playwright.sync_api import expect

from efile.models import Case, Document
from tests.backoffice.pages.browsing import Desk, desk, window
from tests.factories import body, drained, renewed, submit, submitted
from workflows.models import InboxItem, State, Submission

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

__all__ = ["desk", "window"]

PERSON = "/parties/applicant/0"
TOLD = {
    f"{PERSON}/given_names": "Đorđe",
    f"{PERSON}/family_name": "Yılmaz",
    f"{PERSON}/address/street": "Lindenstraße",
    f"{PERSON}/address/number": "1a",
    f"{PERSON}/address/postcode": "40764",
    f"{PERSON}/address/city": "Musterstadt",
    "/form/plate": "D-LM 123",
    "/form/zone": "A4",
}


class TestARefusal:
    def test_is_written_with_its_letter_beside_it(self, desk: Desk) -> None:
        process, page = submitted(), desk.page
        drained()
        desk.open(f"/cases/{process.case_id}/decide/refuse")
        page.fill("textarea[name=reasons]", "Die Wohnung liegt nicht in der Zone.")
        expect(page.locator("#preview img").first).to_be_visible()
        page.keyboard.press("Control+Enter")
        expect(page.locator(".lm-notice--success")).to_contain_text("Abgelehnt")

        drained()
        assert renewed(process).state == State.DECIDED
        assert Document.objects.filter(case_id=process.case_id, kind="decision").count() == 1


class TestTheCounter:
    def test_takes_down_what_somebody_says_and_prints_a_receipt(self, desk: Desk) -> None:
        page = desk.page
        desk.open("/counter")
        page.click("main a[href='/counter/resident-parking']")
        for name, value in TOLD.items():
            page.fill(f"[name='{name}']", value)
        page.fill(f"[name='{PERSON}/birth_date']", "1981-04-02")
        page.check("[name=sight][value=document]")
        page.check("[name='/form/declaration/complete_and_true']")
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/cases/*")
        expect(page.locator(".lm-case-head h1")).to_contain_text("Yılmaz, Đorđe")

        receipt = page.request.get(f"{page.url.partition('#')[0]}/receipt")
        assert receipt.body().startswith(b"%PDF-")
        assert Submission.objects.get().channel == "counter"


class TestTheInbox:
    def test_leads_what_does_not_fit_to_a_case_all_the_same(self, desk: Desk) -> None:
        submit(body(form={"plate": "ohne", "zone": "A4"}, on_invalid="clarify"))
        page, item = desk.page, InboxItem.objects.get()
        desk.open("/inbox")
        page.click("a.lm-open")
        page.wait_for_url(f"**/inbox/{item.id}")
        page.click("form[action$='/assign'] button[type=submit]")
        page.wait_for_url("**/cases/*")

        assert Case.objects.count() == 1
        item.refresh_from_db()
        assert item.settled_at is not None
