"""Marks nobody means: stray spaces, no-break spaces, characters that cannot be seen, fadas apart from their letters."""

import unicodedata

UNSEEN = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad")
"""Zero-width marks and soft hyphens, left behind by web pages and PDF copies."""
_DROP = {ord(mark): None for mark in UNSEEN} | {0xA0: " ", 0x202F: " ", ord("\t"): " ", ord("\n"): " ", ord("\r"): " "}

ODD = tuple(mark.encode() for mark in (*UNSEEN, "\xa0", "\u202f", "\t"))
"""The marks `tidy` takes out of the middle of a text, in UTF-8."""


_APART = (b"\xcc", b"\xcd")
"""The first bytes, in UTF-8, of accents that stand behind their letter instead of on it."""


def holds_odd_marks(data: bytes, delimiter: str) -> bool:
    """Whether a file holds any of `ODD` besides its delimiter; a mark is looked for only where its first byte is."""
    if data.isascii():
        return delimiter != "\t" and b"\t" in data
    if any(mark in data for mark in _APART):
        return True
    present = {mark[:1] for mark in ODD if mark[:1] in data}
    return any(mark in data for mark in ODD if mark[:1] in present and mark != delimiter.encode())


def tidy(text: str) -> str:
    """The text without outer spaces, with plain spaces inside and without unseen marks; a fada stands on its letter.

    Example: "\u00a0Ó Briain\u200b " is "Ó Briain".
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    return unicodedata.normalize("NFC", text.translate(_DROP)).strip()
