"""A pile of letters as one file for the printer."""

import io
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pikepdf


def bind(pdfs: Iterable[bytes | Path], *, duplex: bool = True, title: str = "Druckstapel") -> bytes:
    """The letters one after the other as one tagged PDF, the same bytes for the same letters.

    ``pdfs``: letters as this package renders them, at least one. ``duplex``: each begins on a new
    sheet, with a blank page before it if need be. Author and day are those of the last letter.
    """
    import pikepdf

    from efile.letters.finishing import About, describe, saved

    with pikepdf.new() as pile, ExitStack() as sources:
        structure = _Structure(pile)
        # In memory: a pile may be larger than the number of files that a process may open.
        contents = (pdf.read_bytes() if isinstance(pdf, Path) else pdf for pdf in pdfs)
        letters = [sources.enter_context(pikepdf.open(io.BytesIO(one))) for one in contents]
        for letter in letters:
            if duplex and len(pile.pages) % 2:
                structure.leave_blank(*letter.pages[0].mediabox[2:])
            structure.append(letter)
        told = letters[-1].docinfo
        dated = date.fromisoformat(str(told["/CreationDate"])[2:10])
        structure.attach()
        describe(pile, About(title, str(told["/Author"]), dated))
        return saved(pile)


class _Structure:
    """The structure of a pile: the documents of its letters, their parent trees renumbered."""

    def __init__(self, pile: "pikepdf.Pdf") -> None:
        import pikepdf

        self._pile = pile
        self._tree = pile.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot))
        self._documents = pikepdf.Array()
        self._numbers: list[object] = []
        self._next = 0

    def leave_blank(self, width: "pikepdf.Object", height: "pikepdf.Object") -> None:
        """Add the blank back of a sheet."""
        self._pile.add_blank_page(page_size=(float(width), float(height)))

    def append(self, letter: "pikepdf.Pdf") -> None:
        """Add the pages of ``letter``, then its tree: only so the tree refers to these pages."""
        before = len(self._pile.pages)
        self._pile.pages.extend(letter.pages)
        tree = letter.Root.StructTreeRoot
        document = self._pile.copy_foreign(tree.K)
        document.P = self._tree
        self._documents.append(document)
        numbers = self._pile.copy_foreign(tree.ParentTree).Nums
        for at in range(0, len(numbers), 2):
            self._numbers += [int(numbers[at]) + self._next, numbers[at + 1]]
        for page in self._pile.pages[before:]:
            page.obj.StructParents = int(page.obj.StructParents) + self._next
            for annotation in page.obj.get("/Annots", []):
                annotation.StructParent = int(annotation.StructParent) + self._next
        self._next += int(tree.ParentTreeNextKey)

    def attach(self) -> None:
        """Make the structure that of the pile."""
        import pikepdf

        nums = pikepdf.Dictionary(Nums=pikepdf.Array(self._numbers))
        self._tree.K = self._documents
        self._tree.ParentTree = self._pile.make_indirect(nums)
        self._tree.ParentTreeNextKey = self._next
        self._pile.Root.StructTreeRoot = self._tree
