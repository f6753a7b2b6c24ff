"""Every file of `tests/data/intake` is read as approved: what was kept, skipped, cleaned, mapped and noticed.

Each file has its approved result beside it, `NAME.approved.txt`, to be read by a person. A file may have choices
beside it, `NAME.choices.toml`, as a person would make them. After a change that is meant:

    python3 packaging/dev.py test tests/desktop/intake/test_corpus.py --approve

writes the results anew; the difference is then looked at line by line before it is kept.
"""

import datetime as dt
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from autoenroll_desktop.actions.gather import Reading
from autoenroll_desktop.actions.how_to_read import HowToRead
from autoenroll_desktop.actions.read_files import read_files
from autoenroll_desktop.domain.aepn import AEPN_FIELDS
from autoenroll_desktop.domain.money import plain
from autoenroll_desktop.domain.pay_run import FIELDS, Column, Kind, Role
from autoenroll_desktop.domain.people import PEOPLE_FIELDS
from autoenroll_desktop.domain.progress import SILENT
from autoenroll_desktop.intake.choices import NO_CHOICES, read_choices
from tests.reading import TODAY

DATA = Path(__file__).resolve().parents[2] / "data" / "intake"
KINDS = {**PEOPLE_FIELDS, **AEPN_FIELDS, **FIELDS}
SAVED = dt.datetime(2026, 11, 26, 8, 0, tzinfo=dt.UTC).timestamp()
"""When every file was saved: the moment AEPNs without one of their own are taken to be from."""
BESIDE = (".approved.txt", ".choices.toml")
FILES = sorted(path for path in DATA.rglob("*") if path.is_file() and not path.name.endswith((*BESIDE, "README.md")))


def described(path: Path, folder: Path) -> str:
    """What the product makes of a copy of a file in `folder`, as a text that a person can check against the file."""
    choices = path.with_name(path.name + ".choices.toml")
    how = HowToRead(TODAY, read_choices(choices) if choices.exists() else NO_CHOICES)
    copy = folder / path.name
    copy.write_bytes(path.read_bytes())
    os.utime(copy, (SAVED, SAVED))
    readings = read_files([(Role.PAY, copy)], how, SILENT)
    return "\n\n".join("\n".join(line.replace("\r\n", "⏎") for line in _described(one)) for one in readings) + "\n"


def _described(reading: Reading) -> Iterator[str]:
    file = reading.file
    if file.error or file.left_out:
        yield f"{file.name}: {'left out: ' if file.left_out else ''}{file.error or file.left_out}"
        return
    place = f", headings in row {file.header_row}" if file.header_row else ""
    yield f"{file.name}: {file.kind}, holds {file.role}{place}"
    yield from (f"seen    {one.what} {', '.join(f'{name} {fact}' for name, fact in one.facts)}" for one in file.seen)
    if {column.because for column in file.columns} != {"standard"}:
        yield from map(_column, file.columns)
    yield from (f"skipped {row.row} {row.reason}" for row in file.rows_skipped)
    yield from (f"kept    {line}" for line in _lines(reading.rows))
    for note in reading.notes:
        facts = [f"{name} “{values[0]}”" for name, values in note.facts.items() if len(values)]
        rows = ",".join(map(str, note.rows.tolist()))
        yield " ".join(["noted  ", f"{note.code}/{note.cause}", note.field or "", f"at {rows}", *facts])


def _column(column: Column) -> str:
    shown = " | ".join(column.examples)
    others = f" or {', '.join(column.alternatives)}" if column.alternatives else ""
    return f"column  “{column.header}” {column.field or '-'} {column.confidence} {column.because} [{shown}]{others}"


def _lines(rows: pd.DataFrame) -> Iterator[str]:
    for at in range(len(rows)):
        cells = [
            f"{name} {_value(rows[name].iloc[at], KINDS[name])}"
            for name in rows.columns
            if name != "row" and not pd.isna(rows[name].iloc[at])
        ]
        yield f"{rows['row'].iloc[at]}: {' | '.join(cells)}"


def _value(value: object, kind: Kind) -> str:
    match kind, value:
        case Kind.MONEY, _:
            return plain(int(value))  # type: ignore[call-overload]
        case Kind.DATE, pd.Timestamp():
            return f"{value:%Y-%m-%d}"
        case Kind.MOMENT, dt.datetime():
            return value.isoformat()
    return str(value)


def test_the_page_about_the_corpus_names_every_file_and_no_other() -> None:
    named = []
    for part in (DATA / "README.md").read_text(encoding="utf-8").split("\n## `")[1:]:
        folder, _, rows = part.partition("/`")
        named += [DATA / folder / name for name in re.findall(r"`([^`/ ]+\.[a-z0-9]+)`", rows)]
    assert sorted(named) == FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(DATA).as_posix())
def test_read_as_approved(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    approved = path.with_name(path.name + ".approved.txt")
    result = described(path, tmp_path)
    if request.config.getoption("--approve"):
        approved.write_text(result, encoding="utf-8", newline="\n")
    assert approved.exists(), "no approved result yet: see the head of this file"
    assert result == approved.read_text(encoding="utf-8")


def test_there_are_enough_and_nothing_is_left_over() -> None:
    assert len(FILES) >= 60
    named = {path.with_name(path.name + end) for path in FILES for end in BESIDE}
    assert [path for path in DATA.rglob("*") if path.name.endswith(BESIDE) and path not in named] == []
