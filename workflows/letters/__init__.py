"""Letters about a case: what each says, written and put on file, or shown before it is sent."""

from workflows.letters.issue import Rendered, issue_letters, render_letters, require_words
from workflows.letters.previewing import preview

__all__ = ["Rendered", "issue_letters", "preview", "render_letters", "require_words"]
