"""Which column is which field: by its heading, by what a person chose, by what its values say, each with how sure.

Nothing that could be taken for something else is used silently: every doubt is a note.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as of

import numpy as np

from autoenroll_desktop.domain.aepn import AEPN_FIELDS
from autoenroll_desktop.domain.pay_run import FIELDS, Column, Kind, Seen, SkippedRow
from autoenroll_desktop.domain.people import PEOPLE_FIELDS
from autoenroll_desktop.errors import UnreadableFile
from autoenroll_desktop.intake.choices import FULL_NAME, NO_CHOICES, Choices
from autoenroll_desktop.intake.evidence import sample
from autoenroll_desktop.intake.guesses import (
    Guess,
    by_heading,
    by_near_heading,
    by_position,
    by_values,
    chosen,
    could_be,
    doubt_contradicted,
    first_name_beside_surname,
)
from autoenroll_desktop.intake.headings import Layout, column_names, plain_heading
from autoenroll_desktop.intake.headless import Profile
from autoenroll_desktop.intake.table import NoHeadings, Note, Table, about_file

_AEPN_ONLY = {
    "aepn_number",
    "status",
    "employee_rate",
    "employer_rate",
    "effective_date",
    "issue_date",
    "downloaded_at",
}
_CONTRIBUTIONS = {"ae_employee", "ae_employer"}
_CONTRIBUTION_FILE = {"aepn_number", "line_item_id", "ae_employee", "ae_employer"}
"""What our own contribution file has and no payroll package's export has together."""
_PAID = {
    "gross_pay",
    "pay_date",
    "net_pay",
    "basic_pay",
    "pay_period",
    "pay_for_income_tax",
    "payroll_run_reference",
    "line_item_id",
}
_REQUIRED = {
    "pay": (("gross_pay",), ("pay_date",), ("ppsn", "works_number"), ("family_name", FULL_NAME)),
    "aepn": (("ppsn",), ("status",)),
    "contributions": (("ppsn",),),
    "people": (("ppsn",),),
}
_KNOWN: dict[str, dict[str, Kind]] = {
    "pay": FIELDS,
    "aepn": AEPN_FIELDS,
    "contributions": FIELDS,
    "people": PEOPLE_FIELDS,
}
_SAID_ONCE = ("employer_registration_number", "tax_year", "payroll_run_reference", "pay_date", "downloaded_at")
"""Fields that a line above the headings may state for the whole file."""
_EXAMPLES = 3
_SURE = 90
"""From this confidence on a column needs no second look."""


@dataclass(frozen=True)
class Matched:
    """Which column of a table is which field.

    Attributes:
        fields: canonical field → position of its column; `full_name` stands for a column with the whole name.
        sums: money field → positions of the columns that add up to it, as a person chose.
        holds: what the columns together say the file is: pay, aepn, contributions or people.
        columns: every column with what it was taken for and how surely.
    """

    fields: dict[str, int]
    holds: str
    notes: list[Note]
    columns: tuple[Column, ...] = ()
    sums: Mapping[str, tuple[int, ...]] = of(default_factory=dict)
    choices: Choices = NO_CHOICES

    @property
    def known_fields(self) -> dict[str, Kind]:
        """The fields a table of this kind has."""
        return _KNOWN[self.holds]


def match_columns(
    table: Table,
    layout: Layout,
    choices: Choices,
    today: dt.date,
    profiles: tuple[Profile, ...] = (),
    remembered: bool = False,
) -> Matched:
    """Find the field of every column.

    Two columns that fit one field are a note: the likelier heading is used, the left one in doubt, and it is said
    which. Headings that may be a works number or an employment ID are read by what the other columns are. A column
    without a known heading is used only where its values leave no doubt, and never for an amount.

    Args:
        remembered: the choices were confirmed for these headings before.

    Raises:
        NoHeadings: fewer than two columns are known.
    """
    if table.canonical:
        fields = {header: at for at, header in enumerate(table.headers)}
        columns = tuple(Column(header, header, 100, "standard") for header in table.headers)
        return Matched(fields, table.holds, _missing(table, fields, table.holds), columns, choices=choices)
    samples = [sample(cells) for cells in table.columns]
    names = column_names(table.headers)
    notes: list[Note] = []
    guesses = chosen(names, choices, "remembered" if remembered else "chosen")
    sums = _sums(table, names, choices)
    left_out = {plain_heading(heading) for heading, field in choices.columns.items() if field == ""}
    taken = {guess.at for guess in guesses.values()}
    taken |= {at for at, name in enumerate(names) if plain_heading(name) in left_out}
    profile = next((one for one in profiles if table.headless and one.fits(table.columns)), None)
    if profile:
        table.seen.append(Seen.of("profile", name=profile.name))
        by_position(table, profile, guesses)
    elif not table.headless:
        by_heading(table, layout, guesses, taken, notes)
    doubt_contradicted(table, samples, guesses, notes, today)
    by_near_heading(table, layout, samples, guesses, taken, notes, today)
    if not profile:
        by_values(table, samples, guesses, taken, notes, today)
    if len(guesses) + len(sums) < (1 if profile else 2):
        raise NoHeadings.of(table.path.name, table.top, table.sheets)
    first_name_beside_surname(table, guesses)
    holds = _what_it_holds({*guesses, *sums}, paid=any(map(layout.only_in_pay_files, table.headers)))
    known = _KNOWN[holds]
    guesses = {field: guess for field, guess in guesses.items() if field in known or field == FULL_NAME}
    fields = {field: guess.at for field, guess in guesses.items()}
    _take_stated(table, layout, {*guesses, *sums}, known)
    notes += _missing(table, {**fields, **dict.fromkeys(sums, 0)}, holds)
    notes += _whole_names(table, fields, samples, choices)
    if holds == "people":
        _drop_not_found(table, fields)
    wanted = _wanted(fields, sums, holds)
    columns = _columns(table, names, layout, guesses, sums, samples, known, wanted, today)
    return Matched(fields, holds, notes, columns, sums, choices)


