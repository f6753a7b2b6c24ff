"""What is written from the sample employer's run, and that it is what it says."""

import csv
import datetime as dt
import io
import json
import tomllib
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from autoenroll_desktop import paths
from autoenroll_desktop.actions import fix_pay_run as fixing
from autoenroll_desktop.actions.check_pay_run import Given, Prepared, check_pay_run, prepare
from autoenroll_desktop.actions.fix_pay_run import Workbench
from autoenroll_desktop.actions.open_sample import sample
from autoenroll_desktop.actions.write_files import AlreadyThere, Offer, Output, Submission, offers, write
from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.domain.sent import Sent
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError, Cancelled
from autoenroll_desktop.intake.read_table import read_table
from tests.desktop.actions.test_fix_pay_run import to_ready
from tests.making import ppsn
from tests.revenue import faults_in_json, faults_in_xml, needs_samples

WORDS = Words.load(paths.resources())
SAMPLE = paths.resources() / "sample"


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    return prepare(*sample())


@pytest.fixture(scope="module")
def ready(prepared: Prepared) -> Workbench:
    return to_ready(prepared)


def offered(bench: Workbench, output: Output, at: int = 0) -> Offer:
    return [one for one in offers(bench, "Iasc: an Iarthair") if one.output is output][at]


def test_names_say_what_a_file_is(ready: Workbench) -> None:
    assert [one.name for one in offers(ready, "Hibernia Foods")] == [
        "2026-11-26 Hibernia Foods weekly 48 corrected.csv",
        "2026-11-27 Hibernia Foods monthly 11 corrected.xlsx",
        "2026-11-27 Hibernia Foods annotated.xlsx",
        "2026-11-27 Hibernia Foods control.txt",
        "2026-11-27 Hibernia Foods report.pdf",
        "2026-11-27 Hibernia Foods AEPN changes.csv",
        "2026-11-26 Hibernia Foods weekly 48 contribution.json",
        "2026-11-26 Hibernia Foods weekly 48 contribution.csv",
        "2026-11-26 Hibernia Foods weekly 48 keying sheet.csv",
        "2026-11-27 Hibernia Foods monthly 11 contribution.json",
        "2026-11-27 Hibernia Foods monthly 11 contribution.csv",
        "2026-11-27 Hibernia Foods monthly 11 keying sheet.csv",
    ]
    assert offers(ready, 'a/b:c*?"')[0].name == "2026-11-26 a b c weekly 48 corrected.csv"


