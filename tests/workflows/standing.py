"""A permit that has a life of its own: changed, ended, returned to, reviewed, claimed back."""

import json
from datetime import datetime
from typing import Any

from tests.factories import AT, body, colleague, drained, renewed, submit
from tests.workflows.working import published
from workflows.decisions import decide
from workflows.machine import Step
from workflows.models import Process, StandingMatter

CONCERNS = ["apply", "change", "end", "return", "review", "recover"]
_TEXT = {"de": "x", "en": "x"}


def _labelled(**schema: Any) -> dict[str, Any]:
    return {**schema, "x-labels": _TEXT}


def with_a_life(document: dict[str, Any], *, interval: str = "year", duties: bool = True) -> None:
    """A change for ``published``: a permit with every effect, a tax, and two duties."""
    form, matter = document["form"]["properties"], document["standing_matter"]
    form["concern"] = _labelled(
        type="string",
        enum=CONCERNS,
        default="apply",
        **{"x-options": dict.fromkeys(CONCERNS, _TEXT)},
    )
    form["number"] = _labelled(type="string", maxLength=40)
    form["on"] = _labelled(type="string", format="date")
    form["nights"] = _labelled(type="integer", minimum=0, maximum=100000, default=0)
    form["reclaimed"] = _labelled(type="integer", minimum=0, maximum=100000, default=0)
    del matter["months"], matter["renewal_days"]
    matter["number"] = "/form/number"
    matter["data"]["make"] = "/form/make"
    matter["effects"] = [
        {"effect": one, "when": f"form.concern == '{one}'"} for one in CONCERNS[1:]
    ]
    matter["effects"][1]["ends_on"] = "/form/on"
    matter["duties"] = []
    if duties:
        matter["duties"] = [
            {
                "key": "quarterly",
                "title": {"de": "Quartalserklärung", "en": "Quarterly return"},
                "kind": "return",
                "every_months": 3,
                "due_days": 15,
                "remind_days": 10,
                "overdue_days": 5,
            },
            {
                "key": "yearly",
                "title": {"de": "Überprüfung", "en": "Review"},
                "kind": "review",
                "every_months": 12,
                "due_days": 30,
            },
        ]
    document["fee"] = None
    document["decisions"]["granted"]["body"] = {"de": "Wir bewilligen.", "en": "We grant."}
    document["letters"].pop("granted")
    document["deadlines"] = [one for one in document["deadlines"] if one["key"] != "renewal"]
    document["assessment"] = _by_nights() if interval == "once" else _by_year()
    document["automation"] = {**document["automation"], "level": "none"}


def _by_year() -> dict[str, Any]:
    single, two = ({"de": f"{n} Auto", "en": f"{n} car"} for n in ("Ein", "Zwei"))
    return {
        "kind": "tax",
        "title": {"de": "Stellplatzsteuer", "en": "Parking tax"},
        "currency": "EUR",
        "legal_basis": "§ 1 Stellplatzsteuersatzung",
        "interval": "year",
        "from": "/form/on",
        "instalments": ["02-15", "05-15", "08-15", "11-15"],
        "periods": [
            {
                "valid_from": "2024-01-01",
                "positions": [
                    {"key": "one", "title": single, "cents": 9600, "when": "form.nights == 0"},
                    {"key": "two", "title": two, "cents": 15000, "when": "form.nights > 0"},
                    {
                        "key": "back",
                        "title": two,
                        "amount": "form.reclaimed",
                        "when": "form.reclaimed > 0",
                    },
                ],
            }
        ],
    }


def _by_nights() -> dict[str, Any]:
    title = {"de": "Übernachtungen", "en": "Nights"}
    return {
        "kind": "tax",
        "title": {"de": "Übernachtungssteuer", "en": "Overnight tax"},
        "currency": "EUR",
        "legal_basis": "§ 1 Satzung",
        "interval": "once",
        "due_days": 14,
        "periods": [
            {
                "valid_from": "2024-01-01",
                "positions": [
                    {
                        "key": "nights",
                        "title": title,
                        "percent": 7.5,
                        "of": "form.nights * 1000",
                        "when": "form.nights > 0",
                    },
                ],
            }
        ],
    }


def lived(*, interval: str = "year", duties: bool = True) -> None:
    """Put the permit with a life in force."""
    published(
        "resident-parking",
        lambda document: with_a_life(document, interval=interval, duties=duties),
    )


def applied(
    concern: str = "apply",
    number: str = "",
    *,
    bpk2: str = "",
    electronic: bool = True,
    at: datetime = AT,
    **said: Any,
) -> Process:
    """A case of ``concern`` by the example's applicant, or by whoever has ``bpk2``."""
    sent = json.loads(json.dumps(body()))
    sent["form"] |= {"concern": concern, **({"number": number} if number else {}), **said}
    sent["consents"] = {"electronic_delivery": electronic}
    if bpk2:
        sent["parties"][0]["identity"]["bpk2"] = bpk2
        sent["parties"][0]["family_name"] = f"Familie {bpk2}"
    receipt = submit(sent, at=at)
    return Process.objects.select_related("case").get(submission=receipt["id"])


def granted(process: Process, *, at: datetime = AT, drain: bool = False) -> Process:
    """Have a colleague grant it."""
    decide(process.case_id, Step.GRANT, by=colleague(), at=at)
    if drain:
        drained()
    return renewed(process)


def matter_of(process: Process) -> StandingMatter:
    """The matter that the case began."""
    return StandingMatter.objects.get(case_id=process.case_id)
