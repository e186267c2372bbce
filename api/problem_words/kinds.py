"""Words for what appointments, payments, matters, deadlines and definitions forbid."""

from collections.abc import Mapping
from typing import Final

from api.problem_words.shape import Words

KINDS: Final[Mapping[str, Words]] = {
    # What the present state of each kind forbids
    "slot_taken": Words(
        ("Termin vergeben", "Slot taken"),
        (
            "Der gewünschte Tag ist ausgebucht, und ein anderer ist nicht gewünscht.",
            "The desired day is booked up, and no other one is wanted.",
        ),
    ),
    "no_appointments": Words(
        ("Ohne Termine", "No appointments"),
        ("Diese Leistung hat keine Termine.", "This service has no appointments."),
    ),
    "no_appointment_to_move": Words(
        ("Kein Termin", "No appointment"),
        (
            "Der Termin wurde versäumt, und ein neuer ist noch nicht angeboten.",
            "The appointment was missed, and no other has been offered yet.",
        ),
    ),
    "appointment_to_come": Words(
        ("Termin noch nicht gewesen", "Appointment still to come"),
        ("Es gibt keinen Termin, der begonnen hat.", "There is no appointment that has begun."),
    ),
    "appointments_unavailable": Words(
        ("Terminsystem nicht erreichbar", "Appointment system unavailable"),
        (
            "Das Terminsystem antwortet nicht. Ein Antrag ohne Termin wird trotzdem angenommen.",
            "The appointment system does not answer. Applications are accepted all the same.",
        ),
    ),
    "payment_is_missing": Words(
        ("Noch nicht bezahlt", "Not paid yet"),
        (
            "Dieser Schritt wartet auf die Gebühr (fällig am {due_on}).",
            "This step waits for the fee (due on {due_on}).",
        ),
    ),
    "payments_unavailable": Words(
        ("Bezahldienst nicht erreichbar", "Payment platform unavailable"),
        ("Der Bezahldienst antwortet nicht.", "The payment platform does not answer."),
    ),
    "nothing_to_pay": Words(
        ("Nichts zu bezahlen", "Nothing to pay"),
        ("Hier ist nichts oder nichts mehr zu bezahlen.", "Nothing is to be paid here."),
    ),
    "paid_already": Words(
        ("Schon bezahlt", "Paid already"),
        ("Die Gebühr ist schon bezahlt.", "The fee has been paid already."),
    ),
    "nothing_to_refund": Words(
        ("Nichts zu erstatten", "Nothing to refund"),
        ("Hier ist nichts zu erstatten.", "Nothing is to be given back here."),
    ),
    "no_slot": Words(
        ("Kein Termin frei", "No slot free"),
        ("So weit der Kalender reicht, ist nichts frei.", "Nothing is free in the whole calendar."),
    ),
    "period_is_statutory": Words(
        ("Gesetzliche Frist", "Statutory period"),
        (
            "Diese Frist hat das Gesetz bestimmt, sie lässt sich nicht verlängern. Wer sie ohne "
            "Verschulden versäumt hat, kann Wiedereinsetzung beantragen ({reinstatement}).",
            "The law has fixed this period, nobody can extend it. Whoever missed it without fault "
            "may apply to be put back ({reinstatement}).",
        ),
    ),
    "deadline_is_over": Words(
        ("Frist abgelaufen", "Period is over"),
        (
            "Diese Frist endete am {ends_on}. Verlängern ließ sie sich nur bis dahin.",
            "This period ended on {ends_on}. It could only be extended until then.",
        ),
    ),
    "extended_already": Words(
        ("Schon verlängert", "Extended already"),
        (
            "Diese Frist lässt sich einmal verlängern ({paragraph}), und das ist geschehen.",
            "This period may be extended once ({paragraph}), and it has been.",
        ),
    ),
    "not_notified_by_post": Words(
        ("Nicht per Post bekannt gegeben", "Not notified by post"),
        (
            "Ein späterer Zugang zählt nur, wenn der Bescheid per Post kam und noch eine "
            "Rechtsbehelfsfrist läuft.",
            "A later receipt counts only where the decision came by post and its remedy period "
            "still runs.",
        ),
    ),
    "receipt_is_no_later": Words(
        ("Kein späterer Zugang", "No later receipt"),
        (
            "Der Bescheid gilt ohnehin erst am {notified_on} als bekannt gegeben. Ein früherer "
            "Zugang ändert daran nichts.",
            "By law the decision counts as notified on {notified_on} only. An earlier receipt "
            "does not change that.",
        ),
    ),
    "day_is_not_over": Words(
        ("Der Tag läuft noch", "The day is not over"),
        (
            "Die Liste eines Tages wird gegengezeichnet, wenn der Tag vorbei ist.",
            "The list of a day is signed once the day is over.",
        ),
    ),
    "list_is_signed": Words(
        ("Schon gegengezeichnet", "Signed already"),
        (
            "Die Liste dieses Tages ist schon gegengezeichnet.",
            "The list of that day has been signed already.",
        ),
    ),
    "matter_unknown": Words(
        ("Nummer unbekannt", "Number unknown"),
        (
            "Zu dieser Nummer gibt es bei dieser Leistung nichts, das der antragstellenden Person "
            "gehört.",
            "There is nothing under this number in this service that belongs to the applicant.",
        ),
    ),
    "nothing_is_owed": Words(
        ("Keine Erklärung offen", "No return open"),
        (
            "Für keinen begonnenen Zeitraum fehlt eine Erklärung.",
            "No return is missing for any period that has begun.",
        ),
    ),
    "effect_unreachable": Words(
        ("Formular nicht ableitbar", "Form cannot be derived"),
        (
            "Kein Wert des Formulars führt zu dieser Wirkung.",
            "No value of the form leads to this effect.",
        ),
    ),
    "draft_exists": Words(
        ("Entwurf vorhanden", "Draft exists"),
        (
            "An dieser Leistung wird schon gearbeitet.",
            "Somebody is working on this service already.",
        ),
    ),
    "draft_changed": Words(
        ("Entwurf geändert", "Draft changed"),
        (
            "Der Entwurf wurde geändert, seit er angezeigt wurde.",
            "The draft was changed since it was shown.",
        ),
    ),
    "service_exists": Words(
        ("Leistung vorhanden", "Service exists"),
        ("Eine Leistung dieses Namens gibt es schon.", "There is a service of that name already."),
    ),
    "is_inherited": Words(
        ("Übernommene Leistung", "Inherited service"),
        (
            "Die Leistung ist von einer anderen Stadt übernommen.",
            "The service is inherited from another city.",
        ),
    ),
    "day_is_past": Words(
        ("Tag vorbei", "Day is past"),
        (
            "Eine Fassung gilt frühestens ab heute.",
            "A version is in force from today on at the earliest.",
        ),
    ),
    "already_in_force": Words(
        ("Schon in Kraft", "Already in force"),
        (
            "Die Fassung {version} ist schon in Kraft.",
            "Version {version} is in force already.",
        ),
    ),
    "move_not_possible": Words(
        ("Umstellung nicht möglich", "Move not possible"),
        (
            "Der Vorgang kann nicht auf diese Fassung umgestellt werden.",
            "The case cannot be moved to this version.",
        ),
    ),
    "place_unknown": Words(
        ("Stelle unbekannt", "Place unknown"),
        (
            "Die Organisationseinheit oder das Aktenzeichen der Leistung gibt es hier nicht.",
            "This tenant does not have the service's unit or file plan position.",
        ),
    ),
    "matter_has_ended": Words(
        ("Gilt nicht mehr", "Holds no longer"),
        ("Es gilt seit dem {ended_on} nicht mehr.", "It holds no longer since {ended_on}."),
    ),
    "definition_altered": Words(
        ("Leistung verändert", "Definition altered"),
        (
            "Die Leistung ist nicht mehr so, wie sie veröffentlicht wurde.",
            "The service is no longer what was published.",
        ),
    ),
    # Offers unasked, and places from a waiting list
    "not_the_holder": Words(
        ("Angebot gilt einer anderen Person", "Offer is for somebody else"),
        (
            "Das Angebot wurde nicht der Person gemacht, die angemeldet ist.",
            "The offer was not made to the person who is signed in.",
        ),
    ),
    "offer_is_settled": Words(
        ("Angebot besteht nicht mehr", "Offer is settled"),
        (
            "Das Angebot ist angenommen, abgelehnt, abgelaufen oder zurückgezogen ({state}).",
            "The offer was accepted, declined, has lapsed or was withdrawn ({state}).",
        ),
    ),
    "offer_has_lapsed": Words(
        ("Angebot ist abgelaufen", "Offer has lapsed"),
        (
            "Das Angebot galt bis zum {valid_until}.",
            "The offer stood until {valid_until}.",
        ),
    ),
    "offer_is_overtaken": Words(
        ("Angebot ist überholt", "Offer is overtaken"),
        (
            "Worum es geht, ist inzwischen beendet, geändert oder erneuert ({reason}).",
            "What it is about has ended, changed or been renewed meanwhile ({reason}).",
        ),
    ),
    "place_not_offered": Words(
        ("Kein Platz angeboten", "No place offered"),
        (
            "Für diesen Antrag ist zurzeit kein Platz angeboten.",
            "No place is offered for this application at present.",
        ),
    ),
    "place_offer_lapsed": Words(
        ("Platzangebot ist abgelaufen", "Place offer has lapsed"),
        (
            "Der Platz war bis zum {due_on} freigehalten.",
            "The place was kept until {due_on}.",
        ),
    ),
    "not_waiting": Words(
        ("Steht nicht auf der Warteliste", "Not on the waiting list"),
        (
            "Der Vorgang steht auf keiner Warteliste, oder nicht mehr.",
            "The case is on no waiting list, or no longer.",
        ),
    ),
    "places_are_taken": Words(
        ("Plätze sind vergeben", "Places are taken"),
        (
            "Angeboten oder angenommen sind schon {taken} Plätze.",
            "{taken} places are offered or accepted already.",
        ),
    ),
    "round_is_settled": Words(
        ("Vergaberunde ist abgeschlossen", "Round is settled"),
        (
            "Die Vergaberunde ist ausgeführt oder verworfen.",
            "The round was carried out or given up.",
        ),
    ),
    "round_is_drawn": Words(
        ("Vergaberunde ist schon gezogen", "Round is drawn already"),
        (
            "Für diesen Tag ist schon eine Vergaberunde gezogen.",
            "A round for this day is drawn already.",
        ),
    ),
    "round_has_changed": Words(
        ("Stand hat sich geändert", "Data have changed"),
        (
            "Seit der Vorschau hat sich die Warteliste geändert.",
            "The waiting list has changed since the preview.",
        ),
    ),
    "place_offers_are_open": Words(
        ("Platzangebote sind offen", "Place offers are open"),
        (
            "Noch nicht beantwortet sind {count} Angebote einer früheren Runde.",
            "{count} offers of an earlier round are not answered yet.",
        ),
    ),
}
