"""Pay lines as columns: what they say of themselves."""

import numpy as np
import pytest

from autoenroll_desktop.domain.finding import NOWHERE, Finding, Place, Rule, Severity
from autoenroll_desktop.domain.identifiers import is_employment_id
from autoenroll_desktop.domain.pay_run import FIELDS, PayRun
from tests.making import frame, line


@pytest.mark.parametrize(
    ("first", "family", "name"),
    [
        ("Áine", "Ní Bhriain", "Áine Ní Bhriain"),
        (None, "Ó Briain", "Ó Briain"),
        ("Séamus", None, "Séamus"),
        (None, None, ""),
    ],
)
def test_a_name_is_what_is_there_of_it(first: str | None, family: str | None, name: str) -> None:
    run = PayRun(frame(FIELDS, [line(), line(first_name=first, family_name=family)]))
    assert run.name(1) == name


def test_a_field_is_there_when_any_line_has_it() -> None:
    run = PayRun(frame(FIELDS, [line(), line(net_pay=0)]))
    assert (run.has("net_pay"), run.has("leave_date"), len(run)) == (True, False, 2)


def test_a_finding_about_no_place_stands_nowhere_once() -> None:
    finding = Finding(Rule("a-code", Severity.GATE, "timing"))
    assert len(finding) == 1
    assert finding.place(0) == Place(NOWHERE, NOWHERE, NOWHERE, None)
    assert all(column.dtype == np.int64 for column in (finding.files, finding.rows, finding.lines))
    assert (finding.key, finding.fact("value", 0)) == ("a-code", None)


def test_a_finding_at_places() -> None:
    at = np.array([4, 7])
    finding = Finding(
        Rule("a-code", Severity.ERROR, "timing"), at * 0 + 1, at + 2, at, "ppsn", {"value": ["a", "b"]}, "x"
    )
    assert finding.place(1) == Place(1, 9, 7, "ppsn")
    assert (finding.key, finding.fact("value", 1), len(finding)) == ("a-code/x", "b", 2)


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("1", True),
        ("a-B_9", True),
        ("x" * 20, True),
        ("x" * 21, False),
        ("", False),
        ("a b", False),
        ("á", False),
        ("1\n", False),
    ],
)
def test_the_shape_of_an_employment_id(text: str, sound: bool) -> None:
    assert is_employment_id(text) is sound
