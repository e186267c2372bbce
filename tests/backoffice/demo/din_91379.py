"""The character repertoire of DIN 91379 for the names of natural persons (datatype A)."""

import re

# Single characters, then the sequences that have no code point of their own, as in the norm's
# XML schema of August 2022.
_SINGLE = (
    r"[ '`~,\-.A-Za-z\u00a8\u00b4\u00b7\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017e\u0187\u0188\u018f"
    r"\u0197\u01a0\u01a1\u01af\u01b0\u01b7\u01cd-\u01dc\u01de\u01df\u01e2-\u01f0\u01f4\u01f5"
    r"\u01f8-\u01ff\u0212\u0213\u0218-\u021b\u021e\u021f\u0227-\u0233\u0259\u0268\u0292\u02b9"
    r"\u02ba\u02be\u02bf\u02c8\u02cc\u1e02\u1e03\u1e06\u1e07\u1e0a-\u1e11\u1e17\u1e1c-\u1e2b"
    r"\u1e2f-\u1e37\u1e3a\u1e3b\u1e40-\u1e49\u1e52-\u1e5b\u1e5e-\u1e63\u1e6a-\u1e6f\u1e80-\u1e87"
    r"\u1e8c-\u1e97\u1e9e\u1ea0-\u1ef9\u2019\u2021]"
)
_SEQUENCES = (
    r"[Aa]\u030b",
    r"[Cc](?:[\u0300\u0304\u0306\u0308\u0315\u0323\u0326]|\u0328\u0306)",
    r"[Dd]\u0302",
    r"[Ff][\u0300\u0304]",
    r"[Gg]\u0300",
    r"H[\u0304\u0326\u0331]|h[\u0304\u0326]",
    r"J[\u0301\u030c]|j\u0301",
    r"[Kk][\u0300\u0302\u0304\u0307\u0315\u031b\u0326]|K\u035f[Hh]|k\u035fh",
    r"[Ll](?:\u0302|\u0325\u0304?|\u0326)",
    r"[Mm][\u0300\u0302\u0306\u0310]",
    r"[Nn][\u0302\u0304\u0306\u0326]",
    r"[Pp][\u0300\u0304\u0315\u0323]",
    r"[Rr](?:\u0306|\u0325\u0304?)",
    r"[Ss](?:[\u0300\u0304\u0331]|\u031b\u0304)",
    r"T[\u0300\u0304\u0308\u0315\u031b]|t[\u0300\u0304\u0315\u031b]",
    r"[Uu]\u0307",
    r"[Zz][\u0300\u0304\u0306\u0308\u0327]",
    r"[\u00c7\u00e7]\u0306",
    r"[\u00db\u00fb]\u0304",
    r"\u00ff\u0301",
    r"[\u010c\u010d][\u0315\u0323]",
    r"[\u0113\u014d]\u030d",
    r"[\u012a\u012b]\u0301",
    r"[\u017d\u017e][\u0326\u0327]",
    r"[\u1e32\u1e33\u1e62\u1e63\u1e6c\u1e6d]\u0304",
    r"[\u1ea0\u1ea1\u1ecc\u1ecd]\u0308",
    r"[\u1ee4\u1ee5][\u0304\u0308]",
)
DATATYPE_A = re.compile(f"(?:{_SINGLE}|{'|'.join(_SEQUENCES)})*")
