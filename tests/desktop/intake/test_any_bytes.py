"""Whatever a stranger sends ends in a table or in a named error."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.errors import AppError
from tests.reading import read

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "resources" / "sample"
WHOLE = [(SAMPLE / name).read_bytes()[:6000] for name in (
    "weekly-2026-11-26.csv", "weekly-2026-11-26.psr.json", "weekly-2026-11-26.psr.xml", "aepn-2026-11-26.json",
    "aepn-2026-11-19.csv")] + [(SAMPLE / "monthly-2026-11-27.xlsx").read_bytes()]  # fmt: skip

DATA = ROOT / "tests" / "data" / "intake"
WHOLE += [path.read_bytes() for path in sorted(DATA.rglob("*")) if path.is_file() and ".approved" not in path.name]
"""Files of every kind to damage: the sample employer's, and all of tests/data."""


def read_to_the_end(path: Path) -> None:
    """Only named errors may come out."""
    try:
        table, _, frame, _ = read(path)
    except AppError as error:
        assert error.title  # noqa: PT017 - either outcome is right, silence is not
        return
    assert len(frame) == len(table.rows)


@given(st.binary(max_size=600))
def test_any_bytes(tmp_path_factory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(data)
    read_to_the_end(path)


@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), st.binary(max_size=12)), min_size=1, max_size=6),
)
def test_damaged_files(tmp_path_factory, data: bytes, damage: list[tuple[float, int, bytes]]) -> None:
    for at, length, new in damage:
        start = int(at * len(data))
        data = data[:start] + new + data[start + length :]
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(data)
    read_to_the_end(path)


CELL = st.one_of(
    st.text(max_size=20), st.sampled_from(["1234567FA", "26/11/2026", "1,234.50", "(3.00)", "-", "€1", "Total"])
)
HEADING = st.sampled_from(
    ["PPSN", "Gross Pay", "Pay Date", "Surname", "First Name", "Name", "emp_id", "MFF EE", "Status", "x", ""]
)


@given(
    st.lists(HEADING, min_size=1, max_size=8),
    st.lists(st.lists(CELL, max_size=9), max_size=12),
    st.sampled_from(",;\t|"),
)
def test_any_table(tmp_path_factory, headings: list[str], rows: list[list[str]], mark: str) -> None:
    text = "\n".join(mark.join(cell.replace("\n", " ") for cell in row) for row in [headings, *rows])
    path = tmp_path_factory.getbasetemp() / "table"
    path.write_bytes(text.encode("utf-8", "replace"))
    read_to_the_end(path)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(["ppsn", "status", "name", "employeeID", "grossPay", "prsiClassDetails", "x"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(JSON, st.sampled_from(["payslips", "aepns", "requestBody", ""]))
def test_any_json(tmp_path_factory, content: object, wrap: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any-json"
    path.write_text(json.dumps({wrap: content} if wrap else content), encoding="utf-8")
    read_to_the_end(path)
