"""The sample employer's files, written as payroll packages and NAERSA write theirs: the same bytes every time."""

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
from staff import ERN, FETCHED, FETCHED_BEFORE, Person

from autoenroll_desktop.domain.money import plain

OUT = Path(__file__).resolve().parents[2] / "resources" / "sample"

HEADINGS = (
    "Works No", "Surname", "First Name", "PPS Number", "Employment ID", "Date of Birth", "Start Date", "Pay Frequency",
    "Pay Date", "Pay Period", "Tax Year", "Run Reference", "PRSI Class", "Basic Pay", "Overtime", "BIK", "Gross Pay",
    "Taxable Pay", "USC Pay", "PRSI Pay", "Pension EE", "Pension ER", "MyFuture Fund EE", "MyFuture Fund ER",
    "Gross Pay YTD", "Line Item ID",
)  # fmt: skip


def line(person: Person, day: dt.date, wrong: dict[str, Any]) -> list[Any]:
    """One pay line under `HEADINGS`: text, dates and cents."""
    right = person.contribution(day)
    period = day.isocalendar().week if person.frequency == "WEEKLY" else day.month
    pension = wrong.get("pension", person.pension)
    word = "Weekly" if person.frequency == "WEEKLY" else "Monthly"
    return [
        person.works, wrong.get("family", person.family), wrong.get("first", person.first),
        wrong.get("ppsn", person.ppsn), wrong.get("employment", person.employment), person.born, person.started,
        word, day, str(period), "2026", f"26-{word}-{period:02d}", "A1", (person.basic,), (person.extra,),
        (person.benefits,), (person.gross,), (person.gross - pension,), (person.gross,), (person.gross,), (pension,),
        (pension,), (wrong.get("ee", right),), (wrong.get("er", right),), (person.before(day) + person.gross,),
        f"{word[0]}{period:02d}-{person.works}",
    ]  # fmt: skip


def as_text(cell: Any) -> str:
    """A cell as the payroll package prints it into CSV."""
    match cell:
        case dt.date():
            return f"{cell:%d/%m/%Y}"
        case (int() as cents,):
            return plain(cents)
    return str(cell)


def write_csv(name: str, lines: list[list[Any]]) -> None:
    with (OUT / name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows([as_text(cell) for cell in cells] for cells in lines)


def write_xlsx(name: str, title: str, lines: list[list[Any]]) -> None:
    """A workbook with a merged title, headings in row 3 and a totals row."""
    book = xlsxwriter.Workbook(OUT / name)
    book.set_properties({"created": dt.datetime(2026, 11, 26, 12, 0)})
    sheet = book.add_worksheet("Gross to net")
    bold = book.add_format({"bold": True})
    money = book.add_format({"num_format": "#,##0.00"})
    date = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.merge_range(0, 0, 0, 8, title, bold)
    sheet.write_row(2, 0, HEADINGS, bold)
    for row, cells in enumerate(lines, 3):
        for column, cell in enumerate(cells):
            match cell:
                case dt.date():
                    sheet.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), date)
                case (int() as cents,):
                    sheet.write_number(row, column, cents / 100, money)
                case _:
                    sheet.write_string(row, column, str(cell))
    sheet.write_string(len(lines) + 3, 0, "Total", bold)
    for column, cell in enumerate(lines[0]):
        if isinstance(cell, tuple):
            sheet.write_number(len(lines) + 3, column, sum(cells[column][0] for cells in lines) / 100, money)
    sheet.set_column(0, len(HEADINGS) - 1, 14)
    sheet.freeze_panes(3, 3)
    book.close()


