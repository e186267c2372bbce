"""The letters that decide: granted, refused, revoked – and the permit that comes with a grant."""

from collections.abc import Mapping
from typing import Final

from django.conf import settings

from efile.kernel.errors import Conflict
from efile.letters.decision import DecisionFacts
from efile.letters.permit import PermitFacts
from efile.letters.text import euros
from workflows.catalogue.definition import Definition
from workflows.catalogue.money import Fee
from workflows.decisions import fee_of
from workflows.letters.assessments import tables_of, values_of
from workflows.letters.payment import payment_of
from workflows.letters.writing import Writing, name_of
from workflows.machine import Step
from workflows.models import Decision
from workflows.waiting.told import words_of

_STEPS: Final[Mapping[str, Step]] = {
    "granted": Step.GRANT,
    "granted_in_part": Step.GRANT_IN_PART,
    "refused": Step.REFUSE,
}


def decision_facts(writing: Writing, decision: Decision, signed_by: str) -> DecisionFacts:
    """Everything that the letter of ``decision`` says. Refuses: PlaceholderMissing."""
    definition = writing.definition
    letter = definition.letter(definition.letter_kind(decision.kind, writing.sent.form))
    fee = fee_for(writing, decision)
    # Whoever gets all they asked for can still object to what it costs.
    burdens = fee.cents or writing.assessment or not decision.imposes_nothing
    remedy = remedy_of(writing.definition, "de") if burdens else ""
    language = writing.language
    return DecisionFacts(
        **writing.common,
        title=writing.titled(letter.title),
        body="\n".join(text.in_("de") for text in letter.paragraphs),
        values=writing.values,
        kind=decision.kind,
        reasons=decision.reasons,
        clauses=decision.clauses,
        discretion=decision.discretion,
        fee_cents=fee.cents,
        fee_basis=fee.legal_basis,
        fee_lines=[
            (line.title.in_("de"), line.quantity, line.cents_each) for line in fee.positions
        ],
        payment=payment_of(writing) if fee.cents else None,
        remedy=remedy,
        automated=decision.is_automated,
        legal_basis=decision.legal_basis,
        signed_by=signed_by,
        regime=writing.definition.remedy.regime,
        summary=writing.fill(letter.summary),
        tables=tables_of(writing),
        attachments=[permit_title(writing)] if has_permit(writing) else [],
        translation=writing.translation(
            letter, remedy_of(writing.definition, language) if remedy else ""
        ),
    )


def decision_values(writing: Writing, decision: Decision) -> dict[str, str]:
    """What only the letter of a decision may name."""
    fee = fee_for(writing, decision)
    place = words_of(decision.case_id) if writing.definition.waiting_list else {}
    return place | {
        "reasons": decision.reasons,
        "fee": euros(fee.cents) if fee.cents else "gebührenfrei",
        **values_of(writing.assessment),
    }


def fee_for(writing: Writing, decision: Decision) -> Fee:
    """What ``decision`` costs; a draft that cannot tell says nothing."""
    try:
        return fee_of(writing.sent, _STEPS[decision.kind], decision.decided_at)
    except Conflict:
        if not writing.draft:
            raise
        return Fee(0, "EUR", "", ())


def revocation_facts(writing: Writing, reason: str, by: str) -> DecisionFacts:
    """Everything that the letter says by which a standing matter is revoked."""
    letter = writing.definition.letter("revocation")
    remedy = remedy_of(writing.definition, "de")
    return DecisionFacts(
        **writing.common,
        title=writing.titled(letter.title),
        body="\n".join(text.in_("de") for text in letter.paragraphs),
        values=writing.values,
        kind="revoked",
        reasons=reason,
        clauses="",
        fee_cents=0,
        fee_basis="",
        fee_lines=[],
        remedy=remedy,
        automated=False,
        legal_basis="",
        signed_by=name_of(by),
        regime=writing.definition.remedy.regime,
        summary=writing.fill(letter.summary),
        translation=writing.translation(letter, remedy_of(writing.definition, writing.language)),
    )


def remedy_of(definition: Definition, language: str) -> str:
    """The instruction on remedies with body and seat; "" where there is none."""
    remedy = definition.remedy
    if remedy.instruction is None:
        return ""
    text = remedy.instruction.in_(language)
    return text.replace("{body}", remedy.body or "").replace("{address}", remedy.address or "")


def has_permit(writing: Writing) -> bool:
    """Whether a permit is printed for the case: it grants or changes one, and has words for it."""
    matter = writing.definition.standing_matter
    if not (writing.matter and matter and matter.permit):
        return False
    return writing.definition.effect_of(writing.sent.form) in ("begin", "change")


def permit_title(writing: Writing) -> str:
    """What the permit is called."""
    matter = writing.definition.standing_matter
    assert matter is not None
    assert writing.matter is not None
    return f"{matter.title.in_('de')} {writing.matter.number}"


def permit_facts(writing: Writing) -> PermitFacts:
    """Everything that the permit of the case says."""
    matter, known = writing.definition.standing_matter, writing.matter
    assert matter is not None
    assert matter.permit is not None
    assert known is not None
    common = writing.common
    return PermitFacts(
        letterhead=common["letterhead"],
        city=common["city"],
        reference=common["reference"],
        dated=writing.dated,
        number=known.number,
        title=matter.title.in_("de"),
        rows=[(row.label.in_("de"), writing.fill_plain(row.value)) for row in matter.permit.rows],
        valid_from=known.valid_from,
        valid_to=known.valid_to,
        code_url=f"{settings.PUBLIC_URL.rstrip('/')}/v/{known.public_key}",
        notes=[text.in_("de") for text in matter.permit.notes],
        draft=writing.draft,
    )
