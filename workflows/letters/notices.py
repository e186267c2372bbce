"""The letters that decide nothing: questions, hearings, confirmations, messages."""

from collections.abc import Sequence

from efile.letters.notice import NoticeFacts
from workflows.letters.writing import Writing


def notice_facts(
    writing: Writing, kind: str, *, signed_by: str, proofs: Sequence[str] = ()
) -> NoticeFacts:
    """Everything that a letter of ``kind`` says; ``proofs`` are keys of what it asks for.

    Refuses: PlaceholderMissing.
    """
    letter = writing.definition.letter(kind)
    asked = [proof for proof in writing.definition.proofs if proof.key in proofs]
    typed = writing.more.get("text", "")
    # Somebody who wrote them down themselves need not be told twice.
    items = [title for one in asked if (title := one.title.in_("de")) not in typed]
    paragraphs = list(writing.paragraphs(letter.paragraphs))
    if items and letter.items:
        paragraphs.append(writing.fill(letter.items))
    language = writing.language
    return NoticeFacts(
        **writing.common,
        title=writing.fill_plain(writing.titled(letter.title)),
        paragraphs=paragraphs,
        items=items,
        deadline=writing.fill(letter.deadline) if letter.deadline else "",
        further=list(writing.paragraphs(letter.further)),
        closing=writing.fill(letter.closing) if letter.closing else "",
        signed_by=signed_by,
        summary=writing.fill(letter.summary),
        translation=writing.translation(letter, *(one.title.in_(language) for one in asked)),
    )
