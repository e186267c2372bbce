"""Templates keep to what the strict content security policy and the escaping promise."""

import hashlib
import re
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[2] / "backoffice" / "pages"
TEMPLATES = sorted((PAGES / "templates").rglob("*.html"))
COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->|\{% comment.*?endcomment %\}", re.DOTALL)

FORBIDDEN = {
    "hx-on": re.compile(r"\bhx-on[:=-]", re.IGNORECASE),
    "javascript values": re.compile(r"=\s*[\"']\s*(js|javascript):", re.IGNORECASE),
    "trigger filters": re.compile(r"hx-trigger(:inherited)?\s*=\s*([\"'])[^\"']*\[", re.IGNORECASE),
    "inline styles": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "inline scripts": re.compile(r"<script\b(?![^>]*\ssrc\s*=)", re.IGNORECASE),
    "event handlers": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "unescaped values": re.compile(r"\|\s*safe(seq)?\b|\{%\s*autoescape\s+off"),
    "foreign servers": re.compile(r"\b(src|href|action)\s*=\s*[\"'](https?:)?//", re.IGNORECASE),
}
OFFENCES = {
    "hx-on": ['<a hx-on:click="x()">', '<a data-hx-on:click="x()">'],
    "javascript values": ["<a hx-vals='js:{a: 1}'>", '<a href="javascript:x()">'],
    "trigger filters": ['<a hx-trigger="click[ctrlKey]">'],
    "inline styles": ['<p style="color: red">', "<style>p {}</style>"],
    "inline scripts": ["<script>x()</script>", '<script type="module">x()</script>'],
    "event handlers": ['<a class="b" onclick="x()">'],
    "unescaped values": ["{{ x|safe }}", "{{ x | safeseq }}", "{% autoescape off %}"],
    "foreign servers": ['<script src="https://example.org/x.js"></script>', '<img src="//a/b">'],
}


def offences(source: str) -> list[str]:
    """The names of the rules that ``source`` breaks; comments do not count."""
    source = COMMENT.sub("", source)
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(source)]


class TestEveryTemplate:
    def test_is_looked_at(self) -> None:
        assert {"base.html", "worklist.html", "case.html"} <= {path.name for path in TEMPLATES}

    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
    def test_keeps_the_rules(self, path: Path) -> None:
        assert offences(path.read_text(encoding="utf-8")) == []


class TestTheRules:
    @pytest.mark.parametrize(
        ("name", "source"),
        [(name, source) for name, sources in OFFENCES.items() for source in sources],
    )
    def test_find_an_offence(self, name: str, source: str) -> None:
        assert name in offences(source)

    def test_have_an_example_each(self) -> None:
        assert OFFENCES.keys() == FORBIDDEN.keys()


class TestTheVendoredFiles:
    def test_are_those_of_the_notice(self) -> None:
        static = PAGES / "static" / "pages"
        notice = (static / "NOTICE.md").read_text(encoding="utf-8")
        listed = re.findall(r"([0-9a-f]{64})  (\S+)", notice)
        assert len(listed) == 2
        for digest, name in listed:
            assert hashlib.sha256((static / name).read_bytes()).hexdigest() == digest, name
