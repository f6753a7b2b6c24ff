"""Other ways in which a cell that could not be read may have been meant; offered one place at a time, never taken."""

import datetime as dt
import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from autoenroll_desktop.domain.finding import NOWHERE, Finding
from autoenroll_desktop.domain.pay_run import FIELDS, Kind
from autoenroll_desktop.fixes.proposal import Proposal, column_of
from autoenroll_desktop.fixes.step import change_of
from autoenroll_desktop.intake.dates_text import DateStyle, read_date
from autoenroll_desktop.intake.money_text import read_money

CODE = "value-unreadable"
_OTHER_SIGNS = re.compile(r"[^0-9.,()€-]+")
_LOOK_ALIKES = str.maketrans("OoQIl|SB", "00011158")
Value = int | dt.date


def second_readings(finding: Finding, place: int, lines: pd.DataFrame, today: dt.date) -> list[Proposal]:
    """What an unreadable amount or date may have been: with a decimal comma, month first, letters for digits.

    Args:
        lines: the run as it stands now.
    """
    line = int(finding.lines[place])
    text = finding.fact("value", place)
    if line == NOWHERE or finding.field not in FIELDS or not isinstance(text, str):
        return []
    found: dict[Value, str] = {}
    for choice, value in _meant(FIELDS[finding.field], text.strip(), today):
        found.setdefault(value, choice)
    at = np.array([line], dtype=np.int64)
    return [
        Proposal(finding.key, (change_of(lines, finding.field, at, column_of([value])),), 1, 0, choice, alike=False)
        for value, choice in found.items()
    ]


def _meant(kind: Kind, text: str, today: dt.date) -> Iterator[tuple[str, Value]]:
    mended = text.translate(_LOOK_ALIKES)
    if kind is Kind.MONEY:
        for choice, one, comma in (
            ("decimal-comma", text, True),
            ("look-alikes", mended, False),
            ("figures-only", _OTHER_SIGNS.sub("", text), False),
        ):
            if money := read_money(one, comma=comma):
                yield choice, money.cents
    elif kind is Kind.DATE:
        for choice, one, month_first in (("month-first", text, True), ("look-alikes", mended, False)):
            if day := read_date(one, DateStyle(month_first=month_first, today=today)):
                yield choice, day.date
