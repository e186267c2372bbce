"""Generated documentation: what the code decides, in words for people from the office."""

from efile.kernel.models import Role
from efile.policy import MATRIX, Action

ROLES = {
    Role.CASEWORKER: "Sachbearbeitung",
    Role.HEAD: "Leitung",
    Role.REGISTRAR: "Registratur",
    Role.ADMINISTRATOR: "Administration",
    Role.AUDITOR: "Revision, Datenschutz",
    "system": "System",
    "portal": "Portal",
}

ACTIONS = {
    Action.VIEW: "Vorgang und Akte sehen",
    Action.EXAMINE: "Prüfen, Angaben bestätigen",
    Action.ASSIGN: "Übernehmen, zuweisen",
    Action.REQUEST_PROOF: "Unterlagen nachfordern",
    Action.RECEIVE_ANSWER: "Antwort entgegennehmen, auf sie verzichten",
    Action.DECIDE: "Bewilligen, ablehnen",
    Action.NOTIFY: "Bekanntgabe vermerken",
    Action.RECALL: "Zurückgehaltenes anderer zurückholen",
    Action.FORWARD: "Abgeben an andere Behörde",
    Action.WITHDRAW: "Rücknahme vermerken",
    Action.CLOSE: "Abschließen (zdA)",
    Action.REOPEN: "Wiederaufnehmen",
    Action.WRITE_NOTE: "Vermerk schreiben",
    Action.FOLLOW_UP: "Wiedervorlage setzen, verschieben, erledigen",
    Action.TAKE_DOWN: "Antrag aufnehmen (Schalter, Telefon, Papier)",
    Action.CLARIFY: "Eingang klären",
    Action.ENQUIRE: "Auskunft am Telefon geben",
    Action.SHARE: "Einzelfreigabe, Ausschluss",
    Action.DISPATCH: "Tagesliste abrufen",
    Action.POST: "Postausgang führen, Rückläufer eintragen",
    Action.REVOKE: "Bewilligtes widerrufen",
    Action.ALLOT: "Plätze einer Warteliste vergeben, Ausnahmen machen",
    Action.ANSWER_PLACE: "Antwort auf ein Platzangebot vermerken",
    Action.APPOINT: "Termin verlegen, absagen, Nichterscheinen vermerken",
    Action.CASH: "Zahlung anfordern, eintragen, erlassen, erstatten",
    Action.CONTROL_AUTOMATION: "Automatik ab- und einschalten, Stichprobe festlegen",
    Action.OVERSEE: "Auslastung sehen",
    Action.ADMINISTER: "Leistungen und Zugänge verwalten",
    Action.READ_JOURNAL: "Protokoll lesen",
}


def permissions() -> str:
    """The published matrix role × action as a page."""
    lines = [
        "# Who may do what",
        "",
        "Generated from `efile/policy.py`. A role holds in a unit and all units below it, for the",
        "access classes of the membership; a service definition may allow fewer roles, never more.",
        "“System” decides only what a definition and its legal basis let it decide; “Portal” acts",
        "on its own submissions.",
        "",
        "| Handlung | " + " | ".join(ROLES.values()) + " |",
        "|---|" + "---|" * len(ROLES),
    ]
    for action, roles in MATRIX.items():
        marks = " | ".join("ja" if role in roles else "" for role in ROLES)
        lines.append(f"| {ACTIONS[action]} (`{action.value}`) | {marks} |")
    lines += [
        "",
        "A single case can be shared with one person for a time (reading, history, notes), and",
        "closed to one named colleague; the second beats everything else.",
        "",
    ]
    return "\n".join(lines)
