"""Which column is which field: by its heading, by what a person chose, by what its values say, each with how sure.

Nothing that could be taken for something else is used silently: every doubt is a note.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as of

import numpy as np

from autoenroll_desktop.domain.aepn import AEPN_FIELDS
from autoenroll_desktop.domain.pay_run import FIELDS, Column, Kind, Seen, SkippedRow
from autoenroll_desktop.domain.people import PEOPLE_FIELDS
from autoenroll_desktop.errors import UnreadableFile
from autoenroll_desktop.intake.choices import FULL_NAME, NO_CHOICES, Choices
from autoenroll_desktop.intake.evidence import fits, named_by_values, sample
from autoenroll_desktop.intake.headings import AMBIGUOUS, Layout, plain_heading
from autoenroll_desktop.intake.headless import Profile
from autoenroll_desktop.intake.table import Note, Table, about_file

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
_PAID = {"gross_pay", "pay_date", "net_pay", "basic_pay", "pay_period", "pay_for_income_tax", "payroll_run_reference"}
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
_KINDS = {**PEOPLE_FIELDS, **AEPN_FIELDS, **FIELDS}
_CONTRADICTED = 0.2
"""Below this part of fitting values a heading is not believed without saying so."""
_SUITS = 0.6
_EXAMPLES = 3


@dataclass
class _Guess:
    """The column that a field is in, so far. `confidence` is 0 to 100; the lower `rank` wins between headings."""

    at: int
    confidence: int
    because: str
    rank: int = 0


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
        UnreadableFile: fewer than two columns are known.
    """
    if table.canonical:
        fields = {header: at for at, header in enumerate(table.headers)}
        columns = tuple(Column(header, header, 100, "standard") for header in table.headers)
        return Matched(fields, table.holds, _missing(table, fields, table.holds), columns, choices=choices)
    samples = [sample(cells) for cells in table.columns]
    notes: list[Note] = []
    guesses = _chosen(table, choices, "remembered" if remembered else "chosen")
    sums = _sums(table, choices)
    taken = {guess.at for guess in guesses.values()} | {
        at for at, header in enumerate(table.headers) if choices.columns.get(header) == ""
    }
    profile = next((one for one in profiles if table.headless and one.fits(table.columns)), None)
    if profile:
        table.seen.append(Seen.of("profile", name=profile.name))
        _by_position(table, profile, guesses)
    elif not table.headless:
        _by_heading(table, layout, guesses, taken, notes)
    _doubt_contradicted(table, samples, guesses, notes, today)
    _by_near_heading(table, layout, samples, guesses, taken, notes, today)
    if not profile:
        _by_values(table, samples, guesses, taken, notes, today)
    if len(guesses) + len(sums) < 2:
        raise UnreadableFile(
            f"No headings we know in {table.path.name}",
            ", ".join(header for header in table.headers[:8] if header),
            "Export it with a heading row that names at least PPSN and gross pay",
        )
    _first_name_beside_surname(table, guesses)
    holds = _what_it_holds({*guesses, *sums})
    known = _KNOWN[holds]
    guesses = {field: guess for field, guess in guesses.items() if field in known or field == FULL_NAME}
    fields = {field: guess.at for field, guess in guesses.items()}
    notes += _missing(table, {**fields, **dict.fromkeys(sums, 0)}, holds)
    notes += _whole_names(table, fields, samples, choices)
    if holds == "people":
        _drop_not_found(table, fields)
    columns = tuple(_column(table, at, guesses, sums, samples[at]) for at in range(len(table.headers)))
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


def _column(
    table: Table, at: int, guesses: dict[str, _Guess], sums: Mapping[str, tuple[int, ...]], cells: list[str]
) -> Column:
    examples = tuple(dict.fromkeys(cells))[:_EXAMPLES]
    for field, guess in guesses.items():
        if guess.at == at:
            return Column(table.headers[at], field, guess.confidence, guess.because, examples)
    for field, positions in sums.items():
        if at in positions:
            return Column(table.headers[at], field, 100, "sum", examples)
    return Column(table.headers[at], "", examples=examples)


def _chosen(table: Table, choices: Choices, because: str) -> dict[str, _Guess]:
    """The columns a person named; a heading that stands twice means the first."""
    plain = [plain_heading(header) for header in table.headers]
    guesses: dict[str, _Guess] = {}
    for heading, field in choices.columns.items():
        if field and plain_heading(heading) in plain:
            guesses[field] = _Guess(plain.index(plain_heading(heading)), 100, because, -1)
    return guesses


def _sums(table: Table, choices: Choices) -> dict[str, tuple[int, ...]]:
    plain = [plain_heading(header) for header in table.headers]
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


def _by_position(table: Table, profile: Profile, guesses: dict[str, _Guess]) -> None:
    for at, field in enumerate(profile.fields[: len(table.headers)]):
        if field:
            guesses.setdefault(field, _Guess(at, 90, "position"))


