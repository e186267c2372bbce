"""What cases do to standing matters: begin, change, end, return, review, recover – and undo it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from efile.kernel.actors import Actor
from efile.kernel.errors import Conflict
from efile.kernel.journal import record
from workflows import assessing, duties, facts
from workflows.alterations import Alterations, undo
from workflows.application import Application
from workflows.assessing import Form, Ground, overlaid, what_it_is
from workflows.catalogue.definition import Definition
from workflows.catalogue.pointers import follow
from workflows.machine import announce
from workflows.matter_names import applicant_on_file, named_matter
from workflows.matters import (
    MatterHasEnded,
    begin_matter,
    drop_duties,
    end_at_once,
    forget_permit,
    matter_to_come,
)
from workflows.models import (
    Assessment,
    Decision,
    MatterCase,
    MatterDuty,
    Process,
    StandingMatter,
    Submission,
)
from workflows.outgoing import owe_letter

# These ask for a matter that runs; what was granted by mistake is claimed back after its end, too.
_NEEDS_RUNNING: Final = frozenset({"change", "end", "review"})
_TOLD: Final = {"change": "matter_changed", "end": "matter_ended"}


class MatterUnknown(Conflict):
    """The number named is no matter of this service, or somebody else's."""

    code = "matter_unknown"


class NothingIsOwed(Conflict):
    """No return is open for this matter: the period was handed in already, or has not begun."""

    code = "nothing_is_owed"


def carry_out(
    process: Process, sent: Application, *, channel: str, by: Actor, at: datetime
) -> bool:
    """Do to the matter what the grant says, inside a verb; letters go ``channel``.

    Returns whether that fixes an amount.
    Refuses: MatterUnknown, MatterHasEnded, NothingIsOwed, FeeUndetermined.
    """
    made = Alterations()
    begun = begin_matter(process, sent, channel=channel, by=by, at=at) if _begins(sent) else None
    if begun:
        made.add(begun)
    ground = _ground(process, sent, begun, by=by, at=at, lock=True)
    if ground.matter is None and sent.definition.assessment is None:
        return False
    fixed = assessing.fixed(ground)
    assessing.keep(fixed, ground, made)
    if ground.matter is None:
        _note(process, ground, made, None, by)
        return fixed is not None
    _DO[ground.effect](_Act(ground, ground.matter, channel, made, by))
    link = MatterCase.objects.create(
        tenant_id=process.tenant_id,
        case_id=process.case_id,
        matter=ground.matter,
        effect=ground.effect,
        done_at=at,
        done_by=by.key,
        before=made.before,
        after=made.after,
    )
    made.changes[process.case_id][f"effect.{link.id}"] = (None, link.watched)
    if event := _TOLD.get(ground.effect):
        announce(process, event, at=at)
    _note(process, ground, made, ground.matter, by)
    return fixed is not None


def undo_effect(process: Process, *, by: Actor, at: datetime) -> None:
    """A case that was reopened is decided anew: what it did before holds no longer, inside a verb.

    What other cases did since stays.
    """
    link = MatterCase.objects.filter(case_id=process.case_id, undone_at__isnull=True).first()
    if link is None:
        return
    matter = StandingMatter.objects.select_for_update().get(id=link.matter_id)
    made = Alterations()
    if link.effect == "begin":
        if matter.ended_on is None:
            end_at_once(matter, made, at)
    else:
        undo(link.before, link.after, made)
    for row in Assessment.objects.filter(case_id=process.case_id, is_in_force=True):
        made.alter(row, is_in_force=False)
    before, link.undone_at = link.watched, at
    link.save(update_fields=["undone_at"])
    made.changes[process.case_id][f"effect.{link.id}"] = (before, link.watched)
    told = {"effect": link.effect, "number": matter.number, "undone": True}
    _record(made, told, process, by, at)


def form_of(matter: StandingMatter) -> Form:
    """What is stated of ``matter`` today: its first application, changes laid over it.

    That it was a change is not stated of the matter: tables ask what it is.
    """
    rows = MatterCase.objects.filter(
        matter=matter, effect__in=["begin", "change"], undone_at__isnull=True
    ).order_by("done_at", "id")
    form: Form = {}
    for case_id, effect in rows.values_list("case_id", "effect"):
        process = Process.objects.select_related("version").get(case_id=case_id)
        sent = Application.of(process)
        form = overlaid(form, sent.form if effect == "begin" else what_it_is(sent))
    return form


def matter_of(case_id: UUID) -> StandingMatter | None:
    """The matter that the decision of the case did something to, unless a revocation ended it."""
    link = (
        MatterCase.objects.select_related("matter")
        .filter(case_id=case_id, undone_at__isnull=True)
        .first()
    )
    if link is None or (link.effect == "begin" and link.matter.ended_on):
        return None
    return link.matter


def matter_named_in(process: Process, sent: Application) -> StandingMatter | None:
    """The matter that the form names, for a letter that is only looked at."""
    applicant = applicant_on_file(process.case_id)
    known = named_matter(sent, tenant_id=process.tenant_id, applicant=applicant)
    return known.matter if known and known.is_holders is not False else None


def assessed_by(decision: Decision) -> Assessment | None:
    """What ``decision`` fixed to be paid, whatever became of it since."""
    rows = Assessment.objects.filter(case_id=decision.case_id, made_at=decision.decided_at)
    return rows.order_by("id").last()


def assessment_to_come(
    process: Process, sent: Application, *, by: Actor, at: datetime
) -> Assessment | None:
    """What a grant at ``at`` would fix, not written; None where it fixes nothing or is refused."""
    if sent.definition.assessment is None or sent.faults:
        return None
    begun = matter_to_come(process, sent, at=at) if _begins(sent) else None
    try:
        ground = _ground(process, sent, begun, by=by, at=at, lock=False)
        fixed = assessing.fixed(ground)
    except Conflict:
        return None
    return assessing.row_of(fixed, ground) if fixed else None


