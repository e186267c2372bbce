"""The structure of a tagged letter as a screen reader walks it."""

import ctypes
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
import pypdfium2.raw as pdfium

from tests.efile.letters.reading import opened

_PAINTS = {
    "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "INLINE IMAGE",
    "Tj", "TJ", "'", '"',
}  # fmt: skip


@dataclass
class Node:
    """A structure element; texts stand where its marked content is."""

    kind: str
    lang: str = ""
    alt: str = ""
    told: dict[str, Any] = field(default_factory=dict)
    kids: list["Node | str"] = field(default_factory=list)

    def every(self, *kinds: str) -> Iterator["Node"]:
        """The elements of these kinds below this one, in reading order."""
        for kid in self.kids:
            if isinstance(kid, Node):
                if kid.kind in kinds:
                    yield kid
                yield from kid.every(*kinds)

    @property
    def text(self) -> str:
        """Everything that is read, on one line."""
        parts = (kid if isinstance(kid, str) else kid.text for kid in self.kids)
        return " ".join(" ".join(parts).split())


def tree(pdf: bytes) -> Node:
    """The one document that the structure of ``pdf`` consists of."""
    (document,) = tree_of_each(pdf)
    return document


def tree_of_each(pdf: bytes) -> list[Node]:
    """The documents that ``pdf`` binds together."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        texts = _texts(pdf)
        pages = {page.obj.objgen: number for number, page in enumerate(document.pages)}
        roots = document.Root.StructTreeRoot.K
        each = roots if isinstance(roots, pikepdf.Array) else [roots]
        return [_node(root, pages, texts) for root in each]


def untagged(pdf: bytes) -> list[str]:
    """What is painted outside of marked content and of artifacts, or marked within artifacts."""
    found = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for number, page in enumerate(document.pages, start=1):
            around: list[str] = []
            for operation in pikepdf.parse_content_stream(page):
                name, operands = str(operation.operator), operation.operands
                if name in {"BMC", "BDC"}:
                    kind = "MCID" if "/MCID" in str(operands[-1:]) else str(operands[0])
                    if around and kind in {"MCID", "/Artifact"}:
                        found.append(f"page {number}: {kind} within {around}")
                    around.append(kind)
                elif name == "EMC":
                    around.pop()
                elif name in _PAINTS and not around:
                    found.append(f"page {number}: {name} {list(operands)}")
    return found


def marked(pdf: bytes) -> set[tuple[int, int]]:
    """Page and MCID of every marked piece of content that the pages have."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {
            (number, int(told.MCID))
            for number, page in enumerate(document.pages)
            for told in _told(page)
            if "/MCID" in told
        }


def _told(page: pikepdf.Page) -> list[Any]:
    """The properties of the marked content of ``page``."""
    return [
        operation.operands[1]
        for operation in pikepdf.parse_content_stream(page)
        if str(operation.operator) == "BDC"
    ]


def owned(pdf: bytes) -> list[tuple[int, int]]:
    """Page and MCID of every piece of content that the tree has, in reading order."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [place for place, _ in _contents(document)]


def beginnings(pdf: bytes) -> list[tuple[int, int]]:
    """Where each element begins, in reading order, without the contacts that are read last.

    They stand at the foot of the first page.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root.StructTreeRoot.K
        if root.K[-1].S == "/Div":
            del root.K[-1]
        begun = {element.objgen: place for place, element in reversed([*_contents(document)])}
    return [*begun.values()][::-1]


def parents_agree(pdf: bytes) -> bool:
    """Whether the parent tree names for every piece the element that has it."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root.StructTreeRoot
        nums = root.ParentTree.Nums
        by_key = {int(nums[at]): nums[at + 1] for at in range(0, len(nums), 2)}
        # The blank back of a sheet has none.
        keys = [int(page.obj.get("/StructParents", -1)) for page in document.pages]
        return all(
            by_key[keys[page]][mcid].objgen == element.objgen
            for (page, mcid), element in _contents(document)
        )


def _contents(document: pikepdf.Pdf) -> Iterator[tuple[tuple[int, int], pikepdf.Object]]:
    """Every piece of content as (page, MCID) with its element, in reading order."""
    pages = {page.obj.objgen: number for number, page in enumerate(document.pages)}
    yield from _below(document.Root.StructTreeRoot, pages)


def _below(element: Any, pages: dict[Any, int]) -> Iterator[tuple[tuple[int, int], pikepdf.Object]]:
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            yield (pages[element.Pg.objgen], int(kid)), element
        elif "/MCID" in kid:
            yield (pages[kid.Pg.objgen], int(kid.MCID)), element
        elif "/S" in kid:
            yield from _below(kid, pages)


def _node(element: Any, pages: dict[Any, int], texts: dict[tuple[int, int], str]) -> Node:
    told = {key: value for of in element.get("/A", []) for key, value in of.items()}
    node = Node(
        str(element.S)[1:], str(element.get("/Lang", "")), str(element.get("/Alt", "")), told
    )
    for kid in element.get("/K", []):
        if isinstance(kid, int):
            node.kids.append(texts.get((pages[element.Pg.objgen], int(kid)), ""))
        elif "/MCID" in kid:
            node.kids.append(texts.get((pages[kid.Pg.objgen], int(kid.MCID)), ""))
        elif "/S" in kid:
            node.kids.append(_node(kid, pages, texts))
    return node


def _texts(pdf: bytes) -> dict[tuple[int, int], str]:
    """The text of every marked piece of content, as PDFium extracts it."""
    found: dict[tuple[int, int], list[str]] = {}
    with opened(pdf) as document:
        for number, page in enumerate(document):
            read = page.get_textpage()
            for piece in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
                mcid = pdfium.FPDFPageObj_GetMarkedContentID(piece)
                found.setdefault((number, mcid), []).append(_text(piece, read))
    return {place: " ".join(pieces) for place, pieces in found.items()}


def _text(piece: Any, read: Any) -> str:
    size = pdfium.FPDFTextObj_GetText(piece, read, None, 0)
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    pdfium.FPDFTextObj_GetText(piece, read, buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le")
