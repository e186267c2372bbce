"""The forms of deciding and of telling: grant, refuse, put into the post."""

from collections.abc import Iterator

from django.utils.translation import gettext, ngettext

from backoffice.pages.presenters.checks import reason_of
from backoffice.pages.presenters.desk import LONGEST_TEXT, Desk
from backoffice.pages.presenters.text_blocks import block_rows, needs_discretion
from backoffice.pages.presenters.values import euros, language
from backoffice.pages.rows import ActionField, ActionRow, Option
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict
from workflows.decisions import fee_of
from workflows.machine import Step


def decision_rows(desk: Desk) -> Iterator[ActionRow]:
    """Granting and refusing, as far as the service knows them."""
    if desk.can(Step.GRANT):
        yield ActionRow(
            key="grant",
            label=gettext("Bewilligen"),
            url=desk.url("grant"),
            shortcut="b",
            style="default" if desk.can(Step.EXAMINE) else "primary",
            summary=_effects(desk, Step.GRANT),
            fields=(*_why_anyway(desk), *_discretion(desk), _clauses(desk)),
            version=desk.version,
        )
    if desk.can(Step.GRANT_IN_PART):
        yield ActionRow(
            key="grant_in_part",
            label=gettext("Teilweise bewilligen"),
            url=desk.url("grant_in_part"),
            summary=_effects(desk, Step.GRANT_IN_PART),
            fields=(
                _reasons(desk, Step.GRANT_IN_PART, ""),
                *_discretion(desk),
                _clauses(desk),
            ),
            version=desk.version,
        )
    if desk.can(Step.SETTLE):
        yield ActionRow(
            key="settle",
            label=gettext("Erledigen"),
            url=desk.url("settle"),
            shortcut="b",
            style="default" if desk.can(Step.EXAMINE) else "primary",
            summary=_advice(desk, Step.SETTLE),
            fields=tuple(_settling(desk)),
            version=desk.version,
        )
    if desk.can(Step.REFUSE):
        yield ActionRow(
            key="refuse",
            label=gettext("Ablehnen"),
            url=desk.url("refuse"),
            shortcut="d",
            style="danger",
            summary=_effects(desk, Step.REFUSE),
            fields=(_reasons(desk, Step.REFUSE, _failed_reasons(desk)), *_discretion(desk)),
            version=desk.version,
        )


def _effects(desk: Desk, step: Step) -> str:
    """What the office advises, and what follows from the decision: fee, letter, way out."""
    sent = desk.dossier.application
    said = [advice] if (advice := _advice(desk, step)) else []
    if step is not Step.REFUSE:
        said.append(_fee(desk, step))
    if sent.electronic:
        said.append(gettext("Der Bescheid geht ins Portal."))
    else:
        said.append(gettext("Der Bescheid wird geschrieben und muss zur Post."))
    return " ".join(said)


def _advice(desk: Desk, step: Step) -> str:
    advice = desk.dossier.definition.guidance.steps.get(step.value)
    return advice.in_(language()) if advice else ""


def _settling(desk: Desk) -> Iterator[ActionField]:
    outcomes = desk.dossier.definition.outcomes
    yield ActionField(
        name="outcome",
        label=gettext("Wie ist es ausgegangen?"),
        kind="radios",
        required=True,
        options=tuple(
            Option(one.key, one.title.in_(language()), hint=one.text.in_(language()))
            for one in outcomes
        ),
    )
    yield ActionField(
        name="text",
        label=gettext("Was soll die meldende Person außerdem wissen?"),
        kind="textarea",
        maximum=str(LONGEST_TEXT),
        lang=desk.dossier.application.language,
        hint=gettext("Sie liest es im Portal, zusätzlich zum Ergebnis."),
        blocks=block_rows(desk, "message", desk.dossier.application.language),
    )


def _fee(desk: Desk, step: Step) -> str:
    try:
        fee = fee_of(desk.dossier.application, step, desk.at)
    except Conflict:  # said in full when somebody tries
        return gettext("Die Gebühr lässt sich nicht bestimmen.")
    if not fee.cents:
        return gettext("Gebührenfrei.")
    return gettext("Gebühr: %(amount)s.") % {"amount": euros(fee.cents)}