@pytest.fixture(scope="module")
def corrected(ready: Workbench, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """The sample's two pay files, corrected."""
    folder = tmp_path_factory.mktemp("corrected")
    return tuple(
        write(ready, one, folder / one.name, words=WORDS).path
        for one in offers(ready)
        if one.output is Output.CORRECTED
    )


def test_the_corrected_files_have_none_of_what_was_fixed_and_nothing_new(
    prepared: Prepared, ready: Workbench, corrected: tuple[Path, ...]
) -> None:
    given, now = sample()
    again = check_pay_run(replace(given, pay=corrected), now)
    before = {one.key for one in fixing.start(prepared).checked.findings}
    after = {one.key: len(one) for one in again.findings}
    # a status word was given its meaning by a step: that is no cell of a pay file
    assert after.pop("aepn-unknown-status") == 1
    assert after == {one.key: len(one) for one in ready.checked.findings}
    assert after.keys() <= before
    lines = ready.checked.run.lines
    pd.testing.assert_frame_equal(again.run.lines, lines)


def test_a_csv_differs_in_the_edited_cells_only(ready: Workbench, corrected: tuple[Path, ...]) -> None:
    before, after = (SAMPLE / "weekly-2026-11-26.csv").read_bytes(), corrected[0].read_bytes()
    old, new = ([*csv.reader(io.StringIO(one.decode(), newline=""))] for one in (before, after))
    differing = [
        (row, column) for row, cells in enumerate(old) for column, cell in enumerate(cells) if new[row][column] != cell
    ]
    assert len(differing) == sum((change.lines < 25).sum() for change in ready.stepped.edits)
    rows = {row for row, _ in differing}
    for row, (was, now) in enumerate(
        zip(before.splitlines(keepends=True), after.splitlines(keepends=True), strict=True)
    ):
        assert (was == now) == (row not in rows)


def test_a_workbook_keeps_its_looks(corrected: tuple[Path, ...]) -> None:
    before, after = (openpyxl.load_workbook(path) for path in (SAMPLE / "monthly-2026-11-27.xlsx", corrected[1]))
    for old, new in zip(before.worksheets, after.worksheets, strict=True):
        assert old.dimensions == new.dimensions
        for row in old.iter_rows():
            for cell in row:
                assert new[cell.coordinate].style_id == cell.style_id


def test_a_recipe_gives_the_very_same_file(
    prepared: Prepared, ready: Workbench, corrected: tuple[Path, ...], tmp_path: Path
) -> None:
    again = fixing.replay(fixing.start(prepared), fixing.recipe(ready, "Weekly")).bench
    offer = offered(again, Output.CORRECTED)
    assert write(again, offer, tmp_path / "again.csv", words=WORDS).path.read_bytes() == corrected[0].read_bytes()


def test_the_recipe_makes_the_next_period_ready_in_one(ready: Workbench, tmp_path: Path) -> None:
    """The same payroll a week later with the same mistakes in it."""
    week = (SAMPLE / "weekly-2026-11-26.csv").read_text(encoding="utf-8")
    week = (
        week.replace("26/11/2026", "03/12/2026")
        .replace(",48,2026,26-Weekly-48", ",49,2026,26-Weekly-49")
        .replace("W48-", "W49-")
    )
    pay, aepns = tmp_path / "weekly-2026-12-03.csv", tmp_path / "aepn.json"
    pay.write_text(week, encoding="utf-8")
    aepns.write_text(
        (SAMPLE / "aepn-2026-11-26.json").read_text(encoding="utf-8").replace("2026-11-26T08", "2026-12-03T08"),
        encoding="utf-8",
    )
    previous = (SAMPLE / "weekly-2026-11-19.csv", SAMPLE / "weekly-2026-11-26.csv")
    bench = fixing.start(
        prepare(Given(pay=(pay,), aepn=(aepns,), previous=previous), dt.datetime(2026, 12, 3, 15, 12, tzinfo=dt.UTC))
    )
    assert bench.checked.verdict.answer == "not_ready"
    assert fixing.replay(bench, fixing.recipe(ready, "Weekly")).bench.checked.verdict.answer == "ready"


def test_no_input_is_ever_overwritten(ready: Workbench, tmp_path: Path) -> None:
    for path in (SAMPLE / "weekly-2026-11-26.csv", SAMPLE / "aepn-2026-11-26.json", SAMPLE / "weekly-2026-11-19.csv"):
        before = path.read_bytes()
        link = tmp_path / path.name
        link.symlink_to(path)
        for target in (path, link):
            with pytest.raises(AppError, match="never changed"):
                write(ready, offered(ready, Output.CONTROL_REPORT), target, words=WORDS, replace=True)
        assert path.read_bytes() == before


def test_other_files_are_asked_for(ready: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("mine")
    with pytest.raises(AlreadyThere):
        write(ready, offered(ready, Output.CONTROL_REPORT), path, words=WORDS)
    assert path.read_text() == "mine"
    write(ready, offered(ready, Output.CONTROL_REPORT), path, words=WORDS, replace=True)
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(AppError, match="cannot be written"):
        write(ready, offered(ready, Output.CONTROL_REPORT), tmp_path / "no" / "folder.txt", words=WORDS)


@pytest.mark.parametrize("output", [Output.ANNOTATED, Output.CORRECTED, Output.REPORT])
def test_cancelling_leaves_nothing_behind(ready: Workbench, tmp_path: Path, output: Output) -> None:
    class Impatient(Progress):
        def step(self, _what: str, _done: int = 0, _of: int = 0) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        write(ready, offered(ready, output), tmp_path / "x", words=WORDS, progress=Impatient())
    assert not [*tmp_path.iterdir()]


def test_a_file_that_changed_since_is_not_corrected(tmp_path: Path) -> None:
    given, now = sample()
    pay = tmp_path / "pay.csv"
    pay.write_bytes((SAMPLE / "weekly-2026-11-26.csv").read_bytes())
    bench = fixing.fix_certain(fixing.start(prepare(replace(given, pay=(pay,)), now)))
    pay.write_bytes(pay.read_bytes() + b"\r\n")
    with pytest.raises(AppError, match="changed since"):
        write(bench, offered(bench, Output.CORRECTED), tmp_path / "out.csv", words=WORDS)
    assert not (tmp_path / "out.csv").exists()


def psr(ending: str) -> Workbench:
    given, now = sample()
    bench = fixing.fix_certain(
        fixing.start(prepare(replace(given, pay=(SAMPLE / f"weekly-2026-11-26.psr{ending}",)), now))
    )
    return fixing.do(bench, fixing.Step(fixing.StepKind.DROP, "payment-duplicate", lines=fixing.np.array([24])))


@pytest.mark.parametrize("ending", [".json", ".xml"])
@pytest.mark.parametrize("form", [*Submission])
def test_a_submission_as_it_is_as_a_correction_and_fresh(ending: str, form: Submission, tmp_path: Path) -> None:
    bench = psr(ending)
    offer = offered(bench, Output.CORRECTED)
    assert offer.psr
    written = write(bench, offer, tmp_path / f"out{ending}", words=WORDS, form=form)
    given, now = sample()
    lines = prepare(replace(given, pay=(written.path,)), now).gathered.run.lines
    ids = set(lines["submission_id"])
    text = written.path.read_text(encoding="utf-8")
    if form is Submission.CORRECTION:
        assert (len(lines), ids) == (4, {"26-Weekly-48-1-2"})
        assert set(lines["previous_line_item_id"]) == {"W48-103", "W48-112", "W48-118", "W48-124"}
        assert set(lines["line_item_id"]) == {"W48-103-2", "W48-112-2", "W48-118-2", "W48-124-2"}
        assert read_table(written.path).deleted_line_items == ["W48-125"]
    else:
        assert (len(lines), ids) == (24, {"26-Weekly-48-1" if form is Submission.AS_IT_IS else "26-Weekly-48-1-2"})
        assert lines["previous_line_item_id"].isna().all()
        assert "W48-125" not in text


@needs_samples
@pytest.mark.parametrize("form", [*Submission])
def test_submissions_are_valid(form: Submission, tmp_path: Path) -> None:
    """Against Revenue's XSD, REST schema and envelope schema."""
    for ending in (".json", ".xml"):
        bench = psr(ending)
        path = write(bench, offered(bench, Output.CORRECTED), tmp_path / f"{form}{ending}", words=WORDS, form=form).path
        faults = faults_in_xml(path.read_bytes()) if ending == ".xml" else faults_in_json(json.loads(path.read_bytes()))
        assert faults == []


def test_a_correction_of_nothing_is_refused(tmp_path: Path) -> None:
    given, now = sample()
    bench = fixing.start(prepare(replace(given, pay=(SAMPLE / "weekly-2026-11-26.psr.json",)), now))
    offer = Offer(Output.CORRECTED, "x.json", file=0, psr=True)
    with pytest.raises(AppError, match="nothing to correct"):
        write(bench, offer, tmp_path / "x.json", words=WORDS, form=Submission.CORRECTION)


def test_exceptions_hold_the_failing_rows_only(prepared: Prepared, tmp_path: Path) -> None:
    bench = fixing.start(prepared)
    for at, ending in enumerate((".csv", ".xlsx")):
        offer = offered(bench, Output.EXCEPTIONS, at)
        written = write(bench, offer, tmp_path / f"exceptions{ending}", words=WORDS)
        given, now = sample()
        lines = prepare(replace(given, pay=(written.path,)), now).gathered.run.lines
        errors = {
            int(line) for one in bench.checked.findings if one.severity == "error" for line in one.lines if line >= 0
        }
        mine = bench.checked.run.lines.iloc[sorted(errors)]
        mine = mine[mine["file"] == at]
        assert lines["works_number"].tolist() == mine["works_number"].tolist()
        assert 0 < len(lines) < prepared.gathered.files[at].rows_kept


def test_the_contribution_file(ready: Workbench, tmp_path: Path) -> None:
    for at, run in ((0, 0), (1, 1)):
        offer = offered(ready, Output.CONTRIBUTION, at)
        written = write(ready, offer, tmp_path / f"{at}.json", words=WORDS)
        told = json.loads(written.path.read_text(encoding="utf-8"))
        assert (told["format"], told["version"]) == ("autoenroll-contribution", 1)
        assert "not NAERSA's official schema" in told["note"]
        totals = ready.checked.runs[run]
        assert told["employerRegistrationNumber"] == totals.employer_registration_number
        assert round(told["controlTotals"]["employeeContribution"] * 100) == totals.expected_employee
        assert round(sum(line["employerContribution"] for line in told["lines"]) * 100) == totals.expected_employer
        assert len({line["lineItemID"] for line in told["lines"]}) == told["controlTotals"]["lines"] == written.lines
        assert told["lines"][0].keys() >= {"employeeID", "name", "payDate", "grossPay", "aepnNumber"}
        assert (len(written.submissions), len(written.items)) == (1, written.lines)


def test_a_submission_sent_before_gets_another_id(prepared: Prepared, ready: Workbench, tmp_path: Path) -> None:
    offer = offered(ready, Output.CONTRIBUTION)
    first = write(ready, offer, tmp_path / "first.json", words=WORDS)
    again = write(ready, offer, tmp_path / "again.json", words=WORDS)
    assert first.sha256 == again.sha256
    sent = replace(ready, prepared=replace(prepared, sent=Sent(first.submissions, first.items)))
    second = json.loads(write(sent, offer, tmp_path / "second.json", words=WORDS).path.read_bytes())
    before = json.loads(first.path.read_bytes())
    assert (before["submissionType"], second["submissionType"]) == ("original", "replacement")
    assert second["submissionID"] == f"{before['submissionID']}-2"
    assert not {one["lineItemID"] for one in second["lines"]} & {one["lineItemID"] for one in before["lines"]}


def test_another_profile_gives_other_names(ready: Workbench, tmp_path: Path) -> None:
    text = (paths.resources() / "profiles" / "autoenroll-1.toml").read_text(encoding="utf-8")
    profile = tmp_path / "naersa.toml"
    profile.write_text(
        text.replace('gross_pay = "grossPay"', 'gross_pay = "pay/gross"').replace("autoenroll-contribution", "other")
    )
    assert tomllib.loads(profile.read_text())["line"]["gross_pay"] == "pay/gross"
    told = json.loads(
        write(
            ready, offered(ready, Output.CONTRIBUTION), tmp_path / "x.json", words=WORDS, profile=profile
        ).path.read_bytes()
    )
    assert told["format"] == "other"
    assert told["lines"][0]["pay"] == {"gross": 828.9}


def test_no_contribution_file_while_errors_are_open(prepared: Prepared, tmp_path: Path) -> None:
    bench = fixing.start(prepared)
    for output in (Output.CONTRIBUTION, Output.CONTRIBUTION_TABLE, Output.KEYING_SHEET):
        offer = offered(bench, output)
        assert offer.errors > 0
        with pytest.raises(AppError, match="errors are open"):
            write(bench, offer, tmp_path / "x", words=WORDS)
    assert not [*tmp_path.iterdir()]


def table(path: Path) -> list[list[str]]:
    return [*csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))]


