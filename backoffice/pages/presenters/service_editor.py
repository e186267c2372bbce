"""The pages of a draft: what stands around them, their fields, what is still wrong."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from backoffice.pages.presenters.service_fields import shown_part
from backoffice.pages.presenters.service_parts import ABSENT, Choices, Ground, Section, mapping
from backoffice.pages.presenters.service_sections import SECTIONS, section_of
from backoffice.pages.presenters.service_words import (
    LANGUAGES,
    PLACEHOLDERS,
    language_text,
)
from backoffice.pages.presenters.service_words import (
    PARTY_FIELDS as PARTY_WORDS,
)
from backoffice.pages.presenters.values import field_label, language
from backoffice.pages.rows import FieldProblem, Link
from backoffice.pages.rows.service_pages import (
    EditorField,
    EditorFrame,
    PartLink,
    Placeholder,
)
from efile.kernel.errors import FieldError
from workflows.catalogue.consistency import PLACEHOLDERS as NAMED
from workflows.catalogue.forms import fields
from workflows.catalogue.letters import COMMON, KINDS
from workflows.catalogue.messages import message
from workflows.catalogue.pointers import within
from workflows.catalogue.submission import PARTY_FIELDS
from workflows.definitions.drafts import Draft
from workflows.definitions.naming import path_in
from workflows.definitions.places import Places
from workflows.definitions.validation import validate

_OF_PARTS: Final[Mapping[str, frozenset[str]]] = {
    "public": NAMED["public_texts"],
    "blocks": NAMED["text_blocks"],
    "remedy": NAMED["remedy"],
    "permit": frozenset({"applicant"}),
    "form": frozenset(),
    "subject": frozenset(),
}


@dataclass(frozen=True)
class Bench:
    """A draft on the table: what is wrong with it, and the city's lists to choose from."""

    draft: Draft
    places: Places
    tenant_id: int
    at: datetime

    @cached_property
    def faults(self) -> Sequence[FieldError]:
        """All that keeps the draft from being published, but for letters: those take a while."""
        found = validate(self.document, tenant_id=self.tenant_id, at=self.at, letters=False)
        return found.errors

    @property
    def document(self) -> Mapping[str, Any]:
        return self.draft.document

    def ground(self, opened: str = "") -> Ground:
        """What the fields of every page stand on."""
        errors: dict[str, str] = {}
        for fault in self.faults:
            said = message(fault.rule, fault.facts, language())
            errors[fault.pointer] = " ".join(filter(None, [errors.get(fault.pointer), said]))
        return Ground(self.document, self._choices(), errors, opened)

    def _choices(self) -> Mapping[str, Choices]:
        proofs = self.document.get("proofs")
        pointers = list(_pointers(mapping(self.document.get("form"))))
        kinds = ("object", "date", "string", "number", "boolean", "array")
        return {
            "units": self.places.units,
            "positions": [(one.code, f"{one.code} {one.title}") for one in self.places.positions],
            "languages": [(tag, language_text(tag)) for tag in self._languages],
            "proofs": [
                (one["key"], mapping(one.get("title")).get("de", one["key"]))
                for one in (proofs if isinstance(proofs, list) else ())
                if isinstance(one, Mapping) and isinstance(one.get("key"), str)
            ],
            "pointers": [(pointer, label) for pointer, label, _ in pointers],
            **{
                f"pointers:{kind}": [
                    (pointer, label) for pointer, label, of in pointers if kind in of
                ]
                for kind in kinds
            },
        }

    @property
    def _languages(self) -> list[str]:
        said = self.document.get("languages")
        return [*dict.fromkeys([*LANGUAGES, *(said if isinstance(said, list) else ())])]


def frame_of(bench: Bench, current: str) -> EditorFrame:
    """What stands around the page ``current`` of a draft."""
    draft, service = bench.draft, bench.draft.service
    count = _count(bench.faults)
    keys = list(SECTIONS)
    place = keys.index(current) + 1 if current in keys else len(keys)
    after = keys[place] if place < len(keys) else ""
    section = SECTIONS.get(current)

    left = len(bench.faults)
    return EditorFrame(
        key=service,
        title=draft.title,
        heading=str(section.title) if section else "",
        lead=str(section.lead) if section else "",
        url=part_url(service, current) if section else "",
        revision=draft.revision,
        parts=tuple(
            PartLink(
                label=str(one.title),
                url=part_url(service, key),
                current=key == current,
                faults=count.get(key, 0),
            )
            for key, one in SECTIONS.items()
        ),
        saved=saved_text(draft),
        sound=not left,
        left=left,
        service_url=reverse("service", args=[service]),
        check_url=reverse("service_check", args=[service]),
        compare_url=reverse("service_compare", args=[service]),
        publish_url=reverse("service_publish", args=[service]),
        following=Link(str(SECTIONS[after].title), part_url(service, after)) if after else None,
        next_key=after,
    )


