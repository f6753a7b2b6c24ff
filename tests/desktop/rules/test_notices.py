"""The 14-day clock of s.50(7) against an office's record of notices: one row, one case."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.actions.check_pay_run import Given, check_pay_run
from autoenroll_desktop.cli import main
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.intake.notice_record import read_notices
from tests.making import ERN, NOW, aepn, case, found, line, ppsn

HEAD = "Employer number,PPSN,First name,Family name,Received,Given\n"
ANN = ppsn(1000001)


def record(path: Path, *rows: str) -> Path:
    (path / "notices.csv").write_text(HEAD + "\n".join(rows), encoding="utf-8")
    return path / "notices.csv"


def overdue(folder: Path, rows: list[str], aepns: list[dict[str, Any]], today: str) -> dict[str, int]:
    now = dt.datetime.fromisoformat(f"{today}T12:00+00:00")
    made = replace(case([line()], aepns, now=now), notices=read_notices(record(folder, *rows)))
    return {one.cause: len(one) for one in found(made) if one.code == "notice-overdue"}


# T21: received on 2 March 2026, so the employee is told by 16 March 2026
@pytest.mark.parametrize(
    ("why", "rows", "today", "expected"),
    [
        ("the fourteenth day", [f"{ERN},{ANN},Ann,Walsh,02/03/2026,"], "2026-03-16", {}),
        ("the day after", [f"{ERN},{ANN},Ann,Walsh,02/03/2026,"], "2026-03-17", {"": 1}),
        ("told in time", [f"{ERN},{ANN},Ann,Walsh,2026-03-02,2026-03-16"], "2026-06-01", {}),
        ("told late is told", [f"{ERN},{ANN},Ann,Walsh,02/03/2026,01/05/2026"], "2026-06-01", {}),
        ("two people", [f"{ERN},{ANN},,,02/03/2026,", f"{ERN},{ppsn(1000002)},,,03/03/2026,"], "2026-03-18", {"": 2}),
        ("over new year", [f"{ERN},{ANN},,,20/12/2026,"], "2027-01-04", {"": 1}),
        ("29 February", [f"{ERN},{ANN},,,15/02/2028,"], "2028-02-29", {}),
        ("1 March after it", [f"{ERN},{ANN},,,15/02/2028,"], "2028-03-01", {"": 1}),
        ("no rows", [], "2026-06-01", {}),
    ],
)
def test_rows_of_the_record(tmp_path: Path, why: str, rows: list[str], today: str, expected: dict[str, int]) -> None:
    assert overdue(tmp_path, rows, [], today) == expected, why


OTHER = f"{ERN},{ppsn(1000009)},,,01/03/2026,02/03/2026"
"""The record begins on 1 March 2026 with somebody who was told."""


@pytest.mark.parametrize(
    ("why", "rows", "changes", "today", "expected"),
    [
        ("issued 2 March, not in the record, day 14", [OTHER], {"issue_date": "2026-03-02"}, "2026-03-16", {}),
        ("day 15", [OTHER], {"issue_date": "2026-03-02"}, "2026-03-17", {"not-recorded": 1}),
        ("issued the day the record begins", [OTHER], {"issue_date": "2026-03-01"}, "2026-06-01", {"not-recorded": 1}),
        ("issued before the record begins", [OTHER], {"issue_date": "2026-02-28"}, "2026-06-01", {}),
        ("no date of issue: the effective date", [OTHER], {"issue_date": None, "effective_date": "2026-03-02"}, "2026-03-17", {"not-recorded": 1}),
        ("opted out", [OTHER], {"issue_date": "2026-03-02", "status": "Opted out"}, "2026-06-01", {}),
        ("in the record", [OTHER, f"{ERN},{ANN},,,02/03/2026,03/03/2026"], {"issue_date": "2026-03-02"}, "2026-06-01", {}),
        ("in the record without employer", [OTHER, f",{ANN},,,02/03/2026,03/03/2026"], {"issue_date": "2026-03-02"}, "2026-06-01", {}),
        ("another employer's record", [OTHER, f"3390617EH,{ANN},,,02/03/2026,03/03/2026"], {"issue_date": "2026-03-02"}, "2026-06-01", {"not-recorded": 1}),
        ("no record", [], {"issue_date": "2026-03-02"}, "2026-06-01", {}),
    ],
)  # fmt: skip
def test_aepns_beside_the_record(
    tmp_path: Path, why: str, rows: list[str], changes: dict[str, Any], today: str, expected: dict[str, int]
) -> None:
    assert overdue(tmp_path, rows, [aepn(**changes)], today) == expected, why


def test_the_words_name_both_days_and_mask_the_number(tmp_path: Path, root: Path) -> None:
    now = dt.datetime(2026, 3, 17, 12, tzinfo=dt.UTC)
    made = replace(
        case([line()], [aepn(issue_date="2026-03-02", ppsn=ppsn(1000002))], now=now),
        notices=read_notices(record(tmp_path, OTHER, f"{ERN},{ANN},Ann,Walsh,02/03/2026,")),
    )
    told = [one for one in found(made) if one.code == "notice-overdue"]
    words = Words.load(root / "resources")
    said = [words.message(one, 0) for one in told]
    assert "Ann Walsh (•••••01" in said[0]
    assert "02/03/2026" in said[0]
    assert "16/03/2026, and row 3 of your notice list" in said[0]
    assert "AEPN of 02/03/2026, to be told by 16/03/2026" in said[1]
    assert told[1].place(0)[:2] == (0, 2)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "he column given is missing"),
        ("PPSN,Given\n", "he column received is missing"),
        (HEAD + f"{ERN},{ANN},,,31/02/2026,\n", "row 2: “31/02/2026” is no date"),
        (HEAD + f"{ERN},{ANN},,,02/03/26,\n", "row 2: “02/03/26” is no date"),
        (HEAD + f"{ERN},{ANN},,,02/03/2026,soon\n", "row 2: “soon” is no date"),
        (HEAD + f"\n{ERN},1234567X,,,02/03/2026,\n", "row 3: the PPSN cannot be right"),
        (HEAD + f"{ERN},{ANN},,,,02/03/2026\n", "row 2: received is blank"),
        (HEAD + '"unfinished', "no CSV file"),
    ],
)
def test_a_record_that_cannot_be_used(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "n.csv").write_text(text, encoding="utf-8")
    with pytest.raises(AppError) as error:
        read_notices(tmp_path / "n.csv")
    assert says in str(error.value)
    assert ANN not in str(error.value)


def test_not_text_and_not_there(tmp_path: Path) -> None:
    (tmp_path / "n.csv").write_bytes(b"\xff\xfe\x00")
    for name in ("n.csv", "nowhere.csv"):
        with pytest.raises(AppError, match=name):
            read_notices(tmp_path / name)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("n") / "n.csv"
    path.write_bytes(HEAD.encode() + data)
    try:
        rows = read_notices(path)
    except AppError:
        return
    assert rows["received"].notna().all()


def test_the_program_takes_a_record(sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weekly, aepns = sample / "weekly-2026-11-19.csv", sample / "aepn-2026-11-19.csv"
    path = record(tmp_path, f"8041973UH,{ANN},Ann,Walsh,02/11/2026,")
    words = [
        "check",
        str(weekly),
        "--aepn",
        str(aepns),
        "--now",
        "2026-11-19T12:00",
        "--no-store",
        "--notices",
        str(path),
    ]
    assert main(words) == 1
    assert "[notice-overdue]" in capsys.readouterr().out
    assert main([*words[:-1], str(tmp_path / "nowhere.csv")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_nothing_is_asked_without_a_record() -> None:
    assert case([line()]).notices.equals(pd.DataFrame())
    assert not [one for one in check_pay_run(Given(), NOW).findings if one.code == "notice-overdue"]
