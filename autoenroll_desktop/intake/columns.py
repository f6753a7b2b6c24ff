"""Matches headings to fields, and says aloud where that is not certain."""

from dataclasses import dataclass

from autoenroll_desktop.domain.aepn import AEPN_FIELDS
from autoenroll_desktop.domain.pay_run import FIELDS
from autoenroll_desktop.errors import UnreadableFile
from autoenroll_desktop.intake.headings import AMBIGUOUS, FULL_NAME, Layout, plain_heading
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
_REQUIRED = {
    "pay": (("gross_pay",), ("pay_date",), ("ppsn", "works_number"), ("family_name", FULL_NAME)),
    "aepn": (("ppsn",), ("status",)),
    "contributions": (("ppsn",),),
}


@dataclass(frozen=True)
class Matched:
    """Which column of a table is which field.

    Attributes:
        fields: canonical field → position of its column; `full_name` stands for a column with the whole name.
        aepn, contributions: what the columns together say the file is (a pay file when neither).
    """

    fields: dict[str, int]
    aepn: bool
    contributions: bool
    notes: list[Note]


def match_columns(table: Table, layout: Layout) -> Matched:
    """Find the field of every column.

    Two columns that fit one field are a note: the likelier heading is used, the left one in doubt, and it is said
    which. Headings that may be a works number or an employment ID are read by what the other columns are.

    Raises:
        UnreadableFile: fewer than two columns are known.
    """
    if table.canonical:
        fields = {header: at for at, header in enumerate(table.headers)}
        return Matched(fields, table.aepn, contributions=False, notes=_missing(fields, "aepn" if table.aepn else "pay"))
    candidates: dict[str, list[tuple[int, int]]] = {}
    for at, header in enumerate(table.headers):
        found = layout.field(header)
        if found is not None:
            candidates.setdefault(found[0], []).append((found[1], at))
    if len(candidates) < 2:
        raise UnreadableFile(
            f"No headings we know in {table.path.name}",
            ", ".join(header for header in table.headers[:8] if header),
            "Export it with a heading row that names at least PPSN and gross pay",
        )
    notes: list[Note] = []
    unclear = candidates.pop(AMBIGUOUS, [])
    fields = {field: _choose(table, field, sorted(found), notes) for field, found in candidates.items()}
    for _, at in unclear:
        used_as = "employment_id" if "works_number" in fields and "employment_id" not in fields else "works_number"
        if used_as not in fields:
            fields[used_as] = at
            facts = {"header": table.headers[at], "used_as": used_as}
            notes.append(about_file("column-ambiguous", facts, used_as, "works-number-or-employment-id"))
    _first_name_beside_surname(table, fields)
    pays = "gross_pay" in fields
    aepn = not pays and len(fields.keys() & _AEPN_ONLY) >= 2
    contributions = not pays and not aepn and bool(fields.keys() & _CONTRIBUTIONS)
    known = AEPN_FIELDS if aepn else FIELDS
    fields = {field: at for field, at in fields.items() if field in known or field == FULL_NAME}
    notes += _missing(fields, "aepn" if aepn else "contributions" if contributions else "pay")
    if FULL_NAME in fields and "family_name" not in fields:
        facts = {"header": table.headers[fields[FULL_NAME]], "used_as": "first_name, family_name"}
        notes.append(about_file("column-ambiguous", facts, "family_name", "full-name"))
    return Matched(fields, aepn, contributions, notes)


def _choose(table: Table, field: str, found: list[tuple[int, int]], notes: list[Note]) -> int:
    """The column of a field: the lowest rank, then the leftmost."""
    chosen = found[0][1]
    others = [at for rank, at in found[1:] if found[0][0] >= 0 and table.columns[at] != table.columns[chosen]]
    if others:
        names = ", ".join(table.headers[at] for at in others)
        facts = {"header": names, "used_as": f"{table.headers[chosen]} ({field})"}
        notes.append(about_file("column-ambiguous", facts, field, "two-columns"))
    return chosen


def _first_name_beside_surname(table: Table, fields: dict[str, int]) -> None:
    """A heading that is just "Name" beside a surname is the first name (BrightPay)."""
    at = fields.get(FULL_NAME)
    if at is not None and "family_name" in fields:
        if "first_name" not in fields and plain_heading(table.headers[at]) == "name":
            fields["first_name"] = at
        del fields[FULL_NAME]


def _missing(fields: dict[str, int], what: str) -> list[Note]:
    return [
        about_file("column-missing", {"name": names[0]}, names[0])
        for names in _REQUIRED[what]
        if not any(name in fields for name in names)
    ]