def test_tables_add_up(ready: Workbench, tmp_path: Path) -> None:
    totals = ready.checked.runs[0]
    keying = table(write(ready, offered(ready, Output.KEYING_SHEET), tmp_path / "k.csv", words=WORDS).path)
    assert keying[-1][5:] == [f"{cents / 100:.2f}" for cents in (totals.expected_employee, totals.expected_employer)]
    assert sum(round(float(row[4]) * 100) for row in keying[1:-1]) == round(float(keying[-1][4]) * 100)
    assert [row[0] for row in keying[1:3]] == ["Breathnach, Éanna", "Conneely, Patrick"]
    lines = table(write(ready, offered(ready, Output.CONTRIBUTION_TABLE), tmp_path / "c.csv", words=WORDS).path)
    assert len(lines) == len(keying) - 1
    changes = table(write(ready, offered(ready, Output.AEPN_CHANGES), tmp_path / "a.csv", words=WORDS).path)
    assert changes[1][:2] == ["109", "Darragh Folan"]
    assert {row[5] for row in changes[1:]} >= {"Deduct nothing: Opted out", "Deduct 3 % and add 3 % from 01/01/2026 on"}
    control = write(ready, offered(ready, Output.CONTROL_REPORT), tmp_path / "c.txt", words=WORDS).path.read_text(
        encoding="utf-8-sig"
    )
    for file in ready.checked.files:
        assert file.sha256 in control


