"""Many files at once: of several employers, some of them broken, with what stands beside the pay lines."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autoenroll_desktop.actions.check_pay_run import Given, check_pay_run
from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.pay_run import Role
from tests.making import ERN, NOW, ppsn

OTHER = "8000075FH"
HEAD = "ERN,Works No,PPSN,Employment ID,Surname,First Name,Pay Date,Gross Pay\n"


def pay(ern: str, works: int, number: str, gross: str, employment: str = "1") -> str:
    return f"{ern},{works},{number},{employment},Burke,Joe,26/11/2026,{gross}\n"


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def column(checked: CheckedRun, field: str) -> list[Any]:
    return [None if value is None or value != value else value for value in checked.run[field].astype(object)]


def test_contributions_go_to_the_employment_with_their_employer(tmp_path: Path) -> None:
    both = ppsn(1000001)
    files = (
        written(tmp_path, "a.csv", HEAD + pay(ERN, 1, both, "1000.00")),
        written(tmp_path, "b.csv", HEAD + pay(OTHER, 1, both, "2000.00")),
    )
    shares = written(
        tmp_path,
        "mff.csv",
        f"ERN,PPSN,Employment ID,MFF EE,MFF ER\n{OTHER.lower()},{both},1,30.00,30.00\n{ERN},{both},1,15.00,15.00\n",
    )
    checked = check_pay_run(Given(pay=files, contributions=(shares,)), NOW)
    assert column(checked, "ae_employee") == [1500, 3000]
    assert checked.files[2].rows_skipped == ()


def test_a_works_number_means_nothing_to_another_employer(tmp_path: Path) -> None:
    head = "ERN,Works No,Surname,First Name,Pay Date,Gross Pay\n"
    files = [written(tmp_path, f"{ern}.csv", f"{head}{ern},1,Burke,Joe,26/11/2026,1.00\n") for ern in (ERN, OTHER)]
    people = (
        '<Employees employerRegistrationNumber="{}"><Employee ppsn="{}" familyName="Burke" firstName="Joe" '
        'dob="05/05/1990" employmentrefnum="1" employmentId="2"/></Employees>'
    )
    files.append(written(tmp_path, "list.xml", people.format(ERN, ppsn(1000001))))
    checked = check_pay_run(Given(pay=tuple(files)), NOW)
    assert checked.files[2].role is Role.PEOPLE
    assert column(checked, "ppsn") == [ppsn(1000001), None]
    assert column(checked, "employment_id") == ["2", None]
    alone = check_pay_run(Given(pay=(files[0], files[2])), NOW)
    assert column(alone, "ppsn") == [ppsn(1000001)]


def test_people_fill_only_files_that_lack_a_column(tmp_path: Path) -> None:
    numbers = [ppsn(1000001), ppsn(1000002), ppsn(1000003)]
    full = written(
        tmp_path, "full.csv",
        "PPSN,Surname,First Name,Date of Birth,Pay Date,Gross Pay\n"
        f"{numbers[0]},Burke,Joe,01/02/1980,26/11/2026,1.00\n{numbers[1]},Walsh,Ann,,26/11/2026,1.00\n",
    )  # fmt: skip
    bare = written(
        tmp_path, "bare.csv", f"PPSN,Surname,First Name,Pay Date,Gross Pay\n{numbers[2]},Ryan,Pat,26/11/2026,1.00\n"
    )
    people = written(
        tmp_path, "people.csv",
        "PPSN,SURNAME,FORENAME,DT_OF_BIRTH,EMP_ID,DIR_MRK\n" + "".join(f"{one},X,Y,05/05/1990,7,0\n" for one in numbers),
    )  # fmt: skip
    checked = check_pay_run(Given(pay=(full, bare, people)), NOW)
    born = [f"{value:%Y-%m-%d}" if value is not None else None for value in column(checked, "date_of_birth")]
    assert born == ["1980-02-01", None, "1990-05-05"]
    assert column(checked, "employment_id") == ["7", "7", "7"]
    assert column(checked, "family_name") == ["Burke", "Walsh", "Ryan"]


def test_the_state_pension_hint_stands_in_for_a_birthday(tmp_path: Path) -> None:
    number = ppsn(1000001)
    files = (
        written(tmp_path, "pay.csv", f"ERN,PPSN,Employment ID,Surname,First Name,Pay Date,Gross Pay,MFF EE,MFF ER\n"
                f"{ERN},{number},1,Burke,Joe,26/11/2026,1000.00,15.00,15.00\n"),
        written(tmp_path, "aepn.json", json.dumps([{"ppsn": number, "employmentId": "1", "status": "Enrolled", "ern": ERN,
                "effectiveDate": "2026-01-01", "employeeRate": 1.5, "employerRate": 1.5,
                "downloadedAt": "2026-11-26T08:00:00+00:00"}])),
    )  # fmt: skip
    head = "RPN Number,PPSN,Employment ID,statePensionCont\n"
    drawing = written(tmp_path, "rpn.csv", f"{head}1,{number},1,TRUE\n")
    assert "contribution-after-66" not in {one.code for one in check_pay_run(Given(pay=files), NOW).findings}
    checked = check_pay_run(Given(pay=(*files, drawing)), NOW)
    found = next(one for one in checked.findings if one.code == "contribution-after-66")
    assert found.key == "contribution-after-66/state-pension"
    assert checked.expected["employee"].tolist() == [0]


class Seen:
    """Remembers which file was spoken of."""

    def __init__(self) -> None:
        self.files: list[tuple[str, int, int]] = []

    def file(self, name: str, number: int, count: int) -> None:
        self.files.append((name, number, count))

    def step(self, what: str, done: int = 0, total: int = 0) -> None:
        pass


def test_hundreds_of_files_with_broken_ones_between_them(tmp_path: Path) -> None:
    folder = tmp_path / "batch"
    for at in range(200):
        ern = (ERN, OTHER)[at % 2]
        text = HEAD + pay(ern, at, ppsn(1_000_000 + at), "500.00")
        written(folder, f"{at:03d}/pay.csv", text if at % 10 else b"%PDF-1.7" if at % 20 else b'{"payslips": [')
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.writestr("one.csv", HEAD + pay(ERN, 900, ppsn(1_000_900), "700.00"))
        archive.writestr("two.json", "[[[[")
    progress = Seen()
    checked = check_pay_run(Given(pay=(folder,)), NOW, progress)  # type: ignore[arg-type]
    assert len(checked.run) == 181
    assert len(checked.files) == 202
    assert sum(bool(file.error) for file in checked.files) == 11
    assert sum(bool(file.left_out) for file in checked.files) == 10
    assert {run.employer_registration_number for run in checked.runs} == {ERN, OTHER}
    assert [count for _, _, count in progress.files] == [202] * 202
    assert progress.files[0] == ("pay.csv", 1, 202)


@pytest.mark.parametrize("encoded", ["utf-8", "utf-16"])
def test_pasted_text_is_checked_like_a_file(encoded: str) -> None:
    text = (
        "PPSN\tSurname\tFirst Name\tPay Date\tGross Pay\n" + f"{ppsn(1000001)}\tÓ Briain\tSéamus\t26/11/2026\t€800.00\n"
    )
    checked = check_pay_run(Given(pasted={Path("pasted text"): text.encode(encoded)}), NOW)
    assert column(checked, "gross_pay") == [80000]
    assert (checked.files[0].name, checked.files[0].kind) == ("pasted text", "tsv")
    broken = check_pay_run(Given(pasted={Path("pasted text"): b"Dear all"}), NOW)
    assert broken.files[0].error.startswith("No headings we know in pasted text")


def test_pasted_aepns_are_from_now() -> None:
    text = f"PPSN\tEmployment ID\tStatus\tEE Rate\tER Rate\n{ppsn(1000001)}\t1\tEnrolled\t1.5\t1.5\n"
    checked = check_pay_run(Given(pasted={Path("pasted text"): text.encode()}), NOW)
    assert checked.files[0].role is Role.AEPN
    assert checked.reconciliation is not None
