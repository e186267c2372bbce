"""veraPDF, the reference validator: one run per profile, over as many files as there are."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

Profile = Literal["ua1", "2a"]
_PROGRAM = "org.verapdf.apps.GreenfieldCliWrapper"


def complaints(pdfs: Mapping[str, bytes], profile: Profile, folder: Path) -> str:
    """What veraPDF finds wrong with ``pdfs`` (by name); empty if nothing."""
    for name, pdf in pdfs.items():
        Path(folder, f"{name}.pdf").write_bytes(pdf)
    files = [str(Path(folder, f"{name}.pdf")) for name in pdfs]
    program = ["java", "-cp", os.environ["TEST_VERAPDF"], _PROGRAM]
    said = subprocess.run(
        [*program, "-f", profile, "--format", "text", "-v", *files],
        capture_output=True,
        check=False,
        text=True,
    )
    lines = said.stdout.splitlines()
    passed = {line for line in lines if line.startswith("PASS ")}
    if len(passed) == len(files) == len(lines):
        return ""
    wrong = [line for line in lines if line not in passed]
    return "\n".join([*wrong, said.stderr, f"{len(passed)} of {len(files)} passed"])
