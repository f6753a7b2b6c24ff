"""Reads a file for a test as the product does: text, columns, typed values."""

import datetime as dt
from pathlib import Path

import pandas as pd

from autoenroll_desktop.intake.choices import NO_CHOICES, Choices
from autoenroll_desktop.intake.columns import Matched, match_columns
from autoenroll_desktop.intake.headings import Layout
from autoenroll_desktop.intake.headless import profiles
from autoenroll_desktop.intake.read_table import read_table
from autoenroll_desktop.intake.table import Note, Table
from autoenroll_desktop.intake.values import parse_columns

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
LAYOUT = Layout.load(RESOURCES)
TODAY = dt.date(2026, 11, 26)


def read(path: Path, choices: Choices = NO_CHOICES) -> tuple[Table, Matched, pd.DataFrame, list[Note]]:
    """The table, what its columns were taken for, the typed frame, and every note."""
    table = read_table(path, choices)
    matched = match_columns(table, LAYOUT, choices, TODAY, profiles(RESOURCES))
    frame, notes = parse_columns(table, matched, TODAY)
    return table, matched, frame, [*table.notes, *matched.notes, *notes]
