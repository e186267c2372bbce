"""Makes of a drawn letter a file for everybody and for long: PDF/UA-1 and PDF/A-2a at once.

ISO 14289-1 wants the structure and who can read it, ISO 19005-2 colours and metadata that mean the
same in fifty years. The dates are the letter's, the identifier is a digest of the content: the same
letter makes the same bytes.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from efile.letters.tagging import Content, Element, Target

_SRGB: Final = (Path(__file__).parent / "colour" / "sRGB.icc").read_bytes()
_PROGRAM: Final = "Laufmappe"
_PRINTED: Final = 4  # annotation flag: also on paper (ISO 32000-1, table 165)


@dataclass(frozen=True, slots=True)
class About:
    """What the file says of itself: title, author, day and language (BCP 47). No personal data."""

    title: str
    author: str
    dated: date
    lang: str = "de"


def finish(drawn: bytes, about: About, root: Element, owners: Sequence[Sequence[Element]]) -> bytes:
    """``drawn`` with the structure under ``root``; ``owners``: for each page those of its MCIDs."""
    with pikepdf.open(io.BytesIO(drawn)) as document:
        _Tagging(document, owners).attach(root)
        for page in document.pages:
            _without_unembedded(page)
        describe(document, about)
        return saved(document)


def describe(document: pikepdf.Pdf, about: About) -> None:
    """Put what the file says of itself, its language and its colour space into ``document``."""
    day = String(f"D:{about.dated:%Y%m%d}000000Z")
    document.trailer.Info = document.make_indirect(
        Dictionary(
            Title=String(about.title),
            Author=String(about.author),
            Creator=String(_PROGRAM),
            Producer=String(_PROGRAM),
            CreationDate=day,
            ModDate=day,
        )
    )
    if "/ID" in document.trailer:
        del document.trailer["/ID"]
    root = document.Root
    root.Lang = String(about.lang)
    root.MarkInfo = Dictionary(Marked=True)
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    metadata = document.make_stream(_xmp(about).encode(), Type=Name.Metadata, Subtype=Name.XML)
    root.Metadata = metadata
    root.OutputIntents = Array([_intent(document)])


def saved(document: pikepdf.Pdf) -> bytes:
    """The bytes of ``document``, the same for the same content."""
    output = io.BytesIO()
    document.save(
        output,
        deterministic_id=True,
        force_version="1.7",
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return output.getvalue()


class _Tagging:
    """Writes a tree of elements into a document."""

    def __init__(self, document: pikepdf.Pdf, owners: Sequence[Sequence[Element]]) -> None:
        self._document = document
        self._pages = [page.obj for page in document.pages]
        self._owners = owners
        self._nodes: dict[int, pikepdf.Object] = {}
        # Keys of the parent tree: the pages first, then the annotations.
        self._annotated: list[pikepdf.Object] = []

    def attach(self, root: Element) -> None:
        tree = self._document.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        tree.K = self._node(root, tree)
        numbers: list[Any] = []
        for number, (page, owners) in enumerate(zip(self._pages, self._owners, strict=True)):
            page.StructParents = number
            page.Tabs = Name.S
            nodes = Array([self._nodes[id(owner)] for owner in owners])
            numbers += [number, self._document.make_indirect(nodes)]
        for number, node in enumerate(self._annotated, start=len(self._pages)):
            numbers += [number, node]
        tree.ParentTree = self._document.make_indirect(Dictionary(Nums=Array(numbers)))
        tree.ParentTreeNextKey = len(numbers) // 2
        self._document.Root.StructTreeRoot = tree

    def _node(self, element: Element, parent: pikepdf.Object) -> pikepdf.Object:
        told: dict[str, Any] = {"/S": Name(f"/{element.kind}"), "/P": parent}
        if element.lang:
            told["/Lang"] = String(element.lang)
        if element.alt:
            told["/Alt"] = String(element.alt)
        if element.attributes:
            told["/A"] = Array([_attributes(*of) for of in element.attributes.items()])
        node = self._document.make_indirect(Dictionary(told))
        self._nodes[id(element)] = node
        home = next((kid.page for kid in element.kids if isinstance(kid, Content)), None)
        if home is not None:
            node.Pg = self._pages[home]
        if kids := [self._kid(kid, node, home) for kid in element.kids]:
            node.K = Array(kids)
        return node

    def _kid(
        self, kid: Element | Content | Target, node: pikepdf.Object, home: int | None
    ) -> pikepdf.Object | int:
        if isinstance(kid, Element):
            return self._node(kid, node)
        if isinstance(kid, Target):
            return self._link(kid, node)
        if kid.page == home:
            return kid.mcid
        return Dictionary(Type=Name.MCR, Pg=self._pages[kid.page], MCID=kid.mcid)

    def _link(self, target: Target, node: pikepdf.Object) -> pikepdf.Object:
        page = self._pages[target.page]
        annotation = self._document.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=_value(target.box),
                Border=Array([0, 0, 0]),
                Contents=String(target.says),
                F=_PRINTED,
                A=Dictionary(S=Name.URI, URI=String(target.url)),
                StructParent=len(self._pages) + len(self._annotated),
            )
        )
        self._annotated.append(node)
        if "/Annots" not in page:
            page.Annots = Array()
        page.Annots.append(annotation)
        return Dictionary(Type=Name.OBJR, Pg=page, Obj=annotation)


def _attributes(owner: str, told: Mapping[str, Any]) -> pikepdf.Object:
    return Dictionary({"/O": Name(f"/{owner}")} | {f"/{key}": _value(told[key]) for key in told})


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return Name(f"/{value}")
    if isinstance(value, tuple):
        return Array([round(number, 2) for number in value])
    return value


def _without_unembedded(page: pikepdf.Page) -> None:
    # reportlab lists Helvetica on every page, used or not.
    fonts = page.obj.Resources.Font
    for name in [name for name, font in fonts.items() if font.BaseFont == "/Helvetica"]:
        del fonts[name]


def _intent(document: pikepdf.Pdf) -> pikepdf.Object:
    return document.make_indirect(
        Dictionary(
            Type=Name.OutputIntent,
            S=Name.GTS_PDFA1,
            OutputConditionIdentifier=String("sRGB"),
            Info=String("sRGB"),
            DestOutputProfile=document.make_stream(_SRGB, N=3, Alternate=Name.DeviceRGB),
        )
    )


def _xmp(about: About) -> str:
    day = f"{about.dated:%Y-%m-%d}T00:00:00Z"
    return _XMP.format(
        title=escape(about.title),
        author=escape(about.author),
        lang=escape(about.lang),
        day=day,
        program=_PROGRAM,
    )


# PDF/A wants a description of every property that XMP itself does not know: here pdfuaid:part.
_XMP: Final = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{lang}</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{program}</pdf:Producer>
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<xmp:CreatorTool>{program}</xmp:CreatorTool>
<xmp:CreateDate>{day}</xmp:CreateDate>
<xmp:ModifyDate>{day}</xmp:ModifyDate>
</rdf:Description>
<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