def _by_heading(table: Table, layout: Layout, guesses: dict[str, _Guess], taken: set[int], notes: list[Note]) -> None:
    candidates: dict[str, list[tuple[int, int]]] = {}
    for at, header in enumerate(table.headers):
        found = layout.field(header) if at not in taken else None
        if found is not None and found[0] not in guesses:
            candidates.setdefault(found[0], []).append((found[1], at))
    unclear = candidates.pop(AMBIGUOUS, [])
    for field, found_at in candidates.items():
        rank, at = min(found_at)
        guesses[field] = _Guess(at, 100, "heading", rank)
        cells = list(table.columns[at]) if len(found_at) > 1 else []
        others = [other for _, other in sorted(found_at)[1:] if list(table.columns[other]) != cells]
        if others:
            names = ", ".join(table.headers[other] for other in others)
            facts = {"header": names, "used_as": f"{table.headers[at]} ({field})"}
            notes.append(about_file("column-ambiguous", facts, field, "two-columns"))
    for _, at in unclear:
        used_as = "employment_id" if "works_number" in guesses and "employment_id" not in guesses else "works_number"
        if used_as not in guesses:
            guesses[used_as] = _Guess(at, 60, "heading")
            facts = {"header": table.headers[at], "used_as": used_as}
            notes.append(about_file("column-ambiguous", facts, used_as, "works-number-or-employment-id"))


def _doubt_contradicted(
    table: Table, samples: list[list[str]], guesses: dict[str, _Guess], notes: list[Note], today: dt.date
) -> None:
    """Where the values of a column speak against its heading, the doubt is said, and confidence is low."""
    for field, guess in guesses.items():
        suits = fits(samples[guess.at], field, _KINDS.get(field), today)
        if suits is None or suits >= _CONTRADICTED or guess.because in ("chosen", "remembered"):
            continue
        guess.confidence = 20
        facts = {"header": table.headers[guess.at], "used_as": field}
        notes.append(about_file("column-ambiguous", facts, field, "values-contradict"))


def _by_near_heading(
    table: Table,
    layout: Layout,
    samples: list[list[str]],
    guesses: dict[str, _Guess],
    taken: set[int],
    notes: list[Note],
    today: dt.date,
) -> None:
    used = taken | {guess.at for guess in guesses.values()}
    for at, header in enumerate(table.headers):
        if at in used or table.headless or layout.field(header):
            continue
        field = layout.near(header)
        suits = fits(samples[at], field, _KINDS.get(field), today) if field and field not in guesses else None
        if field and suits is not None and suits >= _SUITS:
            guesses[field] = _Guess(at, 70, "near-heading")
            facts = {"header": header, "used_as": field}
            notes.append(about_file("column-ambiguous", facts, field, "near-heading"))


def _by_values(
    table: Table,
    samples: list[list[str]],
    guesses: dict[str, _Guess],
    taken: set[int],
    notes: list[Note],
    today: dt.date,
) -> None:
    """Columns whose values leave no doubt; one that two columns could be is nobody's."""
    used = taken | {guess.at for guess in guesses.values() if guess.confidence > 20}
    told: dict[str, list[tuple[float, int]]] = {}
    for at in range(len(table.headers)):
        named = named_by_values(samples[at], today) if at not in used else None
        if named and (named[0] not in guesses or guesses[named[0]].confidence <= 20):
            told.setdefault(named[0], []).append((named[1], at))
    for field, columns in told.items():
        if len(columns) > 1:
            continue
        surely, at = columns[0]
        guesses[field] = _Guess(at, round(surely * 90), "values")
        facts = {"header": table.headers[at], "used_as": field}
        notes.append(about_file("column-ambiguous", facts, field, "told-by-values"))


def _first_name_beside_surname(table: Table, guesses: dict[str, _Guess]) -> None:
    """A heading that is just "Name" beside a surname is the first name (BrightPay)."""
    whole = guesses.get(FULL_NAME)
    if whole is not None and "family_name" in guesses:
        if "first_name" not in guesses and plain_heading(table.headers[whole.at]) == "name":
            guesses["first_name"] = replace(whole, confidence=90)
        del guesses[FULL_NAME]


def _what_it_holds(fields: set[str]) -> str:
    if "gross_pay" in fields:
        return "pay"
    if len(fields & _AEPN_ONLY) >= 2 and "rpn_number" not in fields:
        return "aepn"
    if fields & _CONTRIBUTIONS:
        return "contributions"
    return "pay" if fields & _PAID or "ppsn" not in fields else "people"


def _missing(table: Table, fields: Mapping[str, int], holds: str) -> list[Note]:
    options = ", ".join(header for header in table.headers if header and not table.canonical)
    return [
        about_file("column-missing", {"name": names[0], "options": options}, names[0])
        for names in _REQUIRED[holds]
        if not any(name in fields for name in names)
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