ODD = """Works No;Surname;First Name;PPS Number;Employment ID;Pay Date;Gross Pay;MyFuture Fund EE;MyFuture Fund ER
0001;Ní Bhriain;Síle; 1234567FA ;1;26.11.2026;€1,000.00;10.00;15.00
0002;"O'Brien; the younger";=cmd|' /C calc'!A0;7654321TA;1;26.11.2026;(100.00);0.00;0.00
0003;Walsh;Tom;1234568HA;1;26.11.2026;500.00;1.00;1.00
;;;;;Total;1,400.00;11.00;16.00
"""


@pytest.fixture
def odd(tmp_path: Path) -> Workbench:
    """A pay file with euro signs, spaces, brackets, a formula and a totals row; nothing done to it yet."""
    pay = tmp_path / "odd.csv"
    pay.write_bytes(ODD.encode("cp1252"))
    return fixing.start(prepare(Given(pay=(pay,), employer="8000074DH"), dt.datetime(2026, 11, 26, 15, tzinfo=dt.UTC)))


def typed(bench: Workbench, line: int, field: str, value: str | int) -> Workbench:
    step = fixing.edit(bench, line, field, value)
    assert step is not None
    return fixing.do(bench, step)


def test_totals_go_on_being_right(odd: Workbench, tmp_path: Path) -> None:
    drop = fixing.Step(fixing.StepKind.DROP, "payment-duplicate", lines=fixing.np.array([2]))
    bench = fixing.do(typed(odd, 0, "ae_employee", 1500), drop)
    written = write(bench, offered(bench, Output.CORRECTED), tmp_path / "new.csv", words=WORDS)
    assert written.new_notes == ()
    lines = written.path.read_bytes().decode("cp1252").splitlines()
    assert lines == [
        *ODD.splitlines()[:1],
        ODD.splitlines()[1].replace(";10.00;", ";15.00;"),
        ODD.splitlines()[2],
        ";;;;;Total;900.00;15.00;15.00",
    ]


