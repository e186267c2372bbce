"""The Kassenzeichen: under which the cash office, the platform and the applicant know a payment."""

import re
from typing import Final

# ISO 11649: RF, two check digits, up to 21 letters and digits.
_LONGEST: Final = 21


def payment_reference(case_reference: str) -> str:
    """The Kassenzeichen of a case: its reference as a creditor reference of ISO 11649.

    ``32.2-000123/26-01`` is ``RF10 32X2 0001 2326 01``: X stands for the dot, so that no two
    positions of the file plan share one, and the check digits (ISO 7064, mod 97-10) catch what
    was typed wrongly.
    """
    body = re.sub(r"[^0-9A-Z]", "", case_reference.upper().replace(".", "X"))[-_LONGEST:]
    number = "".join(str(int(character, 36)) for character in f"{body}RF00")
    whole = f"RF{98 - int(number) % 97:02d}{body}"
    return " ".join(whole[at : at + 4] for at in range(0, len(whole), 4))
