"""The window's parts: models keep Qt's rules, lines are arranged as asked, start-up stays light."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from autoenroll_desktop import paths
from autoenroll_desktop.actions.check_pay_run import prepare
from autoenroll_desktop.actions.fix_pay_run import Workbench, edit, fix_certain, start
from autoenroll_desktop.actions.open_sample import sample as open_sample
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.dialogs.palette import matches
from autoenroll_desktop.ui.models.changes import ChangesModel
from autoenroll_desktop.ui.models.findings import ABOUT, ACCESSIBLE, COUNT, FindingsModel
from autoenroll_desktop.ui.models.lines import BACKGROUND, DISPLAY, EDIT, LinesModel
from autoenroll_desktop.ui.theme import LIGHT
from autoenroll_desktop.ui.view_models.sheet import COLUMNS, Arrangement, Sheet, arranged, plain_text, sheet_of

WORDS = Words.load(paths.resources())
FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


@pytest.fixture(scope="module")
def bench() -> Workbench:
    return start(prepare(*open_sample()))


@pytest.fixture(scope="module")
def sheet(bench: Workbench) -> Sheet:
    return sheet_of(bench)


def test_findings_model(qtbot, bench: Workbench) -> None:
    model = FindingsModel(WORDS, LIGHT)
    QAbstractItemModelTester(model, FATAL)
    findings = bench.checked.findings
    model.show(bench.checked)
    assert model.rowCount() == len(findings)
    first = model.index(0, 0)
    assert model.data(first, ABOUT) == "Error · Row 25 · Eoin Curran"
    assert model.data(first, ACCESSIBLE).startswith(WORDS.title(findings[0]))
    many = next(at for at, one in enumerate(findings) if len(one) > 1)
    assert model.data(model.index(many, 0), COUNT) == str(len(findings[many]))
    assert model.places == sum(map(len, findings))
    places = [model.place(number) for number in range(model.places)]
    assert places == [(row, place) for row, one in enumerate(findings) for place in range(len(one))]
    assert [model.number(*place) for place in places] == [*range(model.places)]
    model.only("warning")
    assert all(model.finding(row).severity == "warning" for row in range(model.rowCount()))
    model.show(None)
    assert model.rowCount() == 0
    assert model.finding(0) is None


def test_lines_model(qtbot, sheet: Sheet) -> None:
    model = LinesModel(WORDS, LIGHT)
    QAbstractItemModelTester(model, FATAL)
    model.show(sheet, arranged(sheet, Arrangement()))
    assert model.rowCount() == 41
    cell = {name: model.index(0, at) for at, name in enumerate(COLUMNS)}
    assert model.data(cell["gross_pay"]) == "€828.90"
    assert model.data(cell["gross_pay"], EDIT) == "828.90"
    assert model.data(cell["ppsn"]).startswith("•••••")
    assert model.data(cell["ae_employee"], BACKGROUND) is not None
    assert model.data(cell["gross_pay"], BACKGROUND) is None
    assert model.data(cell["ae_employee"], ACCESSIBLE).startswith("Error: ")
    assert cell["gross_pay"].flags() & Qt.ItemFlag.ItemIsEditable
    assert not cell["expected.employee"].flags() & Qt.ItemFlag.ItemIsEditable
    model.show_ppsn(True)
    assert model.data(cell["ppsn"]) == sheet.checked.run["ppsn"][0]
    for at in range(len(COLUMNS)):
        assert model.headerData(at, Qt.Orientation.Horizontal)
        assert isinstance(model.data(model.index(3, at), DISPLAY), str)


def test_was_and_is(qtbot, bench: Workbench) -> None:
    fixed = fix_certain(bench)
    sheet = sheet_of(fixed)
    assert sheet.was["ae_employee"]
    model = LinesModel(WORDS, LIGHT)
    QAbstractItemModelTester(model, FATAL)
    model.show(sheet, arranged(sheet, Arrangement(only="changed")))
    assert model.rowCount() == len(sheet.changed)
    line = min(sheet.was["ae_employee"])
    row, column = model.row_of(line), COLUMNS.index("ae_employee")
    assert " → " not in model.data(model.index(row, column))
    model.show_was(True)
    assert model.data(model.index(row, column)) == "€11.14 → €12.43"
    assert model.text_at(row, column) == "€12.43", "copying takes what is"
    assert "Employee €11.14 → €12.43" in model.data(model.index(row, COLUMNS.index("changes")))


def test_was_and_is_where_lines_were_left_out(bench: Workbench) -> None:
    from autoenroll_desktop.actions.fix_pay_run import do
    from autoenroll_desktop.actions.fixing import Step, StepKind

    dropped = do(bench, Step(StepKind.DROP, "payment-duplicate", lines=np.array([0, 3])))
    step = edit(dropped, 5, "gross_pay", 1)
    assert step is not None
    sheet = sheet_of(do(dropped, step))
    assert set(sheet.was["gross_pay"]) == {5}
    assert sheet.checked.run["gross_pay"][5] == 1


def test_changes_model(qtbot, bench: Workbench) -> None:
    step = fix_certain(bench).history.done[-1]
    model = ChangesModel(step, bench.prepared.gathered.run, WORDS)
    QAbstractItemModelTester(model, FATAL)
    assert model.rowCount() == step.cells
    last = [model.data(model.index(step.cells - 1, at)) for at in range(model.columnCount())]
    assert all(isinstance(text, str) for text in last)
    assert last[3] != last[4]


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_sorts_both_ways(sheet: Sheet, name: str) -> None:
    up = arranged(sheet, Arrangement(sort=name))
    down = arranged(sheet, Arrangement(sort=name, descending=True))
    assert sorted(up.tolist()) == sorted(down.tolist()) == [*range(41)]
    if name in ("gross_pay", "pay_date"):
        values = sheet.checked.run[name].iloc[up].dropna().tolist()
        assert values == sorted(values)
    if name == "family_name":
        texts = [plain_text(text) for text in sheet.checked.run[name].iloc[up].dropna()]
        assert texts == sorted(texts)


def test_lines_are_found_without_fadas_and_by_finding(sheet: Sheet) -> None:
    found = arranged(sheet, Arrangement(needle="o briain"))
    assert sheet.checked.run["family_name"].iloc[found].tolist() == ["Ó Briain"]
    key = next(one.key for one in sheet.checked.findings if len(one) > 1 and (one.lines >= 0).all())
    lines = next(one for one in sheet.checked.findings if one.key == key).lines
    assert arranged(sheet, Arrangement(only="finding", key=key)).tolist() == sorted(set(lines.tolist()))
    assert 10 < len(arranged(sheet, Arrangement(only="problems"))) < 41
    assert len(arranged(sheet, Arrangement(only="changed"))) == 0


@given(st.text(max_size=12), st.sampled_from(COLUMNS), st.booleans(), st.sampled_from(["all", "problems", "changed"]))
def test_any_arrangement_shows_each_line_once_at_most(needle: str, sort: str, descending: bool, only: str) -> None:
    shown = arranged(SHEET(), Arrangement(only, needle, sort, descending)).tolist()
    assert len(set(shown)) == len(shown)
    assert set(shown) <= set(range(41))


def SHEET(made: list[Sheet] = []) -> Sheet:  # noqa: B006, N802 - made once, for Hypothesis takes no fixtures of a module
    if not made:
        made.append(sheet_of(start(prepare(*open_sample()))))
    return made[0]


def test_palette_matches_beginnings_of_words() -> None:
    assert matches("fi al", "Fix all alike")
    assert matches("", "anything")
    assert matches("cheim", "Cealaigh an chéim")
    assert not matches("ix", "Fix all alike")


def test_the_first_paint_needs_nothing_heavy() -> None:
    code = (
        "import sys, datetime as dt\nfrom PySide6.QtWidgets import QApplication\napplication = QApplication([])\n"
        "from autoenroll_desktop.app import build_window\n"
        "window = build_window(lambda: dt.datetime.now(dt.UTC))\nwindow.show()\napplication.processEvents()\n"
        "heavy = {'numpy', 'pandas', 'lxml', 'reportlab', 'python_calamine', 'sqlalchemy'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
