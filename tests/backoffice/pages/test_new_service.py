"""A service nobody had before, from nothing to a decision: by the forms that a person fills in."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from efile.kernel.clock import local_date, now
from efile.models import Document
from tests.api.calling import Portal
from tests.backoffice.pages.conftest import SignedIn
from tests.backoffice.pages.controls import posted_by
from tests.factories import drained, renewed
from workflows.models import CheckResult, Process, State
from workflows.offers import current_offer

pytestmark = pytest.mark.django_db

SERVICE = "anwohnerfest-anmelden"
DAY = (local_date(now()) + timedelta(days=60)).isoformat()

Said = Mapping[str, str | list[str]]
NOTHING: Said = {}


class Workplace:
    """An administrator at the pages of one draft, who fills in what the page shows."""

    def __init__(self, client: Client, service: str) -> None:
        self.client = client
        self.at = f"/services/{service}"

    def shown(self, page: str) -> str:
        response = self.client.get(f"{self.at}/{page}")
        assert response.status_code == 200, page
        return response.content.decode()

    def fill(self, page: str, said: Said = NOTHING, do: str = "", form: int = 0) -> Any:
        """Post the form of ``page`` as it stands but for what is ``said``."""
        html = self.shown(page).split('<form class="lm-bench-form"')[1 + form]
        typed = posted_by(html.split("</form>")[0])
        unknown = {name for name in said if name not in html}
        assert not unknown, f"{page} does not ask for {unknown}"
        typed |= {name: [one] if isinstance(one, str) else one for name, one in said.items()}
        if do:
            typed["do"] = [do]
        response = self.client.post(f"{self.at}/{page}", typed)
        assert response.status_code == 302, response.content.decode()
        return response

    def begin(self, page: str, what: str) -> None:
        """Press the button that adds something."""
        self.fill(page, do=f"add:{what}")

    def field(self, label: str, english: str, kind: str, *, needed: bool = True) -> str:
        """Add a field to the form; the pointer of its schema."""
        said = {"label_de": label, "label_en": english, "kind": kind}
        response = self.fill("draft/form", said | ({"needed": "on"} if needed else {}), "add:", 1)
        asked = parse_qs(urlsplit(response.headers["Location"]).query)
        return str((asked.get("open") or asked["field"])[0])


@pytest.fixture
def admin(signed_in: SignedIn) -> Client:
    return signed_in("o.kruse")


def put_together(admin: Client) -> Workplace:
    """Everything that somebody types who follows docs/administrators.md, up to publishing."""
    begun = {"title": "Anwohnerfest anmelden", "unit": "strassenverkehr", "position": "32.2"}
    assert (
        admin.post("/services/new", begun)
        .headers["Location"]
        .endswith(f"/services/{SERVICE}/draft/general")
    )
    work = Workplace(admin, SERVICE)
    _form(work)
    work.fill(
        "draft/general",
        {
            "/title/en": "Register a street party",
            "/summary/de": "Sie möchten in Ihrer Straße feiern? Hier melden Sie das Fest an.",
            "/summary/en": "Do you want to celebrate in your street? Register the party here.",
            "/legal_bases": "§ 29 Abs. 2 StVO\n§ 46 Abs. 1 Nr. 8 StVO",
            "/address": "/form/wo_wird_gefeiert",
        },
    )
    _conditions(work)
    _money_and_words(work)
    _sample(work)
    return work


def _form(work: Workplace) -> None:
    place = work.field("Wo wird gefeiert?", "Where is the party?", "address")
    assert place == "/form/properties/wo_wird_gefeiert"
    work.field("Datum", "Date", "date")
    work.field("Von", "From", "clock")
    work.field("Bis", "To", "clock")
    guests = work.field(
        "Wie viele Gäste erwarten Sie?", "How many guests do you expect?", "integer"
    )
    work.field("Telefon während des Festes", "Phone during the party", "phone")
    work.field("Gibt es Musik?", "Will there be music?", "yes_no")
    kind = work.field("Art der Musik", "Kind of music", "choice", needed=False)
    work.fill("draft/form", do="remove:/form/properties/concern")
    work.fill(f"draft/form?field={guests}", {f"{guests}/maximum": "2000"})
    at = f"draft/form?field={kind}"
    work.fill(at, do="add:" + f"{kind}/options")
    work.fill(
        at,
        {f"{kind}/options/0/text/de": "Live", f"{kind}/options/0/text/en": "Live"},
        f"add:{kind}/options",
    )
    work.fill(
        at,
        {
            f"{kind}/options/1/text/de": "Aus der Anlage",
            f"{kind}/options/1/text/en": "Recorded",
            f"{kind}/needed": "when",
            f"{kind}/when_field": "gibt_es_musik",
            f"{kind}/when_is": "is",
            f"{kind}/when_value": "ja",
        },
    )


def _conditions(work: Workplace) -> None:
    work.begin("draft/proofs", "/proofs")
    work.fill(
        "draft/proofs",
        {
            "/proofs/0/title/de": "Lageplan mit Rettungsweg",
            "/proofs/0/title/en": "Site plan with emergency access",
            "/proofs/0/required?needed": "when",
            "/proofs/0/required?left": "form.wie_viele_gaeste_erwarten_sie",
            "/proofs/0/required?compare": "at_least",
            "/proofs/0/required?right": "200",
        },
    )
    work.begin("draft/checks", "/checks")
    work.fill(
        "draft/checks",
        {
            "/checks/0/title/de": "Rechtzeitig angemeldet",
            "/checks/0/title/en": "Registered in time",
            "/checks/0/expression?left": "form.datum",
            "/checks/0/expression?compare": "days_ahead",
            "/checks/0/expression?right": "14",
            "/checks/0/paragraph": "§ 29 Abs. 2 StVO",
            "/checks/0/reason/de": "Sie haben das Fest am {datum} zu spät angemeldet.",
            "/checks/0/reason/en": "You registered the party on {datum} too late.",
        },
        "add:/checks",
    )
    work.fill(
        "draft/checks",
        {
            "/checks/1/title/de": "Straße in der Stadt",
            "/checks/1/title/en": "Street in the city",
            "/checks/1/about": "address",
            "/checks/1/expression?left": "address.known",
            "/checks/1/expression?compare": "holds",
            "/checks/1/paragraph": "§ 44 Abs. 1 StVO",
            "/checks/1/reason/de": "Die Straße liegt nicht in unserer Stadt.",
            "/checks/1/reason/en": "The street is not in our city.",
        },
    )
    work.fill("draft/deadlines", {"/deadlines/0/working_days": "15", "/deadlines/0/warn_days": "3"})
    work.begin("draft/automation", "/discretion")
    work.fill(
        "draft/automation",
        {
            "/discretion/legal_basis": "§ 46 Abs. 1 Nr. 8 StVO",
            "/discretion/considerations/de": "Ruhe der Nachbarn, Rettungswege, Busse.",
            "/discretion/considerations/en": "The neighbours' quiet, emergency access, buses.",
        },
    )


def _money_and_words(work: Workplace) -> None:
    work.begin("draft/fee", "/fee")
    work.fill(
        "draft/fee",
        {
            "/fee/legal_basis": "Nr. 263 GebOSt",
            "/fee/periods/0/valid_from": "2026-01-01",
            "/fee/periods/0/positions/0/title/de": "Erlaubnis für ein Straßenfest",
            "/fee/periods/0/positions/0/title/en": "Permission for a street party",
            "/fee/periods/0/positions/0/cents": "25,00",
        },
    )
    work.fill("draft/fee", {"/fee/periods?from": "2027-01-01"}, "table:/fee/periods")
    work.fill("draft/fee", {"/fee/periods/1/positions/0/cents": "30,00"})
    body = "Am {datum} dürfen Sie von {von} bis {bis} Uhr Ihr Anwohnerfest feiern. Gebühr: {fee}."
    work.fill(
        "draft/letters?letter=granted",
        {
            "/decisions/granted/body/de": body,
            "/decisions/granted/body/en": "You may celebrate on {datum}, {von}-{bis}. Fee: {fee}.",
            "/letters/granted/summary/de": "Sie dürfen feiern.",
            "/letters/granted/summary/en": "You may celebrate.",
        },
    )
    work.fill(
        "draft/public",
        {
            "/public_texts/events/granted/de": "Ihr Fest am {datum} ist erlaubt.",
            "/public_texts/events/granted/en": "Your party on {datum} is permitted.",
        },
    )
    work.fill(
        "draft/filing",
        {
            "/file/subject": "Anwohnerfest am {datum}",
            "/retention/years": "3",
            "/retention/disposal_code": "V",
        },
    )
    work.fill(
        "draft/guidance",
        {
            "/guidance/conditions/de": "Zwei Wochen vorher anmelden, Rettungsweg frei halten.",
            "/guidance/conditions/en": "Register two weeks before, keep emergency access clear.",
        },
    )


def _sample(work: Workplace) -> None:
    form = "/example/form"
    work.fill(
        "draft/example",
        {
            f"{form}/wo_wird_gefeiert/street": "Lindenstraße",
            f"{form}/wo_wird_gefeiert/number": "1a",
            f"{form}/wo_wird_gefeiert/postcode": "40764",
            f"{form}/wo_wird_gefeiert/city": "Musterstadt",
            f"{form}/datum": DAY,
            f"{form}/von": "14:00",
            f"{form}/bis": "22:00",
            f"{form}/wie_viele_gaeste_erwarten_sie": "60",
            f"{form}/telefon_waehrend_des_festes": "02173 123456",
            f"{form}/gibt_es_musik": "true",
            f"{form}/art_der_musik": "live",
        },
    )


def test_a_street_party_is_put_online_and_decided(admin: Client, signed_in: SignedIn) -> None:
    work = put_together(admin)

    frame = admin.get(f"{work.at}/compare").context["page"].frame
    assert [one.label for one in frame.parts if one.faults] == []
    today = local_date(now()).isoformat()
    done = work.fill("publish", {"from_on": today, "confirmed": "on"})
    assert done.headers["Location"].endswith(f"{SERVICE}/about")
    offered = admin.get(f"{work.at}/about").context["page"]
    assert [(one.number, one.state.tone) for one in offered.versions] == [(1, "success")]

    receipt = _sent()
    process = Process.objects.select_related("case").get(submission=receipt["id"])
    assert process.case.subject.startswith("Anwohnerfest am ")
    outcomes = CheckResult.objects.filter(case_id=process.case_id).values_list("outcome")
    assert {one for (one,) in outcomes} == {"passed"}

    _granted(signed_in("s.nguyen"), process)


def _sent() -> Mapping[str, Any]:
    """What the portal gets for an application that it made from the service's own description."""
    portal = Portal()
    described = portal.get(f"services/{SERVICE}").json
    assert described["title"] == "Anwohnerfest anmelden"
    answer = portal.submit(portal.application(SERVICE))
    assert answer.status == 201, answer.json
    drained()
    receipt: Mapping[str, Any] = answer.json
    return receipt


def _granted(desk: Client, process: Process) -> None:
    """The caseworker weighs and grants, on the page of the decision."""
    address = f"/cases/{process.case_id}/decide/grant"
    html = desk.get(address).content.decode()
    assert "Ruhe der Nachbarn" in html
    typed = posted_by(html.split('id="decide"')[1].split("</form>")[0])
    typed |= {"discretion": ["Das Fest endet früh, der Rettungsweg bleibt frei."]}
    assert desk.post(address, typed).status_code == 302
    drained()
    assert renewed(process).state in (State.DECIDED, State.NOTIFIED)
    kinds = Document.objects.filter(case_id=process.case_id).values_list("kind", flat=True)
    assert "decision" in kinds
    definition = current_offer(process.tenant_id, SERVICE).definition
    costs = [definition.fee_for({}, date(year, 6, 1)).cents for year in (2026, 2027)]
    assert costs == [25_00, 30_00]
