"""Parts of a definition as fields on a page, filled with what the draft holds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext

from backoffice.pages.presenters.schema_forms import element_id
from backoffice.pages.presenters.service_parts import ABSENT, Ground, Part, listed, mapping
from backoffice.pages.presenters.service_reading import MEGABYTE
from backoffice.pages.presenters.service_rules import COMPARISONS, Clause, clauses_of
from backoffice.pages.presenters.service_words import language_text
from backoffice.pages.presenters.values import day_text, language
from backoffice.pages.rows import Option
from backoffice.pages.rows.service_pages import ClauseRow, EditorField
from backoffice.pages.schema_reading import text_of
from workflows.catalogue.messages import message
from workflows.catalogue.pointers import join

_INPUTS: Final[Mapping[str, Any]] = {
    "line": "line",
    "lines": "area",
    "area": "area",
    "integer": "number",
    "decimal": "line",
    "cents": "line",
    "megabytes": "line",
    "day": "date",
}


def shown_parts(
    parts: Sequence[Part], pointer: str, value: Any, ground: Ground
) -> tuple[EditorField, ...]:
    """The fields for ``parts`` of the group at ``pointer``."""
    held = mapping(value)
    return tuple(
        shown_part(part, join(pointer, part.at), held.get(part.at, ABSENT), ground)
        for part in parts
    )


def shown_part(part: Part, pointer: str, value: Any, ground: Ground) -> EditorField:
    """One part as it is edited, whatever the draft holds in its place."""
    shown = EditorField(
        name=pointer,
        id=element_id(pointer),
        label=str(part.label),
        kind="line",
        hint=str(part.hint),
        error=ground.errors.get(pointer, ""),
        height=part.height,
        unit=str(part.unit),
    )
    show = _SHOWN.get(part.kind, _plain_input)
    return show(part, value, shown, ground)


def _group(part: Part, value: Any, shown: EditorField, ground: Ground) -> EditorField:
    begun = part.new is not ABSENT
    if begun and value in (None, ABSENT):
        return replace(shown, kind="absent", add=str(part.item))
    inside = shown_parts(part.parts, shown.name, value, ground)
    gone = gettext("%(what)s entfernen") % {"what": part.label} if begun else ""
    return replace(shown, kind="group", fields=inside, remove=gone)


def _plain_input(part: Part, value: Any, shown: EditorField, _ground: Ground) -> EditorField:
    return replace(shown, kind=_INPUTS[part.kind], value=_text(part, value))


def _tick(_part: Part, value: Any, shown: EditorField, _ground: Ground) -> EditorField:
    return replace(shown, kind="tick", checked=value is True)


def _ticks(part: Part, value: Any, shown: EditorField, ground: Ground) -> EditorField:
    return replace(shown, kind="ticks", options=_options(ground.choices_of(part), listed(value)))


def _rows(part: Part, value: Any, shown: EditorField, ground: Ground) -> EditorField:
    items = listed(value)
    rows = []
    for place, item in enumerate(items):
        here = join(shown.name, place)
        fields: tuple[EditorField, ...] = ()
        if part.parts:
            fields = shown_parts(part.parts, here, item, ground)
        else:
            words = Part(at="", kind="words", label="", height=part.height)
            fields = (shown_part(words, here, item, ground),)
        title = _title_of(item) or gettext("%(what)s %(number)d") % {
            "what": part.item,
            "number": place + 1,
        }
        faulty = any(one == here or one.startswith(f"{here}/") for one in ground.errors)
        rows.append(
            EditorField(
                name=here,
                id=element_id(here) if part.parts else f"{element_id(here)}-row",
                label=title,
                kind="group",
                mark=str(place),
                fields=fields,
                error=ground.errors.get(here, ""),
                note=gettext("unvollständig oder fehlerhaft") if faulty else "",
                open=not part.folded or faulty or ground.opened == here,
                remove=gettext("%(what)s entfernen") % {"what": title},
                is_first=place == 0,
                is_last=place == len(items) - 1,
            )
        )
    return replace(shown, kind="rows", fields=tuple(rows), add=str(part.item))


def _title_of(item: Any) -> str:
    held = mapping(item)
    named = mapping(held.get("title") or held.get("label") or held.get("text"))
    if named:
        return str(named.get(language()) or named.get("de") or "")
    if held.get("valid_from"):
        return gettext("Ab %(day)s") % {"day": day_text(str(held["valid_from"]))}
    return ""


def _words(part: Part, value: Any, shown: EditorField, ground: Ground) -> EditorField:
    held = mapping(value)
    tags = dict.fromkeys([*ground.languages, *held])
    fields = tuple(
        EditorField(
            name=join(shown.name, tag),
            id=element_id(join(shown.name, tag)),
            label=language_text(tag),
            kind="area" if part.height > 1 else "line",
            value=str(held.get(tag, "")),
            lang=tag,
            height=part.height,
            error=ground.errors.get(join(shown.name, tag), ""),
        )
        for tag in tags
    )
    return replace(shown, kind="words", fields=fields)


def _steps(part: Part, value: Any, shown: EditorField, _ground: Ground) -> EditorField:
    known = {mapping(one).get("key"): listed(mapping(one).get("roles")) for one in listed(value)}
    rows = tuple(
        EditorField(
            name=join(shown.name, key),
            id=element_id(join(shown.name, key)),
            label=str(label),
            kind="ticks",
            options=_options(part.choices, known.get(key, ())),
        )
        for key, label in part.parts[0].choices
    )
    return replace(shown, kind="group", fields=rows)


def _map(_part: Part, value: Any, shown: EditorField, _ground: Ground) -> EditorField:
    pairs = [*mapping(value).items(), ("", "")]
    rows = tuple(
        EditorField(
            name=f"{shown.name}?{place}",
            id=f"{shown.id}-{place}",
            label=name,
            kind="line",
            title=name,
            value=f"={_plain(mapping(to).get('value'))}" if isinstance(to, Mapping) else str(to),
        )
        for place, (name, to) in enumerate(pairs)
    )
    return replace(shown, kind="map", fields=rows)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nein"
    return str(value)


def _rule(part: Part, value: Any, shown: EditorField, ground: Ground) -> EditorField:
    expression = value if isinstance(value, str) else ""
    found = clauses_of(expression, ground.words) if part.returns == "BOOL" else None
    error = shown.error
    if not error and (fault := ground.fault_of(expression, part)):
        error = message(fault.rule, {"detail": fault.detail}, language())
    options: tuple[Option, ...] = ()
    if part.kind == "needed":
        said = "when" if expression else "always" if value is True else "never"
        options = _options(part.choices, [said])
    return replace(
        shown,
        kind="rule",
        value=expression,
        error=error,
        options=options,
        raw=found is None or (bool(error) and bool(expression)),
        clauses=() if found is None else _clauses(found, part, ground),
    )


def _clauses(found: Sequence[Clause], part: Part, ground: Ground) -> tuple[ClauseRow, ...]:
    """The conditions, and one more to fill in."""
    variables = list(ground.words.variables(part.scope))
    return tuple(
        ClauseRow(
            left=(
                Option("", gettext("Bitte wählen")),
                *(Option(name, label, selected=name == one.left) for name, label in variables),
            ),
            compare=tuple(
                Option(key, str(label), selected=key == one.compare)
                for key, (label, _) in COMPARISONS.items()
            ),
            right=one.right,
        )
        for one in (*found, Clause("", "is"))
    )


def _choice(part: Part, value: Any, shown: EditorField, ground: Ground) -> EditorField:
    held = [] if value in (None, ABSENT) else [value]
    options = _options(ground.choices_of(part), held)
    if held and not any(option.selected for option in options):
        options = (*options, Option(text_of(value), text_of(value), selected=True))
    return replace(shown, kind="select", options=(Option("", gettext("Bitte wählen")), *options))


def _options(choices: Any, held: Sequence[Any]) -> tuple[Option, ...]:
    chosen = {text_of(one) for one in held}
    return tuple(
        Option(text_of(value), str(label), selected=text_of(value) in chosen)
        for value, label in choices
    )


def _text(part: Part, value: Any) -> str:
    if value in (None, ABSENT):
        return ""
    if part.kind == "lines":
        return "\n".join(str(one) for one in listed(value))
    if type(value) is int and part.kind == "cents":
        return f"{value // 100},{value % 100:02}"
    if type(value) is int and part.kind == "megabytes":
        return text_of(round(value / MEGABYTE, 2)).removesuffix(",0")
    return text_of(value)


_SHOWN: Final[Mapping[str, Callable[[Part, Any, EditorField, Ground], EditorField]]] = {
    "group": _group,
    "rows": _rows,
    "words": _words,
    "ticks": _ticks,
    "steps": _steps,
    "map": _map,
    "rule": _rule,
    "needed": _rule,
    "flag": _tick,
    "choice": _choice,
}
