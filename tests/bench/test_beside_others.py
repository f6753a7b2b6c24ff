"""Our intake beside other libraries on the same file, on the same machine, in one run (`dev.py campaign compare`).

They do different things: pyarrow and pandas read a clean file into columns and judge nothing, frictionless judges and
keeps nothing. What is shown is where a full check of the file stands between them.
"""

import csv
from pathlib import Path

import pandas as pd
import pytest

from tests.bench.making_files import write_csv
from tests.bench.test_intake_bench import quickest
from tests.reading import read

pyarrow_csv = pytest.importorskip("pyarrow.csv", reason="dev.py campaign compare installs it")
frictionless = pytest.importorskip("frictionless", reason="dev.py campaign compare installs it")

LINES = 100_000


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    return write_csv(tmp_path_factory.mktemp("beside") / "pay.csv", LINES)


def _bare(path: Path) -> None:
    with path.open(newline="", encoding="utf-8") as file:
        for _ in csv.reader(file):
            pass


def test_a_clean_file(path: Path) -> None:
    """Seconds for 100,000 lines of 25 columns."""
    seconds = {
        "ours: read, sniffed, matched, typed": quickest(lambda: read(path)),
        "csv, bare stream": quickest(lambda: _bare(path)),
        "pyarrow read_csv": quickest(lambda: pyarrow_csv.read_csv(path)),
        "pandas read_csv(dtype=str)": quickest(lambda: pd.read_csv(path, dtype=str)),
        "frictionless validate": quickest(lambda: _validate(path), rounds=1),
    }
    print(f"\n{LINES:,} lines, 25 columns")
    for name, time in seconds.items():
        print(f"  {name:<40}{time:8.3f} s")
    ours = seconds["ours: read, sniffed, matched, typed"]
    assert ours < seconds["pandas read_csv(dtype=str)"] * 2
    assert ours < seconds["frictionless validate"] / 5


def _validate(path: Path) -> None:
    system = frictionless.system
    with system.use_context(trusted=True):
        report = frictionless.validate(str(path))
    assert report.stats["tasks"] == 1


def test_a_row_with_one_cell_too_many(tmp_path: Path) -> None:
    """The first row is ragged: we keep its cells where they belong or list the row; pandas moves every column."""
    text = "PPSN,Surname,Gross Pay\n1234567FA,Byrne,1000.00,extra\n7654321CB,Walsh,500.00\n"
    (tmp_path / "ragged.csv").write_text(text)
    table, _, frame, _ = read(tmp_path / "ragged.csv")
    assert frame["gross_pay"].tolist() == [50000]
    assert [(row.row, row.reason) for row in table.skipped] == [(2, "too-many-cells")]
    theirs = pd.read_csv(tmp_path / "ragged.csv", dtype=str, index_col=None)
    assert theirs["PPSN"].tolist() == ["Byrne", "Walsh"]  # the PPSN is gone into the index
