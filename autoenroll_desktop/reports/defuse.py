"""Text that a spreadsheet would take for a formula, made harmless on its way out.

Only what leaves is changed, never what was read: an apostrophe is put before a text that begins with =, +, @ or a
minus sign. Amounts are left as they are, negative ones too, and so are names and single dashes.
"""

import re

_DANGER = re.compile(r"[=+@\t\r]|-(?=.)")
_AMOUNT = re.compile(r"[+-]\s?€?\s?[0-9][0-9., ]*%?", re.ASCII)


def defused(text: str) -> str:
    """The text as a cell may hold it.

    Example: "=cmd|' /C calc'!A0" becomes "'=cmd|' /C calc'!A0"; "-12.50" and "O'Brien" stay.
    """
    return f"'{text}" if _DANGER.match(text) and not _AMOUNT.fullmatch(text) else text
