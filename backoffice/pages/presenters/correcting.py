"""Putting right what was sent: the pencil beside a value, and the form in its place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext

from backoffice.pages.presenters.attempts import Attempt
from backoffice.pages.presenters.desk import Desk
from backoffice.pages.presenters.form_words import label_at, value_text
from backoffice.pages.presenters.problems import sentence_of
from backoffice.pages.presenters.schema_forms import Filled, element_id, schema_field
from backoffice.pages.presenters.values import NOTHING
from backoffice.pages.rows import (
    ActionField,
    CorrectionRow,
    FieldEdit,
    FieldProblem,
    FieldRow,
)
from backoffice.pages.rows.counter import SchemaField
from backoffice.pages.schema_reading import written
from efile.policy import Action
from workflows.application import Application
from workflows.catalogue.pointers import follow, split, within
from workflows.corrections import LONGEST_REASON, correctable


@dataclass(frozen=True, slots=True)
class Editing:
    """Which field somebody is ``at``, what came of an ``attempt`` on it, or is ``done`` with."""

    at: str = ""
    done: str = ""
    attempt: Attempt | None = None


@dataclass(frozen=True, slots=True)
class Pencil:
    """What of an application the reader may put right, and where; by default nothing."""

    url: str = ""
    cancel_url: str = ""
    version: str = ""
    parts: frozenset[str] = field(default_factory=frozenset)
    editing: Editing = Editing()

    @classmethod
    def of(cls, desk: Desk, editing: Editing | None) -> "Pencil":
        """The pencil of whoever sits at ``desk``."""
        process = desk.dossier.process
        able = not desk.dossier.held and desk.may(Action.EXAMINE)
        return cls(
            url=desk.url("correct"),
            cancel_url=desk.url("case"),
            version=desk.version,
            parts=correctable(process) if able else frozenset(),
            editing=editing or Editing(),
        )

    def reaches(self, pointer: str) -> bool:
        """Whether the reader may put right what lies at ``pointer``."""
        return split(pointer)[0] in self.parts

    def row(
        self,
        application: Application,
        pointer: str,
        schema: Mapping[str, Any],
        row: FieldRow,
        *,
        required: bool,
        told: Callable[[Any], str] | None = None,
    ) -> FieldRow:
        """``row`` with what was sent in its place, and the way to put it right.

        ``told`` puts the sent value into words where its ``schema`` alone does not.
        """
        key = row_id(pointer)
        told = told or partial(value_text, schema)
        marked = replace(row, key=key, corrected=_beside(application, pointer, told))
        # What can only be one thing is a declaration, and that is the applicant's alone.
        if not self.reaches(pointer) or "const" in schema:
            return marked
        address = f"{self.url}?{urlencode({'at': pointer})}#{key}"
        if self.editing.at != pointer:
            return replace(marked, edit_url=address, focused=self.editing.done == pointer)
        edit = self._form(application, pointer, schema, required=required)
        return replace(marked, edit_url=address, edit=edit)

    def _form(
        self, application: Application, pointer: str, schema: Mapping[str, Any], *, required: bool
    ) -> FieldEdit:
        attempt = self.editing.attempt
        problems = _problems(application, attempt) if attempt else {}
        if attempt:
            posted: Mapping[str, Any] = attempt.typed
        else:
            posted = written(schema, follow(application.effective, pointer), pointer)
        shown = schema_field(
            schema, Filled(posted=posted, errors=problems), pointer, required=required
        )
        typed = attempt.typed.get("reason", ()) if attempt else ()
        reason = ActionField(
            name="reason",
            label=gettext("Grund der Berichtigung"),
            kind="text",
            value=typed[-1] if typed else "",
            required=True,
            maximum=str(LONGEST_REASON),
            hint=gettext("Was gesendet wurde, bleibt daneben stehen."),
            error=problems.get("/reason", ""),
        )
        return FieldEdit(
            url=self.url,
            cancel_url=f"{self.cancel_url}#{row_id(pointer)}",
            leave_url=f"{self.url}?{urlencode({'left': pointer})}",
            pointer=pointer,
            version=self.version,
            field=_ready(shown),
            reason=reason,
            problems=tuple(_elsewhere(pointer, problems, attempt)),
        )


def row_id(pointer: str) -> str:
    """The id of the row that shows ``pointer``; inputs have ids of their own."""
    return f"d{element_id(pointer)[1:]}"


def _beside(
    application: Application, pointer: str, told: Callable[[Any], str]
) -> CorrectionRow | None:
    one = application.corrections.get(pointer)
    if one is None:
        return None
    return CorrectionRow(told(one.sent) or NOTHING, one.name, one.at, one.reason)


def _problems(application: Application, attempt: Attempt) -> dict[str, str]:
    """Sentences by pointer; a fault of another field says which."""
    form = application.definition.form
    at = (attempt.typed.get("at") or [""])[-1]
    found: dict[str, str] = {}
    for error in attempt.errors:
        said = sentence_of(error)
        if within("/form", error.pointer) and not within(at, error.pointer):
            said = f"{label_at(form, error.pointer.removeprefix('/form'))}: {said}"
        found[error.pointer] = f"{found[error.pointer]} {said}" if error.pointer in found else said
    return found


def _elsewhere(
    pointer: str, problems: Mapping[str, str], attempt: Attempt | None
) -> list[FieldProblem]:
    """What stands above the form: problems that none of its inputs shows."""
    shown = [
        FieldProblem("", said)
        for at, said in problems.items()
        if at != "/reason" and not within(pointer, at)
    ]
    return [*shown, FieldProblem("", attempt.said)] if attempt and attempt.said else shown


def _ready(shown: SchemaField) -> SchemaField:
    """The field with its first input ready to be typed into."""
    if not shown.fields:
        return replace(shown, autofocus=True)
    first, *rest = shown.fields
    return replace(shown, fields=(_ready(first), *rest))
