"""One cell's text as a file's cell is read: tidied, a PPSN in capitals and in one piece, a frequency in Revenue's word.

What is typed by hand has to be what comes back when the corrected file is read again.
"""

import datetime as dt
from pathlib import Path

import numpy as np

from autoenroll_desktop.intake.cells import ListCells
from autoenroll_desktop.intake.choices import Choices
from autoenroll_desktop.intake.columns import Matched
from autoenroll_desktop.intake.table import Table
from autoenroll_desktop.intake.values import parse_columns


def text_as_read(field: str, text: str, choices: Choices, today: dt.date) -> str | None:
    """The value of a text field; None where the text stands for nothing.

    Args:
        choices: those the file was read with.
    """
    table = Table(
        path=Path("typed"),
        kind="csv",
        sha256="",
        headers=[field],
        columns=[ListCells([text])],
        rows=np.array([1], dtype=np.int64),
        canonical=True,
    )
    rows, _ = parse_columns(table, Matched({field: 0}, "pay", [], choices=choices), today)
    value = rows[field].iloc[0]
    return value if isinstance(value, str) else None
