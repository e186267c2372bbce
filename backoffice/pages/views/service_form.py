"""The form of a draft: a list of fields with the form beside it, and the sample application."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from backoffice.pages.counter_sheet import without
from backoffice.pages.presenters.service_changes import done
from backoffice.pages.presenters.service_editor import (
    Bench,
    frame_of,
    part_url,
    problems_of,
)
from backoffice.pages.presenters.service_form_fields import (
    added,
    closed,
    holders,
    moved,
    opened,
    removed,
)
from backoffice.pages.presenters.service_form_kinds import KINDS, kind_of, parts_of
from backoffice.pages.presenters.service_forms import (
    UNREADABLE,
    adding,
    field_editor,
    field_ground,
    field_rows,
    field_url,
    preview,
    read_sample,
    sample_fields,
)
from backoffice.pages.presenters.service_parts import mapping
from backoffice.pages.presenters.service_reading import read_parts
from backoffice.pages.presenters.service_sections import SECTIONS
from backoffice.pages.rows.service_pages import EditorPage
from backoffice.pages.schema_reading import ROW
from backoffice.pages.staff import StaffRequest, signed_in
from backoffice.pages.views.service_saving import Kept, bench_of, keep, onward, page
from efile.kernel.errors import NotFound
from workflows.catalogue.pointers import follow, join
from workflows.definitions.drafts import Draft, get_draft

_TYPED = ("label_de", "label_en", "kind", "needed", "holder")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def form(request: StaffRequest, service: str) -> HttpResponse:
    """The list of fields, or one of them opened; every button saves."""
    draft = get_draft(service, by=request.actor)
    pointer = request.GET.get("field", "")
    if pointer and not _is_field(draft, pointer):
        raise NotFound
    if request.method != "POST":
        return _shown(request, Kept(draft), pointer)
    return _edited(request, draft, pointer) if pointer else _arranged(request, draft)


@require_POST
@signed_in
def form_preview(request: StaffRequest, service: str) -> HttpResponse:
    """The form as it would be with what is typed; nothing is saved."""
    draft = get_draft(service, by=request.actor)
    pointer, language = request.GET.get("field", ""), request.POST.get("language", "de")
    bench, said = bench_of(request, draft), draft.document.get("form")
    if pointer and _is_field(draft, pointer):
        said = _with_typed(request, bench, pointer)
    shown = preview(said, language, bench.ground().languages)
    return render(request, "pages/_service_form_preview.html", {"preview": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def example(request: StaffRequest, service: str) -> HttpResponse:
    """The sample application, typed into the very form that the draft makes."""
    draft = get_draft(service, by=request.actor)
    if request.method != "POST":
        return _sample(request, Kept(draft))
    posted: dict[str, Sequence[str]] = dict(request.POST.lists())
    if gone := request.POST.get("remove"):
        posted = without(posted, gone)
    if more := request.POST.get("add"):
        posted[more] = [*posted.get(more, ()), ROW]
    try:
        document = draft.document | {"example": read_sample(draft.document, posted)}
    except UNREADABLE:
        return _sample(request, Kept(draft))
    kept = keep(request, draft, document, SECTIONS["example"].holds)
    if kept.status != 200:
        return _sample(request, kept)
    return onward(request, kept.draft, "example")


def _arranged(request: StaffRequest, draft: Draft) -> HttpResponse:
    """One more field, one less, or another order."""
    act, _colon, pointer = request.POST.get("do", "").partition(":")
    fields, focus = dict(mapping(draft.document.get("form"))), ""
    if act == "add":
        typed = {name: request.POST.get(name, "").strip() for name in _TYPED}
        places = [place for place, _ in holders(fields)]
        if typed["kind"] not in KINDS or not typed["label_de"]:
            messages.error(request, gettext("Wie lautet die Frage auf Deutsch?"))
            return _shown(request, Kept(draft, status=422), "")
        labels = {tag: typed[f"label_{tag}"] for tag in ("de", "en") if typed[f"label_{tag}"]}
        holder = typed["holder"] if typed["holder"] in places else "/form"
        fields, focus = added(fields, holder, typed["kind"], labels, needed=bool(typed["needed"]))
    elif act in ("up", "down", "remove") and _is_field(draft, pointer):
        fields = (
            removed(fields, pointer)
            if act == "remove"
            else moved(fields, pointer, -1 if act == "up" else 1)
        )
    kept = keep(request, draft, draft.document | {"form": fields}, SECTIONS["form"].holds)
    if kept.status != 200:
        return _shown(request, kept, "")
    if focus and kind_of(mapping(follow(kept.draft.document, focus))) in ("choice", "several"):
        # its choices are still to be said
        messages.success(request, gettext("Gespeichert."))
        return redirect(field_url(draft.service, focus))
    return onward(request, kept.draft, "form", focus)


def _edited(request: StaffRequest, draft: Draft, pointer: str) -> HttpResponse:
    bench = bench_of(request, draft)
    document = draft.document | {"form": _with_typed(request, bench, pointer)}
    kept = keep(request, draft, document, SECTIONS["form"].holds)
    if kept.status != 200:
        return _shown(request, kept, pointer)
    if request.POST.get("do") or request.POST.get("stay"):
        messages.success(request, gettext("Gespeichert."))
        return redirect(field_url(draft.service, pointer))
    return onward(request, kept.draft, "form", pointer)


def _with_typed(request: StaffRequest, bench: Bench, pointer: str) -> dict[str, object]:
    """The form with the field as it is typed, and what its button says."""
    fields = bench.document["form"]
    parts = parts_of(kind_of(mapping(follow(bench.document, pointer))))
    ground, posted = field_ground(bench, pointer), dict(request.POST.lists())
    entry = read_parts(parts, posted, pointer, opened(fields, pointer), ground)
    what = request.POST.get("do", "")
    if what:
        act, _colon, where = what.partition(":")
        inside = where.removeprefix(pointer)
        entry, _focus = done(entry, parts, f"{act}:{inside}")
    return closed(fields, pointer, entry)


def _is_field(draft: Draft, pointer: str) -> bool:
    around = pointer.rpartition("/")[0]
    found = follow(draft.document, pointer)
    return (
        pointer.startswith("/form/properties/")
        and around.endswith("/properties")
        and isinstance(found, dict)
    )


def _shown(request: StaffRequest, kept: Kept, pointer: str) -> HttpResponse:
    bench = bench_of(request, kept.draft)
    service, language = kept.draft.service, request.GET.get("lang", "de")
    frame = frame_of(bench, "form")
    fields = field_editor(bench, pointer) if pointer else ()
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    typed = {name: request.POST.get(name, "") for name in _TYPED}
    content = EditorPage(
        frame=frame,
        fields=fields,
        problems=() if kept.conflict else problems_of(bench, [pointer or "/form"], fields),
        said=kept.said,
        conflict=kept.conflict,
        form=preview(bench.document.get("form"), language, bench.ground().languages),
        list=() if pointer else field_rows(bench),
        adding=adding(bench, typed),
        editing=pointer,
        preview_url=f"{part_url(service, 'form')}/preview{query}",
        back_url=part_url(service, "form"),
    )
    return page(request, "service_form.html", content, path=frame.url, status=kept.status)


def _sample(request: StaffRequest, kept: Kept) -> HttpResponse:
    bench = bench_of(request, kept.draft)
    frame = frame_of(bench, "example")
    errors = _sample_errors(bench)
    try:
        shown = sample_fields(bench.document, errors)
        said = kept.said
    except UNREADABLE:
        shown, said = (), gettext("Erst muss das Formular stimmen, dann lässt es sich ausfüllen.")
    content = EditorPage(
        frame=frame,
        sample=shown,
        said=said,
        conflict=kept.conflict,
        problems=problems_of(bench, ["/example"], ()),
    )
    return page(request, "service_example.html", content, path=frame.url, status=kept.status)


def _sample_errors(bench: Bench) -> dict[str, str]:
    """Faults of the example where its page has them: parties go by their role."""
    errors: dict[str, str] = {}
    counted: dict[str, int] = {}
    places: dict[str, str] = {}
    parties = mapping(bench.document.get("example")).get("parties")
    for number, party in enumerate(parties if isinstance(parties, list) else ()):
        role = str(mapping(party).get("role"))
        places[f"/example/parties/{number}"] = join("/example/parties", role, counted.get(role, 0))
        counted[role] = counted.get(role, 0) + 1
    for pointer, said in bench.ground().errors.items():
        head = "/".join(pointer.split("/")[:4])
        errors[places.get(head, head) + pointer.removeprefix(head)] = said
    return errors
