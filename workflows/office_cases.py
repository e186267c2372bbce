"""Cases that the office opens by itself (von Amts wegen): what they ask for, and of whom."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.models import Case
from workflows import facts
from workflows.application import Application
from workflows.assessing import Form, overlaid
from workflows.catalogue.continuing import Effect
from workflows.catalogue.definition import Definition
from workflows.catalogue.pointers import split
from workflows.intake import open_application
from workflows.matter_cases import form_of
from workflows.models import MatterDuty, Process, StandingMatter, Submission
from workflows.offers import current_offer


class EffectUnreachable(Conflict):
    """No value of the form leads to this effect: the definition has to say how (``prefill``)."""

    code = "effect_unreachable"


def form_for(
    definition: Definition, known: Form, number: str, effect: Effect, on: date | None = None
) -> Form:
    """A form about the matter ``number`` whose grant has ``effect``, with the fewest faults.

    ``known`` is what is stated of the matter; days on which something was done to it are left out,
    it counts from ``on`` where that is given. The effect's own ``prefill`` counts, else the value
    of one field that a form chooses from. Refuses: EffectUnreachable.
    """
    names = _at(_number_path(definition), number)
    for path in _days(definition):
        known = _less(known, path)
    if on and definition.assessment and definition.assessment.from_:
        names = overlaid(names, _at(split(definition.assessment.from_)[1:], on.isoformat()))
    found = [
        form
        for base in (known, {})
        for switch in _switches(definition, effect)
        if definition.effect_of(form := overlaid(overlaid(base, names), switch)) == effect
    ]
    if not found:
        raise EffectUnreachable(service=definition.key, effect=effect)
    return min(found, key=lambda form: len(definition.validator.errors(form)))


@verb
def open_by_office(
    matter: StandingMatter,
    effect: Effect,
    *,
    because: str,
    by: Actor,
    at: datetime,
    duty: MatterDuty | None = None,
    on: date | None = None,
) -> Case:
    """Open a case about ``matter`` without an application, with the parties it began with.

    What the office knows is filled in, counting from ``on``; the rest is for a person. Whoever
    sent the first application is told of this case, too. Refuses: NotFound (the service is offered
    no more), EffectUnreachable.
    """
    begun = Process.objects.select_related("version").get(case_id=matter.case_id)
    offer, first = current_offer(matter.tenant_id, matter.service_key), Application.of(begun)
    # A return is for its period; anything else that the office takes up counts from today.
    day = on or (None if effect == "return" else local_date(at))
    form = form_for(offer.definition, form_of(matter), matter.number, effect, day)
    about = {"matter": matter.number, "because": because}
    data = {
        "service": offer.definition.key,
        "language": first.language,
        "form": form,
        "parties": first.effective.get("parties") or [],
        "attachments": [],
        "consents": first.effective.get("consents") or {},
        "office": about | ({"duty": str(duty.id)} if duty else {}),
    }
    submission = Submission(
        tenant_id=matter.tenant_id,
        source=begun.source,
        service_key=offer.definition.key,
        language=first.language,
        channel="office",
        envelope=json.dumps(data, ensure_ascii=False),
        received_at=at,
    )
    case, _ = open_application(data, offer, (), submission=submission, by=by, at=at)
    submission.case = case
    submission.save(force_insert=True)
    told = {"number": matter.number, "effect": effect, "reason": because}
    record(facts.OpenedByOffice(case_id=case.id, facts=told), by=by, at=at)
    return case


def _number_path(definition: Definition) -> Sequence[str]:
    matter = definition.standing_matter
    return split(matter.number)[1:] if matter and matter.number else ()


def _days(definition: Definition) -> Iterator[Sequence[str]]:
    """Where a form says from when, or until when, what it asks for is to count."""
    matter, assessment = definition.standing_matter, definition.assessment
    pointers = [one.ends_on for one in matter.effects] if matter else []
    pointers += [matter.valid_from] if matter else []
    pointers += [assessment.from_] if assessment else []
    for pointer in pointers:
        if pointer and pointer.startswith("/form/"):
            yield split(pointer)[1:]


def _less(form: Form, path: Sequence[str]) -> Form:
    """``form`` without what it says at ``path``."""
    name, *below = path
    if name not in form:
        return form
    if below and isinstance(form[name], Mapping):
        return {**form, name: _less(form[name], below)}
    return {key: value for key, value in form.items() if key != name}


def _switches(definition: Definition, effect: Effect) -> Iterator[Form]:
    """What may be said so that a form asks for ``effect``."""
    matter = definition.standing_matter
    told = [one.prefill for one in (matter.effects if matter else ()) if one.effect == effect]
    if any(told):
        yield from filter(None, told)
        return
    yield {}
    for field in definition.validator.fields:
        either = [True, False] if field.schema.get("type") == "boolean" else []
        for value in field.schema.get("enum", either):
            yield _at(field.path, value)


def _at(path: Sequence[str], value: Any) -> Form:
    """A form that says ``value`` at ``path``, and nothing else."""
    found = value
    for name in reversed(path):
        found = {name: found}
    return found if path else {}
