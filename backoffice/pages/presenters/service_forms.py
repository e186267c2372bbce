"""The form of a draft: its fields in a list, one of them opened, and as the citizen sees it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import jsonschema_rs
from django.utils.translation import get_language, gettext, override

from backoffice.pages.presenters.party_forms import parties_schema
from backoffice.pages.presenters.schema_forms import (
    Filled,
    schema_field,
    schema_fields,
)
from backoffice.pages.presenters.service_editor import Bench, part_url
from backoffice.pages.presenters.service_fields import shown_part
from backoffice.pages.presenters.service_form_fields import every_field, holders, opened
from backoffice.pages.presenters.service_form_kinds import KINDS, kind_of, parts_of
from backoffice.pages.presenters.service_parts import ABSENT, Ground, listed, mapping
from backoffice.pages.presenters.service_words import language_text
from backoffice.pages.presenters.values import field_label
from backoffice.pages.rows import ActionField, Option
from backoffice.pages.rows.counter import SchemaField
from backoffice.pages.rows.service_pages import EditorField, FormFieldRow, FormPreview
from backoffice.pages.schema_reading import Posted, read, written
from workflows.catalogue.forms import numbered
from workflows.catalogue.parts import PartyRule, Text, build
from workflows.catalogue.pointers import follow, join, within
from workflows.catalogue.submission import ASSURANCE

# What a draft's form may break while it is written: it is looked at all the same.
UNREADABLE = (
    AttributeError, KeyError, TypeError, ValueError, IndexError, jsonschema_rs.ValidationError
)  # fmt: skip


def field_rows(bench: Bench) -> tuple[FormFieldRow, ...]:
    """The fields of the form as a list, groups before what is inside them."""
    form, service = bench.document.get("form"), bench.draft.service
    rows = []
    for one in every_field(form):
        kind = kind_of(one.schema)
        notes = {
            "always": gettext("Pflicht"),
            "when": gettext("Pflicht nur wenn …"),
            "never": gettext("freiwillig"),
            "kept": gettext("Pflicht in besonderen Fällen"),
        }[one.needed]
        inside = [fault for fault in bench.faults if within(one.pointer, fault.pointer)]
        rows.append(
            FormFieldRow(
                pointer=one.pointer,
                label=_label(one.schema, one.name),
                name=one.name,
                type=str(KINDS[kind][0]),
                notes=(
                    notes,
                    *((gettext("wird gelesen"),) if one.schema.get("x-free-text") else ()),
                ),
                url=field_url(service, one.pointer),
                depth=one.depth,
                faults=len(inside),
                is_first=one.place == 0,
                is_last=one.place == one.last,
            )
        )
    return tuple(rows)


def field_url(service: str, pointer: str) -> str:
    return f"{part_url(service, 'form')}?{urlencode({'field': pointer})}"


def adding(bench: Bench, typed: Mapping[str, str]) -> tuple[ActionField, ...]:
    """The inputs for one more field."""
    places = [
        Option(pointer, gettext("am Ende") if pointer == "/form" else _label(schema, pointer))
        for pointer, schema in holders(bench.document.get("form"))
    ]
    kinds = tuple(
        Option(key, str(label), selected=key == typed.get("kind"))
        for key, (label, _) in KINDS.items()
    )
    fields = [
        ActionField(
            name="label_de", label=gettext("Frage (Deutsch)"), kind="text", required=True,
            value=typed.get("label_de", ""), maximum="300",
        ),
        ActionField(
            name="label_en", label=gettext("Frage (Englisch)"), kind="text", lang="en",
            value=typed.get("label_en", ""), maximum="300",
        ),
        ActionField(
            name="kind", label=gettext("Art der Antwort"), kind="select", required=True,
            options=kinds,
        ),
        ActionField(
            name="needed", label=gettext("Pflichtangabe"), kind="checkbox",
            value=typed.get("needed", ""),
        ),
    ]  # fmt: skip
    if len(places) > 1:
        where = ActionField(
            name="holder", label=gettext("Wohin?"), kind="select", required=True,
            options=tuple(places),
        )  # fmt: skip
        fields.append(where)
    return tuple(fields)


def field_editor(bench: Bench, pointer: str) -> tuple[EditorField, ...]:
    """The inputs for one field of the form."""
    form = bench.document["form"]
    entry, kind = opened(form, pointer), kind_of(mapping(follow(bench.document, pointer)))
    ground = field_ground(bench, pointer)
    return tuple(
        shown_part(part, join(pointer, part.at), entry.get(part.at, ABSENT), ground)
        for part in parts_of(kind)
    )


def field_ground(bench: Bench, pointer: str) -> Ground:
    """What one field is edited on: the fields beside it are what its condition can ask."""
    around = mapping(follow(bench.document, pointer.rpartition("/")[0]))
    name = pointer.rpartition("/")[2]
    siblings = [
        (other, _label(mapping(schema), other)) for other, schema in around.items() if other != name
    ]
    ground = bench.ground()
    errors = {
        # "options" stand in the schema as values and their names
        place.replace("/items/", "/")
        .replace("/x-options", "/options")
        .replace("/enum", "/options"): said
        for place, said in ground.errors.items()
    }
    return Ground(bench.document, {**ground.choices, "siblings": siblings}, errors)


def preview(form: Any, language: str, languages: tuple[str, ...]) -> FormPreview:
    """The form as its portal shows it to somebody who reads ``language``."""
    options = tuple(Option(tag, language_text(tag), selected=tag == language) for tag in languages)
    try:
        with override("en" if language.startswith("en") else "de"):
            shown = schema_fields(in_language(numbered(form), language), Filled(), "/preview")
    except UNREADABLE:
        denied = gettext("Das Formular lässt sich noch nicht zeigen: Es fehlt etwas darin.")
        return FormPreview(denied=denied, languages=options, language=language)
    return FormPreview(shown, "", options, language)


def in_language(value: Any, language: str) -> Any:
    """A form with the words of one language alone, whatever language the pages are in."""
    if isinstance(value, Mapping):
        if isinstance(value.get("de"), str):
            return {"de": Text(value).in_(language) or value["de"]}
        return {name: in_language(inner, language) for name, inner in value.items()}
    if isinstance(value, list):
        return [in_language(one, language) for one in value]
    return value


def sample_fields(
    document: Mapping[str, Any], errors: Mapping[str, str]
) -> tuple[SchemaField, ...]:
    """The sample application on the form of the draft: who applies, and what for."""
    form, rules = _sample_schemas(document)
    example = mapping(document.get("example"))
    by_role: dict[str, list[Any]] = {}
    for party in listed(example.get("parties")):
        by_role.setdefault(str(mapping(party).get("role")), []).append(party)
    filled = written(form, mapping(example.get("form")), "/example/form")
    for rule in rules:
        filled |= written(
            parties_schema(rule), by_role.get(rule.role, []), join("/example/parties", rule.role)
        )
    known = Filled(posted=filled, errors=errors)
    parties = tuple(
        schema_field(
            parties_schema(rule), known, join("/example/parties", rule.role), required=rule.required
        )
        for rule in rules
    )
    own = schema_fields(in_language(form, get_language() or "de"), known, "/example/form")
    return (*parties, *own)


def read_sample(document: Mapping[str, Any], posted: Posted) -> dict[str, Any]:
    """The draft's example as it was typed; proofs that are needed are enclosed by themselves."""
    form, rules = _sample_schemas(document)
    example = dict(mapping(document.get("example")))
    said = read(form, posted, "/example/form", needed=True)
    parties: list[dict[str, Any]] = []
    for rule in rules:
        found = read(parties_schema(rule), posted, join("/example/parties", rule.role), needed=True)
        parties += [{"role": rule.role, "kind": rule.kinds[0], **party} for party in found]
    for party in parties:
        if party["role"] == "applicant":
            level = document.get("assurance_level")
            shown = level if level in ASSURANCE[1:] else "basic"
            party["identity"] = {"source": "bundid", "assurance": shown}
    enclosed = [
        {"upload": f"01890000-0000-7000-8000-{number:012}", "proof": mapping(proof).get("key")}
        for number, proof in enumerate(listed(document.get("proofs")), start=1)
        if mapping(proof).get("required") is not False
    ]
    return {**example, "form": said, "parties": parties, "attachments": enclosed}


def _sample_schemas(document: Mapping[str, Any]) -> tuple[Any, list[PartyRule]]:
    rules = [build(PartyRule, one) for one in listed(document.get("parties"))]
    return numbered(document["form"]), rules


def _label(schema: Mapping[str, Any], name: str) -> str:
    try:
        return field_label(schema, name) or name
    except (AttributeError, KeyError, TypeError):  # words may be missing
        return name