def _why_anyway(desk: Desk) -> Iterator[ActionField]:
    """Why it is granted although a check is not fulfilled; no field where all are."""
    checks = [one.check for one in desk.dossier.standings if one.outcome != "passed"]
    if not checks:
        return
    titles = "; ".join(check.title.in_(language()) for check in checks)
    hint = ngettext(
        "Nicht erfüllt oder offen: %(titles)s. Ihr Grund bleibt als Notiz im Haus und steht nicht "
        "im Bescheid.",
        "Nicht erfüllt oder offen sind %(count)d Prüfungen: %(titles)s. Ihr Grund bleibt als Notiz "
        "im Haus und steht nicht im Bescheid.",
        len(checks),
    )
    yield ActionField(
        name="reasons",
        label=gettext("Warum bewilligen Sie trotzdem?"),
        kind="textarea",
        required=True,
        maximum=str(LONGEST_TEXT),
        hint=hint % {"titles": titles, "count": len(checks)},
        blocks=block_rows(desk, Step.GRANT.value),
    )


def _clauses(desk: Desk) -> ActionField:
    return ActionField(
        name="clauses",
        label=gettext("Nebenbestimmungen"),
        kind="textarea",
        maximum=str(LONGEST_TEXT),
        lang="de",
        hint=gettext("Auflagen, Bedingungen, Befristung. Sie stehen im Bescheid."),
        blocks=block_rows(desk, "clauses"),
    )


def _discretion(desk: Desk) -> Iterator[ActionField]:
    """The considerations, where the service leaves any."""
    if needs_discretion(desk):
        yield ActionField(
            name="discretion",
            label=gettext("Ermessen"),
            kind="textarea",
            maximum=str(LONGEST_TEXT),
            lang="de",
            hint=_to_weigh(desk),
            blocks=block_rows(desk, "discretion"),
        )


def _to_weigh(desk: Desk) -> str:
    """What the service says has to be weighed, else what the law asks for."""
    hint = gettext("Welche Gesichtspunkte Sie abgewogen haben (§ 39 Abs. 1 Satz 3 VwVfG NRW).")
    discretion = desk.dossier.definition.discretion
    if discretion is None:
        return hint
    weighed = discretion.considerations.in_(language())
    return f"{hint} {discretion.legal_basis}: {weighed}"


def _reasons(desk: Desk, step: Step, value: str) -> ActionField:
    return ActionField(
        name="reasons",
        label=gettext("Gründe"),
        kind="textarea",
        value=value,
        required=True,
        maximum=str(LONGEST_TEXT),
        lang="de",
        hint=gettext("Sie stehen auf Deutsch im Bescheid (§ 39 VwVfG NRW)."),
        blocks=block_rows(desk, step.value),
    )


def _failed_reasons(desk: Desk) -> str:
    """The reasons of the checks that failed, by machine or person, in German like the letter."""
    failed = [one.check for one in desk.dossier.standings if one.outcome == "failed"]
    return "\n\n".join(reason_of(desk.dossier, check, "de") for check in failed)


def notification_rows(desk: Desk) -> Iterator[ActionRow]:
    """Putting the letter into the post, once it is written."""
    if not desk.can(Step.NOTIFY):
        return
    decision = desk.dossier.decisions[-1]
    denied = ""
    if decision.letter is None:
        denied = gettext("Der Bescheid wird gerade geschrieben. Laden Sie die Seite gleich neu.")
    summary = gettext(
        "Die Frist für den Rechtsbehelf wird vom Tag der Aufgabe zur Post an berechnet."
    )
    if decision.channel == "portal":
        summary = gettext(
            "Der Bescheid liegt im Portal bereit und wird mit dem Abruf bekannt gegeben. Nur wenn "
            "Sie ihn auch zur Post geben, tragen Sie hier den Tag ein."
        )
    posted = ActionField(
        name="posted_on",
        label=gettext("Zur Post gegeben am"),
        kind="date",
        value=desk.today.isoformat(),
        required=True,
        minimum=local_date(decision.decided_at).isoformat(),
        maximum=desk.today.isoformat(),
    )
    yield ActionRow(
        key="notify",
        label=gettext("Zur Post gegeben"),
        url=desk.url("notify"),
        shortcut="p",
        style="default" if decision.channel == "portal" else "primary",
        submit_label=gettext("Eintragen"),
        summary=summary,
        fields=(posted,),
        denied=denied,
        version=desk.version,
    )
