"""The checks of a case: what came out, on what it rests, and why nothing came out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.attempts import Attempt
from backoffice.pages.presenters.desk import Desk
from backoffice.pages.presenters.problems import problem_of
from backoffice.pages.presenters.values import field_text, language, plain_text
from backoffice.pages.rows import (
    ActionField,
    CheckRow,
    EvidenceRow,
    FieldProblem,
    FieldRow,
    JudgeForm,
    VerdictRow,
)
from backoffice.pages.words import check_tag
from efile.policy import Action
from workflows.catalogue.definition import Definition
from workflows.catalogue.parts import Check, filled
from workflows.catalogue.wording import source_name, variable_name
from workflows.dossier import Dossier
from workflows.verdicts import LONGEST_REASON, CheckStanding, is_before_decision

# Why a check said nothing (workflows.catalogue.rules.CheckOutcome.error).
SILENCES: Final[Mapping[str, Promise]] = {
    "register_unavailable": _("Ein Register hat nicht geantwortet. Ein Mensch muss nachsehen."),
    "fact_missing": _("Eine Tatsache fehlt, die die Regel braucht. Ein Mensch muss nachsehen."),
    "not_evaluable": _("Die Regel lässt sich auf diese Angaben nicht anwenden."),
}


def check_rows(
    desk: Desk,
    evidence: Mapping[str, EvidenceRow],
    attempt: Attempt | None = None,
    *,
    chosen: str = "",
    judged: bool = False,
) -> tuple[CheckRow, ...]:
    """The checks of the definition in its order; those that never ran are open.

    One that waits for a person carries the form that settles it: the first, or the ``chosen`` one.
    After one was ``judged`` the next takes the focus. ``attempt`` is a form that was refused,
    ``evidence`` shows by key on what a check rests.
    """
    waiting = _to_judge(desk)
    key = attempt.action.removeprefix("judge-") if attempt else chosen
    at = key if key in waiting else next(iter(waiting), "")
    return tuple(
        _row(
            desk.dossier,
            one,
            evidence=evidence.get(one.check.key),
            judge=_judge_form(desk, one, attempt, focused=judged or bool(chosen))
            if one.check.key == at
            else None,
            judge_url=f"{desk.url('case')}?{urlencode({'check': one.check.key})}#checks"
            if one.check.key in waiting
            else "",
        )
        for one in desk.dossier.standings
    )


def checks_summary(dossier: Dossier) -> str:
    """How many are fulfilled ("4 von 6 erfüllt"); nothing where nothing is checked."""
    total = len(dossier.standings)
    passed = sum(one.outcome == "passed" for one in dossier.standings)
    if not total:
        return ""
    return gettext("%(passed)d von %(total)d erfüllt") % {"passed": passed, "total": total}


def may_check_again(desk: Desk) -> bool:
    """Whether the reader may have the checks evaluated once more."""
    return bool(desk.dossier.standings) and _may_examine(desk)


def outdated_text(dossier: Dossier) -> str:
    """Why the checks may soon say something else; nothing where they are up to date."""
    corrected = max((one.at for one in dossier.application.corrections.values()), default=None)
    evaluated = max((one.evaluated_at for one in dossier.checks), default=None)
    if corrected and evaluated and corrected > evaluated:
        return gettext("Seit dieser Prüfung wurde etwas berichtigt. Die Prüfungen laufen neu.")
    return ""


def _may_examine(desk: Desk) -> bool:
    undecided = is_before_decision(desk.dossier.process)
    return undecided and not desk.dossier.held and desk.may(Action.EXAMINE)


def _to_judge(desk: Desk) -> list[str]:
    """The keys of the checks that wait for the reader's judgement."""
    if not _may_examine(desk):
        return []
    return [
        one.check.key
        for one in desk.dossier.standings
        if not one.is_settled and one.result is not None
    ]


def _judge_form(
    desk: Desk, standing: CheckStanding, attempt: Attempt | None, *, focused: bool
) -> JudgeForm:
    problems = [problem_of(error) for error in attempt.errors] if attempt else []
    typed = attempt.typed.get("reason", ()) if attempt else ()
    of_reason = " ".join(one.message for one in problems if one.field == "reason")
    above = [FieldProblem("", one.message) for one in problems if one.field != "reason"]
    if attempt and attempt.said:
        above.append(FieldProblem("", attempt.said))
    reason = ActionField(
        name="reason",
        label=gettext("Grund"),
        kind="text",
        value=typed[-1] if typed else "",
        required=True,
        maximum=str(LONGEST_REASON),
        error=of_reason,
    )
    return JudgeForm(
        url=desk.url("judge", standing.check.key),
        version=desk.version,
        run=str(standing.result.run) if standing.result else "",
        reason=reason,
        problems=tuple(above),
        focused=focused and attempt is None,
    )


def reason_of(dossier: Dossier, check: Check, tongue: str) -> str:
    """What a refusal for this check would say."""
    shown = dossier.definition.shown(dossier.application.form, tongue)
    return filled(check.reason.in_(tongue), shown)


def _row(
    dossier: Dossier,
    standing: CheckStanding,
    *,
    evidence: EvidenceRow | None,
    judge: JudgeForm | None,
    judge_url: str,
) -> CheckRow:
    check, result = standing.check, standing.result
    row = CheckRow(
        key=check.key,
        outcome=check_tag(standing.outcome),
        title=check.title.in_(language()),
        source=source_name(check, language()),
        evidence=evidence,
        verdict=_verdict(standing),
        judge=judge,
        judge_url="" if judge else judge_url,
        basis=check.paragraph,
    )
    if result is None:
        return row
    schemas = {one.name: one.schema for one in dossier.definition.validator.fields}
    explanation = ""
    if result.outcome == "failed":
        explanation = reason_of(dossier, check, language())
    elif result.detail:
        explanation = str(SILENCES[result.detail])
    silent = standing.verdict is None and result.outcome == "not_evaluated"
    return replace(
        row,
        outcome=check_tag("unavailable") if silent else row.outcome,
        explanation=explanation,
        basis=result.paragraph,
        inputs=tuple(
            FieldRow(
                label=variable_name(name, schemas, language()),
                value=_value(name, value, dossier),
            )
            for name, value in result.inputs.items()
        ),
        rule=result.rule,
        rule_version=str(result.version_number),
        checked_at=result.evaluated_at,
    )


def _verdict(standing: CheckStanding) -> VerdictRow | None:
    one = standing.verdict or standing.overtaken
    if one is None:
        return None
    text = gettext("erfüllt") if one.outcome == "passed" else gettext("nicht erfüllt")
    return VerdictRow(
        text=text,
        author=one.judge,
        at=one.at,
        reason=one.reason,
        overtaken=standing.verdict is None,
    )


def _value(name: str, value: Any, dossier: Dossier) -> str:
    group, _dot, field = name.partition(".")
    if group == "form":
        return field_text(_schema(dossier.definition, field), value)
    if name in ("today", "applicant.birth_date"):
        return field_text({"format": "date"}, value)
    return plain_text(value)


def _schema(definition: Definition, field: str) -> Mapping[str, Any]:
    return next((one.schema for one in definition.validator.fields if one.name == field), {})