def _whole_names(table: Table, fields: Mapping[str, int], samples: list[list[str]], choices: Choices) -> list[Note]:
    """A note where whole names cannot be taken apart: no comma in them, and nobody said which name comes first."""
    at = fields.get(FULL_NAME)
    if at is None or "family_name" in fields or choices.names == "first-family":
        return []
    if any("," in name for name in samples[at]):
        return []
    facts = {"header": table.headers[at], "used_as": "family_name"}
    return [about_file("column-ambiguous", facts, "family_name", "full-name")]


def _columns(
    table: Table,
    names: list[str],
    layout: Layout,
    guesses: Mapping[str, Guess],
    sums: Mapping[str, tuple[int, ...]],
    samples: list[list[str]],
    known: Mapping[str, Kind],
    wanted: tuple[str, ...],
    today: dt.date,
) -> tuple[Column, ...]:
    """Every column as a person sees it, with what else it could be where it is not sure."""
    by_place = {at: field for field, places in sums.items() for at in places}
    by_guess = {guess.at: (field, guess) for field, guess in guesses.items()}
    meant = {**known, **FIELDS}
    columns = []
    for at, name in enumerate(names):
        examples = tuple(dict.fromkeys(samples[at]))[:_EXAMPLES]
        if at in by_guess:
            field, guess = by_guess[at]
            column = Column(name, field, guess.confidence, guess.because, examples)
        elif at in by_place:
            column = Column(name, by_place[at], 100, "sum", examples)
        else:
            column = Column(name, "", examples=examples)
        if column.confidence < _SURE:
            others = could_be(table.headers[at], layout, samples[at], () if column.field else wanted, today)
            others = tuple(name for name in others if name != column.field and (name in meant or name == FULL_NAME))
            column = Column(name, column.field, column.confidence, column.because, examples, others)
        columns.append(column)
    return tuple(columns)


def _sums(table: Table, names: list[str], choices: Choices) -> dict[str, tuple[int, ...]]:
    plain = [plain_heading(name) for name in names]
    sums = {}
    for field, headings in choices.sums.items():
        missing = [heading for heading in headings if plain_heading(heading) not in plain]
        if missing:
            raise UnreadableFile(
                f"{table.path.name} has no column “{missing[0]}”",
                f"{field} was to be the sum of {', '.join(headings)}",
                "Correct the mapping",
            )
        sums[field] = tuple(plain.index(plain_heading(heading)) for heading in headings)
    return sums


def _what_it_holds(fields: set[str], *, paid: bool) -> str:
    """What a table with these fields is. `paid`: it has a heading that only pay files have."""
    if fields >= _CONTRIBUTION_FILE:
        return "contributions"
    if "gross_pay" in fields:
        return "pay"
    if len(fields & _AEPN_ONLY) >= 2 and "rpn_number" not in fields:
        return "aepn"
    if fields & _CONTRIBUTIONS:
        return "contributions"
    if fields & _PAID or "ppsn" not in fields:
        return "pay"
    return "pay" if paid and "rpn_number" not in fields else "people"


def _take_stated(table: Table, layout: Layout, named: set[str], known: Mapping[str, Kind]) -> None:
    """Take what a line above the headings says once for all rows ("Pay date: 26/11/2026"), where no column says it."""
    for label, text in table.stated.items():
        found = layout.field(label)
        if found is None or found[0] not in _SAID_ONCE or found[0] not in known or found[0] in named:
            continue
        if text and found[0] not in table.shared:
            table.shared[found[0]] = text
            table.seen.append(Seen.of("stated-once", label=label, value=text))


def _wanted(fields: Mapping[str, int], sums: Mapping[str, tuple[int, ...]], holds: str) -> tuple[str, ...]:
    """The fields a table should have and no column was found for."""
    have = {*fields, *sums}
    return tuple(name for names in _REQUIRED[holds] if not have & {*names} for name in names)


def _missing(table: Table, fields: Mapping[str, int], holds: str) -> list[Note]:
    options = "" if table.canonical else ", ".join(column_names(table.headers))
    return [
        about_file("column-missing", {"name": names[0], "options": options}, names[0])
        for names in _REQUIRED[holds]
        if not any(name in fields or name in table.shared for name in names)
    ]


def _drop_not_found(table: Table, fields: dict[str, int]) -> None:
    """Take out the rows of an RPN file that stand for PPSNs Revenue did not find."""
    at = fields.get("rpn_number")
    if at is None:
        return
    found = np.array([cell.strip().upper() != "NOT FOUND" for cell in table.columns[at]], dtype=np.bool_)
    table.skipped += [SkippedRow(int(row), "not-found") for row in table.rows[~found]]
    keep = np.flatnonzero(found)
    table.columns = [column.take(keep) for column in table.columns]
    table.rows = table.rows[keep]
