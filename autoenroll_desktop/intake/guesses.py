"""Ways to tell which field a column is: what a person said, its place, its heading, a heading near it, its values.

Each way adds guesses to those before it and never takes one away; every doubt is a note.
"""

import datetime as dt
from dataclasses import dataclass, replace

from autoenroll_desktop.domain.aepn import AEPN_FIELDS
from autoenroll_desktop.domain.pay_run import FIELDS
from autoenroll_desktop.domain.people import PEOPLE_FIELDS
from autoenroll_desktop.intake.choices import FULL_NAME, Choices
from autoenroll_desktop.intake.evidence import fits, named_by_values
from autoenroll_desktop.intake.headings import AMBIGUOUS, Layout, column_names, plain_heading
from autoenroll_desktop.intake.headless import Profile
from autoenroll_desktop.intake.table import Note, Table, about_file

KINDS = {**PEOPLE_FIELDS, **AEPN_FIELDS, **FIELDS}
"""Canonical field → type, of every kind of table."""
_CONTRADICTED = 0.2
"""Below this part of fitting values a heading is not believed without saying so."""
SUITS = 0.6
"""From this part of fitting values on a column may be taken for a field."""


@dataclass
class Guess:
    """The column that a field is in, so far. `confidence` is 0 to 100; the lower `rank` wins between headings."""

    at: int
    confidence: int
    because: str
    rank: int = 0


def chosen(names: list[str], choices: Choices, because: str) -> dict[str, Guess]:
    """The columns a person named, by the names of `column_names`."""
    plain = [plain_heading(name) for name in names]
    guesses: dict[str, Guess] = {}
    for heading, field in choices.columns.items():
        if field and plain_heading(heading) in plain:
            guesses[field] = Guess(plain.index(plain_heading(heading)), 100, because, -1)
    return guesses


def by_position(table: Table, profile: Profile, guesses: dict[str, Guess]) -> None:
    """The columns of a file without headings that a known package writes."""
    for at, field in enumerate(profile.fields[: len(table.headers)]):
        if field:
            guesses.setdefault(field, Guess(at, 90, "position"))


def by_heading(table: Table, layout: Layout, guesses: dict[str, Guess], taken: set[int], notes: list[Note]) -> None:
    """The columns whose headings we know; two for one field, and headings of two meanings, are said."""
    candidates: dict[str, list[tuple[int, int]]] = {}
    for at, header in enumerate(table.headers):
        found = layout.field(header) if at not in taken else None
        if found is not None and found[0] not in guesses:
            candidates.setdefault(found[0], []).append((found[1], at))
    unclear = candidates.pop(AMBIGUOUS, [])
    for field, found_at in candidates.items():
        rank, at = min(found_at)
        guesses[field] = Guess(at, 100, "heading", rank)
        cells = list(table.columns[at]) if len(found_at) > 1 else []
        others = [other for _, other in sorted(found_at)[1:] if list(table.columns[other]) != cells]
        if others:
            named = column_names(table.headers)
            facts = {"header": ", ".join(named[other] for other in others), "used_as": f"{named[at]} ({field})"}
            notes.append(about_file("column-ambiguous", facts, field, "two-columns"))
            guesses[field].confidence = 70
    revenues_list = any(layout.only_in_lists_of_revenue(header) for header in table.headers)
    for _, at in unclear:
        is_employment = revenues_list or ("works_number" in guesses and "employment_id" not in guesses)
        used_as = "employment_id" if is_employment else "works_number"
        if used_as in guesses:
            continue
        guesses[used_as] = Guess(at, 100 if revenues_list else 60, "heading")
        if not revenues_list:
            facts = {"header": table.headers[at], "used_as": used_as}
            notes.append(about_file("column-ambiguous", facts, used_as, "works-number-or-employment-id"))


def doubt_contradicted(
    table: Table, samples: list[list[str]], guesses: dict[str, Guess], notes: list[Note], today: dt.date
) -> None:
    """Where the values of a column speak against its heading, the doubt is said, and confidence is low."""
    for field, guess in guesses.items():
        suits = fits(samples[guess.at], field, KINDS.get(field), today)
        if suits is None or suits >= _CONTRADICTED or guess.because == "chosen":
            continue
        guess.confidence = 20
        facts = {"header": table.headers[guess.at], "used_as": field}
        notes.append(about_file("column-ambiguous", facts, field, "values-contradict"))


def by_near_heading(
    table: Table,
    layout: Layout,
    samples: list[list[str]],
    guesses: dict[str, Guess],
    taken: set[int],
    notes: list[Note],
    today: dt.date,
) -> None:
    """The columns whose headings are a slip of the pen away from one we know, where their values agree."""
    used = taken | {guess.at for guess in guesses.values()}
    for at, header in enumerate(table.headers):
        if at in used or table.headless or layout.field(header):
            continue
        field = layout.near(header)
        suits = fits(samples[at], field, KINDS.get(field), today) if field and field not in guesses else None
        if field and suits is not None and suits >= SUITS:
            guesses[field] = Guess(at, 70, "near-heading")
            facts = {"header": header, "used_as": field}
            notes.append(about_file("column-ambiguous", facts, field, "near-heading"))


def by_values(
    table: Table,
    samples: list[list[str]],
    guesses: dict[str, Guess],
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
        guesses[field] = Guess(at, round(surely * 90), "values")
        facts = {"header": table.headers[at], "used_as": field}
        notes.append(about_file("column-ambiguous", facts, field, "told-by-values"))


def could_be(header: str, layout: Layout, cells: list[str], wanted: tuple[str, ...], today: dt.date) -> tuple[str, ...]:
    """The fields a column could be, likeliest first: by heading, by nearly a heading, by values, by what is wanted.

    Args:
        cells: a sample of its cells. wanted: fields the file should have and no column was found for.
    """
    fields = []
    if found := layout.field(header):
        fields += ["works_number", "employment_id"] if found[0] == AMBIGUOUS else [found[0]]
    elif near := layout.near(header):
        fields.append(near)
    if told := named_by_values(cells, today):
        fields.append(told[0])
    for field in wanted:
        suits = fits(cells, field, KINDS.get(field), today)
        if suits is not None and suits >= SUITS:
            fields.append(field)
    return tuple(dict.fromkeys(fields))


def first_name_beside_surname(table: Table, guesses: dict[str, Guess]) -> None:
    """A heading that is just "Name" beside a surname is the first name (BrightPay)."""
    whole = guesses.get(FULL_NAME)
    if whole is not None and "family_name" in guesses:
        if "first_name" not in guesses and plain_heading(table.headers[whole.at]) == "name":
            guesses["first_name"] = replace(whole, confidence=90)
        del guesses[FULL_NAME]
