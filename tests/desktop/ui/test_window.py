"""The window's parts: models keep Qt's rules, controls have names, start-up stays light."""

import datetime as dt
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QProgressBar,
    QTextBrowser,
    QWidget,
)

from autoenroll_desktop import paths
from autoenroll_desktop.actions.check_pay_run import check_pay_run
from autoenroll_desktop.actions.open_sample import sample as open_sample
from autoenroll_desktop.app import build_window
from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.models.findings import FindingsModel
from autoenroll_desktop.ui.models.lines import ACCESSIBLE, BACKGROUND, COLUMNS, DISPLAY, LinesModel
from autoenroll_desktop.ui.style import DARK, LIGHT

WORDS = Words.load(paths.resources())
NOW = dt.datetime(2026, 11, 26, 15, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def checked() -> CheckedRun:
    return check_pay_run(*open_sample())


def test_findings_model(qtbot, checked: CheckedRun) -> None:
    model = FindingsModel(WORDS, LIGHT)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show(checked)
    assert model.rowCount() == len(checked.findings)
    cause = model.index(0, 0)
    assert model.rowCount(cause) == len(checked.findings[0])
    assert model.data(model.index(0, 0, cause)) == "Row 25   Eoin Curran"
    assert model.data(cause, ACCESSIBLE).startswith("Error: ")
    model.only("warning")
    assert all(model.finding(model.index(row, 0))[0].severity == "warning" for row in range(model.rowCount()))
    model.show(None)
    assert model.rowCount() == 0


def test_lines_model(qtbot, checked: CheckedRun) -> None:
    model = LinesModel(WORDS, LIGHT)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show(checked)
    assert model.rowCount() == 41
    cell = {name: model.index(0, at) for at, name in enumerate(COLUMNS)}
    assert model.data(cell["gross_pay"]) == "€828.90"
    assert model.data(cell["ppsn"]).startswith("•••••")
    assert model.data(cell["ae_employee"], BACKGROUND) is not None
    assert model.data(cell["gross_pay"], BACKGROUND) is None
    assert "Error" in model.data(cell["ae_employee"], ACCESSIBLE)
    model.show_ppsn(True)
    assert model.data(cell["ppsn"]) == checked.run["ppsn"][0]
    model.filter(only_problems=True, needle="")
    assert 10 < model.rowCount() < 41
    model.filter(only_problems=False, needle="ó briain")
    assert [model.data(model.index(row, 1), DISPLAY) for row in range(model.rowCount())] == ["Ó Briain"]
    assert model.row_of(5) is None
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Row"


def test_every_control_has_a_name(qtbot) -> None:
    window = build_window(lambda: NOW)
    qtbot.addWidget(window)
    kinds = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QProgressBar, QTextBrowser)
    nameless = [
        control
        for control in window.findChildren(QWidget)
        if isinstance(control, kinds)
        and not control.objectName().startswith("qt_")
        and not (control.accessibleName() or (isinstance(control, QAbstractButton) and control.text()))
        and type(control.parent()).__module__.startswith("autoenroll_desktop")
    ]
    assert nameless == []
    window.close()


def test_colours_change_while_it_runs(qtbot, qapp) -> None:
    window = build_window(lambda: NOW, theme="light")
    qtbot.addWidget(window)
    window.set_theme("dark")
    assert window.theme is DARK
    window.set_theme("light")
    assert window.theme is LIGHT
    window.close()


def test_the_first_paint_needs_nothing_heavy() -> None:
    code = (
        "import sys, autoenroll_desktop.app\n"
        "heavy = {'numpy', 'pandas', 'lxml', 'reportlab', 'python_calamine'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_mistake_of_ours_is_said_without_details(qtbot) -> None:
    window = build_window(lambda: NOW)
    qtbot.addWidget(window)
    window.page._on_failed(ValueError("1234567FA earned 5,000"))
    assert "ValueError" in window.message_text.text()
    assert "1234567FA" not in window.message_text.text()
    window.close()
