"""The fee of a case that is paid online, and the list of what is open in the cash office."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.desk import LONGEST_TEXT, Desk
from backoffice.pages.presenters.tables import table_text
from backoffice.pages.presenters.values import day_text, euros, language
from backoffice.pages.rows import ActionField, ActionRow, EmptyState, FieldGroup, FieldRow, Tag
from backoffice.pages.rows.payments import CashPage, CashRow, KindRow
from efile.kernel.clock import local_date
from efile.policy import Action
from workflows.offers import Offer
from workflows.payments.beside import PaymentOnCase
from workflows.payments.cash_list import KINDS, PAGE, CashList, Due

STATES: Final[dict[str, Promise]] = {
    "wanted": _("wird angefordert"),
    "open": _("offen"),
    "paid": _("bezahlt"),
    "failed": _("fehlgeschlagen"),
    "canceled": _("abgebrochen"),
    "void": _("nicht mehr zu zahlen"),
}
_KINDS: Final[dict[str, Promise]] = {
    "open": _("Offen"),
    "overdue": _("Überfällig"),
    "refund": _("Zu erstatten"),
}
_LONGEST_RECEIPT: Final = 60


def payment_group(payment: PaymentOnCase) -> FieldGroup:
    """What the case page says of the payment."""
    rows = [
        FieldRow(label=gettext("Betrag"), value=euros(payment.cents)),
        FieldRow(label=gettext("Stand"), value=_state(payment)),
        FieldRow(label=gettext("Kassenzeichen"), value=grouped(payment.reference)),
    ]
    if payment.is_unpaid:
        rows.append(FieldRow(label=gettext("Zu zahlen bis"), value=day_text(payment.due_on)))
    if payment.receipt:
        rows.append(FieldRow(label=gettext("Quittung"), value=payment.receipt))
    return FieldGroup(gettext("Zahlung"), tuple(rows))


def payment_rows(desk: Desk) -> Iterator[ActionRow]:
    """Taking, waiving, demanding and giving back, for those who may."""
    payment = desk.dossier.payment
    if payment is None or not desk.may(Action.CASH) or desk.dossier.process.case.is_closed:
        return
    if payment.is_unpaid:
        yield _paying(desk)
        yield _waiving(desk)
    if payment.status in ("failed", "canceled"):
        yield ActionRow(
            key="payment-demand",
            label=gettext("Zahlung noch einmal anfordern"),
            url=desk.url("payment_demand"),
            style="quiet",
            version=desk.version,
        )
    if payment.refund_due:
        yield ActionRow(
            key="payment-refunded",
            label=gettext("Erstattung eintragen"),
            url=desk.url("payment_refunded"),
            submit_label=gettext("Eintragen"),
            summary=gettext("%(amount)s sind zurückzuzahlen.") % {"amount": euros(payment.cents)},
            fields=(_receipt(gettext("Nummer der Auszahlung")),),
            version=desk.version,
        )


def grouped(reference: str) -> str:
    """A Kassenzeichen in groups of four, as people read it aloud."""
    return " ".join(reference[at : at + 4] for at in range(0, len(reference), 4))


def cash_page(
    kind: str, found: CashList, *, page: int, today: date, offers: Sequence[Offer]
) -> CashPage:
    """The list of one kind."""
    titles = {one.definition.key: one.definition.title.in_(language()) for one in offers}
    count = ngettext("%(count)d Zahlung", "%(count)d Zahlungen", found.count)
    total = {"count": found.count, "amount": euros(found.cents)}
    more = page * PAGE < found.count
    return CashPage(
        summary=(count + gettext(", zusammen %(amount)s")) % total,
        kinds=tuple(KindRow(str(_KINDS[one]), address("cash", one), one == kind) for one in KINDS),
        csv_url=address("cash_csv", kind) if found.rows else "",
        rows=tuple(_row(one, today, titles) for one in found.rows),
        next_url=f"{address('cash', kind)}&page={page + 1}" if more else "",
        empty=None if found.rows else EmptyState(gettext("Hier ist nichts zu tun.")),
    )


def address(name: str, kind: str) -> str:
    """Where the list of a kind is: ``cash`` or ``cash_csv``."""
    return f"{reverse(name)}?{urlencode({'kind': kind})}"


def cash_table(found: CashList, offers: Sequence[Offer]) -> str:
    """The list as CSV for a German spreadsheet."""
    titles = {one.definition.key: one.definition.title.in_(language()) for one in offers}
    head = [
        gettext("Kassenzeichen"),
        gettext("Vorgang"),
        gettext("Name"),
        gettext("Leistung"),
        gettext("Betrag in Euro"),
        gettext("Stand"),
        gettext("Zu zahlen bis"),
        gettext("Angefordert am"),
    ]
    return table_text(
        head,
        (
            [
                one.reference,
                one.case_reference,
                one.applicant,
                titles.get(one.service, one.service),
                f"{one.cents // 100},{one.cents % 100:02}",
                str(STATES[one.status]),
                day_text(one.due_on),
                day_text(local_date(one.demanded_at)),
            ]
            for one in found.rows
        ),
    )


def _row(one: Due, today: date, titles: dict[str, str]) -> CashRow:
    late = one.status not in ("paid", "void") and one.due_on < today
    tag = Tag(gettext("überfällig"), "danger", "warning") if late else Tag(str(STATES[one.status]))
    if one.refund_due_at:
        tag = Tag(gettext("zu erstatten"), "warning")
    return CashRow(
        key=str(one.case_id),
        url=reverse("case", args=[one.case_id]),
        reference=grouped(one.reference),
        case=one.case_reference,
        applicant=one.applicant or gettext("ohne Namen"),
        service=titles.get(one.service, one.service),
        amount=euros(one.cents),
        due_on=one.due_on,
        state=tag,
    )


def _state(payment: PaymentOnCase) -> str:
    if payment.paid_at is None:
        text = str(STATES[payment.status])
        return f"{text} ({payment.failure})" if payment.failure else text
    where = gettext("an der Kasse") if payment.channel == "counter" else gettext("online")
    told = {"day": day_text(local_date(payment.paid_at)), "where": where}
    text = gettext("bezahlt am %(day)s, %(where)s") % told
    return gettext("%(text)s; zu erstatten") % {"text": text} if payment.refund_due else text


def _paying(desk: Desk) -> ActionRow:
    return ActionRow(
        key="payment-paid",
        label=gettext("Zahlung an der Kasse eintragen"),
        url=desk.url("payment_paid"),
        style="quiet",
        submit_label=gettext("Eintragen"),
        summary=gettext("Was auf die Zahlung wartet, geht danach von selbst weiter."),
        fields=(_receipt(gettext("Nummer der Quittung")),),
        version=desk.version,
    )


def _waiving(desk: Desk) -> ActionRow:
    return ActionRow(
        key="payment-waived",
        label=gettext("Auf die Zahlung nicht warten"),
        url=desk.url("payment_waived"),
        style="quiet",
        submit_label=gettext("Nicht warten"),
        summary=gettext("Die Gebühr muss vorher nicht mehr gezahlt werden."),
        fields=(
            ActionField(
                name="reason",
                label=gettext("Grund"),
                kind="textarea",
                required=True,
                maximum=str(LONGEST_TEXT),
                hint=gettext("Er bleibt in der Akte stehen."),
            ),
        ),
        version=desk.version,
    )


def _receipt(label: str) -> ActionField:
    return ActionField(
        name="receipt", label=label, kind="text", required=True, maximum=str(_LONGEST_RECEIPT)
    )
