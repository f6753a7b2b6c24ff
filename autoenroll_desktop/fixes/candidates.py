"""What to choose from where no rule has a suggestion: what the AEPNs, the last period or the other lines say.

Where everything speaks for one value it is offered for all places alike; for one place everything that may be meant is
offered, the best first.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from autoenroll_desktop.domain.finding import Finding, Ints
from autoenroll_desktop.domain.identifier_columns import check_column
from autoenroll_desktop.domain.words import absent, as_date
from autoenroll_desktop.fixes.proposal import Known, Proposal, column_of, objects_at
from autoenroll_desktop.fixes.step import change_of

_DAYS = {"WEEKLY": 7, "FORTNIGHTLY": 14, "FOUR_WEEKLY": 28, "WK_BASED_MONTHLY": 28}
"""Days of a pay period by pay frequency; Revenue counts them from 1 January."""
_MONTHS = {"MONTHLY": 1, "QUARTERLY": 3, "BI_ANNUAL": 6, "ANNUAL": 12}


def _put(finding: Finding, known: Known, field: str, found: Mapping[int, Any], of: Ints, choice: str) -> Proposal:
    """Values for some of the lines `of`: line → value."""
    at = np.array(sorted(found), dtype=np.int64)
    change = change_of(known.lines, field, at, column_of(found[line] for line in at.tolist()))
    return Proposal(finding.key, (change,) if len(change) else (), len(at), len(of) - len(at), choice)


def _ids_of(people: pd.DataFrame, ppsn: Any) -> list[str]:
    """The employment IDs a PPSN has in AEPNs or earlier pay lines, the latest first."""
    if not isinstance(ppsn, str):
        return []
    ids = people.loc[(people["ppsn"] == ppsn).to_numpy(), "employment_id"].dropna()
    return [*dict.fromkeys(str(one) for one in reversed(ids.tolist()))]


def employment_ids(finding: Finding, known: Known, places: Ints) -> Iterator[Proposal]:
    """The AEPN's employment ID, else the last period's; for one place every ID the person is known under."""
    lines = finding.lines[places]
    offered = objects_at(finding.facts.get("suggestion"), places)
    best = {line: value for line, value in zip(lines.tolist(), offered, strict=True) if value is not None}
    if best:
        yield _put(finding, known, "employment_id", best, lines, "")
    written = known.lines["ppsn"]
    unmatched = {
        line: ids for line in lines.tolist() if line not in best and (ids := _ids_of(known.past, written.iloc[line]))
    }
    before = {line: ids[0] for line, ids in unmatched.items() if len(ids) == 1}
    if before:
        yield _put(finding, known, "employment_id", before, lines, "last-period")
    if len(lines) == 1:
        line = int(lines[0])
        told = {best.get(line), before.get(line)}
        for source, choice in ((known.aepns, "its-aepn"), (known.past, "last-period")):
            for one in _ids_of(source, written.iloc[line]):
                if one not in told:
                    told.add(one)
                    yield _put(finding, known, "employment_id", {line: one}, lines, choice)


def employer_numbers(finding: Finding, known: Known, places: Ints) -> Iterator[Proposal]:
    """The employer numbers on the AEPNs and in earlier periods, for every line that has the wrong one."""
    column = known.lines["employer_registration_number"]
    wrong = {column.iloc[line] if not pd.isna(column.iloc[line]) else None for line in finding.lines[places].tolist()}
    alike = column.isin([one for one in wrong if one is not None]) | (column.isna() if None in wrong else False)
    lines = np.flatnonzero(alike.to_numpy(bool))
    told: set[str] = set()
    for people, choice in ((known.aepns, "its-aepn"), (known.past, "last-period")):
        for number in people["employer_registration_number"].dropna().unique():
            if number not in told and number not in wrong:
                told.add(number)
                every = dict.fromkeys(lines.tolist(), number)
                yield _put(finding, known, "employer_registration_number", every, lines, choice)


def tax_years(finding: Finding, known: Known, places: Ints) -> Iterator[Proposal]:
    """The tax year of the pay date; for one place also the pay date in the tax year stated."""
    lines = finding.lines[places]
    days = objects_at(finding.facts["pay_date"], places)
    years = {line: as_date(day).year for line, day in zip(lines.tolist(), days, strict=True) if day is not None}
    yield _put(finding, known, "tax_year", years, lines, "its-pay-date")
    if len(lines) == 1:
        day, year = as_date(days[0]), finding.facts["tax_year"][int(places[0])]
        if not absent(year) and (day.month, day.day) != (2, 29):
            moved = dt.date(int(year), day.month, day.day)
            yield _put(finding, known, "pay_date", {int(lines[0]): moved}, lines, "its-tax-year")


def _usual(column: "pd.Series[Any]", but: Ints) -> Any:
    """The commonest value of the other lines, None where there is none."""
    counted = column.drop(index=column.index[but]).dropna().value_counts()
    return counted.index[0] if len(counted) else None


def frequencies(finding: Finding, known: Known, places: Ints) -> Iterator[Proposal]:
    """The pay frequency the person had last period, else the one of the other lines."""
    lines = finding.lines[places]
    past = known.past.dropna(subset=["ppsn", "pay_frequency"]).drop_duplicates("ppsn", keep="last")
    before = dict(zip(past["ppsn"], past["pay_frequency"], strict=True))
    mine = {line: before.get(known.lines["ppsn"].iloc[line]) for line in lines.tolist()}
    known_before = {line: value for line, value in mine.items() if value is not None}
    if known_before:
        yield _put(finding, known, "pay_frequency", known_before, lines, "last-period")
    usual = _usual(known.lines["pay_frequency"], finding.lines[finding.lines >= 0])
    if usual is not None:
        yield _put(finding, known, "pay_frequency", dict.fromkeys(lines.tolist(), usual), lines, "as-others")


def periods(finding: Finding, known: Known, places: Ints) -> Iterator[Proposal]:
    """The pay period that the pay date falls into (weeks and months counted from 1 January), else the others'."""
    lines = finding.lines[places]
    frequency, days = known.lines["pay_frequency"], known.lines["pay_date"]
    by_date = {
        line: period
        for line in lines.tolist()
        if not pd.isna(days.iloc[line]) and (period := _period(str(frequency.iloc[line]), days.iloc[line].date()))
    }
    if by_date:
        yield _put(finding, known, "pay_period", by_date, lines, "its-pay-date")
    usual = _usual(known.lines["pay_period"], finding.lines[finding.lines >= 0])
    if usual is not None and len(lines) == 1 and by_date.get(int(lines[0])) != int(usual):
        yield _put(finding, known, "pay_period", {int(lines[0]): int(usual)}, lines, "as-others")


