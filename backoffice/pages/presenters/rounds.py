"""Rounds in words: who would get what and why, who got it, and the same to take along."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext, ngettext, override

from backoffice.pages.presenters.attempts import Attempt, reshown
from backoffice.pages.presenters.tables import table_text
from backoffice.pages.presenters.values import day_text
from backoffice.pages.presenters.waiting import offer_tag, tabs, wish_text
from backoffice.pages.rows import ActionField, ActionRow, EmptyState, Link, Option, Tag
from backoffice.pages.rows.waiting import ResultRow, RoundLineRow, RoundPage, RoundsPage
from efile.kernel.clock import local_date
from efile.letters.lists import Column, ListFacts
from workflows.office import Office
from workflows.waiting.round_views import Result, RoundLine, RoundSeen

PAGE: Final = 50
_SHEET: Final = (
    Column("Nr.", 12, "right"),
    Column("Vorgang", 40),
    Column("Name", 38),
    Column("Punkte", 16, "right"),
    Column("Antrag vom", 22),
    Column("Platz", 44),
    Column("Warum", 100),
)


def rounds_page(
    key: str,
    title: str,
    lines: Sequence[RoundLine],
    days: Sequence[date],
    *,
    may: bool,
    attempt: Attempt | None = None,
) -> RoundsPage:
    """The rounds of a list, and the form that draws the next one."""
    count = ngettext("%(count)d Runde", "%(count)d Runden", len(lines)) % {"count": len(lines)}
    drawn = {one.from_on for one in lines if one.state == "drawn"}
    free = [day for day in days if day not in drawn]
    return RoundsPage(
        title=title,
        summary=count,
        views=tabs(key, "rounds"),
        rows=tuple(_line(one) for one in lines),
        draw=reshown([_draw(key, free)], attempt)[0] if may and free else None,
        empty=EmptyState(
            gettext("Es gab noch keine Vergaberunde."),
            "" if days else gettext("Legen Sie zuerst Plätze an."),
        ),
    )


def _line(one: RoundLine) -> RoundLineRow:
    told = ""
    if one.settled_at and one.state == "carried_out":
        text = gettext("%(applicants)d beteiligt, %(offers)d Angebote, davon %(open)d offen")
        counted = {"applicants": one.applicants, "offers": one.offers, "open": one.open_offers}
        told = text % counted
    return RoundLineRow(
        key=str(one.id),
        url=reverse("round", args=[one.id]),
        label=gettext("Runde %(number)d") % {"number": one.number},
        from_on=one.from_on,
        drawn_on=local_date(one.drawn_at),
        state=_state(one.state),
        told=told,
    )


def _state(state: str) -> Tag:
    tags = {
        "drawn": Tag(gettext("Vorschau"), "info"),
        "carried_out": Tag(gettext("ausgeführt"), "success"),
        "given_up": Tag(gettext("verworfen")),
    }
    return tags[state]


def _draw(key: str, days: Sequence[date]) -> ActionRow:
    return ActionRow(
        key="draw",
        label=gettext("Runde ziehen"),
        url=reverse("rounds", args=[key]),
        shortcut="n",
        style="primary",
        summary=gettext(
            "Das Los wird jetzt gezogen und bleibt. Sie sehen danach, wer was bekäme und warum; "
            "angeboten wird erst, wenn Sie die Runde ausführen."
        ),
        submit_label=gettext("Los ziehen und Vorschau ansehen"),
        fields=(
            ActionField(
                name="from_on",
                label=gettext("Plätze ab"),
                kind="select",
                required=True,
                options=tuple(Option(day.isoformat(), day_text(day)) for day in days),
            ),
        ),
    )


def round_page(
    found: RoundSeen, *, after: int = 0, attempt: Attempt | None = None, all_rows: bool = False
) -> RoundPage:
    """A round, a page of it or ``all_rows``: a preview, or what it came to."""
    allocation = found.round
    key = allocation.list.key
    results = found.results if all_rows else found.results[after : after + PAGE]
    more = not all_rows and len(found.results) > after + PAGE
    address = reverse("round", args=[allocation.id])
    given = sum(1 for one in found.results if one.place)
    text = gettext("%(given)d von %(total)d erhalten ein Angebot")
    named = gettext("%(list)s, Runde %(number)d: Plätze ab %(day)s")
    facts = {"list": allocation.list.title, "number": allocation.number}
    return RoundPage(
        title=named % (facts | {"day": day_text(allocation.from_on)}),
        summary=text % {"given": given, "total": len(found.results)},
        above=(
            Link(allocation.list.title, reverse("waiting", args=[key])),
            Link(gettext("Vergaberunden"), reverse("rounds", args=[key])),
        ),
        state=_state(allocation.state),
        how=gettext(
            "Reihenfolge: Ausnahme, dann Punkte, dann Tag des Antrags, dann Los. Das Los ist "
            "HMAC-SHA-256 über das Geschäftszeichen mit dem Schlüssel der Runde; jeder kann es "
            "nachrechnen. Jede Person erhält ihren besten Wunsch, den niemand vor ihr braucht."
        ),
        seed=allocation.seed,
        places=tuple(
            f"{found.houses[place]}: {count}"
            for place, count in sorted(found.places.items(), key=lambda one: found.houses[one[0]])
            if place in found.houses
        ),
        rows=tuple(_result(one, found) for one in results),
        actions=reshown(_actions(found), attempt) if found.may_allot and found.is_drawn else (),
        problem=attempt.said if attempt else "",
        csv_url=reverse("round_csv", args=[allocation.id]),
        pdf_url=reverse("round_pdf", args=[allocation.id]),
        more_url=f"{address}?after={after + PAGE}" if more else "",
        empty=EmptyState(
            gettext("Niemand wartet auf einen Platz in dieser Zeit.")
            if found.is_drawn
            else allocation.reason or gettext("Niemand war beteiligt.")
        ),
    )


def _actions(found: RoundSeen) -> tuple[ActionRow, ...]:
    address = reverse("round", args=[found.round.id])
    given = sum(1 for one in found.results if one.place)
    summary = ngettext(
        "%(count)d Platz wird angeboten. Die Person wird sofort benachrichtigt.",
        "%(count)d Plätze werden angeboten. Die Personen werden sofort benachrichtigt.",
        given,
    )
    return (
        ActionRow(
            key="carry_out",
            label=gettext("Runde ausführen"),
            url=f"{address}/carry-out",
            shortcut="x",
            style="primary",
            summary=summary % {"count": given},
            submit_label=gettext("Plätze jetzt anbieten"),
            version=found.digest,
        ),
        ActionRow(
            key="give_up",
            label=gettext("Runde verwerfen"),
            url=f"{address}/give-up",
            style="quiet",
            summary=gettext("Das gezogene Los bleibt im Protokoll."),
            fields=(
                ActionField(
                    name="reason",
                    label=gettext("Grund"),
                    kind="text",
                    required=True,
                    maximum="300",
                ),
            ),
        ),
    )


def _result(one: Result, found: RoundSeen) -> ResultRow:
    why = [wish_text(wish, found.houses, number) for number, wish in enumerate(one.wishes, 1)]
    return ResultRow(
        key=one.reference,
        position=one.position,
        url=reverse("case_waiting", args=[one.case_id]) if one.case_id else "",
        reference=one.reference,
        name=one.applicant if one.case_id else gettext("nicht einsehbar"),
        points=one.points,
        applied_on=one.applied_on,
        lot=one.lot[:12],
        place=found.houses.get(one.place or "", ""),
        why=tuple(why),
        state=offer_tag(one.offer) if one.offer else None,
    )


def round_table(found: RoundSeen) -> str:
    """The round as CSV: what is needed to compute it again, and the result."""
    head = [
        gettext("Nr."),
        gettext("Vorgang"),
        gettext("Name"),
        gettext("Punkte"),
        gettext("Tag des Antrags"),
        gettext("Los"),
        gettext("Platz"),
        gettext("Angebot"),
        gettext("Warum"),
    ]
    page = round_page(found, all_rows=True)
    lots = {one.reference: one.lot for one in found.results}
    return table_text(
        head,
        (
            [
                str(row.position),
                row.reference,
                row.name,
                str(row.points),
                day_text(row.applied_on),
                lots[row.reference],
                row.place,
                row.state.text if row.state else "",
                "; ".join(row.why),
            ]
            for row in page.rows
        ),
    )


def round_sheet(found: RoundSeen, *, office: Office, dated: date) -> ListFacts:
    """The round on paper, in German."""
    with override("de"):
        page = round_page(found, all_rows=True)
        return ListFacts(
            letterhead=office.letterhead,
            city=office.name,
            dated=dated,
            title=page.title,
            subtitle=f"{page.state.text}, {page.summary}",
            particulars=[("Schlüssel des Loses", page.seed), ("Plätze", "; ".join(page.places))],
            columns=_SHEET,
            rows=[
                [
                    str(row.position),
                    row.reference,
                    row.name,
                    str(row.points),
                    day_text(row.applied_on),
                    row.place or "–",
                    "; ".join(row.why),
                ]
                for row in page.rows
            ],
            closing=[page.how],
            empty="Niemand war beteiligt.",
            landscape=True,
        )
