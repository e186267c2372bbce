"""The text blocks of a service: ready sentences that fit a field, about this case."""

from backoffice.pages.presenters.desk import Desk
from backoffice.pages.presenters.values import day_text, language
from backoffice.pages.rows import BlockRow
from efile.kernel.clock import local_date
from workflows.application import named
from workflows.catalogue.parts import filled


def block_rows(desk: Desk, use: str, tongue: str = "de") -> tuple[BlockRow, ...]:
    """The blocks for ``use`` in the language ``tongue`` of what is being written."""
    blocks = [one for one in desk.dossier.definition.text_blocks if use in one.uses]
    if not blocks:
        return ()
    case, sent = desk.dossier.process.case, desk.dossier.application
    values = sent.definition.shown(sent.form, tongue) | named(
        tongue, case_reference=case.reference, unit=case.lead_unit.name
    )
    values |= {
        "applicant": case.applicant,
        "received_on": day_text(local_date(case.received_at).isoformat()),
    }
    return tuple(
        BlockRow(one.key, one.title.in_(language()), filled(one.text.in_(tongue), values))
        for one in blocks
    )


def needs_discretion(desk: Desk) -> bool:
    """Whether the service has discretion to exercise: it says so, or has words for it."""
    definition = desk.dossier.definition
    has_words = any("discretion" in one.uses for one in definition.text_blocks)
    return definition.discretion is not None or has_words