def _begins(sent: Application) -> bool:
    return sent.definition.effect_of(sent.form) == "begin"


def _ground(
    process: Process,
    sent: Application,
    begun: StandingMatter | None,
    *,
    by: Actor,
    at: datetime,
    lock: bool,
) -> Ground:
    """The matter that is meant, and what of it counts; refuses what cannot be granted."""
    effect, definition = sent.definition.effect_of(sent.form), sent.definition
    ground = Ground(process=process, sent=sent, effect=effect, at=at, matter=begun)
    if effect == "begin" or definition.standing_matter is None:
        return ground
    known = named_matter(
        sent, tenant_id=process.tenant_id, applicant=applicant_on_file(process.case_id), lock=lock
    )
    # Whom only a person can tell apart is no case for the machine.
    unclear = known is not None and known.is_holders is None and by.kind != "user"
    if known is None or known.is_holders is False or unclear:
        raise MatterUnknown
    matter = known.matter
    if effect in _NEEDS_RUNNING and not matter.runs_on(ground.today):
        raise _ended(matter)
    ground = replace(ground, matter=matter, form=form_of(matter))
    if effect == "end":
        return replace(ground, ends_on=_last_day(sent) or ground.today)
    if effect == "return":
        duty = duties.owed(matter, definition, sent, by=by, at=at, lay=lock)
        if duty is None and duties.has_returns(definition):
            raise NothingIsOwed if matter.runs_on(ground.today) else _ended(matter)
        return replace(ground, duty=duty, is_estimated=_is_the_offices(process))
    return ground


def _ended(matter: StandingMatter) -> MatterHasEnded:
    return MatterHasEnded(ended_on=matter.last_on.isoformat() if matter.last_on else "")


def _is_the_offices(process: Process) -> bool:
    """Whether nobody applied: what is stated then is what the office supposes."""
    return Submission.objects.filter(case=process.case_id, channel="office").exists()


def _last_day(sent: Application) -> date | None:
    matter = sent.definition.standing_matter
    effects = matter.effects if matter else ()
    pointer = next((one.ends_on for one in effects if one.effect == "end"), None)
    stated = follow({"form": sent.form, "applicant": sent.applicant}, pointer or "/none")
    return date.fromisoformat(stated) if stated else None


@dataclass(frozen=True, slots=True)
class _Act:
    """One effect being carried out on its matter."""

    ground: Ground
    matter: StandingMatter
    channel: str
    made: Alterations
    by: Actor

    @property
    def definition(self) -> Definition:
        return self.ground.sent.definition


def _begin(act: _Act) -> None:
    duties.lay_out(act.matter, act.definition, act.made, until=act.ground.today)


def _change(act: _Act) -> None:
    """Data replaced; what is not stated stays."""
    sent, ground = act.ground.sent, act.ground
    terms = sent.definition.terms_for(sent.form, sent.applicant, ground.today)
    stated = dict(terms.data) if terms else {}
    stated["object"] = sent.definition.object_of(sent.form, sent.applicant)
    known = {name: value for name, value in stated.items() if value is not None}
    act.made.alter(act.matter, data={**act.matter.data, **known})
    standing = sent.definition.standing_matter
    if standing and standing.permit:
        forget_permit(act.matter)
        owe_letter(
            ground.process,
            "permit",
            channel=act.channel,
            subject=act.matter.id,
            by=act.by,
            at=ground.at,
        )


def _end(act: _Act) -> None:
    """On the last day named: one to come shortens its validity, any other ends it now."""
    ground, matter = act.ground, act.matter
    last = ground.ends_on or ground.today
    duties.lay_out(matter, act.definition, act.made, until=min(last, ground.today))
    if last > ground.today and last >= matter.valid_from:
        act.made.alter(matter, valid_to=min(last, matter.valid_to or last))
    else:
        act.made.alter(matter, ended_on=last, duties_from=None)
        forget_permit(matter)
    drop_duties(matter, last, act.made, ground.at)


def _return(act: _Act) -> None:
    if act.ground.duty:
        _done(act, act.ground.duty)


def _review(act: _Act) -> None:
    duty = duties.oldest_open(act.matter, "review")
    if duty:
        _done(act, duty)


def _done(act: _Act, duty: MatterDuty) -> None:
    act.made.alter(
        duty,
        done_at=act.ground.at,
        done_by_case_id=act.ground.process.case_id,
        remind_on=None,
        warn_on=None,
    )


def _recover(_act: _Act) -> None:
    """Only what was paid is claimed back; the matter stays as it is."""


_DO: Final[Mapping[str, Callable[[_Act], None]]] = {
    "begin": _begin,
    "change": _change,
    "end": _end,
    "return": _return,
    "review": _review,
    "recover": _recover,
}


def _note(
    process: Process, ground: Ground, made: Alterations, matter: StandingMatter | None, by: Actor
) -> None:
    told = {"effect": ground.effect} | ({"number": matter.number} if matter else {})
    _record(made, told, process, by, ground.at)


def _record(
    made: Alterations, told: Mapping[str, Any], process: Process, by: Actor, at: datetime
) -> None:
    """Every case whose rows were altered has it in its journal."""
    begins = told["effect"] == "begin" and not told.get("undone")
    for case_id, changes in made.changes.items():
        kind = facts.MatterBegan if begins else facts.MatterTouched
        more = {} if case_id == process.case_id else {"by_case": process.case.reference}
        record(kind(case_id=case_id, changes=changes, facts={**told, **more}), by=by, at=at)
