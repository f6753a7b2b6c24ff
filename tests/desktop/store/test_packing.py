"""A checked run as bytes and back: everything a page or report shows is the same."""

from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest

from autoenroll_desktop import paths
from autoenroll_desktop.actions.check_pay_run import check_pay_run
from autoenroll_desktop.actions.open_sample import sample
from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.reports.check_json import check_as_json
from autoenroll_desktop.reports.check_text import check_as_text
from autoenroll_desktop.reports.pdf import write_pdf
from autoenroll_desktop.store.packing import pack, pay_lines, unpack


@pytest.fixture(scope="module")
def checked() -> CheckedRun:
    return check_pay_run(*sample())


def test_nothing_of_a_run_is_left_out(checked: CheckedRun) -> None:
    back = unpack(*pack(checked))
    for one in fields(CheckedRun):
        was, now = getattr(checked, one.name), getattr(back, one.name)
        if isinstance(was, pd.DataFrame):
            assert now.columns.tolist() == was.columns.tolist(), one.name
            assert now.dtypes.tolist() == was.dtypes.tolist(), one.name
            assert now.astype(object).where(now.notna(), None).equals(was.astype(object).where(was.notna(), None))
        elif one.name == "findings":
            assert [(f.rule, f.key, f.field, f.lines.tolist()) for f in now] == [
                (f.rule, f.key, f.field, f.lines.tolist()) for f in was
            ]
        elif one.name != "run":
            assert now == was, one.name


def test_reports_are_the_same(checked: CheckedRun, tmp_path: Path) -> None:
    back, words = unpack(*pack(checked)), Words.load(paths.resources())
    assert check_as_json(back, words, lines=True, show_ppsn=True) == check_as_json(
        checked, words, lines=True, show_ppsn=True
    )
    assert check_as_text(back, words) == check_as_text(checked, words)
    for name, one in (("was", checked), ("now", back)):
        write_pdf(one, tmp_path / name, words=words, fonts=paths.resources() / "fonts")
    assert (tmp_path / "now").stat().st_size == (tmp_path / "was").stat().st_size


def test_history_reads_its_columns_only(checked: CheckedRun) -> None:
    lines, _ = pack(checked)
    assert pay_lines(lines, ("ppsn", "gross_pay"))["gross_pay"].equals(checked.run["gross_pay"])


def test_the_same_run_gives_the_same_bytes(checked: CheckedRun) -> None:
    assert pack(checked) == pack(checked)