def saved_text(draft: Draft) -> str:
    """Who saved the draft, and when."""
    when = f"{localtime(draft.saved_at):%d.%m.%Y, %H:%M}"
    if not draft.saved_by:
        return gettext("Zuletzt gespeichert am %(when)s") % {"when": when}
    said = {"when": when, "name": draft.saved_by}
    return gettext("Zuletzt gespeichert am %(when)s von %(name)s") % said


def part_url(service: str, section: str) -> str:
    return reverse("service_part", args=[service, section])


def editor_fields(section: Section, ground: Ground) -> tuple[EditorField, ...]:
    """The fields of a page, filled with what the draft holds."""
    return tuple(
        shown_part(part, f"/{part.at}", ground.document.get(part.at, ABSENT), ground)
        for part in section.parts
    )


def problems_of(
    bench: Bench, holds: Iterable[str], shown: Sequence[EditorField]
) -> tuple[FieldProblem, ...]:
    """What is wrong below the pointers ``holds``, each leading to its field on the page."""
    ids = {one.name: one.id for one in every(shown)}
    found = []
    for fault in bench.faults:
        if any(within(base, fault.pointer) for base in holds):
            near = _nearest(fault.pointer, ids)
            found.append(FieldProblem(near, sentence_of(bench.document, fault)))
    return tuple(found)


def sentence_of(document: Mapping[str, Any], fault: FieldError) -> str:
    """Where a fault is and what is wrong there, in words."""
    path = path_words(document, fault.pointer)
    said = message(fault.rule, fault.facts, language())
    return f"{path}: {said}" if path else said


def path_words(document: Mapping[str, Any], pointer: str) -> str:
    return " › ".join(path_in(document, pointer, language()))


def every(shown: Iterable[EditorField]) -> Iterator[EditorField]:
    """All fields with what is inside them."""
    for one in shown:
        yield one
        yield from every(one.fields)


def placeholders_for(bench: Bench, kind: str) -> tuple[Placeholder, ...]:
    """What the texts of a page may name: ``kind`` of the part, or a kind of letter."""
    if not kind:
        return ()
    known = COMMON | KINDS[kind] if kind in KINDS else _OF_PARTS[kind]
    own: list[Placeholder] = []
    if kind != "remedy":
        own = [
            Placeholder(".".join(path), label)
            for path, label, schema in _single_fields(mapping(bench.document.get("form")))
            if schema.get("type") not in ("array", "object")
        ]
    return (*own, *(Placeholder(name, str(PLACEHOLDERS.get(name, name))) for name in sorted(known)))


def with_focus(shown: Sequence[EditorField], name: str) -> tuple[EditorField, ...]:
    """The fields with the row of that name opened."""
    return tuple(
        replace(one, open=one.open or one.name == name, fields=with_focus(one.fields, name))
        for one in shown
    )


def _count(faults: Sequence[FieldError]) -> dict[str, int]:
    count: dict[str, int] = {}
    for fault in faults:
        key = section_of(fault.pointer)
        count[key] = count.get(key, 0) + 1
    return count


def _nearest(pointer: str, ids: Mapping[str, str]) -> str:
    while pointer and pointer not in ids:
        pointer = pointer.rpartition("/")[0]
    return ids.get(pointer, "")


def _single_fields(
    form: Mapping[str, Any],
) -> Iterator[tuple[tuple[str, ...], str, Mapping[str, Any]]]:
    try:
        for one in fields(form):
            yield one.path, field_label(one.schema, one.path[-1]), one.schema
    except (AttributeError, KeyError, TypeError):  # a draft's form may be anything
        return


def _pointers(form: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """What of the form and of the applicant can be pointed to: pointer, words, what it is."""
    for path, label, schema in _single_fields(form):
        kinds = (str(schema.get("type")), str(schema.get("format")))
        yield "/form/" + "/".join(path), f"{gettext('Formular')}: {label}", kinds
    for name, schema in PARTY_FIELDS.items():
        words = f"{gettext('Antragstellende Person')}: {dict(PARTY_WORDS).get(name, name)}"
        yield f"/applicant/{name}", words, (str(schema["type"]), str(schema.get("format")))
