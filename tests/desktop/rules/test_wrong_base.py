"""Which wrong base or rate explains a wrong amount, over lines of their own. One row one case."""

import datetime as dt
from typing import Any

import pytest

from autoenroll_desktop.rules.wrong_base import UNEXPLAINED, explain_amounts
from tests.making import BOOK, case, line

DAY = dt.date(2026, 11, 26)
BASIC = {"basic_pay": 150_000, "ae_employee": 2250, "ae_employer": 2250}
PENSION = {"employee_rbs": 10_000, "employee_avc": 5000, "ae_employee": 2775, "ae_employer": 2775}
NOBODY_KNOWS = {"ae_employee": 2998, "ae_employer": 2998}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([], {}),
        ([BASIC], {"base-basic": [0]}),
        ([PENSION], {"base-after-pension": [0]}),
        ([NOBODY_KNOWS], {UNEXPLAINED: [0]}),
        ([BASIC, PENSION], {"base-basic": [0], "base-after-pension": [1]}),
        ([PENSION, NOBODY_KNOWS, BASIC, BASIC], {"base-basic": [2, 3], "base-after-pension": [0], UNEXPLAINED: [1]}),
        ([{"ae_employee": 30, "ae_employer": 30}], {"decimal-point": [0]}),
        ([{"ae_employee": 300, "ae_employer": 300}], {"decimal-point": [0]}),
        ([{"ae_employee": 30_000, "ae_employer": 30_000}], {"decimal-point": [0]}),
        ([{"ae_employee": 300, "ae_employer": 300}, {"ae_employee": 30, "ae_employer": 30}], {"decimal-point": [0, 1]}),
        ([{"ae_employee": 2308, "ae_employer": 2308, "pay_frequency": None}], {UNEXPLAINED: [0]}),
    ],
)
def test_each_line_is_explained_once(rows: list[dict[str, Any]], told: dict[str, list[int]]) -> None:
    made = case([line(**row, line_item_id=f"L{at}") for at, row in enumerate(rows)])
    found = explain_amounts(made.run.lines, made.expected, BOOK, DAY)
    assert {cause: places.tolist() for cause, places in found.items()} == told
