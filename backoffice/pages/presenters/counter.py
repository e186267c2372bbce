"""Taking an application down: the services to choose from, and the form of one of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.counter_sheet import (
    FORM,
    Sheet,
    parties_pointer,
    proof_pointer,
    proofs_of,
)
from backoffice.pages.presenters.party_forms import parties_schema
from backoffice.pages.presenters.schema_forms import (
    Filled,
    element_id,
    every_field,
    schema_field,
    schema_fields,
)
from backoffice.pages.presenters.values import day_text, language
from backoffice.pages.rows import ActionField, EmptyState, FieldProblem, Link, Option
from backoffice.pages.rows.counter import (
    CounterForm,
    CounterPage,
    KeptScan,
    ProofField,
    SchemaField,
    ServiceRow,
)
from efile.kernel.clock import local_date
from efile.kernel.errors import FieldError
from efile.sniffing import ACCEPTED
from workflows.catalogue.messages import message
from workflows.catalogue.pointers import join, split
from workflows.counter import Channel
from workflows.offers import Offer

CHANNELS: Final[Mapping[str, Promise]] = {
    Channel.COUNTER: _("am Schalter"),
    Channel.PHONE: _("am Telefon"),
    Channel.PAPER: _("auf Papier"),
    Channel.VISIT: _("beim Hausbesuch"),
}
_SIGHTS: Final[Mapping[str, tuple[Promise, Promise]]] = {
    "": (_("nicht geprüft"), _("Die Angaben zur Person gelten als bloß gesagt.")),
    "document": (_("Ausweis geprüft"), _("Nur von Angesicht zu Angesicht.")),
    "signature": (_("Unterschrift auf dem Papier"), _("Nur bei einem Antrag auf Papier.")),
}
_MARK: Final = "f-taken-"
# What a broken rule is called on this page, where the words of the portal do not fit.
_SENTENCES: Final[Mapping[tuple[str, str], Promise]] = {
    ("channel", "enum"): _("Auf welchem Weg kam der Antrag?"),
    ("received_on", "required"): _("An welchem Tag ging der Antrag ein?"),
    ("received_on", "date"): _("Der Tag des Eingangs ist kein Datum."),
    ("received_on", "in_future"): _("Der Tag des Eingangs liegt in der Zukunft."),
    ("sight", "sight_not_here"): _("Das lässt sich auf diesem Weg nicht feststellen."),
    ("sight", "assurance_too_low"): _(
        "Für diese Leistung muss feststehen, wer den Antrag stellt: Ausweis ansehen oder eine "
        "Unterschrift vorliegen haben."
    ),
    ("attachments", "proof_missing"): _("Dieser Nachweis fehlt."),
    ("attachments", "upload_not_available"): _(
        "Die Datei liegt nicht mehr bereit. Entfernen Sie sie und wählen Sie sie neu aus."
    ),
    ("attachments", "media_type"): _("Diese Art von Datei ist hier nicht vorgesehen."),
    ("attachments", "media_type_mismatch"): _("Die Datei ist etwas anderes, als ihr Name sagt."),
    ("attachments", "max_bytes"): _("Die Datei ist zu groß."),
    ("attachments", "empty_file"): _("Die Datei ist leer."),
    ("parties", "party_missing"): _("Wer stellt den Antrag?"),
}


def counter_page(
    services: Sequence[tuple[Offer, str]], *, query: str, origin: Link | None
) -> CounterPage:
    """The services to choose from; ``query`` goes on to the form."""
    rows = [
        ServiceRow(
            key=offer.definition.key,
            url=reverse("counter_form", args=[offer.definition.key]) + query,
            title=offer.definition.title.in_(language()),
            summary=offer.definition.summary.in_(language()),
            unit=unit,
        )
        for offer, unit in services
    ]
    empty = EmptyState(
        gettext("Hier gibt es für Sie nichts aufzunehmen."),
        gettext(
            "Aufnehmen kann, wer in der zuständigen Stelle bearbeitet oder leitet. Fragen Sie Ihre "
            "Leitung, wenn Ihnen eine Leistung fehlt."
        ),
    )
    rows.sort(key=lambda row: row.title)
    return CounterPage(tuple(rows), origin, None if rows else empty)


def counter_form(
    sheet: Sheet,
    *,
    url: str,
    at: datetime,
    faults: Sequence[FieldError] = (),
    said: str = "",
    origin: Link | None = None,
) -> CounterForm:
    """The form as far as it is filled in; ``faults`` point into the envelope or at ASKED."""
    definition = sheet.definition
    told = [(sheet.place_of(fault), _sentence(sheet, fault)) for fault in faults]
    filled = Filled(posted=sheet.posted, errors=_joined(told), added=sheet.added)
    parties = tuple(
        schema_field(
            parties_schema(rule), filled, parties_pointer(rule.role), required=rule.required
        )
        for rule in definition.parties
    )
    fields = schema_fields(definition.form, filled, FORM)
    proofs = tuple(_proofs(sheet, filled.errors))
    return CounterForm(
        title=definition.title.in_(language()),
        url=url,
        key=sheet.key,
        guidance=(
            definition.guidance.conditions.in_(language()),
            definition.guidance.typical_errors.in_(language()),
        ),
        arrival=_arrival(sheet, filled.errors, at),
        parties=parties,
        identity=_identity(sheet, filled.errors),
        fields=fields,
        proofs=proofs,
        problems=tuple(_problems(told, parties, fields, proofs)),
        said=said,
        clarify=bool(faults),
        origin=origin,
    )


def origin_link(case_id: UUID) -> Link:
    """Where the applicant was copied from."""
    return Link(gettext("Angaben aus einem Vorgang übernommen"), reverse("case", args=[case_id]))


def _arrival(sheet: Sheet, errors: Mapping[str, str], at: datetime) -> tuple[ActionField, ...]:
    channel = sheet.asked.get("channel", "")
    spoken = sheet.asked.get("language") or "de"
    return (
        ActionField(
            name="channel",
            label=gettext("Wie kam der Antrag?"),
            kind="radios",
            required=True,
            options=tuple(
                Option(key, str(label), selected=key == channel) for key, label in CHANNELS.items()
            ),
            error=errors.get("/channel", ""),
        ),
        ActionField(
            name="received_on",
            label=gettext("Eingang am"),
            kind="date",
            value=sheet.asked.get("received_on", ""),
            hint=gettext(
                "Bei Papier der Tag des Eingangsstempels: Ab ihm laufen die Fristen. Ohne Angabe "
                "gilt heute, der %(today)s."
            )
            % {"today": day_text(local_date(at))},
            maximum=local_date(at).isoformat(),
            error=errors.get("/received_on", ""),
        ),
        ActionField(
            name="language",
            label=gettext("Sprache der Person"),
            kind="select",
            required=True,
            hint=gettext("In ihr liegt dem Bescheid eine Übersetzung bei, wo es sie gibt."),
            options=tuple(
                Option(tag, _language_name(tag), selected=tag == spoken)
                for tag in sheet.definition.languages
            ),
        ),
    )


def _identity(sheet: Sheet, errors: Mapping[str, str]) -> ActionField:
    chosen = sheet.asked.get("sight", "")
    return ActionField(
        name="sight",
        label=gettext("Woher wissen Sie, wer das ist?"),
        kind="radios",
        required=True,
        options=tuple(
            Option(key, str(label), selected=key == chosen, hint=str(hint))
            for key, (label, hint) in _SIGHTS.items()
        ),
        error=errors.get("/sight", ""),
    )


def _proofs(sheet: Sheet, errors: Mapping[str, str]) -> Iterable[ProofField]:
    definition = sheet.definition
    for key in proofs_of(definition):
        proof, pointer = definition.proof(key), proof_pointer(key)
        kinds = proof.media_types if proof else ACCEPTED
        yield ProofField(
            name=pointer,
            kept=join(pointer, "kept"),
            id=element_id(pointer),
            label=proof.title.in_(language()) if proof else gettext("Weitere Unterlagen"),
            accept=",".join(kinds),
            hint=_allowed(kinds, proof.max_bytes if proof else None),
            required=bool(proof and proof.required is True),
            error=errors.get(pointer, ""),
            scans=tuple(
                KeptScan(
                    str(scan.id),
                    scan.filename,
                    scan.size,
                    scan.media_type,
                    errors.get(join(pointer, str(scan.id)), ""),
                )
                for owner, scan in sheet.scans
                if owner == key
            ),
        )


def _allowed(kinds: Sequence[str], limit: int | None) -> str:
    names = sorted({kind.rpartition("/")[2].upper() for kind in kinds if kind in _SHORT})
    words = {"kinds": ", ".join(names)}
    if limit is None:
        return gettext("Zum Beispiel %(kinds)s.") % words
    words["limit"] = number_format(limit // (1024 * 1024))
    return gettext("%(kinds)s, je Datei höchstens %(limit)s MB.") % words


_SHORT: Final = frozenset({"application/pdf", "image/jpeg", "image/png", "image/tiff"})


def _language_name(tag: str) -> str:
    try:
        return str(get_language_info(tag)["name_local"])
    except KeyError:
        return tag


def _sentence(sheet: Sheet, fault: FieldError) -> str:
    place = sheet.place_of(fault)
    root = split(place)[0] if place else ""
    own = _SENTENCES.get((root, fault.rule))
    return str(own) if own else message(fault.rule, fault.facts, language())


def _joined(told: Sequence[tuple[str, str]]) -> dict[str, str]:
    errors: dict[str, str] = {}
    for place, sentence in told:
        errors[place] = f"{errors[place]} {sentence}" if place in errors else sentence
    return errors


def _problems(
    told: Sequence[tuple[str, str]],
    parties: tuple[SchemaField, ...],
    fields: tuple[SchemaField, ...],
    proofs: tuple[ProofField, ...],
) -> list[FieldProblem]:
    """All that is wrong, in the order of the page, each with the element it leads to."""
    labels = {f"/{name}": (f"{_MARK}{name}", "") for name in ("channel", "received_on")}
    labels |= {one.name: (one.id, one.label) for one in every_field(parties)}
    labels["/sight"] = (f"{_MARK}sight", "")
    labels |= {one.name: (one.id, one.label) for one in every_field(fields)}
    for proof in proofs:
        labels[proof.name] = (proof.id, proof.label)
        for scan in proof.scans:
            labels[join(proof.name, scan.id)] = (proof.id, scan.filename)
    order = list(labels)
    found = [
        (order.index(place) if place in labels else len(order), _problem(place, sentence, labels))
        for place, sentence in told
    ]
    return [problem for _, problem in sorted(found, key=lambda one: one[0])]


def _problem(place: str, sentence: str, labels: Mapping[str, tuple[str, str]]) -> FieldProblem:
    element, label = labels.get(place, ("", place))
    return FieldProblem(element, f"{label}: {sentence}" if label else sentence)
