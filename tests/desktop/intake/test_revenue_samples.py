"""Revenue's own payroll submissions, read from beside the checkout or from the folder that REVENUE_SAMPLES names.

Skipped where they are in neither: Revenue's pack states no licence, so none of it is part of the project.
"""

import json
import os
import re
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from autoenroll_desktop.domain.pay_run import Role
from autoenroll_desktop.errors import UnreadableFile
from autoenroll_desktop.intake.read_table import read_table
from tests.reading import read

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = Path(os.environ.get("REVENUE_SAMPLES", ROOT.parent / "shared" / "samples")) / "revenue-ie"


def truth_json(path: Path) -> list[str] | None:
    """Gross pays of a JSON submission by the standard library, None for other JSON."""
    content = json.loads(path.read_text(encoding="utf-8"), parse_float=str, parse_int=str)
    body = content.get("requestBody", content)
    return [payslip["grossPay"] for payslip in body["payslips"]] if body.get("payslips") else None


def truth_xml(path: Path) -> list[str] | None:
    """Gross pays of an XML submission by the standard library, None for other XML."""
    root = ET.fromstring(path.read_bytes())
    if not [one for one in root.iter() if one.tag.endswith("}PayrollSubmissionRequest")]:
        return None
    return [one.text or "" for one in root.iter() if one.tag.endswith("}GrossPay")]


def submissions() -> list[Path]:
    found = []
    for path in sorted(SAMPLES.rglob("*")):
        if path.suffix not in (".json", ".xml"):
            continue
        try:
            gross = (truth_json if path.suffix == ".json" else truth_xml)(path)
        except (json.JSONDecodeError, ET.ParseError, AttributeError):
            continue
        if gross:
            found.append(path)
    return found


PSRS = submissions()
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="Revenue's samples are not beside this checkout")


@needs_samples
def test_there_is_something_to_read() -> None:
    assert len(PSRS) >= 14


@pytest.mark.parametrize("path", PSRS, ids=[str(path.relative_to(SAMPLES))[-60:] for path in PSRS])
def test_payslips_and_gross_to_the_cent(path: Path) -> None:
    truth = (truth_json if path.suffix == ".json" else truth_xml)(path) or []
    _, _, frame, _ = read(path)
    assert len(frame) == len(truth)
    assert frame["gross_pay"].tolist() == [int(Decimal(gross) * 100) for gross in truth]
    assert frame["row"].tolist() == list(range(1, len(truth) + 1))
    assert frame["pay_date"].notna().all()


@needs_samples
@pytest.mark.parametrize("path", PSRS, ids=lambda path: path.name[:40])
def test_they_check_without_an_error_of_ours(path: Path) -> None:
    import datetime as dt

    from autoenroll_desktop.actions.check_pay_run import Given, check_pay_run

    checked = check_pay_run(Given(pay=(path,), employer="8000074DH"), dt.datetime(2026, 11, 26, tzinfo=dt.UTC))
    assert checked.files[0].role is Role.PAY
    assert "pay-date-before-scheme" in {finding.code for finding in checked.findings}
    assert checked.verdict.cut_off is None


@needs_samples
def test_what_is_no_submission_is_told() -> None:
    for path in SAMPLES.rglob("*Response*.xml"):
        if "LookupRPN" not in path.read_text(encoding="utf-8"):
            with pytest.raises(UnreadableFile):
                read_table(path)
    schema = next(SAMPLES.rglob("paye-employers-rest-api-pit4.json"))
    with pytest.raises(UnreadableFile):
        read_table(schema)


PAYSLIP = '{"lineItemID": "1", "employeeID": {"employeePpsn": "1234567FA", "employmentID": "1"}, "payDate": "2026-11-26", "grossPay": 1}'


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("comma.json", '{"payslips": [\n' + PAYSLIP.replace('"1"},', '"1"}\n') + "]}", 3),
        ("query.json", "?taxYear=2026&employerRegistrationNumber=8000074DH", None),
        ("cut.json", '{"payslips": [\n' + PAYSLIP[:40], 2),
        (
            "unclosed.xml",
            "<PayrollSubmissionRequest>\n<Payslip><LineItemID>1</LineItemID>\n</PayrollSubmissionRequest>",
            3,
        ),
        ("cut.xml", "<PayrollSubmissionRequest>\n<Payslip>", 2),
    ],
)
def test_malformed_files_say_where(tmp_path: Path, name: str, text: str, line: int | None) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFile) as error:
        read_table(path)
    if line is not None:
        assert re.search(rf"line {line}, column \d+", error.value.why), error.value.why


