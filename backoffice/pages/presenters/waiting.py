"""Waiting lists in words: who is where and why, how many places there are, one case's place."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.attempts import Attempt, reshown
from backoffice.pages.presenters.values import day_text
from backoffice.pages.rows import (
    ActionField,
    ActionRow,
    EmptyState,
    FilterField,
    Link,
    Option,
    Tag,
    ViewTab,
)
from backoffice.pages.rows.waiting import (
    CaseRoundRow,
    CaseWaitingPage,
    HouseRow,
    HousesPage,
    PlaceOfferRow,
    WaiterRow,
    WaitingPage,
)
from workflows.waiting.looking import CaseWaiting, House, Listed, Waiter

# What became of an offered place: words and tone.
OFFERS: Final[Mapping[str, tuple[Promise, str]]] = {
    "open": (_("angeboten"), "warning"),
    "accepted": (_("angenommen"), "success"),
    "declined": (_("abgelehnt"), "neutral"),
    "lapsed": (_("nicht beantwortet"), "neutral"),
    "withdrawn": (_("zurückgenommen"), "neutral"),
    "ended": (_("wieder frei"), "neutral"),
}
# Why a case waits no longer.
LEFT: Final[Mapping[str, Promise]] = {
    "placed": _("Platz angenommen"),
    "granted": _("bewilligt"),
    "granted_in_part": _("teilweise bewilligt"),
    "refused": _("abgelehnt"),
    "withdrawn": _("zurückgezogen"),
    "forwarded": _("weitergeleitet"),
    "notified": _("erledigt"),
}
# What came of a wish, for one of several applicants.
_CAME: Final[Mapping[str, Promise]] = {
    "given": _("erhält den Platz"),
    "not_needed": _("nicht mehr nötig, ein früherer Wunsch ist erfüllt"),
    "full": _("alle Plätze gehen an Personen davor"),
    "no_places": _("keine freien Plätze"),
}
# Notes that verbs write instead of people.
_NOTES: Final[Mapping[str, Promise]] = {
    "left_the_list": _("steht nicht mehr auf der Liste"),
    "better_wish": _("ein früherer Wunsch wurde frei"),
}


def tabs(key: str, current: str) -> tuple[ViewTab, ...]:
    """The pages of one list; ``current`` is the name of an address."""
    named = (
        ("waiting", gettext("Warteliste")),
        ("waiting_places", gettext("Plätze")),
        ("rounds", gettext("Vergaberunden")),
    )
    return tuple(
        ViewTab(text, reverse(name, args=[key]), "", name == current) for name, text in named
    )


def waiting_page(found: Listed, *, facility: str, group: str) -> WaitingPage:
    """A page of the list."""
    total = ngettext("%(count)d Person wartet", "%(count)d Personen warten", found.total)
    asked = {"facility": facility, "group": group}
    more = urlencode({**asked, "after": found.further}) if found.further else ""
    address = reverse("waiting", args=[found.list.key])
    return WaitingPage(
        title=found.list.title,
        summary=total % {"count": found.total},
        views=tabs(found.list.key, "waiting"),
        filters=(
            _filter("facility", gettext("Einrichtung"), found.houses, facility),
            *(
                [_filter("group", gettext("Art"), {one: one for one in found.groups if one}, group)]
                if any(found.groups)
                else []
            ),
        ),
        rows=tuple(waiter_row(one, found.houses) for one in found.rows),
        more_url=f"{address}?{more}" if more else "",
        empty=EmptyState(gettext("Niemand steht auf dieser Liste.")),
    )


def waiter_row(one: Waiter, houses: Mapping[str, str]) -> WaiterRow:
    """One line of the list."""
    notes = [exception_text(row.facility, row.reason, houses) for row in one.exceptions]
    return WaiterRow(
        key=str(one.case_id),
        url=reverse("case_waiting", args=[one.case_id]),
        reference=one.reference,
        name=one.applicant or gettext("ohne Namen"),
        rank=one.rank,
        points=one.points,
        applied_on=one.applied_on,
        wish_from=one.wish_from,
        group=one.group,
        wishes=tuple(houses.get(wish, wish) for wish in one.wishes),
        reasons=tuple(
            points_text(row.points, row.title, row.paragraph) for row in one.reasons if row.points
        ),
        notes=tuple(notes),
        offer=_offered(one) if one.offer else None,
    )


def points_text(points: int, title: str, paragraph: str) -> str:
    """What one criterion gave: "10 Geschwister in der Kita (Nr. 2.1)"."""
    return f"{points} {title} ({paragraph})"


def exception_text(facility: str, reason: str, houses: Mapping[str, str]) -> str:
    """Where an exception counts, and why it was made."""
    where = houses.get(facility, facility) or gettext("alle Wünsche")
    return gettext("Ausnahme (%(where)s): %(reason)s") % {"where": where, "reason": reason}


def wish_text(wish: Mapping[str, Any], houses: Mapping[str, str], number: int) -> str:
    """A wish explained: "Wunsch 1, Kita Waldrand: Rang 3 von 12, freie Plätze: 2 – …"."""
    told = {
        "number": number,
        "house": houses.get(wish["place"], gettext("ehemalige Einrichtung")),
        "position": wish["position"],
        "applicants": wish["applicants"],
        "places": wish["places"],
        "came": _CAME[wish["came"]],
    }
    text = gettext(
        "Wunsch %(number)d, %(house)s: Rang %(position)d von %(applicants)d, freie Plätze: "
        "%(places)d – %(came)s"
    )
    said = text % told
    return gettext("%(said)s (Ausnahme)") % {"said": said} if wish["exception"] else said


def offer_tag(state: str) -> Tag:
    """What became of an offered place."""
    text, tone = OFFERS[state]
    return Tag(str(text), tone)  # type: ignore[arg-type]


def houses_page(
    key: str,
    title: str,
    found: Sequence[House],
    *,
    may: bool,
    attempt: Attempt | None = None,
) -> HousesPage:
    """The houses of a list with their places."""
    free = sum(one.places - one.taken for one in found)
    text = ngettext("%(count)d Platz ist frei", "%(count)d Plätze sind frei", free)
    return HousesPage(
        title=title,
        summary=text % {"count": free},
        views=tabs(key, "waiting_places"),
        rows=tuple(_house(key, one, may, attempt) for one in found),
        adding=reshown([_adding(key)], attempt)[0] if may else None,
        empty=EmptyState(gettext("Für diese Liste sind noch keine Einrichtungen angelegt.")),
    )


def _house(key: str, one: House, may: bool, attempt: Attempt | None) -> HouseRow:
    name = f"count-{one.facility}-{one.group}-{one.from_on.isoformat()}"
    return HouseRow(
        key=name,
        title=one.title,
        group=one.group,
        from_on=one.from_on,
        until_on=one.until_on,
        places=one.places,
        taken=one.taken,
        free=one.places - one.taken,
        wanted=one.wanted,
        action=reshown([_count(key, name, one)], attempt)[0] if may else None,
    )


def _adding(key: str) -> ActionRow:
    def one(name: str, label: str, kind: Any, hint: str = "", required: bool = True) -> ActionField:
        return ActionField(name=name, label=label, kind=kind, hint=hint, required=required)

    code = gettext("Wie im Formular des Dienstes, zum Beispiel: kita-sonne")
    return ActionRow(
        key="add",
        label=gettext("Plätze anlegen"),
        url=f"{reverse('waiting_places', args=[key])}/new",
        shortcut="n",
        submit_label=gettext("Anlegen"),
        fields=(
            one("facility", gettext("Schlüssel der Einrichtung"), "text", code),
            one("title", gettext("Name der Einrichtung"), "text"),
            one("group", gettext("Art des Platzes"), "text", required=False),
            one("first", gettext("Erster Tag"), "date"),
            one("last", gettext("Letzter Tag"), "date"),
            one("places", gettext("Plätze"), "number"),
        ),
    )


def _count(key: str, name: str, one: House) -> ActionRow:
    query = urlencode(
        {"facility": one.facility, "group": one.group, "first": one.from_on, "last": one.until_on}
    )
    return ActionRow(
        key=name,
        label=gettext("Platzzahl ändern"),
        url=f"{reverse('waiting_places', args=[key])}?{query}",
        style="quiet",
        submit_label=gettext("Speichern"),
        fields=(
            ActionField(
                name="places",
                label=gettext("Plätze"),
                kind="number",
                value=str(one.places),
                required=True,
                minimum=str(one.taken),
            ),
        ),
    )


def case_waiting_page(
    found: CaseWaiting, case_url: str, attempt: Attempt | None
) -> CaseWaitingPage:
    """Where a case stands on its list, and why."""
    waiter = waiter_row(found.waiter, found.houses) if found.waiter else None
    if found.waiter:
        text = gettext("Rang %(rank)d von %(total)d, %(points)d Punkte")
        told = {"rank": found.waiter.rank, "total": found.waiter.total}
        standing = text % (told | {"points": found.waiter.points})
        state = Tag(gettext("wartet"), "info")
    else:
        standing = str(LEFT.get(found.left_because, found.left_because))
        state = Tag(gettext("nicht mehr auf der Liste"))
    return CaseWaitingPage(
        title=found.list.title,
        reference=found.reference,
        above=(Link(gettext("Vorgang %(reference)s") % {"reference": found.reference}, case_url),),
        state=state,
        waiter=waiter,
        standing=standing,
        offers=tuple(_place_offer(one) for one in found.offers),
        rounds=tuple(_case_round(one, found) for one in found.outcomes),
        actions=reshown(tuple(_actions(found, case_url)), attempt),
    )


def _place_offer(one: Any) -> PlaceOfferRow:
    told = [gettext("Antwort bis %(day)s") % {"day": day_text(one.due_on)}]
    if one.note:
        told.append(str(_NOTES.get(one.note, one.note)))
    place = one.place
    title = gettext("%(house)s ab %(day)s")
    return PlaceOfferRow(
        title=title % {"house": place.facility.title, "day": day_text(place.from_on)},
        state=offer_tag(one.state),
        told=", ".join(told),
    )


def _case_round(one: Any, found: CaseWaiting) -> CaseRoundRow:
    # Wishes of a round are places; the case knows its houses by what it wished for.
    titles = found.places
    label = gettext("Runde %(number)d, Plätze ab %(day)s")
    given = titles.get(str(one.place_id), "") if one.place_id else ""
    result = gettext("Platz: %(house)s") % {"house": given} if given else gettext("kein Platz")
    return CaseRoundRow(
        label=label % {"number": one.round.number, "day": day_text(one.round.from_on)},
        url=reverse("round", args=[one.round_id]),
        result=result,
        why=tuple(
            wish_text(wish, titles, number) for number, wish in enumerate(one.explanation, 1)
        ),
    )


def _actions(found: CaseWaiting, case_url: str) -> list[ActionRow]:
    rows: list[ActionRow] = []
    base = f"{case_url}/waiting"
    if found.waiter is None:
        return rows
    if found.waiter.offer and found.may_answer:
        rows.append(_answer(found.waiter, base))
    if found.may_allot:
        rows.append(_prefer(found, base))
        rows += [
            ActionRow(
                key=f"end-{one.id}",
                label=gettext("Ausnahme beenden: %(reason)s") % {"reason": one.reason},
                url=f"{base}/exceptions/{one.id}/end",
                style="quiet",
            )
            for one in found.waiter.exceptions
        ]
    return rows


def _answer(waiter: Waiter, base: str) -> ActionRow:
    summary = gettext("Angeboten ist: %(house)s. Was wurde geantwortet?")
    return ActionRow(
        key="answer",
        label=gettext("Antwort vermerken"),
        url=f"{base}/answer",
        shortcut="m",
        style="primary",
        summary=summary % {"house": waiter.offer},
        submit_label=gettext("Antwort speichern"),
        fields=(
            ActionField(
                name="answer",
                label=gettext("Antwort"),
                kind="radios",
                required=True,
                options=(
                    Option("accept", gettext("nimmt den Platz an")),
                    Option("decline", gettext("lehnt den Platz ab")),
                ),
            ),
            ActionField(
                name="note",
                label=gettext("Woher wissen Sie das?"),
                kind="text",
                required=True,
                maximum="300",
                hint=gettext("zum Beispiel: Anruf"),
            ),
        ),
    )


def _prefer(found: CaseWaiting, base: str) -> ActionRow:
    waiter = found.waiter
    assert waiter is not None
    wishes = [Option(wish, found.houses.get(wish, wish)) for wish in waiter.wishes]
    return ActionRow(
        key="prefer",
        label=gettext("Ausnahme machen"),
        url=f"{base}/exceptions",
        summary=gettext(
            "Die Person kommt ab der nächsten Vergabe vor allen anderen. Der Grund steht in der "
            "Erklärung der Runde."
        ),
        submit_label=gettext("Ausnahme speichern"),
        fields=(
            ActionField(
                name="facility",
                label=gettext("Einrichtung"),
                kind="select",
                options=(Option("", gettext("alle Wünsche")), *wishes),
            ),
            ActionField(
                name="reason", label=gettext("Grund"), kind="text", required=True, maximum="300"
            ),
        ),
    )


def _filter(name: str, label: str, known: Mapping[str, str], value: str) -> FilterField:
    options = (
        Option("", gettext("alle"), not value),
        *(Option(key, text, key == value) for key, text in known.items()),
    )
    return FilterField(name, label, options, bool(value))


def _offered(one: Waiter) -> Tag:
    assert isinstance(one.due_on, date)
    text = gettext("%(house)s bis %(day)s")
    return Tag(text % {"house": one.offer, "day": day_text(one.due_on)}, "warning")
