"""The main job on real files: the sample employer, other roles, and what files say together."""

import datetime as dt
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from autoenroll_desktop.actions.check_pay_run import Given, check_pay_run
from autoenroll_desktop.actions.open_sample import sample as open_sample
from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.pay_run import Role
from autoenroll_desktop.domain.verdict import Answer
from autoenroll_desktop.errors import AppError, Cancelled

NOW = dt.datetime(2026, 11, 26, 15, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def checked() -> CheckedRun:
    return check_pay_run(*open_sample())


def places(checked: CheckedRun) -> set[tuple[str, str, int]]:
    return {
        (finding.code, checked.files[place.file].name, place.row)
        for finding in checked.findings
        for place in map(finding.place, range(len(finding)))
    }


def test_just_the_planted_problems_are_found_and_nothing_else(checked: CheckedRun, sample: Path) -> None:
    planted = tomllib.loads((sample / "planted.toml").read_text(encoding="utf-8"))["planted"]
    assert len(planted) >= 15
    expected = {(code, one["file"], one["row"]) for one in planted for code in (one["code"], *one["also"])}
    infos = {finding.code for finding in checked.findings if finding.severity == "info"}
    found = {place for place in places(checked) if place[0] not in infos}
    assert found == {place for place in expected if place[0] not in infos}
    assert {place for place in expected if place[0] in infos} <= places(checked)


def test_what_is_only_told(checked: CheckedRun) -> None:
    assert {finding.key: len(finding) for finding in checked.findings if finding.severity == "info"} == {
        "aepn-changed/changed": 4,
        "aepn-changed/new": 1,
        "cut-off-near": 1,
        "file-preamble-skipped": 1,
        "file-totals-row-skipped": 1,
        "payroll-without-aepn": 3,
        "ppsn-zero-padded": 1,
        "threshold-ahead": 1,
    }


def test_verdict_totals_and_buckets(checked: CheckedRun) -> None:
    assert checked.verdict.answer is Answer.NOT_READY
    assert checked.verdict.cut_off == dt.datetime(2026, 11, 26, 18, 30, tzinfo=dt.UTC)
    assert [run.lines for run in checked.runs] == [25, 16]
    assert {name: count for name, count in checked.buckets.items() if count} == {
        "unclear": 1,
        "contribution_without_aepn": 1,
        "contribution_not_due": 3,
        "contribution_missing": 1,
        "amount_differs": 5,
        "id_mismatch": 4,
        "matched": 24,
        "payroll_only": 2,
    }


@pytest.mark.parametrize("name", ["weekly-2026-11-26.psr.json", "weekly-2026-11-26.psr.xml", "weekly-2026-11-26.csv"])
def test_every_format_holds_the_same_lines(sample: Path, name: str) -> None:
    checked = check_pay_run(Given(pay=(sample / name,), aepn=(sample / "aepn-2026-11-26.json",)), NOW)
    assert len(checked.run) == 25
    assert checked.runs[0].gross == 1_737_290
    assert checked.runs[0].expected_employee == 19_948
    assert {"ppsn-check-letter", "employment-id-case", "aepn-employment-id-mismatch"} <= {
        one.code for one in checked.findings
    }


def test_the_week_before_is_ready(sample: Path) -> None:
    now = dt.datetime(2026, 11, 19, 12, tzinfo=dt.UTC)
    given = Given(
        pay=(sample / "weekly-2026-11-19.csv", sample / "aepn-2026-11-19.csv"),
        previous=(sample / "monthly-2026-10-30.xlsx",),
    )
    checked = check_pay_run(given, now)
    assert [file.role for file in checked.files] == [Role.PAY, Role.AEPN, Role.PREVIOUS]
    assert [file.kind for file in checked.files] == ["csv", "aepn-csv", "xlsx"]
    assert [finding.key for finding in checked.findings if finding.severity != "info"] == []
    assert checked.verdict.answer is Answer.READY


def test_without_aepns_it_is_incomplete(sample: Path) -> None:
    given = Given(pay=(sample / "weekly-2026-11-19.csv",), employer="8041973UH")
    checked = check_pay_run(given, dt.datetime(2026, 11, 19, 12, tzinfo=dt.UTC))
    assert checked.verdict.answer is Answer.INCOMPLETE
    assert checked.verdict.missing == ("aepn-not-loaded",)
    assert checked.expected["employee"].isna().all()


def test_contributions_beside_a_psr(sample: Path, tmp_path: Path) -> None:
    psr = sample / "weekly-2026-11-26.psr.json"
    first = json.loads(psr.read_text(encoding="utf-8"))["requestBody"]["payslips"][1]["employeeID"]
    amounts = tmp_path / "amounts.csv"
    amounts.write_text(
        f"PPSN,Employment ID,Pay Date,MFF EE,MFF ER\n{first['employeePpsn']},{first['employmentID']},26/11/2026,1.00,1.00\n"
        "9999999P,1,26/11/2026,5.00,5.00\n",
        encoding="utf-8",
    )
    given = Given(pay=(psr,), aepn=(sample / "aepn-2026-11-26.json",), contributions=(amounts,))
    checked = check_pay_run(given, NOW)
    assert checked.run["ae_employee"].dropna().tolist() == [100]
    wrong = [one for one in checked.findings if one.code == "contribution-amount"]
    assert [place.row for one in wrong for place in map(one.place, range(len(one)))] == [2]
    assert [(row.row, row.reason) for row in checked.files[2].rows_skipped] == [(3, "no-pay-line")]


def test_same_file_twice(sample: Path, tmp_path: Path) -> None:
    again = tmp_path / "copy.csv"
    again.write_bytes((sample / "weekly-2026-11-26.csv").read_bytes())
    checked = check_pay_run(Given(pay=(sample / "weekly-2026-11-26.csv", again)), NOW)
    assert ("duplicate-file", "copy.csv", -1) in places(checked)


def test_a_payroll_file_given_as_aepns_is_told(sample: Path) -> None:
    given = Given(pay=(sample / "weekly-2026-11-26.csv",), aepn=(sample / "weekly-2026-11-12.csv",))
    checked = check_pay_run(given, NOW)
    assert "but holds pay lines" in checked.files[1].error


def test_cancel_and_a_missing_mapping(sample: Path) -> None:
    class Stop:
        def step(self, what: str, done: int = 0, total: int = 0) -> None:
            if what == "rules":
                raise Cancelled

        def file(self, name: str, number: int, total: int) -> None:
            pass

    with pytest.raises(Cancelled):
        check_pay_run(Given(pay=(sample / "weekly-2026-11-26.csv",)), NOW, Stop())
    with pytest.raises(AppError):
        check_pay_run(Given(mapping=Path("nowhere.toml")), NOW)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autoenroll_desktop.cli", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


def test_the_program_end_to_end(sample: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run(
        "check", str(sample / "weekly-2026-11-26.csv"), "--aepn", str(sample / "aepn-2026-11-26.json"),
        "--previous", str(sample / "weekly-2026-11-19.csv"), "--now", "2026-11-26T15:12", "--format", "json", "--lines",
        "--out", str(out), "--no-store",
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    result = json.loads(done.stdout)
    assert (result["format"], result["version"], result["verdict"]) == ("autoenroll-check", 1, "not_ready")
    assert result["cut_off"] == "2026-11-26T18:30:00+00:00"
    assert result["runs"][0]["gross"] == "17372.90"
    assert len(result["lines"]) == 25
    first = result["lines"][0]
    assert (first["gross"], first["employee"], first["taken_employee"], first["employee_rate"]) == (
        "828.90",
        "12.43",
        "11.14",
        "1.5",
    )
    assert first["statute"] == {"base": "828.90", "employee": "12.43", "employer": "12.43"}
    letter = next(one for one in result["findings"] if one["code"] == "ppsn-check-letter")
    assert letter["value"].startswith("•••••")
    assert letter["fix"]["kind"] == "choose"
    assert letter["fix"]["options"][0].startswith("•••••")
    assert json.loads((out / "check.json").read_text(encoding="utf-8"))["verdict"] == "not_ready"
    assert (out / "check-report.pdf").read_bytes().startswith(b"%PDF")
    text = done.stdout + done.stderr
    for person in json.loads((sample / "aepn-2026-11-26.json").read_text(encoding="utf-8"))["aepns"]:
        assert person["ppsn"] not in text


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["ppsn", "1234567FA", "1234567T"], 0, "modulo 23"),
        (["ppsn", "1234567FB"], 1, "asks for"),
        (["ern", "8000074DH"], 0, "good"),
        (["ern", "80"], 1, "not an employer number"),
        (["contribution", "--gross", "2000.00", "--pay-date", "2026-11-26", "--ytd", "79500.00"], 0, "€7.50"),
        (["contribution", "--gross", "1000", "--pay-date", "2026-06-15", "--date-of-birth", "1960-06-15"], 0, "66th"),
        (["contribution", "--gross", "1000", "--pay-date", "2025-06-15"], 2, "scheme began"),
        (["contribution", "--gross", "1e5", "--pay-date", "2026-06-15"], 2, "invalid"),
        (["explain", "contribution-amount"], 0, "s.61"),
        (["explain", "contribution-amont"], 2, "Did you mean contribution-amount"),
        (["rules"], 0, "employee-rate = 6 % from 01/01/2035"),
        (["rules", "--on", "2026-11-26", "--format", "json"], 0, '"value": "1.5 %"'),
        (["selftest"], 0, "ok"),
        (["check"], 2, "required"),
        (["check", "x.csv", "--now", "soon"], 2, "invalid"),
        (["--version"], 0, "0.1.0"),
        (["sample", "--lang", "ga"], 1, "NÍL RÉIDH\nEarráidí 16 ·"),
        (["dates", "--lang", "ga", "--pay-date", "2026-12-28"], 0, "Ní lá baincéireachta é"),
        (["late", "--lang=ga", "--wrong=left-out", "--pay-date=2026-11-20", "--gross-right=9"], 0, "Ar an tairseach: "),
        (["explain", "opt-out-window", "--lang", "ga"], 0, "Mar shampla: Rollaithe ar 01/01/2026"),
    ],
)
def test_other_commands(words: list[str], code: int, says: str) -> None:
    done = run(*words)
    assert done.returncode == code, done.stderr
    assert says in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
