"""Pay runs of any size as columns, with AEPNs and earlier weeks: mostly right, a few amounts wrong, no file in between."""

import datetime as dt

import numpy as np
import pandas as pd

from autoenroll_desktop.domain.aepn import AEPN_FIELDS
from autoenroll_desktop.domain.pay_run import FIELDS, FileRead, Kind, PayRun, Role
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.past import Past
from autoenroll_desktop.rules.register import Register, build_register
from tests.making import BOOK, ERN, NOW, ppsn

PAY_DATE = np.datetime64("2026-11-26")
FILES = (FileRead("pay.csv", "pay.csv", Role.PAY), FileRead("aepn.csv", "aepn.csv", Role.AEPN))


def empty(fields: dict[str, Kind], size: int) -> pd.DataFrame:
    """Missing everywhere, each column with its type."""
    columns = {}
    for name, kind in fields.items():
        if kind in (Kind.TEXT, Kind.MOMENT):
            columns[name] = pd.Series([None] * size, dtype=object)
        elif kind is Kind.DATE:
            columns[name] = pd.Series(np.full(size, np.datetime64("NaT"), dtype="datetime64[s]"))
        else:
            columns[name] = pd.Series(pd.arrays.IntegerArray(np.zeros(size, dtype=np.int64), np.ones(size, dtype=bool)))
    return pd.DataFrame(columns)


def week(people: np.ndarray, day: np.datetime64, numbers: np.ndarray) -> pd.DataFrame:
    """One weekly payment of everybody; one in twenty has other hours than the week before."""
    chance = np.random.default_rng(int(day.astype(np.int64)))
    size = len(people)
    gross = 30_000 + people * 7919 % 120_000
    gross = np.where(chance.random(size) < 0.05, gross + chance.integers(-4_000, 4_000, size), gross)
    share = (gross * 150 * 2 + 10_000) // 20_000 + (people % 997 == 0)
    lines = empty(FIELDS, size)
    text = {
        "employer_registration_number": np.full(size, ERN),
        "payroll_run_reference": np.full(size, f"R{day}"),
        "line_item_id": np.char.add(f"{day}-", people.astype(str)),
        "ppsn": numbers,
        "employment_id": np.full(size, "1"),
        "works_number": people.astype(str),
        "first_name": np.char.add("Séamus", (people % 50).astype(str)),
        "family_name": np.char.add("Ó Briain", (people % 700).astype(str)),
        "pay_frequency": np.full(size, "WEEKLY"),
        "prsi_class": np.full(size, "A1"),
    }
    for name, column in text.items():
        lines[name] = pd.Series(column.astype(object), dtype=object)
    born = np.datetime64("1965-01-01") + (people % 12_000).astype("timedelta64[D]")
    for name, column in (("date_of_birth", born), ("pay_date", np.full(size, day))):
        lines[name] = pd.Series(column.astype("datetime64[s]"))
    money = {
        "gross_pay": gross,
        "net_pay": gross // 2,
        "ae_employee": share,
        "ae_employer": share,
        "tax_year": np.full(size, 2026),
    }
    for name, column in money.items():
        lines[name] = pd.array(column, dtype="Int64")
    return lines.assign(file=np.zeros(size, dtype=np.int64), row=np.arange(2, size + 2))


def register(people: np.ndarray, numbers: np.ndarray) -> Register:
    """An AEPN for everybody; one in fifty is exempt."""
    size = len(people)
    rows = empty(AEPN_FIELDS, size)
    for name, column in {
        "employer_registration_number": np.full(size, ERN),
        "ppsn": numbers,
        "employment_id": np.full(size, "1"),
        "status": np.where(people % 50 == 0, "Exempt", "Enrolled"),
    }.items():
        rows[name] = pd.Series(column.astype(object), dtype=object)
    rows["issue_date"] = rows["effective_date"] = pd.Series(np.full(size, np.datetime64("2026-01-01", "s")))
    rows["employee_rate"] = rows["employer_rate"] = pd.array(np.full(size, 150), dtype="Int64")
    rows["downloaded_at"] = pd.Series([NOW - dt.timedelta(hours=5)] * size, dtype=object)
    return build_register(rows.assign(file=np.ones(size, dtype=np.int64), row=np.arange(2, size + 2)), NOW)


def made(size: int, weeks: int = 0) -> tuple[PayRun, Past, Register]:
    """A run of `size` lines with that many earlier weeks, and its AEPNs."""
    people = np.arange(size)
    numbers = np.array([ppsn(1_000_000 + at) for at in range(size)], dtype=object)
    past = [week(people, PAY_DATE - 7 * back, numbers) for back in range(1, weeks + 1)]
    history = pd.concat(past, ignore_index=True) if past else week(people[:0], PAY_DATE, numbers[:0])
    return PayRun(week(people, PAY_DATE, numbers)), Past(history), register(people, numbers)


def case_of(run: PayRun, past: Past, aepns: Register) -> Case:
    """A check of these, nothing worked out yet but what a check before has left."""
    return Case(run, PayRun(past.lines), aepns, FILES, BOOK, NOW, known_past=past)