def test_tidied_cells_are_written_when_asked_for(odd: Workbench, tmp_path: Path) -> None:
    finding = next(one for one in odd.checked.findings if one.key == "value-cleaned/spaces" and one.field == "ppsn")
    bench = fixing.do(odd, fixing.fix(odd, odd.proposals(finding)[0]))
    assert all(one.key != "value-cleaned/spaces" for one in bench.checked.findings)
    assert any(one.key == "value-cleaned/euro-sign" for one in bench.checked.findings)
    path = write(bench, offered(bench, Output.CORRECTED), tmp_path / "new.csv", words=WORDS).path
    assert path.read_bytes() == ODD.replace(" 1234567FA ", "1234567FA").encode("cp1252")
    again = fixing.replay(odd, fixing.recipe(bench, "x"))
    assert again.left == ()


@pytest.mark.parametrize(("field", "text", "read"), [
    ("ppsn", " 7654321 ta", "7654321TA"), ("family_name", "Ó\u00a0Néill ", "Ó Néill"), ("employment_id", "–", None),
    ("employment_id", "01", "01"), ("first_name", "", None), ("family_name", "=SUM(A1)", "=SUM(A1)"),
])  # fmt: skip
def test_what_is_typed_is_what_reads_back(
    odd: Workbench, tmp_path: Path, field: str, text: str, read: str | None
) -> None:
    bench = typed(odd, 0, field, text)
    assert bench.checked.run.lines[field].iloc[0] == read or (
        read is None and bench.checked.run.lines[field].isna().iloc[0]
    )
    path = write(bench, offered(bench, Output.CORRECTED), tmp_path / "x.csv", words=WORDS).path
    assert (f";{read};" if read else ";;") in path.read_bytes().decode("cp1252").splitlines()[1]


def test_formulas_are_defused_in_what_goes_to_others(odd: Workbench, tmp_path: Path) -> None:
    bench = typed(odd, 1, "ppsn", "1234567AA")
    path = write(bench, offered(bench, Output.EXCEPTIONS), tmp_path / "ex.csv", words=WORDS).path
    text = path.read_bytes().decode("cp1252")
    assert ";'=cmd|' /C calc'!A0;" in text
    assert "(100.00)" in text
    assert '"O\'Brien; the younger"' in text
    corrected = (
        write(bench, offered(bench, Output.CORRECTED), tmp_path / "co.csv", words=WORDS)
        .path.read_bytes()
        .decode("cp1252")
    )
    assert ";=cmd|' /C calc'!A0;" in corrected


