"""The post of a unit: what waits, which batches there are, what came back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext

from backoffice.pages.presenters.attempts import Attempt, reshown
from backoffice.pages.presenters.history import LETTERS
from backoffice.pages.presenters.values import day_text
from backoffice.pages.rows import (
    ActionField,
    ActionRow,
    BatchPage,
    BatchRow,
    EmptyState,
    LetterPage,
    LetterRow,
    Option,
    PostPage,
    Tag,
    UnitPostRows,
)
from efile.kernel.clock import local_date
from workflows.post_room import Batch, BatchContents, PostLetter, PostRoom, UnitPost

LONGEST_REASON: Final = 300


def post_page(room: PostRoom) -> PostPage:
    """Everything that waits for the post, or came back from it."""
    waiting = sum(unit.ready + unit.unwritten for unit in room.units)
    text = ngettext(
        "%(count)s Schreiben wartet auf die Post",
        "%(count)s Schreiben warten auf die Post",
        waiting,
    )
    return PostPage(
        summary=text % {"count": number_format(waiting, force_grouping=True)},
        units=tuple(_unit(unit) for unit in room.units),
        batches=tuple(_batch(batch) for batch in room.batches),
        returned=tuple(_letter(letter, again=True) for letter in room.returned),
        empty=None
        if room.units
        else EmptyState(
            gettext("Nichts wartet auf die Post."),
            gettext(
                "Bescheide und Schreiben an Personen ohne elektronische Zustellung erscheinen "
                "hier, sobald sie geschrieben sind."
            ),
        ),
    )


def _unit(unit: UnitPost) -> UnitPostRows:
    count = unit.ready + unit.unwritten
    make = ActionRow(
        key=f"make-{unit.unit_id}",
        label=gettext("Stapel bilden"),
        url=reverse("post_make", args=[unit.unit_id]),
        style="primary",
    )
    return UnitPostRows(
        key=str(unit.unit_id),
        name=unit.name,
        count=count,
        letters=tuple(_letter(letter) for letter in unit.letters),
        make=make if unit.ready else None,
        more=_more(count - len(unit.letters)),
    )


def _more(hidden: int) -> str:
    if hidden <= 0:
        return ""
    text = ngettext("und %(count)s weiteres", "und %(count)s weitere", hidden)
    return text % {"count": number_format(hidden, force_grouping=True)}


def _letter(letter: PostLetter, *, again: bool = False, returnable: bool = False) -> LetterRow:
    state, detail = _state_of(letter)
    return LetterRow(
        key=str(letter.id),
        url=reverse("case", args=[letter.case_id]),
        reference=letter.reference,
        kind=letter_name(letter.kind),
        recipient=letter.recipient or gettext("wird gerade geschrieben"),
        made_on=local_date(letter.made_at),
        state=state,
        detail=detail,
        return_url=reverse("post_letter", args=[letter.id])
        if returnable and letter.sent_on and not letter.returned_on
        else "",
        again=ActionRow(
            key=f"again-{letter.id}",
            label=gettext("Neu schreiben"),
            url=reverse("post_again", args=[letter.id]),
        )
        if again
        else None,
    )


def letter_name(kind: str) -> str:
    """What a kind of letter is called."""
    name = LETTERS.get(kind)
    return str(name) if name else kind


def _state_of(letter: PostLetter) -> tuple[Tag | None, str]:
    if letter.returned_on:
        text = gettext("zurück am %(day)s") % {"day": day_text(letter.returned_on)}
        return Tag(text, "danger", "danger"), letter.returned_because
    if letter.is_void:
        return _void(), gettext("Widerrufen oder neu entschieden: bitte herausnehmen.")
    if letter.sent_on:
        text = gettext("zur Post am %(day)s") % {"day": day_text(letter.sent_on)}
        return Tag(text, "success", "success"), ""
    return None, ""


def _void() -> Tag:
    return Tag(gettext("nicht absenden"), "danger", "danger")


def _batch(batch: Batch) -> BatchRow:
    return BatchRow(
        key=str(batch.id),
        url=reverse("post_batch", args=[batch.id]),
        pdf_url=reverse("post_batch_pdf", args=[batch.id]),
        number=batch.number,
        unit=batch.unit,
        made=f"{date_format(localtime(batch.made_at), 'd.m.Y H:i')}, {batch.maker}".rstrip(", "),
        letters=_letters(batch.letters, batch.returned),
        state=batch_state(batch.posted_on),
    )


def _letters(count: int, returned: int) -> str:
    text = ngettext("%(count)d Schreiben", "%(count)d Schreiben", count) % {"count": count}
    if not returned:
        return text
    return gettext("%(letters)s, davon %(returned)d zurück") % {
        "letters": text,
        "returned": returned,
    }


def batch_state(posted_on: date | None) -> Tag:
    """Whether a batch is in the post."""
    if posted_on is None:
        return Tag(gettext("noch nicht zur Post gegeben"), "warning", "warning")
    return Tag(gettext("zur Post am %(day)s") % {"day": day_text(posted_on)}, "success", "success")


def batch_page(batch: BatchContents, *, at: datetime, attempt: Attempt | None = None) -> BatchPage:
    """One batch: its letters in the order of printing, and the form for the day it went."""
    made_on = local_date(batch.made_at)
    void = [letter for letter in batch.letters if letter.is_void]
    form = ActionRow(
        key="posted",
        label=gettext("Zur Post gegeben"),
        url=reverse("post_posted", args=[batch.id]),
        style="primary",
        submit_label=gettext("Eintragen"),
        summary=gettext(
            "Von diesem Tag an laufen die Fristen aller Bescheide im Stapel. Er lässt sich nicht "
            "mehr ändern."
        ),
        fields=(
            *_taken_out(void),
            _day("posted_on", gettext("Zur Post gegeben am"), made_on, at),
        ),
        open=True,
    )
    (posted,) = reshown([form], attempt) if batch.posted_on is None else (None,)
    made = gettext("gebildet am %(day)s, %(letters)s") % {
        "day": day_text(made_on),
        "letters": _letters(len(batch.letters), sum(bool(o.returned_on) for o in batch.letters)),
    }
    return BatchPage(
        title=gettext("Stapel %(number)s") % {"number": batch.number},
        summary=f"{batch.unit}, {made}",
        state=batch_state(batch.posted_on),
        pdf_url=reverse("post_batch_pdf", args=[batch.id]),
        letters=tuple(_letter(letter, returnable=True) for letter in batch.letters),
        posted=posted,
        warning=_warning(len(void)),
    )


def _warning(void: int) -> str:
    if not void:
        return ""
    text = ngettext(
        "Ein Ausweis in diesem Stapel gilt nicht mehr. Senden Sie ihn nicht ab.",
        "%(count)d Ausweise in diesem Stapel gelten nicht mehr. Senden Sie sie nicht ab.",
        void,
    )
    return text % {"count": void}


def _taken_out(void: Sequence[PostLetter]) -> tuple[ActionField, ...]:
    """The question after each letter that must not go; none where all may."""
    if not void:
        return ()
    options = tuple(
        Option(str(one.id), f"{letter_name(one.kind)} {one.reference}", hint=one.recipient)
        for one in void
    )
    hint = gettext("Haken Sie an, was Sie aus dem gedruckten Stapel herausgenommen haben.")
    return (
        ActionField(
            name="taken_out",
            label=gettext("Nicht abgesendet"),
            kind="checkboxes",
            required=True,
            options=options,
            hint=hint,
        ),
    )


def letter_page(letter: PostLetter, *, at: datetime, attempt: Attempt | None = None) -> LetterPage:
    """One letter, and the form that says when it came back and why."""
    sent = letter.sent_on is not None and letter.returned_on is None
    form = ActionRow(
        key="returned",
        label=gettext("Rückläufer eintragen"),
        url=reverse("post_letter", args=[letter.id]),
        style="primary",
        submit_label=gettext("Eintragen"),
        summary=gettext(
            "Das Schreiben hat niemanden erreicht. War es ein Bescheid, gilt er als nicht bekannt "
            "gegeben: Seine Frist endet, und er muss noch einmal zugestellt werden."
        ),
        fields=(
            _day("returned_on", gettext("Zurückgekommen am"), letter.sent_on, at),
            ActionField(
                name="reason",
                label=gettext("Vermerk der Post"),
                kind="text",
                required=True,
                maximum=str(LONGEST_REASON),
                hint=gettext("Zum Beispiel: unbekannt verzogen, Annahme verweigert"),
            ),
        ),
        open=True,
    )
    (returned,) = reshown([form], attempt) if sent else (None,)
    title = gettext("%(kind)s zu %(reference)s") % {
        "kind": letter_name(letter.kind),
        "reference": letter.reference,
    }
    return LetterPage(
        title=title, recipient=letter.recipient, letters=(_letter(letter),), returned=returned
    )


def _day(name: str, label: str, first: date | None, at: datetime) -> ActionField:
    today = local_date(at)
    return ActionField(
        name=name,
        label=label,
        kind="date",
        value=today.isoformat(),
        required=True,
        minimum=first.isoformat() if first else "",
        maximum=today.isoformat(),
    )
