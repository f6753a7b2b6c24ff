"""What the annotated workbook says about itself, so that it can be read back after somebody has edited it.

Row 1 of its sheet of pay lines is hidden and names each column by its field; column A is hidden and holds the key of
each line, "file:row". A hidden sheet tells the format, the sheet's name, the files' hashes and which steps had been
done. Sorting, filtering, further columns and other sheets do not matter.
"""

FORMAT, VERSION = "autoenroll-annotated", 1
ABOUT = "autoenroll"
"""Name of the hidden sheet: rows of a name and a value."""
KEY = "autoenroll-key"
"""Heading of the column of keys."""


def key(file: int, row: int) -> str:
    """The key of a line: the place of its file among those checked, and its spreadsheet row there."""
    return f"{file}:{row}"
