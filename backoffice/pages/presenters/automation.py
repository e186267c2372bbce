"""Automatic decisions as a head sees them: what is switched on, and whether it can be relied on."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.attempts import Attempt, reshown
from backoffice.pages.presenters.case_file import DECISIONS
from backoffice.pages.presenters.values import language
from backoffice.pages.rows import ActionField, ActionRow, Tag
from backoffice.pages.rows.automation import (
    AgreementRow,
    AutomationPage,
    DisagreementRow,
    SwitchRow,
)
from workflows.automation.sample import Agreement, Disagreement
from workflows.automation.switch import LONGEST_REASON, Switch
from workflows.offers import Offer

LEVELS: Final[Mapping[str, Promise]] = {
    "checks": _("Bewilligt allein, wenn alle Prüfungen erfüllt sind"),
    "full": _("Bewilligt und lehnt ab, wenn die Prüfungen es sagen"),
}


def automation_page(
    switches: Sequence[Switch],
    offers: Sequence[Offer],
    agreements: Sequence[Agreement],
    disagreements: Sequence[Disagreement],
    *,
    first: date,
    last: date,
    attempt: Attempt | None = None,
) -> AutomationPage:
    """Services that decide alone, then the report on the sample from ``first`` to ``last``."""
    known = {offer.definition.key: offer for offer in offers}
    titles = {key: offer.definition.title.in_(language()) for key, offer in known.items()}
    days = {"first": first.isoformat(), "last": last.isoformat()}
    return AutomationPage(
        services=tuple(
            _switch(switch, known[switch.service], attempt)
            for switch in switches
            if known[switch.service].definition.automation.level in LEVELS
        ),
        agreements=tuple(_agreement(one, titles) for one in agreements),
        disagreements=tuple(_disagreement(one, titles) for one in disagreements),
        first=first,
        last=last,
        csv_url=f"{reverse('automation_csv')}?{urlencode(days)}",
    )


def report_lines(found: Sequence[Disagreement]) -> Iterator[Sequence[str]]:
    """The disagreements for a spreadsheet, head first."""
    yield (
        gettext("Vorgang"),
        gettext("Leistung"),
        gettext("Maschine"),
        gettext("Mensch"),
        gettext("Entschieden am"),
    )
    for one in found:
        words = (str(DECISIONS.get(kind, kind)) for kind in (one.proposal, one.decided))
        yield one.reference, one.service, *words, f"{one.decided_at:%d.%m.%Y}"


def _switch(switch: Switch, offer: Offer, attempt: Attempt | None) -> SwitchRow:
    automation = offer.definition.automation
    basis = automation.legal_basis or offer.automation_basis
    state = Tag(gettext("eingeschaltet"), "success")
    if switch.is_off:
        state = Tag(gettext("abgeschaltet"), "danger")
    elif not automation.decides(offer.automation_basis):
        state = Tag(gettext("ohne Rechtsgrundlage"), "warning")
    turned = ""
    if switch.is_off:
        turned = gettext("Abgeschaltet von %(name)s: %(reason)s") % {
            "name": switch.name,
            "reason": switch.reason,
        }
    return SwitchRow(
        key=switch.service,
        title=offer.definition.title.in_(language()),
        level=str(LEVELS[automation.level]),
        basis=basis or gettext("keine genannt"),
        state=state,
        turned=turned,
        since=switch.since,
        actions=reshown((_turning(switch), _sampling(switch, automation.sample_percent)), attempt),
    )


def _turning(switch: Switch) -> ActionRow:
    reason = ActionField(
        name="reason",
        label=gettext("Grund"),
        kind="text",
        required=True,
        maximum=str(LONGEST_REASON),
    )
    if switch.is_off:
        return ActionRow(
            key=f"resume-{switch.service}",
            label=gettext("Wieder einschalten"),
            url=reverse("automation_resume", args=[switch.service]),
            summary=gettext("Was inzwischen bei Menschen liegt, bleibt dort."),
            fields=(reason,),
        )
    return ActionRow(
        key=f"stop-{switch.service}",
        label=gettext("Sofort abschalten"),
        url=reverse("automation_stop", args=[switch.service]),
        style="danger",
        summary=gettext("Ab sofort entscheidet über jeden Vorgang ein Mensch."),
        fields=(reason,),
    )


def _sampling(switch: Switch, usual: int) -> ActionRow:
    percent = ActionField(
        name="percent",
        label=gettext("Von hundert Vorgängen"),
        kind="number",
        value=str(usual if switch.sample_percent is None else switch.sample_percent),
        required=True,
        minimum="0",
        maximum="100",
    )
    return ActionRow(
        key=f"sample-{switch.service}",
        label=gettext("Stichprobe ändern"),
        url=reverse("automation_sample", args=[switch.service]),
        summary=gettext(
            "So viele Vorgänge, die allein entschieden werden könnten, gehen trotzdem an einen "
            "Menschen. Er sieht nicht, was die Maschine entschieden hätte."
        ),
        fields=(percent,),
    )


def _agreement(one: Agreement, titles: Mapping[str, str]) -> AgreementRow:
    decided = one.agreed + one.disagreed
    rate = f"{round(100 * one.agreed / decided)} %" if decided else "–"
    return AgreementRow(
        service=titles.get(one.service, one.service),
        drawn=one.drawn,
        open=one.open,
        agreed=one.agreed,
        disagreed=one.disagreed,
        rate=rate,
    )


def _disagreement(one: Disagreement, titles: Mapping[str, str]) -> DisagreementRow:
    return DisagreementRow(
        reference=one.reference,
        url=reverse("case", args=[one.case_id]),
        service=titles.get(one.service, one.service),
        machine=str(DECISIONS.get(one.proposal, one.proposal)),
        person=str(DECISIONS.get(one.decided, one.decided)),
        at=one.decided_at,
    )
