"""The jobs of the workflows; they alone read the clock."""

from celery import shared_task

from efile.kernel import clock
from workflows import (
    deadline_watch,
    drafts,
    duty_rounds,
    offers,
    service_figures,
    slots,
    upkeep,
    yearly,
)
from workflows.appointments import settling
from workflows.payments import asking
from workflows.proactive import answering, making
from workflows.waiting import answers as places
from workflows.waiting.places import lay_out_lists


@shared_task(name="workflows.appointments", ignore_result=True)
def tell_appointments() -> None:
    """Tell another system of appointments what it was not told yet; give back expired holds."""
    at = clock.now()
    slots.collect(at=at)
    settling.try_again(at=at)


@shared_task(name="workflows.payments", ignore_result=True)
def ask_payments() -> None:
    """Ask the payment platform what it did not tell yet, and warn of what is overdue."""
    at = clock.now()
    asking.ask_due(at=at)
    asking.warn_overdue(at=at)


@shared_task(name="workflows.offers", ignore_result=True)
def keep_offers() -> None:
    """Take back offers that are overtaken or over, and offer what runs out again."""
    at = clock.now()
    answering.withdraw_overtaken(at=at)
    answering.lapse_offers(at=at)
    making.offer_renewals(at=at)


@shared_task(name="workflows.places", ignore_result=True)
def keep_places() -> None:
    """Offer places that nobody took, or that are free again, to the next in line; new lists."""
    at = clock.now()
    lay_out_lists()
    places.lapse_places(at=at)
    places.free_ended(at=at)


@shared_task(name="workflows.duties", ignore_result=True)
def see_to_duties() -> None:
    """Lay out what matters demand, remind, warn, open reviews; plan the year's amounts."""
    at = clock.now()
    duty_rounds.lay_out_due(at=at)
    duty_rounds.remind(at=at)
    duty_rounds.act(at=at)
    yearly.go_on(at=at)


@shared_task(name="workflows.deadlines", ignore_result=True)
def watch_deadlines() -> None:
    """Warn of deadlines that draw near, tell heads of missed ones, follow changed days off."""
    at = clock.now()
    deadline_watch.follow_calendars(at=at)
    deadline_watch.warn(at=at)
    deadline_watch.escalate(at=at)


@shared_task(name="workflows.figures", ignore_result=True)
def reckon_figures() -> None:
    """Reckon how long services take lately; ask other systems for their next free appointment."""
    at = clock.now()
    service_figures.reckon_figures(at=at)
    service_figures.ask_earliest_times(at=at)


@shared_task(name="workflows.services", ignore_result=True)
def put_in_force() -> None:
    """Let new cases get the versions of services whose first day has come."""
    offers.put_due_in_force(at=clock.now())


@shared_task(name="workflows.upkeep", ignore_result=True)
def keep_up() -> None:
    """Close what is finished, serve again what nobody fetched, clear away what nobody sent."""
    at = clock.now()
    upkeep.close_finished(at=at)
    upkeep.serve_again(at=at)
    drafts.clear_away(at=at)
