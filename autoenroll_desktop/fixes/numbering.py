"""An identifier of its own for what was sent before: the old one with a number."""

from collections.abc import Container

LONGEST_ITEM = 50
"""Characters a line item ID or submission ID may have (Revenue REST schema, lineItemID and submissionID)."""


def numbered(text: str, longest: int, used: Container[str]) -> str:
    """The text with the first number from 2 on that makes it new, within `longest` characters.

    Example: "E7-v1" becomes "E7-v1-2".
    """
    number = 2
    while (new := f"{text[: longest - len(str(number)) - 1]}-{number}") in used:
        number += 1
    return new