def _period(frequency: str, day: dt.date) -> int | None:
    """Example: the 26 November 2026 lies in week 48 and month 11."""
    if length := _DAYS.get(frequency):
        return (day - dt.date(day.year, 1, 1)).days // length + 1
    months = _MONTHS.get(frequency)
    return (day.month - 1) // months + 1 if months else None


def numbers_by_name(finding: Finding, known: Known, places: Ints) -> Iterator[Proposal]:
    """For one place: PPSNs that people of the same name have on AEPNs or had last period."""
    lines = finding.lines[places]
    if len(lines) != 1:
        return
    line = int(lines[0])
    name = known.name(line).casefold()
    written = known.lines["ppsn"].iloc[line]
    told: set[str] = set()
    for names, choice in ((known.aepn_names, "its-aepn"), (known.past_names, "last-period")):
        for number, people in names.items():
            if number not in told and number != written and any(name == one.casefold().strip() for one in people):
                told.add(number)
                yield _put(finding, known, "ppsn", {line: number}, lines, choice)


def lines_by_name(finding: Finding, known: Known, places: Ints) -> Iterator[Proposal]:
    """For one AEPN without a pay line: its PPSN and employment ID for a line of that name whose PPSN no AEPN has."""
    if len(places) != 1:
        return
    place, current = int(places[0]), known.aepns
    row = current[((current["file"] == finding.files[place]) & (current["row"] == finding.rows[place])).to_numpy()]
    name = str(finding.facts["name"][place]).casefold()
    if not len(row) or not name:
        return
    employer, number, employment = row.iloc[0][["employer_registration_number", "ppsn", "employment_id"]]
    written = check_column(known.lines["ppsn"].to_numpy(object)).numbers
    free = ~np.isin(written.astype(str), current["ppsn"].dropna().astype(str))
    if not absent(employer):
        free &= known.lines["employer_registration_number"].eq(employer).to_numpy(bool)
    for line in np.flatnonzero(free):
        if known.name(int(line)).casefold() == name:
            changes = [
                change_of(known.lines, field, np.array([line]), column_of([value]))
                for field, value in (("ppsn", number), ("employment_id", employment))
                if not absent(value)
            ]
            yield Proposal(finding.key, tuple(one for one in changes if len(one)), 1, choice="its-aepn")


CANDIDATES: Mapping[str, Callable[[Finding, Known, Ints], Iterator[Proposal]]] = {
    "employment-id-missing": employment_ids,
    "employment-id-format": employment_ids,
    "aepn-employment-id-mismatch": employment_ids,
    "aepn-not-on-payroll": lines_by_name,
    "employer-number-missing": employer_numbers,
    "employer-number-format": employer_numbers,
    "employer-number-check": employer_numbers,
    "pay-date-outside-tax-year": tax_years,
    "pay-frequency-unknown": frequencies,
    "pay-period-out-of-range": periods,
    "ppsn-old-suffix": numbers_by_name,
}
"""Finding code → what may be chosen."""