SOAP = """<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Body>
<x:PayrollSubmissionRequest xmlns:x="http://www.ros.ie/schemas/paye-employers/v1/payroll/">
<x:SubmissionID>S1</x:SubmissionID>
<x:Header><x:EmployerRegistrationNumber>8000074DH</x:EmployerRegistrationNumber><x:TaxYear>2026</x:TaxYear></x:Header>
<x:Payslip><x:LineItemID>1</x:LineItemID><x:EmployeeID><x:EmployeePPSN>1234567FA</x:EmployeePPSN>
<x:EmploymentID>01</x:EmploymentID></x:EmployeeID><x:Name><x:FamilyName>Ó Briain</x:FamilyName></x:Name>
<x:PayFrequency>Weekly</x:PayFrequency><x:PayDate>2026-11-26</x:PayDate><x:GrossPay>307.5</x:GrossPay>
<x:PRSIClassDetail><x:PRSIClass>A1</x:PRSIClass><x:InsurableWeeks>1</x:InsurableWeeks></x:PRSIClassDetail></x:Payslip>
<x:LineItemIDToDelete>9</x:LineItemIDToDelete></x:PayrollSubmissionRequest></soap:Body></soap:Envelope>"""


def test_soap_any_prefix(tmp_path: Path) -> None:
    path = tmp_path / "psr.txt"
    path.write_text(SOAP, encoding="utf-8")
    table = read_table(path)
    assert table.kind == "psr-xml"
    assert table.deleted_line_items == ["9"]
    _, _, frame, notes = read(path)
    line = frame.iloc[0]
    assert (line["employer_registration_number"], line["tax_year"], line["submission_id"]) == ("8000074DH", 2026, "S1")
    assert (line["employment_id"], line["family_name"], line["pay_frequency"]) == ("01", "Ó Briain", "WEEKLY")
    assert (line["gross_pay"], line["prsi_class"], line["insurable_weeks"]) == (30750, "A1", 1)
    assert [(note.code, note.facts["items"]) for note in notes] == [("file-deletes-lines", ["9"])]


@needs_samples
@pytest.mark.parametrize(
    ("name", "kind", "people", "skipped"),
    [
        ("1.2_Lookup_RPN_Response_Example.xml", "rpn-xml", 1, 0), ("1.2_LookupRPNResponse.json", "rpn-json", 1, 0),
        ("RPN_CSV_Example.csv", "csv", 7, 4), ("listOfEmployeesSampleCSV.csv", "csv", 2, 0),
        ("listOfEmployeesSample.xml", "employee-list", 2, 0),
    ],
)  # fmt: skip
def test_people_as_revenue_lists_them(name: str, kind: str, people: int, skipped: int) -> None:
    table, matched, frame, notes = read(next(SAMPLES.rglob(name)))
    assert (table.kind, matched.holds, len(frame), len(table.skipped)) == (kind, "people", people, skipped)
    assert frame["ppsn"].notna().all()
    assert frame["family_name"].notna().all()
    assert "control-total-mismatch" not in {note.code for note in notes}


@needs_samples
def test_the_stated_count_of_rpns_agrees_without_those_not_found() -> None:
    table, _, frame, _ = read(next(SAMPLES.rglob("RPN_CSV_Example.csv")))
    assert ("control-count", "totalRPNcount") in {(seen.what, dict(seen.facts).get("label")) for seen in table.seen}
    assert [row.row for row in table.skipped if row.reason == "not-found"] == [11, 12]
    assert frame["state_pension"].tolist() == [True, True, False, True, True, False, False]
