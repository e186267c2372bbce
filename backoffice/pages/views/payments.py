"""Payments: the cash list, and what the office does about the payment of a case."""

from collections.abc import Callable
from uuid import UUID

from django import forms as shapes
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.pages import forms
from backoffice.pages.posting import Refused, Said, tried
from backoffice.pages.presenters.payments import cash_page, cash_table
from backoffice.pages.presenters.shell import shell
from backoffice.pages.staff import StaffRequest, signed_in
from backoffice.pages.views.case import shown_case
from efile.kernel.clock import local_date, now
from workflows.offers import current_offers
from workflows.office import office_of
from workflows.payments.cash_list import KINDS, MOST, cash_list
from workflows.payments.cashing import note_paid, note_refunded, waive
from workflows.payments.demanding import demand_payment

posted = require_http_methods(["GET", "HEAD", "POST"])


class ReceiptForm(forms.VersionedForm):
    """The number under which money was taken or given."""

    receipt = shapes.CharField(required=False, max_length=60)


@require_safe
@signed_in
def cash(request: StaffRequest) -> HttpResponse:
    """What is to be paid, what is overdue, what has to be given back."""
    kind, today = _kind(request), local_date(now())
    text = request.GET.get("page", "1")
    page = int(text) if text.isdecimal() and 0 < int(text) < 10_000 else 1
    found = cash_list(kind, by=request.actor, today=today, page=page)
    offers = current_offers(request.actor.tenant_id)
    rows = cash_page(kind, found, page=page, today=today, offers=offers)
    frame = shell(request, office_of(request.actor.tenant_id), "cash")
    return render(request, "pages/payments.html", {"page": rows, "shell": frame})


@require_safe
@signed_in
def cash_csv(request: StaffRequest) -> HttpResponse:
    """The same as a table to take along."""
    kind = _kind(request)
    found = cash_list(kind, by=request.actor, today=local_date(now()), size=MOST)
    table = cash_table(found, current_offers(request.actor.tenant_id))
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="kasse-{kind}.csv"'
    return response


@posted
@signed_in
def paid(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Note that the fee was paid at the counter."""

    def act(said: Said) -> None:
        note_paid(case_id, said["receipt"], by=request.actor, at=now(), revision=said["version"])

    done = gettext("Die Zahlung ist eingetragen. Was auf sie wartete, geht weiter.")
    return _taken(request, case_id, "payment-paid", ReceiptForm, act, done)


@posted
@signed_in
def waived(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Wait for the payment no longer."""

    def act(said: Said) -> None:
        waive(case_id, said["reason"], by=request.actor, at=now(), revision=said["version"])

    done = gettext("Auf die Zahlung wird nicht mehr gewartet.")
    return _taken(request, case_id, "payment-waived", forms.ReasonForm, act, done)


@posted
@signed_in
def demand(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Demand the fee once more."""

    def act(said: Said) -> None:
        demand_payment(case_id, by=request.actor, at=now(), revision=said["version"])

    done = gettext("Die Zahlung wird noch einmal angefordert.")
    return _taken(request, case_id, "payment-demand", forms.VersionedForm, act, done)


@posted
@signed_in
def refunded(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Note that the fee was given back."""

    def act(said: Said) -> None:
        note_refunded(
            case_id, said["receipt"], by=request.actor, at=now(), revision=said["version"]
        )

    done = gettext("Die Erstattung ist eingetragen.")
    return _taken(request, case_id, "payment-refunded", ReceiptForm, act, done)


def _taken(
    request: StaffRequest,
    case_id: UUID,
    action: str,
    shape: type[shapes.Form],
    act: Callable[[Said], None],
    done: str,
) -> HttpResponse:
    """One step on the case; the address that is merely opened is the case."""
    if request.method != "POST":
        return redirect("case", case_id)
    outcome = tried(request, action, shape, act)
    if isinstance(outcome, Refused):
        return shown_case(request, case_id, refused=outcome)
    messages.success(request, done)
    return redirect("case", case_id)


def _kind(request: StaffRequest) -> str:
    asked = request.GET.get("kind", "")
    return asked if asked in KINDS else KINDS[0]
