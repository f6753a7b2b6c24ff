"""Revenue's own payroll submissions, read from beside the checkout (skipped where they are not there)."""

import json
import re
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from autoenroll_desktop.domain.pay_run import Role
from autoenroll_desktop.errors import UnreadableFile
from autoenroll_desktop.intake.columns import match_columns
from autoenroll_desktop.intake.headings import Layout
from autoenroll_desktop.intake.read_table import read_table
from autoenroll_desktop.intake.values import parse_columns

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT.parent / "shared" / "samples" / "revenue-ie"
LAYOUT = Layout.load(ROOT / "resources")


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
    table = read_table(path)
    frame, _ = parse_columns(table, match_columns(table, LAYOUT))
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
    frame, notes = parse_columns(table, match_columns(table, LAYOUT))
    line = frame.iloc[0]
    assert (line["employer_registration_number"], line["tax_year"], line["submission_id"]) == ("8000074DH", 2026, "S1")
    assert (line["employment_id"], line["family_name"], line["pay_frequency"]) == ("01", "Ó Briain", "WEEKLY")
    assert (line["gross_pay"], line["prsi_class"], line["insurable_weeks"]) == (30750, "A1", 1)
    assert notes == []