def payslip(cells: list[Any]) -> dict[str, Any]:
    """One line as a PSR payslip; a PSR has no room for contributions. Amounts are cents in one-tuples."""
    of = dict(zip(HEADINGS, cells, strict=True))
    return {
        "lineItemID": of["Line Item ID"],
        "employeeID": {"employeePpsn": of["PPS Number"], "employmentID": of["Employment ID"]},
        "employerReference": of["Works No"],
        "name": {"firstName": of["First Name"], "familyName": of["Surname"]},
        "dateOfBirth": f"{of['Date of Birth']}",
        "startDate": f"{of['Start Date']}",
        "payFrequency": of["Pay Frequency"].upper(),
        "payPeriod": int(of["Pay Period"]),
        "payDate": f"{of['Pay Date']}",
        "grossPay": of["Gross Pay"],
        "payForIncomeTax": of["Taxable Pay"],
        "incomeTaxPaid": (of["Taxable Pay"][0] // 6,),
        "payForEmployeePRSI": of["PRSI Pay"],
        "payForEmployerPRSI": of["PRSI Pay"],
        "prsiExempt": False,
        "prsiClassDetails": [{"prsiClass": "A1", "insurableWeeks": 1}],
        "employeePRSIPaid": (of["PRSI Pay"][0] * 435 // 10000,),
        "employerPRSIPaid": (of["PRSI Pay"][0] * 1125 // 10000,),
        "payForUSC": of["USC Pay"],
        "uscStatus": "ORDINARY",
        "uscPaid": (of["USC Pay"][0] // 50,),
    }


def write_psr_json(name: str, run: str, lines: list[list[Any]]) -> None:
    envelope = {
        "requestType": "payrollSubmission",
        "employerRegistrationNumber": ERN,
        "taxYear": 2026,
        "softwareUsed": "Sample Payroll",
        "softwareVersion": "1.0",
        "payrollRunReference": run,
        "submissionID": f"{run}-1",
        "requestBody": {"payslips": [_numbers(payslip(cells)) for cells in lines]},
    }
    (OUT / name).write_text(json.dumps(envelope, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _numbers(value: Any) -> Any:
    match value:
        case dict():
            return {key: _numbers(one) for key, one in value.items()}
        case list():
            return [_numbers(one) for one in value]
        case (int() as cents,):
            return cents / 100
    return value


def write_psr_xml(name: str, run: str, lines: list[list[Any]]) -> None:
    space = "http://www.ros.ie/schemas/paye-employers/v1/payroll/"
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<pay:PayrollSubmissionRequest xmlns:pay="{space}">',
        f" <pay:SubmissionID>{run}-1</pay:SubmissionID>",
        f" <pay:Header><pay:EmployerRegistrationNumber>{ERN}</pay:EmployerRegistrationNumber>"
        f"<pay:PayrollRunReference>{run}</pay:PayrollRunReference><pay:TaxYear>2026</pay:TaxYear>"
        "<pay:SoftwareUsed><pay:Name>Sample Payroll</pay:Name><pay:Version>1.0</pay:Version></pay:SoftwareUsed></pay:Header>",
    ]
    parts += [f" <pay:Payslip>{_elements(payslip(cells))}</pay:Payslip>" for cells in lines]
    parts.append("</pay:PayrollSubmissionRequest>")
    (OUT / name).write_text("\n".join(parts) + "\n", encoding="utf-8")


def _elements(items: dict[str, Any]) -> str:
    special = {"employeePpsn": "EmployeePPSN", "prsiClassDetails": "PRSIClassDetail", "prsiClass": "PRSIClass"}
    special |= {"prsiExempt": "PRSIExempt", "uscStatus": "USCStatus", "uscPaid": "USCPaid"}
    text = ""
    for key, value in items.items():
        tag = "pay:" + special.get(key, key[0].upper() + key[1:])
        for one in value if isinstance(value, list) else [value]:
            match one:
                case dict():
                    inside = _elements(one)
                case bool():
                    inside = "true" if one else "false"
                case (int() as cents,):
                    inside = plain(cents)
                case _:
                    inside = escape(str(one))
            text += f"<{tag}>{inside}</{tag}>"
    return text


def aepn(person: Person) -> dict[str, Any]:
    """The AEPN of one employment, as of the morning of 26 November."""
    status, rate = person.status, person.rate
    if person.works == "214":
        status = "Pending review"
    if person.works == "215":
        rate = "3"
    return {
        "aepnNumber": f"{int(person.works) * 10 + int(person.employment)}",
        "issueDate": "2026-11-20" if person.works in ("109", "116", "119") else "2026-01-01",
        "employerRegistrationNumber": ERN,
        "ppsn": person.ppsn,
        "employmentId": person.employment,
        "firstName": person.first,
        "familyName": person.family,
        "status": status,
        "effectiveDate": f"{person.effective}",
        "endDate": None,
        "employeeRate": rate,
        "employerRate": rate,
    }


def write_aepns(everybody: dict[str, Person]) -> None:
    """This morning's snapshot as JSON, last week's as CSV; in between one opted out, one is new, one was suspended."""
    current = [aepn(person) for person in everybody.values() if person.aepn]
    text = json.dumps({"downloadedAt": FETCHED, "aepns": current}, ensure_ascii=False, indent=1)
    (OUT / "aepn-2026-11-26.json").write_text(text + "\n", encoding="utf-8")
    before = []
    for entry in current:
        old = dict(entry)
        if entry["aepnNumber"] == "1191":
            continue
        if entry["aepnNumber"] in ("1091", "1161"):
            old |= {"status": "Enrolled", "employeeRate": "1.5", "employerRate": "1.5", "issueDate": "2026-01-01"}
        if entry["aepnNumber"] == "2141":
            old["status"] = "Enrolled"
        if entry["aepnNumber"] == "2151":
            old |= {"employeeRate": "1.5", "employerRate": "1.5"}
        before.append(old)
    headings = {
        "aepnNumber": "AEPN Number", "issueDate": "Issue Date", "employerRegistrationNumber": "Employer Number",
        "ppsn": "PPSN", "employmentId": "Employment ID", "firstName": "First Name", "familyName": "Family Name",
        "status": "Status", "effectiveDate": "Effective Date", "endDate": "End Date", "employeeRate": "Employee Rate",
        "employerRate": "Employer Rate",
    }  # fmt: skip
    with (OUT / "aepn-2026-11-19.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*headings.values(), "Downloaded At"])
        for old in before:
            dates = {key: f"{dt.date.fromisoformat(old[key]):%d/%m/%Y}" for key in ("issueDate", "effectiveDate")}
            row = {**old, **dates}
            writer.writerow([row[key] if row[key] is not None else "" for key in headings] + [FETCHED_BEFORE])
