"""What was sent before: the ledger, MFFERR020 and MFFERR033, and the lines NAERSA would refuse."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autoenroll_desktop.actions.check_pay_run import Given, check_pay_run
from autoenroll_desktop.actions.mark_sent import mark_sent
from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.rules.catalogue import CATALOGUE
from autoenroll_desktop.rules.rejections import BEHIND, rejections
from autoenroll_desktop.store.ledger import FILE, ITEM, SUBMISSION, add_sent, read_sent
from autoenroll_desktop.store.store import Store
from tests.making import ERN, NOW, aepn, case, codes, found, line
from tests.storing import STAMP, memory, new_store

ROWS = "PPSN,Employment ID,First Name,Surname,Pay Date,Gross Pay,Line Item ID,Submission ID,Employer Number\n"
FIELDS = "1234567FA,1,Aoife,Byrne,26/11/2026,500.00,{item},{submission},8000074DH\n"


def write(path: Path, item: str = "L1", submission: str = "S1") -> Path:
    path.write_text(ROWS + FIELDS.format(item=item, submission=submission), encoding="utf-8")
    return path


def check(path: Path, store: Store, run: str = "R1") -> CheckedRun:
    return check_pay_run(Given(pay=(path,), tax_year=2026, run_reference=run, memory=memory(store)), NOW)


def keys(checked: CheckedRun) -> set[str]:
    wanted = ("duplicate-file", "submission-duplicate", "line-item-duplicate")
    return {one.key for one in checked.findings if one.code in wanted}


@pytest.mark.parametrize(
    ("why", "item", "submission", "run", "expected"),
    [
        (
            "all the same",
            "L1",
            "S1",
            "R1",
            {"duplicate-file/sent-before", "submission-duplicate", "line-item-duplicate/used-before"},
        ),
        ("a new submission and new items", "L2", "S2", "R1", set()),
        ("a new submission, old items (MFFERR033)", "L1", "S2", "R1", {"line-item-duplicate/used-before"}),
        ("new items, old submission (MFFERR020)", "L2", "S1", "R1", {"submission-duplicate"}),
        ("all the same in another run", "L1", "S1", "R2", {"duplicate-file/sent-before"}),
    ],
)
def test_what_was_sent_is_known(
    tmp_path: Path, why: str, item: str, submission: str, run: str, expected: set[str]
) -> None:
    store = new_store(tmp_path / "store")
    first = check(write(tmp_path / "first.csv"), store)
    assert keys(first) == set()
    assert mark_sent(first, store, STAMP) == ["first.csv"]
    assert keys(check(write(tmp_path / "second.csv", item, submission), store, run)) == expected, why


def test_earlier_periods_count_as_sent() -> None:
    before = [line(pay_date="2026-11-19", submission_id="S1")]
    assert {"submission-duplicate", "line-item-duplicate/used-before"} <= codes(
        case([line(submission_id="S1")], None, before)
    )
    assert "submission-duplicate" not in codes(case([line(submission_id="S2")], None, before))


def test_the_first_time_counts_and_other_employers_and_years_are_others(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store")
    later = replace(STAMP, at=NOW + dt.timedelta(days=1))
    with store.writing() as connection:
        add_sent(connection, ERN, 2026, [(SUBMISSION, "a"), (ITEM, "b"), (FILE, "c")], STAMP)
        add_sent(connection, ERN.lower(), 2026, [(SUBMISSION, "d"), (FILE, "c")], later)
        add_sent(connection, "3390617EH", 2026, [(SUBMISSION, "e")], later)
    with store.reading() as connection:
        sent = read_sent(connection, [ERN], [2026])
        assert (sent.submissions, sent.items, dict(sent.files)) == ({"a", "d"}, {"b"}, {"c": NOW})
        assert read_sent(connection, [ERN], [2027]).submissions == frozenset()
        assert read_sent(connection, [ERN], [2027]).files == {"c": NOW}


@pytest.mark.parametrize(
    ("code", "changes", "rows"),
    [
        ("MFFERR005", {}, [aepn(ppsn="1234567FA")]),
        ("MFFERR008", {"first_name": "x" * 51}, [aepn()]),
        ("MFFERR011", {"family_name": "x" * 51}, [aepn()]),
        ("MFFERR021", {"ppsn": None}, [aepn()]),
        ("MFFERR044", {"ae_employer": 2000}, [aepn()]),
        ("MFFERR096", {"employment_id": None}, [aepn()]),
        (None, {}, [aepn()]),
    ],
)
def test_lines_naersa_would_refuse(code: str | None, changes: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    refused = rejections(found(case([line(**changes)], rows)))
    assert set(refused["code"]) == ({code} if code else set())
    assert set(refused["line"]) == ({0} if code else set())


def test_every_code_stands_behind_findings_there_are() -> None:
    assert {one.split("/")[0] for many in BEHIND.values() for one in many} <= set(CATALOGUE)
