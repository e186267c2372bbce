"""What is read from a request, and what is refused before anybody looks at its meaning."""

from io import BytesIO

import pytest
from django.conf import LazySettings

from api.parsers import EnvelopeParser, _filename, _sha256
from api.problems import Malformed, TooLarge


def faults(sent: bytes) -> set[tuple[str, str]]:
    with pytest.raises(Malformed) as refusal:
        EnvelopeParser().parse(BytesIO(sent))
    return {(error.pointer, error.rule) for error in refusal.value.errors}


class TestJson:
    def test_is_kept_to_the_letter(self) -> None:
        sent = '{ "name" :"Đorđe",\n "n": 1.0e0 }'
        read = EnvelopeParser().parse(BytesIO(sent.encode()))
        assert read.text == sent
        assert read.value == {"name": "Đorđe", "n": 1.0}

    @pytest.mark.parametrize(
        ("sent", "fault"),
        [
            (b"", ("", "json")),
            (b"{", ("", "json")),
            (b"{}{}", ("", "json")),
            (b"{'a': 1}", ("", "json")),
            (b'{"a": NaN}', ("", "json")),
            (b'{"a": -Infinity}', ("", "json")),
            (b'{"a": "\x01"}', ("", "json")),
            (b'{"a": "\xff"}', ("", "json")),
            (b'\xef\xbb\xbf{"a": 1}', ("", "json")),
            ('{"a": "ä"}'.encode("utf-16"), ("", "json")),
            (b'{"a": ' + b"9" * 5000 + b"}", ("", "json")),
            (b'{"a": 1e999}', ("/a", "not_finite")),
            (b'{"a": 9007199254740993}', ("/a", "number_range")),
            (b'{"a": [0, -9007199254740993]}', ("/a/1", "number_range")),
            (b'{"a": {"b": 1, "b": 2}}', ("/a/b", "duplicate_member")),
            (b'[{"x~/y": 1, "x~/y": 1}]', ("/0/x~0~1y", "duplicate_member")),
            (rb'{"a": "\u0000"}', ("/a", "characters")),
            (rb'{"a": "\ud800"}', ("/a", "characters")),
            (rb'{"a": {"\udfff": 1}}', ("/a", "characters")),
            (b'{"a": ' * 30 + b"1" + b"}" * 30, ("/a" * 24, "too_deep")),
            (b"[" * 100_000, ("", "too_deep")),
        ],
    )
    def test_is_refused_where_two_readers_might_differ(
        self, sent: bytes, fault: tuple[str, str]
    ) -> None:
        assert fault in faults(sent)

    def test_names_every_fault(self) -> None:
        assert len(faults(b'{"a": 9007199254740993, "b": 1, "b": 2, "c": [1e20, 1, -1e400]}')) >= 1
        assert len(faults(b'{"a": 9007199254740993, "b": 1, "b": 2}')) == 2

    def test_is_read_quickly_however_odd(self) -> None:
        names = b",".join(b'"a": 1' for _ in range(100_000))
        assert faults(b"{" + names + b"}") == {("/a", "duplicate_member")}

    def test_has_a_limit(self, settings: LazySettings) -> None:
        settings.ENVELOPE_MAX_BYTES = 10
        assert EnvelopeParser().parse(BytesIO(b'"12345678"')).value == "12345678"
        with pytest.raises(TooLarge):
            EnvelopeParser().parse(BytesIO(b'"123456789"'))


class TestTheNameOfAFile:
    @pytest.mark.parametrize(
        ("header", "name"),
        [
            ("", "datei"),
            ("attachment", "datei"),
            ('attachment; filename="Nachweis.pdf"', "Nachweis.pdf"),
            ("attachment; filename=Nachweis.pdf", "Nachweis.pdf"),
            ("attachment; filename*=UTF-8''%C3%84pfel%20%E2%82%AC.pdf", "Äpfel €.pdf"),
            ("attachment; filename*=utf-8'de'a.pdf", "a.pdf"),
            ("attachment; filename*=iso-8859-1''%E4.pdf", "ä.pdf"),
            ("attachment; filename=\"a.pdf\"; filename*=UTF-8''%C3%A4.pdf", "ä.pdf"),
            ("attachment; filename*=UTF-8''%C3%A4.pdf; filename=\"a.pdf\"", "ä.pdf"),
            ("Attachment; FileName = 'a b.pdf'", "'a"),
            (r'attachment; filename="a\"b.pdf"', "a-b.pdf"),
            ('attachment; filename="Änderung.pdf"'.encode().decode("latin-1"), "Änderung.pdf"),
            ('attachment; filename="../../etc/passwd"', "passwd"),
            ("attachment; filename*=UTF-8''..%5C..%5Cboot.ini", "boot.ini"),
            ("attachment; filename*=UTF-8''rechnung%E2%80%AEfdp.exe", "rechnungfdp.exe"),
            ("attachment; filename*=UTF-8''a%00b%0D%0Ac.pdf", "ab c.pdf"),
            ("attachment; filename*=UTF-8''CON.pdf", "_CON.pdf"),
        ],
    )
    def test_is_read_from_its_header(self, header: str, name: str) -> None:
        assert _filename(header) == name

    @pytest.mark.parametrize(
        "header",
        [
            "attachment; filename*=UTF-8''%FF%FE",
            "attachment; filename*=a.pdf",
            "attachment; filename*=UTF-7''a.pdf",
            "attachment; filename*=\"UTF-8''a.pdf\"",
        ],
    )
    def test_is_refused_where_it_cannot_be_read(self, header: str) -> None:
        with pytest.raises(Malformed) as refusal:
            _filename(header)
        assert refusal.value.errors[0].facts["header"] == "Content-Disposition"

    def test_is_never_longer_than_its_column(self) -> None:
        assert len(_filename(f"attachment; filename={'x' * 5000}.pdf")) == 120


class TestTheDigestOfAFile:
    EMPTY = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

    @pytest.mark.parametrize(
        "header",
        [f"sha-256=:{EMPTY}:", f"sha-512=:AA==:, sha-256=:{EMPTY}:", f" sha-256=:{EMPTY}:;q"],
    )
    def test_is_read_from_its_header(self, header: str) -> None:
        found = _sha256(header)
        assert found is not None
        assert found.hex().startswith("e3b0c442")

    @pytest.mark.parametrize("header", ["", "sha-512=:AA==:", "md5=:AA==:"])
    def test_may_be_missing(self, header: str) -> None:
        assert _sha256(header) is None

    @pytest.mark.parametrize(
        "header", [f"sha-256={EMPTY}", "sha-256=:AA==:", "sha-256=", f"sha-256=:{EMPTY[:-1]}!:"]
    )
    def test_is_refused_where_it_cannot_be_read(self, header: str) -> None:
        with pytest.raises(Malformed):
            _sha256(header)
