"""What is wrong with an entry: one sentence for each broken rule, beside its field."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.values import language
from backoffice.pages.rows import FieldProblem
from efile.kernel.errors import FieldError
from workflows.catalogue.messages import message

# (field, rule) → sentence; ``%(facts)s`` are filled. A rule without a field says the same of any
# field, and what is not here says what the forms of the services say of the same rule.
PROBLEMS: Final[Mapping[tuple[str, str], Promise]] = {
    ("text", "required"): _("Schreiben Sie, worum es geht."),
    ("days", "required"): _("Wie viele Tage hat die Person Zeit?"),
    ("days", "invalid"): _("Die Frist ist eine Zahl von Tagen."),
    ("days", "out_of_range"): _("Die Frist kann %(minimum)s bis %(maximum)s Tage betragen."),
    ("reasons", "required"): _("Nennen Sie die Gründe (§ 39 VwVfG NRW)."),
    ("reasons", "unsettled_checks"): _(
        "Nicht alle Prüfungen sind erfüllt: Warum bewilligen Sie trotzdem?"
    ),
    ("posted_on", "required"): _("An welchem Tag ging der Bescheid zur Post?"),
    ("posted_on", "invalid"): _("Der Tag der Aufgabe zur Post ist kein Datum."),
    ("posted_on", "out_of_range"): _(
        "Der Tag liegt zwischen der Entscheidung und heute, beide eingeschlossen."
    ),
    ("to", "required"): _("Welche Stelle ist zuständig?"),
    ("reason", "required"): _("Nennen Sie einen Grund; er bleibt in der Akte stehen."),
    ("due_on", "required"): _("An welchem Tag soll der Vorgang wieder vorliegen?"),
    ("due_on", "invalid"): _("Der Tag ist kein Datum."),
    ("due_on", "out_of_range"): _(
        "Der Tag liegt in der Zukunft oder ist heute, und höchstens zehn Jahre voraus."
    ),
    ("receipt", "required"): _("Tragen Sie die Nummer ein, unter der es verbucht ist."),
    ("slot", "required"): _("Wählen Sie eine Zeit."),
    ("weekdays", "required"): _("Wählen Sie mindestens einen Wochentag."),
    ("districts", "required"): _("Wählen Sie mindestens einen Bezirk."),
    ("closes", "time_order"): _("Die letzte Uhrzeit liegt vor der ersten."),
    ("opens", "invalid"): _("Die Uhrzeit hat die Form hh:mm."),
    ("closes", "invalid"): _("Die Uhrzeit hat die Form hh:mm."),
    ("minutes", "out_of_range"): _("So lang ist die Zeit zwischen der ersten und letzten nicht."),
    ("last", "date_order"): _("Der letzte Tag liegt vor dem ersten."),
    ("last", "date_span"): _("Höchstens %(limit)s Tage auf einmal."),
    ("last", "too_many_slots"): _("Das wären mehr als %(limit)s Zeiten auf einmal."),
    ("day", "out_of_range"): _("Der Tag ist schon vorbei."),
    ("", "no_calendar"): _("Diesen Kalender führt ein anderes System."),
    ("", "slot_unfit"): _("Diese Zeit gehört zu einer anderen Leistung, Art oder einem Bezirk."),
    ("user", "not_able"): _("Diese Person darf den Vorgang nicht sehen."),
    ("assignee", "required"): _("Wählen Sie, wer zuständig sein soll."),
    ("assignee", "not_able"): _("Diese Person darf den Vorgang nicht bearbeiten."),
    ("outcome", "enum"): _("Ist die Prüfung erfüllt oder nicht erfüllt?"),
    ("", "unchanged"): _("Das steht schon so da."),
    ("service", "required"): _("Wählen Sie die Leistung."),
    ("", "unknown_service"): _("Diese Leistung gibt es nicht."),
    ("documents", "unknown_document"): _("Ein Dokument lässt sich nicht beifügen."),
    ("documents", "max_items"): _("Höchstens %(limit)s Anlagen auf einmal."),
    ("", "upload_not_available"): _(
        "Die Datei liegt nicht mehr vor. Laden Sie sie noch einmal hoch."
    ),
    ("", "media_type"): _("Diese Art von Datei ist hier nicht vorgesehen."),
    ("", "max_bytes"): _("Die Datei ist zu groß."),
    ("name", "max_length"): _("Der Name hat 1 bis %(limit)s Zeichen."),
    ("scopes", "required"): _("Ohne ein Recht kann das Portal nichts tun: Sperren Sie es lieber."),
    ("", "unknown_scope"): _("Dieses Recht gibt es nicht."),
    ("limit", "limit"): _("Erlaubt sind 1 bis %(limit)s Aufrufe je Minute."),
    ("days", "limit"): _("Höchstens %(limit)s Tage."),
    ("keys", "json"): _("Das ist kein JSON."),
    ("", "jwks"): _("Nötig ist ein JWK Set mit höchstens %(limit)s Schlüsseln: {„keys“: […]}."),
    ("", "jwk"): _("Kein geeigneter Schlüssel: Ed25519, P-256, oder RSA ab 3000 Bit für PS256."),
    ("", "jwk_private"): _(
        "Das ist ein privater Schlüssel. Er gilt jetzt als bekannt geworden; lassen Sie sich einen "
        "neuen öffentlichen geben."
    ),
    ("", "jwk_twice"): _("Zwei Schlüssel tragen dieselbe kid."),
    ("", "no_keys"): _("Zum Ausweisen mit Signatur braucht es mindestens einen Schlüssel."),
    ("", "portal_closed"): _("Das Portal ist gesperrt."),
}


def problem_of(error: FieldError) -> FieldProblem:
    """The sentence for ``error`` of a form whose fields lie at the top."""
    return FieldProblem(_field(error), sentence_of(error))


def sentence_of(error: FieldError) -> str:
    """What is wrong, wherever it is."""
    sentence = PROBLEMS.get((_field(error), error.rule)) or PROBLEMS.get(("", error.rule))
    if sentence is None:
        return message(error.rule, error.facts, language())
    return str(sentence) % dict(error.facts)


def shape_faults(form: forms.Form) -> Sequence[FieldError]:
    """What Django found wrong with the shape of ``form``, in the terms of the verbs."""
    return [
        FieldError(f"/{name}", _rule(error.code), _limits(error.params))
        for name, errors in form.errors.as_data().items()
        for error in errors
    ]


def _field(error: FieldError) -> str:
    return error.pointer.strip("/").partition("/")[0]


def _rule(code: str | None) -> str:
    return code or "invalid"


def _limits(params: Mapping[str, Any] | None) -> dict[str, Any]:
    """Facts, never what was written: only the limits of Django's own errors are taken."""
    limit = (params or {}).get("limit_value")
    return {} if limit is None else {"limit": limit() if callable(limit) else limit}
