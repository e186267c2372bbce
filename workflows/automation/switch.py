"""Switching the automatic decision of a service off at once, and on again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from django.db import connection

from efile.kernel.actors import Actor, Scope
from efile.kernel.errors import Conflict, FieldError, Invalid, NotFound
from efile.kernel.journal import record
from efile.kernel.models import User
from efile.kernel.verbs import verb
from efile.policy import MATRIX, Action, ActionNotGranted, may_anywhere
from workflows import facts
from workflows.models import AutomationStop, Service
from workflows.offers import definition_of

LONGEST_REASON: Final = 300


class AutomationIsOff(Conflict):
    """Somebody has switched it off already."""

    code = "automation_is_off"


class AutomationIsOn(Conflict):
    """It is not switched off."""

    code = "automation_is_on"


@dataclass(frozen=True, slots=True)
class Switch:
    """Whether and since when the machine decides nothing of a service, who turned it and why.

    ``sample_percent`` is what the head has set; None: what the definition says.
    """

    service: str
    is_off: bool
    sample_percent: int | None = None
    since: datetime | None = None
    name: str = ""
    reason: str = ""


def is_off(service_id: int) -> bool:
    """Whether the machine decides nothing of the service, until this transaction ends.

    Readers do not wait for one another; whoever turns the switch waits for them, so once it is
    turned nothing more is decided. Two statements.
    """
    _lock("pg_advisory_xact_lock_shared", service_id)
    return AutomationStop.objects.filter(service_id=service_id, lifted_at__isnull=True).exists()


def switches(*, by: Actor) -> list[Switch]:
    """The switch of every service that ``by`` may turn, by key. Three statements at most.

    Refuses: ActionNotGranted.
    """
    if not may_anywhere(Action.CONTROL_AUTOMATION, by=by):
        raise ActionNotGranted(action=Action.CONTROL_AUTOMATION.value)
    scopes = set(by.scopes_of(MATRIX[Action.CONTROL_AUTOMATION]))
    services = Service.objects.select_related("current").defer("current__definition")
    mine = [
        service
        for service in services.filter(tenant_id=by.tenant_id, current__isnull=False).order_by(
            "key"
        )
        if _scope(service) in scopes
    ]
    open_stops = AutomationStop.objects.filter(tenant_id=by.tenant_id, lifted_at__isnull=True)
    stops = {stop.service_id: stop for stop in open_stops}
    names = _names(stop.stopped_by for stop in stops.values())
    return [_switch(service, stops.get(service.pk), names) for service in mine]


@verb
def stop_automation(service: str, reason: str, *, by: Actor, at: datetime) -> None:
    """From this moment on a person decides every case of ``service``.

    Holds for checks that run just now, too: this waits for them.
    Refuses: NotFound, ActionNotGranted, Invalid (no reason), AutomationIsOff.
    """
    found = controlled(service, by)
    said = _reason(reason)
    if AutomationStop.objects.filter(service=found, lifted_at__isnull=True).exists():
        raise AutomationIsOff
    AutomationStop.objects.create(
        tenant_id=by.tenant_id, service=found, stopped_at=at, stopped_by=by.key, reason=said
    )
    told = {"service": service, "reason": said}
    record(facts.AutomationStopped(case_id=None, facts=told), by=by, at=at)


@verb
def resume_automation(service: str, reason: str, *, by: Actor, at: datetime) -> None:
    """The machine may decide again; what went to people meanwhile stays with them.

    Refuses: NotFound, ActionNotGranted, Invalid (no reason), AutomationIsOn.
    """
    found = controlled(service, by)
    said = _reason(reason)
    stops = AutomationStop.objects.filter(service=found, lifted_at__isnull=True)
    if not stops.update(lifted_at=at, lifted_by=by.key, lifted_because=said):
        raise AutomationIsOn
    told = {"service": service, "reason": said}
    record(facts.AutomationResumed(case_id=None, facts=told), by=by, at=at)


def controlled(key: str, by: Actor) -> Service:
    """The service with its switch locked, if ``by`` may turn it.

    Refuses: NotFound, ActionNotGranted.
    """
    found = (
        Service.objects.select_related("current")
        .defer("current__definition")
        .filter(tenant_id=by.tenant_id, key=key, current__isnull=False)
        .first()
    )
    if found is None:
        raise NotFound
    if _scope(found) not in by.scopes_of(MATRIX[Action.CONTROL_AUTOMATION]):
        raise ActionNotGranted(action=Action.CONTROL_AUTOMATION.value)
    _lock("pg_advisory_xact_lock", found.pk)
    return found


def _lock(
    function: Literal["pg_advisory_xact_lock", "pg_advisory_xact_lock_shared"], key: int
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [f"automation:{key}"])


def _scope(service: Service) -> Scope:
    """The scope its new cases lie in: whoever oversees those turns the switch."""
    version = service.current
    assert version is not None
    return f"{version.unit_id}:{definition_of(version).access_class}"


def _reason(reason: str) -> str:
    said = reason.strip()
    if not said:
        raise Invalid([FieldError("/reason", "required")])
    if len(said) > LONGEST_REASON:
        raise Invalid([FieldError("/reason", "max_length", {"limit": LONGEST_REASON})])
    return said


def _switch(service: Service, stop: AutomationStop | None, names: Mapping[str, str]) -> Switch:
    if stop is None:
        return Switch(service.key, False, service.sample_percent)
    name = names.get(stop.stopped_by, "")
    return Switch(service.key, True, service.sample_percent, stop.stopped_at, name, stop.reason)


def _names(keys: Iterable[str]) -> dict[str, str]:
    """What colleagues call whoever stands behind each key of the journal."""
    numbers = {int(key.partition(":")[2]) for key in keys}
    if not numbers:
        return {}
    people = User.objects.filter(id__in=numbers).values_list("id", "display_name")
    return {f"user:{number}": name for number, name in people}
