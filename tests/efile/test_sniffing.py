"""What a file is, and how it may be called."""

import io
import unicodedata
import zipfile

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from efile.kernel.errors import FieldError, Invalid
from efile.sniffing import require_allowed, safe_filename, sniff

OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
MAIL = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: Hund\r\nDate: Mon, 5 Jan 2026\r\n\r\n"


def pdf() -> bytes:
    file = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(file)
    return file.getvalue()


def image(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, kind)
    return file.getvalue()


class Unseekable(io.BytesIO):
    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise io.UnsupportedOperation


def archive(*names: str, first: bytes = b"<x/>", streamed: bool = False) -> bytes:
    file = Unseekable() if streamed else io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as entries:
        for position, name in enumerate(names):
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            entries.writestr(name, first if position == 0 else b"<y/>" * 50, kind)
    return file.getvalue()


KINDS = {
    "nothing": (b"", "application/x-empty"),
    "pdf": (pdf(), "application/pdf"),
    "png": (image("PNG"), "image/png"),
    "jpeg": (image("JPEG"), "image/jpeg"),
    "gif": (image("GIF"), "image/gif"),
    "tiff": (image("TIFF"), "image/tiff"),
    "tiff, big end first": (b"MM\x00*\x00\x00\x00\x08", "image/tiff"),
    "webp": (image("WEBP"), "image/webp"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic"),
    "heic by its second brand": (b"\0\0\0\x1cftypmif1\0\0\0\0mif1miafheic", "image/heic"),
    "avif": (image("AVIF"), "image/avif"),
    "video": (b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2", "video/mp4"),
    "zip": (archive("holiday.jpg", "word/document.xml"), "application/zip"),
    "zip without entries": (archive(), "application/zip"),
    "zip named like a document": (archive("word/document.xml"), "application/zip"),
    "docx": (
        archive("[Content_Types].xml", "_rels/.rels", "word/document.xml"),
        OOXML + "wordprocessingml.document",
    ),
    "docx, streamed": (
        archive("_rels/.rels", "docProps/app.xml", "word/document.xml", streamed=True),
        OOXML + "wordprocessingml.document",
    ),
    "xlsx": (
        archive("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"),
        OOXML + "spreadsheetml.sheet",
    ),
    "pptx": (
        archive("[Content_Types].xml", "docProps/app.xml", "ppt/presentation.xml"),
        OOXML + "presentationml.presentation",
    ),
    "a package of another kind": (
        archive("[Content_Types].xml", "AppxManifest.xml"),
        "application/zip",
    ),
    "odt": (archive("mimetype", "content.xml", first=f"{ODF}text".encode()), ODF + "text"),
    "ods, streamed": (
        archive("mimetype", "content.xml", first=f"{ODF}spreadsheet".encode(), streamed=True),
        ODF + "spreadsheet",
    ),
    "epub": (archive("mimetype", "x", first=b"application/epub+zip"), "application/zip"),
    "zip, cut in a header": (archive("[Content_Types].xml")[:20], "application/zip"),
    "text": ("Müßiggang\r\n\tin Łódź 🐕\n".encode(), "text/plain"),
    "text with a mark": (b"\xef\xbb\xbfPlate;Zone\r\nD-LM 123;A4\r\n", "text/plain"),
    "text beginning with MZ": (b"MZ-Nummer: 12, Mainz\n" * 5, "text/plain"),
    "text with an angle": (b"<3 und <Anrede> fehlen", "text/plain"),
    "text with colons": (b"Date: tomorrow\nPlace: town hall\n", "text/plain"),
    "text beginning like a mail": (b"Received: yesterday\nall of it\n", "text/plain"),
    "text in Latin-1": ("Müßiggang".encode("latin-1"), "application/octet-stream"),
    "text with an escape": (b"harmless \x1b[2J", "application/octet-stream"),
    "text with C1 controls": ("a\x9bb".encode(), "application/octet-stream"),
    "xml": (b'<?xml version="1.0" encoding="ISO-8859-1"?>\n<a>\xfc</a>', "application/xml"),
    "xml by its namespace": (b'<xd:m xmlns:xd="urn:x"/>', "application/xml"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "image/svg+xml"),
    "svg after much ado": (
        b'<?xml version="1.0"?><!-- a --> <!DOCTYPE svg PUBLIC "x"><svg:svg>',
        "image/svg+xml",
    ),
    "html": (b"\n <!DOCTYPE html>\n<html>", "text/html"),
    "html without a head": (b"<ScRiPt\n>alert(1)</script>", "text/html"),
    "html after a comment": (b"<!-- > --><body onload=x>", "text/html"),
    "svg behind an endless comment": (b"<?xml version='1.0'?><!-- <svg>", "text/html"),
    "html behind an endless comment": (b"<!-- " + b"x" * 9000, "text/html"),
    "html as xml": (b'<?xml version="1.0"?><!DOCTYPE html><html>', "text/html"),
    "html in xml": (
        b'<?xml version="1.0"?><a xmlns:h="http://www.w3.org/1999/xhtml"><h:script/></a>',
        "text/html",
    ),
    "mail": (MAIL + b"Hallo \xfc", "message/rfc822"),
    "mail with a long way": (
        b"Received: from a\r\n\tby b\r\nARC-Seal: " + b"x" * 9000,
        "message/rfc822",
    ),
    "executable, Linux": (b"\x7fELF\x02\x01\x01\x00", "application/x-executable"),
    "executable, Windows": (
        b"MZ\x90\x00\x03\x00\x00\x00",
        "application/vnd.microsoft.portable-executable",
    ),
    "script": (b"#!/bin/sh\nrm -rf /\n", "text/x-shellscript"),
    "rtf": (b"{\\rtf1\\ansi Hallo}", "application/rtf"),
    "old office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 20, "application/x-ole-storage"),
    "noise": (bytes(range(255, 0, -1)), "application/octet-stream"),
}

TWO_AT_ONCE = {
    "pdf after junk": (b"\x01\x02junk\n" + PDF, "application/pdf"),
    "pdf after a mark": (b"\xef\xbb\xbf" + PDF, "application/pdf"),
    "pdf at the last moment": (b"\xf0" * 1016 + PDF, "application/pdf"),
    "pdf too late": (b"\xf0" * 1017 + PDF, "application/octet-stream"),
    "png, then pdf": (PNG + PDF, "image/png"),
    "gif, then pdf": (b"GIF89a" + PDF, "image/gif"),
    "jpeg, then html": (b"\xff\xd8\xff\xe0<html>", "image/jpeg"),
    "zip, then pdf": (archive("a.txt") + PDF, "application/zip"),
    "pdf, then zip": (PDF + archive("a.txt"), "application/pdf"),
    "html, then pdf": (b"<!DOCTYPE html><script>x</script>" + PDF, "text/html"),
    "svg, then pdf": (b"<svg ><!--" + PDF, "image/svg+xml"),
    "mail, then pdf": (MAIL + PDF, "message/rfc822"),
    "executable, then pdf": (b"\x7fELF" + PDF, "application/x-executable"),
    "windows executable, then pdf": (
        b"MZ\x00" + PDF,
        "application/vnd.microsoft.portable-executable",
    ),
    "script, then pdf": (b"#!/bin/sh\n" + PDF, "text/x-shellscript"),
}


class TestSniff:
    @pytest.mark.parametrize("kind", KINDS)
    def test_tells_the_kind_from_the_bytes(self, kind: str) -> None:
        content, media_type = KINDS[kind]
        assert sniff(content[:8192], len(content)) == media_type

    @pytest.mark.parametrize("kind", TWO_AT_ONCE)
    def test_takes_what_is_two_things_for_what_it_begins_as(self, kind: str) -> None:
        content, media_type = TWO_AT_ONCE[kind]
        assert sniff(content, len(content)) == media_type

    def test_allows_for_a_character_cut_in_two(self) -> None:
        content = "ü".encode()
        assert sniff(b"a" + content[:1], 3) == "text/plain"
        assert sniff(b"a" + content[:1], 2) == "application/octet-stream"

    @given(st.binary(max_size=300), st.sampled_from([b"", *(c for c, _ in KINDS.values())]))
    def test_has_an_answer_for_everything(self, tail: bytes, beginning: bytes) -> None:
        content = beginning[:60] + tail
        assert "/" in sniff(content, len(content))

    @pytest.mark.parametrize(
        "piece", [b"<?", b"<!--", b"<!-- --", b" ", b"a:\n", b"PK\x03\x04", b"<a:", b"<!doctype "]
    )
    def test_is_not_kept_busy_by_odd_repetitions(self, piece: bytes) -> None:
        """Patterns that try every way to split these would take years."""
        assert "/" in sniff((piece * 8192)[:8192], 8192)


def refusal_of(sniffed: str, declared: str | None, *allowed: str) -> FieldError:
    with pytest.raises(Invalid) as caught:
        require_allowed(sniffed, declared, allowed, "/attachments/0")
    [error] = caught.value.errors
    return error


class TestRequireAllowed:
    @pytest.mark.parametrize(
        ("sniffed", "declared", "kept"),
        [
            ("application/pdf", "application/pdf", "application/pdf"),
            ("application/pdf", " Application/PDF; charset=binary", "application/pdf"),
            ("application/pdf", "application/x-pdf", "application/pdf"),
            ("application/pdf", None, "application/pdf"),
            ("application/pdf", "", "application/pdf"),
            ("application/pdf", "application/octet-stream", "application/pdf"),
            ("application/pdf", "no media type", "application/pdf"),
            ("application/pdf", "application/<script>/pdf", "application/pdf"),
            ("image/jpeg", "image/jpg", "image/jpeg"),
            ("image/heic", "image/heif", "image/heic"),
            ("text/plain", "text/csv; charset=utf-8", "text/csv"),
            ("text/plain", "text/markdown", "text/plain"),
            ("application/x-ole-storage", "application/msword", "application/msword"),
        ],
    )
    def test_tells_what_to_keep_the_file_as(
        self, sniffed: str, declared: str | None, kept: str
    ) -> None:
        allowed = [
            "application/pdf", "image/jpeg", "image/heif", "text/plain", "text/csv",
            "application/msword",
        ]  # fmt: skip
        assert require_allowed(sniffed, declared, allowed, "") == kept

    def test_refuses_an_empty_file(self) -> None:
        error = refusal_of("application/x-empty", "application/pdf", "application/pdf")
        assert error == FieldError("/attachments/0", "empty_file")

    @pytest.mark.parametrize(
        ("sniffed", "declared"),
        [
            ("text/html", "application/pdf"),
            ("application/octet-stream", "application/octet-stream"),
            ("text/plain", "text/csv"),
            ("application/x-ole-storage", "application/msword"),
        ],
    )
    def test_refuses_what_the_service_does_not_take(self, sniffed: str, declared: str) -> None:
        facts = {"found": sniffed, "allowed": ["application/pdf", "image/png"]}
        error = refusal_of(sniffed, declared, "application/pdf", "image/png")
        assert error == FieldError("/attachments/0", "media_type", facts)

    @pytest.mark.parametrize("declared", ["image/png", "text/csv"])
    def test_refuses_what_was_announced_as_something_else(self, declared: str) -> None:
        error = refusal_of("application/pdf", declared, "application/pdf", "image/png")
        expected = FieldError("/attachments/0", "media_type_mismatch", {"found": "application/pdf"})
        assert error == expected


NAMES = {
    "Antrag.pdf": "Antrag.pdf",
    "Zeugnis Đorđe Yılmaz.PDF": "Zeugnis Đorđe Yılmaz.PDF",
    "Mu\u0308ller.pdf": "Müller.pdf",
    "Bescheid 32.2-000123/26.pdf": "Bescheid 32.2-000123-26.pdf",
    "../../etc/passwd": "passwd",
    "C:\\Users\\meier\\Antrag.pdf": "Antrag.pdf",
    "\\\\server\\share\\Antrag.pdf": "Antrag.pdf",
    "/var/tmp/": "tmp",
    "a/../b": "a-..-b",
    ".htaccess": "htaccess",
    "...": "datei",
    "": "datei",
    " \t\n": "datei",
    "\u200b\u202e": "datei",
    "Rechnung\u202efdp.exe": "Rechnungfdp.exe",
    "Antrag\x00.pdf": "Antrag.pdf",
    "Antrag\r\nX-Evil: 1.pdf": "Antrag X-Evil- 1.pdf",
    "Antrag \u00a0 \u2003 neu.pdf": "Antrag neu.pdf",
    "a\u200b\u0308.pdf": "ä.pdf",
    'a"<b>|?*.pdf': "a--b----.pdf",
    "NUL.pdf": "_NUL.pdf",
    "con": "_con",
    "con .pdf": "_con .pdf",
    "Antrag.pdf. . ": "Antrag.pdf",
    "\ud800.pdf": "pdf",
    "x" * 300 + ".pdf": "x" * 116 + ".pdf",
    "x" * 300: "x" * 120,
    "x" * 115 + ". . .pdf": "x" * 115 + ".pdf",
    "a." + "x" * 300: "a." + "x" * 118,
    "🐕" * 200 + ".jpeg": "🐕" * 115 + ".jpeg",
}


class TestSafeFilename:
    @pytest.mark.parametrize("name", NAMES, ids=ascii)
    def test_keeps_what_is_harmless(self, name: str) -> None:
        assert safe_filename(name) == NAMES[name]

    @given(
        st.text(max_size=40)
        | st.text(alphabet="./\\: \u0308\u200b\u202eaconül1\x00<\u0338", max_size=12)
        | st.text(alphabet="a. é", min_size=100, max_size=200)
    )
    def test_makes_every_name_safe_and_a_safe_name_stays(self, name: str) -> None:
        safe = safe_filename(name)

        assert 1 <= len(safe) <= 120
        assert not set(safe) & set('/\\:*?"<>|')
        assert not safe.startswith(".")
        assert not safe.endswith((".", " "))
        assert all(unicodedata.category(sign)[0] != "C" for sign in safe)
        assert unicodedata.is_normalized("NFC", safe)
        assert safe.encode()
        assert safe_filename(safe) == safe
