"""Every table of `tests/data/intake` written again in its own layout, each cell as it was read: the same cells."""

import datetime as dt
import math
from dataclasses import replace
from pathlib import Path

import pytest

from autoenroll_desktop.domain.progress import SILENT
from autoenroll_desktop.errors import AppError, UnreadableFile
from autoenroll_desktop.intake.choices import NO_CHOICES, Choices, read_choices
from autoenroll_desktop.intake.raw_rows import raw_rows
from autoenroll_desktop.intake.read_table import LIMITS, read_table
from autoenroll_desktop.intake.source import open_source
from autoenroll_desktop.intake.table import Table
from autoenroll_desktop.rewrite.edit import CellEdit, Edits
from autoenroll_desktop.rewrite.new_workbook import as_workbook
from autoenroll_desktop.rewrite.payslips_json import PATHS
from autoenroll_desktop.rewrite.rewrite import keeps_layout, rewrite

DATA = Path(__file__).resolve().parents[2] / "data" / "intake"
HEAD = ["PPSN", "Surname", "Start Date", "Gross Pay"]


def accepted() -> list[tuple[Path, Choices, Table]]:
    tables = []
    for path in sorted(DATA.rglob("*")):
        if path.is_dir() or path.name.endswith((".approved.txt", ".choices.toml", ".md", ".zip")):
            continue
        beside = path.with_name(path.name + ".choices.toml")
        choices = read_choices(beside) if beside.exists() else NO_CHOICES
        try:
            table = read_table(path, choices)
        except UnreadableFile:
            continue
        if not table.canonical or table.kind.startswith("psr-"):
            tables.append((path, choices, table))
    return tables


ACCEPTED = accepted()


def cells_of(table: Table) -> list[list[str]]:
    return [column.texts() for column in table.columns]


@pytest.mark.parametrize(("path", "choices", "table"), ACCEPTED, ids=[path.name for path, _, _ in ACCEPTED])
def test_the_same_cells(path: Path, choices: Choices, table: Table) -> None:
    source = open_source(path, LIMITS, SILENT)
    mark = next((str(dict(seen.facts)["mark"]) for seen in table.seen if seen.what == "delimiter"), "")
    if keeps_layout(source, table.kind):
        edits = Edits(
            tuple(
                CellEdit(row, name if table.canonical else at, text)
                for at, (name, cells) in enumerate(zip(table.headers, cells_of(table), strict=True))
                if not table.canonical or name in PATHS
                for row, text in zip(table.rows.tolist(), cells, strict=True)
                if text
            )
        )
        again = rewrite(source, table.kind, edits, delimiter=mark, sheet=table.sheet)
        assert rewrite(source, table.kind, Edits(), delimiter=mark, sheet=table.sheet) == source.data
        after = read_table(path, choices, held=again)
    else:
        rows = raw_rows(source, delimiter=mark, sheet=table.sheet)
        again = as_workbook(rows, Edits(), table.sheet or "Pay")
        after = read_table(path.with_suffix(".xlsx"), replace(choices, sheet=None), held=again)
    assert (after.headers, after.rows.tolist(), cells_of(after)) == (
        table.headers,
        table.rows.tolist(),
        cells_of(table),
    )


def test_a_number_no_workbook_holds_and_an_old_date_stay_what_they_say() -> None:
    rows = [
        HEAD,
        ["1234567FA", "Walsh", dt.date(1850, 1, 2), math.inf],
        ["7654321AA", "Byrne", dt.date(1901, 1, 1), 1.5],
    ]
    after = read_table(Path("week.xlsx"), held=as_workbook(rows, Edits(), "Pay"))
    assert cells_of(after)[2:] == [["1850-01-02", "1901-01-01"], ["inf", "1.5"]]


def test_a_text_no_cell_holds_is_refused_and_not_cut() -> None:
    with pytest.raises(AppError, match="row 2 is too long"):
        as_workbook([HEAD, ["1234567FA", "x" * 32_768, "", 1.0]], Edits(), "Pay")