def test_a_value_without_a_cell_is_said(odd: Workbench, tmp_path: Path) -> None:
    bench = typed(odd, 0, "prsi_class", "A1")
    offer = offered(bench, Output.CORRECTED)
    assert [(one.field, one.lines, one.reason) for one in offer.unplaced] == [("prsi_class", 1, "no-column")]
    with pytest.raises(AppError, match="has a cell in odd"):
        write(bench, offer, tmp_path / "x.csv", words=WORDS)
    bench = typed(bench, 0, "employment_id", "2")
    written = write(bench, offered(bench, Output.CORRECTED), tmp_path / "x.csv", words=WORDS)
    assert written.unplaced == offer.unplaced
    assert written.path.read_bytes() == ODD.replace("1234567FA ;1;", "1234567FA ;2;").encode("cp1252")


ONE, TWO, THREE = ppsn(1000001), ppsn(1000002), ppsn(1000003)
CONTRIBUTIONS = f"""PPSN,Employment ID,Surname,First Name,Pay Date,MFF EE,MFF ER
{ONE},1,Ó Briain,Séamus,26/11/2026,30.00,30.00
{TWO},1,Walsh,Tom,26/11/2026,9.00,9.00
,,,,Total,39.00,39.00
"""


def beside(tmp_path: Path, kind: str) -> tuple[Given, Workbench]:
    """Three people paid, two of them in the contributions file, one of these with a wrong amount."""
    pay, taken, aepns = tmp_path / "pay.csv", tmp_path / f"mff.{kind}", tmp_path / "aepn.json"
    who = [
        (ONE, "Ó Briain", "Séamus", "2000.00"),
        (TWO, "Walsh", "Tom", "1000.00"),
        (THREE, "Ward", "Una", "800.00"),
    ]
    rows = "".join(
        f"{number},1,{family},{first},26/11/2026,{gross},L{at},R1\n"
        for at, (number, family, first, gross) in enumerate(who)
    )
    pay.write_text(
        f"PPSN,Employment ID,Surname,First Name,Pay Date,Gross Pay,Line Item ID,Run Reference\n{rows}", encoding="utf-8"
    )
    if kind == "csv":
        taken.write_text(CONTRIBUTIONS, encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        for cells in list(csv.reader(io.StringIO(CONTRIBUTIONS)))[:-1]:
            assert book.active is not None
            book.active.append([float(cell) if cell[-3:] == ".00" else cell for cell in cells])
        book.save(taken)
    entries = [{"ppsn": one[0], "employmentId": "1", "status": "Enrolled", "effectiveDate": "2026-01-01", "employeeRate": "1.5", "employerRate": "1.5",
                "firstName": one[2], "familyName": one[1], "employerRegistrationNumber": "8000074DH"} for one in who]  # fmt: skip
    aepns.write_text(json.dumps({"downloadedAt": "2026-11-26T08:00:00+00:00", "aepns": entries}), encoding="utf-8")
    given = Given(pay=(pay,), contributions=(taken,), aepn=(aepns,), employer="8000074DH", tax_year=2026)
    return given, fixing.start(prepare(given, dt.datetime(2026, 11, 26, 15, tzinfo=dt.UTC)))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_contributions_file_gets_its_amounts_and_the_people_it_lacks(tmp_path: Path, kind: str) -> None:
    given, bench = beside(tmp_path, kind)
    assert {one.code for one in bench.checked.findings if one.severity == "error"} == {
        "contribution-amount",
        "contribution-missing",
    }
    bench = fixing.fix_certain(bench)
    offer = offered(bench, Output.CORRECTED)
    assert offer.name == f"2026-11-26 Iasc an Iarthair contributions corrected.{kind}"
    written = write(bench, offer, tmp_path / f"new.{kind}", words=WORDS)
    assert (written.lines, written.unplaced, written.new_notes) == (3, (), ())
    if kind == "csv":
        new = f"{THREE},1,Ward,Una,26/11/2026,12.00,12.00\n,,,,Total,57.00,57.00\n"
        assert written.path.read_text(encoding="utf-8") == CONTRIBUTIONS.replace(
            "9.00,9.00\n", "15.00,15.00\n", 1
        ).replace(",,,,Total,39.00,39.00\n", new)
    again = check_pay_run(replace(given, contributions=(written.path,)), bench.prepared.now)
    assert [one.code for one in again.findings if one.severity == "error"] == []
    lines = bench.checked.run.lines
    for field in ("ppsn", "ae_employee", "ae_employer"):
        assert again.run.lines[field].tolist() == lines[field].tolist()
